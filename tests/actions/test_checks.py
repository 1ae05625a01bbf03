"""The effect of an action is told after a set time: the usual one, or a day that was chosen."""

from datetime import date

import pytest

from tests.actions.stored import HEAD, action
from tests.actions.test_pages import ADA, EVA, add, eva, path
from tests.control.test_scale import signed_in
from tracker.actions.times import times

__all__ = ["eva"]


def carry_out(visitor, fields=None, *, status=200):
    visitor.get(path(what="/lage"))
    told = {"anteckning": "", "genomford": "2022-02-15"} | (fields or {})
    return visitor.submit(told, form="anteckning", status=status)


def test_three_months_after_it_was_carried_out(eva, office, frozen_day):
    add(eva)
    carry_out(signed_in(office, ADA))
    assert (action("Å-2022-1").check_on, action("Å-2022-1").listed_on) == (date(2022, 5, 15), date(2022, 5, 15))
    assert "2022-05-15" in eva.get(path()).text
    assert "Inga åtgärder här" in eva.get("/atgarder?lista=att-folja-upp").text
    assert eva.get("/atgarder?lista=foljs-upp-senare").table("Åtgärder").column("Nummer") == ["Å-2022-1"]
    frozen_day(date(2022, 5, 14))
    eva = signed_in(office, EVA)
    assert "Inga åtgärder här" in eva.get("/atgarder?lista=att-folja-upp").text
    frozen_day(date(2022, 5, 15))
    eva = signed_in(office, EVA)
    assert eva.get("/atgarder?lista=att-folja-upp").table("Åtgärder").column("Nummer") == ["Å-2022-1"]
    assert "Inga åtgärder här" in eva.get("/atgarder?lista=foljs-upp-senare").text


def test_the_usual_time_is_a_setting(eva, office, monkeypatch):
    monkeypatch.setattr(times, "check_months", 0)
    add(eva)
    carry_out(signed_in(office, ADA))
    assert action("Å-2022-1").check_on == date(2022, 2, 15)
    assert eva.get("/atgarder?lista=att-folja-upp").table("Åtgärder").column("Nummer") == ["Å-2022-1"]


def test_a_day_is_chosen(eva, office):
    add(eva)
    carry_out(signed_in(office, ADA), {"foljs_upp": "2022-03-01"})
    assert action("Å-2022-1").check_on == date(2022, 3, 1)
    page = carry_out(signed_in(office, ADA), {"foljs_upp": "2022-04-01"})
    assert "Effekten följs upp den 2022-04-01 (var 2022-03-01)" in page.text
    assert action("Å-2022-1").listed_on == date(2022, 4, 1)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"foljs_upp": "2022-02-14"}, "Uppföljningen (2022-02-14) ligger före genomförandet (2022-02-15)."),
        ({"foljs_upp": "2022-03-01", "genomford": ""}, "Skriv också när åtgärden genomfördes"),
    ],
)
def test_a_day_that_cannot_be_is_told(eva, office, fields, said):
    add(eva)
    assert said in carry_out(signed_in(office, ADA), fields, status=422).text
    assert (action("Å-2022-1").done_on, action("Å-2022-1").check_on) == (None, None)


def test_what_is_not_carried_out_after_all_has_no_day(eva, office):
    add(eva)
    ada = signed_in(office, ADA)
    carry_out(ada)
    carry_out(ada, {"genomford": "", "foljs_upp": ""})
    found = action("Å-2022-1")
    assert (found.done_on, found.check_on, found.stage, found.listed_on) == (None, None, 0, date(2022, 3, 1))


def test_a_partial_effect_needs_words(eva, office):
    add(eva)
    carry_out(signed_in(office, ADA))
    eva.get(path(what="/effekt"))
    page = eva.submit({"effekt": "delvis", "ord": " "}, form="effekt", status=422)
    assert "Skriv vad som blev bättre och vad som är kvar." in page.text
    assert action("Å-2022-1").effect is None
    page = eva.submit({"effekt": "delvis", "ord": "Dagtid fungerar, nätter är kvar"}, form="effekt")
    assert "Dagtid fungerar, nätter är kvar" in page.text
    assert (action("Å-2022-1").effect, action("Å-2022-1").listed_on) == ("delvis", date(2022, 3, 1))


def test_a_file_gives_the_usual_day_and_comes_in_again_unchanged(eva, office):
    line = f"{HEAD}\nÅ-1;avvikelse;A-1;Utbilda;;2021-04-01;2021-06-01;2021-11-30;\n"
    office.imports("actions", line)
    assert (action("Å-1").check_on, action("Å-1").listed_on) == (date(2022, 2, 28), date(2022, 2, 28))
    assert office.imports("actions", line) == "0 nya, 0 ändrade, 1 oförändrade"
    office.imports("actions", f"{HEAD}\nÅ-1;;;;;;;;uppnådd\n")
    assert (action("Å-1").check_on, action("Å-1").stage, action("Å-1").listed_on) == (
        date(2022, 2, 28), 2, date(2021, 6, 1),
    )  # fmt: skip


def test_the_list_of_what_is_followed_up_goes_by_that_day_forth_and_back(eva, office):
    rows = [f"Å-{n:02};avvikelse;A-1;Utbilda;;2021-01-01;2022-01-{31 - n:02};2021-03-{n:02};" for n in range(1, 31)]
    office.imports("actions", "\n".join([HEAD, *rows, ""]))
    first = eva.get("/atgarder?lista=att-folja-upp").table("Åtgärder").column("Nummer")
    assert first == [f"Å-{n:02}" for n in range(1, 26)]
    assert eva.click("Nästa sida").table("Åtgärder").column("Nummer") == [f"Å-{n}" for n in range(26, 31)]
    assert eva.click("Föregående sida").table("Åtgärder").column("Nummer") == first
