"""`flask keys`: a new data encryption key takes over while the program runs."""

import click
from flask.cli import with_appcontext

from tracker import clock
from tracker.audit.rotation import rotate as rotate_values
from tracker.cli.common import Group, fail
from tracker.settings import new_key
from tracker.vault import VaultError, vault


@click.group("keys", cls=Group, help="Krypteringsnycklar.")
def keys() -> None:
    """The group of commands on keys."""


@keys.command("new", short_help="skriv ut en ny slumpad nyckel")
def new() -> None:
    """Skriv ut en ny nyckel. Inget ändras: sätt den först i DATA_ENCRYPTION_KEY, med komma före den gamla."""
    click.echo(new_key())


@keys.command("rotate", short_help="försegla allt på nytt med den nya nyckeln")
@with_appcontext
def rotate() -> None:
    """Försegla alla personuppgifter på nytt med den första nyckeln i DATA_ENCRYPTION_KEY, medan programmet körs.

    Först: DATA_ENCRYPTION_KEY=NY,GAMMAL och starta om programmet. Sedan det här kommandot. När det är klart kan den
    gamla nyckeln tas bort.
    """
    if not vault.key_ids:
        fail("DATA_ENCRYPTION_KEY saknas.")
    try:
        sealed = rotate_values(clock.now(), lambda done: click.echo(f"{done} …", err=True))
    except VaultError:
        fail("Ett värde går inte att öppna med de nycklar som är satta. Skriv den gamla nyckeln efter den nya.")
    click.echo(f"Förseglade {sealed} värden på nytt. Bara den första nyckeln behövs nu.")
