"""The internal control plan as Word and PDF."""

from io import BytesIO

from flask import abort, flash, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.audit import reads
from tracker.printing.faults import WordError
from tracker.printing.process import WorkFailed
from tracker.records.scope import scope_of
from tracker.records.yearly import FIRST_YEAR, LAST_YEAR
from tracker.reports.blueprint import blueprint, version_asked_for
from tracker.reports.plan_file import PLAN_FORMATS, find_plan_file
from tracker.reports.rendering import MIME, ReportFormat
from tracker.rules.permissions import Permission
from tracker.rules.trail import Purpose, ReadKind
from tracker.web.access import requires

TOO_LARGE = "Filen tog för lång tid eller för mycket minne. Skriv ut sidan i stället, eller försök igen om en stund."


@blueprint.get("/internkontroll/<int:year>/plan.<any(docx,pdf):extension>")
@requires(Permission.READ_CONTROL, Permission.DECIDE_PLAN)
def plan_file(year: int, extension: str) -> ResponseReturnValue:
    """A version of the plan (`?version=N`), or what stands now, as a file. It is noted before its first byte."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        abort(404)
    reads_control = current_user.allows(Permission.READ_CONTROL)
    permission = Permission.READ_CONTROL if reads_control else Permission.DECIDE_PLAN
    found = find_plan_file(year, version_asked_for(request.args), scope_of(current_user, permission))
    if found is not None and not found.part.number and not reads_control:
        abort(404)  # a draft is its writers' until it has been proposed
    if found is None:
        abort(404)
    try:
        data = PLAN_FORMATS[extension](found.paper)
    except (WordError, WorkFailed):
        flash(TOO_LARGE, "warning")
        return redirect(url_for("control.plan", year=year), 303)
    reads.note_read(
        ReadKind.REPORT, what="internkontrollplan", selection=f"{year} {found.which} {extension}",
        row_count=found.rows, purpose=Purpose.FOLLOW_UP,
    )  # fmt: skip
    name = f"internkontrollplan-{year}-{found.which}.{extension}"
    mimetype = MIME[ReportFormat(extension)]
    return send_file(BytesIO(data), mimetype=mimetype, as_attachment=True, download_name=name, max_age=0)
