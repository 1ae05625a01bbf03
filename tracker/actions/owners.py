"""Who may be given an action, and can the one responsible still do it?"""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from sqlalchemy import select

from tracker.database import db
from tracker.records.grants import list_candidates
from tracker.records.models import GrantKind, RecordGrant
from tracker.rules.permissions import Permission, roles_allowed


class Owner(NamedTuple):
    """Somebody who may be responsible for an action; `shown` tells two of the same name apart."""

    user_id: int
    name: str
    shown: str


def list_owners(today: date) -> list[Owner]:
    """The active users who may carry out actions today, by name."""
    found = list_candidates(roles_allowed(Permission.CARRY_OUT_ACTIONS), today)
    times = Counter(name for _, name, _ in found)
    return [Owner(user_id, name, name if times[name] == 1 else f"{name}, {email}") for user_id, name, email in found]


def find_owner(user_id: int | None, owners: Iterable[Owner]) -> Owner | None:
    """The one of these with this number."""
    return next((owner for owner in owners if owner.user_id == user_id), None)


def has_left(responsible_id: int | None, today: date) -> bool:
    """Whether the user who is responsible has been closed, or may not carry out actions any more."""
    return responsible_id is not None and find_owner(responsible_id, list_owners(today)) is None


def is_closed_to(action_id: int, user_id: int) -> bool:
    """Whether an action is closed to a user."""
    kind = select(RecordGrant.kind).where(RecordGrant.record_id == action_id, RecordGrant.user_id == user_id)
    return db.session.scalar(kind) == GrantKind.CLOSED
