"""What would a file change? Read, checked and worked out to the last row, without writing anything or keeping anybody
waiting; `services` carries a plan out.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select

from tracker.accounts.models import Unit
from tracker.accounts.reader import EVERYTHING, Reach
from tracker.audit.since import last_entry
from tracker.database import db
from tracker.decisions.differences import Differences
from tracker.decisions.importing import BAD, NEVER_CLEARED, ParsedFile, ParsedRow, Value, combine
from tracker.decisions.lookups import look_up
from tracker.decisions.models import Decision, DecisionClock
from tracker.decisions.saving import NEW_DECISION, Stored, merge_clock, merge_decision, new_clock
from tracker.decisions.trailing import ImportTrail
from tracker.decisions.writing import Changes, put_person, stored_clocks, table_of
from tracker.exchange.columns import CLEAR
from tracker.exchange.errors import Collector
from tracker.records.grants import Granted, granted_to
from tracker.records.models import Access, Mark, Record, RecordKind
from tracker.records.numbers import Numbers
from tracker.rules.clock_facts import contradictions
from tracker.rules.unexecuted import ClockKind

CHUNK_REFS = 2_500
TAKEN_REF = "referensen används redan. Skriv en som inget annat beslut har."
VOIDED_REF = "beslutet är makulerat och ändras inte mer. Ta bort raden, eller ge beslutet en ny referens."
UNKNOWN_UNIT = "enheten är okänd eller utanför det du har tillgång till. Skriv en enhet som du arbetar med."


@dataclass(frozen=True, slots=True)
class Importer:
    """In whose name rows are imported: where rows without a unit go, whether unknown units are made, and how far it
    reaches: `reaches` gives the units the rows may be in, and those whose persons may be brought in, as the tree stands
    when it is asked. `reader_id` is the user's, None for the command line itself, to which nothing is closed.
    """

    home_unit_id: int
    makes_units: bool = False
    reaches: Callable[[], tuple[Reach, Reach]] = lambda: (EVERYTHING, EVERYTHING)
    reader_id: int | None = None


@dataclass(slots=True)
class ImportResult:
    """How many rows were new, changed and unchanged, and what to look at although it was imported."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    warnings: list[str] = field(default_factory=list)


@dataclass(slots=True)
class PlanPart:
    """What some of a file's decisions change: rows and entries ready to be written; `records` were there before."""

    records: frozenset[int]
    changes: Changes
    left: ImportTrail
    result: ImportResult
    differences: Differences | None = None


class Plan:
    """What a file changes in what this transaction sees, in parts.

    `seen` is the trail's last entry at that moment: the plan holds for as long as no later one tells of a register.
    `compares`: what each row changes is kept too, to be shown. Raises ImportRefused with every place that is wrong;
    not if it is only `tried`: the file's collector tells them then, and the plan is no more than its figures.
    """

    def __init__(
        self,
        file: ParsedFile,
        importer: Importer,
        today: date,
        now: datetime,
        *,
        compares: bool = False,
        tried: bool = False,
    ) -> None:
        self.importer, self.today, self.now, self.compares = importer, today, now, compares
        self.seen, self.numbers = last_entry(), Numbers()
        self.reach, self.identity_reach = importer.reaches()
        self.lookups, self.new = look_up(
            file, importer.home_unit_id, self.reach, self.numbers, makes_units=importer.makes_units
        )
        self.parts = [self._part(refs, file) for refs in _chunks(list(file.rows))]
        if not tried:
            file.collector.raise_if_any()

    def renew(self, records: frozenset[int], read: Callable[[], ParsedFile]) -> None:
        """Works out anew the parts that any of these records is in: they have changed since. `read`: the file, again.

        Raises ImportRefused when what the file says is wrong by now.
        """
        stale = [place for place, part in enumerate(self.parts) if part.records & records]
        if not stale:
            return
        file = read()
        chunks = list(_chunks(list(file.rows)))
        for place in stale:
            self.parts[place] = self._part(chunks[place], file)
        file.collector.raise_if_any()

    @property
    def result(self) -> ImportResult:
        """How many rows of each kind, and what to look at."""
        total = ImportResult(warnings=[f"ny enhet: {name}" for name in self.new.units])
        for part in self.parts:
            total.new += part.result.new
            total.changed += part.result.changed
            total.unchanged += part.result.unchanged
            total.warnings += part.result.warnings
        return total

    @property
    def differences(self) -> Differences:
        """What each row changes; only of a plan that compares."""
        total = Differences()
        for part in self.parts:
            if part.differences is not None:
                total += part.differences
        return total

    def _part(self, refs: list[str], file: ParsedFile) -> PlanPart:
        reader_id = self.importer.reader_id
        batch = _Batch(self, None if reader_id is None else granted_to(reader_id), file.collector)
        part = batch.load(refs)
        for ref in refs:
            rows = file.rows.pop(ref)
            batch.merge(ref, rows, combine(rows, file.collector))
        return part


def _chunks(refs: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(refs), CHUNK_REFS):
        yield refs[start : start + CHUNK_REFS]


class _Batch:
    """Some refs' decisions: loaded with few statements, and merged with the file's rows into the plan."""

    def __init__(self, plan: Plan, granted: Granted | None, collector: Collector) -> None:
        self.lookups, self.numbers = plan.lookups, plan.numbers
        self.reach, self.identity_reach, self.granted = plan.reach, plan.identity_reach, granted
        self.today, self.now, self.collector = plan.today, plan.now, collector
        self.decisions: dict[str, Stored] = {}
        self.clocks: dict[int, dict[date | None, Stored]] = {}
        self.out_of_sight: set[str] = set()
        self.changes, self.left, self.result = Changes(plan.numbers), ImportTrail(), ImportResult()
        self.differences = Differences() if plan.compares else None
        self.made = {number: label for label, number in plan.new.interventions.items()}

    def load(self, refs: list[str]) -> PlanPart:
        """Reads what is stored for the refs; gives the part that merging fills."""
        decision = table_of(Decision)
        statement = (
            select(decision, Record.case_number, Record.access, Unit.tree_from)
            .join(Record, Record.id == decision.c.record_id)
            .join(Unit, Unit.id == decision.c.unit_id)
            .where(decision.c.ref.in_(refs))
        )
        for row in db.session.execute(statement).mappings():
            stored = dict(row)
            tree_from = stored.pop("tree_from")
            mark = Mark.PROTECTED if stored.pop("access") == Access.PROTECTED else Mark.ORDINARY
            hidden = self.granted is not None and self.granted.hides(stored["record_id"], mark)
            if hidden or not self.reach.covers(tree_from):
                self.out_of_sight.add(stored["ref"])
            self.decisions[stored["ref"]] = stored
        ids = [stored["record_id"] for stored in self.decisions.values()]
        for clock in stored_clocks(ids):
            key = clock["started_on"] if clock["kind"] == ClockKind.INTERRUPTION else None
            self.clocks.setdefault(clock["decision_id"], {})[key] = clock
        return PlanPart(frozenset(ids), self.changes, self.left, self.result, self.differences)

    def merge(self, ref: str, rows: list[ParsedRow], said: Mapping[str, Value]) -> None:
        """Works out what one ref's rows change."""
        stored = self.decisions.get(ref)
        if stored is not None and (ref in self.out_of_sight or stored["mark"] == Mark.VOIDED):
            for row in rows:
                self.collector.add(row.number, "ref", TAKEN_REF if ref in self.out_of_sight else VOIDED_REF)
            return
        if stored is None and not self._complete(rows, said):
            return
        if any(said.get(name) is BAD for name in ("enhet", *NEVER_CLEARED)):
            return  # told already; what hangs on it cannot be judged
        unit = said.get("enhet")
        if isinstance(unit, str) and unit not in self.lookups.units:
            for row in rows:
                self.collector.add(row.number, "enhet", UNKNOWN_UNIT)
            return
        is_new = stored is None
        before = stored or {
            **NEW_DECISION,
            "record_id": self.numbers.take(Record),
            "ref": ref,
            "case_number": None,
            "unit_id": self.lookups.home_unit_id,
        }
        after = merge_decision(before, said, self.lookups)
        if "diarienummer" in said and said["diarienummer"] is not BAD:
            after["case_number"] = None if said["diarienummer"] is CLEAR else said["diarienummer"]
        if "person" in said and said["person"] is not BAD:
            units = {after["unit_id"]} if is_new else {before["unit_id"], after["unit_id"]}
            self._set_person(units, after, said["person"], rows)
        changed = not is_new and after != before
        self._put_decision(after, is_new, changed)
        clocks = self._merge_clocks(after, rows, is_new, changed)
        if self.differences is not None:
            self.differences.note(rows, None if is_new else before, after, clocks, self.made)
        if is_new:
            self.left.created(after, [clock for _, clock in clocks])
        elif changed or clocks:
            self.left.changed(before, after, clocks)

    def _complete(self, rows: list[ParsedRow], said: Mapping[str, Value]) -> bool:
        """Whether a decision that is not stored yet has what it must; notes what it lacks."""
        for name, advice in (("insats", "Skriv vilken insats beslutet gäller."),
                             ("beslutsdatum", "Skriv datumet som 2026-03-31.")):  # fmt: skip
            if name not in said:
                self.collector.add(rows[0].number, name, f"saknas. {advice}")
        if all(row.interrupted_on for row in rows) and not self.collector.total:
            self.result.warnings.append(
                f"rad {rows[0].number}: avbrott utan eget beslut i filen eller registret; bara avbrottet räknas."
            )
        return "insats" in said and "beslutsdatum" in said

    def _set_person(self, units: set[int], decision: Stored, person: Value, rows: list[ParsedRow]) -> None:
        """Puts the person in, where the importer may handle identities in the decision's units, before and after."""
        places = self.lookups.tree_places
        if not all(self.identity_reach.covers(places[unit_id]) for unit_id in units):
            message = "din roll får inte läsa in personnummer för enheten. Ta bort kolumnen eller töm cellen."
            self.collector.add(rows[0].number, "person", message)
        else:
            put_person(decision, person)

    def _put_decision(self, decision: Stored, is_new: bool, changed: bool) -> None:
        if not (is_new or changed):
            return
        columns = {name: value for name, value in decision.items() if name != "case_number"}
        shared = {"id": decision["record_id"], "unit_id": decision["unit_id"], "case_number": decision["case_number"]}
        if is_new:
            self.changes.insert(Decision, columns)
            self.changes.insert(Record,
                {**shared, "kind": RecordKind.DECISION.value, "number": decision["ref"],
                 "title": f"Beslut {decision['ref']}", "access": Access.ORDINARY.value, "version": 1,
                 "created_at": self.now}
            )  # fmt: skip
        else:
            self.changes.update(Decision, columns)
            self.changes.update(Record, shared)

    def _merge_clocks(
        self, decision: Stored, rows: list[ParsedRow], is_new: bool, decision_changed: bool
    ) -> list[tuple[Stored | None, Stored]]:
        """Merges the clocks' rows; gives (before, after) of those that are new or changed."""
        stored = self.clocks.get(decision["record_id"], {})
        of_row: dict[date | None, ParsedRow | None] = dict.fromkeys(stored) if decision_changed else {}
        of_row |= {row.interrupted_on: row for row in rows}
        touched: list[tuple[Stored | None, Stored]] = []
        for key, row in of_row.items():
            before = stored.get(key)
            after, facts = merge_clock(before or new_clock(key), row, decision, self.lookups)
            number = row.number if row else rows[0].number
            wrong = False
            for column, message in contradictions(facts, decision["decided_on"], self.today):
                self.collector.add(number, column, message)
                wrong = True
            if wrong:
                continue
            changed = before is not None and after != before
            if before is None or changed:
                touched.append((before, after))
            if before is None:
                after["decision_id"] = decision["record_id"]
                self.changes.insert(DecisionClock, after)
            elif changed:
                self.changes.update(DecisionClock, after)
            if row is not None:
                self._count(before is None, changed or decision_changed)
                if facts.final_reported_on and (facts.ended_on is None or facts.final_reported_on < facts.ended_on):
                    self.result.warnings.append(
                        f"rad {number}: slutrapporterad utan att ha verkställts eller avslutats dessförinnan; klockan "
                        "står inte i någon senare rapport."
                    )
        if touched and not is_new and not decision_changed:
            self.changes.update(
                Record,
                {"id": decision["record_id"], "unit_id": decision["unit_id"], "case_number": decision["case_number"]},
            )
        return touched

    def _count(self, is_new: bool, changed: bool) -> None:
        if is_new:
            self.result.new += 1
        elif changed:
            self.result.changed += 1
        else:
            self.result.unchanged += 1
