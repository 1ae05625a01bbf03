"""The same done with several actions in one go: each by its own rules, on the version that was seen, or not at all."""

from collections.abc import Callable, Iterable
from enum import StrEnum

from tracker.database import db
from tracker.exchange.errors import ImportRefused
from tracker.records.versions import StaleVersion
from tracker.rules.errors import RuleViolation

MOST_AT_ONCE = 100
STALE = "Någon annan har ändrat den sedan du kryssade för den. Läs den och försök igen."


class Several(StrEnum):
    """What can be done with several in one go, by the names in addresses."""

    DONE = "klar"
    DAY = "ny-dag"
    OWNER = "overlat"


def do_each(picked: Iterable[tuple[int, int]], act: Callable[[int, int], None]) -> dict[int, str]:
    """Does the same with each (record, version that was seen), within the caller's transaction; gives why it could not
    be done with some. Of those nothing is written; the others are done.
    """
    refused: dict[int, str] = {}
    for record_id, seen in picked:
        try:
            with db.session.begin_nested():
                act(record_id, seen)
        except StaleVersion:
            refused[record_id] = STALE
        except RuleViolation as violation:
            refused[record_id] = _sentence(violation.message)
        except ImportRefused as cells:
            refused[record_id] = " ".join(_sentence(error.message) for error in cells.errors)
    return refused


def _sentence(message: str) -> str:
    return message[:1].upper() + message[1:]
