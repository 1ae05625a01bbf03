"""What has been notified to IVO under lex Maria of an avvikelse: a pointer, as the anmälan is the vårdgivare's own."""

from datetime import date

from tracker.audit import trail
from tracker.cases.mas import HSL
from tracker.cases.mas_models import LexMaria
from tracker.cases.registers import Stored
from tracker.cases.retention import is_cleared
from tracker.database import db
from tracker.records.versions import raise_version
from tracker.rules.calendar import in_words
from tracker.rules.errors import RuleViolation
from tracker.rules.retention import cleared
from tracker.rules.trail import Action

PERSONAL = frozenset({"lex_maria_number", "lex_maria_notified_by"})


def find_lex_maria(record_id: int) -> LexMaria | None:
    """What has been notified of an avvikelse; None when nothing has."""
    return db.session.get(LexMaria, record_id)


def note_lex_maria(row: Stored, seen: int, day: date, number: str, by: str, today: date) -> None:
    """Notes or puts right that an avvikelse was notified, within the caller's transaction.

    Raises StaleVersion when somebody else has changed it since, RuleViolation for a day that cannot be and for an
    avvikelse of another area.
    """
    record_id = row["record_id"]
    raise_version(record_id, seen)
    if is_cleared(record_id):
        raise cleared()
    if row["law_area"] != HSL:
        raise RuleViolation("area", "Lex Maria gäller avvikelser i hälso- och sjukvård. Rätta området först.")
    if day > today:
        raise RuleViolation("future", f"{day} ligger i framtiden. Rätta dagen.", "dag")
    if row["happened_on"] is not None and day < row["happened_on"]:
        raise RuleViolation("order", f"{day} ligger före {row['happened_on']}, då det hände. Rätta dagen.", "dag")
    found, told = find_lex_maria(record_id), {}
    if found is None:
        found = LexMaria(record_id=record_id)
        db.session.add(found)
    for name, value in (("notified_on", day), ("number", number or None), ("notified_by", by)):
        before = getattr(found, name)
        if before != value:
            told[f"lex_maria_{name}"] = (before, value)
        setattr(found, name, value)
    trail.record(Action.RECORD_CHANGED, record_id=record_id, changes=told, personal=PERSONAL)
    db.session.flush()


def lex_maria_facts(record_id: int) -> list[tuple[str, str]]:
    """(label, value) of what the page of an avvikelse tells."""
    found = find_lex_maria(record_id)
    if found is None:
        return []
    number = [("Nummer, lex Maria", found.number)] if found.number else []
    by = f", av {found.notified_by}" if found.notified_by else ""
    return [("Anmäld enligt lex Maria", f"{in_words(found.notified_on)}{by}"), *number]
