"""Which cases of a page does the reader read the whole of?"""

from sqlalchemy import select

from tracker.cases.register import CaseRow
from tracker.cases.registers import CaseRegister
from tracker.database import db
from tracker.records.models import RecordKind
from tracker.records.scope import Scope, visible


def whole_among(
    register: CaseRegister, rows: tuple[CaseRow, ...], scope: Scope, listed: Scope
) -> frozenset[int] | None:
    """Which of a page's cases lie within a scope; None, for all of them, where nothing is seen in short. `listed`: what
    the reader's lists hold.
    """
    if register.kind is not RecordKind.LEX_SARAH or scope == listed:
        return None
    if not (scope.reach.everything or scope.reach.intervals or scope.named):
        return frozenset()
    c = register.model
    seen = visible(c.record_id, c.unit_id, c.mark, scope, in_order=True)  # the few are found by their numbers
    statement = select(c.record_id).where(c.record_id.in_([row.record_id for row in rows]), seen)
    return frozenset(db.session.scalars(statement, scope.values))
