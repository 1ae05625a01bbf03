"""What would the file change, and changing it: the import's own plan, made from the file that waits."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from tracker.accounts.queries import list_units
from tracker.accounts.reader import EVERYTHING, Reader
from tracker.audit import trail
from tracker.database import db, large_batch, read_one_snapshot
from tracker.decisions.differences import Differences
from tracker.decisions.importers import importer_of
from tracker.decisions.importing import ParsedFile, parse_rows
from tracker.decisions.planning import ImportResult, Plan
from tracker.decisions.services import import_meanwhile
from tracker.decisions.unmentioned import Mention, Unmentioned, list_unmentioned
from tracker.exchange.date_forms import as_day
from tracker.exchange.errors import SHOWN, CellError, Collector, ImportRefused
from tracker.exchange.foreign import Convert, read_mapped
from tracker.exchange.sheets import OpenFile
from tracker.exchange.table import Cell
from tracker.intake import waiting
from tracker.intake.choices import AS_IT_STANDS, Choices
from tracker.intake.fields import CODED_FIELDS, DATE_FIELDS
from tracker.intake.mappings import remember
from tracker.intake.questions import form_of
from tracker.records.models import CodeList
from tracker.records.queries import code_labels
from tracker.records.scope import scope_of
from tracker.rules.permissions import Permission
from tracker.rules.trail import Action

_turn = threading.Lock()  # one large file at a time in each process: the memory of two is not there


class ChangedSince(Exception):
    """The register has changed so that the file would do something else than was shown; nothing is saved."""


class NothingWaits(Exception):
    """The file has been saved or taken away already; nothing is saved."""


@dataclass(frozen=True, slots=True)
class Names:
    """What the numbers in a preview stand for."""

    units: Mapping[int, str]
    interventions: Mapping[int, str]
    reasons: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Preview:
    """What the file would do; `seen` tells this from what it would do another time. `errors`: every bad place, as
    lines with the file's own heads. Without a result the file could not be read so far.
    """

    errors: list[str]
    result: ImportResult | None = None
    differences: Differences | None = None
    unmentioned: Unmentioned | None = None
    names: Names | None = None
    seen: str = ""


def reading(data: bytes, choices: Choices) -> Callable[[], ParsedFile]:
    """Reads the file as it has been chosen, each time anew. What it gives raises ImportRefused."""
    file = OpenFile(data, choices.filename, choices.encoding or None)

    def read() -> ParsedFile:
        collector = Collector()
        converters = _converters(choices)
        table = read_mapped(file, choices.table, choices.notes, choices.columns, converters, collector)
        return ParsedFile(parse_rows(table, collector), collector)

    return read


def _converters(choices: Choices) -> dict[str, Convert]:
    found: dict[str, Convert] = {
        name: partial(as_day, form=form_of(choices, name)) for name in DATE_FIELDS if name in choices.columns
    }
    for name in CODED_FIELDS:
        stands_for = {cell: code for cell, code in (choices.values or {}).get(name, {}).items() if code != AS_IT_STANDS}
        if name in choices.columns and stands_for:
            found[name] = partial(_replaced, stands_for)
    return found


def _replaced(stands_for: Mapping[str, str], cell: Cell) -> Cell:
    return stands_for.get(cell, cell) if isinstance(cell, str) else cell


def preview(reader: Reader, choices: Choices, data: bytes, today: date, now: datetime) -> Preview:
    """Works out what the file would do, in one snapshot, without writing. The caller has nothing begun."""
    with _turn:
        try:
            parsed = reading(data, choices)()
            mentioned: set[Mention] = {
                (ref, row.interrupted_on) if row.interrupted_on else ref
                for ref, rows in parsed.rows.items()
                for row in rows
            }
            read_one_snapshot()
            with large_batch():
                importer = importer_of(reader, makes_units=False)
                plan = Plan(parsed, importer, today, now, compares=True, tried=True)
                unmentioned = list_unmentioned(scope_of(reader, Permission.IMPORT_DECISIONS), mentioned)
        except ImportRefused as refused:
            db.session.rollback()
            return Preview(_lines(refused, choices))
        errors: list[str] = []
        if parsed.collector.total:
            errors = _lines(ImportRefused(parsed.collector.errors, parsed.collector.total), choices)
        found = Preview(errors, plan.result, plan.differences, unmentioned, _names(), seen_of(plan))
        db.session.rollback()
        return found


def _lines(refused: ImportRefused, choices: Choices) -> list[str]:
    """What is wrong, with the columns called what the file calls them."""
    told = [
        CellError(error.row, choices.heads.get(error.column, error.column) if error.column else None, error.message)
        for error in refused.errors
    ]
    return ImportRefused(told, refused.total).lines(SHOWN)


def _names() -> Names:
    return Names(
        {unit.id: unit.name for unit in list_units(EVERYTHING)},
        code_labels(CodeList.INTERVENTION),
        code_labels(CodeList.DELAY_REASON),
    )


def seen_of(plan: Plan) -> str:
    """What tells one plan's outcome from another's."""
    result = plan.result
    return f"{result.new}.{result.changed}.{result.unchanged}.{plan.differences.digest}"


def save(
    reader: Reader, choices: Choices, data: bytes, seen: str, heads: list[str], sheet: str, today: date, now: datetime
) -> ImportResult:
    """Saves what was shown, remembers how the file was read, and lets go of it; commits.

    The caller has nothing begun and no lock. Raises ChangedSince, NothingWaits or ImportRefused; nothing is saved then.
    """

    def plan_for(parsed: ParsedFile) -> Plan:
        return Plan(parsed, importer_of(reader, makes_units=False), today, now, compares=True)

    def approve(plan: Plan) -> None:
        if seen_of(plan) != seen:
            raise ChangedSince
        if not waiting.remove(reader):
            raise NothingWaits
        result = plan.result
        counts = {"new": (None, result.new), "changed": (None, result.changed), "unchanged": (None, result.unchanged)}
        trail.record(Action.FILE_READ_IN, changes={"file": (None, choices.digest), **counts})
        remember(choices, heads, sheet, reader.user_id, now)

    with _turn:
        try:
            return import_meanwhile(reading(data, choices), plan_for, approve=approve)
        except BaseException:
            db.session.rollback()
            raise
