"""The same done with several actions in one go: each by its own rules, and what could not be done is told."""

from datetime import date

import pytest

from tests.actions.stored import HEAD, action
from tests.actions.test_pages import ADA, BO, EVA, eva
from tests.audit.trails import entries, verdict
from tests.control.test_scale import signed_in
from tests.factories import make_user

__all__ = ["eva"]
LINES = """
Å-1;avvikelse;A-1;Första;Ada Alm;2021-04-01;2022-02-01;;
Å-2;avvikelse;A-1;Andra;Ada Alm;2021-04-01;2022-02-02;;
Å-3;avvikelse;A-1;Tredje;Eva Ek;2021-04-01;2022-02-03;;
Å-4;avvikelse;A-1;Gjord;Ada Alm;2021-04-01;2022-01-01;2022-01-02;
Å-5;synpunkt;S-1;Annan enhet;;2021-04-01;2021-12-31;;
""".strip()


@pytest.fixture
def three(eva, office):
    """Eva's unit has three late actions, one that is carried out, and another unit has one."""
    office.imports("actions", f"{HEAD}\n{LINES}\n")
    return eva


def pick(visitor, gor, *refs):
    return visitor.get(f"/atgarder/flera/{gor}?" + "&".join(f"val={action(ref).record_id}" for ref in refs))


def test_the_register_has_a_box_for_each_and_a_button_for_each_thing_to_do(three):
    page = three.get("/atgarder?lista=alla")
    form = page.form("val")
    boxes = [e.get("value") for e in form.iter("input") if e.get("name") == "val"]
    assert boxes == [str(action(ref).record_id) for ref in ("Å-1", "Å-2", "Å-3")]
    assert [(e.text, e.get("formaction")) for e in form.iter("button")] == [
        ("Klarmarkera", "/atgarder/flera/klar"), ("Ge ny dag", "/atgarder/flera/ny-dag"),
        ("Lämna över", "/atgarder/flera/overlat"),
    ]  # fmt: skip
    assert "Klarmarkera" not in three.get("/atgarder?lista=att-folja-upp").text


def test_several_are_carried_out(three):
    page = pick(three, "klar", "Å-1", "Å-3")
    assert page.table("Åtgärder").column("Nummer") == ["Å-1", "Å-3"]
    page = three.submit({"genomford": "2022-02-14", "anteckning": "Klart i går"}, form="genomford")
    assert "2 åtgärder är klarmarkerade." in page.text
    assert [action(ref).done_on for ref in ("Å-1", "Å-2", "Å-3")] == [date(2022, 2, 14), None, date(2022, 2, 14)]
    assert "Klart i går" in three.get(f"/atgarder/{action('Å-1').record_id}").text
    assert [e.action for e in entries()][-2:] == ["record.changed", "record.changed"]
    assert verdict().whole


def test_several_are_given_another_day_with_one_reason(three):
    pick(three, "ny-dag", "Å-1", "Å-2")
    three.submit({"senast": "2022-03-15", "reason": "Kursen är flyttad"}, form="senast")
    assert [action(ref).due_on for ref in ("Å-1", "Å-2")] == [date(2022, 3, 15)] * 2
    assert "Kursen är flyttad" in three.get(f"/atgarder/{action('Å-2').record_id}").text


def test_several_are_handed_over_with_one_word(three, office):
    bo = make_user(BO, "medarbetare", unit="Vuxen 2", name="Bo Ask")
    pick(three, "overlat", "Å-1", "Å-2")
    three.submit({"till": bo.id, "ord": "Ta över efter Ada"}, form="till")
    assert [action(ref).responsible_id for ref in ("Å-1", "Å-2")] == [bo.id] * 2
    page = signed_in(office, BO).get(f"/atgarder/{action('Å-1').record_id}")
    assert "Ta över efter Ada" in page.text


def test_what_could_not_be_done_is_told_and_the_others_are_done(three, office):
    pick(three, "klar", "Å-1", "Å-2", "Å-4")
    ada = signed_in(office, ADA)
    ada.get(f"/atgarder/{action('Å-2').record_id}/lage")
    ada.submit({"anteckning": "Jag håller på", "genomford": ""}, form="anteckning")
    noted = len(entries())
    page = three.submit({"genomford": "2022-02-14"}, form="genomford")
    assert "1 åtgärd är klarmarkerad." in page.text
    assert "Å-2: Någon annan har ändrat den sedan du kryssade för den." in page.text
    assert "Å-4: Åtgärden är redan genomförd." in page.text
    assert page.table("Åtgärder").column("Nummer") == ["Å-2", "Å-4"]
    assert (action("Å-1").done_on, action("Å-2").done_on, action("Å-4").done_on) == (
        date(2022, 2, 14), None, date(2022, 1, 2),
    )  # fmt: skip
    assert (len(entries()) - noted, verdict().whole) == (1, True)
    page = three.submit({}, form="genomford")
    assert "Å-4: Åtgärden är redan genomförd." in page.text
    assert "Å-2: " not in page.text
    assert action("Å-2").done_on == date(2022, 2, 14)


@pytest.mark.parametrize(
    ("gor", "fields", "said"),
    [
        ("ny-dag", {"senast": "2022-02-14", "reason": "Sent"}, "Å-1: 2022-02-14 har redan varit."),
        ("ny-dag", {"senast": "2022-03-14", "reason": ""}, "Skriv varför dagen ändras."),
        ("overlat", {"till": "", "ord": "Ta över"}, "Välj vem som tar över."),
        ("klar", {"genomford": "2022-02-16"}, "Å-1: 2022-02-16 ligger i framtiden. Rätta dagen."),
        ("klar", {"genomford": ""}, "Skriv när de genomfördes."),
        ("klar", {"genomford": "2022-13-45"}, "Datumet går inte att läsa. Skriv det som 2026-03-31."),
        ("ny-dag", {"senast": "den 14:e", "reason": "Sent"}, "Datumet går inte att läsa. Skriv det som 2026-03-31."),
    ],
)
def test_what_is_wrong_for_all_changes_nothing(three, gor, fields, said):
    pick(three, gor, "Å-1", "Å-2")
    page = three.submit(fields, form=next(iter(fields)), status=422)
    assert said in page.text
    assert page.table("Åtgärder").column("Nummer") == ["Å-1", "Å-2"]
    found = action("Å-1")
    assert (found.done_on, found.due_on, found.responsible_name) == (None, date(2022, 2, 1), "Ada Alm")


def test_nothing_outside_ones_reach_is_shown_or_done(three, office):
    page = pick(three, "klar", "Å-1", "Å-5")
    assert page.table("Åtgärder").column("Nummer") == ["Å-1"]
    form = page.form("genomford")
    hidden = next(e for e in form.iter("input") if e.get("name") == "sett")
    hidden.set("value", f"{action('Å-5').record_id}:1")
    page = three.submit({"genomford": "2022-02-14"}, form="genomford", status=422)
    assert "Åtgärden finns inte, eller ligger utanför det du har tillgång till." in page.text
    assert "Annan enhet" not in page.text
    assert action("Å-5").done_on is None


def test_who_is_responsible_does_their_own_and_gives_no_day(three, office):
    ada = signed_in(office, ADA)
    assert pick(ada, "klar", "Å-1", "Å-3").table("Åtgärder").column("Nummer") == ["Å-1"]
    pick(ada, "ny-dag", "Å-1")
    page = ada.submit({"senast": "2022-03-14", "reason": "Sent"}, form="senast", status=422)
    assert "Å-1: En ny dag ger chefen." in page.text
    pick(ada, "klar", "Å-1")
    assert "1 åtgärd är klarmarkerad." in ada.submit({"genomford": "2022-02-14"}, form="genomford").text


@pytest.mark.parametrize("query", ["", "?val=x&val=-1&val=99999999999&val=4294967296&val=%00"])
def test_nothing_ticked_says_what_to_do(three, query):
    page = three.get(f"/atgarder/flera/klar{query}")
    assert "Kryssa för minst en åtgärd i listan" in page.text
    assert EVA not in page.text
    three.get("/atgarder/flera/annat", status=404)
