"""May I see it? One predicate, used by lists, pages, exports, counts, reports, search and attachments alike.

A reader sees a record when it lies within the reach of their roles and is ordinary, or has been given to them by name;
never when it has been closed to them, and never here when it is voided.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    and_,
    any_,
    bindparam,
    case,
    false,
    func,
    literal_column,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.orm import InstrumentedAttribute

from tracker.accounts.models import Unit
from tracker.accounts.queries import UnitRow
from tracker.accounts.reader import EVERYTHING, Reach, Reader
from tracker.database import is_sqlite
from tracker.records.models import Access, GrantKind, Mark, Record, RecordGrant
from tracker.rules.permissions import Permission

Column = InstrumentedAttribute[int] | ColumnElement[int]


@dataclass(frozen=True, slots=True)
class Scope:
    """What a reader may see of a register: the reach of their roles, and whether anything has been given or closed.

    `named` and `closed` are False for nearly everybody, and then no query asks for grants. `narrowed`: the reach is a
    filter's, so that what is given by name counts only inside it. `hsl`: the reader is MAS, as `cases.mas` has it.
    The reader's number is bound when a statement runs and is no part of what makes two scopes equal: statements are
    made once for each kind of scope.
    """

    reach: Reach
    permission: Permission | None = None
    named: bool = False
    closed: bool = False
    narrowed: bool = False
    hsl: bool = False
    reader_id: int | None = field(default=None, compare=False)

    @property
    def values(self) -> dict[str, Any]:
        """What statements made with this scope need bound."""
        return {"reader_id": self.reader_id} if self.named or self.closed else {}

    def within(self, reach: Reach) -> "Scope":
        """The scope inside a part of its reach."""
        return replace(self, reach=reach, narrowed=True)


EVERY_RECORD = Scope(EVERYTHING)


def scope_of(reader: Reader, permission: Permission) -> Scope:
    """What the reader may see by this permission; without it for any unit, grants open nothing."""
    named = reader.named and reader.allows(permission)
    return Scope(reader.reach(permission), permission, named, reader.closed, reader_id=reader.user_id)


def scope_of_unit(unit_id: int | None, units: Iterable[UnitRow], scope: Scope) -> Scope | None:
    """The scope narrowed to a unit and all below it; None when the unit lies outside."""
    if unit_id is None:
        return scope
    for unit in units:
        if unit.id == unit_id:
            single = unit.tree_from == unit.tree_to
            only = unit.id if single else None
            return scope.within(Reach(intervals=((unit.tree_from, unit.tree_to),), only_unit_id=only))
    return None


def written_scope(reader: Reader, permission: Permission) -> Scope:
    """What the reader may change by this permission: a record outside the reach of their roles that is given to them by
    name is theirs to read alone, as `yearly.Importer.sees` has it of files and forms.
    """
    scope = scope_of(reader, permission)
    return scope.within(scope.reach)


def within_reach(unit_id: Column, reach: Reach, *, in_order: bool = False) -> ColumnElement[bool]:
    """Rows whose unit lies within the reader's reach.

    At the top no predicate at all, for one unit equality, for a part of the tree an interval of it: the database's
    planner is told no more than it needs. `in_order`: the rows are walked in a list's order, and a part of the tree
    must not lure the planner to an index by unit.
    """
    if reach.everything:
        return true()
    if reach.only_unit_id is not None:
        return unit_id == reach.only_unit_id
    if not reach.intervals:
        return false()
    units = select(Unit.id).where(or_(*(Unit.tree_from.between(low, high) for low, high in reach.intervals)))
    if not in_order:
        return unit_id.in_(units)
    return (unit_id + 0).in_(units) if is_sqlite() else unit_id == any_(func.array(units.scalar_subquery()))


def is_marked(mark: Column, value: Mark) -> ColumnElement[bool]:
    """Rows with this mark; written as a number, so that the database finds its partial indexes."""
    return mark == literal_column(str(value.value))


def named_records() -> ScalarSelect[int]:
    """The records given to the reader by name."""
    return _granted(GrantKind.NAMED)


def closed_records() -> ScalarSelect[int]:
    """The records closed to the reader."""
    return _granted(GrantKind.CLOSED)


def _granted(kind: GrantKind) -> ScalarSelect[int]:
    mine = and_(RecordGrant.user_id == bindparam("reader_id"), RecordGrant.kind == kind.value)
    return select(RecordGrant.record_id).where(mine).scalar_subquery()


def ordinary(unit_id: Column, mark: Column, reach: Reach, *, in_order: bool = False) -> ColumnElement[bool]:
    """Rows that the reach of the roles alone opens."""
    return and_(within_reach(unit_id, reach, in_order=in_order), is_marked(mark, Mark.ORDINARY))


def by_name_alone(record_id: Column, unit_id: Column, mark: Column, scope: Scope) -> ColumnElement[bool]:
    """Rows that the reader sees because their record is given by name, and not by the reach of the roles as well."""
    protected = is_marked(mark, Mark.PROTECTED)
    if scope.narrowed:
        opened = and_(protected, within_reach(unit_id, scope.reach))
    elif scope.reach.everything:
        opened = protected
    else:
        outside = and_(is_marked(mark, Mark.ORDINARY), not_(within_reach(unit_id, scope.reach)))
        opened = or_(protected, outside)
    return and_(record_id.in_(named_records()), opened)


def visible(
    record_id: Column, unit_id: Column, mark: Column, scope: Scope, *, in_order: bool = False
) -> ColumnElement[bool]:
    """The whole predicate, over a register's own columns; its statement runs with `scope.values`."""
    seen = ordinary(unit_id, mark, scope.reach, in_order=in_order)
    if scope.named:
        seen = or_(seen, by_name_alone(record_id, unit_id, mark, scope))
    return and_(seen, record_id.not_in(closed_records())) if scope.closed else seen


RECORD_MARK: ColumnElement[int] = case(
    (Record.voided_at.is_not(None), literal_column(str(Mark.VOIDED.value))),
    (Record.access == Access.PROTECTED.value, literal_column(str(Mark.PROTECTED.value))),
    else_=literal_column(str(Mark.ORDINARY.value)),
)


def visible_records(scope: Scope) -> ColumnElement[bool]:
    """The same predicate over `record` itself, for what only refers to a record."""
    return visible(Record.id, Record.unit_id, RECORD_MARK, scope)
