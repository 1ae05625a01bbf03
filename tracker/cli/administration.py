"""`flask import units` and `flask import users`: the organisation and its people from files."""

from collections.abc import Callable
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from tracker import clock
from tracker.accounts.authority import lock_administration, reach_now
from tracker.accounts.import_units import import_units
from tracker.accounts.import_users import UserImport
from tracker.accounts.importing import UNIT_COLUMNS, USER_COLUMNS, parse_units, parse_users
from tracker.accounts.reader import EVERYTHING, Reach, Reader
from tracker.cli.common import acting_as, all_or_nothing, fail, import_options, read_file
from tracker.cli.imports import imports
from tracker.database import db
from tracker.exchange.errors import Collector
from tracker.exchange.reading import Table, read_table
from tracker.exchange.rows import Imported
from tracker.rules.permissions import Permission

Work = Callable[[Table, Collector, Reader | None, int | None, Reach], Imported]


def _run(
    file: Path,
    dry_run: bool,
    encoding: str | None,
    by: str | None,
    permission: Permission,
    columns: tuple[str, ...],
    work: Work,
) -> None:
    reader = acting_as(by, permission)
    data = read_file(file)
    with all_or_nothing():
        db.session.rollback()
        collector = Collector()
        table = read_table(data, filename=file.name, encoding=encoding, known=columns, collector=collector)
        lock_administration()
        reach = reach_now(reader.user_id, permission, clock.today()) if reader else EVERYTHING
        if reach == Reach():
            fail(f"{by} har ingen roll som får göra det.")
        home = reader.home_unit(permission) if reader else None
        result = work(table, collector, reader, home.unit_id if home else None, reach)
        if dry_run:
            db.session.rollback()
    for warning in result.warnings:
        click.echo(f"Obs, {warning}", err=True)
    if result.codes and not dry_run:
        base = current_app.config["BASE_URL"]
        for email, code in result.codes:
            click.echo(f"{email}  {base}/engangskod/{code}")
    click.echo(f"{'Provkörning, inget sparat: ' if dry_run else ''}{result}")


@imports.command("units", short_help="enheter, en rad per enhet")
@import_options
@with_appcontext
def units(file: Path, dry_run: bool, encoding: str | None, by: str | None) -> None:
    """Läs in enheter ur en CSV- eller XLSX-fil (enhet, over, giltig_till): alla rader eller inga.

    En rad känns igen på enhetens namn, nu eller förr. Raderna får stå i vilken ordning som helst. Att läsa in igen
    uppdaterar: en tom cell låter det som finns vara, ett bindestreck tömmer.
    """

    def work(table: Table, collector: Collector, _reader: Reader | None, home: int | None, reach: Reach) -> Imported:
        return import_units(parse_units(table, collector), home, reach, collector, clock.today())

    _run(file, dry_run, encoding, by, Permission.MANAGE_UNITS, tuple(UNIT_COLUMNS), work)


@imports.command("users", short_help="användare, en rad per roll")
@import_options
@with_appcontext
def users(file: Path, dry_run: bool, encoding: str | None, by: str | None) -> None:
    """Läs in användare ur en CSV- eller XLSX-fil (epost, namn, roll, enhet, fran, till): alla rader eller inga.

    En person får ha flera rader, en för varje roll. Den som är ny får en engångslänk, som skrivs ut här. Att läsa in
    igen uppdaterar: en tom cell låter det som finns vara, ett bindestreck tömmer.
    """

    def work(table: Table, collector: Collector, reader: Reader | None, home: int | None, reach: Reach) -> Imported:
        by_id = reader.user_id if reader else None
        lines = parse_users(table, collector)
        return UserImport(by_id, home, reach, collector, clock.today(), clock.now()).run(lines)

    _run(file, dry_run, encoding, by, Permission.MANAGE_USERS, tuple(USER_COLUMNS), work)
