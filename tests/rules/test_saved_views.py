"""What a saved view keeps of an address, and for whom one that is shared with a unit is."""

import pytest

from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission
from tracker.rules.saved_views import REGISTERS, check_view, is_shared_with, kept_filter, viewed_register


@pytest.mark.parametrize(
    ("path", "given", "kept"),
    [
        ("/beslut", [("status", "over-tre-manader"), ("insats", "12"), ("efter", "x"), ("q", "1")],
         {"status": "over-tre-manader", "insats": "12"}),
        ("/avvikelser", [("kategori", "3"), ("utan", "orsak"), ("enhet", ""), ("kolumner", "nummer,status")],
         {"kategori": "3", "utan": "orsak", "kolumner": "nummer,status"}),
        ("/avvikelser", [("lexmaria", "ja"), ("omrade", "HSL")], {"lexmaria": "ja", "omrade": "HSL"}),
        ("/risker", [("ar", "2026"), ("sannolikhet", "4"), ("lista", "netto")],
         {"ar": "2026", "sannolikhet": "4", "lista": "netto"}),
        ("/garantier/kontakt", [("lage", "over"), ("manad", "2026-03"), ("status", "x")],
         {"lage": "over", "manad": "2026-03"}),
        ("/internkontroll/2026/moment", [("utfall", "god"), ("enhet", "3"), ("efter", "x"), ("ar", "2025")],
         {"utfall": "god", "enhet": "3"}),
        ("/rapporter", [("status", "x")], {}),
        ("/beslut", [("ref", "a" * 300)], {"ref": "a" * 200}),
    ],
)  # fmt: skip
def test_a_view_keeps_the_filter_and_never_the_place_in_the_list(path, given, kept):
    assert kept_filter(path, given) == kept


@pytest.mark.parametrize(
    "path",
    [
        "/garantier/overskridna", "/garantier/a/b", "/garantier/", "/logg", "//x", "", "/internkontroll/2026",
        "/internkontroll/1989/moment", "/internkontroll/2101/moment", "/internkontroll/02026/moment",
        "/internkontroll/2026/moment/nytt", "/internkontroll/moment/1",
    ],
)  # fmt: skip
def test_nothing_else_has_saved_views(path):
    assert viewed_register(path) is None


def test_every_register_says_who_opens_it():
    assert {path for path, register in REGISTERS.items() if not register.opens} == set()
    assert len(REGISTERS) == 6


def test_a_years_kontrollmoment_are_told_apart_by_year():
    first, last = (viewed_register(f"/internkontroll/{year}/moment") for year in (1990, 2100))
    assert (first.label, last.label) == ("Kontrollmoment 1990", "Kontrollmoment 2100")
    assert first.opens == {Permission.READ_CONTROL}


def test_a_personnummer_stands_in_no_view():
    for name, ref in (("Mina", "19121212-1212"), ("Hos 121212-1212", "B-1")):
        with pytest.raises(RuleViolation) as told:
            check_view(name, {"status": "oppna", "ref": ref})
        assert (told.value.code, told.value.field) == ("person_number", "name")
    check_view("Över tre månader", {"ref": "B-1"})
    assert kept_filter("/beslut", [("ref", "19121212-1212")]) == {"ref": "19121212-1212"}  # shown, never saved


@pytest.mark.parametrize(
    ("unit", "held", "seen"),
    [
        ((2, 9), [(2, 9)], True),  # in the unit
        ((2, 9), [(3, 3)], True),  # below it
        ((2, 9), [(1, 20)], False),  # above it
        ((2, 9), [(10, 12)], False),  # beside it
        ((2, 9), [(10, 12), (9, 9)], True),
        ((2, 9), [], False),
        ((1, 20), [(10, 12)], True),  # the whole house
    ],
)
def test_a_shared_view_is_for_those_who_work_in_the_unit_or_below_it(unit, held, seen):
    assert is_shared_with(unit, held) is seen
