"""`flask import`: a file into a register, all rows or none."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from tracker import clock
from tracker.accounts.queries import find_top_unit
from tracker.cli.common import Group, acting_as, read_file, refusals_told
from tracker.database import db, large_batch, read_one_snapshot
from tracker.decisions.importers import importer_of, look_over_tables
from tracker.decisions.importing import COLUMNS, ParsedFile, parse_rows
from tracker.decisions.planning import Plan
from tracker.decisions.services import TRIES_WITHOUT_LOCK, import_meanwhile
from tracker.exchange.errors import Collector
from tracker.exchange.reading import read_table
from tracker.rules.permissions import Permission

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
    data = read_file(file)

    def read() -> ParsedFile:
        collector = Collector()
        table = read_table(data, filename=file.name, encoding=encoding, known=tuple(COLUMNS), collector=collector)
        return ParsedFile(parse_rows(table, collector), collector)

    def plan_for(parsed: ParsedFile) -> Plan:
        return Plan(parsed, importer_of(reader), clock.today(), clock.now())

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
    if not dry_run and (trouble := look_over_tables(result)):
        click.echo(f"Obs, databasens statistik kunde inte göras om ({trouble}).", err=True)
