"""Bringing in a file of occasions: all rows or none. What is there already is ended and prolonged, never corrected."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from tracker.accounts.queries import unit_places
from tracker.database import db
from tracker.exchange.errors import Collector
from tracker.exchange.rows import Imported
from tracker.guarantees.importing import OccasionLine
from tracker.guarantees.models import GuaranteeOccasion
from tracker.guarantees.queries import OccasionRow, find_occasion
from tracker.guarantees.services import Who, end_occasion, prolong_occasion, start_occasion
from tracker.records.models import CodeList
from tracker.records.scope import EVERY_RECORD
from tracker.records.services import code_ids
from tracker.records.yearly import TAKEN, Importer
from tracker.rules.errors import RuleViolation

UNKNOWN_UNIT = "enheten är okänd eller utanför det du har tillgång till. Skriv en enhet som du arbetar med."
UNKNOWN_CAUSE = "finns inte bland orsaksområdena. Skriv ett av dem, eller lämna cellen tom."
STANDS = "tillfället har redan {what} {day}. Rätta det på dess sida, eller ta bort raden."
COMPLAINTS = "synpunkter läses in för sig, med flask import complaints."
COLUMN_OF = {"referens": "ref", "beslutad": "forlangd_beslutad", "skal": "forlangd_skal", "cause": "orsak"}


def import_guarantees(
    lines: Sequence[OccasionLine], importer: Importer, collector: Collector, who: Who
) -> Imported:  # fmt: skip
    """Saves the rows within the caller's transaction. One that is too late becomes an avvikelse where the row tells
    why; else it waits to be registered.

    Raises ImportRefused with every place that is wrong; the caller then rolls back.
    """
    result, causes = Imported(), code_ids(CodeList.DEVIATION_CAUSE)
    units = {name: unit_id for name, (unit_id, place) in unit_places().items() if importer.reach.covers(place)}
    own = set(units.values())
    for line in lines:
        if line.guarantee.of_complaints:
            collector.add(line.number, "garanti", COMPLAINTS)
        elif line.unit is not None and line.unit not in units:
            collector.add(line.number, "enhet", UNKNOWN_UNIT)
        elif line.cause is not None and line.cause not in causes:
            collector.add(line.number, "orsak", UNKNOWN_CAUSE)
        else:
            row = _standing(line)
            if row is not None and row.unit_id not in own:
                collector.add(line.number, "ref", TAKEN)
                continue
            unit_id = importer.home_unit_id if line.unit is None else units[line.unit]
            try:
                changed = _save(line, row, unit_id, causes.get(line.cause or ""), who)
            except RuleViolation as violation:
                column = COLUMN_OF.get(violation.field or "", violation.field) or "ref"
                collector.add(line.number, column, violation.message[:1].lower() + violation.message[1:])
            else:
                result.count(row is None, changed)
    collector.raise_if_any()
    return result


def _standing(line: OccasionLine) -> OccasionRow | None:
    o = GuaranteeOccasion
    same = select(o.record_id).where(
        o.guarantee_id == line.guarantee.id, o.ref == line.ref, o.started_on == line.started_on
    )
    record_id = db.session.scalar(same)
    return None if record_id is None else find_occasion(record_id, EVERY_RECORD)


def _save(line: OccasionLine, row: OccasionRow | None, unit_id: int, cause_id: int | None, who: Who) -> bool:
    """Begins, prolongs and ends what a row tells of; whether anything changed."""
    changed = False
    if row is None:
        record_id, _ = start_occasion(line.guarantee, line.ref, unit_id, line.started_on, who)
        row, changed = _again(record_id), True
    if line.prolonged_to is not None and row.days.prolonged_to != line.prolonged_to:
        _refuse_other("förlängts till", row.days.prolonged_to, "forlangd_till")
        decided_on, grounds = line.prolonged_on or line.started_on, line.prolonged_for or ""
        prolong_occasion(line.guarantee, row, row.version, line.prolonged_to, decided_on, grounds, who)
        row, changed = _again(row.record_id), True
    if line.ended_on is not None and row.days.ended_on != line.ended_on:
        _refuse_other("blivit klart", row.days.ended_on, "slutdatum")
        end_occasion(line.guarantee, row, row.version, line.ended_on, cause_id, who, from_file=True)
        changed = True
    return changed


def _refuse_other(what: str, stands: date | None, field: str) -> None:
    if stands is not None:
        raise RuleViolation("stands", STANDS.format(what=what, day=stands), field)


def _again(record_id: int) -> OccasionRow:
    row = find_occasion(record_id, EVERY_RECORD)
    if row is None:
        raise LookupError(record_id)
    return row
