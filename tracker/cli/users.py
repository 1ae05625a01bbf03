"""`flask users`: people who can sign in."""

import sys

import click
from flask.cli import with_appcontext

from tracker import clock
from tracker.accounts.authority import lock_administration
from tracker.accounts.queries import find_unit, has_administrator
from tracker.accounts.services import create_unit, create_user, ensure_top_unit, give_role, make_code
from tracker.cli.common import Group, all_or_nothing, fail
from tracker.rules.permissions import Role


@click.group("users", cls=Group, help="Användare.")
def users() -> None:
    """The group of commands on users."""


@users.command("create", short_help="skapa en användare med en roll")
@click.argument("email")
@click.option("--name", required=True, help="Personens namn.")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--unit", help="Enheten som rollen gäller, med allt under den. Annars den översta.")
@with_appcontext
def create(email: str, name: str, role: str, unit: str | None) -> None:
    """Skapa en användare. Lösenordet läses från standard in, eller frågas efter två gånger vid en terminal."""
    if sys.stdin.isatty():
        password = click.prompt("Lösenord", hide_input=True, confirmation_prompt="Lösenordet igen", err=True)
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        fail("Lösenordet saknas. Skriv det på standard in.")
    now, today = clock.now(), clock.today()
    with all_or_nothing():
        lock_administration()
        top = ensure_top_unit()
        of = (find_unit(unit) or create_unit(unit, top)) if unit else top
        user = create_user(email, name, password, now)
        give_role(user, Role(role), of, now, today)
        unit_name, address = of.name, user.email
    click.echo(f"Skapade {address} som {role} för {unit_name}")


@users.command("first-code", short_help="engångskod för den första administratören")
@with_appcontext
def first_code() -> None:
    """Skriv ut en engångskod som låter en person bli den första administratören. Tidigare koder slutar gälla."""
    with all_or_nothing():
        if has_administrator(clock.today()):
            fail("Det finns redan en administratör. Be den personen att bjuda in fler.")
        code = make_code(None, clock.now())
    click.echo(code)
