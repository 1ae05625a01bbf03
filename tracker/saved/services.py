"""Saving views of registers: the only writer of them. Each is noted in the trail: who, which register, which name."""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlencode

from tracker.audit import trail
from tracker.database import db, insert_if_new
from tracker.records.numbers import Numbers
from tracker.rules.errors import RuleViolation
from tracker.rules.saved_views import MOST_OWN, check_view
from tracker.rules.trail import Action, TargetKind
from tracker.saved.models import LONGEST_FILTER, SavedView
from tracker.saved.queries import count_own, is_taken

TAKEN = "Du har redan en vy med det namnet i registret. Välj ett annat namn, eller ändra den vyn."
TOO_MANY = f"Du har redan {MOST_OWN} vyer. Ta bort någon som du inte använder."
TOO_LONG = "Filtret är för långt för att sparas. Välj färre kolumner eller kortare text."


def save_view(
    path: str, name: str, parameters: Mapping[str, str], unit_id: int | None, owner_id: int, now: datetime
) -> int:  # fmt: skip
    """Saves a register's filter under a name, within the caller's transaction; gives its number. `parameters` are what
    `rules.saved_views.kept_filter` keeps; `unit_id`: the unit that it is shared with.

    Raises RuleViolation, field `name`, for a name that is taken or holds a personnummer, and when there are too many.
    """
    check_view(name, parameters)
    told = urlencode(parameters)
    if is_taken(owner_id, path, name):
        raise RuleViolation("name_taken", TAKEN, "name")
    if count_own(owner_id) >= MOST_OWN:
        raise RuleViolation("too_many", TOO_MANY, "name")
    if len(told) > LONGEST_FILTER:
        raise RuleViolation("filter_long", TOO_LONG, "name")
    view_id = Numbers().take(SavedView)
    row = {"id": view_id, "path": path, "name": name, "filter": told, "owner_id": owner_id}
    statement = insert_if_new(SavedView).values(row | {"unit_id": unit_id, "saved_at": now}).returning(SavedView.id)
    if db.session.scalar(statement) is None:
        raise RuleViolation("name_taken", TAKEN, "name")  # somebody was first, in another window
    changes = {"register": (None, path), "name": (None, name), "unit": (None, unit_id)}
    trail.record(Action.VIEW_SAVED, target=(TargetKind.SAVED_VIEW, view_id), changes=changes)
    return view_id


def change_view(view_id: int, name: str, unit_id: int | None) -> bool:
    """Gives a view another name, or shares it with another unit (None: no longer), within the caller's transaction;
    gives whether anything was changed. Raises RuleViolation as `save_view`.
    """
    check_view(name, {})
    view = db.session.get_one(SavedView, view_id)
    if is_taken(view.owner_id, view.path, name, but=view_id):
        raise RuleViolation("name_taken", TAKEN, "name")
    asked = {"name": (view.name, name), "unit": (view.unit_id, unit_id)}
    changes: dict[str, tuple[object, object]] = {field: pair for field, pair in asked.items() if pair[0] != pair[1]}
    if not changes:
        return False
    view.name, view.unit_id = name, unit_id
    trail.record(Action.VIEW_CHANGED, target=(TargetKind.SAVED_VIEW, view_id), changes=changes)
    return True


def remove_view(view_id: int) -> None:
    """Removes a view, within the caller's transaction."""
    view = db.session.get_one(SavedView, view_id)
    changes = {"register": (view.path, None), "name": (view.name, None), "unit": (view.unit_id, None)}
    db.session.delete(view)
    trail.record(Action.VIEW_REMOVED, target=(TargetKind.SAVED_VIEW, view_id), changes=changes)
