"""Which clocks may stand otherwise now than in a locked report? One statement, whatever the size."""

from enum import IntEnum
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    CompoundSelect,
    Integer,
    String,
    and_,
    any_,
    bindparam,
    case,
    func,
    literal_column,
    null,
    or_,
    select,
    union_all,
)

from tracker.accounts.reader import Reach
from tracker.database import db, is_sqlite
from tracker.decisions.quarter import CLASSES, standing_clocks
from tracker.frozen.models import FrozenRow
from tracker.frozen.queries import LockedVersion
from tracker.records.models import Record
from tracker.rules.quarters import Period
from tracker.rules.unexecuted import ReportClass

F = FrozenRow


class Piece(IntEnum):
    """What a row of the statement tells."""

    NOW = 0
    GONE = 1
    COUNT = 2


class Standing(NamedTuple):
    """A clock that stands otherwise, or may: its class in the locked report and now, None where it stands in none.

    `record_id` is that of the locked report where the clock stood there; `digest` is of what was said of it.
    """

    clock_id: int
    record_id: int
    before: ReportClass | None
    now: ReportClass | None
    digest: bytes

    @property
    def may_be_altered(self) -> bool:
        """Whether the class is the same, so that only what is said of the clock can differ."""
        return self.before is self.now


def list_differing(
    version: LockedVersion, period: Period, reach: Reach, names_digest: bytes
) -> tuple[list[Standing], int]:
    """The clocks that do not stand in the draft for `period` as they stood in the locked report, and those whose record
    has changed since, by number; and how many stand in the draft in all. `names_digest` is that of the code lists now.
    """
    known = version.names_digest == names_digest
    values = {"report_id": version.id, "cutoff_on": period.cutoff_on, "previous_on": period.previous_on, "known": known}
    found, count = [], 0
    for piece, clock_id, record_id, stood_as, place, digest in db.session.execute(
        _statement(reach, is_sqlite()), values
    ):
        if piece == Piece.COUNT:
            count = clock_id
        else:
            before = ReportClass(stood_as) if stood_as else None
            now = CLASSES[place] if piece == Piece.NOW else None
            found.append(Standing(clock_id, record_id, before, now, digest or b""))
    return sorted(found), count


@lru_cache(maxsize=200)
def _statement(reach: Reach, sqlite: bool) -> CompoundSelect[Any]:
    """Bind report_id, the days, and `known`: 0 when the lists' words have changed, so that any row may be altered."""
    now = standing_clocks(reach).cte("now")
    rows = select(F).where(F.report_id == bindparam("report_id"))
    stood_rows = rows.subquery("stood") if sqlite else rows.cte("stood")
    stood = stood_rows.c
    by_number = Record.id == now.c.decision_id
    if not sqlite:  # by their numbers, in one go: PostgreSQL cannot know how many stand in the draft
        by_number = and_(by_number, Record.id == any_(func.array(select(now.c.decision_id).scalar_subquery())))
    words = {place: literal_column(f"'{name.value}'", String) for place, name in enumerate(CLASSES)}
    stands_as = case(*((now.c.class_index == _number(place), word) for place, word in words.items()))
    unknown = or_(stood.record_version.is_(None), bindparam("known", type_=Integer) == _number(0))
    touched = or_(unknown, stood.record_version != Record.version)
    otherwise = (
        select(
            _number(Piece.NOW).label("piece"),
            now.c.id,
            now.c.decision_id,
            stood.stood_as,
            now.c.class_index,
            stood.digest,
        )
        .select_from(now)
        .join(Record, by_number)
        .outerjoin(stood_rows, stood.item_id == now.c.id)
        .where(or_(stood.item_id.is_(None), stood.stood_as != stands_as, touched))
    )
    gone = select(_number(Piece.GONE), stood.item_id, stood.record_id, stood.stood_as, null(), stood.digest)
    gone = gone.where(stood.item_id.not_in(select(now.c.id)))
    count = select(_number(Piece.COUNT), func.count(), null(), null(), null(), null()).select_from(now)
    return union_all(otherwise, gone, count)


def _number(value: int) -> Any:  # noqa: ANN401 - a number that stands in the statement itself
    return literal_column(str(int(value)), Integer)
