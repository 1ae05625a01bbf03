"""`flask import actions`: actions that are kept elsewhere, from a file."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from tracker import clock
from tracker.accounts.services import ensure_top_unit
from tracker.actions.bringing_in import ActionImporter, import_actions
from tracker.actions.importing import ACTION_COLUMNS, SOURCE_WORDS, parse_actions
from tracker.actions.queries import READ_SOURCE
from tracker.cli.common import acting_as, all_or_nothing, import_options, read_file
from tracker.cli.imports import imports
from tracker.database import db, refresh_statistics
from tracker.exchange.errors import Collector
from tracker.exchange.reading import read_table
from tracker.records.yearly import Importer, importer_of
from tracker.rules.permissions import Permission

MANY_ROWS = 1_000


@imports.command("actions", short_help="åtgärder, en rad per åtgärd")
@import_options
@with_appcontext
def actions(file: Path, dry_run: bool, encoding: str | None, by: str | None) -> None:
    """Läs in åtgärder ur en CSV- eller XLSX-fil: alla rader eller inga.

    En rad känns igen på ref. Att läsa in igen uppdaterar: en tom cell låter det som finns stå kvar, - tömmer det.
    Det som kalla och kalla_ref pekar på ska finnas: läs in det först.
    """
    reader = acting_as(by, Permission.MANAGE_ACTIONS)
    data = read_file(file)
    with all_or_nothing():
        db.session.rollback()
        collector = Collector()
        table = read_table(
            data, filename=file.name, encoding=encoding, known=tuple(ACTION_COLUMNS), collector=collector
        )
        if reader is None:
            own = Importer(ensure_top_unit().id)
            importer = ActionImporter(own, dict.fromkeys(SOURCE_WORDS, own))
        else:
            seen = {kind: one for kind, one in READ_SOURCE.items() if reader.allows(one)}
            importer = ActionImporter(
                importer_of(reader, Permission.MANAGE_ACTIONS),
                {kind: importer_of(reader, permission) for kind, permission in seen.items()},
                reader.user_id,
            )
        result = import_actions(parse_actions(table, collector), importer, collector, clock.now(), clock.today())
        if dry_run:
            db.session.rollback()
    if not dry_run and result.new + result.changed >= MANY_ROWS:
        refresh_statistics()
    click.echo(f"{'Provkörning, inget sparat: ' if dry_run else ''}{result}")
