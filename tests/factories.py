"""Units, users and decisions for tests, made by the services that make them in use; each is committed at once.

All of them need an application context, which the fixture `app` gives.
"""

from datetime import date
from functools import cache

from argon2 import PasswordHasher

from tracker import clock
from tracker.accounts import services
from tracker.accounts.models import Unit, User
from tracker.accounts.queries import find_unit
from tracker.accounts.services import create_unit, create_user, ensure_top_unit, give_role
from tracker.database import db, writer
from tracker.decisions.importing import ParsedFile, parse_rows
from tracker.decisions.planning import Importer, ImportResult
from tracker.decisions.services import import_decisions
from tracker.exchange.errors import Collector
from tracker.exchange.table import Row, Table
from tracker.rules.permissions import Role

PASSWORD = "sju hastar i regn"
LONG_AGO = date(2015, 1, 1)


@cache
def _password_hash(hasher: PasswordHasher) -> str:
    return hasher.hash(PASSWORD)  # slow on purpose where it is not made quick: once is enough


def make_unit(name: str, under: str | None = None) -> Unit:
    """The unit with this name, made below `under` (or below the top unit) unless it is there."""
    with writer():
        parent = make_unit(under) if under else ensure_top_unit()
        unit = find_unit(name) or create_unit(name, parent)
        db.session.commit()
    return unit


def make_user(email: str, *roles: Role | str, unit: str | None = None, name: str = "") -> User:
    """A user who signs in with PASSWORD and holds the roles for the unit (or for all units)."""
    of = make_unit(unit) if unit else None
    with writer():
        user = create_user(email, name or email.partition("@")[0].replace(".", " ").title(), None, clock.now())
        user.password_hash = _password_hash(services._hasher)
        for role in roles:
            give_role(user, Role(role), of or ensure_top_unit(), clock.now(), LONG_AGO)
        db.session.commit()
    return user


def make_decisions(rows: list[dict[str, object]], *, today: date | None = None) -> ImportResult:
    """Imports rows as a file's: keys are the columns of the import, values its cells (texts or days).

    `insats` and `beslutsdatum` have values of their own where a row does not give them. Raises ImportRefused.
    """
    given = [{"insats": "Kontaktperson", "beslutsdatum": "2021-01-07"} | row for row in rows]
    columns = tuple(dict.fromkeys(name for row in given for name in row))
    table = Table(
        columns,
        [Row(number, tuple(row.get(name) or "" for name in columns)) for number, row in enumerate(given, start=2)],
    )
    with writer():
        collector = Collector()
        file = ParsedFile(parse_rows(table, collector), collector)
        importer = Importer(home_unit_id=ensure_top_unit().id, makes_units=True)
        result = import_decisions(file, importer, today or clock.today(), clock.now())
        db.session.commit()
    return result
