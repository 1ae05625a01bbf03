"""Asking everybody concerned to look over their clocks, taking what they say, asking again, and closing the round."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import CursorResult, bindparam, select, text, update

from tracker.accounts.reader import EVERYTHING
from tracker.audit import trail
from tracker.database import db, insert_many, is_sqlite
from tracker.decisions.models import DecisionClock
from tracker.decisions.quarter import list_class_rows
from tracker.decisions.round_models import UpdateItem, UpdateRound
from tracker.decisions.rounds import ItemRow, find_latest, my_rounds, summary_of
from tracker.decisions.windows import str_of
from tracker.decisions.writing import table_of
from tracker.records.models import Mark, Record
from tracker.records.scope import Scope
from tracker.records.versions import StaleVersion
from tracker.rules.errors import RuleViolation
from tracker.rules.quarters import Period
from tracker.rules.trail import Action, TargetKind
from tracker.rules.unexecuted import ClockState
from tracker.rules.update_rounds import Answer

AT_ONCE = 900
MOST_DAYS = 366
DECISION_ID, CLOCK_ID = 4, -1  # where they stand in the rows of list_class_rows
C, Item = DecisionClock, UpdateItem


@dataclass(frozen=True, slots=True)
class Said:
    """What became of a person's ticks: how many rows are right now, which had changed since they were seen, and how
    many were no longer theirs to answer.
    """

    confirmed: int
    changed: tuple[int, ...]
    gone: int


def ask(period: Period, last_day: date, asker_id: int, seen: int, today: date, now: datetime) -> int:
    """Begins a round over every clock that stands in a class of the report or is open past three months.

    `seen` is the number of the quarter's latest round as the asker saw it, 0 for none. Raises RuleViolation, also when
    there is nobody to ask about anything. A round that is open is closed as it stands.
    """
    if not 0 <= (last_day - today).days <= MOST_DAYS:
        raise RuleViolation("last_day", "Skriv en dag från i dag och högst ett år fram.", "last_day")
    _lock_rounds()
    latest = find_latest(period.quarter)
    if (latest.number if latest else 0) != seen:
        message = "Någon annan har bett om uppdatering medan sidan var öppen. Se hur det står, och börja om vid behov."
        raise RuleViolation("stale", message)
    clocks = _clocks(period, today)
    if not clocks:
        raise RuleViolation("nothing", "Det finns inga klockor att fråga om vid det avstämningsdatumet.", "avstamning")
    if latest is not None and latest.closed_at is None:
        _close(latest, asker_id, today, now)
    quarter = period.quarter
    begun = UpdateRound(
        year=quarter.year, quarter=quarter.number, number=seen + 1, cutoff_on=period.cutoff_on,
        previous_on=period.previous_on, last_day=last_day, asked_by=asker_id, asked_at=now, version=1,
    )  # fmt: skip
    db.session.add(begun)
    db.session.flush()
    versions = _versions(sorted(set(clocks.values())))
    insert_many(
        table_of(UpdateItem),
        [
            {"round_id": begun.id, "decision_id": record_id, "clock_id": clock_id, "asked_version": versions[record_id]}
            for clock_id, record_id in clocks.items()
        ],
    )
    trail.record(
        Action.ROUND_ASKED,
        target=(TargetKind.ROUND, begun.id),
        changes={
            "quarter": (None, str_of(quarter)),
            "cutoff_on": (None, period.cutoff_on),
            "last_day": (None, last_day),
            "asked_count": (None, len(clocks)),
        },
    )
    return begun.id


def _clocks(period: Period, today: date) -> dict[int, int]:
    """Clock → its decision, the longest wait first; judgments past three months are asked about as well."""
    found = {row[CLOCK_ID]: row[DECISION_ID] for row in list_class_rows(period, EVERYTHING)}
    overdue = select(C.id, C.decision_id).where(
        C.state == ClockState.OPEN.value, C.due_on < today, C.mark < Mark.VOIDED.value
    )
    found |= {clock_id: record_id for clock_id, record_id in db.session.execute(overdue)}  # noqa: C416
    starts: dict[int, date] = {}
    ids = sorted(found)
    for first in range(0, len(ids), AT_ONCE):
        some = select(C.id, C.started_on).where(C.id.in_(ids[first : first + AT_ONCE]), C.mark < Mark.VOIDED.value)
        starts |= {clock_id: day for clock_id, day in db.session.execute(some)}  # noqa: C416
    return {clock_id: found[clock_id] for clock_id in sorted(starts, key=lambda one: (starts[one], one))}


def _versions(record_ids: list[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for first in range(0, len(record_ids), AT_ONCE):
        some = select(Record.id, Record.version).where(Record.id.in_(record_ids[first : first + AT_ONCE]))
        found |= {record_id: version for record_id, version in db.session.execute(some)}  # noqa: C416
    return found


def confirm(round_id: int, ticks: Mapping[int, int], reader_id: int, scope: Scope, today: date, now: datetime) -> Said:
    """Takes a person's word that rows are right: item → the version that they saw.

    What has changed since is not taken, nor what is no longer theirs to see or to answer. Raises RuleViolation when the
    round has been closed.
    """
    update_round = db.session.scalar(select(UpdateRound).where(UpdateRound.id == round_id).with_for_update())
    if update_round is None or update_round.closed_at is not None:
        raise RuleViolation(
            "closed", "Omgången är avslutad, så inget är sparat. Rätta beslutet i stället om det behövs."
        )
    mine = {
        row.item_id: row for one in my_rounds(reader_id, scope, today) if one.round_id == round_id for row in one.rows
    }
    asked = [(mine[item_id], version) for item_id, version in ticks.items() if item_id in mine]
    right = [row for row, version in asked if row.version == version and row.clock_id is not None]
    changed = tuple(row.item_id for row, version in asked if row.version != version)
    new = [row for row in right if row.answer is not Answer.CONFIRMED]  # somebody else may have said so before
    if new:
        _write(new, reader_id, now)
    return Said(len(right), changed, len(ticks) - len(asked))


def _write(rows: list[ItemRow], reader_id: int, now: datetime) -> None:
    table = table_of(UpdateItem)
    statement = (
        update(table)
        .where(table.c.id == bindparam("item_id"))
        .values(confirmed_version=bindparam("seen"), confirmed_by=reader_id, confirmed_at=now)
    )
    db.session.execute(statement, [{"item_id": row.item_id, "seen": row.version} for row in rows])
    parts = [
        trail.changed_part(row.decision_id, {"confirmed_version": (row.confirmed_version, row.version)}) for row in rows
    ]
    trail.record_bulk(Action.ROUND_CONFIRMED, parts, ["confirmed_version"])


def ask_again(round_id: int, seen: int, now: datetime, today: date) -> None:
    """Asks those who are missing once more; raises StaleVersion, and RuleViolation when nobody is missing."""
    update_round = _take(round_id, seen)
    missing = summary_of(update_round, today).missing_count
    if not missing:
        raise RuleViolation("nobody", "Alla har svarat. Avsluta omgången.")
    db.session.execute(update(UpdateRound).where(UpdateRound.id == round_id).values(reminded_at=now))
    trail.record(Action.ROUND_ASKED_AGAIN, target=(TargetKind.ROUND, round_id), changes={"missing": (None, missing)})


def close(round_id: int, seen: int, closer_id: int, today: date, now: datetime) -> None:
    """Closes a round as it stands; what is missing stays so. Raises StaleVersion."""
    _close(_take(round_id, seen), closer_id, today, now)


def _take(round_id: int, seen: int) -> UpdateRound:
    """The open round at the version that was seen, taken to the next."""
    taken = update(UpdateRound).where(
        UpdateRound.id == round_id, UpdateRound.version == seen, UpdateRound.closed_at.is_(None)
    )
    result = db.session.execute(taken.values(version=UpdateRound.version + 1))
    if not isinstance(result, CursorResult) or result.rowcount != 1:
        raise StaleVersion
    return db.session.get_one(UpdateRound, round_id, populate_existing=True)


def _close(update_round: UpdateRound, closer_id: int, today: date, now: datetime) -> None:
    stood = summary_of(update_round, today)
    update_round.closed_at, update_round.closed_by = now, closer_id
    update_round.confirmed_count, update_round.mended_count = stood.confirmed, stood.mended
    trail.record(
        Action.ROUND_CLOSED,
        target=(TargetKind.ROUND, update_round.id),
        changes={"quarter": (str_of(stood.quarter), str_of(stood.quarter)), "missing": (None, stood.missing_count)},
    )


def keep_answers(record_ids: Iterable[int]) -> None:
    """The versions of these decisions have just been raised by one, but nothing that is asked about: answers stand."""
    of_record = select(Record.version).where(Record.id == Item.decision_id).scalar_subquery()
    ids = list(record_ids)
    for start in range(0, len(ids), AT_ONCE):
        mine = Item.decision_id.in_(ids[start : start + AT_ONCE])
        for column in (Item.asked_version, Item.confirmed_version):
            statement = update(Item).where(mine, column == of_record - 1).values({column: column + 1})
            db.session.execute(statement, execution_options={"synchronize_session": False})


def _lock_rounds() -> None:
    """Of two who begin a round at once one waits for the other; SQLite's write lock is held already."""
    if not is_sqlite():
        db.session.execute(text("LOCK TABLE update_round IN SHARE ROW EXCLUSIVE MODE"))
