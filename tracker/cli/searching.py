"""`flask search`: the index of the search."""

import click
from flask.cli import with_appcontext

from tracker.cli.common import Group, all_or_nothing
from tracker.database import db, refresh_statistics
from tracker.search.definition import CURRENT
from tracker.search.installing import rebuild


@click.group("search", cls=Group, help="Sökningen i registren.")
def search() -> None:
    """The group of commands on the search."""


@search.command("rebuild", short_help="bygg om sökregistret ur registren")
@with_appcontext
def rebuild_index() -> None:
    """Bygg om sökregistret ur registren.

    Det behövs inte i vanlig drift: databasen håller sökregistret i takt med registren. Kör det om databasen har
    ändrats vid sidan av programmet.
    """
    with all_or_nothing():
        count = rebuild(db.session.connection(), CURRENT)
    refresh_statistics()
    click.echo(f"Sökregistret är ombyggt: {count} poster")
