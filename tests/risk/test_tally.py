"""The counts that are kept for the matrix are those of the register, after every kind of change, for every reader."""

import random
from collections import Counter
from typing import Any

import pytest
from sqlalchemy import select

from tests.control.office import RISK_HEAD, hide, risk
from tests.factories import make_unit, make_user
from tracker import clock
from tracker.accounts.reader import reader_by_email
from tracker.database import db
from tracker.records.models import Mark
from tracker.records.scope import EVERY_RECORD, Scope, scope_of
from tracker.risk.models import Risk, RiskTally
from tracker.risk.queries import list_risks, matrix_of
from tracker.rules.permissions import Permission
from tracker.rules.risk_assessment import RiskList

BO, EVA, UNA, DAN = "bo@kommun.example", "eva@kommun.example", "una@kommun.example", "dan@kommun.example"
EMPTY = [[0] * 4 for _ in range(4)]


def file_of(*rows: tuple[Any, ...]) -> str:
    """A file of risks: (year, ref, sannolikhet, konsekvens), and `ja` or `nej` of the net list."""
    lines = [f"{year};{ref};;;Risk {ref};{s};{k};;;{''.join(net)};Skäl" for year, ref, s, k, *net in rows]
    return "\n".join([f"{RISK_HEAD};nettolista;nettolista_skal", *lines, ""])


def kept() -> Counter:
    """What is kept, by (year, unit, sannolikhet, konsekvens, all or net); zeros left out."""
    db.session.rollback()
    rows = db.session.scalars(select(RiskTally))
    return Counter({
        (r.year, r.unit_id, r.likelihood, r.consequence, on_list): n
        for r in rows for on_list, n in (("all", r.number), ("net", r.net_number)) if n
    })  # fmt: skip


def counted() -> Counter:
    """What the register holds, counted row by row."""
    db.session.rollback()
    rows = db.session.scalars(select(Risk).where(Risk.mark == Mark.ORDINARY.value))
    return Counter(
        (r.year, r.unit_id, r.likelihood, r.consequence, on_list)
        for r in rows for on_list in ("all", *(["net"] if r.in_net else []))
    )  # fmt: skip


def scope(email: str) -> Scope:
    db.session.rollback()
    return scope_of(reader_by_email(email, clock.today()), Permission.READ_CONTROL)


def matrix(of: Scope, year: int = 2021) -> list[list[int]]:
    """The matrix of a reader, which must be that of the list of risks they see."""
    for one in RiskList:
        by_hand = [[0] * 4 for _ in range(4)]
        for row in list_risks(year, of, risk_list=one):
            by_hand[row.likelihood - 1][row.consequence - 1] += 1
        assert matrix_of(year, 4, of, one) == by_hand
    return matrix_of(year, 4, of)


def drawn(**cells: int) -> list[list[int]]:
    """A matrix with these cells: `c34=2` is two risks with sannolikhet 3 and konsekvens 4."""
    made = [[0] * 4 for _ in range(4)]
    for name, number in cells.items():
        made[int(name[1]) - 1][int(name[2]) - 1] = number
    return made


def test_a_year_without_risks_is_a_matrix_of_zeros(office):
    assert matrix(EVERY_RECORD) == EMPTY
    office.imports("risks", file_of((2021, "R1", 3, 4)))
    assert matrix(EVERY_RECORD, 2020) == EMPTY


def test_new_rows_are_counted_in_their_cells(office):
    office.imports("risks", file_of((2021, "R1", 3, 4), (2021, "R2", 4, 3), (2021, "R3", 3, 4), (2022, "R1", 1, 1)))
    assert kept() == counted()
    assert matrix(EVERY_RECORD) == drawn(c34=2, c43=1)
    assert matrix(EVERY_RECORD, 2022) == drawn(c11=1)


def test_a_changed_risk_leaves_its_cell_and_stands_in_the_other(office):
    office.imports("risks", file_of((2021, "R1", 3, 4), (2021, "R2", 3, 4)))
    office.imports("risks", file_of((2021, "R1", 4, "")))
    assert kept() == counted()
    assert matrix(EVERY_RECORD) == drawn(c34=1, c44=1)
    office.imports("risks", file_of((2021, "R2", "", 1)))
    assert matrix(EVERY_RECORD) == drawn(c31=1, c44=1)


def test_risks_that_change_places_leave_the_counts_as_they_were(office):
    office.imports("risks", file_of((2021, "R1", 1, 2), (2021, "R2", 2, 1)))
    before = kept()
    office.imports("risks", file_of((2021, "R1", 2, 1), (2021, "R2", 1, 2)))
    assert kept() == counted() == before
    assert matrix(EVERY_RECORD) == drawn(c12=1, c21=1)


def test_a_cell_that_is_left_and_filled_again_counts_right(office):
    for likelihood in (1, 2, 1, 2, 1):
        office.imports("risks", file_of((2021, "R1", likelihood, 1)))
        assert kept() == counted()
    assert matrix(EVERY_RECORD) == drawn(c11=1)


def test_unchanged_rows_other_cells_and_dry_runs_and_refusals_move_nothing(office):
    rows = file_of((2021, "R1", 3, 4), (2021, "R2", 2, 2))
    office.imports("risks", rows)
    before = kept()
    office.imports("risks", rows)
    office.imports("risks", "ar;ref;risk;sannolikhet;konsekvens\n2021;R1;Ny text;;\n")
    office.imports("risks", file_of((2021, "R1", 1, 1), (2021, "R9", 1, 1)), "--dry-run")
    office.refused("risks", file_of((2021, "R1", 1, 1), (2021, "R9", 5, 1)))
    assert kept() == counted() == before
    assert risk("R1").text == "Ny text"


def test_a_risk_that_leaves_the_net_list_and_comes_back_is_counted_so(office):
    office.imports("risks", file_of((2021, "R1", 3, 4), (2021, "R2", 3, 4, "nej")))
    assert matrix_of(2021, 4, EVERY_RECORD, RiskList.NET) == drawn(c34=1)
    office.imports("risks", file_of((2021, "R1", 3, 4, "nej"), (2021, "R2", 1, 1, "ja")))
    assert kept() == counted()
    assert matrix(EVERY_RECORD) == drawn(c34=1, c11=1)
    assert matrix_of(2021, 4, EVERY_RECORD, RiskList.NET) == drawn(c11=1)
    assert matrix_of(2021, 4, EVERY_RECORD, RiskList.LEFT_OUT) == drawn(c34=1)


@pytest.mark.parametrize("seed", range(3))
def test_any_row_of_files_keeps_the_counts_equal(office, seed):
    make_user(BO, "internkontroll", unit="Vuxen")
    make_user(EVA, "internkontroll", unit="Barn")
    chance = random.Random(seed)  # noqa: S311 - the same files every time, no secret
    for _ in range(6):
        who = chance.choice((BO, EVA))
        refs = chance.sample(range(1, 13), k=chance.randint(1, 8))
        rows = [
            (year, f"{who[0]}{ref}", chance.randint(1, 4), chance.randint(1, 4), chance.choice(("ja", "nej", "")))
            for ref in refs
            for year in (2020, 2021)
        ]
        office.imports("risks", file_of(*rows), "--by", who)
        assert kept() == counted()
        assert sum(map(sum, matrix(EVERY_RECORD))) == sum(map(sum, matrix(EVERY_RECORD, 2020)))


@pytest.fixture
def units(office):
    """Risks of three units: Vuxen 1 below Vuxen, and Barn beside it."""
    make_unit("Vuxen 1", "Vuxen")
    for email, unit in ((BO, "Vuxen"), (EVA, "Barn"), (UNA, "Vuxen 1")):
        make_user(email, "internkontroll", unit=unit)
    make_user(DAN, "internkontroll")
    office.imports("risks", file_of((2021, "V1", 3, 4), (2021, "V2", 1, 1)), "--by", BO)
    office.imports("risks", file_of((2021, "B1", 3, 4)), "--by", EVA)
    office.imports("risks", file_of((2021, "U1", 3, 4), (2021, "U2", 2, 2)), "--by", UNA)
    return office


class TestReaders:
    """Each reader's matrix is that of the risks they see."""

    def test_each_unit_is_counted_by_itself(self, units):
        assert kept() == counted()
        assert len({unit for _, unit, *_ in kept()}) == 3
        assert matrix(EVERY_RECORD) == drawn(c34=3, c11=1, c22=1)

    @pytest.mark.parametrize(
        ("email", "expected"),
        [
            (DAN, drawn(c34=3, c11=1, c22=1)),
            (BO, drawn(c34=2, c11=1, c22=1)),
            (EVA, drawn(c34=1)),
            (UNA, drawn(c34=1, c22=1)),
        ],
        ids=["the top", "a branch", "one unit", "a unit below"],
    )
    def test_a_reader_of_a_part_of_the_tree_gets_the_counts_of_it(self, units, email, expected):
        assert matrix(scope(email)) == expected

    def test_a_reader_without_the_permission_gets_zeros(self, units):
        make_user("sara@kommun.example", "sekreterare")
        assert matrix(scope("sara@kommun.example")) == EMPTY

    def test_a_risk_that_is_closed_to_a_reader_is_not_in_their_matrix_alone(self, units):
        hide(risk("V1"), "closed", seer=DAN, other=BO)
        assert scope(BO).closed
        assert matrix(scope(BO)) == drawn(c34=1, c11=1, c22=1)
        assert matrix(scope(DAN)) == drawn(c34=3, c11=1, c22=1)
        assert kept() == counted()

    def test_a_closed_risk_that_somebody_else_changes_moves_for_the_others_alone(self, units):
        hide(risk("V1"), "closed", seer=DAN, other=BO)
        units.imports("risks", file_of((2021, "V1", 4, 4), (2021, "V2", 1, 2)), "--by", DAN)
        assert matrix(scope(BO)) == drawn(c34=1, c12=1, c22=1)
        assert matrix(scope(DAN)) == drawn(c34=2, c44=1, c12=1, c22=1)
        assert kept() == counted()

    def test_what_two_risks_of_one_cell_share_is_told_apart(self, units):
        """Of the two risks in one cell of the branch, one is closed to the reader: one is left."""
        hide(risk("U1"), "closed", seer=DAN, other=BO)
        assert matrix(scope(BO))[2][3] == 1
