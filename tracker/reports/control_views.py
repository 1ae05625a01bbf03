"""Pages of the follow-up of the internal control plan, and its files."""

from io import BytesIO

from flask import abort, render_template, send_file
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.audit import reads
from tracker.control.pages import moment_line
from tracker.control.queries import grades_of, list_moments
from tracker.records.scope import scope_of
from tracker.records.yearly import FIRST_YEAR, LAST_YEAR
from tracker.reports.blueprint import blueprint
from tracker.reports.control_year import FORMATS, control_document, render_control
from tracker.reports.rendering import MIME, ReportFormat
from tracker.risk.queries import list_risks, matrix_of, plan_of
from tracker.rules.control_grading import sentence
from tracker.rules.permissions import Permission
from tracker.rules.trail import Purpose, ReadKind
from tracker.web.access import requires

LISTED = 200
ADDRESS = "/rapporter/internkontroll/<int:year>"


@blueprint.get(ADDRESS)
@requires(Permission.READ_CONTROL)
def control(year: int) -> ResponseReturnValue:
    """The follow-up of a year: the sentence, the kontrollmoment, the risks."""
    _check_year(year)
    scope, plan = scope_of(current_user, Permission.READ_CONTROL), plan_of(year)
    moments = list_moments(year, scope)
    headline, rest = sentence(grades_of(moments))
    risks = [(risk, plan.scale.level(risk.likelihood, risk.consequence)) for risk in list_risks(year, scope, LISTED)]
    total = sum(map(sum, matrix_of(year, plan.scale.size, scope)))
    return render_template(
        "reports/control.html", year=year, headline=headline, rest=rest,
        lines=[moment_line(moment) for moment in moments], risks=risks, total=total, formats=FORMATS,
    )  # fmt: skip


@blueprint.get(f"{ADDRESS}/export.<extension>")
@requires(Permission.READ_CONTROL)
def control_file(year: int, extension: str) -> ResponseReturnValue:
    """The follow-up as a file. It is noted before its first byte."""
    _check_year(year)
    if extension not in FORMATS:
        abort(404)
    document = control_document(year, scope_of(current_user, Permission.READ_CONTROL))
    data = render_control(document, extension)
    reads.note_read(
        ReadKind.REPORT, what="internkontroll", selection=f"{year} {extension}", row_count=document["moments_total"],
        purpose=Purpose.FOLLOW_UP,
    )  # fmt: skip
    name = f"uppfoljning-internkontroll-{year}.{extension}"
    mimetype = MIME[ReportFormat(extension)]
    return send_file(BytesIO(data), mimetype=mimetype, as_attachment=True, download_name=name, max_age=0)


def _check_year(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        abort(404)
