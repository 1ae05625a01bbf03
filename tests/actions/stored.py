"""What the database holds of actions, for the tests."""

from sqlalchemy import select

from tracker.actions.models import ActionItem, ActionSource
from tracker.database import db
from tracker.records.models import Record

HEAD = "ref;kalla;kalla_ref;beskrivning;ansvarig;beslutad;senast;genomford;effekt"


def action(ref):
    """The stored action, read anew."""
    db.session.rollback()
    return db.session.scalars(select(ActionItem).where(ActionItem.ref == ref)).one()


def sources(ref):
    """(kind, number) of all that an action belongs to."""
    of = select(Record.kind, Record.number).join(ActionSource, ActionSource.record_id == Record.id)
    found = db.session.execute(of.where(ActionSource.action_id == action(ref).record_id).order_by(Record.id))
    return [tuple(row) for row in found]


def record_id(kind, number):
    """The number of a record."""
    return db.session.scalars(select(Record.id).where(Record.kind == kind, Record.number == number)).one()
