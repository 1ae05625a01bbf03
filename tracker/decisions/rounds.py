"""How do the update rounds stand? For those who have asked, and for each who has been asked.

A row's answer follows from versions (`rules.update_rounds`), who is asked from today's roles (`round_holders`): nothing
of it is stored, so that a changed role, a protected record or a decision set right elsewhere shows at once.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select

from tracker import clock
from tracker.accounts.models import Unit, User
from tracker.accounts.queries import user_names
from tracker.accounts.reader import EVERYTHING, Reach, in_utc
from tracker.database import db, read
from tracker.decisions.models import Decision, DecisionClock
from tracker.decisions.notes import open_note
from tracker.decisions.round_holders import Holders, Holding
from tracker.decisions.round_models import UpdateItem, UpdateRound
from tracker.records.models import Record
from tracker.records.questions import Question
from tracker.records.scope import Scope, visible, within_reach
from tracker.rules.quarters import Quarter
from tracker.rules.unexecuted import FOREVER
from tracker.rules.update_rounds import Answer, answer_of

C, Item = DecisionClock, UpdateItem
NOBODY = "Ingen som får se dem"


@dataclass(frozen=True, slots=True)
class Missing:
    """Somebody whose answers are missing: how many, how many of them are the unit's in place of a handler, and the
    longest wait in days. `user_id` is None for the rows that nobody can answer.
    """

    user_id: int | None
    name: str
    count: int
    shared: int
    longest_days: int


@dataclass(frozen=True, slots=True)
class RoundSummary:
    """How a round stands, or stood when it was closed. A row that several hold is counted for each of them in
    `missing`, and once in `missing_count`; of a closed round nobody is named.
    """

    round_id: int
    quarter: Quarter
    number: int
    version: int
    cutoff_on: date
    last_day: date
    asked_at: datetime
    asked_by: str
    reminded_at: datetime | None
    closed_at: datetime | None
    total: int
    confirmed: int
    mended: int
    missing: tuple[Missing, ...]

    @property
    def missing_count(self) -> int:
        """How many rows have not been answered."""
        return self.total - self.confirmed - self.mended

    @property
    def shared(self) -> bool:
        """Whether any of the rows that are missing has gone past its handler, to others or to nobody."""
        return any(one.shared for one in self.missing)


@dataclass(frozen=True, slots=True)
class ItemRow:
    """What decides how one row of a round stands and who is asked."""

    item_id: int
    decision_id: int
    clock_id: int | None
    asked_version: int
    confirmed_version: int | None
    version: int
    handler_id: int | None
    place: int
    mark: int
    started_on: date | None
    ended_on: date | None

    @property
    def answer(self) -> Answer:
        """How the row stands."""
        return answer_of(self.asked_version, self.confirmed_version, self.version if self.clock_id else None)

    def held_by(self, holders: Holders) -> Holding:
        """Who is asked about it."""
        return holders.of(self.decision_id, self.handler_id, self.place, self.mark)

    def days(self, today: date) -> int:
        """How long the clock has run."""
        if self.started_on is None:
            return 0
        end = today if self.ended_on in {None, FOREVER} else self.ended_on
        return ((end or today) - self.started_on).days


def rows_of(round_id: int, seen: ColumnElement[bool], values: dict[str, Any] | None = None) -> list[ItemRow]:
    """The rows of a round among the decisions that `seen` lets through; one statement."""
    statement = (
        select(
            Item.id, Item.decision_id, Item.clock_id, Item.asked_version, Item.confirmed_version, Record.version,
            Decision.handler_id, Unit.tree_from, Decision.mark, C.started_on, C.ended_on,
        )
        .join(Record, Record.id == Item.decision_id)
        .join(Decision, Decision.record_id == Item.decision_id)
        .join(Unit, Unit.id == Decision.unit_id)
        .outerjoin(C, C.id == Item.clock_id)
        .where(Item.round_id == round_id, seen)
        .order_by(Item.id)
    )  # fmt: skip
    return [ItemRow(*row) for row in db.session.execute(statement, values or {})]


def find_latest(quarter: Quarter) -> UpdateRound | None:
    """The quarter's latest round."""
    return db.session.scalar(_rounds(quarter).limit(1))


def _rounds(quarter: Quarter) -> Select[UpdateRound]:
    of = and_(UpdateRound.year == quarter.year, UpdateRound.quarter == quarter.number)
    return select(UpdateRound).where(of).order_by(UpdateRound.number.desc())


def latest_round(quarter: Quarter, today: date | None = None, reach: Reach = EVERYTHING) -> RoundSummary | None:
    """The quarter's latest round, None when nobody has been asked; within `reach` only."""
    found = find_latest(quarter)
    return None if found is None else summary_of(found, today or clock.today(), reach)


def earlier_rounds(quarter: Quarter) -> list[RoundSummary]:
    """The quarter's rounds before the latest, the last one first, as they stood when they were closed."""
    found = list(db.session.scalars(_rounds(quarter)))[1:]
    return [_closed_summary(update_round) for update_round in found]


def summary_of(update_round: UpdateRound, today: date, reach: Reach = EVERYTHING) -> RoundSummary:
    """How a round stands; five statements whatever the number of rows."""
    if update_round.closed_at is not None:
        return _closed_summary(update_round)
    rows = rows_of(update_round.id, within_reach(Decision.unit_id, reach))
    answers = [(row, row.answer) for row in rows]
    holders = Holders([update_round.id], today)
    counts: dict[int | None, list[int]] = {}
    for row, answer in answers:
        if answer is not Answer.MISSING:
            continue
        held = row.held_by(holders)
        for user_id in held.user_ids or [None]:
            count = counts.setdefault(user_id, [0, 0, 0])
            count[0] += 1
            count[1] += held.shared
            count[2] = max(count[2], row.days(today))
    missing = [
        Missing(user_id, holders.names[user_id] if user_id is not None else NOBODY, *count)
        for user_id, count in counts.items()
    ]
    missing.sort(key=lambda one: (-one.count, one.name))
    given = [answer for _, answer in answers]
    return _summary(update_round, len(rows), given.count(Answer.CONFIRMED), given.count(Answer.MENDED), tuple(missing))


def _closed_summary(update_round: UpdateRound) -> RoundSummary:
    total = db.session.scalar(select(func.count()).select_from(Item).where(Item.round_id == update_round.id)) or 0
    return _summary(update_round, total, update_round.confirmed_count or 0, update_round.mended_count or 0, ())


def _summary(one: UpdateRound, total: int, confirmed: int, mended: int, missing: tuple[Missing, ...]) -> RoundSummary:
    return RoundSummary(
        one.id, Quarter(one.year, one.quarter), one.number, one.version, one.cutoff_on, one.last_day,
        in_utc(one.asked_at), user_names([one.asked_by]).get(one.asked_by, ""), one.reminded_at, one.closed_at, total,
        confirmed, mended, missing,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class MyRound:
    """What one person has been asked in an open round: all their rows, and those that they have left."""

    round_id: int
    quarter: Quarter
    last_day: date
    reminded: bool
    asked_by: str
    rows: tuple[ItemRow, ...]
    left: tuple[ItemRow, ...]


_OPENED = (
    select(
        UpdateRound.id, UpdateRound.year, UpdateRound.quarter, UpdateRound.last_day,
        UpdateRound.reminded_at.is_not(None), User.name,
    )
    .join(User, User.id == UpdateRound.asked_by)
    .where(UpdateRound.closed_at.is_(None))
    .order_by(UpdateRound.year, UpdateRound.quarter)
)  # fmt: skip


_ANY_OPENED = select(select(UpdateRound.id).where(UpdateRound.closed_at.is_(None)).limit(1).scalar_subquery())


def ask_any_round() -> Question[bool]:
    """Whether any round is open, whoever has been asked."""
    return Question(_ANY_OPENED, {}, lambda row: row[0] is not None)


def my_rounds(user_id: int, scope: Scope, today: date) -> list[MyRound]:
    """The open rounds in which the reader has been asked, by quarter; `scope` is theirs for reading decisions."""
    opened = read(_OPENED).all()
    if not opened:
        return []
    holders = Holders([round_id for round_id, *_ in opened], today)
    found = []
    for round_id, year, number, last_day, reminded, asked_by in opened:
        rows = rows_of(round_id, visible(Decision.record_id, Decision.unit_id, Decision.mark, scope), scope.values)
        mine = [row for row in rows if user_id in row.held_by(holders).user_ids]
        left = tuple(row for row in mine if row.answer is Answer.MISSING)
        if mine:
            found.append(
                MyRound(round_id, Quarter(year, number), last_day, bool(reminded), asked_by, tuple(mine), left)
            )
    return found


@dataclass(frozen=True, slots=True)
class ClockLine:
    """What the register holds of a clock in a round, for whoever is to say that it is right."""

    item_id: int
    version: int
    record_id: int
    ref: str
    kind: str
    intervention_id: int
    started_on: date
    due_on: date
    state: str
    executed_on: date | None
    closed_on: date | None
    delay_reason_id: int | None
    note: str | None


def clock_lines(rows: list[ItemRow]) -> list[ClockLine]:
    """The clocks of some rows that the reader may see, in the rows' order; those taken away are left out."""
    by_clock = {row.clock_id: row for row in rows if row.clock_id is not None}
    statement = select(
        C.id, C.ref, C.kind, C.intervention_id, C.started_on, C.due_on, C.state, C.executed_on, C.closed_on,
        C.delay_reason_id, C.delay_note,
    ).where(C.id.in_(by_clock))  # fmt: skip
    found = {}
    for columns in db.session.execute(statement):
        row = by_clock[columns[0]]
        note = open_note(columns[10], columns[0])
        found[row.item_id] = ClockLine(row.item_id, row.version, row.decision_id, *columns[1:10], note)
    return [found[row.item_id] for row in rows if row.item_id in found]
