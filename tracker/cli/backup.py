"""`flask backup`: the whole database in one file, and back."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from tracker import clock
from tracker.audit.trail import BrokenTrailError
from tracker.cli.audit import known_heads
from tracker.cli.common import Group, fail, refusals_told

FILE = click.argument("file", type=click.Path(path_type=Path))
MEGABYTE = 1_000_000


@click.group("backup", cls=Group, help="Säkerhetskopior.")
def backup() -> None:
    """The group of commands on backups."""


@backup.command("create", short_help="kopiera hela databasen till en fil, medan programmet körs")
@FILE
@with_appcontext
def create(file: Path) -> None:
    """Kopiera hela databasen, som den är i ett ögonblick, till en fil. Programmet kan köras under tiden.

    Filen kan återläsas i SQLite och i PostgreSQL. Den får bara läsas av sin ägare. Personuppgifter ligger förseglade
    som i databasen; nycklarna ingår aldrig, så förvara dem för sig: utan dem går kopian inte att återläsa.
    """
    from tracker.backup.creating import create_backup  # here, as it takes Alembic and both drivers along

    known_heads()
    try:
        with refusals_told():
            made = create_backup(file, current_app.config["TRAIL_HEADS"], clock.now(), _tell)
    except BrokenTrailError:
        fail("Spåret är ändrat utanför programmet, och inget skrivs ovanpå det. Kör flask audit verify.")
    if made.left_out:
        click.echo(f"Inte med, för de hör inte till programmet: {', '.join(made.left_out)}", err=True)
    what = made.manifest
    click.echo(
        f"Säkerhetskopian är sparad som {file}: {len(what.members)} tabeller, {what.rows} rader, "
        f"{_megabytes(made.size)} MB, huvud {what.head}. Nycklarna ingår inte: förvara dem för sig."
    )


@backup.command("restore", short_help="lägg tillbaka en säkerhetskopia")
@FILE
@click.option("--replace", is_flag=True, help="Ersätt allt som finns i databasen. Det går inte att ångra.")
@with_appcontext
def restore(file: Path, *, replace: bool) -> None:
    """Lägg tillbaka en säkerhetskopia i en tom databas, eller med --replace i stället för det som finns.

    Stoppa programmet först. Samma AUDIT_KEY och DATA_ENCRYPTION_KEY som när kopian togs behövs. Allt läggs tillbaka
    eller inget. Alla måste logga in igen, och engångslänkar i kopian slutar gälla.
    """
    from tracker.backup.restoring import restore_backup

    known_heads()
    with refusals_told():
        done = restore_backup(file, current_app.config["TRAIL_HEADS"], clock.now(), replace=replace, tell=_tell)
    if done.heads_aside:
        click.echo(f"Huvuden som den återlästa databasen inte har är flyttade till {done.heads_aside}", err=True)
    if done.forgotten:
        click.echo(
            f"Personer som har glömts sedan kopian togs finns där igen. Glöm dem på nytt: {', '.join(done.forgotten)}",
            err=True,
        )
    what = done.manifest
    click.echo(
        f"Återläst {file}, tagen {what.taken_at}: {len(what.members)} tabeller, {what.rows} rader, "
        f"huvud {what.head}. Kontrollera med flask audit verify."
    )


def _tell(what: str, rows: int) -> None:
    if rows:
        click.echo(f"{what} {rows} …", err=True)


def _megabytes(size: int) -> str:
    return f"{size / MEGABYTE:.1f}".replace(".", ",")
