"""Bringing in a file of avvikelser, lex Sarah-rapporter or synpunkter: all rows or none."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from tracker.accounts.models import Unit
from tracker.accounts.queries import find_top_unit, unit_places
from tracker.accounts.services import create_units
from tracker.cases.importing import CaseLine
from tracker.cases.models import CaseStepTaken, CaseText
from tracker.cases.registers import CaseRegister, Stored, set_state
from tracker.cases.retention import cleared_among
from tracker.cases.texts import Section, newest_words, text_row
from tracker.database import db, insert_many
from tracker.exchange.columns import CLEAR, LEAVE
from tracker.exchange.errors import Collector
from tracker.exchange.rows import Imported
from tracker.records.models import Access, CodeList, Record, RecordKind
from tracker.records.models import Mark as RecordMark
from tracker.records.numbers import Numbers
from tracker.records.services import add_codes, code_ids
from tracker.records.yearly import TAKEN, VOIDED, BulkTrail, Importer, lock_table, raise_versions
from tracker.rules.case_workflow import CaseState
from tracker.rules.errors import RuleViolation

CHUNK = 2_000
UNKNOWN_UNIT = "enheten är okänd eller utanför det du har tillgång till. Skriv en enhet som du arbetar med."
HANDLED_HERE = "ärendet handläggs i programmet. Rätta dagen eller enheten på ärendets sida, eller ta bort raden."
CLEARED = "ärendet är gallrat och går inte att ändra. Ta bort raden."
WORDS_STAND = "en lex Sarah-rapports egna ord kan inte tömmas. Ta bort - ur cellen."
PERSONAL = frozenset({"what", "ivo_outcome", "ivo_case_number"})
# What a step of a case sets: of a case that has taken one here, no file changes them.
BY_STEPS = frozenset({
    "received_on", "completed_on", "decided_on", "closed_on", "answered_on", "assessment", "ivo_notified_on",
    "ivo_investigation_sent_on", "ivo_decided_on",
})  # fmt: skip
HELD = BY_STEPS | {"reported_on", "unit_id"}  # what its own page puts right
DERIVED = frozenset({"record_id", "unit_id", "mark", "listed_on", "moved_on", "is_open", "target_on", "due_on"})


class _Lookups:
    """What the names in a file stand for."""

    def __init__(
        self, lines: Sequence[CaseLine], importer: Importer, collector: Collector, *, makes_units: bool
    ) -> None:
        self._importer = importer
        self.places = {row[0]: row[1] for row in db.session.execute(select(Unit.id, Unit.tree_from))}
        known = {name: unit_id for name, (unit_id, low) in unit_places().items() if importer.reach.covers(low)}
        missing = dict.fromkeys(line.unit for line in lines if isinstance(line.unit, str) and line.unit not in known)
        self.new_units: list[str] = []
        if makes_units and importer.reach.everything and missing:
            try:
                made = create_units([str(name) for name in missing], find_top_unit())
            except RuleViolation as violation:
                collector.add(None, "enhet", violation.message)
            else:
                self.new_units = [unit.name for unit in made]
                known |= {unit.name: unit.id for unit in made}
                self.places |= {unit.id: unit.tree_from for unit in made}
        self.units = known
        self.categories = code_ids(CodeList.DEVIATION_CATEGORY)
        wanted = dict.fromkeys(line.category for line in lines if isinstance(line.category, str))
        unknown = [str(label) for label in wanted if label not in self.categories]
        if unknown:
            self.categories = add_codes(CodeList.DEVIATION_CATEGORY, unknown)

    def unit(self, line: CaseLine, before: Stored | None) -> int | None:
        """The unit that a row goes to; None when its name stands for none."""
        if isinstance(line.unit, str):
            return self.units.get(line.unit)
        return self._importer.home_unit_id if before is None else int(before["unit_id"])


def import_cases(
    register: CaseRegister, lines: Sequence[CaseLine], importer: Importer, collector: Collector, now: datetime,
    today: date, *, makes_units: bool = True,
) -> Imported:  # fmt: skip
    """Saves the rows within the caller's transaction, under its lock.

    Raises ImportRefused with every place that is wrong; the caller then rolls back.
    """
    lock_table(register.model)
    lookups = _Lookups(lines, importer, collector, makes_units=makes_units)
    result = Imported(warnings=[f"ny enhet: {name}" for name in lookups.new_units])
    told = BulkTrail(PERSONAL)
    batch = _Batch(register, lookups, importer, collector, now, today, result, told)
    for chunk in _chunks(lines):
        batch.take(chunk)
    collector.raise_if_any()
    told.note()
    return result


def _chunks(lines: Sequence[CaseLine]) -> Iterator[Sequence[CaseLine]]:
    for start in range(0, len(lines), CHUNK):
        yield lines[start : start + CHUNK]


class _Batch:
    """Some rows at a time: what is stored of them is read, merged with what they say, and written."""

    def __init__(
        self, register: CaseRegister, lookups: _Lookups, importer: Importer, collector: Collector, now: datetime,
        today: date, result: Imported, told: BulkTrail,
    ) -> None:  # fmt: skip
        self._register, self._lookups, self._importer, self._collector = register, lookups, importer, collector
        self._now, self._today, self._result, self._told = now, today, result, told
        self._numbers = Numbers()
        self._texts = Numbers()

    def take(self, lines: Sequence[CaseLine]) -> None:
        """Saves some rows; what is wrong with them is noted."""
        stored = self._stored([line.ref for line in lines])
        ids = [row["record_id"] for row in stored.values()]
        words, handled, cleared = newest_words(ids, Section.WHAT), self._handled(ids), cleared_among(ids)
        records, new, changed, texts = list[Stored](), list[Stored](), list[Stored](), list[Stored]()
        for line in lines:
            before = stored.get(line.ref)
            if before is not None and before["state"] == CaseState.BECAME_LEX_SARAH:
                self._leave(line, before)
                continue
            after = self._merged(line, before, handled)
            if before is not None and after is not None and before["record_id"] in cleared:
                after = self._refuse(line, "ref", CLEARED)
            if after is None:
                continue
            edition, said = words.get(after["record_id"] or 0, (0, "")) if before else (0, "")
            says = said if line.words is LEAVE else "" if line.words is CLEAR else str(line.words)
            differs = {} if before is None else {n: (before[n], after[n]) for n in after if before[n] != after[n]}
            self._result.count(before is None, bool(differs) or says != said)
            if before is None:
                after["record_id"] = self._numbers.take(Record)
                records.append(self._record(after))
                new.append(after)
                self._told.created(after["record_id"], [*after.values(), says])
            elif differs or says != said:
                changed.append(after)
                shown = {n: pair for n, pair in differs.items() if n not in DERIVED}
                self._told.changed(after["record_id"], shown | ({"what": (said, says)} if says != said else {}))
            if says != said:
                text_id = self._texts.take(CaseText)
                row = text_row(text_id, after["record_id"], Section.WHAT, edition + 1, says, None, self._now)
                texts.append(row)
        if not self._collector.total:
            self._write(records, new, changed, texts)

    def _stored(self, refs: list[str]) -> dict[str, Stored]:
        table = self._register.model.__table__
        rows = db.session.execute(select(table).where(table.c.ref.in_(refs)))
        return {row.ref: dict(row._mapping) for row in rows}

    def _handled(self, record_ids: list[int]) -> set[int]:
        """Which of some cases have taken a step here: their days are then those of their steps."""
        return set(db.session.scalars(select(CaseStepTaken.record_id).where(CaseStepTaken.record_id.in_(record_ids))))

    def _merged(self, line: CaseLine, before: Stored | None, handled: set[int]) -> Stored | None:
        """The record as it is to stand; None, and noted, when the row cannot be saved."""
        register, places = self._register, self._lookups.places
        if before is not None:
            if not self._importer.sees(places[before["unit_id"]], before["record_id"], before["mark"]):
                return self._refuse(line, "ref", TAKEN)
            if before["mark"] == RecordMark.VOIDED:
                return self._refuse(line, "ref", VOIDED)
        unit_id = self._lookups.unit(line, before)
        if unit_id is None:
            return self._refuse(line, "enhet", UNKNOWN_UNIT)
        after = dict(before) if before else dict.fromkeys(register.columns) | {"ref": line.ref, "mark": 0}
        after["unit_id"] = unit_id
        for name, value in line.said.items():
            if value is not LEAVE:
                after[name] = None if value is CLEAR else value
        if line.category is not LEAVE:
            clears = line.category is CLEAR
            after["category_id"] = None if clears else self._lookups.categories[str(line.category)]
        if register.kind is RecordKind.COMPLAINT and after["kind"] is None:
            after["kind"] = "synpunkt"
        if register.kind is RecordKind.LEX_SARAH and line.words is CLEAR:
            return self._refuse(line, "beskrivning", WORDS_STAND)
        return self._settled(line, before, after, handled)

    def _settled(self, line: CaseLine, before: Stored | None, after: Stored, handled: set[int]) -> Stored | None:
        """The record with what follows from its days, once they are right."""
        register = self._register
        needed = "reported_on" if register.kind is RecordKind.DEVIATION else "received_on"
        if after[needed] is None:
            column = "rapporterad" if needed == "reported_on" else "mottagen"
            return self._refuse(line, column, "saknas. Skriv datumet som 2026-03-31.")
        for violation in register.wrong(after, self._today):
            self._collector.add(line.number, violation.field, violation.message)
        register.settle(after)
        if before is None:
            set_state(after, register.by_days(after))
            after["moved_on"] = register.moved_on(after)
        elif before["record_id"] in handled:
            if any(before[name] != after[name] for name in HELD & after.keys()):
                return self._refuse(line, "ref", HANDLED_HERE)
        elif any(before[name] != after[name] for name in BY_STEPS & after.keys()):
            if register.by_days(after) is not register.by_days(before):
                set_state(after, register.by_days(after))
            after["moved_on"] = register.moved_on(after)
        return after

    def _leave(self, line: CaseLine, before: Stored) -> None:
        """What has become a lex Sarah-rapport is no longer an avvikelse's file to change."""
        if not self._importer.sees(self._lookups.places[before["unit_id"]], before["record_id"], before["mark"]):
            self._refuse(line, "ref", TAKEN)
            return
        self._result.count(False, False)
        self._result.warnings.append(
            f"rad {line.number}: {line.ref} har blivit en lex Sarah-rapport och är oförändrad."
        )

    def _refuse(self, line: CaseLine, column: str, message: str) -> Stored | None:
        self._collector.add(line.number, column, message)
        return None

    def _record(self, after: Stored) -> Stored:
        return {
            "id": after["record_id"], "kind": self._register.kind.value, "number": after["ref"],
            "title": f"{self._register.noun} {after['ref']}", "unit_id": after["unit_id"],
            "access": Access.ORDINARY.value, "version": 1, "created_at": self._now,
        }  # fmt: skip

    def _write(self, records: list[Stored], new: list[Stored], changed: list[Stored], texts: list[Stored]) -> None:
        record: Any = Record.__table__
        table: Any = self._register.model.__table__
        insert_many(record, records)
        insert_many(table, new)
        if changed:
            moved = update(record).where(record.c.id == bindparam("key")).values(unit_id=bindparam("unit"))
            given = [{"key": row["record_id"], "unit": row["unit_id"]} for row in changed]
            db.session.connection().execute(moved, given)
            names = [name for name in self._register.columns if name not in {"record_id", "unit_id"}]
            statement = update(table).where(table.c.record_id == bindparam("key"))
            statement = statement.values({name: bindparam(f"new_{name}") for name in names})
            rows = [{"key": row["record_id"]} | {f"new_{name}": row[name] for name in names} for row in changed]
            db.session.connection().execute(statement, rows)
            raise_versions(row["record_id"] for row in changed)
        insert_many(CaseText.__table__, texts)  # type: ignore[arg-type] # as SQLAlchemy types a model's table
