"""Between which amounts does a särskild avgift lie, and until when can IVO apply for it? Never what it would be.

Sources: 34 kap. 5–10 §§ socialtjänstlagen (2025:400), before 2025-07-01 16 kap. 6 a–6 e §§ (2001:453);
28 a–28 e §§ LSS (1993:387). The amounts were raised on 2026-01-01; the older ones go on for decisions from before that
day (transitional provisions of SFS 2025:1299 and 2025:1298, p. 3). The court weighs the time that has passed and how
grave it is, so that no amount can be told beforehand.
"""

from dataclasses import dataclass
from datetime import date

from tracker.rules.calendar import add_months, in_words
from tracker.rules.unexecuted import NEW_LAW_FROM

RAISED_FROM = date(2026, 1, 1)
YEARS_TO_APPLY = 2


@dataclass(frozen=True, slots=True)
class FeeInterval:
    """The lowest and the highest fee, in whole kronor."""

    lowest: int
    highest: int


BEFORE = FeeInterval(10_000, 1_000_000)
RAISED = FeeInterval(15_000, 1_500_000)


def fee_interval(decided_on: date) -> FeeInterval:
    """The interval by the day of the decision, for its interruptions as well; kronor.

    2025-12-31: 10 000–1 000 000. 2026-01-01: 15 000–1 500 000.
    """
    return BEFORE if decided_on < RAISED_FROM else RAISED


def last_day_to_apply(started_on: date) -> date:
    """The last day on which IVO's application can be served, two years from the decision or the interruption.

    2024-02-29 gives 2026-02-28. Of a judgment the two years run from the day it became final, which the caller
    has to give.
    """
    return add_months(started_on, YEARS_TO_APPLY * 12)


def fee_paragraphs(law: str | None, on: date) -> str:
    """Where the fee stands in the law in force on a day; `law` is SoL, LSS or None where the register is silent."""
    sol = "34 kap. 5–10 §§ socialtjänstlagen"
    if on < NEW_LAW_FROM:
        sol = "16 kap. 6 a–6 e §§ socialtjänstlagen (2001:453)"
    lss = "28 a–28 e §§ LSS"
    if law == "SoL":
        return sol
    return lss if law == "LSS" else f"{sol} eller {lss}"


def two_year_paragraph(law: str | None, on: date) -> str:
    """Where the two years stand in the law in force on a day; `law` as above."""
    sol = "34 kap. 10 § socialtjänstlagen" if on >= NEW_LAW_FROM else "16 kap. 6 e § socialtjänstlagen (2001:453)"
    if law == "SoL":
        return sol
    return "28 e § LSS" if law == "LSS" else f"{sol} eller 28 e § LSS"


def fee_sentences(decided_on: date, law: str | None, on: date, *, judgment: bool) -> tuple[str, str]:
    """Two Swedish sentences: why this interval applies, and from when the two years run."""
    side = "före" if decided_on < RAISED_FROM else "från och med"
    interval = (
        f"Beslutet fattades {in_words(decided_on)}. För beslut {side} {in_words(RAISED_FROM)} gäller detta intervall "
        f"({fee_paragraphs(law, on)}). Förvaltningsrätten bestämmer avgiften efter hur lång tid som har gått och hur "
        "allvarligt det är; i ringa fall tas ingen ut."
    )
    begun = "den dag domen fick laga kraft, som inte står i registret" if judgment else "beslutet eller avbrottet"
    limit = (
        f"Avgift får tas ut bara om IVO:s ansökan har delgetts inom två år från {begun} "
        f"({two_year_paragraph(law, on)}; månader räknas enligt 1 § lagen 1930:173)."
    )
    return interval, limit
