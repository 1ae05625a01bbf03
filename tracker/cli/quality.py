"""`flask report quality`: the year of lex Sarah, avvikelser, åtgärder and synpunkter in figures."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from tracker import clock
from tracker.audit import reads
from tracker.cli.common import DATE, acting_as, as_day, fail, refusals_told, write_report
from tracker.cli.reports import papers_told, reports
from tracker.database import read_one_snapshot
from tracker.records.queries import committee_name
from tracker.records.scope import EVERY_RECORD, scope_of
from tracker.records.yearly import FIRST_YEAR, LAST_YEAR
from tracker.reports.quality import quality_year
from tracker.reports.rendering.quality import FORMATS, render_quality
from tracker.rules.permissions import Permission
from tracker.rules.trail import Purpose, ReadKind


@reports.command("quality", short_help="årets lex Sarah, avvikelser, åtgärder och synpunkter i siffror")
@click.argument("year", type=int)
@click.option("--cutoff", type=DATE, help="Avstämningsdatum, en dag i året. Annars den 31 december.")
@click.option("--format", "shape", type=click.Choice(FORMATS), default="json", show_default=True)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Filen som skrivs.")
@click.option("--by", help="E-postadressen till den i vars namn rapporten tas ut.")
@with_appcontext
def quality(year: int, cutoff: object, shape: str, output: Path | None, by: str | None) -> None:
    """Årets lex Sarah-rapporter, avvikelser, åtgärder och synpunkter i siffror.

    Det som har hänt efter avstämningsdatum räknas inte.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        fail(f"Året {year} går inte att använda. Skriv ett år mellan {FIRST_YEAR} och {LAST_YEAR}.")
    reader = acting_as(by, Permission.READ_QUALITY)
    scope = scope_of(reader, Permission.READ_QUALITY) if reader else EVERY_RECORD
    read_one_snapshot()
    with refusals_told():
        found = quality_year(year, as_day(cutoff), scope)
    with papers_told():
        municipality = current_app.config["MUNICIPALITY_NAME"] or ""
        data = render_quality(found, shape, municipality, committee_name(), clock.today())
    reads.note_read(
        ReadKind.REPORT, what="kvalitet", selection=f"{year} {found.cutoff_on} {shape}", row_count=0,
        purpose=Purpose.FOLLOW_UP,
    )  # fmt: skip
    write_report(data, output, f"{found.title}, avstämningsdatum {found.cutoff_on}")
