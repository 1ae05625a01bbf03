"""`flask demo`: the demonstration municipality."""

import click
from flask import current_app
from flask.cli import with_appcontext

from tracker import clock
from tracker.cli.common import Group, all_or_nothing, fail
from tracker.database import refresh_statistics
from tracker.demo.loading import load_demonstration


@click.group("demo", cls=Group, help="Demonstrationen.")
def demo() -> None:
    """The group of commands on the demonstration."""


@demo.command("load", short_help="fyll en tom databas med den påhittade kommunen")
@with_appcontext
def load() -> None:
    """Fyll en tom databas med en påhittad kommun. Adresser och lösenord skrivs ut en gång."""
    if current_app.config["PRODUCTION"]:
        fail("Demonstrationen går inte att läsa in när APP_ENV=production.")
    with all_or_nothing():
        loaded = load_demonstration(clock.today(), clock.now())
    refresh_statistics()
    for role, email, password in loaded.users:
        click.echo(f"{role:<16} {email:<32} {password}")
    click.echo(f"Demonstrationen är inläst: {loaded.decisions} beslut, {loaded.units} enheter")
