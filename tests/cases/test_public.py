"""The public's synpunkt: left without an account or a cookie, followed by a code, and answered."""

from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from tests.cases.making import step, unit_id_of
from tests.factories import PASSWORD, make_user
from tests.support.pages import PageClient
from tracker.accounts.queries import find_top_unit
from tracker.accounts.visits import VisitCount, network_of
from tracker.audit.models import AuditEntry
from tracker.cases.code_models import CaseCode
from tracker.cases.models import CaseReporter, CaseText, Complaint
from tracker.database import db
from tracker.rules.trail import Action, ActorKind

DAY = date(2026, 3, 2)
WORDS = "Ingen svarar i telefonen"


@pytest.fixture(autouse=True)
def day(app, frozen_day):
    """It is Monday 2 March 2026, in a house of two units."""
    frozen_day(DAY)
    for name in ("Vuxen", "Barn"):
        unit_id_of(name)
    db.session.commit()
    return frozen_day


@pytest.fixture
def visitor(app):
    """Somebody without an account."""
    return PageClient(app)


@pytest.fixture
def later(frozen_day):
    """So many seconds have passed since eleven o'clock."""

    def pass_(seconds):
        moment = datetime.combine(DAY, time(11)) + timedelta(seconds=seconds)
        frozen_day(moment.date(), moment.time())

    return pass_


def send(visitor, later, *, after=5, status=200, **fields):
    """Opens the page, writes, and sends after some seconds."""
    later(0)
    visitor.get("/synpunkt")
    later(after)
    return visitor.submit({"what": WORDS} | fields, status=status)


def code_on(page):
    """The code that the receipt shows."""
    return next("".join(e.itertext()) for e in page.tree.iter("strong") if e.get("class") == "whole")


def complaints():
    db.session.rollback()
    return list(db.session.scalars(select(Complaint).order_by(Complaint.record_id)))


def follow(visitor, code, status=200):
    visitor.get("/synpunkt/folj")
    return visitor.submit({"code": code}, status=status)


def test_no_page_of_it_sets_a_cookie(visitor, later):
    for path in ("/synpunkt", "/synpunkt/folj"):
        page = visitor.get(path)
        assert page.response.headers.getlist("Set-Cookie") == []
    page = send(visitor, later)
    assert page.response.headers.getlist("Set-Cookie") == []
    assert page.response.headers["Cache-Control"] == "no-store"
    page = follow(visitor, code_on(page))
    assert page.response.headers.getlist("Set-Cookie") == []
    assert page.response.headers["Cache-Control"] == "no-store"


def test_a_visitor_leaves_one_and_has_its_number_day_and_code(visitor, later):
    page = send(visitor, later, kind="klagomål", name="Testperson", reach="070-000 00 00")
    assert page.heading == "Tack, det har kommit in"
    assert "S-2026-0001" in page.text
    assert "Svar senast12 mars 2026" in page.text
    assert "Vi skickar svaret dit du har sagt." in page.text
    code = code_on(page)
    assert [len(part) for part in code.split("-")] == [4, 4, 4, 4]
    (found,) = complaints()
    assert (found.kind, found.state, found.received_on, found.due_on) == (
        "klagomål",
        "reported",
        DAY,
        date(2026, 3, 12),
    )
    assert found.unit_id == find_top_unit().id


def test_the_chosen_unit_is_to_answer(visitor, later):
    send(visitor, later, enhet=str(unit_id_of("Barn")))
    assert complaints()[0].unit_id == unit_id_of("Barn")


def test_of_somebody_anonymous_nothing_is_kept(visitor, later):
    page = send(visitor, later)
    assert "Du är anonym, så vi kan inte skicka något svar till dig." in page.text
    reporter = db.session.scalars(select(CaseReporter)).one()
    assert (reporter.user_id, reporter.contact) == (None, None)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == Action.RECORD_CREATED.value)).all()[-1]
    assert (entry.actor_kind, entry.actor_id, entry.session_id, entry.request_id) == (
        ActorKind.ANONYMOUS.value, None, None, None,
    )  # fmt: skip


def test_an_employee_who_uses_the_publics_page_is_nobody_either(app, later):
    user = make_user("anna@kommun.example", "medarbetare")
    visitor = PageClient(app)
    visitor.sign_in(user.email, PASSWORD)
    send(visitor, later)
    assert db.session.scalars(select(CaseReporter)).one().user_id is None
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == Action.RECORD_CREATED.value)).all()[-1]
    assert (entry.actor_kind, entry.actor_id, entry.session_id) == (ActorKind.ANONYMOUS.value, None, None)


def test_words_contact_and_code_lie_sealed(visitor, later):
    code = code_on(send(visitor, later, name="Testperson", reach="test@example.se"))
    bodies = list(db.session.scalars(select(CaseText.body)))
    contact = db.session.scalars(select(CaseReporter.contact)).one()
    stored = db.session.scalars(select(CaseCode.code_hash)).one()
    assert not any(WORDS.encode() in body for body in bodies)
    assert b"Testperson" not in contact
    assert len(stored) == 32
    assert code.encode() not in stored


@pytest.mark.parametrize(
    "written",
    [
        lambda code: code,
        lambda code: code.lower().replace("-", " "),
        lambda code: code.replace("O", "0").replace("I", "1").replace("B", "8"),
    ],
)
def test_the_code_shows_how_far_it_has_come_and_then_the_answer(visitor, later, written):
    code = written(code_on(send(visitor, later)))
    page = follow(visitor, code)
    assert page.heading == "Synpunkt S-2026-0001"
    assert "Den har kommit in. Vi har inte börjat med den än." in page.text
    (record,) = complaints()
    chef = make_user("chef@kommun.example", "chef").id
    step("complaints", record.record_id, "receive", chef)
    assert "vi arbetar med svaret" in follow(visitor, code).text
    step("complaints", record.record_id, "answer", chef, comment="Telefontiden är 9 till 11.")
    page = follow(visitor, code)
    assert "Besvarad2 mars 2026" in page.text
    assert "Telefontiden är 9 till 11." in page.text


def test_one_that_is_closed_without_an_answer_does_not_tell_why(visitor, later):
    code = code_on(send(visitor, later))
    (record,) = complaints()
    chef = make_user("chef@kommun.example", "chef").id
    step("complaints", record.record_id, "receive", chef)
    step("complaints", record.record_id, "close_unanswered", chef, comment="Anonym och utan sak")
    page = follow(visitor, code)
    assert "Den är avslutad utan svar." in page.text
    assert "utan sak" not in page.text


def test_a_wrong_code_tells_nothing_and_after_twenty_tries_one_waits(visitor, later):
    code = code_on(send(visitor, later))
    said = {follow(visitor, wrong, 422).text for wrong in ("S-2026-0001", "S-2026-9999", "AAAA-AAAA-AAAA-AAAA")}
    assert len(said) == 1
    assert "Koden stämmer inte. Kontrollera den och försök igen." in said.pop()
    for _ in range(17):
        follow(visitor, "FEL", 422)
    page = follow(visitor, code, 429)
    assert "För många försök. Försök igen om 60 minuter." in page.text
    assert WORDS not in page.text
    later(5 + 3600)
    assert follow(visitor, code).heading == "Synpunkt S-2026-0001"


def test_each_code_shows_its_own(app, visitor, later):
    first = code_on(send(visitor, later))
    other = PageClient(app)
    second = code_on(send(other, later, kind="beröm", what="Ni är snälla"))
    assert first != second
    assert follow(visitor, first).heading == "Synpunkt S-2026-0001"
    assert follow(visitor, second).heading == "Beröm S-2026-0002"


def test_a_form_that_is_sent_twice_comes_in_once(visitor, later):
    later(0)
    visitor.get("/synpunkt")
    later(5)
    opened = visitor.page
    first = visitor.submit({"what": WORDS})
    visitor.page = opened
    again = visitor.submit({"what": WORDS})
    assert code_on(first) == code_on(again)
    assert "S-2026-0001" in again.text
    visitor.page = opened
    assert "S-2026-0002" in visitor.submit({"what": "Något annat"}).text
    assert len(complaints()) == 2


def test_a_robot_is_refused_politely_and_nothing_that_was_written_is_lost(visitor, later):
    page = send(visitor, later, webbplats="https://spam.example", status=422)
    assert "Töm fältet som ska vara tomt och skicka igen." in page.text
    assert WORDS in page.text
    page = send(visitor, later, after=2, status=422)
    assert "Det gick så fort att det ser ut att komma från ett program." in page.text
    assert complaints() == []
    later(10)
    assert visitor.submit({}, form="what").heading == "Tack, det har kommit in"


def test_a_page_that_has_been_open_for_a_day_keeps_its_words_and_can_be_sent(visitor, later):
    page = send(visitor, later, after=24 * 3600 + 1, status=422)
    assert "Sidan har varit öppen i mer än ett dygn." in page.text
    assert WORDS in page.text
    later(24 * 3600 + 60)
    assert visitor.submit({}, form="what").heading == "Tack, det har kommit in"


def test_a_form_on_another_site_sends_nothing(app, visitor, later):
    later(0)
    visitor.get("/synpunkt")
    later(5)
    fields = {"csrf_token": visitor.token(), "what": WORDS, "kind": "synpunkt", "enhet": ""}
    found = visitor.http.post("/synpunkt", data=fields, headers={"Sec-Fetch-Site": "cross-site"})
    assert found.status_code == 400
    assert visitor.post("/synpunkt", fields | {"csrf_token": "gissad"}, status=400).heading == (
        "Sidan har varit öppen för länge"
    )
    assert complaints() == []


def test_after_ten_in_an_hour_from_one_place_one_waits_and_the_words_stay(visitor, later):
    for number in range(10):
        send(visitor, later, what=f"{WORDS} {number}")
    page = send(visitor, later, what="Den elfte", status=429)
    assert "Försök igen om 60 minuter." in page.text
    assert "Den elfte" in page.text
    assert page.response.headers["Retry-After"] == "3600"
    assert len(complaints()) == 10


def test_all_together_twenty_come_in_within_a_minute(app, later):
    for number in range(20):
        visitor = PageClient(app)
        visitor.http.environ_base["REMOTE_ADDR"] = f"192.0.2.{number}"
        send(visitor, later, what=f"{WORDS} {number}")
    visitor.http.environ_base["REMOTE_ADDR"] = "192.0.2.99"
    assert "Försök igen om 60 sekunder." in send(visitor, later, status=429).text
    later(70)
    assert visitor.submit({}, form="what").heading == "Tack, det har kommit in"


def test_what_is_counted_holds_no_address(visitor, later):
    send(visitor, later)
    keys = list(db.session.scalars(select(VisitCount.key)))
    assert [len(key) for key in keys] == [32, 32, 32]
    assert not any(b"127.0.0.1" in key for key in keys)


@pytest.mark.parametrize(
    ("host", "stands_for"),
    [
        ("192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("::ffff:192.0.2.7", "192.0.2.7"),
        ("", ""),
    ],
)  # fmt: skip
def test_an_ipv6_household_is_one_visitor(host, stands_for):
    assert network_of(host) == stands_for


def test_a_personnummer_is_pointed_out_once_and_may_be_sent(visitor, later):
    page = send(visitor, later, what="Jag heter 19121212-1212", status=422)
    assert "Texten ser ut att innehålla ett personnummer. Vi behöver det sällan." in page.text
    page = visitor.submit({"anyway": "y"})
    assert page.heading == "Tack, det har kommit in"
    assert "19121212" not in page.text


def test_without_words_nothing_is_sent(visitor, later):
    page = send(visitor, later, what="  ", name="Testperson", status=422)
    assert "Skriv vad du vill säga." in page.text
    assert 'value="Testperson"' in page.response.text


def test_the_manager_who_answers_sees_how_to_reach_them_and_another_unit_sees_nothing(app, visitor, later):
    send(visitor, later, enhet=str(unit_id_of("Vuxen")), name="Testperson", reach="test@example.se")
    (record,) = complaints()
    chef = PageClient(app)
    chef.sign_in(make_user("chef@kommun.example", "chef", unit="Vuxen").email, PASSWORD)
    page = chef.get(f"/synpunkter/{record.record_id}")
    assert "Testperson, test@example.se" in page.text
    assert WORDS in page.text
    other = PageClient(app)
    other.sign_in(make_user("annan@kommun.example", "chef", unit="Barn").email, PASSWORD)
    other.get(f"/synpunkter/{record.record_id}", status=404)


def test_who_is_to_answer_somebody_anonymous_is_told_how_it_is_read(app, visitor, later):
    send(visitor, later, enhet=str(unit_id_of("Vuxen")))
    (record,) = complaints()
    chef = PageClient(app)
    chef.sign_in(make_user("chef@kommun.example", "chef", unit="Vuxen").email, PASSWORD)
    page = chef.get(f"/synpunkter/{record.record_id}")
    assert "Rapporterad avAnonym" in page.text
    assert "Vad som är skrivet Synpunkten Ingen svarar" in page.text
    assert "Svaret kan inte skickas. Den som lämnade synpunkten läser det med sin kod." in page.text
