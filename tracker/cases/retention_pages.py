"""What do the pages of gallring tell? The rule of each kind, and what is due by it today."""

from typing import NamedTuple

from tracker.cases.pages import WORDS
from tracker.cases.registers import CaseRegister
from tracker.cases.retention import Clearing


class KindLine(NamedTuple):
    """A kind of case: its rule in words, how many are due today, and the page where they are gallrade."""

    title: str
    rule: str
    due: int
    path: str


class ClearingLine(NamedTuple):
    """A gallring that has been done."""

    done_on: str
    title: str
    cases: int
    decision: str
    who: str


def rule_words(months: int | None) -> str:
    """For how long a kind is kept: 60 månader efter sista anteckningen."""
    if months is None:
        return "Bevaras alltid"
    return f"{months} {'månad' if months == 1 else 'månader'} efter sista anteckningen"


def kind_line(register: CaseRegister, months: int | None, due: int) -> KindLine:
    """A kind with its rule."""
    words = WORDS[register.kind]
    return KindLine(words.title, rule_words(months), due, f"/gallring{words.path}")


def clearing_lines(clearings: list[Clearing]) -> list[ClearingLine]:
    """What has been gallrat, as the list of it tells."""
    return [
        ClearingLine(
            one.done_on.isoformat(), WORDS[one.kind].title, one.cases, f"{one.decided_on.isoformat()}, {one.decision}",
            one.done_by,
        )
        for one in clearings
    ]  # fmt: skip
