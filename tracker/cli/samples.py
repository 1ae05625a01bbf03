"""`flask sample verify`: does a stickprov come out the same when it is drawn again?"""

import click
from flask.cli import with_appcontext

from tracker.cli.common import Group, fail
from tracker.stickprov.queries import find_by_refs, list_draws, list_items, verify_draw


@click.group("sample", cls=Group, help="Stickprov av kontrollmoment.", short_help="stickprov")
def sample() -> None:
    """The group."""


@sample.command("verify", short_help="dra om ur det som är sparat, och jämför")
@click.argument("year", type=int)
@click.argument("control_ref")
@click.argument("sample_ref")
@with_appcontext
def verify(year: int, control_ref: str, sample_ref: str) -> None:
    """Dra om ett stickprov ur det som är sparat, varje dragning för sig, och jämför post för post.

    Slutar med 1 när något skiljer, eller när inget är draget där.
    """
    name = f"Stickprovet {sample_ref} av {control_ref} {year}"
    row = find_by_refs(year, control_ref, sample_ref)
    if row is None:
        fail(f"{name} är inte draget här. Kontrollera året och beteckningarna.")
    draws = list_draws(row.sample.id)
    if not draws:
        fail(f"{name} är inte draget än: populationen är låst, men ingen har dragit ur den.")
    failed = 0
    for draw in draws:
        found = verify_draw(row, draw)
        said = f"{len(list_items(draw.id))} poster, samma som sparades" if found.holds else "STÄMMER INTE: andra poster"
        if not found.population_kept:
            said = "STÄMMER INTE: populationen är inte den som låstes"
        failed += not found.holds
        click.echo(f"Dragning {draw.number}: {said}")
    if failed:
        fail(f"{name} drogs om: {failed} av {len(draws)} dragningar stämmer inte.")
    click.echo(f"{name} drogs om ur {row.sample.population} poster: {len(draws)} av {len(draws)} dragningar stämmer.")
