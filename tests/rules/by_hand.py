"""The rules a second time, written from the text of the law and the contract: what the program is compared with.

Months are counted by walking the calendar day by day, and each class is a condition of its own, so that nothing here
shares its shape with `tracker.rules`.
"""

from datetime import date, timedelta

from hypothesis import strategies as st

from tracker.rules.unexecuted import Clock, ClockKind

ONE_DAY = timedelta(days=1)


def is_last_of_month(day: date) -> bool:
    return (day + ONE_DAY).day == 1


def ends_a_month(start: date, day: date) -> bool:
    """Whether a time in months from `start` can end on `day`: same number, or the last day of a month too short."""
    return day.day == start.day or (is_last_of_month(day) and day.day < start.day)


def months_between(start: date, end: date) -> int:
    """How many months end after `start`, up to and with `end`."""
    count, day = 0, start
    while day < end:
        day += ONE_DAY
        count += ends_a_month(start, day)
    return count


def day_after_months(start: date, months: int) -> date:
    """The day on which the given number of months has ended."""
    day = start
    while months:
        day += ONE_DAY
        months -= ends_a_month(start, day)
    return day


def bin_of(months: int) -> str:
    for low, high, name in ((0, 2, "0-2"), (3, 6, "3-6"), (7, 9, "7-9"), (10, 12, "10-12"), (13, 17, "13-17")):
        if low <= months <= high:
            return name
    return "18+"


def classes_by_hand(clock: Clock, cutoff: date, previous: date) -> tuple[set[str], bool]:
    """Every class whose condition in the contract's table holds, and whether the clock is missed."""
    if clock.judgment or clock.started_on > cutoff:
        return set(), False
    if clock.final_reported_on and clock.final_reported_on < cutoff:
        return set(), False
    due = day_after_months(clock.started_on, 3)
    verkstalld = clock.executed_on if clock.executed_on and clock.executed_on <= cutoff else None
    avslutad = clock.closed_on if clock.closed_on and clock.closed_on <= cutoff else None
    reported = bool(clock.first_reported_on and clock.first_reported_on < cutoff)
    conditions = {
        "executed": reported and verkstalld,
        "closed": reported and not verkstalld and avslutad,
        "still_unexecuted": reported and not verkstalld and not avslutad,
        "new": not reported and due < cutoff and not verkstalld and not avslutad,
        "late_executed": not reported and verkstalld and verkstalld > due and previous < verkstalld,
        "late_closed": not reported and not verkstalld and avslutad and avslutad > due and previous < avslutad,
    }
    end = verkstalld or avslutad
    missed = bool(not reported and end and due < end <= previous)
    return {name for name, holds in conditions.items() if holds}, missed


def counted_to_by_hand(name: str, clock: Clock, cutoff: date) -> date:
    """The day a clock's waiting time is counted to in a class."""
    if name in {"executed", "late_executed"}:
        assert clock.executed_on
        return clock.executed_on
    if name in {"closed", "late_closed"}:
        assert clock.closed_on
        return clock.closed_on
    return cutoff


@st.composite
def clocks(draw: st.DrawFn) -> Clock:
    """Clocks with facts near their boundaries: the start, the due day, and the days on which reports were made."""
    start = draw(st.dates(date(2024, 1, 1), date(2026, 12, 31)))
    due = day_after_months(start, 3)
    near = st.sampled_from([start, start + ONE_DAY, due - ONE_DAY, due, due + ONE_DAY])
    later = st.integers(0, 700).map(lambda n: start + timedelta(days=n))
    fact = st.none() | near | later
    executed, closed = draw(fact), None
    if executed is None:
        closed = draw(fact)
    return Clock(
        kind=draw(st.sampled_from(ClockKind)),
        started_on=start,
        executed_on=executed,
        closed_on=closed,
        first_reported_on=draw(fact),
        final_reported_on=draw(fact),
        judgment=draw(st.integers(0, 9)) == 0,
        law=draw(st.sampled_from(["SoL", "LSS", None])),
    )


@st.composite
def clocks_and_periods(draw: st.DrawFn) -> tuple[Clock, date, date]:
    """A clock, a cut-off and an earlier cut-off, often on or beside one of the clock's own days."""
    clock = draw(clocks())
    own = [
        clock.started_on,
        day_after_months(clock.started_on, 3),
        clock.executed_on,
        clock.closed_on,
        clock.first_reported_on,
        clock.final_reported_on,
    ]
    beside = st.sampled_from([day for day in own if day]).flatmap(
        lambda day: st.integers(-1, 1).map(lambda n: day + timedelta(days=n))
    )
    anywhere = st.dates(date(2023, 12, 1), date(2029, 6, 30))
    one, two = draw(beside | anywhere), draw(beside | anywhere)
    if one == two:
        two = one + ONE_DAY
    return clock, max(one, two), min(one, two)
