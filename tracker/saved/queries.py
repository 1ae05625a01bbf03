"""Reading saved views: those of a register that a reader has, their own and those shared with where they work."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, func, literal_column, or_, select

from tracker.accounts.models import Unit, User
from tracker.database import db
from tracker.records.models import CodeItem, CodeList
from tracker.rules.saved_views import CodeOf
from tracker.saved.models import SavedView

V = SavedView
LISTS = {
    CodeOf.INTERVENTION: CodeList.INTERVENTION,
    CodeOf.CATEGORY: CodeList.DEVIATION_CATEGORY,
    CodeOf.CAUSE: CodeList.DEVIATION_CAUSE,
}


@dataclass(frozen=True, slots=True)
class ViewRow:
    """A saved view as a reader has it. `unit_id`, `unit` and `place` (where its tree begins) are of the unit that it is
    shared with, None for its owner alone.
    """

    id: int
    path: str
    name: str
    filter: str
    owner_id: int
    owner: str
    unit_id: int | None
    unit: str | None
    place: int | None

    @property
    def parameters(self) -> dict[str, str]:
        """The parameters of its filter."""
        return dict(parse_qsl(self.filter))


@dataclass(frozen=True, slots=True)
class CodeNow:
    """What has become of an entry of a code list: the entry it counts as (itself, where nothing has), and their labels;
    `item_id` is None where there is no such entry.
    """

    item_id: int | None
    label: str = ""
    was: str = ""


Places = Sequence[tuple[int, int]]


@lru_cache(maxsize=200)
def _views(places: int, *, of_path: bool = False, one: bool = False, below: bool = False) -> Select[Any]:
    """The views of somebody who works at so many places of the tree; `below`: those shared with units inside these."""
    columns: tuple[Any, ...] = (
        V.id, V.path, V.name, V.filter, V.owner_id, User.name, V.unit_id, Unit.name, Unit.tree_from,
    )  # fmt: skip
    first = [bindparam(f"first_{place}", type_=Integer) for place in range(places)]
    last = [bindparam(f"last_{place}", type_=Integer) for place in range(places)]
    ends = list(zip(first, last, strict=True))
    if below:
        seen: list[ColumnElement[bool]] = [Unit.tree_from.between(low, high) for low, high in ends]
    else:  # as rules.saved_views.is_shared_with tells it
        seen = [V.owner_id == bindparam("reader_id")]
        seen += [and_(Unit.tree_from <= low, Unit.tree_to >= high) for low, high in ends]
    statement = (
        select(*columns)
        .join(User, User.id == V.owner_id)
        .outerjoin(Unit, Unit.id == V.unit_id)
        .where(or_(literal_column("1 = 0"), *seen))
        .order_by(V.path, V.name, V.id)
    )
    if one:
        statement = statement.where(V.id == bindparam("view_id"))
    return statement.where(V.path == bindparam("path")) if of_path else statement


def _rows(statement: Select[Any], places: Places, **values: object) -> list[ViewRow]:
    for place, (first, last) in enumerate(places):
        values |= {f"first_{place}": first, f"last_{place}": last}
    return [ViewRow(*row) for row in db.session.execute(statement, values)]


def list_views(reader_id: int, places: Places, path: str | None = None) -> list[ViewRow]:
    """The views that a reader has, of one register or of all, by register and name; `places` are the first and last
    place of each unit that they hold a role for. One statement.
    """
    if path is None:
        return _rows(_views(len(places)), places, reader_id=reader_id)
    return _rows(_views(len(places), of_path=True), places, reader_id=reader_id, path=path)


def find_view(view_id: int, reader_id: int, places: Places) -> ViewRow | None:
    """A view that a reader has; None when there is none, or it is neither theirs nor shared with where they work."""
    return next(iter(_rows(_views(len(places), one=True), places, reader_id=reader_id, view_id=view_id)), None)


def list_shared(places: Places) -> list[ViewRow]:
    """The views that are shared with units inside some parts of the tree, for who looks after them."""
    return _rows(_views(len(places), below=True), places)


def find_shared(view_id: int, places: Places) -> ViewRow | None:
    """One of those views."""
    return next(iter(_rows(_views(len(places), one=True, below=True), places, view_id=view_id)), None)


def count_own(owner_id: int) -> int:
    """How many views somebody has saved."""
    return db.session.scalar(select(func.count()).select_from(V).where(V.owner_id == owner_id)) or 0


def is_taken(owner_id: int, path: str, name: str, but: int | None = None) -> bool:
    """Whether the owner has another view of the register with this name."""
    found = select(V.id).where(V.owner_id == owner_id, V.path == path, V.name == name)
    return db.session.scalar(found.where(V.id != but) if but is not None else found) is not None


def code_now(code_of: CodeOf, item_id: int) -> CodeNow:
    """What has become of an entry that a view names: it may have been merged into another, or never have been."""
    wanted = select(CodeItem.id, CodeItem.label, CodeItem.merged_into_id).where(CodeItem.list == LISTS[code_of].value)
    row = db.session.execute(wanted.where(CodeItem.id == item_id)).first()
    was, seen = (row.label if row else ""), set[int]()
    while row is not None and row.merged_into_id is not None and row.id not in seen:
        seen.add(row.id)
        row = db.session.execute(wanted.where(CodeItem.id == row.merged_into_id)).first()
    return CodeNow(None) if row is None else CodeNow(row.id, row.label, was)
