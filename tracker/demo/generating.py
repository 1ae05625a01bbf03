"""Which rows does the demonstration municipality's register hold? Pure: one day gives one list.

Reports with the last day of each quarter as cut-off look sent, up to the one before the newest finished quarter.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from random import Random

from tracker.demo.cases import Case, Maker
from tracker.demo.municipality import CLOSE_REASONS, COMMON_REASONS, FREE_REASONS, HANDLER, REASONS, Offer
from tracker.rules.quarters import Quarter
from tracker.rules.unexecuted import Clock, ClockKind, ReportClass, classify

FREE_REASON_SHARE = 0.15
PERSONLESS = 25  # every so many has no number yet
FINISHING = frozenset({ReportClass.EXECUTED, ReportClass.CLOSED, ReportClass.LATE_EXECUTED, ReportClass.LATE_CLOSED})
Row = dict[str, str | date]


def generate_rows(today: date) -> list[Row]:
    """The demonstration's rows, by day of decision, under the column names of the import; the same for one day."""
    maker = Maker(today)
    cases = sorted(maker.cases(), key=lambda case: case.decision.started_on)
    return list(_rows(cases, maker))


def _rows(cases: Iterable[Case], maker: Maker) -> Iterator[Row]:
    numbers: dict[int, int] = {}
    for case in cases:
        decided = case.decision.started_on
        number = numbers[decided.year] = numbers.get(decided.year, 0) + 1
        base = _decision_cells(case, number, maker.dice)
        for kind, ending in ((ClockKind.DECISION, case.decision), (ClockKind.INTERRUPTION, case.interruption)):
            if ending is None:
                continue
            clock = Clock(kind, ending.started_on, ending.executed_on, ending.closed_on, judgment=case.judgment)
            first, final = (None, None) if ending.forgotten else reported_days(clock, maker.reported)
            row: Row = {
                **base,
                "avbrottsdatum": ending.started_on if kind is ClockKind.INTERRUPTION else "",
                "verkstalld": ending.executed_on or "",
                "avslutad": ending.closed_on or "",
                "avslutsorsak": maker.pick(CLOSE_REASONS) if ending.closed_on else "",
                "skal": _reason(case.offer, maker) if ending.late else "",
                "forst_rapporterad": first or "",
                "slutrapporterad": final or "",
            }
            yield row


def reported_days(clock: Clock, quarters: Iterable[Quarter]) -> tuple[date | None, date | None]:
    """The cut-off days of the reports in which the clock first and last stood, had each quarter been reported."""
    first: date | None = None
    for quarter in quarters:
        known = Clock(clock.kind, clock.started_on, clock.executed_on, clock.closed_on, first, judgment=clock.judgment)
        found = classify(known, quarter.last_day, quarter.before.last_day).report_class
        if found is not None:
            first = first or quarter.last_day
            if found in FINISHING:
                return first, quarter.last_day
    return first, None


def _decision_cells(case: Case, number: int, dice: Random) -> Row:
    offer, decided = case.offer, case.decision.started_on
    sex = dice.choices(("kvinna", "man", ""), (51, 47, 2))[0]
    return {
        "ref": f"B{decided.year % 100:02}-{number:03}",
        "lagrum": offer.legal_basis_on(decided),
        "grund": "dom" if case.judgment else "beslut",
        "omrade": offer.area,
        "insats": offer.insats,
        "kon": sex,
        "person": "" if number % PERSONLESS == 0 else t_number(decided, number, sex),
        "enhet": offer.unit,
        "handlaggare": HANDLER,
        "utforare": dice.choice(offer.providers),
        "diarienummer": f"SN {decided.year}/{number * 3 + dice.randint(0, 2):04}",
        "beslutsdatum": decided,
    }


def t_number(decided: date, number: int, sex: str) -> str:
    """A T-number, which is nobody's: a day of birth, and a third sign that tells the sex (even: woman, odd: man)."""
    dice = Random(f"{decided.year} {number}")  # noqa: S311 - invented, and the same each time
    born = date(dice.randint(1932, 2004), dice.randint(1, 12), dice.randint(1, 28))
    told = 2 * dice.randint(0, 4) + (sex == "man")
    return f"{born:%Y%m%d}-T{dice.randint(1, 9)}{told}{dice.randint(0, 9)}"


def _reason(offer: Offer, maker: Maker) -> str:
    """Mostly a code of the list, else a few words."""
    if maker.dice.random() < FREE_REASON_SHARE:
        return maker.dice.choice(FREE_REASONS[offer.kind])
    return maker.pick(REASONS[offer.kind] | COMMON_REASONS)
