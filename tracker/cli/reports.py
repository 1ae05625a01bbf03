"""`flask report`: a report to standard output or to a file."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask.cli import with_appcontext

from tracker import clock
from tracker.accounts.reader import Reader
from tracker.audit import reads
from tracker.cli.common import DATE, Group, acting_as, as_day, fail, write_report
from tracker.database import db, read_one_snapshot
from tracker.frozen.queries import EmptiedError, LockedVersion, get_file, list_stood
from tracker.printing.faults import WordError
from tracker.printing.process import WorkFailed
from tracker.records.grants import hidden_among
from tracker.records.scope import EVERY_RECORD, Scope, scope_of
from tracker.reports.audiences import Audience, check_whole
from tracker.reports.closing import closing_of, period_of
from tracker.reports.files import note_looked_at, report_file
from tracker.reports.leaving import Asked, locked_or_draft
from tracker.reports.locking import LockRequest, lock_quarter, records_in
from tracker.reports.quarter import quarter_figures
from tracker.reports.rendering import ReportFormat
from tracker.rules.closing import NAMING
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission
from tracker.rules.quarters import Quarter
from tracker.rules.trail import ReadKind


@click.group("report", cls=Group, help="Ta ut en rapport.")
def reports() -> None:
    """The group of reports."""


@reports.command("quarter", short_help="kvartalsrapporten om ej verkställda beslut")
@click.argument("year", type=int)
@click.argument("quarter", type=int)
@click.option("--cutoff", type=DATE, help="Avstämningsdatum. Annars kvartalets sista dag.")
@click.option("--previous", type=DATE, help="Föregående avstämningsdatum. Annars sista dagen i kvartalet före.")
@click.option("--audience", type=click.Choice([a.value for a in Audience]), default="intern", show_default=True)
@click.option(
    "--format", "report_format", type=click.Choice([f.value for f in ReportFormat]), default="json", show_default=True
)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Filen som skrivs.")
@click.option("--by", help="E-postadressen till den i vars namn rapporten tas ut.")
@click.option("--lock", is_flag=True, help="Lås rapporten: den sparas som den är, för alla mottagare.")
@click.option("--reason", default="", help="Skälet, när en låst rapport rättas med en ny version.")
@with_appcontext
def quarter(  # noqa: PLR0913, PLR0917 - click hands over every option
    year: int, quarter: int, cutoff: object, previous: object, audience: str, report_format: str,
    output: Path | None, by: str | None, lock: bool, reason: str,
) -> None:  # fmt: skip
    """Kvartalsrapporten om ej verkställda beslut för ett år och ett kvartal (1-4).

    Är kvartalet låst ges den låsta rapporten, om inte andra dagar än dess egna anges.
    """
    chosen, shape = Audience(audience), ReportFormat(report_format)
    reader = _reader(chosen, by, lock)
    scope = scope_of(reader, Permission.READ_QUARTER_DRAFT) if reader else EVERY_RECORD
    days = {"avstamning": as_day(cutoff), "foregaende": as_day(previous)}
    try:
        check_whole(chosen, scope.reach)
        asked = locked_or_draft(Quarter(year, quarter), {name: str(day) for name, day in days.items() if day})
        if lock and reader is not None:
            period = period_of(Quarter(year, quarter), *days.values())
            title = closing_of(Quarter(year, quarter)).local_title
            _lock(LockRequest(period, reader.user_id, title, reason, after_ready=False))
            asked = locked_or_draft(Quarter(year, quarter), {})
        elif asked.locked is None:
            of = Quarter(year, quarter)
            asked = Asked(None, period_of(of, days["avstamning"] or of.last_day, days["foregaende"]))
    except RuleViolation as violation:
        db.session.rollback()
        fail(violation.message)
    if asked.locked is not None and scope.reach.everything:
        data, done = _locked(asked.locked, chosen, shape, scope)
    else:
        read_one_snapshot()
        figures = quarter_figures(asked.period, scope.reach)
        with papers_told():
            data = report_file(figures, scope, chosen, shape)
        done = f"{figures.total} klockor i klass, {figures.missed} saknas i rapporterna"
    write_report(data, output, done)


@contextmanager
def papers_told() -> Iterator[None]:
    """What stops a Word or PDF file is told in one line, and the command ends."""
    try:
        yield
    except WordError as error:
        fail(f"Wordfilen gick inte att göra. {error}")
    except WorkFailed:
        fail("Filen gick inte att göra: det tog för lång tid eller för mycket minne. Välj xlsx eller csv.")


def _reader(audience: Audience, by: str | None, lock: bool) -> Reader | None:
    """In whose name; ends the command when that person may not do what is asked for, all of it."""
    reader: Reader | None = None
    if lock:
        reader = acting_as(by, Permission.LOCK_REPORTS, needed=True)
        if reader is None or not reader.reach(Permission.LOCK_REPORTS).everything:
            fail("En rapport låses av den som får det för hela förvaltningen.")
    if audience is Audience.IVO:
        reader = acting_as(by, Permission.READ_IDENTITIES, needed=True)
        if reader is None or not reader.reach(Permission.READ_IDENTITIES).everything:
            fail("IVO:s rapport tas ut av den som får se identiteter i hela förvaltningen.")
    if lock or audience is Audience.IVO:
        return reader
    return acting_as(by, Permission.READ_QUARTER_DRAFT) if audience is not Audience.COUNCIL or by else None


def _lock(request: LockRequest) -> None:
    with papers_told():
        version = lock_quarter(request, clock.now())
    click.echo(f"Låste rapporten som version {version.version}", err=True)


def _locked(version: LockedVersion, audience: Audience, shape: ReportFormat, scope: Scope) -> tuple[bytes, str]:
    """The bytes that were locked, noted as taken out, and what they are."""
    stood = list_stood(version.id)
    named: list[int] = []
    try:
        data = get_file(version.id, audience.value, shape.value)
        if audience in NAMING:
            named = records_in(json.loads(get_file(version.id, audience.value, ReportFormat.JSON.value) or b""), stood)
    except EmptiedError:
        fail("Filen är tömd, eftersom en person som stod i den har glömts. Kontrollsumman finns kvar.")
    if data is None:
        fail("Rapporten låstes utan den filen. Välj ett annat format.")
    if scope.reader_id is not None and hidden_among(named, scope):
        fail("Filen innehåller uppgifter om någon som du inte får se. Be en kollega som får det att ta ut den.")
    quarter = Quarter(version.key.year, version.key.number)
    note_looked_at(quarter, f"version {version.version} {audience.value} {shape.value}", audience, len(stood))
    if audience is Audience.IVO:
        reads.note_reads(ReadKind.IDENTITY, sorted(set(named)))
    return data, f"låst version {version.version}, {len(stood)} klockor i klass"
