"""An action belongs to several records at once: shown at each, counted by each, never without any."""

import pytest

from tests.actions.stored import HEAD, record_id, sources
from tests.actions.test_pages import ADA, BO, STALE, add, eva, path
from tests.audit.trails import verdict
from tests.control.test_scale import signed_in
from tests.factories import make_user
from tracker.actions.queries import standing_of
from tracker.rules.actions import Standing

__all__ = ["eva"]
UNKNOWN = "Det finns inte, eller ligger utanför det du har tillgång till. Rätta numret."
Q, MIA = "q@kommun.example", "mia@kommun.example"


@pytest.fixture
def lead(eva, office):
    """The quality lead, with an action of A-1 that Ada is responsible for."""
    add(eva)
    make_user(Q, "kvalitet", name="Lo Lind")
    return signed_in(office, Q)


def share(visitor, kind, number, *, status=200):
    visitor.get(path(what="/hor-till"))
    return visitor.submit({"slag": kind, "nummer": number}, form="slag", status=status)


def forge(page):
    """Puts a field into the form that the page does not have there."""
    form = page.form("slag")
    form.append(form.makeelement("input", {"name": "bort", "value": ""}))


def test_it_belongs_to_another_case_as_well_and_is_shown_and_counted_at_both(lead, eva, office):
    make_user(BO, "chef", unit="Vuxen 3", name="Bo Ask")
    bo = signed_in(office, BO)
    bo.get(path(), status=404)
    page = share(lead, "synpunkt", "S-1")
    assert "Åtgärden hör nu dit också." in page.text
    assert "Avvikelse A-1, Synpunkt S-1" in page.text
    assert sorted(sources("Å-2022-1")) == [("complaint", "S-1"), ("deviation", "A-1")]
    for kind, number in (("deviation", "A-1"), ("complaint", "S-1")):
        assert standing_of(record_id(kind, number)) == Standing(open=1)
    page = bo.get(f"/synpunkter/{record_id('complaint', 'S-1')}")
    assert page.table("Åtgärder").column("Nummer") == ["Å-2022-1"]
    page = bo.get(path())
    assert "Utbilda alla om larm" in page.text
    assert "A-1" not in page.text
    assert not {"Ändra", "Ge ny dag", "Lämna över", "Hör också till"} & set(page.links)
    bo.get(path(what="/andra"), status=404)
    bo.get(path(what="/lage"), status=403)
    assert verdict().whole


def test_it_is_taken_away_again_but_never_the_last(lead, eva):
    page = lead.get(path(what="/hor-till"))
    assert "Ta bort" not in page.text
    share(lead, "risk", "2021/R1")
    lead.get(path(what="/hor-till"))
    page = lead.submit({"bort": record_id("deviation", "A-1")}, form="bort")
    assert "Åtgärden hör inte längre dit." in page.text
    assert sources("Å-2022-1") == [("risk", "2021/R1")]
    forge(lead.page)
    page = lead.submit({"bort": record_id("risk", "2021/R1")}, form="slag", status=422)
    assert "Åtgärden måste höra till något." in page.text
    assert sources("Å-2022-1") == [("risk", "2021/R1")]


@pytest.mark.parametrize(
    ("kind", "number", "said"),
    [
        ("", "S-1", "Välj vad det är."), ("synpunkt", "", "Skriv numret."), ("synpunkt", "S-9", UNKNOWN),
        ("risk", "R1", UNKNOWN), ("avvikelse", "A-1", "Åtgärden hör redan till avvikelse A-1."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_and_stays_typed(lead, kind, number, said):
    page = share(lead, kind, number, status=422)
    assert said in page.text
    assert page.form("slag").find(".//input[@name='nummer']").get("value") == number
    assert sources("Å-2022-1") == [("deviation", "A-1")]


def test_nothing_is_shared_with_what_the_manager_does_not_see(lead, eva):
    for kind, number in (("synpunkt", "S-1"), ("lex-sarah", "1948")):
        assert UNKNOWN in share(eva, kind, number, status=422).text
    assert sources("Å-2022-1") == [("deviation", "A-1")]


def test_what_belongs_to_a_lex_sarah_case_too_is_not_for_its_manager_to_share(lead, eva):
    share(lead, "lex-sarah", "1948")
    assert eva.get(path(what="/hor-till"), status=404).heading == "Sidan finns inte"
    eva.post(path(what="/hor-till"), {"version": "2", "bort": record_id("lex_sarah", "1948")}, status=404)
    assert sorted(sources("Å-2022-1")) == [("deviation", "A-1"), ("lex_sarah", "1948")]


def test_who_is_responsible_alone_does_not_share(lead, office):
    page = signed_in(office, ADA).get(path(what="/hor-till"), status=403)
    assert page.heading == "Du har inte tillgång till sidan"


def test_who_comes_second_sees_what_stands_now(lead, eva):
    lead.get(path(what="/hor-till"))
    eva.get(path(what="/andra"))
    eva.submit({"beskrivning": "Utbilda"}, form="beskrivning")
    page = lead.submit({"slag": "synpunkt", "nummer": "S-1"}, form="slag", status=422)
    assert f"{STALE}beslutad; Utbilda; Ada Alm; senast 2022-03-01." in page.text


def test_a_shared_action_comes_in_again_unchanged(lead, office):
    share(lead, "synpunkt", "S-1")
    file = office.folder / "again.csv"
    file.write_bytes(lead.get("/atgarder/export.csv").response.data)
    assert office.imports("actions", file) == "0 nya, 0 ändrade, 1 oförändrade"
    assert HEAD in file.read_text(encoding="utf-8-sig")
    assert len(sources("Å-2022-1")) == 2
