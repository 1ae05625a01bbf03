"""Entering a new decision: what a page says is made a file of one row, and goes the way of a file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from tracker.accounts.reader import Reach
from tracker.audit import trail
from tracker.database import db
from tracker.decisions.correcting import CorrectionRefused
from tracker.decisions.importing import DECISION_NAMES, ParsedFile, ParsedRow, parse_rows
from tracker.decisions.models import Decision
from tracker.decisions.planning import Importer
from tracker.decisions.replacing import put_replacement
from tracker.decisions.services import write_new
from tracker.decisions.trailing import personal_among
from tracker.decisions.writing import lock_decisions, person_of, stored_decision, wait_for_imports
from tracker.exchange.errors import CellError, Collector, ImportRefused
from tracker.exchange.table import DEFAULT_LIMITS, TableBuilder
from tracker.records.scope import Scope, visible, within_reach
from tracker.rules.errors import RuleViolation
from tracker.rules.identity import t_numbers
from tracker.rules.legal_basis import check_possible
from tracker.rules.trail import Action
from tracker.vault import vault

TAKEN = "Referensen används redan. Skriv en som inget annat beslut har."
TAKEN_NUMBER = "Numret har hunnit få en annan. Hämta ett nytt T-nummer."
NONE_LEFT = "Inga T-nummer är lediga för den dagen och det könet. Kontrollera födelsedagen."
FIRST_ROW = 2
MOST_OFFERED = 20
TOLD_BY_OTHERS = frozenset({"record_id", "person_encrypted", "person_hash", "handler_id", "mark"})


@dataclass(frozen=True, slots=True)
class Entry:
    """A new decision as a page says it: texts by the import's columns, empty where nothing is known.

    `replaces`: the ref of the decision that it replaces. `free_number`: the T-number that was offered as nobody's.
    """

    texts: Mapping[str, str]
    replaces: str = ""
    free_number: str = ""


def enter_decision(entry: Entry, importer: Importer, scope: Scope, today: date, now: datetime) -> int:
    """Saves a new decision; the one it replaces is among those that `scope` holds. Gives its record.

    Raises CorrectionRefused with all that a file would have been refused for.
    """
    wait_for_imports()
    lock_decisions(alone=True)
    if entry.free_number and _is_taken(entry.free_number):
        raise CorrectionRefused([RuleViolation("number_taken", TAKEN_NUMBER, "person")])
    try:
        ref = _write(_file_of(entry.texts), importer, today, now)
    except ImportRefused as refused:
        raise CorrectionRefused(map(_violation, refused.errors)) from None
    record_id = db.session.scalars(select(Decision.record_id).where(Decision.ref == ref)).one()
    stored = stored_decision(record_id)
    known = {name: value for name, value in stored.items() if name not in TOLD_BY_OTHERS} | {
        "person": person_of(stored)
    }
    if entry.replaces:
        put_replacement(record_id, stored["decided_on"], entry.replaces, scope)
        known["replaces"] = entry.replaces
    changes = {name: (None, value) for name, value in known.items() if value is not None}
    trail.record(Action.RECORD_CREATED, record_id=record_id, changes=changes, personal=personal_among(changes))
    return record_id


def _write(file: ParsedFile, importer: Importer, today: date, now: datetime) -> str:
    """Writes the file's only decision, which must be new; gives its ref. Raises ImportRefused, CorrectionRefused."""
    ref = next(iter(file.rows), "")
    for rows in file.rows.values():
        if db.session.scalar(select(Decision.record_id).where(Decision.ref == ref)) is not None:
            raise CorrectionRefused([RuleViolation("taken", TAKEN, "ref")])
        _check_row(rows[0])
    write_new(file, importer, today, now)
    return ref


def _file_of(texts: Mapping[str, str]) -> ParsedFile:
    """The texts as a file of one row, read as a workbook's cells are."""
    collector = Collector()
    builder = TableBuilder(DEFAULT_LIMITS, collector, typed=True)
    builder.head(tuple(texts))
    builder.row(FIRST_ROW, tuple(texts.values()))
    return ParsedFile(parse_rows(builder.table(raising=False), collector), collector)


def _check_row(row: ParsedRow) -> None:
    """What is asked of a decision that is entered here, and not of a file: its provision was in force on its day."""
    said = dict(zip(DECISION_NAMES, row.decision, strict=True))
    legal_basis, decided_on = said["lagrum"], said["beslutsdatum"]
    if isinstance(legal_basis, str) and isinstance(decided_on, date):
        try:
            check_possible(legal_basis, decided_on)
        except RuleViolation as violation:
            raise CorrectionRefused([violation]) from None


def _violation(error: CellError) -> RuleViolation:
    return RuleViolation("cell", error.message[:1].upper() + error.message[1:], error.column)


@dataclass(frozen=True, slots=True)
class SameBirth:
    """A decision about somebody with a T-number, born the day that was asked for."""

    record_id: int
    ref: str
    intervention_id: int


def free_t_number(born_on: date, sex: str) -> str:
    """A T-number that nobody in the register has, whoever may see them. Raises RuleViolation when none is left."""
    numbers = list(t_numbers(born_on, sex))
    by_hash = _by_hash(numbers)
    statement = select(Decision.person_hash).where(Decision.person_hash.in_(list(by_hash))).distinct()
    taken = {by_hash[found] for found in db.session.scalars(statement) if found is not None}
    number = next((number for number in numbers if number not in taken), None)
    if number is None:
        raise RuleViolation("none_left", NONE_LEFT, "fodd")
    return number


def same_birth(born_on: date, sex: str, scope: Scope, identities: Reach) -> list[SameBirth]:
    """The decisions about persons with a T-number of this day and sex, among those whose persons the reader may know.

    The same person keeps their number for as long as anything is reported of them.
    """
    statement = (
        select(Decision.record_id, Decision.ref, Decision.intervention_id)
        .where(
            Decision.person_hash.in_(list(_by_hash(t_numbers(born_on, sex)))),
            visible(Decision.record_id, Decision.unit_id, Decision.mark, scope),
            within_reach(Decision.unit_id, identities),
        )
        .order_by(Decision.ref)
        .limit(MOST_OFFERED)
    )
    return [SameBirth(*row) for row in db.session.execute(statement, scope.values)]


def _is_taken(person: str) -> bool:
    taken = select(Decision.record_id).where(Decision.person_hash.in_(vault.search_hashes(person)))
    return db.session.scalar(taken.limit(1)) is not None


def _by_hash(numbers: Iterable[str]) -> dict[bytes, str]:
    return {found: number for number in numbers for found in vault.search_hashes(number)}
