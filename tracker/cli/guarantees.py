"""`flask import guarantees`: when the time of a guarantee began and ended, from a file."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from tracker import clock
from tracker.accounts.services import ensure_top_unit
from tracker.cli.common import acting_as, all_or_nothing, import_options, read_file
from tracker.cli.imports import imports
from tracker.database import db
from tracker.exchange.errors import Collector
from tracker.exchange.reading import read_table
from tracker.guarantees.bringing_in import import_guarantees
from tracker.guarantees.importing import GUARANTEE_COLUMNS, parse_guarantees
from tracker.guarantees.queries import list_guarantees
from tracker.guarantees.services import Who
from tracker.records.yearly import Importer, importer_of
from tracker.rules.permissions import Permission


@imports.command("guarantees", short_help="garantiers tillfällen, en rad per tillfälle")
@import_options
@with_appcontext
def guarantees(file: Path, dry_run: bool, encoding: str | None, by: str | None) -> None:
    """Läs in garantiers tillfällen ur en CSV- eller XLSX-fil: alla rader eller inga.

    En rad känns igen på garanti, ref och startdatum. Att läsa in igen skriver in förlängning och slut. Den som blev
    klar för sent blir en avvikelse när raden har en orsak, annars väntar den på att registreras.
    """
    reader = acting_as(by, Permission.HANDLE_GUARANTEES)
    data = read_file(file)
    with all_or_nothing():
        db.session.rollback()
        collector = Collector()
        table = read_table(
            data, filename=file.name, encoding=encoding, known=tuple(GUARANTEE_COLUMNS), collector=collector
        )
        importer = (
            Importer(ensure_top_unit().id) if reader is None else importer_of(reader, Permission.HANDLE_GUARANTEES)
        )
        known = list_guarantees()
        names = {row.name: row for row in known} | {row.slug: row for row in known}
        lines = parse_guarantees(table, collector, names)
        who = Who(reader.user_id if reader else None, clock.now(), clock.today())
        result = import_guarantees(lines, importer, collector, who)
        if dry_run:
            db.session.rollback()
    click.echo(f"{'Provkörning, inget sparat: ' if dry_run else ''}{result}")
