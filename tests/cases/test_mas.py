"""The MAS and the avvikelser of hälso- och sjukvård: what the setting opens and what it does not; lex Maria."""

from datetime import date

import pytest
from sqlalchemy import select

from tests.cases.clearing import clear, keep
from tests.cases.making import assessed, reported, stands, step, unit_id_of
from tests.cases.test_protected import done
from tests.cases.test_work import work_of
from tests.factories import PASSWORD, make_user
from tests.support.pages import PageClient
from tracker import clock
from tracker.accounts.reader import reader_by_email
from tracker.audit.history import list_history
from tracker.audit.models import AuditEntry
from tracker.cases.lex_maria import note_lex_maria
from tracker.cases.mas import set_mas
from tracker.cases.mas_models import LexMaria
from tracker.cases.registers import DEVIATIONS
from tracker.cases.services import Finding, assess_deviation
from tracker.database import db, writer
from tracker.records.access_steps import Step

DAY = date(2026, 3, 2)
MAS, CHEF = "mas@kommun.example", "chef@kommun.example"


@pytest.fixture
def house(app, frozen_day):
    """2 March 2026: a chef of Vuxen; a chef of Hälsa who is MAS. In Vuxen one avvikelse of HSL and one of SoL."""
    frozen_day(DAY)
    unit_id_of("Vuxen")
    admin = make_user("admin@kommun.example", "admin").id
    chef = make_user(CHEF, "chef", unit="Vuxen").id
    mas = make_user(MAS, "chef", unit="Hälsa").id
    with writer():
        set_mas({mas}, admin, clock.now())
        db.session.commit()
    hsl, sol = (reported("deviations", "Vuxen", law_area=area) for area in ("HSL", "SoL"))
    return {"hsl": hsl, "sol": sol, "chef": chef, "mas": mas, "admin": admin}


def visitor(app, mail):
    """Somebody signed in."""
    client = PageClient(app)
    client.sign_in(mail, PASSWORD)
    return client


def numbers(page):
    """The numbers that a list holds."""
    return page.table("Avvikelser").column("Nummer") if "Inget passar" not in page.text else []


def test_the_mas_sees_and_handles_those_of_hsl_in_every_unit_and_no_others(app, house):
    client = visitor(app, MAS)
    assert numbers(client.get("/avvikelser")) == ["A-2026-0001"]
    client.get(f"/avvikelser/{house['sol']}", status=404)
    client.get(f"/avvikelser/{house['hsl']}")
    client.click("Ta emot")
    client.submit({}, form="version")
    assert stands(DEVIATIONS, house["hsl"])["state"] == "received"
    assert client.get(f"/avvikelser/{house['hsl']}/utredning").status == 200
    lines = client.get("/avvikelser/export.csv").data.decode("utf-8-sig").splitlines()
    assert [line.partition(";")[0] for line in lines[1:]] == ["A-2026-0001"]
    assert "A-2026-0001" in visitor(app, CHEF).get("/avvikelser").text


def test_a_new_action_is_offered_to_those_who_may_write_it_alone(app, house):
    mas, chef = visitor(app, MAS), visitor(app, CHEF)
    assert "Ny åtgärd" not in mas.get(f"/avvikelser/{house['hsl']}").text
    mas.get(f"/atgarder/till/{house['hsl']}/ny", status=404)
    page = chef.get(f"/avvikelser/{house['hsl']}")
    assert page.links["Ny åtgärd"] == f"/atgarder/till/{house['hsl']}/ny"
    chef.get(page.links["Ny åtgärd"])


def test_the_work_list_of_the_mas_holds_the_open_ones_of_hsl(app, house):
    client = visitor(app, MAS)
    text, address = work_of(client.get("/avvikelser"))[-1]
    assert text == "1 i hälso- och sjukvård"
    assert numbers(client.get(address)) == ["A-2026-0001"]
    assert "i hälso- och sjukvård" not in [text for text, _ in work_of(visitor(app, CHEF).get("/avvikelser"))]


def test_a_filter_by_unit_holds_for_what_the_mas_sees_too(app, house):
    client = visitor(app, MAS)
    own = reported("deviations", "Hälsa", law_area="HSL")
    assert own > house["sol"]
    assert numbers(client.get("/avvikelser")) == ["A-2026-0003", "A-2026-0001"]
    assert numbers(client.get(f"/avvikelser?enhet={unit_id_of('Hälsa')}")) == ["A-2026-0003"]
    assert numbers(client.get("/avvikelser?omrade=HSL")) == ["A-2026-0003", "A-2026-0001"]


def test_what_is_protected_or_closed_to_the_mas_is_not_opened(app, house):
    other = reported("deviations", "Vuxen", law_area="HSL")
    done(house["hsl"], house["chef"], Step.PROTECT, None)
    done(other, house["chef"], Step.CLOSE, house["mas"])
    client = visitor(app, MAS)
    assert "A-2026" not in client.get("/avvikelser").text
    for record_id in (house["hsl"], other):
        client.get(f"/avvikelser/{record_id}", status=404)


def test_a_reader_without_a_sign_in_is_mas_for_as_long_as_it_is_set(house):
    def known():
        return [reader_by_email(email, clock.today()).mas for email in (MAS, CHEF)]

    assert known() == [True, False]
    with writer():
        set_mas({house["chef"]}, house["admin"], clock.now())
        db.session.commit()
    assert known() == [False, True]


def test_it_ends_with_the_setting_and_with_another_area(app, house):
    client = visitor(app, MAS)
    with writer():
        set_mas(set(), house["admin"], clock.now())
        db.session.commit()
    client.get(f"/avvikelser/{house['hsl']}", status=404)
    assert "A-2026" not in client.get("/avvikelser").text


def test_the_administrator_chooses_among_those_who_handle_avvikelser_and_never_themselves(app, house):
    make_user("anstalld@kommun.example", "medarbetare")
    both = make_user("bada@kommun.example", "admin", "kvalitet").id
    client = visitor(app, "bada@kommun.example")
    page = client.get("/admin/installningar/mas")
    boxes = {box.get("value"): box.get("checked") for box in page.tree.iter("input") if box.get("name") == "mas"}
    assert set(boxes) == {str(house["chef"]), str(house["mas"]), str(both)}
    assert boxes[str(house["mas"])] is not None
    page = client.post("/admin/installningar/mas", {"mas": [str(both)]}, status=422)
    assert "Du kan inte göra dig själv till MAS." in page.text
    client.post("/admin/installningar/mas", {"mas": [str(house["chef"])]})
    entries = db.session.execute(
        select(AuditEntry.action, AuditEntry.target_id).order_by(AuditEntry.id.desc()).limit(2)
    ).all()
    assert sorted(tuple(row) for row in entries) == [
        ("user.changed", house["chef"]), ("user.changed", house["mas"]),
    ]  # fmt: skip
    assert numbers(visitor(app, CHEF).get("/avvikelser")) == ["A-2026-0002", "A-2026-0001"]


def test_lex_maria_is_a_day_and_a_number_on_an_avvikelse_of_hsl(app, house):
    client = visitor(app, MAS)
    client.get(f"/avvikelser/{house['hsl']}")
    client.click("Notera anmälan enligt lex Maria")
    page = client.submit({"dag": "2026-03-03", "nummer": "3.2.1-7", "av": "MAS"}, form="dag", status=422)
    assert "2026-03-03 ligger i framtiden." in page.text
    page = client.submit({"dag": "2026-03-02"}, form="dag")
    assert "Anmäld enligt lex Maria2 mars 2026, av MAS" in page.text
    assert "3.2.1-7" in page.text
    page = client.get("/avvikelser?lexmaria=ja")
    assert (numbers(page), "Bara anmälda enligt lex Maria." in page.text) == (["A-2026-0001"], True)
    visitor(app, CHEF).get(f"/avvikelser/{house['sol']}/lex-maria", status=404)
    db.session.rollback()
    assert db.session.get_one(LexMaria, house["hsl"]).number == "3.2.1-7"
    fields = db.session.scalars(
        select(AuditEntry.fields).where(AuditEntry.record_id == house["hsl"]).order_by(AuditEntry.id.desc()).limit(1)
    ).one()
    assert "lex_maria_notified_on" in fields


def test_two_who_note_it_do_not_write_over_each_other(app, house):
    one, two = visitor(app, MAS), visitor(app, CHEF)
    for client in (one, two):
        client.get(f"/avvikelser/{house['hsl']}/lex-maria")
    one.submit({"dag": "2026-03-01", "av": "MAS"}, form="dag", status=422)
    one.submit({"dag": "2026-03-02", "av": "MAS"}, form="dag")
    page = two.submit({"dag": "2026-03-02", "av": "Chefen"}, form="dag", status=422)
    assert "Någon annan har ändrat ärendet" in page.text
    db.session.rollback()
    assert db.session.get_one(LexMaria, house["hsl"]).notified_by == "MAS"


def test_who_only_reads_handles_none(app, house):
    make_user("ansvarig@kommun.example", "ansvarig")
    client = visitor(app, "ansvarig@kommun.example")
    page = client.get(f"/avvikelser/{house['hsl']}")
    assert "lex Maria" not in page.links
    client.get(f"/avvikelser/{house['hsl']}/lex-maria", status=403)
    step("deviations", house["sol"], "receive", house["chef"])
    assert stands(DEVIATIONS, house["sol"])["state"] == "received"


def test_a_mas_puts_an_avvikelse_of_hsl_right_and_adds_files_to_it_as_its_manager_does(app, house):
    client = visitor(app, MAS)
    client.get(f"/avvikelser/{house['hsl']}/ratta")
    page = client.submit({"handelsedatum": "2026-02-27", "reason": "Felskrivet"}, form="version", status=None)
    assert "Rättat: hände " in page.text
    assert "Lägg till filen" in page.text
    refused = client.get(f"/avvikelser/{house['sol']}/ratta", status=404)
    assert refused.heading == "Sidan finns inte"


def test_the_day_of_lex_maria_stays_when_the_rest_is_gallrat(app, house, frozen_day):
    chef = house["chef"]
    with writer():
        row = stands(DEVIATIONS, house["hsl"])
        note_lex_maria(row, row["version"], DAY, "3.2.1-7", "MAS Testperson", DAY)
        db.session.commit()
    for name in ("receive", "investigate"):
        step("deviations", house["hsl"], name, chef)
    with writer():
        row = stands(DEVIATIONS, house["hsl"])
        assess_deviation(row, row["version"], Finding(assessed(), ""), chef, clock.now())
        db.session.commit()
    step("deviations", house["hsl"], "close", chef, comment="Klart")
    keep(deviation=12)
    frozen_day(date(2027, 3, 3))
    assert clear(DEVIATIONS, chef) == 1
    found = db.session.get_one(LexMaria, house["hsl"], populate_existing=True)
    assert (found.notified_on, found.number, found.notified_by) == (DAY, None, "")
    told = [change for event in list_history(house["hsl"], with_personal=True) for change in event.changes]
    assert not [
        change for change in told if change.field in {"lex_maria_number", "lex_maria_notified_by"} and change.new
    ]
    client = visitor(app, CHEF)
    assert "Anmäld enligt lex Maria2 mars 2026" in client.get(f"/avvikelser/{house['hsl']}").text
    assert client.get(f"/avvikelser/{house['hsl']}/lex-maria", status=404).heading == "Sidan finns inte"
