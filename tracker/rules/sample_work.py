"""What may be done with a stickprov, and what does each item come to? Locked, drawn, noted, proposed, accepted.

The figures of a stickprov are never typed: they are counted from its items, a replacement among the selected and the
item it stands for among the dropouts. So ten drawn, one dropped out and replaced, two deviating: 11 selected, 1
dropout, 2 deviations, 10 checked.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from tracker.rules.errors import RuleViolation
from tracker.rules.identity import holds_person_number
from tracker.rules.permissions import TABLE, Permission, roles_allowed
from tracker.rules.sampling import Population, check_dropout, in_rows

MOST_CRITERIA, LONGEST_CRITERION = 20, 60
TOGETHER = 500
PERSON_NUMBER = "Texten ser ut att innehålla ett personnummer. Skriv om utan det."


class SampleState(StrEnum):
    """How far a stickprov has come."""

    LOCKED = "locked"
    DRAWN = "drawn"
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    RETURNED = "returned"


class Verdict(StrEnum):
    """What an item comes to; one that has none is not checked yet."""

    APPROVED = "approved"
    DEVIATING = "deviating"
    DROPOUT = "dropout"


_DECIDERS = " eller ".join(
    row.label.lower() for role, row in TABLE.items() if role in roles_allowed(Permission.MANAGE_CONTROL)
)
FOUR_EYES = (
    "Du har själv fört in resultat i stickprovet eller lämnat det för granskning, så någon annan behöver godkänna det:"
    f" en annan {_DECIDERS}. Du kan lämna tillbaka det."
)
AT_WORK = frozenset({SampleState.DRAWN, SampleState.RETURNED})


class Figures(NamedTuple):
    """A stickprov in figures."""

    selected: int
    dropouts: int
    deviations: int


def figures_of(verdicts: Iterable[Verdict | None]) -> Figures:
    """The figures that the items of a draw come to; see the module for an example."""
    found = list(verdicts)
    return Figures(len(found), found.count(Verdict.DROPOUT), found.count(Verdict.DEVIATING))


def read_criteria(text: str) -> list[str]:
    """The criteria that each item is checked by, one a line; a line twice counts once. Raises RuleViolation."""
    found = list(dict.fromkeys(filter(None, map(str.strip, text.splitlines()))))
    if len(found) > MOST_CRITERIA:
        raise RuleViolation("criteria_many", f"Skriv högst {MOST_CRITERIA} kriterier, ett på varje rad.", "criteria")
    if any(len(line) > LONGEST_CRITERION for line in found):
        raise RuleViolation(
            "criteria_long", f"Korta varje kriterium till högst {LONGEST_CRITERION} tecken.", "criteria"
        )
    check_text(text, "criteria")
    return found


def check_text(text: str, field: str) -> None:
    """Raises RuleViolation for a text that holds the number of a person."""
    if holds_person_number(text):
        raise RuleViolation("person_number", PERSON_NUMBER, field)


def check_references(population: Population) -> None:
    """Raises RuleViolation when any of a population's texts holds the number of a person, which is never repeated."""
    references, rows = population.references, population.rows
    found = [place for place in _suspected(references) if holds_person_number(references[place])]
    if found:
        where = f" ({in_rows(sorted(rows[place] for place in found))})" if rows else ""
        raise RuleViolation(
            "population_person",
            f"{len(found)} av referenserna ser ut att innehålla personnummer{where}. Använd verifikations- eller"
            " ärendenummer.",
            "population",
        )
    for unit in set(population.units):
        check_text(unit or "", "population")


def _suspected(texts: Sequence[str]) -> Iterator[int]:
    """The places of texts among which one holds the number of a person: looked at many together, which is faster."""
    for start in range(0, len(texts), TOGETHER):
        # No number goes across the sign between two texts.
        if holds_person_number("|".join(texts[start : start + TOGETHER])):
            yield from range(start, min(start + TOGETHER, len(texts)))


def check_drawable(state: SampleState) -> None:
    """Raises RuleViolation when the stickprov can no longer be drawn, or drawn again."""
    if state not in AT_WORK | {SampleState.LOCKED}:
        raise RuleViolation(
            "not_drawable", "Stickprovet är lämnat för granskning. Det går inte att dra om nu.", "reason"
        )


def check_at_work(state: SampleState) -> None:
    """Raises RuleViolation when results cannot be noted."""
    if state is SampleState.LOCKED:
        raise RuleViolation("not_drawn", "Stickprovet är inte draget än. Dra det först.")
    if state not in AT_WORK:
        raise RuleViolation(
            "not_at_work", "Stickprovet är lämnat för granskning. Be granskaren lämna tillbaka det om något ska ändras."
        )


def check_proposed(state: SampleState) -> None:
    """Raises RuleViolation when there is nothing to accept or send back."""
    if state is not SampleState.PROPOSED:
        raise RuleViolation("not_proposed", "Stickprovet är inte lämnat för granskning. Läs hur det står till nu.")


def check_four_eyes(hands: Collection[int], by: int) -> None:
    """Raises RuleViolation when somebody would accept what is their own work; it tells who can instead. `hands`: who
    noted results, and who handed them over. Who drew is not among them: the draw follows from a seed of the system's.
    """
    if by in hands:
        raise RuleViolation("own_sample", FOUR_EYES)


def check_proposable(state: SampleState, verdicts: Collection[Verdict | None]) -> None:
    """Raises RuleViolation when the stickprov is not at work, or some of its items are not checked."""
    check_at_work(state)
    waiting = sum(verdict is None for verdict in verdicts)
    if waiting:
        raise RuleViolation(
            "not_checked", f"{waiting} av {len(verdicts)} poster saknar resultat. Granska dem, eller ange bortfall."
        )


def check_entry(verdict: Verdict | None, failed: Collection[str], comment: str, criteria: Collection[str]) -> None:
    """Raises RuleViolation for a result that contradicts itself; `field` is verdict, failed or comment.

    A deviation tells which criteria failed, or what was wrong in words; a dropout tells why; nothing else has failed
    criteria.
    """
    check_text(comment, "comment")
    if not set(failed) <= set(criteria):
        raise RuleViolation("criteria_unknown", "Välj bland stickprovets kriterier.", "failed")
    if failed and verdict is not Verdict.DEVIATING:
        raise RuleViolation(
            "failed_approved", "Välj Avvikelse när ett kriterium har brustit, eller ta bort kriteriet.", "verdict"
        )
    if verdict is Verdict.DEVIATING and not failed and not any(map(str.isalpha, comment)):
        raise RuleViolation(
            "deviation_bare", "Skriv vad som avviker, eller välj vilket kriterium som brast.", "comment"
        )
    if verdict is Verdict.DROPOUT:
        try:
            check_dropout(comment)
        except RuleViolation as violation:
            raise RuleViolation(violation.code, violation.message, "comment") from None
    if verdict is None and comment:
        raise RuleViolation("no_verdict", "Välj vad granskningen kom fram till, eller töm kommentaren.", "verdict")


def check_comment(comment: str) -> None:
    """Raises RuleViolation when it is not told why a stickprov is sent back."""
    if not any(map(str.isalpha, comment)):
        raise RuleViolation("comment", "Skriv vad som behöver göras om.", "comment")
    check_text(comment, "comment")
