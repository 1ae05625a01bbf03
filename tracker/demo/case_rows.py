"""Which avvikelser, lex Sarah-rapporter and synpunkter does the demonstration hold from before it began to use the
program for them? Pure: one day gives one list, under the column names of the imports.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from random import Random

from tracker.demo.case_words import (
    AREA_WEIGHTS,
    CATEGORIES,
    CIRCUMSTANCES,
    COMPLAINTS,
    DISABLED,
    IRREGULARITIES,
    IVO_OUTCOMES,
)
from tracker.demo.cases import YEARS_BACK, office_days
from tracker.demo.municipality import UNITS
from tracker.rules.calendar import add_months
from tracker.rules.lex_sarah import supplement_day

Row = dict[str, str | date]
DEVIATION_ROWS, LEX_SARAH_ROWS, COMPLAINT_ROWS = 280, 46, 68
# How many days ago each register began to be kept in the program: what came later is told by its steps.
DEVIATIONS_SINCE, LEX_SARAH_SINCE, COMPLAINTS_SINCE = 75, 130, 40
STILL_OPEN, LATE_OPEN = 7, 2
DEGREES = {"inget": 11, "risk": 12, "missförhållande": 15, "risk_allvarligt": 4, "allvarligt": 4}
SERIOUS = frozenset({"risk_allvarligt", "allvarligt"})
KINDS = {"klagomål": 42, "synpunkt": 17, "beröm": 9}


def deviation_rows(today: date) -> list[Row]:
    """Three years of avvikelser, by the day they were reported; the last of them not closed yet."""
    dice = _dice(today, "deviations")
    rows = []
    days = _days(dice, today, DEVIATIONS_SINCE, DEVIATION_ROWS)
    for number, (ref, reported) in enumerate(_numbered("A", days)):
        area = _pick(dice, AREA_WEIGHTS)
        category = _pick(dice, {name: one.weights[area] for name, one in CATEGORIES.items()})
        said = CATEGORIES[category]
        severity = dice.choices((1, 2, 3, 4), said.severity)[0]
        closed = reported + timedelta(days=4 + int(dice.expovariate(1 / 18)))
        waits = number >= len(days) - STILL_OPEN or closed > today
        near_miss = severity == 1 and dice.random() < 0.6
        rows.append(
            Row(
                ref=ref, enhet=dice.choice(UNITS[area]), lagomrade=_law(dice, area, health=said.health),
                typ="tillbud" if near_miss else "händelse",
                handelsedatum=reported - timedelta(days=dice.choice((0, 0, 0, 1, 1, 2, 5))), rapporterad=reported,
                kategori=category, beskrivning=f"{dice.choice(said.said)} {dice.choice(CIRCUMSTANCES)}",
                allvarlighet=str(severity), avslutad="" if waits else closed,
            )
        )  # fmt: skip
    return rows


def lex_sarah_rows(today: date) -> list[Row]:
    """Three years of lex Sarah-rapporter, by the day they were received; all of them decided."""
    dice = _dice(today, "lex sarah")
    degrees = [degree for degree, count in DEGREES.items() for _ in range(count)]
    dice.shuffle(degrees)
    days = _days(dice, today, LEX_SARAH_SINCE, LEX_SARAH_ROWS)
    return [
        _lex_sarah(dice, ref, received, degree, today)
        for (ref, received), degree in zip(_numbered("LS", days), degrees, strict=True)
    ]


def _lex_sarah(dice: Random, ref: str, received: date, degree: str, today: date) -> Row:
    told = dice.choice(IRREGULARITIES)
    area = dice.choice(told.areas)
    reported = received - timedelta(days=dice.choice((0, 0, 0, 1, 1, 3)))
    in_time = dice.random() < 0.75
    decided = received + timedelta(days=dice.randint(18, 56) if in_time else dice.randint(64, 110))
    row = Row(
        ref=ref, enhet=dice.choice(UNITS[area]), lagrum="LSS" if area == DISABLED else "SoL",
        handelsedatum=reported - timedelta(days=dice.choice((0, 1, 1, 2, 4, 9))), rapporterad=reported,
        mottagen=received, beskrivning=f"{told.said} {dice.choice(CIRCUMSTANCES)}", bedomning=degree, beslutad=decided,
        ivo_anmald="", ivo_utredning_sand="", ivo_beslut="", ivo_utfall="",
    )  # fmt: skip
    closed = decided + timedelta(days=dice.randint(7, 60))
    if degree in SERIOUS:
        notified = decided - timedelta(days=dice.choice((0, 0, 9, 15)))
        sent = min(max(decided, notified), supplement_day(notified))
        answered = sent + timedelta(days=dice.randint(35, 120))
        row |= {"ivo_anmald": notified, "ivo_utredning_sand": sent}
        if answered <= today:
            row |= {"ivo_beslut": answered, "ivo_utfall": dice.choice(IVO_OUTCOMES)}
    return row | {"avslutad": closed if closed <= today else ""}


def complaint_rows(today: date) -> list[Row]:
    """Three years of synpunkter, klagomål and beröm; most of them answered within ten days, two not yet at all."""
    dice = _dice(today, "complaints")
    days = _days(dice, today, COMPLAINTS_SINCE, COMPLAINT_ROWS)
    kinds = [kind for kind, count in KINDS.items() for _ in range(count)]
    dice.shuffle(kinds)
    unanswered = [number for number, kind in enumerate(kinds) if kind == "klagomål"][-LATE_OPEN:]
    rows = []
    for number, ((ref, received), kind) in enumerate(zip(_numbered("S", days), kinds, strict=True)):
        wait = dice.randint(1, 9) if dice.random() < 0.78 else dice.randint(13, 34)
        answered = "" if number in unanswered else received + timedelta(days=wait)
        rows.append(
            Row(
                ref=ref, enhet=dice.choice(UNITS[_pick(dice, AREA_WEIGHTS)]), typ=kind, mottagen=received,
                beskrivning=dice.choice(COMPLAINTS[kind]), besvarad=answered,
            )
        )  # fmt: skip
    return rows


def _dice(today: date, what: str) -> Random:
    return Random(f"egenkoll {what} {today}")  # noqa: S311 - a demonstration is to be the same each time


def _pick(dice: Random, weights: dict[str, int]) -> str:
    return dice.choices(list(weights), list(weights.values()))[0]


def _days(dice: Random, today: date, since: int, count: int) -> list[date]:
    """So many office days of the three years, up to the day from which the program tells the cases itself."""
    possible = office_days(add_months(today, -12 * YEARS_BACK), today - timedelta(days=since))
    return sorted(dice.choices(possible, k=count))


def _numbered(prefix: str, days: Iterable[date]) -> list[tuple[str, date]]:
    """Each day with a number of its year, as the program itself gives them."""
    last: dict[int, int] = {}
    found = []
    for day in days:
        last[day.year] = last.get(day.year, 0) + 1
        found.append((f"{prefix}-{day.year}-{last[day.year]:04}", day))
    return found


def _law(dice: Random, area: str, *, health: bool) -> str:
    if health and dice.random() < 0.7:
        return "HSL"
    if area == DISABLED:
        return "LSS" if dice.random() < 0.8 else "SoL"
    return "SoL"
