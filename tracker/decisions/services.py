"""Writing decisions and their clocks: the only place that does."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select

from tracker.accounts.models import Unit, User
from tracker.accounts.queries import unit_places
from tracker.accounts.reader import EVERYTHING, Reach
from tracker.accounts.services import create_units, ensure_top_unit
from tracker.database import db
from tracker.decisions.importing import BAD, NEVER_CLEARED, ParsedRow, Value, combine, names_in
from tracker.decisions.models import Decision, DecisionClock
from tracker.decisions.saving import (
    NEW_DECISION,
    Lookups,
    Stored,
    merge_clock,
    merge_decision,
    new_clock,
)
from tracker.decisions.trailing import ImportTrail
from tracker.decisions.writing import Changes, lock_decisions, put_person, stored_clocks, table_of
from tracker.exchange.columns import CLEAR, fold
from tracker.exchange.errors import Collector
from tracker.records.codes import register_code_use
from tracker.records.grants import Granted, granted_to
from tracker.records.models import Access, CodeItem, CodeList, Mark, Record, RecordKind
from tracker.records.queries import other_names
from tracker.records.services import add_codes, code_ids, reserve_ids
from tracker.rules.clock_facts import contradictions
from tracker.rules.errors import RuleViolation
from tracker.rules.unexecuted import ClockKind

CHUNK_REFS = 5_000
register_code_use(CodeList.INTERVENTION, Decision.intervention_id, "beslut", "beslut")
register_code_use(CodeList.INTERVENTION, DecisionClock.intervention_id, "klocka", "klockor")
register_code_use(CodeList.DELAY_REASON, DecisionClock.delay_reason_id, "klocka", "klockor")
register_code_use(CodeList.CLOSE_REASON, DecisionClock.close_reason, "klocka", "klockor", by_label=True)
TAKEN_REF = "referensen används redan. Välj en annan."
VOIDED_REF = "beslutet är makulerat och ändras inte mer. Ta bort raden, eller ge beslutet en ny referens."
UNKNOWN_UNIT = "enheten är okänd eller utanför det du har tillgång till. Skriv en enhet som du arbetar med."


@dataclass(frozen=True, slots=True)
class Importer:
    """In whose name rows are imported: where rows without a unit go, whether unknown units are made, and how far it
    reaches: `reaches` gives the units the rows may be in, and those whose persons may be brought in. It is asked under
    the lock, and again when units have been made: the tree is then numbered anew. `reader_id` is the user's, None for
    the command line itself, to which nothing is closed.
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


def import_decisions(
    by_ref: dict[str, list[ParsedRow]], importer: Importer, collector: Collector, today: date, now: datetime
) -> ImportResult:
    """Saves the rows of a file, all or none, within the caller's transaction.

    Raises ImportRefused with every place that is wrong; the caller then rolls back.
    """
    lock_decisions(alone=True)
    lookups = _look_up(by_ref, importer, collector)
    reach, identity_reach = importer.reaches()
    granted = None if importer.reader_id is None else granted_to(importer.reader_id)
    result = ImportResult(warnings=[f"ny enhet: {name}" for name in lookups.units_made])
    left = ImportTrail()
    for refs in _chunks(list(by_ref)):
        batch = _Batch(lookups, (reach, identity_reach, granted), collector, result, left, today, now)
        batch.load(refs)
        for ref in refs:
            batch.merge(ref, by_ref[ref], combine(by_ref[ref], collector))
        if not collector.total:
            batch.changes.write()
            left.seal()
    collector.raise_if_any()
    left.note()
    return result


def _chunks(refs: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(refs), CHUNK_REFS):
        yield refs[start : start + CHUNK_REFS]


def _look_up(by_ref: dict[str, list[ParsedRow]], importer: Importer, collector: Collector) -> Lookups:
    """Finds, or on the command line makes, what the file's names stand for."""
    interventions = code_ids(CodeList.INTERVENTION)
    unknown = [label for label in names_in(by_ref, "insats") if label not in interventions]
    before = unit_places()
    units = _units(names_in(by_ref, "enhet"), importer, collector)
    return Lookups(
        units=units,
        units_made=tuple(name for name in units if name not in before),
        users=users_by_name(set(names_in(by_ref, "handlaggare"))),
        interventions=add_codes(CodeList.INTERVENTION, unknown),
        delay_reasons=delay_reason_ids(),
        close_reasons=other_names(CodeList.CLOSE_REASON),
        home_unit_id=importer.home_unit_id,
        tree_places={unit_id: low for unit_id, low in db.session.execute(select(Unit.id, Unit.tree_from))},  # noqa: C416
    )


def delay_reason_ids() -> dict[str, int]:
    """Folded label or code → id of each reason for delay."""
    reasons: dict[str, int] = {}
    in_list = select(CodeItem).where(CodeItem.list == CodeList.DELAY_REASON)
    for item in db.session.scalars(in_list.order_by(CodeItem.merged_into_id.is_(None))):  # other names first
        reasons[fold(item.label)] = item.merged_into_id or item.id
        if item.code:
            reasons[fold(item.code)] = item.merged_into_id or item.id
    return reasons


def users_by_name(names: set[str]) -> dict[str, int]:
    """Name → id for names that exactly one active user bears."""
    if not names:
        return {}
    found: dict[str, list[int]] = {}
    for user_id, name in db.session.execute(select(User.id, User.name).where(User.active.is_(True))):
        if name in names:
            found.setdefault(name, []).append(user_id)
    return {name: ids[0] for name, ids in found.items() if len(ids) == 1}


def _units(wanted: Mapping[str, int], importer: Importer, collector: Collector) -> dict[str, int]:
    """Name → id of the units the importer may write for; unknown ones are made where the importer may.

    `wanted` tells the first row in which each name stands.
    """
    reach, _ = importer.reaches()
    reachable = {name: unit_id for name, (unit_id, low) in unit_places().items() if reach.covers(low)}
    missing = [name for name in wanted if name not in reachable]
    if missing and importer.makes_units:
        try:
            made = create_units(missing, ensure_top_unit())
        except RuleViolation as violation:
            collector.add(None, "enhet", violation.message)
        else:
            reachable |= {unit.name: unit.id for unit in made}
    return reachable


class _Batch:
    """Some refs' decisions: loaded, merged with the file's rows, written with few statements."""

    def __init__(
        self,
        lookups: Lookups,
        seen: tuple[Reach, Reach, Granted | None],
        collector: Collector,
        result: ImportResult,
        left: ImportTrail,
        today: date,
        now: datetime,
    ) -> None:
        self.lookups = lookups
        self.reach, self.identity_reach, self.granted = seen
        self.collector, self.result, self.left = collector, result, left
        self.today, self.now = today, now
        self.decisions: dict[str, Stored] = {}
        self.clocks: dict[int, dict[date | None, Stored]] = {}
        self.out_of_sight: set[str] = set()
        self.changes = Changes()
        self.new_refs: list[str] = []
        self.ids: Iterator[int] = iter(())

    def load(self, refs: list[str]) -> None:
        """Reads what is stored for the refs, and reserves numbers for what is not."""
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
        self.ids = iter(reserve_ids(Record, sum(ref not in self.decisions for ref in refs)))

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
            "record_id": next(self.ids),
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
