"""The page of the year of quality, and its files."""

from io import BytesIO

from flask import abort, current_app, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker import clock
from tracker.audit import reads
from tracker.database import read_one_snapshot
from tracker.printing.faults import WordError
from tracker.printing.process import WorkFailed
from tracker.records.queries import committee_name
from tracker.records.scope import scope_of
from tracker.records.yearly import FIRST_YEAR, LAST_YEAR
from tracker.reports.blueprint import blueprint
from tracker.reports.locked_views import TOO_MUCH, word_told
from tracker.reports.quality import QualityYear, quality_year
from tracker.reports.rendering import FORMAT_LABELS, MIME, ReportFormat
from tracker.reports.rendering.quality import FORMATS, parts_of, render_quality
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission
from tracker.rules.trail import Purpose, ReadKind
from tracker.web.access import requires
from tracker.web.parameters import day_of

ADDRESS = "/rapporter/kvalitet/<int:year>"


@blueprint.get(ADDRESS)
@requires(Permission.READ_QUALITY)
def quality(year: int) -> ResponseReturnValue:
    """The year in figures, up to the cut-off day in the address (`?avstamning=DATUM`)."""
    found, wrong = _found(year)
    given = request.args.get("avstamning", "")
    page = render_template(
        "reports/quality.html", found=found, parts=parts_of(found), wrong=wrong, given=given if wrong else "",
        formats=[(name, FORMAT_LABELS[ReportFormat(name)]) for name in FORMATS],
        cutoff={} if wrong or not given else {"avstamning": found.cutoff_on.isoformat()},
        narrowed=not current_user.reach(Permission.READ_QUALITY).everything, this_year=clock.today().year,
    )  # fmt: skip
    return page, 422 if wrong else 200


@blueprint.get(f"{ADDRESS}/export.<extension>")
@requires(Permission.READ_QUALITY)
def quality_file(year: int, extension: str) -> ResponseReturnValue:
    """The year as a file. It is noted before its first byte."""
    if extension not in FORMATS:
        abort(404)
    found, wrong = _found(year)
    if wrong:
        return redirect(url_for("reports.quality", year=year), 303)
    try:
        municipality = current_app.config["MUNICIPALITY_NAME"] or ""
        data = render_quality(found, extension, municipality, committee_name(), clock.today())
    except (WordError, WorkFailed) as error:
        flash(word_told(error) if isinstance(error, WordError) else TOO_MUCH, "warning")
        return redirect(url_for("reports.quality", year=year), 303)
    reads.note_read(
        ReadKind.REPORT, what="kvalitet", selection=f"{year} {found.cutoff_on} {extension}", row_count=0,
        purpose=Purpose.FOLLOW_UP,
    )  # fmt: skip
    name = f"kvalitet-{year}-utkast.{extension}"
    mimetype = MIME[ReportFormat(extension)]
    return send_file(BytesIO(data), mimetype=mimetype, as_attachment=True, download_name=name, max_age=0)


def _found(year: int) -> tuple[QualityYear, str]:
    """The year up to the day in the address, and what is wrong with that day (the whole year is shown then)."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        abort(404)
    scope, given = scope_of(current_user, Permission.READ_QUALITY), request.args.get("avstamning", "")
    read_one_snapshot()
    day = day_of(given)
    if given and day is None:
        return quality_year(year, None, scope), "Skriv avstämningsdatum som 2026-03-31."
    try:
        return quality_year(year, day, scope), ""
    except RuleViolation as violation:
        return quality_year(year, None, scope), violation.message
