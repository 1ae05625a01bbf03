"""Which combinations of days can a clock not have?

Source: contract for imported decisions; an execution or a closing lies on or after the clock's start, never in the
future, and one clock ends in one way only.
"""

from collections.abc import Iterator
from datetime import date

from tracker.rules.unexecuted import Clock, ClockKind


def contradictions(clock: Clock, decided_on: date, today: date) -> Iterator[tuple[str, str]]:
    """(column, Swedish message) for each contradiction among a clock's days, none when they agree.

    The columns are those of the import: beslutsdatum, avbrottsdatum, verkstalld, avslutad, forst_rapporterad,
    slutrapporterad.
    """
    start_column, start_word = "beslutsdatum", "beslutsdatum"
    if clock.kind is ClockKind.INTERRUPTION:
        start_column, start_word = "avbrottsdatum", "avbrottsdatum"
        if clock.started_on < decided_on:
            yield "avbrottsdatum", f"{clock.started_on} ligger före beslutsdatum {decided_on}. Rätta det som är fel."
    if decided_on > today:
        yield "beslutsdatum", f"{decided_on} ligger i framtiden. Rätta datumet."
    if start_column == "avbrottsdatum" and clock.started_on > today:
        yield "avbrottsdatum", f"{clock.started_on} ligger i framtiden. Rätta datumet."
    for column, day in (
        ("verkstalld", clock.executed_on),
        ("avslutad", clock.closed_on),
        ("forst_rapporterad", clock.first_reported_on),
        ("slutrapporterad", clock.final_reported_on),
    ):
        if day is None:
            continue
        if day < clock.started_on:
            yield column, f"{day} ligger före {start_word} {clock.started_on}. Rätta det som är fel."
        elif day > today:
            yield column, f"{day} ligger i framtiden. Rätta datumet, eller lämna cellen tom tills det har hänt."
    if clock.executed_on and clock.closed_on:
        yield "avslutad", "både verkställd och avslutad. Behåll det som gäller, och skriv - i den andra cellen."
