"""Three people and what is done with their roles, for the tests of administration."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from tests.factories import PASSWORD, make_unit
from tests.support.pages import PageClient
from tracker.accounts import granting
from tracker.accounts.models import RoleAssignment
from tracker.accounts.reader import reader_by_email
from tracker.database import db
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Role

TODAY = date(2026, 3, 31)
NOW = datetime(2026, 3, 31, 11, 0, tzinfo=UTC)
ADA, BO, EVA = "ada@kommun.example", "bo@kommun.example", "eva@kommun.example"


def visit(app, email: str) -> PageClient:
    visitor = PageClient(app)
    visitor.sign_in(email, PASSWORD)
    return visitor


def held(user) -> list[tuple[str, date, date | None]]:
    db.session.rollback()
    statement = select(RoleAssignment).where(RoleAssignment.user_id == user.id).order_by(RoleAssignment.id)
    return [(row.role, row.from_on, row.to_on) for row in db.session.scalars(statement)]


def roles_on(email: str, day: date) -> tuple[Role, ...]:
    return reader_by_email(email, day).roles


def refused(change, *arguments) -> str:
    with pytest.raises(RuleViolation) as caught:
        change(*arguments)
    db.session.rollback()
    return caught.value.code


def grant(user, role, days=(TODAY, None), by=None, unit="Vuxen 1") -> bool:
    given = granting.grant_role(user, Role(role), make_unit(unit), days, by, NOW)
    db.session.commit()
    return given


def first_role(user) -> int:
    return db.session.scalars(select(RoleAssignment.id).where(RoleAssignment.user_id == user.id)).first()


def sending(http, path: str, token: str):
    """Sends a form that has nothing but its token; gives the answer's status."""
    return lambda: http.post(path, data={"csrf_token": token}).status_code
