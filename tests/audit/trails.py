"""What the tests of the trail share: a short chain, its rows, and a hand that changes them past the program."""

from contextlib import contextmanager

from sqlalchemy import select, text

from tests.factories import make_decisions, make_unit, make_user
from tests.support.databases import without_triggers
from tracker.audit import trail
from tracker.audit.models import AuditEntry, AuditHead, AuditPart
from tracker.audit.verifying import verify
from tracker.database import db, read_one_snapshot, writer
from tracker.decisions.models import Decision
from tracker.rules.permissions import Role
from tracker.rules.trail import Action, TargetKind


def note(action=Action.INSTALLATION_CHANGED, **arguments):
    """One entry in a transaction of its own."""
    with writer():
        trail.record(action, **arguments)
        db.session.commit()


def make_record(ref="B-01"):
    """A decision; returns its record's number."""
    make_user("hand@kommun.example", Role.CASE_OFFICER)
    make_decisions([{"ref": ref}])
    return db.session.scalars(select(Decision.record_id).where(Decision.ref == ref)).one()


def make_chain(count=6):
    """At least `count` entries, with values open and sealed."""
    record_id = make_record()
    unit = make_unit("Vuxen")
    for number in range(count):
        note(
            Action.RECORD_CORRECTED,
            record_id=record_id,
            changes={"executed_on": (None, f"2021-01-0{number + 1}"), "person": (None, "19121212-1212")},
            personal={"person"},
            reason="skrevs fel",
        )
    note(Action.UNIT_RENAMED, target=(TargetKind.UNIT, unit.id), changes={"name": ("Vuxen", "Vuxna")})
    return record_id


def entries():
    """The chain's rows, in order."""
    db.session.rollback()
    return list(db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)))


def parts(entry_id):
    """The parts of an entry, in order."""
    return list(db.session.scalars(select(AuditPart).where(AuditPart.entry_id == entry_id).order_by(AuditPart.id)))


def head():
    """The chain's head."""
    db.session.rollback()
    row = db.session.execute(select(AuditHead.__table__)).mappings().one()
    return dict(row)


@contextmanager
def by_hand():
    """Inside, statements go past the program, as by somebody with all rights to the database; saved at the end."""
    db.session.rollback()
    with writer(), without_triggers():
        yield lambda statement, **values: db.session.execute(text(statement), values)


def verdict(known=()):
    """What verifying finds now."""
    read_one_snapshot()
    found = verify(known)
    db.session.rollback()
    return found
