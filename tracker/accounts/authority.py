"""May this administrator do this at this moment? Asked anew under the lock that all changes of units and users take."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from sqlalchemy import select

from tracker.accounts.models import UnitTree, User
from tracker.accounts.reader import Reach, list_held_roles, reach_of
from tracker.database import db
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission, allows


def lock_administration() -> None:
    """Until the transaction ends nobody else changes units, users or roles; what was read before is read anew.

    On SQLite the writer's lock is held already; on PostgreSQL it is the row that every numbering of the tree changes.
    """
    db.session.execute(select(UnitTree.version).with_for_update())
    db.session.expire_all()


@contextmanager
def changing() -> Iterator[None]:
    """The lock for a page's change; what a rule refuses is undone at once, so that the page shows what is stored."""
    lock_administration()
    try:
        yield
    except RuleViolation:
        db.session.rollback()
        raise


def reach_now(user_id: int, permission: Permission, today: date) -> Reach:
    """The units over which the user holds the permission now, whatever the request began with."""
    if not db.session.scalar(select(User.active).where(User.id == user_id)):
        return Reach()
    return reach_of(held for held in list_held_roles(user_id, today) if allows((held.role,), permission))
