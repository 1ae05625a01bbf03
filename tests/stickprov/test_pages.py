"""The pages of a stickprov, from locking to acceptance, and who may open and press what."""

import pytest
from sqlalchemy import delete, update

from tests.control.office import hide, moment
from tests.factories import PASSWORD, make_unit, make_user
from tests.stickprov.making import CAROL, done, entry, figures, items, note, row
from tests.support.pages import PageClient
from tracker.accounts.queries import find_top_unit
from tracker.audit.models import AuditRead
from tracker.control.models import ControlMoment, ControlSample
from tracker.control.queries import find_moment
from tracker.database import db
from tracker.records.models import Record
from tracker.records.scope import EVERY_RECORD
from tracker.risk.models import ControlPlan
from tracker.rules.control_grading import Grade, Outcome
from tracker.rules.permissions import Role
from tracker.rules.sample_work import SampleState, Verdict
from tracker.rules.sampling import SelectBy, Selection, numbered
from tracker.stickprov.queries import list_draws

BO, EVA = "bo@kommun.example", "eva@kommun.example"
APPROVED, DEVIATING = Verdict.APPROVED, Verdict.DEVIATING


def sign_in(app, email: str) -> PageClient:
    visitor = PageClient(app)
    visitor.sign_in(email, PASSWORD)
    return visitor


@pytest.fixture
def carol(app, drawer):
    """Carol's browser: she draws and checks, and accepts nothing."""
    return sign_in(app, CAROL)


@pytest.fixture
def eva(app, drawer):
    """Eva's browser: she coordinates internal control."""
    make_user(EVA, Role.CONTROL_COORDINATOR)
    return sign_in(app, EVA)


def address(sample_id: int, what: str = "") -> str:
    return f"/internkontroll/stickprov/{sample_id}{what}"


def test_from_a_pasted_list_to_what_counts(app, drawer, carol, eva):
    carol.get(f"/internkontroll/moment/{drawer.moment_id}")
    carol.click("Nytt stickprov")
    pasted = "A-1\t2021-01\tNord\nA-2\t2021-01\tNord\n\nA-3\t2021-02\tSyd\nA-4\n"
    page = carol.submit({"ref": "S1", "population": pasted, "criteria": "Attest\nDeltagarlista"})
    assert page.heading == "Dra stickprov S1, kontrollmoment K1, 2021"
    page = carol.submit({"by": "alla", "amount": ""})
    assert "Dragning 1 är gjord." in page.text
    sample_id = int(page.path.rsplit("/", 1)[-1])
    rows = items(sample_id)
    assert sorted(page.table("Dragna poster").column("Referens")) == ["A-1", "A-2", "A-3", "A-4"]
    carol.click("Granska")
    first, second, third, fourth = (found.item.id for found in rows)
    carol.submit({f"verdict_{first}": "deviating", f"failed_{first}": "Attest"} | {f"verdict_{second}": "approved"})
    assert figures(sample_id) == (4, 0, 1)
    carol.click("Granska")
    page = carol.submit(
        {f"verdict_{third}": "approved", f"verdict_{fourth}": "dropout", f"comment_{fourth}": "Makulerad"}
    )
    assert page.table("Dragna poster").column("Kommentar") == ["–", "–", "–", "Makulerad"]
    page = carol.submit({}, form="Ersätt bortfall")
    assert "inget kvar i populationen" in page.text
    page = carol.submit({}, form="Lämna för granskning")
    assert "Stickprovet är lämnat för granskning." in page.text
    assert "Godkänn eller lämna tillbaka" not in page.links
    eva.get(address(sample_id))
    eva.click("Godkänn eller lämna tillbaka")
    page = eva.post(eva.page.path, {"version": row(sample_id).drawn.version, "val": "godkann"})
    assert "Stickprovet är godkänt." in page.text
    page = eva.get(f"/internkontroll/moment/{drawer.moment_id}")
    assert page.table("Stickprov av").column("Stickprov")[:2] == ["P1", "S1, godkänt"]
    assert [found[7] for found in page.table("Stickprov av").rows[:2]] == ["90 %", "67 %"]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, "Det finns inga referenser. Klistra in minst en."),
        ({"population": "A\nA"}, "Varje referens får bara stå en gång."),
        ({"population": "A", "size": "10"}, "Skriv antalet eller referenserna, inte båda."),
        ({"size": "0"}, "Skriv hur många det finns: minst 1 och högst en miljon."),
        ({"size": "många"}, "Skriv ett helt tal med siffror."),
        ({"population": "A;2021-13"}, "är ingen månad"),
        ({"population": "A;2021-01;Nord;x"}, "Rad 1 har fler än tre kolumner."),
        ({"population": "19121212-1212"}, "ser ut att innehålla personnummer"),
        ({"population": "A", "ref": "P1"}, "Kontrollmomentet har redan stickprovet P1."),
        ({"population": "A", "period": "våren"}, "Skriv perioden som 2021, 2021-K2 eller 2021-05."),
        ({"population": "A", "period": "2020-K2"}, "Perioden ligger inte i 2021."),
    ],
)
def test_a_population_that_is_refused_keeps_what_was_typed(drawer, carol, fields, told):
    carol.get(f"/internkontroll/moment/{drawer.moment_id}/stickprov")
    page = carol.submit({"criteria": "Attest"} | fields, status=422)
    assert told in page.text
    typed = {element.get("name"): "".join(element.itertext()) for element in page.tree.iter("textarea")}
    assert typed["criteria"].strip() == "Attest"
    assert typed["population"].strip() == fields.get("population", "")


def test_a_size_is_drawn_as_numbers(drawer, carol):
    carol.get(f"/internkontroll/moment/{drawer.moment_id}/stickprov")
    carol.submit({"size": "500"})
    page = carol.submit({"by": "andel", "amount": "2"})
    assert len(page.table("Dragna poster").rows) == 10
    carol.click("Dra om")
    page = carol.submit({"reason": "fel"}, status=422)
    assert "Skriv med några ord varför stickprovet dras om." in page.text
    page = carol.submit({"reason": "Fel andel angavs nyss"})
    assert "Dragning 2 är gjord." in page.text
    assert "Fel andel angavs nyss" in page.text


def test_results_that_are_refused_keep_all_that_was_typed(drawer, carol):
    sample_id = drawer.drawn()
    first, second, *_ = (found.item.id for found in items(sample_id))
    carol.get(address(sample_id, "/granska"))
    page = carol.submit(
        {f"verdict_{first}": "dropout", f"verdict_{second}": "approved", f"comment_{second}": "Allt finns"}, status=422
    )
    assert "Skriv varför posten inte går att kontrollera." in page.text
    assert "Allt finns" in page.response.text
    assert figures(sample_id) == (4, 0, 0)
    carol.submit({f"comment_{first}": "Makulerad"})
    assert figures(sample_id) == (4, 1, 0)


def test_what_somebody_else_wrote_is_shown_before_it_is_written_over(drawer, carol):
    sample_id = drawer.drawn()
    first = items(sample_id)[0].item.id
    carol.get(address(sample_id, "/granska"))
    note(sample_id, {1: entry(DEVIATING, "Attest")})
    page = carol.submit({f"verdict_{first}": "approved"}, status=422)
    assert "Någon annan har skrivit om posten" in page.text
    assert "Nu står: Avvikelse, Attest" in page.text
    carol.submit({}, form="Spara resultaten")
    assert items(sample_id)[0].verdict is APPROVED


def test_an_empty_row_never_writes_over_what_somebody_else_wrote(drawer, carol):
    sample_id = drawer.drawn()
    first, second, *_ = (found.item.id for found in items(sample_id))
    carol.get(address(sample_id, "/granska"))
    note(sample_id, {1: entry(DEVIATING, "Attest"), 3: entry(DEVIATING, "Attest")})
    carol.submit({f"verdict_{second}": "approved"})
    assert [found.verdict for found in items(sample_id)] == [DEVIATING, APPROVED, DEVIATING, None]
    note(sample_id, {1: entry(None, version=2), 3: entry(None, version=2)})
    carol.get(address(sample_id, "/granska"))
    note(sample_id, {1: entry(DEVIATING, "Attest", version=3), 4: entry(DEVIATING, "Attest")})
    carol.submit({f"verdict_{first}": "approved"}, status=422)
    carol.submit({}, form="Spara resultaten")
    assert [found.verdict for found in items(sample_id)] == [APPROVED, APPROVED, None, DEVIATING]


def test_a_button_on_an_old_page_tells_and_does_nothing(drawer, carol):
    sample_id = drawer.drawn()
    note(sample_id, dict.fromkeys((1, 2, 3, 4), entry(APPROVED)))
    carol.get(address(sample_id))
    note(sample_id, {1: entry(DEVIATING, "Attest", version=2)})
    page = carol.submit({}, form="Lämna för granskning")
    assert "Någon annan har ändrat stickprovet" in page.text
    assert row(sample_id).state is SampleState.DRAWN


def test_the_moments_page_tells_no_share_before_it_is_accepted(drawer, carol):
    first = drawer.accepted()
    drawer.drawn("S2", retest_of=first)
    table = carol.get(f"/internkontroll/moment/{drawer.moment_id}").table("Stickprov av")
    assert [(found[0], found[5], found[7]) for found in table.rows[:3]] == [
        ("P1", "10", "90 %"),
        ("S1, godkänt", "4", "75 %"),
        ("S2, draget, granskas · omtest av S1, räknas inte", "–", "–"),
    ]


def test_it_is_sent_back_with_a_comment(drawer, carol, eva):
    sample_id = drawer.drawn()
    note(sample_id, dict.fromkeys((1, 2, 3, 4), entry(APPROVED)))
    drawer.propose(sample_id)
    eva.get(address(sample_id, "/beslut"))
    assert "Skriv vad som behöver göras om." in eva.submit({"comment": ""}, status=422).text
    eva.submit({"comment": "Titta på post 2 igen"})
    page = carol.get(address(sample_id))
    assert "Lämnat tillbaka: Titta på post 2 igen" in page.text
    assert "Granska" in page.links


def test_a_long_sample_stands_on_pages_of_fifty(drawer, carol):
    carol.get(f"/internkontroll/moment/{drawer.moment_id}/stickprov")
    carol.submit({"size": "101"})
    page = carol.submit({"by": "alla", "amount": ""})
    sample_id = int(page.path.rsplit("/", 1)[-1])
    assert len(page.table("Dragna poster").rows) == 50
    assert carol.click("Sida 3").table("Dragna poster").column("Nr") == ["101"]
    assert len(carol.click("Visa alla").table("Dragna poster").rows) == 101
    carol.click("Granska")
    page = carol.click("Sida 2")
    assert page.table("Poster att granska").column("Nr")[0] == "51"
    last = items(sample_id)[99].item.id
    carol.submit({f"verdict_{last}": "approved"})
    assert items(sample_id)[99].verdict is APPROVED


def test_a_hundred_items_stand_on_one_page(drawer, carol):
    sample_id = drawer.lock(population=numbered(100))
    drawer.draw(sample_id, Selection(SelectBy.ALL))
    page = carol.get(address(sample_id))
    assert len(page.table("Dragna poster").rows) == 100
    assert "Sida 2" not in page.links


def row_sent(carol, sample_id: int, position: int, status: int, **fields) -> dict[str, object]:
    """One row, sent as check.js does."""
    found = items(sample_id)[position - 1].item
    carol.get(address(sample_id, "/granska"))
    named = {f"{name}_{found.id}": value for name, value in fields.items()}
    sent = {f"seen_{found.id}": str(found.version), f"comment_{found.id}": ""} | named
    return carol.post(f"{address(sample_id, '/granska')}/{found.id}", sent, status=status).response.json


def test_a_row_is_saved_while_the_next_is_filled_in(drawer, carol):
    sample_id = drawer.drawn()
    assert row_sent(carol, sample_id, 2, 200, verdict="deviating", failed="Attest") == {"version": 2}
    assert [found.verdict for found in items(sample_id)] == [None, DEVIATING, None, None]
    assert row_sent(carol, sample_id, 2, 200, verdict="deviating", failed="Attest") == {"version": 2}
    said = row_sent(carol, sample_id, 3, 422, verdict="dropout")
    assert said == {"errors": ["Skriv varför posten inte går att kontrollera."]}
    said = row_sent(carol, sample_id, 2, 422, verdict="approved", seen="1")
    assert said["errors"][0].startswith("Någon annan har skrivit om posten")
    assert figures(sample_id) == (4, 0, 1)


def test_every_item_dropped_is_told_and_leaves_the_moment_not_done(drawer, carol):
    done(db.session.execute, delete(ControlSample))
    sample_id = drawer.lock(population=numbered(2))
    drawer.draw(sample_id, Selection(SelectBy.ALL))
    note(sample_id, dict.fromkeys((1, 2), entry(Verdict.DROPOUT, comment="Makulerad")))
    page = carol.get(address(sample_id))
    assert "Alla poster har fallit bort, så det finns inget procenttal." in page.text
    page = carol.submit({}, form="Ersätt bortfall")
    assert "Det finns inget kvar i populationen att ersätta med." in page.text
    drawer.propose(sample_id)
    drawer.accept(sample_id)
    assert drawer.outcome() == Outcome(0, 0)
    found, _ = find_moment(drawer.moment_id, EVERY_RECORD)
    db.session.rollback()
    assert (found.graded.grade, found.graded.flags) == (Grade.NOT_DONE, ("no_result",))


def test_a_plan_opened_for_change_leaves_the_results_open(drawer, carol):
    sample_id = drawer.drawn()
    first = items(sample_id)[0].item.id
    carol.get(address(sample_id, "/granska"))
    done(db.session.execute, update(ControlPlan).values(state="draft"))
    carol.submit({f"verdict_{first}": "approved"})
    assert items(sample_id)[0].verdict is APPROVED


def test_a_year_that_is_followed_up_meanwhile_keeps_what_was_typed(drawer, carol):
    sample_id = drawer.drawn()
    first = items(sample_id)[0].item.id
    carol.get(address(sample_id, "/granska"))
    done(db.session.execute, update(ControlPlan).values(state="followed_up"))
    page = carol.submit({f"verdict_{first}": "approved", f"comment_{first}": "Allt finns"}, status=422)
    assert "Allt finns" in page.response.text
    assert items(sample_id)[0].verdict is None
    done(db.session.execute, update(ControlPlan).values(state="adopted"))
    carol.submit({}, form="Spara resultaten")
    assert (items(sample_id)[0].verdict, items(sample_id)[0].words.comment) == (APPROVED, "Allt finns")


def test_the_reading_is_noted(drawer, carol):
    sample_id = drawer.drawn()
    carol.get(address(sample_id))
    found = db.session.query(AuditRead).order_by(AuditRead.id.desc()).first()
    assert (found.record_id, found.selection, found.row_count) == (drawer.moment_id, "stickprov=S1", 4)


class TestReach:
    ADDRESSES = ("", "/dra", "/granska")

    @pytest.fixture
    def elsewhere(self, app, drawer):
        """The kontrollmoment belongs to Nord; Bo manages Syd, and draws there."""
        nord = make_unit("Nord").id
        make_user(BO, Role.MANAGER, unit="Syd")
        assert find_top_unit().id != nord
        for model, key in ((Record, Record.id), (ControlMoment, ControlMoment.record_id)):
            db.session.execute(update(model).where(key == drawer.moment_id).values(unit_id=nord))
        db.session.commit()
        return sign_in(app, BO)

    def test_another_units_stickprov_are_not_there(self, drawer, elsewhere):
        sample_id = drawer.drawn()
        for what in self.ADDRESSES:
            elsewhere.get(address(sample_id, what), status=404)
        elsewhere.get(f"/internkontroll/moment/{drawer.moment_id}/stickprov", status=404)
        elsewhere.get("/konto")
        for what in ("/ersatt", "/lamna", "/dra", "/granska"):
            elsewhere.post(address(sample_id, what), {"csrf_token": elsewhere.token(), "version": "2"}, status=404)
            elsewhere.get("/konto")
        assert (row(sample_id).drawn.version, len(list_draws(sample_id))) == (2, 1)

    def test_what_is_closed_to_somebody_is_not_there(self, drawer, carol, eva):
        sample_id = drawer.drawn()
        hide(moment("K1"), "closed", seer=EVA, other=CAROL)
        for what in self.ADDRESSES:
            carol.get(address(sample_id, what), status=404)
        assert "Dragning 1" in eva.get(address(sample_id)).text

    def test_who_draws_does_not_accept(self, drawer, carol):
        sample_id = drawer.drawn()
        assert carol.get(address(sample_id, "/beslut"), status=403).heading == "Du har inte tillgång till sidan"

    def test_an_auditor_reads_and_changes_nothing(self, app, drawer):
        make_user(BO, Role.AUDITOR)
        sample_id, auditor = drawer.drawn(), sign_in(app, BO)
        page = auditor.get(address(sample_id))
        assert not {"Granska", "Dra om"} & set(page.links)
        for what in ("/dra", "/granska", "/beslut"):
            auditor.get(address(sample_id, what), status=403)

    def test_a_coordinator_of_another_unit_accepts_nothing(self, app, drawer):
        make_user(BO, Role.CONTROL_COORDINATOR, unit="Syd")
        sample_id = drawer.accepted()
        assert "S1" not in sign_in(app, BO).get(address(sample_id, "/beslut"), status=404).text


def test_from_the_third_draw_on_it_is_told_how_often(drawer, carol):
    sample_id = drawer.drawn()
    drawer.draw(sample_id, reason="Fel period angavs")
    moment_page = f"/internkontroll/moment/{drawer.moment_id}"
    assert "gånger" not in carol.get(address(sample_id)).text + carol.get(moment_page).text
    drawer.draw(sample_id, reason="Fel enhet angavs igen")
    page = carol.get(address(sample_id))
    assert "draget 3 gånger" in page.text
    assert "Dragning 1" in page.text
    assert "Fel period angavs" in page.text
    assert "S1, draget, granskas · draget 3 gånger" in carol.get(moment_page).table("Stickprov av").column("Stickprov")


def test_who_handed_it_over_sends_back_but_does_not_accept(drawer, eva):
    sample_id = drawer.drawn()
    note(sample_id, dict.fromkeys((1, 2, 3, 4), entry(APPROVED)))
    eva.get(address(sample_id))
    eva.submit({}, form="Lämna för granskning")
    page = eva.click("Godkänn eller lämna tillbaka")
    assert "någon annan behöver godkänna det" in page.text
    page = eva.post(page.path, {"version": row(sample_id).drawn.version, "val": "godkann"}, status=422)
    assert "en annan internkontrollsamordnare eller kvalitetsledare" in page.text
    assert row(sample_id).state is SampleState.PROPOSED
    eva.submit({"comment": "Jag tog fel på post 2"})
    assert row(sample_id).state is SampleState.RETURNED


def test_the_menu_marks_internal_control(drawer, carol):
    page = carol.get(address(drawer.drawn()))
    current = [link for link in page.tree.iter("a") if link.get("aria-current") == "page"]
    assert ["".join(link.itertext()).strip() for link in current] == ["Intern kontroll"]
