"""Registers whose records are told apart by year and ref (`2021/R1`): a file of them comes in, all rows or none."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, text, update

from tracker.accounts.models import Unit
from tracker.accounts.reader import EVERYTHING, Reach, Reader
from tracker.audit import trail
from tracker.audit.keys import keys_of
from tracker.database import Base, db, insert_many, is_sqlite
from tracker.exchange.columns import CLEAR, LEAVE
from tracker.exchange.errors import Collector
from tracker.exchange.rows import Imported, RowCells
from tracker.exchange.table import Table
from tracker.records.grants import Granted, granted_to
from tracker.records.models import Access, Record, RecordKind
from tracker.records.models import Mark as RecordMark
from tracker.records.natural import LONGEST_REF, natural_key
from tracker.records.numbers import Numbers
from tracker.records.versions import StaleVersion
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission
from tracker.rules.trail import Action

Stored = dict[str, Any]
KEYS_AT_ONCE = 5_000
FIRST_YEAR, LAST_YEAR = 1990, 2100
TAKEN = "används redan. Skriv en annan ref."
REF_TAKEN = "Beteckningen används redan det här året. Skriv en annan."
VOIDED = "är makulerad. Skriv en annan ref."
LEFT_OUT = frozenset({"record_id", "unit_id", "ref_key", "mark", "rank"})


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a file: its place, which record it is about, and what it says by the register's own columns.
    `unit_id`: where a new record goes; None: to the importer's own unit.
    """

    number: int
    year: int
    ref: str
    said: Mapping[str, object]
    unit_id: int | None = None


@dataclass(frozen=True, slots=True)
class Importer:
    """In whose name a file comes in: where new records go, how far it reaches, and what has been given and closed to
    them (None: the command line itself, to which nothing is closed).
    """

    home_unit_id: int
    reach: Reach = EVERYTHING
    granted: Granted | None = None

    def sees(self, place: int, record_id: int, mark: int) -> bool:
        """Whether a record, whose unit stands at this place in the tree, is theirs to see and change. Of voided ones:
        as if they were not.
        """
        shown = RecordMark.ORDINARY if mark == RecordMark.VOIDED else mark
        return self.reach.covers(place) and not (self.granted and self.granted.hides(record_id, shown))


def importer_of(reader: Reader, permission: Permission) -> Importer:
    """What somebody saves on a page goes where their files go, and reaches as far."""
    home = reader.home_unit(permission)
    if home is None:
        raise PermissionError(permission.value)
    return Importer(home.unit_id, reader.reach(permission), granted_to(reader.user_id))


@dataclass(frozen=True, slots=True)
class Register:
    """A register of such records. `required`: its column → the file's, for what a new record must have. `personal`:
    columns that may tell of a person, and lie sealed in the trail.
    """

    model: Any
    kind: RecordKind
    noun: str
    required: Mapping[str, str]
    personal: frozenset[str]

    @property
    def columns(self) -> list[str]:
        """The names of the register's columns."""
        return list(self.model.__table__.columns.keys())


@dataclass(frozen=True, slots=True)
class Change:
    """A record as it stood (None: it is new) and as it stands."""

    before: Stored | None
    after: Stored


def read_lines(
    table: Table, places: dict[str, int], collector: Collector, said: Callable[[RowCells], Mapping[str, object]]
) -> list[Line]:
    """The rows of a file with the columns `ar` and `ref`; `said` reads the rest. Every bad cell is noted."""
    lines: list[Line] = []
    seen: dict[tuple[int, str], int] = {}
    for number, row in table.rows:
        cells = RowCells(number, row, places, collector)
        year, ref, rest = year_of(cells), ref_of(cells), said(cells)
        if year is None or ref is None:
            continue
        if (earlier := seen.setdefault((year, ref), number)) != number:
            cells.bad("ref", f"{year}/{ref} står redan på rad {earlier}. Ta bort en av dem.")
            continue
        lines.append(Line(number, year, ref, rest))
    return lines


def year_of(cells: RowCells) -> int | None:
    """The year of a row; None, and noted, where it lacks."""
    year = cells.kept("ar", cells.number("ar", FIRST_YEAR, LAST_YEAR))
    if isinstance(year, int):
        return year
    cells.bad("ar", "saknas. Skriv året med fyra siffror, som 2026.")
    return None


def ref_of(cells: RowCells, name: str = "ref") -> str | None:
    """The ref of a row; None, and noted, where it lacks or cannot be one."""
    ref = cells.key(name, LONGEST_REF, "Skriv en beteckning, som R1.")
    if ref is not None and "/" in ref:
        cells.bad(name, "kan inte innehålla snedstreck. Skriv utan, som R1.")
        return None
    return ref


class BulkTrail:
    """Gathers what a file makes and changes, record by record, into one entry of the trail."""

    def __init__(self, personal: frozenset[str]) -> None:
        self._personal, self._created = personal, list[trail.Part]()
        self._changed = dict[int, dict[str, tuple[object, object]]]()

    def created(self, record_id: int, values: Iterable[object]) -> None:
        """A record that did not exist: the digest of what the register holds of it."""
        self._created.append(trail.created_part(record_id, values))

    def changed(self, record_id: int, changes: trail.Changes) -> None:
        """What differs in a record that was there; told of again, it is added to. The last word of a field's name says
        whether it is personal.
        """
        self._changed.setdefault(record_id, {}).update(changes)

    @property
    def records(self) -> list[int]:
        """The records that were there and have changed."""
        return list(self._changed)

    def _is_personal(self, name: str) -> bool:
        return name.rpartition(" ")[2] in self._personal

    def note(self) -> None:
        """One entry for all of them; none when nothing has changed."""
        parts, fields = self._created, set[str]()
        personal = {of: {name for name in told if self._is_personal(name)} for of, told in self._changed.items()}
        keys = dict[int, bytes]()
        sealed = [record_id for record_id, names in personal.items() if names]
        for start in range(0, len(sealed), KEYS_AT_ONCE):
            keys |= keys_of(sealed[start : start + KEYS_AT_ONCE])
        for record_id, told in self._changed.items():
            parts.append(trail.changed_part(record_id, told, personal[record_id], key=keys.get(record_id)))
            fields |= {name.rpartition(" ")[2] for name in told}
        if parts:
            trail.record_bulk(Action.RECORDS_IMPORTED, parts, fields)


def lock_table(model: type[Base]) -> None:
    """Keeps other writers of a table waiting until the transaction ends; SQLite's write lock is held already."""
    if not is_sqlite():
        db.session.execute(text(f"LOCK TABLE {model.__tablename__} IN SHARE ROW EXCLUSIVE MODE"))


def take_one(register: Register, year: int, ref: str, known: tuple[int, int] | None) -> None:
    """Holds a register for one record of it to be saved. `known`: the record and the version that was seen, None for a
    new one.

    Raises RuleViolation when the ref is taken, StaleVersion when somebody has changed the record since.
    """
    lock_table(register.model)
    taken = record_of(register, year, ref)
    if taken is not None and (known is None or taken != known[0]):
        raise RuleViolation("ref_taken", REF_TAKEN, "ref")
    if known is not None:
        stands = db.session.scalar(select(Record.version).where(Record.id == known[0]).with_for_update())
        if stands != known[1]:
            raise StaleVersion


def record_of(register: Register, year: int, ref: str) -> int | None:
    """The record of a year's ref, whoever may see it; None when there is none."""
    row = register.model
    found: int | None = db.session.scalar(select(row.record_id).where(row.year == year, row.ref == ref))
    return found


def bring_in(
    register: Register,
    lines: Iterable[Line],
    importer: Importer,
    collector: Collector,
    now: datetime,
    finish: Callable[[Stored | None, Stored, Line], None],
) -> tuple[Imported, list[Change]]:
    """Saves the rows within the caller's transaction; gives how many, and each record that is new or has changed.

    `finish` is given the record before (None: it is new) and after a row; it works out what follows from its columns
    and notes what is wrong with it.
    Raises ImportRefused with every place that is wrong; the caller then rolls back.
    """
    lines = list(lines)
    lock_table(register.model)
    stored = _stored(register, {line.year for line in lines})
    places = {row[0]: row[1] for row in db.session.execute(select(Unit.id, Unit.tree_from))}
    result, changes = Imported(), list[Change]()
    for line in lines:
        before = stored.get((line.year, line.ref))
        if before is not None and not importer.sees(places[before["unit_id"]], before["record_id"], before["mark"]):
            collector.add(line.number, "ref", TAKEN)
            continue
        if before is not None and before["mark"] == RecordMark.VOIDED:
            collector.add(line.number, "ref", VOIDED)
            continue
        after = dict(before) if before is not None else _new(register, line, importer.home_unit_id)
        for name, value in line.said.items():
            if value is not LEAVE:
                after[name] = None if value is CLEAR else value
        for name, column in register.required.items():
            if after[name] is None:
                collector.add(line.number, column, "saknas. Den måste finnas.")
        finish(before, after, line)
        result.count(before is None, after != before)
        if after != before:
            changes.append(Change(before, after))
    collector.raise_if_any()
    _write(register, changes, now)
    return result, changes


def _stored(register: Register, years: set[int]) -> dict[tuple[int, str], Stored]:
    table = register.model.__table__
    rows = db.session.execute(select(table).where(table.c.year.in_(years)))
    return {(row.year, row.ref): dict(row._mapping) for row in rows}


def _new(register: Register, line: Line, home_unit_id: int) -> Stored:
    unit_id = home_unit_id if line.unit_id is None else line.unit_id
    key = {"unit_id": unit_id, "year": line.year, "ref": line.ref, "ref_key": natural_key(line.ref), "mark": 0}
    return dict.fromkeys(register.columns) | key


def _write(register: Register, changes: list[Change], now: datetime) -> None:
    if not changes:
        return
    numbers, told = Numbers(), BulkTrail(register.personal)
    records, new, changed = list[Stored](), list[Stored](), list[Stored]()
    for change in changes:
        after = change.after
        if change.before is None:
            after["record_id"] = numbers.take(Record)
            number = f"{after['year']}/{after['ref']}"
            records.append(
                {
                    "id": after["record_id"], "kind": register.kind.value, "number": number,
                    "title": f"{register.noun} {number}", "unit_id": after["unit_id"],
                    "access": Access.ORDINARY.value, "version": 1, "created_at": now,
                }
            )  # fmt: skip
            new.append(after)
            told.created(after["record_id"], after.values())
        else:
            changed.append(after)
            differs = {n: (change.before[n], after[n]) for n in after if change.before[n] != after[n]}
            told.changed(after["record_id"], {n: pair for n, pair in differs.items() if n not in LEFT_OUT})
    insert_many(Record.__table__, records)  # type: ignore[arg-type] # SQLAlchemy types a model's table more loosely
    insert_many(register.model.__table__, new)
    _update(register, changed)
    told.note()


def _update(register: Register, rows: list[Stored]) -> None:
    if not rows:
        return
    table = register.model.__table__
    names = [name for name in register.columns if name != "record_id"]
    statement = update(table).where(table.c.record_id == bindparam("key"))
    statement = statement.values({name: bindparam(f"new_{name}") for name in names})
    given = [{"key": row["record_id"]} | {f"new_{name}": row[name] for name in names} for row in rows]
    db.session.connection().execute(statement, given)
    raise_versions(row["record_id"] for row in rows)


def raise_versions(record_ids: Iterable[int]) -> None:
    """Takes each of the records to its next version, whatever that is; the register is locked by the caller."""
    given = [{"key": record_id} for record_id in record_ids]
    if given:
        table: Any = Record.__table__
        statement = update(table).where(table.c.id == bindparam("key")).values(version=table.c.version + 1)
        db.session.connection().execute(statement, given)
