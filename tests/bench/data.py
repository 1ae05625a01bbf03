"""A register of any size to measure on: ten years of decisions over 400 units, made straight into the tables.

Of each million clocks about 15 000 stand in a class of the measured quarter, most of the rest were executed in time.
"""

import csv
import io
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import insert, text

from tracker.accounts.models import Unit
from tracker.accounts.services import number_tree
from tracker.database import db, insert_many, is_sqlite, refresh_statistics
from tracker.decisions.models import Decision, DecisionClock
from tracker.records.models import CodeItem, Record
from tracker.rules.quarters import Quarter
from tracker.rules.unexecuted import Clock, ClockKind, ClockState, due_day, stored_figures

CUTOFF, PREVIOUS = date(2026, 9, 30), date(2026, 6, 30)
FIRST_DAY, LAST_DAY = date(2016, 10, 1), date(2026, 10, 31)
AREAS, UNITS_AN_AREA, INTERVENTIONS = 20, 19, 24
BATCH = 20_000
LATE = 0.045
NOW = datetime(2026, 11, 1, tzinfo=UTC)


def make_units() -> None:
    """A top unit, 20 areas and 19 units in each: 401 with the top; one more unit that holds nothing."""
    db.session.add(Unit(id=1, name="Socialförvaltningen", parent_id=None, tree_from=0, tree_to=0))
    db.session.flush()
    for area in range(AREAS):
        db.session.add(Unit(id=2 + area, name=f"Område {area:02}", parent_id=1, tree_from=0, tree_to=0))
    db.session.flush()
    for number in range(AREAS * UNITS_AN_AREA):
        db.session.add(
            Unit(id=100 + number, name=f"Enhet {number:03}", parent_id=2 + number % AREAS, tree_from=0, tree_to=0)
        )
    db.session.add(Unit(id=99, name="Tom enhet", parent_id=1, tree_from=0, tree_to=0))
    db.session.flush()
    number_tree()
    codes = [{"id": 1000 + n, "list": "intervention", "label": f"Insats {n:02}"} for n in range(INTERVENTIONS)]
    codes.append({"id": 1999, "list": "intervention", "label": "Insats utan beslut"})
    db.session.execute(insert(CodeItem), [code | {"position": 0} for code in codes])


def _report_days(first: date, last: date) -> tuple[date, date | None]:
    """When a clock due on `first` stood in its first report, and (ended on `last`) in its final one."""
    reported = Quarter.holding(first + timedelta(days=1)).last_day
    return reported, Quarter.holding(last).last_day if last > reported else reported


def _clock(rng: random.Random, kind: ClockKind, started_on: date, late: float) -> Clock:
    """One believable clock; a share of `late` does not end in time."""
    due_on = due_day(started_on)
    draw = rng.random()
    if draw < 1 - late:
        ended = started_on + timedelta(days=rng.randrange((due_on - started_on).days + 1))
        if ended > LAST_DAY:
            return Clock(kind, started_on)
        if draw < 0.93:
            return Clock(kind, started_on, executed_on=ended)
        return Clock(kind, started_on, closed_on=ended)
    if due_on >= CUTOFF:
        return Clock(kind, started_on)
    late = due_on + timedelta(days=1 + int(rng.expovariate(1 / 1150)))
    first, final = _report_days(due_on, late)
    if late > CUTOFF:
        return Clock(kind, started_on, first_reported_on=first if first < CUTOFF else None)
    executed, closed = (late, None) if rng.random() < 0.8 else (None, late)
    if first >= CUTOFF:
        return Clock(kind, started_on, executed, closed)
    return Clock(kind, started_on, executed, closed, first, final if final < CUTOFF else None)


def _rows(
    count: int, late: float = LATE
) -> Iterator[tuple[tuple[object, ...], tuple[object, ...], tuple[object, ...]]]:
    """(record, decision, clock) rows in the order of the columns below."""
    rng = random.Random(20260930)
    days = (LAST_DAY - FIRST_DAY).days
    reasons = list(range(1, 13))  # the code list's own numbers, as the migration puts them in
    for number in range(1, count + 1):
        started_on = FIRST_DAY + timedelta(days=rng.randrange(days + 1))
        interrupted = rng.random() < 0.05
        kind = ClockKind.INTERRUPTION if interrupted else ClockKind.DECISION
        clock = _clock(rng, kind, started_on, late)
        if interrupted and clock.state is ClockState.CLOSED and not clock.first_reported_on:
            clock = Clock(kind, started_on, executed_on=clock.closed_on)
        figures = stored_figures(clock)
        unit_id = 100 + number % (AREAS * UNITS_AN_AREA)
        intervention = 1000 + rng.randrange(INTERVENTIONS)
        if intervention == 1000 and interrupted:
            intervention = 1001  # one insats that is never interrupted, for filters without hits
        sex = ("kvinna", "man", None)[number % 3]
        ref = f"B-{number:07}"
        decided_on = started_on - timedelta(days=200) if interrupted else started_on
        yield (
            (number, "decision", ref, f"Beslut {ref}", unit_id, "ordinary", 1, NOW),
            (number, unit_id, ref, "SoL 11:1", False, intervention, sex, 0, decided_on),
            (
                number, number, unit_id, kind.value, started_on, clock.executed_on, clock.closed_on,
                clock.first_reported_on, clock.final_reported_on, figures.state.value, figures.due_on,
                figures.ended_on, figures.ended_value, figures.alive_until, figures.relevant_until, intervention,
                sex, 0, reasons[number % 12], False, ref, decided_on,
            ),
        )  # fmt: skip


COLUMNS = {
    Record.__table__: ("id", "kind", "number", "title", "unit_id", "access", "version", "created_at"),
    Decision.__table__: ("record_id", "unit_id", "ref", "legal_basis", "judgment", "intervention_id", "sex",
                         "mark", "decided_on"),
    DecisionClock.__table__: (
        "id", "decision_id", "unit_id", "kind", "started_on", "executed_on", "closed_on", "first_reported_on",
        "final_reported_on", "state", "due_on", "ended_on", "ended_value", "alive_until", "relevant_until",
        "intervention_id", "sex", "mark", "delay_reason_id", "noted", "ref",
        "decided_on"),
}  # fmt: skip


def fill(count: int, late: float = LATE) -> None:
    """Fills an empty, migrated database with `count` clocks; the clocks' indexes are made anew afterwards."""
    clock_table = DecisionClock.__table__
    for index in clock_table.indexes:
        index.drop(db.engine)
    batch: list[tuple[tuple[object, ...], ...]] = []
    for number, rows in enumerate(_rows(count, late), start=1):
        batch.append(rows)
        if len(batch) == BATCH or number == count:
            for position, (table, columns) in enumerate(COLUMNS.items()):
                insert_many(table, [dict(zip(columns, rows[position], strict=True)) for rows in batch])
            db.session.commit()
            batch.clear()
    for index in sorted(clock_table.indexes, key=lambda index: index.name):
        index.create(db.engine)
    go_on_numbering("record", "decision_clock", "unit", "code_item")
    db.session.commit()
    refresh_statistics()


def go_on_numbering(*tables: str) -> None:
    """The next number of each table follows on what was put in with numbers of its own."""
    if is_sqlite():
        return
    for table in tables:
        last = f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"  # noqa: S608
        db.session.execute(text(last))


CSV_HEAD = (
    "ref", "lagrum", "insats", "kon", "person", "enhet", "handlaggare", "beslutsdatum", "avbrottsdatum", "verkstalld",
    "avslutad", "skal", "forst_rapporterad", "slutrapporterad",
)  # fmt: skip


def csv_of(count: int) -> bytes:
    """A file of `count` decisions as a municipality would import it."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(CSV_HEAD)
    for number, (_, decision, clock) in enumerate(_rows(count)):
        interrupted = clock[4] if clock[3] == "avbrott" else ""
        writer.writerow(
            (
                decision[2], decision[3], f"Insats {decision[5] - 1000:02}", decision[6] or "",
                f"{1950 + number % 50}0101-T{number % 1000:03}", f"Enhet {number % 400:03}", "Kim Handläggare",
                decision[8], interrupted, clock[5] or "", clock[6] or "", "RES_UPPDRAG" if number % 5 else "Eget skäl",
                clock[7] or "", clock[8] or "",
            )
        )  # fmt: skip
    return out.getvalue().encode()
