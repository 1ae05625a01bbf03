"""When does a case take files?"""

from tracker.rules.case_workflow import ENDED, CaseKind, CaseState
from tracker.rules.errors import RuleViolation

MOST_OF_A_CASE = 30
MOST_OF_A_REPORTER = 10


def takes_files(kind: CaseKind, state: CaseState) -> bool:
    """Whether files are added to a case, and taken away: while it is open; of a closed lex Sarah case too, as what IVO
    decides comes after it.
    """
    return state not in ENDED or (kind is CaseKind.LEX_SARAH and state is CaseState.CLOSED)


def check_takes_files(kind: CaseKind, state: CaseState, *, reporter: bool = False) -> None:
    """Raises RuleViolation when a case takes no files; from who reported it (`reporter`): when it is not open."""
    if not takes_files(kind, state) or (reporter and state in ENDED):
        raise RuleViolation("files_closed", "Ärendet är avslutat. Filerna står som de är.", "file")


def check_room(of_case: int, of_reporter: int | None = None) -> None:
    """Raises RuleViolation when a case has as many files as it may, or who reported it has sent as many as they may."""
    if of_reporter is not None and of_reporter >= MOST_OF_A_REPORTER:
        message = f"Du har redan skickat {MOST_OF_A_REPORTER} filer. Lämna fler till den som handlägger ärendet."
        raise RuleViolation("files_many", message, "file")
    if of_case >= MOST_OF_A_CASE:
        message = f"Ärendet har redan {MOST_OF_A_CASE} filer. Lägg ihop flera till en, och lägg till den."
        raise RuleViolation("files_many", message, "file")
