"""What the commands share: in whose name, how a refusal is told, and one transaction for all of it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import NoReturn

import click
from flask import current_app

from tracker import clock
from tracker.accounts.reader import Reader, reader_by_email
from tracker.database import db, writer
from tracker.exchange.errors import ImportRefused
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission

DATE = click.DateTime(["%Y-%m-%d"])


def fail(message: str) -> NoReturn:
    """Ends the command with exit code 1; the message, one or more lines, goes to standard error."""
    click.echo(message, err=True)
    sys.exit(1)


@contextmanager
def all_or_nothing() -> Iterator[None]:
    """Runs the block in one writing transaction; a refusal is told in Swedish and leaves the database as it was."""
    try:
        with writer():
            yield
            db.session.commit()
    except RuleViolation as violation:
        db.session.rollback()
        fail(violation.message)
    except ImportRefused as refused:
        db.session.rollback()
        fail("\n".join([*refused.lines(), "Inget har lästs in."]))


def acting_as(email: str | None, permission: Permission, *, needed: bool = False) -> Reader | None:
    """The user in whose name a command runs, None for the command line itself.

    Ends the command when the user is unknown, lacks the permission, or a name is needed and none was given.
    """
    if email is None:
        if needed or current_app.config["PRODUCTION"]:
            fail("Ange i vems namn det görs: --by E-POST.")
        return None
    reader = reader_by_email(email, clock.today())
    if reader is None:
        fail(f"Det finns ingen aktiv användare med adressen {email}.")
    if not reader.allows(permission):
        fail(f"{email} har ingen roll som får göra det.")
    return reader


def as_day(value: object) -> date | None:
    """The day of a click date argument."""
    return value.date() if hasattr(value, "date") else None
