"""Which lex Sarah-rapporter came in, were decided and were notified to IVO over some days? Their numbers alone.

That is what the committee is told of as anmälningsärenden. A protected case, or one that is closed to the reader, is
counted and never listed: that it exists says nothing, that this reader's list lacks its number would.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import func, literal_column, or_, select

from tracker.cases.models import LexSarahReport
from tracker.database import db
from tracker.records.models import Mark
from tracker.records.natural import natural_key
from tracker.records.scope import Scope, visible, within_reach

R = LexSarahReport


class Numbers(NamedTuple):
    """The numbers that the reader may see, in natural order, and how many more there are."""

    shown: tuple[str, ...]
    hidden: int


@dataclass(frozen=True, slots=True)
class ReportNumbers:
    """What happened from one day up to and with another."""

    from_on: date
    to_on: date
    received: Numbers
    decided: Numbers
    notified: Numbers


def report_numbers(from_on: date, to_on: date, scope: Scope) -> ReportNumbers:
    """The three lists: what lies within the reader's reach, and what they have been given by name outside it; voided
    cases are in none of them.
    """
    days = (R.received_on, R.decided_on, R.ivo_notified_on)
    return ReportNumbers(from_on, to_on, *(_numbers(day, from_on, to_on, scope) for day in days))


def _numbers(day: Any, from_on: date, to_on: date, scope: Scope) -> Numbers:  # noqa: ANN401 - a column of days
    then = (day >= from_on, day <= to_on)
    seen, not_voided = visible(R.record_id, R.unit_id, R.mark, scope), R.mark < literal_column(str(Mark.VOIDED.value))
    shown = tuple(sorted(db.session.scalars(select(R.ref).where(*then, seen), scope.values), key=natural_key))
    counted = (*then, not_voided, or_(within_reach(R.unit_id, scope.reach), seen))
    count = db.session.scalar(select(func.count()).select_from(R).where(*counted), scope.values) or 0
    return Numbers(shown, count - len(shown))
