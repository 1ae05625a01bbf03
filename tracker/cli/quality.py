"""`flask report quality`: the year of lex Sarah, avvikelser, åtgärder and synpunkter in figures; and to lock it."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from tracker import clock
from tracker.accounts.reader import Reader
from tracker.audit import reads
from tracker.cli.common import DATE, acting_as, as_day, fail, refusals_told, write_report
from tracker.cli.reports import papers_told, reports
from tracker.database import read_one_snapshot
from tracker.frozen.queries import get_file, list_versions
from tracker.frozen.years import quality_key
from tracker.records.scope import EVERY_RECORD, scope_of
from tracker.records.yearly import FIRST_YEAR, LAST_YEAR
from tracker.reports.audiences import PURPOSES
from tracker.reports.control_year import draft_cover
from tracker.reports.quality import for_the_public, quality_year
from tracker.reports.quality_kept import AUDIENCES
from tracker.reports.quality_locking import QualityLock, lock_quality
from tracker.reports.rendering.quality import FORMATS, render_quality
from tracker.rules.closing import Audience
from tracker.rules.permissions import Permission
from tracker.rules.trail import Purpose, ReadKind


@reports.command("quality", short_help="årets lex Sarah, avvikelser, åtgärder och synpunkter i siffror")
@click.argument("year", type=int)
@click.option("--cutoff", type=DATE, help="Avstämningsdatum, en dag i året. Annars den 31 december.")
@click.option("--format", "shape", type=click.Choice(FORMATS), default="json", show_default=True)
@click.option("--audience", type=click.Choice([one.value for one in AUDIENCES]), default="intern", show_default=True)
@click.option("--version", type=int, help="Den låsta versionens nummer. Annars den senaste.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Filen som skrivs.")
@click.option("--by", help="E-postadressen till den i vars namn rapporten tas ut.")
@click.option("--lock", is_flag=True, help="Lås rapporten och kvalitetsberättelsen: de sparas som de är.")
@click.option("--reason", default="", help="Skälet, när en låst rapport rättas med en ny version.")
@with_appcontext
def quality(  # noqa: PLR0913, PLR0917 - click hands over every option
    year: int, cutoff: object, shape: str, audience: str, version: int | None, output: Path | None, by: str | None,
    lock: bool, reason: str,
) -> None:  # fmt: skip
    """Årets lex Sarah-rapporter, avvikelser, åtgärder och synpunkter i siffror.

    Det som har hänt efter avstämningsdatum räknas inte. Är året låst ges den låsta versionen, annars utkastet. Med
    --cutoff ges alltid utkastet. Den som låser står för att inget i siffror och texter pekar ut någon.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        fail(f"Året {year} går inte att använda. Skriv ett år mellan {FIRST_YEAR} och {LAST_YEAR}.")
    reader = _locker(by) if lock else acting_as(by, Permission.READ_QUALITY)
    whole = reader is None or reader.reach(Permission.READ_QUALITY).everything
    day, wanted = as_day(cutoff), Audience(audience)
    if lock and reader is not None:
        with refusals_told(), papers_told():
            made = lock_quality(QualityLock(year, reader.user_id, day, reason), clock.now())
        version, day = made.version, None
        click.echo(f"Låste kvalitetsrapporten som version {version}", err=True)
    read_one_snapshot()
    versions = list_versions(quality_key(year)) if whole and day is None else []
    chosen = next((one for one in versions if version in {None, one.version}), None)
    if version is not None and chosen is None:
        fail(f"Kvalitetsrapporten för {year} har ingen låst version {version} som kan ges här.")
    if wanted is not Audience.INTERNAL and not whole:
        fail("Rapporten till nämnd och revisorer gäller hela förvaltningen. Din roll når bara en del.")
    if chosen is not None:
        data, which = get_file(chosen.id, audience, shape) or b"", f"{audience} version {chosen.version}"
        told = f"Kvalitet {year} i siffror, avstämningsdatum {chosen.cutoff_on}, låst version {chosen.version}"
    else:
        scope = scope_of(reader, Permission.READ_QUALITY) if reader else EVERY_RECORD
        with refusals_told():
            found = quality_year(year, day, scope)
        with papers_told():
            inside = wanted is Audience.INTERNAL
            data = render_quality(found if inside else for_the_public(found, wanted), shape, draft_cover())
        which, told = f"{found.cutoff_on}", f"{found.title}, avstämningsdatum {found.cutoff_on}"
    reads.note_read(
        ReadKind.REPORT, what="kvalitet", selection=f"{year} {which} {shape}", row_count=0,
        purpose=Purpose.FOLLOW_UP if wanted is Audience.INTERNAL else PURPOSES[wanted],
    )  # fmt: skip
    write_report(data, output, told)


def _locker(by: str | None) -> Reader:
    """In whose name it is locked; ends the command when that person may not."""
    reader = acting_as(by, Permission.LOCK_REPORTS, needed=True)
    if reader is None or not reader.reach(Permission.LOCK_REPORTS).everything:
        fail("Kvalitetsrapporten låses av den som arbetar med kvalitet för hela förvaltningen.")
    return reader
