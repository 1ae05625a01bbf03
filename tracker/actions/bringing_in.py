"""Bringing in a file of actions: all rows or none."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import bindparam, delete, insert, select, tuple_, update

from tracker.accounts.models import Unit
from tracker.accounts.queries import users_by_name
from tracker.actions.importing import SOURCE_WORDS, ActionLine, says_source
from tracker.actions.models import ActionItem, ActionSource
from tracker.actions.protecting import follow_sources
from tracker.actions.queries import CASES
from tracker.actions.times import times
from tracker.audit.keys import forgotten_among
from tracker.database import db, insert_many
from tracker.exchange.columns import CLEAR, LEAVE
from tracker.exchange.errors import Collector
from tracker.exchange.rows import Imported
from tracker.records.models import Access, Record, RecordKind
from tracker.records.models import Mark as RecordMark
from tracker.records.numbers import Numbers
from tracker.records.scope import RECORD_MARK
from tracker.records.yearly import TAKEN, VOIDED, BulkTrail, Importer, Stored, lock_table, raise_versions
from tracker.rules.actions import ActionDays, Effect, Stage, check_checker, check_day, stage_of, wrong_action
from tracker.rules.errors import RuleViolation

T = TypeVar("T")
CHUNK = 2_000
NOUN = "Åtgärd"
NO_DAY = date(9999, 12, 31)
PERSONAL = frozenset({"text", "responsible_name", "source"})
DERIVED = frozenset({"record_id", "unit_id", "mark", "stage", "listed_on", "responsible_id", "checked_by"})
COLUMNS = list(ActionItem.__table__.columns.keys())
NO_SOURCE = "{kind} {number} finns inte, eller ligger utanför det du har tillgång till. Läs in det som raden pekar på."
CLEARED = "åtgärdens ärende är gallrat, och åtgärdens text med det. Ta bort raden."
CLEARED_SOURCE = "ärendet är gallrat. Inget nytt kan höra till det."
NO_KIND = "saknas. Skriv risk, kontroll, avvikelse, lex-sarah, beslut eller synpunkt."
NO_NUMBER = "saknas. Skriv numret på det som åtgärden hör till, för risk och kontroll som 2026/R1."


@dataclass(frozen=True, slots=True)
class ActionImporter:
    """In whose name a file comes in: where it reaches among actions, and among the records of each kind that they may
    belong to (a kind that is not there: none of it). `user_id` is None for the command line itself.
    """

    own: Importer
    sources: Mapping[RecordKind, Importer]
    user_id: int | None = None


class _Source(NamedTuple):
    record_id: int
    kind: RecordKind
    number: str
    unit_id: int
    mark: int
    place: int

    @property
    def name(self) -> str:
        return f"{SOURCE_WORDS[self.kind]} {self.number}"


def import_actions(
    lines: Sequence[ActionLine], importer: ActionImporter, collector: Collector, now: datetime, today: date
) -> Imported:
    """Saves the rows within the caller's transaction, under its lock.

    Raises ImportRefused with every place that is wrong; the caller then rolls back.
    """
    lock_table(ActionItem)
    told = BulkTrail(PERSONAL)
    batch = _Batch(lines, importer, collector, now, today, told)
    for chunk in _chunks(lines):
        batch.take(chunk)
    collector.raise_if_any()
    told.note()
    return batch.result


def _chunks(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]


class _Batch:
    """Some rows at a time: what is stored of them is read, merged with what they say, and written."""

    def __init__(
        self, lines: Sequence[ActionLine], importer: ActionImporter, collector: Collector, now: datetime, today: date,
        told: BulkTrail,
    ) -> None:  # fmt: skip
        self._importer, self._collector, self._now, self._today = importer, collector, now, today
        self._told, self.result = told, Imported()
        self._places = {row[0]: row[1] for row in db.session.execute(select(Unit.id, Unit.tree_from))}
        self._users = users_by_name({line.responsible for line in lines if isinstance(line.responsible, str)})
        self._numbers = Numbers()

    def take(self, lines: Sequence[ActionLine]) -> None:
        """Saves some rows; what is wrong with them is noted."""
        stored = _stored([line.ref for line in lines])
        standing = _standing([row["record_id"] for row in stored.values()])
        pointed = _find_sources(lines, standing)
        ids = [row["record_id"] for row in stored.values()] + [one.record_id for one in pointed.values()]
        gone = forgotten_among(ids)
        new, changed, links, unlinked = list[Stored](), list[Stored](), list[Stored](), list[tuple[int, int]]()
        for line in lines:
            before = stored.get(line.ref)
            errors = self._collector.total
            sources = standing.get(before["record_id"], []) if before else []
            if before is not None and not self._may_change(line, before):
                continue
            if before is not None and before["record_id"] in gone:
                self._collector.add(line.number, "ref", CLEARED)
                continue
            source = self._source(line, sources, pointed) if before is None or says_source(line) else None
            after = self._merged(line, before, source)
            if self._collector.total > errors:
                continue
            added = source if source is not None and source not in sources else None
            if added is not None and added.kind in CASES and added.record_id in gone:
                self._collector.add(line.number, "kalla_ref", CLEARED_SOURCE)
                continue
            replaced = sources[0] if added is not None and len(sources) == 1 and self._sees(sources[0]) else None
            differs = {} if before is None else {n: (before[n], after[n]) for n in after if before[n] != after[n]}
            self.result.count(before is None, bool(differs) or added is not None)
            if before is None:
                after["record_id"] = self._numbers.take(Record)
                new.append(after)
                self._told.created(after["record_id"], [*after.values(), source.name if source else ""])
            elif differs or added is not None:
                changed.append(after)
                shown = {n: pair for n, pair in differs.items() if n not in DERIVED}
                if added is not None:
                    shown["source"] = (replaced.name if replaced else None, added.name)
                self._told.changed(after["record_id"], shown)
            if added is not None:
                links.append({"action_id": after["record_id"], "record_id": added.record_id})
            if replaced is not None:
                unlinked.append((after["record_id"], replaced.record_id))
        if not self._collector.total:
            self._write(new, changed, links, unlinked)

    def _may_change(self, line: ActionLine, before: Stored) -> bool:
        if not self._importer.own.sees(self._places[before["unit_id"]], before["record_id"], before["mark"]):
            self._collector.add(line.number, "ref", TAKEN)
        elif before["mark"] == RecordMark.VOIDED:
            self._collector.add(line.number, "ref", VOIDED)
        else:
            return True
        return False

    def _sees(self, source: _Source) -> bool:
        importer = self._importer.sources.get(source.kind)
        return importer is not None and importer.sees(source.place, source.record_id, source.mark)

    def _source(
        self, line: ActionLine, sources: list[_Source], pointed: Mapping[tuple[RecordKind, str], _Source]
    ) -> _Source | None:
        """What a row's action belongs to; None, and noted, when that is not told or not there for the importer. A part
        that is left out is that of the only one it belongs to.
        """
        only = sources[0] if len(sources) == 1 and self._sees(sources[0]) else None
        kind = line.kind if isinstance(line.kind, RecordKind) else only and only.kind
        number = line.source if isinstance(line.source, str) else only and only.number
        if kind is None:
            self._collector.add(line.number, "kalla", NO_KIND)
        if number is None:
            self._collector.add(line.number, "kalla_ref", NO_NUMBER)
        if kind is None or number is None:
            return None
        found = pointed.get((kind, number))
        usable = found is not None and self._sees(found) and (found.mark != RecordMark.VOIDED or found in sources)
        if not usable:
            said = NO_SOURCE.format(kind=SOURCE_WORDS[kind], number=number)
            self._collector.add(line.number, "kalla_ref", said)
        return found if usable else None

    def _merged(self, line: ActionLine, before: Stored | None, source: _Source | None) -> Stored:
        """The action as it is to stand; what is wrong with it is noted."""
        after = dict(before) if before else dict.fromkeys(COLUMNS) | {"ref": line.ref, "mark": 0}
        if before is None:
            after["unit_id"] = self._home(source)
        for name, value in (
            ("text", line.words), ("decided_on", line.decided_on), ("due_on", line.due_on), ("done_on", line.done_on),
            ("effect", line.effect), ("responsible_name", line.responsible),
        ):  # fmt: skip
            if value is not LEAVE:
                after[name] = None if value is CLEAR else value
        if after["text"] is None:
            self._collector.add(line.number, "beskrivning", "saknas. Skriv vad som ska göras.")
        self._set_responsible(before, after)
        if before is None or before["effect"] != after["effect"]:
            after["checked_on"] = after["checked_by"] = None
            self._check_effect(line, after)
        days = settle(after)
        for violation in wrong_action(days, self._today):
            self._collector.add(line.number, violation.field, violation.message)
        return after

    def _home(self, source: _Source | None) -> int:
        """Where a new action goes: to the unit of what it belongs to, where that is within reach."""
        own = self._importer.own
        return source.unit_id if source is not None and own.reach.covers(source.place) else own.home_unit_id

    def _set_responsible(self, before: Stored | None, after: Stored) -> None:
        name = after["responsible_name"]
        found = self._users.get(name) if name else None
        if found is None and name and before is not None and before["responsible_name"] == name:
            return
        after["responsible_id"] = found

    def _check_effect(self, line: ActionLine, after: Stored) -> None:
        if after["effect"] is None:
            return
        try:
            check_checker(after["responsible_id"], self._importer.user_id)
        except RuleViolation as violation:
            self._collector.add(line.number, violation.field, violation.message)

    def _write(
        self, new: list[Stored], changed: list[Stored], links: list[Stored], unlinked: list[tuple[int, int]]
    ) -> None:
        insert_many(Record.__table__, [self._record(row) for row in new])  # type: ignore[arg-type] # as SQLAlchemy types it
        table: Any = ActionItem.__table__
        insert_many(table, new)
        connection = db.session.connection()
        if changed:
            names = [name for name in COLUMNS if name not in {"record_id", "unit_id", "ref"}]
            statement = update(table).where(table.c.record_id == bindparam("key"))
            statement = statement.values({name: bindparam(f"new_{name}") for name in names})
            rows = [{"key": row["record_id"]} | {f"new_{name}": row[name] for name in names} for row in changed]
            connection.execute(statement, rows)
            raise_versions(row["record_id"] for row in changed)
        of: Any = ActionSource.__table__
        for some in _chunks(unlinked):
            connection.execute(delete(of).where(tuple_(of.c.action_id, of.c.record_id).in_(list(some))))
        if links:
            connection.execute(insert(of), links)
        follow_sources([link["action_id"] for link in links], self._now)

    def _record(self, row: Stored) -> Stored:
        return {
            "id": row["record_id"], "kind": RecordKind.ACTION.value, "number": row["ref"],
            "title": f"{NOUN} {row['ref']}", "unit_id": row["unit_id"], "access": Access.ORDINARY.value, "version": 1,
            "created_at": self._now,
        }  # fmt: skip


def settle(row: Stored) -> ActionDays:
    """Works out what follows from an action's days, and gives them."""
    effect = None if row["effect"] is None else Effect(row["effect"])
    days = ActionDays(row["decided_on"], row["due_on"], row["done_on"], effect, row["check_on"])
    row["check_on"] = check_day(days, times.check_months)
    days = replace(days, check_on=row["check_on"])
    row["effect"] = None if effect is None else effect.value
    row["stage"], row["listed_on"] = stage_of(days).value, listed_day(days)
    return days


def listed_day(days: ActionDays) -> date:
    """The day by which an action stands in the list."""
    return (days.check_on if stage_of(days) is Stage.TO_CHECK else days.due_on) or NO_DAY


def _stored(refs: list[str]) -> dict[str, Stored]:
    table = ActionItem.__table__
    rows = db.session.execute(select(table).where(table.c.ref.in_(refs)))
    return {row.ref: dict(row._mapping) for row in rows}


_OF_SOURCE = (Record.id, Record.kind, Record.number, Record.unit_id, RECORD_MARK, Unit.tree_from)


def _standing(action_ids: list[int]) -> dict[int, list[_Source]]:
    """Action → what it belongs to, the oldest record first."""
    statement = (
        select(ActionSource.action_id, *_OF_SOURCE)
        .join(Record, Record.id == ActionSource.record_id)
        .join(Unit, Unit.id == Record.unit_id)
        .where(ActionSource.action_id.in_(action_ids))
        .order_by(Record.id)
    )
    found: dict[int, list[_Source]] = {}
    for action_id, *rest in db.session.execute(statement):
        found.setdefault(action_id, []).append(_source_of(rest))
    return found


def _source_of(row: Sequence[Any]) -> _Source:
    record_id, kind, *rest = row
    return _Source(record_id, RecordKind(kind), *rest)


def _find_sources(
    lines: Sequence[ActionLine], standing: Mapping[int, list[_Source]]
) -> dict[tuple[RecordKind, str], _Source]:
    """(kind, number) → the record, of all that some rows may point at, whoever may see it."""
    numbers = {line.source for line in lines if isinstance(line.source, str)}
    found = {(one.kind, one.number): one for sources in standing.values() for one in sources}
    numbers |= {number for _, number in found}
    kinds = [kind.value for kind in SOURCE_WORDS]
    statement = select(*_OF_SOURCE).join(Unit, Unit.id == Record.unit_id)
    rows = db.session.execute(statement.where(Record.kind.in_(kinds), Record.number.in_(numbers)))
    return found | {(one.kind, one.number): one for one in map(_source_of, rows)}
