"""Filling an empty database with the demonstration municipality."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from tracker.accounts.models import Unit
from tracker.accounts.queries import count_users, find_top_unit, find_unit
from tracker.accounts.services import create_units, create_user, ensure_top_unit, give_role
from tracker.database import db
from tracker.decisions.importing import COLUMNS, ParsedFile, parse_rows
from tracker.decisions.planning import Importer
from tracker.decisions.services import import_decisions
from tracker.demo.actions import load_actions
from tracker.demo.case_register import load_cases
from tracker.demo.control_year import load_internal_control
from tracker.demo.events import note_events
from tracker.demo.generating import generate_rows
from tracker.demo.guarantees import load_guarantees
from tracker.demo.municipality import MANAGED_UNIT, UNITS
from tracker.demo.story_words import write_story
from tracker.demo.tables import as_table
from tracker.exchange.errors import Collector
from tracker.records.models import Record
from tracker.records.services import mark_demonstration
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import TABLE, Role

EMAIL_DOMAIN = "demo.example"  # a top domain that never leads anywhere (RFC 2606)
AT_ONE_UNIT = frozenset({Role.MANAGER, Role.EMPLOYEE})
PASSWORD_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"  # noqa: S105 - signs that are hard to mistake for each other
PASSWORD_GROUPS, GROUP_LENGTH = 4, 5


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was built: (role, e-mail, password) of each user, and how many decisions and units."""

    users: list[tuple[str, str, str]]
    decisions: int
    units: int


def load_demonstration(today: date, now: datetime) -> Loaded:
    """Builds the demonstration in the caller's transaction.

    Raises RuleViolation when the database holds a user, a unit or a record.
    """
    if count_users() or find_top_unit() or db.session.scalar(select(Record.id).limit(1)):
        raise RuleViolation(
            "demo_not_empty", "Databasen innehåller redan uppgifter. Läs in demonstrationen i en tom databas."
        )
    mark_demonstration()
    top = ensure_top_unit()
    units = 1 + _build_units(top)
    users = _build_users(top, today, now)
    table = as_table(generate_rows(today), COLUMNS)
    collector = Collector()
    file = ParsedFile(parse_rows(table, collector), collector)
    decisions = len(file.rows)
    import_decisions(file, Importer(home_unit_id=top.id), today, now)
    note_events(today)
    load_internal_control(top.id, today, now)
    load_cases(top.id, today, now)
    load_guarantees(today)
    load_actions(top.id, today)
    write_story(today)
    return Loaded(users, decisions, units)


def _build_units(top: Unit) -> int:
    """The tree below the top unit; gives how many units it has."""
    areas = create_units(list(UNITS), top)
    for area in areas:
        create_units(list(UNITS[area.name]), area)
    return sum(1 + len(names) for names in UNITS.values())


def _build_users(top: Unit, today: date, now: datetime) -> list[tuple[str, str, str]]:
    """One user for each role, all with the same fresh password."""
    password = _new_password()
    managed = find_unit(MANAGED_UNIT) or top
    users = []
    for role in Role:
        email = f"{role}@{EMAIL_DOMAIN}"
        user = create_user(email, f"Demo {TABLE[role].label}", password, now)
        give_role(user, role, managed if role in AT_ONE_UNIT else top, now, today)
        users.append((role.value, email, password))
    return users


def _new_password() -> str:
    groups = ("".join(secrets.choice(PASSWORD_SIGNS) for _ in range(GROUP_LENGTH)) for _ in range(PASSWORD_GROUPS))
    return "-".join(groups)
