"""Which records have an action that is late: decided, not carried out, and past its last day?"""

from typing import Any, cast

from sqlalchemy import ColumnElement, any_, bindparam, func, literal_column, select

from tracker.actions.models import ActionItem, ActionSource
from tracker.database import is_sqlite
from tracker.records.models import Mark
from tracker.rules.actions import Stage

A, S = ActionItem, ActionSource
_LATE = select(A.record_id).where(
    A.stage == literal_column(str(Stage.TO_DO.value)), A.listed_on < bindparam("today"), A.decided_on.is_not(None),
    A.mark != literal_column(str(Mark.VOIDED.value)),
)  # fmt: skip


def among_late_sources(record_id: Any) -> ColumnElement[bool]:  # noqa: ANN401 - the column of any register
    """Whether a record is one of them, for a statement that binds `today` and finds its records by other means."""
    if is_sqlite():
        joined = _LATE.with_only_columns(S.record_id).where(S.action_id == A.record_id)
        return cast("ColumnElement[bool]", record_id.in_(joined))
    # PostgreSQL expects far more to be late than are, and would go through every source; then far fewer sources than
    # there are, and would look up each of their records.
    sources = select(S.record_id).where(S.action_id == any_(func.array(_LATE.scalar_subquery())))
    return cast("ColumnElement[bool]", (record_id + 0).in_(sources))


def is_late_source(record_id: Any) -> ColumnElement[bool]:  # noqa: ANN401 - the column of any register
    """Whether a record is among them, asked of its own actions alone: for the few records of some units."""
    own = _LATE.where(A.record_id == S.action_id, S.record_id == record_id).with_only_columns(S.record_id)
    return own.with_hint(A, "NOT INDEXED", dialect_name="sqlite").exists()  # by its number, not by its day
