"""How well was a kontrollmoment followed? Its figures, its grade, and the sentence that sums up the year.

The grades are those that Swedish municipalities report to their committees; no law gives limits. What was checked and
approved is summed over the samples and graded as an exact fraction: what is shown is rounded, what decides is not.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from tracker.rules.errors import RuleViolation

MILLION = 1_000_000


class Grade(StrEnum):
    """How a kontrollmoment came out, the best first."""

    GOOD = "god"
    ACCEPTABLE = "godtagbar"
    FAILED = "ej_godkand"
    NOT_DONE = "ej_genomford"


NO_RESULT = "no_result"
OVERRIDDEN = "overridden"


@dataclass(frozen=True, slots=True)
class Limits:
    """From which per cent a moment is god, and from which godtagbar; the limit itself belongs to the better grade."""

    good: int = 90
    acceptable: int = 60


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a sample, or of several together: how many were checked, and how many of them were approved."""

    checked: int = 0
    approved: int = 0

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(self.checked + other.checked, self.approved + other.approved)

    @property
    def millionths(self) -> int | None:
        """The compliance in millionths, rounded half up; None when nothing was checked. 33 of 38 is 868 421."""
        return _share(self.approved, self.checked, MILLION)

    @property
    def percent(self) -> int | None:
        """The compliance in whole per cent, rounded half up; 33 of 38 is 87. None when nothing was checked."""
        return _share(self.approved, self.checked, 100)


@dataclass(frozen=True, slots=True)
class Graded:
    """A moment's grade; `flags` says what about it should be looked at. `computed`: what follows from the figures,
    where another grade has been set in its place.
    """

    grade: Grade
    flags: tuple[str, ...] = ()
    computed: Grade | None = None

    @property
    def no_result(self) -> bool:
        """Whether nothing was checked and no reason is given."""
        return NO_RESULT in self.flags


def _share(part: int, whole: int, of: int) -> int | None:
    return (2 * part * of + whole) // (2 * whole) if whole else None


def outcome_of(selected: int, dropouts: int, deviations: int) -> Outcome:
    """A sample's outcome from its figures: checked = selected − dropouts, approved = checked − deviations.

    Raises RuleViolation when more dropped out than were taken, or more deviated than were checked.
    """
    if dropouts > selected:
        raise RuleViolation(
            "dropouts",
            f"Bortfallet ({dropouts}) är större än antalet utvalda ({selected}). Rätta ett av talen.",
            "bortfall",
        )
    checked = selected - dropouts
    if deviations > checked:
        raise RuleViolation(
            "deviations",
            f"Avvikelserna ({deviations}) är fler än de granskade ({checked}). Rätta ett av talen.",
            "avvikelser",
        )
    return Outcome(checked, checked - deviations)


def check_limits(limits: Limits) -> None:
    """Raises RuleViolation for limits that cross or lie outside 0–100."""
    for value, field in ((limits.good, "god_grans"), (limits.acceptable, "godtagbar_grans")):
        if not 0 <= value <= 100:
            message = f"Gränsen {value} ligger utanför 0–100 procent. Skriv ett tal från 0 till 100."
            raise RuleViolation("limit", message, field)
    if limits.acceptable > limits.good:
        raise RuleViolation(
            "limits_cross",
            f"Gränsen för godtagbar ({limits.acceptable}) ligger över den för god ({limits.good}). Byt plats på dem.",
            "godtagbar_grans",
        )


def grade(outcome: Outcome, limits: Limits, not_done: str | None) -> Graded:
    """The grade of what came of a moment; `not_done` is the reason why it was not carried out.

    9 of 10 is god at 90 %, 899 of 1 000 is not; 3 of 5 is godtagbar at 60 %.
    """
    if not_done:
        return Graded(Grade.NOT_DONE)
    if not outcome.checked:
        return Graded(Grade.NOT_DONE, (NO_RESULT,))
    reached = 100 * outcome.approved
    if reached >= limits.good * outcome.checked:
        return Graded(Grade.GOOD)
    return Graded(Grade.ACCEPTABLE if reached >= limits.acceptable * outcome.checked else Grade.FAILED)


def overridden(graded: Graded, by_hand: Grade | None) -> Graded:
    """The grade as somebody has set it. It gives way where nothing came of the moment, and where the figures have come
    to say the same.
    """
    if by_hand is None or graded.grade in {Grade.NOT_DONE, by_hand}:
        return graded
    return Graded(by_hand, (*graded.flags, OVERRIDDEN), graded.grade)


def figures_of(computed: Grade, outcome: Outcome) -> str:
    """What a grade by hand is set in place of, as its form carries it: `godtagbar:33:38`."""
    return f"{computed.value}:{outcome.approved}:{outcome.checked}"


def check_figures(seen: str, computed: Grade, outcome: Outcome) -> None:
    """Raises RuleViolation, with what stands now, when a grade is set on other figures than those that were `seen`."""
    if seen != figures_of(computed, outcome):
        share = "" if outcome.percent is None else f" ({outcome.percent} %)"
        raise RuleViolation(
            "figures_changed",
            f"Siffrorna har ändrats sedan du öppnade sidan: nu är {outcome.approved} av {outcome.checked}"
            f" godkända{share}. Läs den beräknade bedömningen, och spara igen om din ska gälla.",
        )


def check_override(computed: Grade, by_hand: Grade, motivation: str) -> None:
    """Raises RuleViolation when a grade cannot be set in place of the computed one, or nobody says why."""
    if computed is Grade.NOT_DONE:
        raise RuleViolation(
            "override_not_done", "Kontrollmomentet är ej genomfört. Det finns ingen bedömning att ändra."
        )
    if by_hand is Grade.NOT_DONE:
        raise RuleViolation(
            "override_to_not_done", "Skriv skälet till att momentet är ej genomfört i stället.", "bedomning"
        )
    if by_hand is computed:
        raise RuleViolation(
            "override_same",
            "Det är den bedömning som är beräknad. Välj en annan, eller ta tillbaka ändringen.",
            "bedomning",
        )
    if not any(map(str.isalpha, motivation)):
        raise RuleViolation("override_motivation", "Skriv varför bedömningen ändras.", "motivering")


def check_not_done(reason: str | None, what_next: str | None) -> None:
    """Raises RuleViolation for a reason without what happens next, or what happens next without a reason."""
    if reason and not what_next:
        raise RuleViolation("not_done_next", "Skriv vad som händer nu, som: Görs om under våren.", "harnast")
    if what_next and not reason:
        raise RuleViolation("not_done_reason", "Skriv varför kontrollmomentet inte är genomfört.", "ej_genomford")


def count_grades(grades: Iterable[Grade]) -> dict[Grade, int]:
    """How many moments have each grade, all four named."""
    counts = dict.fromkeys(Grade, 0)
    for one in grades:
        counts[one] += 1
    return counts


def sentence(counts: Mapping[Grade, int]) -> tuple[str, str]:
    """The year in two sentences, which together tell of every moment: the headline, and the rest."""
    total = sum(counts.values())
    noun = "kontrollmoment"
    rest = (
        f"Godtagbar i {counts[Grade.ACCEPTABLE]}, ej godkänd i {counts[Grade.FAILED]}, "
        f"ej genomförd {counts[Grade.NOT_DONE]}."
    )
    return f"God följsamhet i {counts[Grade.GOOD]} av {total} {noun}", rest
