"""`flask import`: a file into a register, all rows or none."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from tracker import clock
from tracker.accounts.reader import EVERYTHING
from tracker.accounts.services import ensure_top_unit
from tracker.cli.common import Group, acting_as, all_or_nothing, read_file
from tracker.database import db, large_batch, refresh_statistics
from tracker.decisions.importing import COLUMNS, parse_rows
from tracker.decisions.services import Importer, import_decisions
from tracker.exchange.errors import Collector
from tracker.exchange.reading import read_table
from tracker.rules.permissions import Permission

MANY_ROWS = 1_000
WARNINGS_SHOWN = 5


@click.group("import", cls=Group, help="Läs in en fil i ett register.")
def imports() -> None:
    """The group of imports."""


@imports.command("decisions", short_help="beslut och avbrott, en rad per klocka")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Kontrollera och räkna, men spara inget.")
@click.option("--encoding", help="Filens teckenkodning, till exempel cp1252. Annars UTF-8.")
@click.option("--by", help="E-postadressen till den i vars namn filen läses in.")
@with_appcontext
def decisions(file: Path, dry_run: bool, encoding: str | None, by: str | None) -> None:
    """Läs in beslut ur en CSV- eller XLSX-fil: alla rader eller inga.

    En rad känns igen på ref (och avbrottsdatum). Att läsa in igen uppdaterar: en tom cell låter det som finns
    stå kvar, - tömmer det.
    """
    reader = acting_as(by, Permission.IMPORT_DECISIONS)
    with all_or_nothing():
        db.session.rollback()
        collector = Collector()
        table = read_table(
            read_file(file), filename=file.name, encoding=encoding, known=tuple(COLUMNS), collector=collector
        )
        by_ref = parse_rows(table, collector)
        del table
        home = reader.home_unit(Permission.IMPORT_DECISIONS) if reader else None
        reach = reader.reach(Permission.IMPORT_DECISIONS) if reader else None
        importer = Importer(
            home_unit_id=home.unit_id if home else ensure_top_unit().id,
            makes_units=reach is None or reach.everything,
            reach=reach or EVERYTHING,
            identity_reach=reader.reach(Permission.IMPORT_IDENTITIES) if reader else EVERYTHING,
        )
        with large_batch():
            result = import_decisions(by_ref, importer, collector, clock.today(), clock.now())
        if dry_run:
            db.session.rollback()
    for warning in result.warnings[:WARNINGS_SHOWN]:
        click.echo(f"Obs, {warning}", err=True)
    if len(result.warnings) > WARNINGS_SHOWN:
        click.echo(f"Obs, {len(result.warnings) - WARNINGS_SHOWN} rader till av samma slag", err=True)
    if not dry_run and result.new + result.changed >= MANY_ROWS:
        refresh_statistics()
    prefix = "Provkörning, inget sparat: " if dry_run else ""
    click.echo(f"{prefix}{result.new} nya, {result.changed} ändrade, {result.unchanged} oförändrade")
