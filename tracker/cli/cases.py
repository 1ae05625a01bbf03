"""`flask import deviations|lex-sarah|complaints`: registers of cases that are kept elsewhere, from files."""

from collections.abc import Callable
from pathlib import Path

import click
from flask.cli import with_appcontext

from tracker import clock
from tracker.accounts.reader import EVERYTHING
from tracker.accounts.services import ensure_top_unit
from tracker.cases.bringing_in import import_cases
from tracker.cases.importing import (
    COMPLAINT_COLUMNS,
    DEVIATION_COLUMNS,
    LEX_SARAH_COLUMNS,
    CaseLine,
    parse_complaints,
    parse_deviations,
    parse_lex_sarah,
)
from tracker.cases.registers import COMPLAINTS, DEVIATIONS, LEX_SARAH, CaseRegister
from tracker.cli.common import acting_as, all_or_nothing, fail, import_options, read_file
from tracker.cli.imports import imports
from tracker.database import db, refresh_statistics
from tracker.exchange.errors import Collector
from tracker.exchange.reading import read_table
from tracker.exchange.table import Table
from tracker.records.grants import granted_to
from tracker.records.yearly import Importer
from tracker.rules.permissions import Permission

MANY_ROWS = 1_000
WARNINGS_SHOWN = 5
Parse = Callable[[Table, Collector], list[CaseLine]]


@imports.command("deviations", short_help="avvikelser, en rad per avvikelse")
@import_options
@with_appcontext
def deviations(file: Path, dry_run: bool, encoding: str | None, by: str | None) -> None:
    """Läs in avvikelser ur en CSV- eller XLSX-fil: alla rader eller inga.

    En rad känns igen på ref. Att läsa in igen uppdaterar: en tom cell låter det som finns stå kvar, - tömmer det.
    """
    _run(DEVIATIONS, parse_deviations, list(DEVIATION_COLUMNS), file, dry_run, encoding, by)


@imports.command("lex-sarah", short_help="lex Sarah-rapporter, en rad per rapport")
@import_options
@with_appcontext
def lex_sarah(file: Path, dry_run: bool, encoding: str | None, by: str | None) -> None:
    """Läs in lex Sarah-rapporter ur en CSV- eller XLSX-fil: alla rader eller inga.

    En rad känns igen på ref. Att läsa in igen uppdaterar: en tom cell låter det som finns stå kvar, - tömmer det.
    Rapportens egna ord står kvar; en ny beskrivning läggs bredvid.
    """
    _run(LEX_SARAH, parse_lex_sarah, list(LEX_SARAH_COLUMNS), file, dry_run, encoding, by)


@imports.command("complaints", short_help="synpunkter, en rad per synpunkt")
@import_options
@with_appcontext
def complaints(file: Path, dry_run: bool, encoding: str | None, by: str | None) -> None:
    """Läs in synpunkter, klagomål och beröm ur en CSV- eller XLSX-fil: alla rader eller inga.

    En rad känns igen på ref. Att läsa in igen uppdaterar: en tom cell låter det som finns stå kvar, - tömmer det.
    """
    _run(COMPLAINTS, parse_complaints, list(COMPLAINT_COLUMNS), file, dry_run, encoding, by)


def _run(
    register: CaseRegister, parse: Parse, columns: list[str], file: Path, dry_run: bool, encoding: str | None,
    by: str | None,
) -> None:  # fmt: skip
    reader = acting_as(by, Permission.IMPORT_CASES)
    if reader is not None and not reader.allows(register.read):
        fail(f"{by} har ingen roll som får läsa registret.")
    data = read_file(file)
    with all_or_nothing():
        db.session.rollback()
        collector = Collector()
        table = read_table(data, filename=file.name, encoding=encoding, known=tuple(columns), collector=collector)
        home = reader.home_unit(Permission.IMPORT_CASES) if reader else None
        importer = Importer(
            home.unit_id if home else ensure_top_unit().id,
            reader.reach(Permission.IMPORT_CASES) if reader else EVERYTHING,
            granted_to(reader.user_id) if reader else None,
        )
        lines = parse(table, collector)
        result = import_cases(register, lines, importer, collector, clock.now(), clock.today())
        if dry_run:
            db.session.rollback()
    if not dry_run and result.new + result.changed >= MANY_ROWS:
        refresh_statistics()
    for warning in result.warnings[:WARNINGS_SHOWN]:
        click.echo(f"Obs, {warning}", err=True)
    click.echo(f"{'Provkörning, inget sparat: ' if dry_run else ''}{result}")
