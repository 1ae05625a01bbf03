"""Searching the trail: who, when, which record, which fields. The values that a change holds are never read here.

Entries and reads are two tables, each walked by its number, the newest first, and merged by the moment. The place
between two pages is therefore a pair of numbers: nothing is lost or shown twice, whatever the clocks have said.
"""

import base64
import binascii
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from heapq import merge
from itertools import islice
from typing import Any, Self

from sqlalchemy import ColumnElement, Select, false, func, literal, select, true, union

from tracker.accounts.reader import Reach
from tracker.audit.models import AuditEntry, AuditPart, AuditRead
from tracker.clock import STOCKHOLM, as_utc
from tracker.database import db
from tracker.records.models import Record
from tracker.records.scope import within_reach
from tracker.rules.trail import Action, ActorKind, ReadKind
from tracker.web.pagination import LARGEST_ID, PAGE_ROWS

COUNT_CAP = 1_000
WALKED_DAYS = 92  # within these a small part of the tree is walked like any other
FEW = 500
EXPORT_BATCH = 2_000
HIDDEN_ACTORS = (ActorKind.REPORTER.value, ActorKind.ANONYMOUS.value)
TAKEN_OUT = (ReadKind.EXPORT.value, ReadKind.REPORT.value)
Model = type[AuditEntry] | type[AuditRead]


class Tab(StrEnum):
    """Which part of the log is listed; the last: files that may have held a record."""

    ALL = "alla"
    CHANGES = "handelser"
    READS = "lasningar"
    EXPORTS = "exporter"


@dataclass(frozen=True, slots=True)
class LogFilter:
    """What the log is searched for: days in Sweden, both included. `actor_ids` and `record_ids` are None for all, and
    empty when nobody or nothing fits; the records lie within the reader's reach. `few_records` is set here: all that a
    small part of the tree has, when a long period would otherwise be walked in vain for them.
    """

    first_on: date
    last_on: date
    tab: Tab = Tab.ALL
    actor_ids: tuple[int, ...] | None = None
    record_ids: tuple[int, ...] | None = None
    action: Action | None = None
    read_kind: ReadKind | None = None
    few_records: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One entry or one read. `actor_id` is None whenever the actor is a reporter, whatever is stored."""

    entry: bool
    id: int
    at: datetime
    actor_kind: ActorKind
    actor_id: int | None
    what: Action | ReadKind
    record_id: int | None
    target_kind: str | None = None
    target_id: int | None = None
    fields: tuple[str, ...] = ()
    row_count: int | None = None
    list_name: str | None = None
    selection: str | None = None
    purpose: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the log: what follows has lower numbers than these, what precedes it has these or higher ones."""

    entry: int = LARGEST_ID
    read: int = LARGEST_ID

    def __str__(self) -> str:
        """The place as it stands in an address."""
        return base64.urlsafe_b64encode(f"{self.entry}.{self.read}".encode()).decode().rstrip("=")

    @classmethod
    def parse(cls, text: str | None) -> Self | None:
        """The place in an address; None when there is none or it is not one of ours."""
        if not text or len(text) > 40:
            return None
        try:
            raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
            entry, _, read = raw.partition(".")
            found = cls(int(entry), int(read))
        except (ValueError, binascii.Error):
            return None
        return found if 0 <= found.entry <= LARGEST_ID and 0 <= found.read <= LARGEST_ID else None


@dataclass(frozen=True, slots=True)
class LogPage:
    """A page of the log. `count` stops at the cap, then `capped`; places are None where the list ends."""

    rows: tuple[Event, ...]
    count: int
    capped: bool
    after: Place | None
    before: Place | None


NOTHING = LogPage((), 0, False, None, None)


def moments(first_on: date, last_on: date) -> tuple[datetime, datetime]:
    """From the first moment of the first day in Sweden up to the first after the last, in UTC."""
    start = datetime.combine(first_on, time.min, STOCKHOLM).astimezone(UTC)
    end = datetime.combine(last_on + timedelta(days=1), time.min, STOCKHOLM).astimezone(UTC)
    return start, end


def list_log(wanted: LogFilter, reach: Reach, after: Place | None = None, before: Place | None = None) -> LogPage:
    """The page that follows `after` or precedes `before`, else the newest; no more statements however long the log."""
    wanted = _with_few_records(wanted, reach)
    sources = _sources(wanted, reach)
    count = sum(_count(model, conditions, wanted, COUNT_CAP + 1) for model, conditions in sources.items())
    if count == 0:
        return NOTHING
    found = list(islice(_merged(sources, wanted, before or after or Place(), back=before is not None), PAGE_ROWS + 1))
    more, found = len(found) > PAGE_ROWS, found[:PAGE_ROWS]
    if before is not None:
        found.reverse()
    entries, reads = ([row.id for row in found if row.entry is entry] for entry in (True, False))
    top = before or after or Place()
    below = Place(min(entries, default=top.entry), min(reads, default=top.read)) if before is None else before
    if before is not None:
        top = Place(max(entries, default=top.entry - 1) + 1, max(reads, default=top.read - 1) + 1)
    further = more if before is None else True
    earlier = more if before is not None else after is not None
    return LogPage(
        tuple(found),
        min(count, COUNT_CAP),
        count > COUNT_CAP,
        below if found and further else None,
        top if found and earlier else None,
    )


def export_log(wanted: LogFilter, reach: Reach) -> tuple[int, Iterator[Event]]:
    """How many the filter holds, and all of them, the newest first, read in batches. What is written meanwhile is left
    out, so that the two agree.
    """
    wanted = _with_few_records(wanted, reach)
    sources = _sources(wanted, reach)
    newest = {model: (db.session.scalar(select(func.max(model.id))) or 0) + 1 for model in sources}
    for model, conditions in sources.items():
        conditions.append(model.id < newest[model])
    count = sum(_count(model, conditions, wanted, None) for model, conditions in sources.items())
    return count, _merged(sources, wanted, Place(), back=False, batch=EXPORT_BATCH)


def _with_few_records(wanted: LogFilter, reach: Reach) -> LogFilter:
    short = wanted.last_on - wanted.first_on <= timedelta(days=WALKED_DAYS)
    if reach.everything or wanted.record_ids is not None or short:
        return wanted
    found = tuple(db.session.scalars(select(Record.id).where(within_reach(Record.unit_id, reach)).limit(FEW + 1)))
    return replace(wanted, few_records=found) if len(found) <= FEW else wanted


def _sources(wanted: LogFilter, reach: Reach) -> dict[Model, list[ColumnElement[bool]]]:
    """The tables that the filter looks in, with its conditions on each."""
    nobody = wanted.actor_ids == () or wanted.record_ids == () or wanted.first_on > wanted.last_on
    if nobody or (wanted.tab is Tab.EXPORTS and not reach.everything):
        return {}
    models: list[Model] = []
    if wanted.tab in {Tab.ALL, Tab.CHANGES} and wanted.read_kind is None:
        models.append(AuditEntry)
    if wanted.tab is not Tab.CHANGES and wanted.action is None:
        models.append(AuditRead)
    return {model: _conditions(model, wanted, reach) for model in models}


def _conditions(model: Model, wanted: LogFilter, reach: Reach) -> list[ColumnElement[bool]]:
    found = [*_within_period(model, wanted), *_about(model, wanted, reach)]
    if wanted.actor_ids is not None:
        found += [model.actor_id.in_(wanted.actor_ids), model.actor_kind.not_in(HIDDEN_ACTORS)]
    if wanted.action is not None:
        found.append(AuditEntry.action == wanted.action.value)
    if wanted.read_kind is not None:
        found.append(AuditRead.kind == wanted.read_kind.value)
    return found


def _within_period(model: Model, wanted: LogFilter) -> list[ColumnElement[bool]]:
    """The period, and between which numbers it lies: walking by number, the database then never leaves it.

    Exact, also where a clock was wrong: the numbers come from the index over the moments, of which only the period's
    part is read, and nothing of it when nothing lies outside the period.
    """
    start, end = moments(wanted.first_on, wanted.last_on)
    inside = [model.at >= start, model.at < end]
    before = select(model.id).where(model.at < start).order_by(model.at).limit(1)
    after = select(model.id).where(model.at >= end).order_by(model.at.desc()).limit(1)
    if db.session.scalar(before) is None and db.session.scalar(after) is None:
        return inside
    number = model.id + 0  # keeps PostgreSQL from walking the numbers in search of the first that fits
    low, high = db.session.execute(select(func.min(number), func.max(number)).where(*inside)).one()
    return [false()] if low is None else [*inside, model.id.between(low, high)]


def _about(model: Model, wanted: LogFilter, reach: Reach) -> list[ColumnElement[bool]]:
    """The records that the events are about: the ones asked for, else those within reach; all and none at the top."""
    if wanted.tab is Tab.EXPORTS:
        return [AuditRead.record_id.is_(None), AuditRead.kind.in_(TAKEN_OUT)]
    if wanted.record_ids is None:
        if reach.everything:
            return []
        if wanted.few_records is not None:
            return [model.record_id.in_(wanted.few_records)]
        return [select(literal(1)).where(Record.id == model.record_id, within_reach(Record.unit_id, reach)).exists()]
    if model is AuditRead:
        return [AuditRead.record_id.in_(wanted.record_ids)]
    own = select(AuditEntry.id).where(AuditEntry.record_id.in_(wanted.record_ids))
    in_bulk = select(AuditPart.entry_id).where(AuditPart.record_id.in_(wanted.record_ids))
    return [AuditEntry.id.in_(union(own, in_bulk).scalar_subquery())]


def _hinted(statement: Select[Any], model: Model, wanted: LogFilter) -> Select[Any]:
    """Names SQLite's way, as it guesses from averages: by person or record where asked for, else by number."""
    if wanted.record_ids is not None and wanted.tab is not Tab.EXPORTS:
        return statement
    way = "NOT INDEXED"
    if wanted.actor_ids is not None:
        way = f"INDEXED BY ix_{model.__tablename__}_actor"
    elif wanted.few_records is not None:
        way = f"INDEXED BY ix_{model.__tablename__}_record"
    return statement.with_hint(model, way, dialect_name="sqlite")


def _count(model: Model, conditions: list[ColumnElement[bool]], wanted: LogFilter, cap: int | None) -> int:
    hits = _hinted(select(literal(1).label("one")).select_from(model).where(*conditions), model, wanted)
    some = (hits if cap is None else hits.limit(cap)).subquery()
    return db.session.scalar(select(func.count()).select_from(some)) or 0


def _merged(
    sources: dict[Model, list[ColumnElement[bool]]],
    wanted: LogFilter,
    place: Place,
    *,
    back: bool,
    batch: int = PAGE_ROWS + 1,
) -> Iterator[Event]:
    """The events from a place on: the newest first, or (back) the oldest of those before it first."""
    walks = [
        _walk(model, conditions, wanted, place.entry if model is AuditEntry else place.read, back, batch)
        for model, conditions in sources.items()
    ]
    return merge(*(walks[::-1] if back else walks), key=lambda event: event.at, reverse=not back)


def _walk(
    model: Model, conditions: list[ColumnElement[bool]], wanted: LogFilter, start: int, back: bool, batch: int
) -> Iterator[Event]:
    columns = _ENTRY_COLUMNS if model is AuditEntry else _READ_COLUMNS
    make = _entry if model is AuditEntry else _read
    while True:
        further = model.id >= start if back else model.id < start
        order = model.id if back else model.id.desc()
        statement = select(*columns).where(further, *conditions).order_by(order).limit(batch)
        rows = db.session.execute(_hinted(statement, model, wanted)).all()
        yield from map(make, rows)
        if len(rows) < batch:
            return
        start = rows[-1].id + 1 if back else rows[-1].id


_ENTRY_COLUMNS = (
    AuditEntry.id, AuditEntry.at, AuditEntry.actor_kind, AuditEntry.actor_id, AuditEntry.action, AuditEntry.record_id,
    AuditEntry.target_kind, AuditEntry.target_id, AuditEntry.fields, AuditEntry.parts,
)  # fmt: skip
_READ_COLUMNS = (
    AuditRead.id, AuditRead.at, AuditRead.actor_kind, AuditRead.actor_id, AuditRead.kind, AuditRead.record_id,
    AuditRead.row_count, AuditRead.what, AuditRead.selection, AuditRead.purpose,
)  # fmt: skip


def _entry(row: Any) -> Event:  # noqa: ANN401 - a row of the columns above
    kind = ActorKind(row.actor_kind)
    return Event(
        True, row.id, as_utc(row.at), kind, _shown(kind, row.actor_id), Action(row.action), row.record_id,
        row.target_kind, row.target_id, _names(row.fields), row.parts if row.parts > 1 else None,
    )  # fmt: skip


def _read(row: Any) -> Event:  # noqa: ANN401 - as above
    kind = ActorKind(row.actor_kind)
    return Event(
        False, row.id, as_utc(row.at), kind, _shown(kind, row.actor_id), ReadKind(row.kind), row.record_id,
        row_count=row.row_count, list_name=row.what, selection=row.selection, purpose=row.purpose,
    )  # fmt: skip


def _shown(kind: ActorKind, actor_id: int | None) -> int | None:
    return None if kind.value in HIDDEN_ACTORS else actor_id


def _names(fields: str) -> tuple[str, ...]:
    """The names of fields in an entry; none when what stands there is no list of names."""
    try:
        found = json.loads(fields)
    except ValueError:
        return ()
    return tuple(name for name in found if isinstance(name, str)) if isinstance(found, list) else ()


def events_about(reach: Reach, person_id: int) -> bool:
    """Whether the person has ever done or read anything within reach, as far as a search may tell."""
    for model in (AuditEntry, AuditRead):
        inside = (
            true()
            if reach.everything
            else select(literal(1)).where(Record.id == model.record_id, within_reach(Record.unit_id, reach)).exists()
        )
        mine = (model.actor_id == person_id, model.actor_kind.not_in(HIDDEN_ACTORS), inside)
        if db.session.scalar(select(literal(1)).select_from(model).where(*mine).limit(1)):
            return True
    return False


def list_reads(read_ids: list[int]) -> dict[int, Event]:
    """Reads by their numbers, for the checks that have drawn them."""
    rows = db.session.execute(select(*_READ_COLUMNS).where(AuditRead.id.in_(read_ids)))
    return {row.id: _read(row) for row in rows}
