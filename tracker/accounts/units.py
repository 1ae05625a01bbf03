"""Changing what units are called, where they lie and how long: what is counted on them stays theirs throughout."""

from datetime import date

from sqlalchemy import select

from tracker.accounts.models import Installation, RoleAssignment, Unit, UnitName, User
from tracker.accounts.services import check_unit_name, new_tree_version, number_tree
from tracker.audit import trail
from tracker.database import db
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission, roles_allowed
from tracker.rules.trail import Action, TargetKind

WITH_IDENTITIES = roles_allowed(Permission.READ_IDENTITIES) | roles_allowed(Permission.IMPORT_IDENTITIES)


def rename_unit(unit: Unit, name: str, today: date) -> bool:
    """The unit has a new name; the old one is kept with its last day. False when nothing changes."""
    new_tree_version()
    name, old = name.strip(), unit.name
    if name == old:
        return False
    check_unit_name(name)
    db.session.add(UnitName(unit_id=unit.id, name=old, until_on=today))
    unit.name = name
    number_tree()  # siblings stand by name
    trail.record(Action.UNIT_RENAMED, target=(TargetKind.UNIT, unit.id), changes={"name": (old, name)})
    return True


def move_unit(unit: Unit, parent: Unit, today: date) -> bool:
    """The unit, with all below it, lies below another. Raises RuleViolation where that cannot be; False: it does."""
    new_tree_version()
    if unit.parent_id == parent.id:
        return False
    if unit.parent_id is None:
        raise RuleViolation("unit_top", "Den översta enheten kan inte flyttas.", "over")
    if unit.tree_from <= parent.tree_from <= unit.tree_to:
        raise RuleViolation("unit_circle", f"{unit.name} kan inte ligga under sig själv. Välj en annan enhet.", "over")
    if parent.valid_until is not None and (unit.valid_until is None or unit.valid_until > parent.valid_until):
        raise RuleViolation(
            "unit_closed", f"{parent.name} avslutas före {unit.name}. Välj en annan enhet att lägga under.", "over"
        )
    _check_identities(unit, parent, today)
    old, unit.parent_id = unit.parent_id, parent.id
    number_tree()
    trail.record(Action.UNIT_MOVED, target=(TargetKind.UNIT, unit.id), changes={"parent_id": (old, parent.id)})
    return True


def _check_identities(unit: Unit, parent: Unit, today: date) -> None:
    """Where roles with identities need two administrators, a move opens none to anybody who lacks them."""
    if not db.session.scalar(select(Installation.second_administrator)):
        return
    old = db.session.get_one(Unit, unit.parent_id)
    bearers = db.session.scalars(
        select(User.name)
        .join(RoleAssignment, RoleAssignment.user_id == User.id)
        .join(Unit, Unit.id == RoleAssignment.unit_id)
        .where(
            RoleAssignment.role.in_(WITH_IDENTITIES),
            (RoleAssignment.to_on.is_(None)) | (RoleAssignment.to_on >= today),
            Unit.tree_from <= parent.tree_from,
            Unit.tree_to >= parent.tree_from,
            (Unit.tree_from > old.tree_from) | (Unit.tree_to < old.tree_from),
        )
        .order_by(User.name)
        .distinct()
    ).all()
    if bearers:
        raise RuleViolation(
            "unit_identities",
            f"Flytten skulle låta {', '.join(bearers)} se identiteter i {unit.name}. Avsluta rollen, flytta enheten "
            "och begär rollen på nytt.",
            "over",
        )


def close_unit(unit: Unit, until_on: date) -> bool:
    """The unit is valid up to and with a day. Raises RuleViolation while units below it go on longer."""
    new_tree_version()
    if unit.parent_id is None:
        raise RuleViolation("unit_top", "Den översta enheten kan inte avslutas.", "valid_until")
    open_below = db.session.scalars(
        select(Unit.name)
        .where(
            Unit.tree_from > unit.tree_from,
            Unit.tree_from <= unit.tree_to,
            (Unit.valid_until.is_(None)) | (Unit.valid_until > until_on),
        )
        .order_by(Unit.tree_from)
    ).all()
    if open_below:
        raise RuleViolation(
            "units_below", f"Avsluta eller flytta först det som ligger under: {', '.join(open_below)}.", "valid_until"
        )
    above = db.session.get_one(Unit, unit.parent_id).valid_until
    if above is not None and above < until_on:
        raise RuleViolation(
            "unit_above", f"Enheten över avslutas {above}. Välj den dagen eller tidigare.", "valid_until"
        )
    old, unit.valid_until = unit.valid_until, until_on
    if old != until_on:
        number_tree()
        trail.record(Action.UNIT_CLOSED, target=(TargetKind.UNIT, unit.id), changes={"valid_until": (old, until_on)})
    return old != until_on


def reopen_unit(unit: Unit) -> bool:
    """The unit has no last day any more. Raises RuleViolation while the unit above has one."""
    new_tree_version()
    if unit.valid_until is None:
        return False
    above = db.session.get(Unit, unit.parent_id) if unit.parent_id else None
    if above is not None and above.valid_until is not None:
        raise RuleViolation("unit_above", f"{above.name} är avslutad. Öppna den först.")
    old, unit.valid_until = unit.valid_until, None
    number_tree()
    trail.record(Action.UNIT_REOPENED, target=(TargetKind.UNIT, unit.id), changes={"valid_until": (old, None)})
    return True


# Many at once, as a file says ----------------------------------------------------------------------------------------


def place_units(moves: list[tuple[Unit, Unit]], today: date) -> None:
    """Puts units below others, all at once; that no unit ends up below itself is seen to by the caller."""
    changed = [(unit, parent) for unit, parent in moves if unit.parent_id != parent.id]
    for unit, parent in changed:
        _check_identities(unit, parent, today)
    for unit, parent in changed:
        old, unit.parent_id = unit.parent_id, parent.id
        trail.record(Action.UNIT_MOVED, target=(TargetKind.UNIT, unit.id), changes={"parent_id": (old, parent.id)})
    if changed:
        new_tree_version()
        number_tree()


def set_last_days(days: dict[Unit, date | None]) -> None:
    """Gives units their last days, all at once. Raises RuleViolation where one below would go on longer."""
    changed = {unit: day for unit, day in days.items() if unit.valid_until != day}
    for unit, day in changed.items():
        old, unit.valid_until = unit.valid_until, day
        trail.record(
            Action.UNIT_CLOSED if day else Action.UNIT_REOPENED,
            target=(TargetKind.UNIT, unit.id),
            changes={"valid_until": (old, day)},
        )
    db.session.flush()
    every = {unit.id: unit for unit in db.session.scalars(select(Unit))}
    for unit in every.values():
        above = every.get(unit.parent_id or 0)
        if above is None:
            if unit.valid_until is not None:
                raise RuleViolation("unit_top", "Den översta enheten kan inte avslutas.", "valid_until")
        elif above.valid_until is not None and (unit.valid_until is None or unit.valid_until > above.valid_until):
            raise RuleViolation(
                "units_below",
                f"{unit.name} skulle gälla längre än {above.name}, som ligger över. Avsluta dem samma dag.",
                "valid_until",
            )
    if changed:
        new_tree_version()
        number_tree()
