"""`flask decisions`: forgetting a person when the time for keeping has passed."""

import click
from flask.cli import with_appcontext

from tracker import clock
from tracker.accounts.reader import Reader
from tracker.cli.common import Group, acting_as, all_or_nothing, fail
from tracker.database import db, overwrite_deleted, scrub
from tracker.decisions.forgetting import find_by_ref, forget_person, forgotten_ref
from tracker.decisions.marked import get_voided
from tracker.decisions.single import get_decision
from tracker.records.scope import scope_of
from tracker.rules.permissions import Permission


@click.group("decisions", cls=Group, help="Ej verkställda beslut.")
def decisions() -> None:
    """The group of commands on decisions."""


@decisions.command("forget", short_help="glöm personen bakom ett avslutat beslut, för alltid")
@click.argument("ref")
@click.option("--reason", required=True, help="Varför: gallringsbeslutet, till exempel dess datum och diarienummer.")
@click.option("--by", help="E-postadressen till den i vars namn det görs.")
@with_appcontext
def forget(ref: str, reason: str, by: str | None) -> None:
    """Glöm personen bakom ett beslut: nummer, referens, diarienummer och fria texter, i registret och i spåret.

    Datum, insats och kön står kvar i statistiken, och spåret är fortfarande helt. Det går inte att ångra.
    """
    reader = acting_as(by, Permission.FORGET_PERSONS)
    with all_or_nothing():
        overwrite_deleted()
        record_id = find_by_ref(ref)
        if record_id is None or (reader is not None and not _within_reach(record_id, reader)):
            db.session.rollback()
            fail("Beslutet finns inte, eller ligger utanför det rollen når. Kontrollera referensen.")
        forget_person(record_id, reason, clock.now())
    scrub()
    click.echo(f"Personen är glömd. Beslutet heter nu {forgotten_ref(record_id)}")


def _within_reach(record_id: int, reader: Reader) -> bool:
    """Whether the person may forget it: what they see, voided ones too."""
    scope = scope_of(reader, Permission.FORGET_PERSONS)
    return get_decision(record_id, scope) is not None or get_voided(record_id, scope) is not None
