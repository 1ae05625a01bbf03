"""`flask audit`: is the trail whole, and its head outside the database?"""

import click
from flask import current_app
from flask.cli import with_appcontext

from tracker import clock
from tracker.audit.heads import parse_head, publish_head, published_heads
from tracker.audit.reads import seal_reads
from tracker.audit.verifying import KnownHead, verify
from tracker.cli.common import Group, fail
from tracker.database import read_one_snapshot


@click.group("audit", cls=Group, help="Spåret av vad som har gjorts och lästs.")
def audit() -> None:
    """The group of commands on the trail."""


@audit.command("verify", short_help="kontrollera att spåret är helt")
@click.option("--head", help="Ett tidigare huvud, N:HASH, ur loggen eller en säkerhetskopia; det måste finnas kvar.")
@with_appcontext
def verify_command(head: str | None) -> None:
    """Gå igenom hela spåret: varje post, varje värde, varje förseglad läsning och huvudet.

    Huvuden som har skrivits till instance/ kontrolleras också. Är spåret inte helt sägs det första felet, och
    kommandot avslutas med 1.
    """
    known = known_heads()
    if head is not None:
        try:
            known.append(parse_head(head))
        except ValueError:
            fail("Huvudet går inte att läsa. Skriv det som N:HASH, så som programmet har skrivit ut det.")
    read_one_snapshot()
    found = verify(known)
    if not found.whole:
        fail(f"Spåret är INTE helt: {found.problem}.")
    click.echo(f"Spåret är helt: {found.entries} poster, {found.reads} läsningar, huvud {found.head}")


@audit.command("seal", short_help="försegla läsningarna och skriv ut huvudet nu")
@with_appcontext
def seal() -> None:
    """Bind läsningarna sedan sist till kedjan och skriv ut huvudet. Programmet gör det också självt, medan det körs."""
    sealed = seal_reads()
    file = current_app.config["TRAIL_HEADS"]
    head = publish_head(file, clock.now()) if file else None
    written = f"huvud {head.n}:{head.mac.hex()}" if head else "huvudet är redan utskrivet"
    click.echo(f"Förseglade {sealed} läsningar, {written}")


def known_heads() -> list[KnownHead]:
    """The heads that this database has published; ends the command when their file cannot be read."""
    file = current_app.config["TRAIL_HEADS"]
    try:
        return published_heads(file) if file else []
    except (ValueError, KeyError):
        fail(f"Filen {file} med tidigare huvuden går inte att läsa. Ta fram den ur en säkerhetskopia.")
