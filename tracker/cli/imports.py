"""`flask import`: a file into a register, all rows or none."""

from dataclasses import replace
from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from tracker import clock
from tracker.accounts.queries import find_top_unit
from tracker.accounts.reader import Reach, Reader, list_held_roles
from tracker.accounts.services import ensure_top_unit
from tracker.cli.common import Group, acting_as, read_file, refusals_told
from tracker.database import db, large_batch, read_one_snapshot, refresh_statistics
from tracker.decisions.importing import COLUMNS, ParsedFile, parse_rows
from tracker.decisions.planning import Importer, Plan
from tracker.decisions.services import TRIES_WITHOUT_LOCK, import_meanwhile
from tracker.exchange.errors import Collector
from tracker.exchange.reading import read_table
from tracker.rules.permissions import Permission

MANY_ROWS = 1_000
WARNINGS_SHOWN = 5


def _importer(reader: Reader | None) -> Importer:
    """The importer for a user, or for the command line itself, which reaches everything."""
    home = reader.home_unit(Permission.IMPORT_DECISIONS) if reader else None
    if reader is None or home is None:
        return Importer(home_unit_id=ensure_top_unit().id, makes_units=True)

    def reaches() -> tuple[Reach, Reach]:
        now = replace(reader, held=list_held_roles(reader.user_id, clock.today()))
        return now.reach(Permission.IMPORT_DECISIONS), now.reach(Permission.IMPORT_IDENTITIES)

    makes_units = reader.reach(Permission.IMPORT_DECISIONS).everything
    return Importer(home.unit_id, makes_units=makes_units, reaches=reaches, reader_id=reader.user_id)


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
    data = read_file(file)

    def read() -> ParsedFile:
        collector = Collector()
        table = read_table(data, filename=file.name, encoding=encoding, known=tuple(COLUMNS), collector=collector)
        return ParsedFile(parse_rows(table, collector), collector)

    def plan_for(parsed: ParsedFile) -> Plan:
        return Plan(parsed, _importer(reader), clock.today(), clock.now())

    with refusals_told():
        empty = find_top_unit() is None  # the first unit comes with the file then; there is nobody to keep waiting
        if dry_run:
            parsed = read()
            read_one_snapshot()
            with large_batch():
                result = plan_for(parsed).result
            db.session.rollback()
        else:
            result = import_meanwhile(read, plan_for, tries=0 if empty else TRIES_WITHOUT_LOCK)
    for warning in result.warnings[:WARNINGS_SHOWN]:
        click.echo(f"Obs, {warning}", err=True)
    if len(result.warnings) > WARNINGS_SHOWN:
        click.echo(f"Obs, {len(result.warnings) - WARNINGS_SHOWN} rader till av samma slag", err=True)
    prefix = "Provkörning, inget sparat: " if dry_run else ""
    click.echo(f"{prefix}{result.new} nya, {result.changed} ändrade, {result.unchanged} oförändrade")
    if not dry_run and result.new + result.changed >= MANY_ROWS:
        _refresh_statistics()


def _refresh_statistics() -> None:
    """The rows are saved whatever becomes of this; without it lists are slower until the database does it by itself."""
    try:
        refresh_statistics()
    except SQLAlchemyError as error:
        click.echo(f"Obs, databasens statistik kunde inte göras om ({type(error).__name__}).", err=True)
