"""Which records have an action that is late: decided, not carried out, and past its last day?"""

from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, literal_column, select

from tracker.actions.models import ActionItem, ActionSource
from tracker.records.models import Mark
from tracker.rules.actions import Stage


def late_sources() -> Select[Any]:
    """The records, for a statement that binds `today`; a voided action is none."""
    a = ActionItem
    return (
        select(ActionSource.record_id)
        .join(a, a.record_id == ActionSource.action_id)
        .where(
            a.stage == literal_column(str(Stage.TO_DO.value)), a.listed_on < bindparam("today"),
            a.decided_on.is_not(None), a.mark != literal_column(str(Mark.VOIDED.value)),
        )
    )  # fmt: skip


def is_late_source(record_id: Any) -> ColumnElement[bool]:  # noqa: ANN401 - the column of any register
    """Whether a record is among them, asked of its own actions alone: for the few records of some units."""
    own = late_sources().where(ActionSource.record_id == record_id)
    return own.with_hint(ActionItem, "NOT INDEXED", dialect_name="sqlite").exists()  # by its number, not by its day
