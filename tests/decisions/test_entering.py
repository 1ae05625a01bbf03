"""Nytt beslut: what a file would take is saved, what it would refuse is told beside its field."""

from datetime import date

import pytest

from tests.decisions.lists import csv_rows, number_of, refs_on
from tests.decisions.running import clock, decision, snapshot
from tests.decisions.test_correcting import errors_on, person_of
from tests.factories import PASSWORD, make_decisions, make_unit, make_user
from tests.records.granting import close, void
from tests.support.overhearing import overhear
from tests.support.pages import PageClient
from tracker import clock as clocks
from tracker.audit import trail
from tracker.database import db, writer
from tracker.decisions import entering_views
from tracker.decisions.correcting import CorrectionRefused
from tracker.decisions.entering import Entry, enter_decision
from tracker.decisions.planning import Importer
from tracker.records.scope import EVERY_RECORD
from tracker.rules.permissions import Role
from tracker.rules.trail import Action

TODAY = date(2026, 3, 31)
MAN, WOMAN = "19121212-1212", "200001012384"
WHOLE = {
    "ref": "B-01", "enhet": "Vuxen 1", "insats": "Kontaktperson", "beslutsdatum": "2026-03-01", "lagrum": "SoL 11:1",
    "omrade": "IFO", "kon": "man", "person": MAN, "handlaggare": "Eva Ek", "utforare": "Solgläntan AB",
    "diarienummer": "SN 2026/7",
}  # fmt: skip


@pytest.fixture
def officer(app, client, frozen_day):
    """A handläggare of Vuxen, with another unit beyond reach."""
    frozen_day(TODAY)
    make_unit("Vuxen 1", "Vuxen")
    make_decisions([{"ref": "C-01", "enhet": "Barn"}], today=TODAY)
    client.sign_in(make_user("eva@kommun.example", Role.CASE_OFFICER, unit="Vuxen", name="Eva Ek").email, PASSWORD)
    return client


def enter(visitor: PageClient, status: int = 200, **typed: str):
    page = visitor.get("/beslut/nytt")
    assert page.heading == "Nytt beslut"
    return visitor.submit(WHOLE | typed, status=status)


def test_a_decision_is_saved_with_its_clock_and_noted(officer, monkeypatch):
    noted = overhear(
        monkeypatch, trail, "record", lambda action, **more: (action, more) if more.get("record_id") else None
    )
    page = enter(officer)
    assert (page.heading, "Beslutet är sparat." in page.text) == ("Beslut B-01", True)
    row, own = decision("B-01"), clock("B-01")
    assert (row.legal_basis, row.area, row.sex, row.judgment, row.handler_name) == (
        "SoL 11:1",
        "IFO",
        "man",
        False,
        "Eva Ek",
    )
    assert (own.kind, own.started_on, own.due_on, own.state) == ("beslut", date(2026, 3, 1), date(2026, 6, 1), "open")
    assert person_of("B-01") == "191212121212"
    ((action, more),) = noted
    assert (action, more["record_id"]) == (Action.RECORD_CREATED, number_of("B-01"))
    assert more["changes"]["decided_on"] == (None, date(2026, 3, 1))
    assert set(more["personal"]) == {"ref", "person", "case_number", "handler_name"}
    assert "Post upplagd" in page.text
    assert MAN[2:] not in page.response.text


def test_it_leaves_in_the_export_as_a_file_would_have_brought_it_in(officer):
    enter(officer)
    (row,) = (row for row in csv_rows(officer.get("/beslut/export.csv")) if row["ref"] == "B-01")
    assert {name: row[name] for name in WHOLE if name in row} == {n: v for n, v in WHOLE.items() if n != "person"}


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"ref": ""}, "Skriv beslutets eget nummer"),
        ({"ref": MAN}, "Ser ut som ett personnummer"),
        ({"ref": "C-01"}, "Referensen används redan"),
        ({"insats": ""}, "Skriv vilken insats"),
        ({"insats": f"Stöd {MAN}"}, "Ser ut som ett personnummer"),
        ({"beslutsdatum": "2026-04-01"}, "ligger i framtiden"),
        ({"beslutsdatum": "260301"}, "saknar bindestreck"),
        ({"beslutsdatum": "2025-06-30"}, "SoL 11:1 gällde inte 2025-06-30. Ett beslut den dagen har lagrum SoL 4:1."),
        ({"lagrum": "SoL 4:1"}, "Ett beslut den dagen har lagrum SoL 11:1 eller SoL 12:1."),
        ({"enhet": "Barn"}, "Välj ett av alternativen"),
        ({"person": "191212121213"}, "Kontrollsiffran"),
        ({"utforare": "x" * 121}, "Skriv högst 120 tecken"),
        ({"ersatter": "C-01"}, "inget beslut med den ref som du når"),
    ],
)
def test_what_a_file_could_not_hold_is_refused_and_nothing_is_saved(officer, typed, told):
    officer.get("/beslut/nytt")
    before = snapshot()["decision"]
    page = officer.submit(WHOLE | typed, status=422)
    assert told in errors_on(page)
    assert snapshot()["decision"] == before
    assert "Solgläntan AB" in page.response.text or "utforare" in typed, "nothing typed is lost"


def test_a_sign_that_no_cell_can_hold_is_refused_for_its_column(officer):
    with writer(), pytest.raises(CorrectionRefused) as refused:
        enter_decision(Entry({"ref": "B\x01", "insats": "x"}), Importer(1), EVERY_RECORD, TODAY, clocks.now())
    db.session.rollback()
    told = {violation.field: violation.message for violation in refused.value.violations}
    assert "osynligt styrtecken" in told["ref"]


def test_everything_that_is_missing_is_told_at_once(officer):
    officer.get("/beslut/nytt")
    page = officer.submit({"insats": ""}, status=422)
    assert [part in errors_on(page) for part in ("eget nummer", "vilken insats", "beslutsdatum")] == [True] * 3


@pytest.mark.parametrize(
    ("day", "basis"), [("2025-06-30", "SoL 4:1"), ("2025-07-01", "SoL 12:1"), ("2025-06-30", "LSS 9:9")]
)
def test_the_provisions_of_the_day_are_taken(officer, day, basis):
    enter(officer, beslutsdatum=day, lagrum=basis)
    assert decision("B-01").legal_basis == basis


def test_once_the_day_is_known_only_its_provisions_are_offered(officer):
    officer.get("/beslut/nytt")
    assert "SoL 4:1, " in officer.page.text
    page = officer.submit({"beslutsdatum": "2026-03-01"}, status=422)
    (offered,) = (part for part in page.tree.iter("select") if part.get("name") == "lagrum")
    values = [option.get("value") for option in offered.iter("option")]
    assert values == ["", "SoL 11:1", "SoL 12:1", *(f"LSS 9:{number}" for number in range(1, 11))]


def test_a_number_of_another_sex_is_warned_of_and_saved_if_it_shall_be_so(officer):
    page = enter(officer, status=422, kon="kvinna")
    assert "Numret säger ett annat kön" in errors_on(page)
    officer.submit({"kon_anda": "y"})
    assert (decision("B-01").sex, person_of("B-01")) == ("kvinna", "191212121212")


def test_whoever_may_not_bring_in_identities_is_not_asked_for_any(officer, app):
    lead = PageClient(app)
    lead.sign_in(make_user("kva@kommun.example", Role.QUALITY_LEAD).email, PASSWORD)
    page = lead.get("/beslut/nytt")
    assert not {"person", "fodd"} & {part.get("name") for part in page.tree.iter("input")}
    fields = {name: value for name, value in WHOLE.items() if name != "person"}
    lead.submit(fields)
    assert person_of("B-01") is None
    lead.get("/beslut/nytt")
    lead.post("/beslut/nytt", WHOLE | {"ref": "B-02", "grund": "beslut", "person": MAN, "ersatter": ""})
    assert person_of("B-02") is None


def test_it_can_replace_another_from_the_start(officer):
    make_decisions([{"ref": "A-1", "enhet": "Vuxen", "beslutsdatum": "2026-01-01"}], today=TODAY)
    page = enter(officer, ersatter="A-1")
    assert "Sammanlagd väntan: 89 dagar, räknat från 1 januari 2026" in page.text  # 30 + 28 + 31


def test_the_register_leads_to_it(officer):
    officer.get("/beslut")
    assert officer.click("Nytt beslut").heading == "Nytt beslut"
    enter(officer)
    assert "B-01" in refs_on(officer.get("/beslut"))


class TestTNumber:
    """A person without a personnummer."""

    BORN = {"kon": "kvinna", "fodd": "1980-01-01"}  # noqa: RUF012 - nobody changes it

    def fetch(self, visitor, status=200, **typed):
        visitor.get("/beslut/nytt")
        known = {name: value for name, value in WHOLE.items() if name != "person"}
        return visitor.submit(known | self.BORN | {"steg": "t-nummer"} | typed, form="steg", status=status)

    def test_a_free_one_is_put_in_the_form_and_nothing_is_saved(self, officer):
        page = self.fetch(officer)
        assert "T-numret 19800101-T001 är ledigt" in page.text
        assert "Finns personen redan?" not in page.text
        assert refs_on(officer.get("/beslut")) == []
        self.fetch(officer)
        officer.submit({}, form="ref")
        assert (person_of("B-01"), decision("B-01").sex) == ("19800101-T001", "kvinna")

    def test_one_that_anybody_has_is_not_free_whoever_may_see_them(self, officer):
        make_decisions(
            [{"ref": "C-02", "enhet": "Barn", "person": "19800101-T001"},
             {"ref": "V-01", "enhet": "Vuxen", "person": "19800101-T002"}], today=TODAY,
        )  # fmt: skip
        void("V-01")
        page = self.fetch(officer)
        assert "T-numret 19800101-T003 är ledigt" in page.text
        assert "C-02" not in page.response.text

    def test_a_mans_has_an_odd_sign(self, officer):
        assert "19800101-T010 är ledigt" in self.fetch(officer, kon="man").text

    @pytest.mark.parametrize(
        ("typed", "told"),
        [({"kon": ""}, "Välj kvinna eller man"), ({"fodd": ""}, "Skriv den dag då personen är född"),
         ({"fodd": "800101"}, "saknar bindestreck")],
    )  # fmt: skip
    def test_without_day_and_sex_there_is_none(self, officer, typed, told):
        assert told in errors_on(self.fetch(officer, status=422, **typed))

    def test_the_same_person_keeps_their_number_which_is_never_shown(self, officer, monkeypatch):
        noted = overhear(monkeypatch, entering_views.reads, "note_read", lambda kind, **more: (kind.value, more))
        make_decisions([{"ref": "B-00", "enhet": "Vuxen", "person": "19800101-T001"}], today=TODAY)
        page = self.fetch(officer)
        assert "Samma som i B-00, Kontaktperson" in page.text
        assert "T001" not in page.response.text
        assert noted == [("identity", {"record_id": number_of("B-00")})]
        officer.submit({"samma_som": str(number_of("B-00"))}, form="ref")
        assert (person_of("B-01"), decision("B-01").person_hash) == ("19800101-T001", decision("B-00").person_hash)

    def test_one_that_is_closed_to_the_reader_is_not_offered(self, officer):
        make_decisions([{"ref": "B-00", "enhet": "Vuxen", "person": "19800101-T001"}], today=TODAY)
        close("B-00", "eva@kommun.example")
        page = self.fetch(officer)
        assert ("B-00" in page.response.text, "19800101-T002 är ledigt" in page.text) == (False, True)

    def test_one_that_somebody_took_meanwhile_is_refused(self, officer):
        self.fetch(officer)
        make_decisions([{"ref": "C-02", "enhet": "Barn", "person": "19800101-T001"}], today=TODAY)
        page = officer.submit({}, form="ref", status=422)
        assert "Numret har hunnit få en annan" in errors_on(page)
