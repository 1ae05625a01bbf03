"""Filters find the same for a reader of all, of a part of the tree and of one unit, however it is gone about."""

from datetime import date
from itertools import product

import pytest

from tests.cases.making import unit_id_of
from tracker.accounts.queries import list_units
from tracker.accounts.reader import EVERYTHING, Reach
from tracker.cases import register as reading
from tracker.cases.exporting import export_cases
from tracker.cases.figures import DeviationYear, complaint_year, deviation_year, lex_sarah_year
from tracker.cases.filtering import STATE_OF, STATUSES, CaseFilter, Status
from tracker.cases.register import list_cases
from tracker.cases.registers import COMPLAINTS, DEVIATIONS, LEX_SARAH, set_state
from tracker.records.scope import Scope

TODAY = date(2022, 2, 15)
CHOICES = {"deviations": "Fall", "lex-sarah": "risk", "complaints": "klagomål"}


def as_csv(rows):
    return "\n".join(";".join(line) for line in ([*rows[0]], *([*row.values()] for row in rows))) + "\n"


@pytest.fixture
def filled(office):
    """Twelve cases in each register, by turns in three units, the second half of them ended."""
    units, days = ("Vuxen", "Barn", "Äldre"), [f"2021-{month:02}-01" for month in range(1, 13)]
    for name in units:
        unit_id_of(name)
    rows = list(enumerate(days))
    office.imports("deviations", as_csv([
        {"ref": f"A-{n:02}", "enhet": units[n % 3], "rapporterad": day, "kategori": ("Fall", "Larm")[n % 2],
         "avslutad": "2022-01-10" if n >= 6 else ""}
        for n, day in rows
    ]))  # fmt: skip
    office.imports("lex-sarah", as_csv([
        {"ref": f"LS-{n:02}", "enhet": units[n % 3], "mottagen": day, "bedomning": ("risk", "allvarligt")[n % 2],
         "beslutad": "2022-01-05" if n >= 4 else "", "ivo_anmald": "2022-01-06" if n % 4 == 3 else "",
         "avslutad": "2022-01-10" if n >= 6 else ""}
        for n, day in rows
    ]))  # fmt: skip
    office.imports("complaints", as_csv([
        {"ref": f"S-{n:02}", "enhet": units[n % 3], "mottagen": day, "typ": ("klagomål", "beröm")[n % 2],
         "besvarad": "2022-01-10" if n >= 6 else ""}
        for n, day in rows
    ]))  # fmt: skip
    return office


def reaches():
    """All, the two units of a part of the tree, and one unit."""
    places = {unit.name: unit for unit in list_units(EVERYTHING)}
    low, high = sorted(places[name].tree_from for name in ("Barn", "Vuxen"))
    return {
        "all": Scope(EVERYTHING), "part": Scope(Reach(intervals=((low, low), (high, high)))),
        "one": Scope(Reach(intervals=((low, low),), only_unit_id=unit_id_of("Barn"))),
    }  # fmt: skip


def refs(register, wanted, scope):
    return [row.ref for row in list_cases(register, wanted, scope, TODAY).rows]


def test_by_hand_of_each_register(filled):
    scopes = reaches()
    # Barn has the numbers 1, 4, 7, 10; Vuxen 0, 3, 6, 9. Open: 0 to 5.
    assert refs(DEVIATIONS, CaseFilter(Status.OPEN), scopes["one"]) == ["A-04", "A-01"]
    assert refs(DEVIATIONS, CaseFilter(Status.STILL), scopes["part"]) == ["A-04", "A-03", "A-01", "A-00"]
    assert refs(LEX_SARAH, CaseFilter(Status.TO_IVO), scopes["all"]) == ["LS-11", "LS-07", "LS-03"]
    assert refs(LEX_SARAH, CaseFilter(Status.TO_IVO), scopes["part"]) == ["LS-07", "LS-03"]
    assert refs(LEX_SARAH, CaseFilter(Status.LATE), scopes["all"]) == ["LS-03", "LS-02", "LS-01", "LS-00"]
    assert refs(LEX_SARAH, CaseFilter(choice="risk"), scopes["one"]) == ["LS-10", "LS-04"]
    assert refs(COMPLAINTS, CaseFilter(Status.LATE, "klagomål"), scopes["part"]) == ["S-04", "S-00"]
    assert refs(COMPLAINTS, CaseFilter(ref="S-1"), scopes["all"]) == ["S-11", "S-10"]
    assert refs(COMPLAINTS, CaseFilter(from_on=date(2021, 3, 1), to_on=date(2021, 5, 1)), scopes["one"]) == ["S-04"]


@pytest.mark.parametrize("many", [False, True], ids=["few", "many"])
@pytest.mark.parametrize("register", [DEVIATIONS, LEX_SARAH, COMPLAINTS], ids=lambda one: one.prefix)
def test_every_combination_finds_what_an_export_holds(filled, monkeypatch, register, many):
    if many:  # as where there are more than are counted: the list is walked in its order
        monkeypatch.setattr(reading, "COUNT_CAP", 0)
        reading._count_statement.cache_clear()
        reading._page_statement.cache_clear()
    category = next(row.choice for row in list_cases(DEVIATIONS, CaseFilter(), Scope(EVERYTHING), TODAY).rows)
    choice = {DEVIATIONS: category, LEX_SARAH: "risk", COMPLAINTS: "klagomål"}[register]
    further = [(None, None, ""), (date(2021, 2, 1), date(2021, 9, 1), ""), (None, None, f"{register.prefix}-0")]
    found = 0
    for scope in reaches().values():
        for status, chosen, (first, last, ref) in product((None, *STATUSES[register.kind]), (None, choice), further):
            wanted = CaseFilter(status, chosen, first, last, ref)
            exported = [row["ref"] for row in export_cases(register, wanted, scope, TODAY)]
            assert refs(register, wanted, scope) == exported
            found += len(exported)
    reading._count_statement.cache_clear()
    reading._page_statement.cache_clear()
    assert found > 100


def test_a_year_counts_what_lived_in_it(filled):
    scopes = reaches()
    # Twelve reported in 2021, one a month; numbers 6 to 11 were closed on 10 January 2022.
    assert deviation_year(2021, date(2021, 12, 31), scopes["all"]) == DeviationYear(0, 12, 0, 0, 12)
    assert deviation_year(2021, date(2021, 6, 30), scopes["all"]) == DeviationYear(0, 6, 0, 0, 6)
    assert deviation_year(2022, TODAY, scopes["all"]) == DeviationYear(12, 0, 6, 0, 6)
    assert deviation_year(2022, TODAY, scopes["one"]) == DeviationYear(4, 0, 2, 0, 2)
    # Numbers 4 to 11 were decided on 5 January 2022: LS-10 (due 1 January) late, LS-11 (due 1 February) in time.
    told = lex_sarah_year(2021, TODAY, scopes["all"])
    assert (told.received, told.decided, told.in_time, told.open, told.ivo_notified) == (12, 8, 1, 4, 3)
    assert lex_sarah_year(2021, date(2021, 12, 31), scopes["all"]).open == 12
    assert lex_sarah_year(2021, TODAY, scopes["part"]).open == 3
    answered = complaint_year(2021, TODAY, scopes["all"])
    assert (answered.received, answered.answered, answered.in_time) == (6, 3, 0)


def test_every_state_that_is_filtered_by_is_one_of_an_open_case():
    """The list of such a state asks for no more than the state: `is_open` is kept by `set_state` and follows it."""
    found = {}
    for status, state in STATE_OF.items():
        row = {}
        set_state(row, state)
        found[status] = row["is_open"]
    assert found == dict.fromkeys(
        (Status.TO_RECEIVE, Status.RECEIVED, Status.ASSESSED, Status.INVESTIGATING, Status.INVESTIGATED,
         Status.DECIDED, Status.ACTING, Status.FOLLOWED_UP), True,
    )  # fmt: skip
