"""A year's risks beside those of an earlier one, told apart by the database: however many, few are held."""

from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, and_, func, or_, select
from sqlalchemy.orm import aliased

from tracker.control.plan_queries import RISK_FIELDS
from tracker.database import db
from tracker.records.scope import Scope, visible
from tracker.risk.models import Risk
from tracker.rules.plan_changes import ChangeKind, FieldChange, RowChange

AFTER, BEFORE = aliased(Risk), aliased(Risk)


class Compared(NamedTuple):
    """How many risks differ by kind, how many are as before, and the first of those that differ: (what differs, the
    record's number, its text).
    """

    counts: dict[ChangeKind, int]
    same: int
    lines: list[tuple[RowChange, int, str]]


def compare_years(before: int | None, year: int, scope: Scope, most: int) -> Compared:
    """What the reader may see of both: new and changed in the natural order of refs, then those that are removed; the
    first `most`. None before: nothing to compare with, every risk is new.
    """
    earlier, later = _seen(BEFORE, before, scope), _seen(AFTER, year, scope)
    differs = or_(*(getattr(AFTER, name).is_distinct_from(getattr(BEFORE, name)) for name in RISK_FIELDS))
    matched = and_(BEFORE.ref == AFTER.ref, earlier)
    fresh = BEFORE.record_id.is_(None)
    total, new, changed = _figures(later, matched, fresh, differs, scope)
    gone = and_(earlier, ~select(AFTER.record_id).where(AFTER.ref == BEFORE.ref, later).exists())
    removed = db.session.scalar(select(func.count()).select_from(BEFORE).where(gone), scope.values) or 0
    lines = _differing(later, matched, or_(fresh, differs), scope, most)
    if len(lines) < most and removed:
        lines += _removed(gone, scope, most - len(lines))
    counts = {ChangeKind.NEW: new, ChangeKind.CHANGED: changed, ChangeKind.REMOVED: removed}
    return Compared(counts, total - new - changed, lines)


def _seen(of: Any, year: int | None, scope: Scope) -> ColumnElement[bool]:  # noqa: ANN401 - an alias of Risk
    return and_(of.year == year, visible(of.record_id, of.unit_id, of.mark, scope))


def _figures(
    later: ColumnElement[bool], matched: ColumnElement[bool], fresh: ColumnElement[bool],
    differs: ColumnElement[bool], scope: Scope,
) -> tuple[int, int, int]:  # fmt: skip
    """(all of the later year, new, changed)."""
    columns = (
        func.count(), func.count().filter(fresh), func.count().filter(and_(~fresh, differs)),
    )  # fmt: skip
    row = db.session.execute(select(*columns).select_from(AFTER).outerjoin(BEFORE, matched).where(later), scope.values)
    total, new, changed = row.one()
    return total, new, changed


def _differing(
    later: ColumnElement[bool], matched: ColumnElement[bool], which: ColumnElement[bool], scope: Scope, most: int
) -> list[tuple[RowChange, int, str]]:
    fields: tuple[Any, ...] = tuple(getattr(of, name) for of in (BEFORE, AFTER) for name in RISK_FIELDS)
    statement = (
        select(AFTER.ref, AFTER.record_id, AFTER.text, BEFORE.record_id, *fields)
        .outerjoin(BEFORE, matched).where(later, which).order_by(AFTER.ref_key, AFTER.ref).limit(most)
    )  # fmt: skip
    return [_line(row) for row in db.session.execute(statement, scope.values)]


def _line(row: Row[Any]) -> tuple[RowChange, int, str]:
    values = iter(row)
    ref, record_id, text, matched = islice(values, 4)
    if matched is None:
        return RowChange(ref, ChangeKind.NEW), record_id, text
    old = list(islice(values, len(RISK_FIELDS)))
    pairs = zip(RISK_FIELDS, old, values, strict=True)
    differing = tuple(FieldChange(name, was, now) for name, was, now in pairs if was != now)
    return RowChange(ref, ChangeKind.CHANGED, differing), record_id, text


def _removed(gone: ColumnElement[bool], scope: Scope, most: int) -> list[tuple[RowChange, int, str]]:
    columns = (BEFORE.ref, BEFORE.record_id, BEFORE.text)
    statement = select(*columns).where(gone).order_by(BEFORE.ref_key, BEFORE.ref).limit(most)
    rows = db.session.execute(statement, scope.values)
    return [(RowChange(ref, ChangeKind.REMOVED), record_id, text) for ref, record_id, text in rows]
