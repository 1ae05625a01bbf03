"""A case stays open until its actions are decided and checked: one that is closed takes no new action."""

import pytest

from tests.actions.stored import HEAD, record_id, sources
from tests.actions.test_pages import ADA, EVA, NEW, path
from tests.cases.making import step
from tests.control.test_scale import signed_in
from tests.factories import make_user
from tests.records.granting import user_id_of
from tests.support.checks import text_of

LEAD = "lead@kommun.example"
CLOSED = "Ärende {} är avslutat. Öppna det igen innan det får en ny åtgärd."


@pytest.fixture
def lead(office):
    """The quality lead, who reads every register; A-2 and 1949 are closed, and Å-1 is to be done."""
    make_user(ADA, "medarbetare", unit="Vuxen 2", name="Ada Alm")
    make_user(EVA, "chef", unit="Vuxen 2", name="Eva Ek")
    make_user(LEAD, "kvalitet", "ansvarig")
    office.run_import("deviations", "ref;enhet;rapporterad;avslutad\nA-2;Vuxen 2;2021-03-02;2021-04-01\n")
    office.run_import(
        "lex-sarah",
        "ref;enhet;mottagen;bedomning;beslutad;avslutad\n1949;Vuxen 2;2021-03-02;inget;2021-03-20;2021-04-01\n",
    )
    office.run_import(
        "actions",
        f"{HEAD}\nÅ-1;avvikelse;A-1;Utbilda;Ada Alm;2022-01-10;2022-02-01;;\n"
        "Å-2;avvikelse;A-1;Ny rutin;Ada Alm;2021-03-10;2021-03-20;2021-03-20;uppnådd\n",
    )
    return signed_in(office, LEAD)


@pytest.mark.parametrize(("kind", "number"), [("deviation", "A-2"), ("lex_sarah", "1949")])
def test_a_closed_case_takes_no_new_action_and_keeps_what_was_written(lead, kind, number):
    told = CLOSED.format(number)
    page = lead.get(f"/atgarder/till/{record_id(kind, number)}/ny")
    assert told in page.text
    page = lead.submit(NEW, form="beskrivning", status=422)
    assert page.text.count(told) == 1
    assert text_area(page) == "Utbilda alla om larm"
    assert "Utbilda alla om larm" not in lead.get("/atgarder?vems=alla").text


def text_area(page) -> str:
    """What stands in the field of what is to be done."""
    (found,) = (one for one in page.tree.iter("textarea") if one.get("name") == "beskrivning")
    return text_of(found).strip()


def test_its_page_does_not_offer_one(lead):
    assert "Ny åtgärd" not in lead.get(f"/avvikelser/{record_id('deviation', 'A-2')}").text
    assert "Ny åtgärd" in lead.get(f"/avvikelser/{record_id('deviation', 'A-1')}").text


def share(visitor, ref, number, *, status):
    visitor.get(path(ref, "/hor-till"))
    return visitor.submit({"slag": "avvikelse", "nummer": number}, form="nummer", status=status)


def test_what_is_to_be_done_is_not_let_to_belong_to_it_but_what_is_finished_is(lead):
    page = share(lead, "Å-1", "A-2", status=422)
    assert CLOSED.format("A-2") in page.text
    assert sources("Å-1") == [("deviation", "A-1")]
    share(lead, "Å-2", "A-2", status=200)
    assert sources("Å-2") == [("deviation", "A-1"), ("deviation", "A-2")]


def test_it_takes_one_when_it_has_been_opened_again(lead):
    case = record_id("deviation", "A-2")
    step("deviations", case, "reopen", user_id_of(LEAD), comment="Det hände igen")
    assert "Ny åtgärd" in lead.get(f"/avvikelser/{case}").text
    lead.get(f"/atgarder/till/{case}/ny")
    lead.submit(NEW, form="beskrivning")
    assert sources("Å-2022-1") == [("deviation", "A-2")]


def test_an_answered_synpunkt_takes_one_as_its_answer_asks_for_none(lead, office):
    office.run_import("complaints", "ref;enhet;mottagen;besvarad\nS-2;Vuxen 3;2021-03-02;2021-03-09\n")
    lead.get(f"/atgarder/till/{record_id('complaint', 'S-2')}/ny")
    lead.submit(NEW, form="beskrivning")
    assert sources("Å-2022-1") == [("complaint", "S-2")]


def test_a_file_tells_what_was_done_then(lead, office):
    office.run_import("actions", f"{HEAD}\nÅ-3;avvikelse;A-2;Ny rutin;Ada Alm;2021-03-10;2021-03-20;;\n")
    assert sources("Å-3") == [("deviation", "A-2")]
