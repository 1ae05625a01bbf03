"""Which synpunkt does a lex Sarah-rapport come from, and which rapporter has a synpunkt led to?"""

from typing import NamedTuple

from sqlalchemy import select

from tracker.cases.code_models import CaseOrigin
from tracker.cases.registers import COMPLAINTS, LEX_SARAH, CaseRegister
from tracker.database import db
from tracker.records.models import Record
from tracker.records.scope import Scope, visible


class Connected(NamedTuple):
    """A case at the other end."""

    record_id: int
    number: str


def list_connected(register: CaseRegister, record_id: int, scope: Scope) -> list[Connected]:
    """The cases at the other end that lie within `scope`, which is the reader's of the other register: of a synpunkt
    the rapporter it led to, of a rapport the synpunkt it came from.
    """
    other = {COMPLAINTS.kind: LEX_SARAH, LEX_SARAH.kind: COMPLAINTS}[register.kind].model
    mine, its = (
        (CaseOrigin.from_id, CaseOrigin.record_id)
        if register.kind is COMPLAINTS.kind
        else (CaseOrigin.record_id, CaseOrigin.from_id)
    )
    statement = (
        select(other.record_id, Record.number)
        .join(CaseOrigin, its == other.record_id)
        .join(Record, Record.id == other.record_id)
        .where(mine == record_id, visible(other.record_id, other.unit_id, other.mark, scope))
        .order_by(other.record_id)
    )
    return [Connected(*row) for row in db.session.execute(statement, scope.values)]
