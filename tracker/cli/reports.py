"""`flask report`: a report to standard output or to a file."""

import sys
from pathlib import Path

import click
from flask.cli import with_appcontext

from tracker.cli.common import DATE, Group, acting_as, as_day, fail
from tracker.database import read_one_snapshot
from tracker.printing.faults import WordError
from tracker.printing.process import WorkFailed
from tracker.records.scope import EVERY_RECORD, scope_of
from tracker.reports.audiences import Audience, check_whole
from tracker.reports.files import report_file
from tracker.reports.quarter import quarter_figures
from tracker.reports.rendering import ReportFormat
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission
from tracker.rules.quarters import Period, Quarter


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
@with_appcontext
def quarter(
    year: int, quarter: int, cutoff: object, previous: object, audience: str, report_format: str,
    output: Path | None, by: str | None,
) -> None:  # fmt: skip
    """Kvartalsrapporten om ej verkställda beslut för ett år och ett kvartal (1-4)."""
    chosen = Audience(audience)
    reader = acting_as(by, Permission.READ_QUARTER_DRAFT) if chosen is not Audience.COUNCIL or by else None
    scope = scope_of(reader, Permission.READ_QUARTER_DRAFT) if reader else EVERY_RECORD
    reach = scope.reach
    try:
        period = Period.of(Quarter(year, quarter), as_day(cutoff), as_day(previous))
        check_whole(chosen, reach)
    except RuleViolation as violation:
        fail(violation.message)
    read_one_snapshot()
    figures = quarter_figures(period, reach)
    try:
        data = report_file(figures, scope, chosen, ReportFormat(report_format))
    except WordError as error:
        fail(f"Wordfilen gick inte att göra. {error}")
    except WorkFailed:
        fail("Filen gick inte att göra: det tog för lång tid eller för mycket minne. Välj xlsx eller csv.")
    done = f"{figures.total} klockor i klass, {figures.missed} saknas i rapporterna"
    if output is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        click.echo(f"Skrev rapporten: {done}", err=True)
        return
    try:
        output.write_bytes(data)
    except OSError as error:
        fail(f"Filen {output} gick inte att skriva: {error.strerror}. Välj en annan plats.")
    click.echo(f"Skrev {output}: {done}")
