"""How have the demonstration municipality's decisions fared? Dice, one day's always the same.

Quarter by quarter, late clocks flow through the report as they do in a real register: some become late, some of those
waiting are executed or closed, the rest wait on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from random import Random
from typing import TypeVar

from tracker.demo.municipality import OFFERS, Offer
from tracker.rules.calendar import add_months
from tracker.rules.quarters import Quarter
from tracker.rules.unexecuted import due_day

TOTAL = 600
YEARS_BACK = 3
JUDGMENTS = 8
INTERRUPTED_SHARE = 0.08
LATE_INTERRUPTED_SHARE = 0.12
FORGOTTEN = {2: "executed", 4: "closed"}  # quarters before the newest finished one: what ended there unreported
HOLIDAYS = frozenset({(1, 1), (1, 6), (5, 1), (6, 6), (12, 24), (12, 25), (12, 26), (12, 31)})
QUARTER_DAYS = 91
T = TypeVar("T")


@dataclass(slots=True, eq=False)
class Ending:
    """One clock and how it ended, if it has."""

    started_on: date
    executed_on: date | None = None
    closed_on: date | None = None
    late: bool = False
    forgotten: bool = False


@dataclass(slots=True, eq=False)
class Case:
    """One decision: its own clock, and that of an interruption where there was one."""

    offer: Offer
    decision: Ending
    interruption: Ending | None = None
    judgment: bool = False


def newest_finished_quarter(today: date) -> Quarter:
    """The last quarter that lies wholly behind the day."""
    return Quarter.holding(today).before


@lru_cache(maxsize=64)
def office_days(first: date, last: date) -> tuple[date, ...]:
    """The days from `first` to `last` on which an office is open."""
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return tuple(day for day in days if day.weekday() < 5 and (day.month, day.day) not in HOLIDAYS)


class Maker:
    """The dice of one day, and what they gave."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.dice = Random(f"egenkoll {today}")  # noqa: S311 - a demonstration is to be the same each time
        self.begin = add_months(today, -12 * YEARS_BACK)
        self.newest = newest_finished_quarter(today)
        self.reported = self._reported_quarters()
        self.found: list[Case] = []
        self.waiting: list[Ending] = []

    def _reported_quarters(self) -> list[Quarter]:
        """From the first quarter whose late decisions lie within the years, to the one before the newest finished."""
        quarter, found = Quarter.holding(self.begin).after.after, []
        while quarter < self.newest:
            found.append(quarter)
            quarter = quarter.after
        return found

    def pick(self, weights: dict[T, int]) -> T:
        """One of the keys, by weight."""
        return self.dice.choices(list(weights), list(weights.values()))[0]

    def offer(self, weight: Callable[[Offer], int]) -> Offer:
        """An insats, by a weight of it."""
        return self.pick({offer: weight(offer) for offer in OFFERS})

    def cases(self) -> list[Case]:
        """All decisions, in no order."""
        for back, quarter in zip(range(len(self.reported), 0, -1), self.reported, strict=True):
            self._past_quarter(quarter, back)
        self._newest_quarter()
        self._running_quarter()
        self.found += [self._judgment() for _ in range(JUDGMENTS)]
        while len(self.found) < TOTAL:
            self.found.append(self._in_time())
        missing = round(INTERRUPTED_SHARE * TOTAL) - sum(case.interruption is not None for case in self.found)
        can_be = [case for case in self.found if self._may_be_interrupted(case)]
        for case in self.dice.sample(can_be, min(max(missing, 0), len(can_be))):
            self._interrupt(case)
        return self.found

    def _past_quarter(self, quarter: Quarter, back: int) -> None:
        ends = max(len(self.waiting) - self.dice.randint(15, 17), round(len(self.waiting) * 0.3))
        closed = round(ends * 0.23)
        self._end_waiting(quarter.first_day, quarter.last_day, ends - closed, closed)
        late_closed = self.dice.choice((0, 1, 1, 2))
        self._late_cohort(quarter, self.dice.randint(11, 13), self.dice.randint(2, 4), late_closed)
        if back in FORGOTTEN:
            case = self._late(quarter, FORGOTTEN[back])
            (case.interruption or case.decision).forgotten = True

    def _newest_quarter(self) -> None:
        executed, closed = self.dice.randint(9, 11), self.dice.randint(2, 4)
        self._end_waiting(self.newest.first_day, self.newest.last_day, executed, closed)
        new, late, late_closed = self.dice.randint(7, 9), self.dice.randint(2, 4), self.dice.randint(1, 2)
        self._late_cohort(self.newest, new, late, late_closed)

    def _running_quarter(self) -> None:
        """What has happened since the newest finished quarter: as much as the days that have passed allow."""
        first = Quarter.holding(self.today).first_day
        share = (self.today - first).days / QUARTER_DAYS
        self._end_waiting(first, self.today, round(9 * share), round(3 * share))
        for _ in range(round(10 * share)):
            case = self._start_late(first, self.today - timedelta(days=1))
            self.waiting.append(case.interruption or case.decision)

    def _end_waiting(self, first: date, last: date, executed: int, closed: int) -> None:
        days = office_days(first, last)
        chosen = self.dice.sample(self.waiting, min(executed + closed, len(self.waiting))) if days else []
        for index, ending in enumerate(chosen):
            if index < executed:
                ending.executed_on = self.dice.choice(days)
            else:
                ending.closed_on = self.dice.choice(days)
            self.waiting.remove(ending)

    def _late_cohort(self, quarter: Quarter, new: int, late: int, late_closed: int) -> None:
        """Those whose three months run out in the quarter: open at its end, executed late, closed late."""
        for _ in range(new):
            case = self._start_late(quarter.before.last_day, quarter.last_day - timedelta(days=1))
            self.waiting.append(case.interruption or case.decision)
        for ended in ["executed"] * late + ["closed"] * late_closed:
            self._late(quarter, ended)

    def _late(self, quarter: Quarter, ended: str) -> Case:
        """A late clock that ended in the quarter in which it became late."""
        case = self._start_late(quarter.before.last_day, quarter.last_day - timedelta(days=21))
        ending = case.interruption or case.decision
        day = self.dice.choice(office_days(due_day(ending.started_on) + timedelta(days=1), quarter.last_day))
        if ended == "executed":
            ending.executed_on = day
        else:
            ending.closed_on = day
        return case

    def _start_late(self, due_from: date, due_to: date) -> Case:
        """A decision, or now and then an interruption, whose three months run out between two days."""
        days = office_days(add_months(due_from, -3) - timedelta(days=4), add_months(due_to, -3) + timedelta(days=4))
        fitting = [day for day in days if due_from <= due_day(day) <= due_to]
        start = self.dice.choice(fitting)
        offer = self.offer(lambda offer: offer.late)
        case = Case(offer, Ending(start, late=True))
        earlier = office_days(max(self.begin, add_months(start, -14)), start - timedelta(days=75))
        if earlier and self.dice.random() < LATE_INTERRUPTED_SHARE:
            decided = self.dice.choice(earlier)
            executed = self.dice.choice(office_days(decided + timedelta(days=4), decided + timedelta(days=60)))
            case = Case(offer, Ending(decided, executed), Ending(start, late=True))
        self.found.append(case)
        return case

    def _in_time(self) -> Case:
        start = self.dice.choice(office_days(self.begin, self.today - timedelta(days=1)))
        ending = Ending(start)
        self._end_in_time(ending, closed_share=0.04)
        return Case(self.offer(lambda offer: offer.in_time), ending)

    def _end_in_time(self, ending: Ending, closed_share: float) -> None:
        """Most within weeks, all within three months; open when that day has not come."""
        wait = min(int(self.dice.lognormvariate(3.1, 0.8)) + 1, 80)
        days = office_days(ending.started_on + timedelta(days=wait), due_day(ending.started_on))
        if not days or days[0] > self.today:
            return
        if self.dice.random() < closed_share:
            ending.closed_on = days[0]
        else:
            ending.executed_on = days[0]

    def _judgment(self) -> Case:
        """Granted by a court: in no class, however late."""
        start = self.dice.choice(office_days(self.begin, self.today - timedelta(days=60)))
        days = office_days(start + timedelta(days=14), start + timedelta(days=300))
        day = self.dice.choice(days)
        ending = Ending(start, executed_on=day if day <= self.today else None, late=day > due_day(start))
        return Case(self.offer(lambda offer: offer.late), ending, judgment=True)

    def _may_be_interrupted(self, case: Case) -> bool:
        executed = case.decision.executed_on
        settled = case.interruption is None and not case.judgment and executed is not None
        return settled and executed is not None and executed < self.today - timedelta(days=45)

    def _interrupt(self, case: Case) -> None:
        executed = case.decision.executed_on or self.today
        last = min(add_months(executed, 15), self.today - timedelta(days=1))
        start = self.dice.choice(office_days(executed + timedelta(days=21), last))
        case.interruption = Ending(start)
        self._end_in_time(case.interruption, closed_share=0.1)
