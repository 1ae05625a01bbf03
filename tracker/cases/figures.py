"""The year of lex Sarah, avvikelser and synpunkter in figures: counted by the database from the stored days alone.

What is counted is what `report quality` promises: facts dated after the cut-off day do not exist yet. Protected cases
count, voided ones do not.
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal_column, or_, select

from tracker.accounts.models import Unit
from tracker.cases.models import Complaint, Deviation, LexSarahReport
from tracker.database import db
from tracker.records.models import CodeList, Mark
from tracker.records.queries import code_labels
from tracker.records.scope import Scope, within_reach
from tracker.rules.case_workflow import Assessment
from tracker.rules.guarantees import PRAISE

UNSAID = "Inte angivet"
WAITS, LIVED = "ix_lex_sarah_report_waits", "ix_deviation_closed"


@dataclass(frozen=True, slots=True)
class LexSarahYear:
    """Of those received in the year: how many, decided, decided within two months, notified to IVO; by unit, the most
    first, and by what was decided (None: not told). `open`: received at any time, neither decided nor closed.
    """

    received: int
    decided: int
    in_time: int
    open: int
    ivo_notified: int
    by_unit: tuple[tuple[str, int], ...]
    by_assessment: tuple[tuple[Assessment, int | None], ...]


@dataclass(frozen=True, slots=True)
class DeviationYear:
    """Open when the year began, received and closed in it (and of those how many were received in it), open at its
    cut-off: `opening + received - closed = closing`.
    """

    opening: int
    received: int
    closed: int
    closed_received_this_year: int
    closing: int


@dataclass(frozen=True, slots=True)
class ComplaintYear:
    """Of those received in the year, beröm left out: how many, answered, answered by their last day; `not_due`:
    unanswered and with their last day on the cut-off or after it.
    """

    received: int
    answered: int
    in_time: int
    not_due: int

    @property
    def share_of_all(self) -> Fraction | None:
        """In time among all; None when there are none."""
        return Fraction(self.in_time, self.received) if self.received else None

    @property
    def share_of_due(self) -> Fraction | None:
        """In time among those that are answered or whose last day has passed; None when there are none."""
        due = self.received - self.not_due
        return Fraction(self.in_time, due) if due else None


def lex_sarah_year(year: int, cutoff: date, scope: Scope) -> LexSarahYear:
    """The year's lex Sarah-rapporter within the reader's reach."""
    c = LexSarahReport
    decided, notified = c.decided_on <= cutoff, c.ivo_notified_on <= cutoff
    waits = or_(c.closed_on.is_(None), c.closed_on > cutoff)
    new = and_(c.received_on >= date(year, 1, 1), c.received_on <= cutoff)
    by_degree = [_count(and_(decided, c.assessment == literal_column(f"'{degree.value}'"))) for degree in Assessment]
    counts = _counted(
        c, new, scope,
        func.count(), _count(decided), _count(and_(decided, c.decided_on <= c.target_on)), _count(notified), *by_degree,
    )  # fmt: skip
    still = [
        _counted(
            c, and_(c.received_on <= cutoff, undecided, waits), scope, func.count(), by="ix_lex_sarah_report_waits"
        )
        for undecided in (c.decided_on.is_(None), c.decided_on > cutoff)
    ]
    of_unit = (
        select(Unit.name, func.count())
        .select_from(c)
        .join(Unit, Unit.id == c.unit_id)
        .where(new, _counts(c, scope))
        .group_by(Unit.id, Unit.name)
    )
    units = sorted(((row[0], row[1]) for row in db.session.execute(of_unit)), key=lambda row: (-row[1], row[0]))
    degrees = tuple(zip(Assessment, counts[4:], strict=True))
    open_now = sum(count for [count] in still)
    return LexSarahYear(counts[0], counts[1], counts[2], open_now, counts[3], tuple(units), degrees)


def deviation_year(year: int, cutoff: date, scope: Scope) -> DeviationYear:
    """The year's avvikelser within the reader's reach."""
    c, first = Deviation, date(year, 1, 1)
    new, closed = c.reported_on >= first, c.closed_on <= cutoff
    # Only what lived in the year is read: what was closed before it is no part of any of the figures.
    parts = [
        _counted(
            c, and_(c.reported_on <= cutoff, alive), scope,
            _count(c.reported_on < first), _count(new), _count(closed), _count(and_(new, closed)),
            _count(or_(c.closed_on.is_(None), c.closed_on > cutoff)), by=LIVED,
        )
        for alive in (c.closed_on.is_(None), c.closed_on >= first)
    ]  # fmt: skip
    return DeviationYear(*(sum(column) for column in zip(*parts, strict=True)))


def deviation_groups(year: int, cutoff: date, scope: Scope, column: str) -> list[tuple[str, int]]:
    """Those received in the year, by what a code list says of them (`column`: `category_id` or `cause_id`), the most
    first; those of which it is not said stand as `UNSAID`.
    """
    c, of = Deviation, getattr(Deviation, column)
    counted = (
        select(of, func.count())
        .where(c.reported_on >= date(year, 1, 1), c.reported_on <= cutoff, _counts(c, scope))
        .group_by(of)
    )
    code_list = CodeList.DEVIATION_CATEGORY if column == "category_id" else CodeList.DEVIATION_CAUSE
    labels = code_labels(code_list)
    found = [(labels.get(code, UNSAID), int(count)) for code, count in db.session.execute(counted)]
    return sorted(found, key=lambda row: (-row[1], row[0]))


def complaint_year(year: int, cutoff: date, scope: Scope) -> ComplaintYear:
    """The year's synpunkter and klagomål within the reader's reach."""
    c = Complaint
    answered = c.answered_on <= cutoff
    waits = or_(c.answered_on.is_(None), c.answered_on > cutoff)
    new = and_(c.received_on >= date(year, 1, 1), c.received_on <= cutoff, c.kind != PRAISE)
    counts = _counted(
        c, new, scope,
        func.count(), _count(answered), _count(and_(answered, c.answered_on <= c.due_on)),
        _count(and_(waits, c.due_on >= cutoff)),
    )  # fmt: skip
    return ComplaintYear(*counts)


def _count(wanted: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count().filter(wanted)


def _counts(register: Any, scope: Scope) -> ColumnElement[bool]:  # noqa: ANN401 - any of the registers
    not_voided = register.mark < literal_column(str(Mark.VOIDED.value))
    return and_(not_voided, within_reach(register.unit_id, scope.reach))


def _counted(
    register: Any,  # noqa: ANN401 - as above
    wanted: ColumnElement[bool], scope: Scope, *counts: ColumnElement[int], by: str | None = None,
) -> list[int]:  # fmt: skip
    """Some counts of the wanted cases; `by`: the index that SQLite reads, where it would guess wrong."""
    statement = select(*counts).select_from(register).where(wanted, _counts(register, scope))
    if by is not None:
        statement = statement.with_hint(register, f"INDEXED BY {by}", dialect_name="sqlite")
    return [int(count) for count in db.session.execute(statement).one()]
