"""`flask import risks|controls|samples` and `flask report control`: internal control from files, and its follow-up."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click
from flask.cli import with_appcontext

from tracker import clock
from tracker.accounts.reader import EVERYTHING, Reader
from tracker.accounts.services import ensure_top_unit
from tracker.audit import reads
from tracker.cli.common import acting_as, all_or_nothing, fail, import_options, read_file, refusals_told, write_report
from tracker.cli.imports import imports
from tracker.cli.reports import papers_told, reports
from tracker.control.bringing_in import import_controls, import_samples
from tracker.control.importing import CONTROL_COLUMNS, SAMPLE_COLUMNS, parse_controls, parse_samples
from tracker.database import db, read_one_snapshot
from tracker.exchange.errors import Collector
from tracker.exchange.reading import read_table
from tracker.exchange.rows import Imported
from tracker.exchange.table import Table
from tracker.frozen.queries import list_versions
from tracker.frozen.years import control_key
from tracker.records.grants import granted_to
from tracker.records.scope import EVERY_RECORD, scope_of
from tracker.records.yearly import FIRST_YEAR, LAST_YEAR, Importer
from tracker.reports.control_kept import locked_file, seen_in
from tracker.reports.control_locking import ControlLock, lock_control
from tracker.reports.control_year import FORMATS, follow_up, render_draft
from tracker.reports.plan_file import PLAN_FORMATS, find_plan_file
from tracker.risk.importing import COLUMNS as RISK_COLUMNS
from tracker.risk.importing import parse_risks
from tracker.risk.services import import_risks
from tracker.rules.permissions import Permission
from tracker.rules.trail import Purpose, ReadKind

Work = Callable[[Table, Collector, Importer, datetime], Imported]


def _run(file: Path, dry_run: bool, encoding: str | None, by: str | None, columns: list[str], work: Work) -> None:
    reader = acting_as(by, Permission.MANAGE_CONTROL)
    data = read_file(file)
    with all_or_nothing():
        db.session.rollback()
        collector = Collector()
        table = read_table(data, filename=file.name, encoding=encoding, known=tuple(columns), collector=collector)
        home = reader.home_unit(Permission.MANAGE_CONTROL) if reader else None
        importer = Importer(
            home.unit_id if home else ensure_top_unit().id,
            reader.reach(Permission.MANAGE_CONTROL) if reader else EVERYTHING,
            granted_to(reader.user_id) if reader else None,
        )
        result = work(table, collector, importer, clock.now())
        if dry_run:
            db.session.rollback()
    click.echo(f"{'Provkörning, inget sparat: ' if dry_run else ''}{result}")


@imports.command("risks", short_help="risker, en rad per risk")
@import_options
@with_appcontext
def risks(file: Path, dry_run: bool, encoding: str | None, by: str | None) -> None:
    """Läs in risker ur en CSV- eller XLSX-fil: alla rader eller inga.

    En rad känns igen på ar och ref. Att läsa in igen uppdaterar: en tom cell låter det som finns stå kvar, - tömmer
    det.
    """

    def work(table: Table, collector: Collector, importer: Importer, now: datetime) -> Imported:
        return import_risks(parse_risks(table, collector), importer, collector, now)

    _run(file, dry_run, encoding, by, list(RISK_COLUMNS), work)


@imports.command("controls", short_help="kontrollmoment, en rad per moment")
@import_options
@with_appcontext
def controls(file: Path, dry_run: bool, encoding: str | None, by: str | None) -> None:
    """Läs in kontrollmoment ur en CSV- eller XLSX-fil: alla rader eller inga.

    En rad känns igen på ar och ref. Riskerna som risk_ref pekar på ska finnas. Att läsa in igen uppdaterar: en tom
    cell låter det som finns stå kvar, - tömmer det.
    """

    def work(table: Table, collector: Collector, importer: Importer, now: datetime) -> Imported:
        return import_controls(parse_controls(table, collector), importer, collector, now)

    _run(file, dry_run, encoding, by, list(CONTROL_COLUMNS), work)


@imports.command("samples", short_help="stickprov i siffror, en rad per stickprov")
@import_options
@with_appcontext
def samples(file: Path, dry_run: bool, encoding: str | None, by: str | None) -> None:
    """Läs in stickprov i siffror ur en CSV- eller XLSX-fil: alla rader eller inga.

    En rad känns igen på ar, kontroll_ref och ref. Kontrollmomenten ska finnas. Att läsa in igen uppdaterar: en tom
    cell låter det som finns stå kvar, - tömmer det.
    """

    def work(table: Table, collector: Collector, importer: Importer, _now: datetime) -> Imported:
        return import_samples(parse_samples(table, collector), importer, collector)

    _run(file, dry_run, encoding, by, list(SAMPLE_COLUMNS), work)


@reports.command("control", short_help="uppföljning av internkontrollplanen")
@click.argument("year", type=int)
@click.option("--format", "shape", type=click.Choice(FORMATS), default="json", show_default=True)
@click.option("--version", type=int, help="Den låsta versionens nummer. Annars den senaste.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Filen som skrivs.")
@click.option("--by", help="E-postadressen till den i vars namn rapporten tas ut.")
@click.option("--lock", is_flag=True, help="Lås uppföljningen: den sparas som den är.")
@click.option("--reason", default="", help="Skälet, när en låst uppföljning rättas med en ny version.")
@with_appcontext
def control(
    year: int, shape: str, version: int | None, output: Path | None, by: str | None, lock: bool, reason: str
) -> None:
    """Uppföljningen av ett års internkontrollplan: kontrollmoment med bedömning, risker och matris.

    Är uppföljningen låst ges den låsta, annars utkastet.
    """
    _check_year(year)
    reader = _locker(by) if lock else acting_as(by, Permission.READ_CONTROL)
    scope = scope_of(reader, Permission.READ_CONTROL) if reader else EVERY_RECORD
    if lock and reader is not None:
        with refusals_told(), papers_told():
            made = lock_control(ControlLock(year, reader.user_id, reason, after_follow_up=False), clock.now())
        click.echo(f"Låste uppföljningen som version {made.version}", err=True)
    read_one_snapshot()
    versions = list_versions(control_key(year))
    chosen = [one for one in versions if version in {None, one.version}]
    if version is not None and not chosen:
        fail(f"Uppföljningen av {year} har ingen låst version {version}.")
    with papers_told():
        if chosen:
            seen = seen_in(chosen[0], scope)
            found, data = seen.kept.found, locked_file(chosen[0], seen, shape)
        else:
            found = follow_up(year, scope)
            data = render_draft(found, shape)
    if not found.plan.exists:
        click.echo(f"Det finns ingen internkontroll för {year}. Rapporten är tom.", err=True)
    which = f" version {chosen[0].version}" if chosen else ""
    reads.note_read(
        ReadKind.REPORT, what="internkontroll", selection=f"{year}{which} {shape}", row_count=len(found.moments),
        purpose=Purpose.FOLLOW_UP,
    )  # fmt: skip
    write_report(data, output, f"{found.told}{', låst' if chosen else ''}{which}")


def _locker(by: str | None) -> Reader:
    """In whose name it is locked; ends the command when that person may not."""
    reader = acting_as(by, Permission.MANAGE_CONTROL, needed=True)
    if reader is None or not reader.reach(Permission.MANAGE_CONTROL).everything:
        fail("En uppföljning låses av den som sköter internkontrollen för hela förvaltningen.")
    return reader


@reports.command("plan", short_help="internkontrollplanen som Word eller PDF")
@click.argument("year", type=int)
@click.option("--format", "shape", type=click.Choice(list(PLAN_FORMATS)), default="docx", show_default=True)
@click.option("--version", type=int, help="Versionens nummer. Annars det som gäller, eller utkastet.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Filen som skrivs.")
@click.option("--by", help="E-postadressen till den i vars namn planen tas ut.")
@with_appcontext
def plan(year: int, shape: str, version: int | None, output: Path | None, by: str | None) -> None:
    """Ett års internkontrollplan: risker, matris, kontrollmoment, skalor och gränser."""
    _check_year(year)
    reader = acting_as(by, Permission.READ_CONTROL)
    scope = scope_of(reader, Permission.READ_CONTROL) if reader else EVERY_RECORD
    read_one_snapshot()
    found = find_plan_file(year, version, scope)
    if found is None:
        fail(
            f"Det finns ingen plan för {year}."
            if version is None
            else f"Planen för {year} har ingen version {version}."
        )
    with papers_told():
        data = PLAN_FORMATS[shape](found.paper)
    reads.note_read(
        ReadKind.REPORT, what="internkontrollplan", selection=f"{year} {found.which} {shape}", row_count=found.rows,
        purpose=Purpose.FOLLOW_UP,
    )  # fmt: skip
    write_report(data, output, found.told)


def _check_year(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        fail(f"Året {year} ligger utanför {FIRST_YEAR}–{LAST_YEAR}. Skriv ett år däremellan.")
