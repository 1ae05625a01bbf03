"""The risk register: a page of a year's risks, the heaviest first, of a cell, row or column of the matrix or of all."""

import base64
import binascii
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any, NamedTuple, Self

from sqlalchemy import ColumnElement, Select, bindparam, func, select, tuple_

from tracker.database import db, read
from tracker.records.scope import Scope, visible
from tracker.risk.models import Risk
from tracker.risk.queries import ROW, RiskRow, on_list
from tracker.rules.risk_assessment import RiskList
from tracker.rules.risk_scoring import SIZES
from tracker.web.pagination import LARGEST_ID, LONGEST_KEY, PAGE_ROWS, Order

R = Risk
EXPORT_BATCH = 1_000
LARGEST_RANK = 2**15 - 1  # of what its column holds
HEAVIEST, BY_REF = Order("score", falling=True), Order("ref_key")


class Place(NamedTuple):
    """The place of a risk in the list, which goes by rank (the heaviest first), natural ref and number; it tells where
    the list goes by ref alone, too.
    """

    rank: int
    ref_key: str
    record_id: int

    def __str__(self) -> str:
        """The place as it stands in an address."""
        return base64.urlsafe_b64encode(json.dumps(list(self)).encode()).decode().rstrip("=")

    @classmethod
    def parse(cls, given: str | None) -> Self | None:
        """The place in an address; None when there is none or it is not one of ours (the list begins at the top)."""
        if not given or len(given) > LONGEST_KEY:
            return None
        try:
            found = json.loads(base64.urlsafe_b64decode(given + "=" * (-len(given) % 4)))
            rank, ref_key, record_id = found
            str(ref_key).encode()  # half of a pair of signs is no text
        except (ValueError, TypeError, RecursionError, binascii.Error):
            return None
        bounds = ((rank, LARGEST_RANK), (record_id, LARGEST_ID))
        numbers = all(type(one) is int and abs(one) <= most for one, most in bounds)  # JSON's true is no number
        fits = numbers and isinstance(ref_key, str) and "\x00" not in ref_key
        return cls(rank, ref_key, record_id) if fits else None


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the matrix; a row or a column of it where one of the two is None, never both."""

    likelihood: int | None
    consequence: int | None

    @property
    def cells(self) -> list["Cell"]:
        """The cells that it holds, in the largest scale there is."""
        steps = range(1, max(SIZES) + 1)
        likelihoods, consequences = ([one] if one else steps for one in (self.likelihood, self.consequence))
        return [Cell(*pair) for pair in product(likelihoods, consequences)]

    @property
    def rank(self) -> int:
        """The rank of its risks, where it is one cell."""
        return -(self.likelihood or 0) * (self.consequence or 0)


class RiskFilter(NamedTuple):
    """What is asked for: one of the lists, and one cell, row or column of it or all."""

    risk_list: RiskList = RiskList.GROSS
    cell: Cell | None = None

    @property
    def values(self) -> dict[str, Any]:
        """What its statements are run with."""
        steps = {} if self.cell is None else {"likelihood": self.cell.likelihood, "consequence": self.cell.consequence}
        return {name: step for name, step in steps.items() if step is not None}


@dataclass(frozen=True, slots=True)
class RiskPage:
    """A page of the register; the places are None where the list ends."""

    rows: tuple[RiskRow, ...]
    after: Place | None
    before: Place | None


Keyed = tuple[RiskRow, str]  # a risk and its ref_key


class _Shape(NamedTuple):
    risk_list: RiskList
    by_cell: bool
    scope: Scope
    order: Order
    forward: bool
    from_place: bool


def _columns_of(order: Order, by_cell: bool) -> dict[str, Any]:
    """What a list goes by, under the names of a place's values; the rank is one for all of a cell."""
    by_ref: dict[str, Any] = {"ref_key": R.ref_key, "record_id": R.record_id}
    return by_ref if by_cell or order.column == BY_REF.column else {"rank": R.rank} | by_ref


def _descends(order: Order, forward: bool) -> bool:
    """Whether the columns are read from the largest down: the heaviest has the least rank."""
    down = order.descends(forward)
    return down if order.column == BY_REF.column else not down


def _hinted(shape: _Shape, statement: Select[Any]) -> Select[Any]:
    """By which index SQLite goes where refs give the order: the few of a unit are found first and sorted."""
    reach = shape.scope.reach
    if (
        shape.order.column != BY_REF.column
        or shape.by_cell
        or shape.scope.named
        or not (reach.everything or reach.intervals)
    ):
        return statement
    index = "ix_risk_ref" if reach.only_unit_id is None else "ix_risk_of_unit"
    return statement.with_hint(R, f"INDEXED BY {index}", dialect_name="sqlite")


@lru_cache(maxsize=1_000)
def _statement(shape: _Shape) -> Select[Any]:
    seen = visible(R.record_id, R.unit_id, R.mark, shape.scope, in_order=True)
    columns = (*ROW, R.ref_key)
    statement = select(*columns).where(R.year == bindparam("year"), seen, *on_list(shape.risk_list))
    statement = _hinted(shape, statement)
    if shape.by_cell:
        statement = statement.where(R.likelihood == bindparam("likelihood"), R.consequence == bindparam("consequence"))
    order, descends = _columns_of(shape.order, shape.by_cell), _descends(shape.order, shape.forward)
    if shape.from_place:
        place, key = tuple_(*order.values()), tuple_(*(bindparam(name) for name in order))
        statement = statement.where(place < key if descends else place > key)
    return statement.order_by(*(column.desc() if descends else column for column in order.values())).limit(
        PAGE_ROWS + 1
    )


def list_register(
    year: int, wanted: RiskFilter, scope: Scope, after: Place | None = None, before: Place | None = None,
    order: Order = HEAVIEST,
) -> RiskPage:  # fmt: skip
    """The page that follows `after` or precedes `before`, else the first; one statement for all or for a cell, one for
    each cell of a row or a column, whatever the size.
    """
    place, forward = before or after, before is None
    cells = wanted.cell.cells if wanted.cell else []
    if len(cells) > 1:
        found = _of_cells(year, wanted.risk_list, cells, scope, order, place, forward)
    else:
        found = _read(year, wanted, scope, order, place, forward)
    more, found = len(found) > PAGE_ROWS, found[:PAGE_ROWS]
    if before is not None:
        found.reverse()
    further = more if before is None else True
    earlier = more if before is not None else after is not None
    places = [Place(-row.score, ref_key, row.record_id) for row, ref_key in found]
    return RiskPage(
        tuple(row for row, _ in found), places[-1] if places and further else None,
        places[0] if places and earlier else None,
    )  # fmt: skip


def _read(
    year: int, wanted: RiskFilter, scope: Scope, order: Order, place: Place | None, forward: bool
) -> list[Keyed]:  # fmt: skip
    """The rows of a page of all or of one cell, and one more."""
    values: dict[str, Any] = {"year": year} | scope.values | wanted.values
    by_cell = wanted.cell is not None
    if place is not None:
        values |= {name: getattr(place, name) for name in _columns_of(order, by_cell)}
    statement = _statement(_Shape(wanted.risk_list, by_cell, scope, order, forward, place is not None))
    rows = read(statement, values)
    return [(RiskRow._make(row[:-1]), row[-1]) for row in rows]


def _of_cells(
    year: int, risk_list: RiskList, cells: list[Cell], scope: Scope, order: Order, place: Place | None, forward: bool
) -> list[Keyed]:  # fmt: skip
    """The same of a row or a column, whose cells have a rank each: each is walked in its own order, so that a row far
    from where the list begins is not looked for through all of it.
    """
    descends, by_ref = _descends(order, forward), order.column == BY_REF.column
    found: list[Keyed] = []
    for cell in sorted(cells, key=lambda cell: cell.rank, reverse=descends):
        start = place if by_ref or (place and place.rank == cell.rank) else None
        if place and not start and (cell.rank > place.rank) is descends:
            continue  # it lies wholly before the place
        found += _read(year, RiskFilter(risk_list, cell), scope, order, start, forward)
        if not by_ref and len(found) > PAGE_ROWS:
            break
    if by_ref:
        found.sort(key=lambda one: (one[1], one[0].record_id), reverse=descends)
    return found[: PAGE_ROWS + 1]


def _whole(year: int, wanted: RiskFilter, scope: Scope) -> list[ColumnElement[bool]]:
    found = [R.year == year, visible(R.record_id, R.unit_id, R.mark, scope), *on_list(wanted.risk_list)]
    return found + [getattr(R, name) == value for name, value in wanted.values.items()]


def count_register(year: int, wanted: RiskFilter, scope: Scope) -> int:
    """How many risks the whole filtered list holds."""
    statement = select(func.count()).select_from(R).where(*_whole(year, wanted, scope))
    return db.session.scalar(statement, scope.values) or 0


def export_register(year: int, wanted: RiskFilter, scope: Scope, order: Order | None = None) -> Iterator[RiskRow]:
    """The whole filtered list in an order, the natural one of its refs without one, a batch at a time."""
    columns = [R.ref_key, R.ref] if order is None else [*_columns_of(order, by_cell=False).values()]
    descends = order is not None and _descends(order, forward=True)
    statement = select(*ROW).where(*_whole(year, wanted, scope))
    statement = statement.order_by(*(column.desc() if descends else column for column in columns))
    result = db.session.execute(statement, scope.values, execution_options={"yield_per": EXPORT_BATCH})
    for batch in result.partitions():
        yield from map(RiskRow._make, batch)
