"""Which records have an action that is late: decided, not carried out, and past its last day?"""

from typing import Any

from sqlalchemy import Select, bindparam, literal_column, select

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
