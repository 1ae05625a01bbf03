"""The anmälan of a lex Sarah case to IVO: what it holds, what lacks, and its files."""

from io import BytesIO

from flask import abort, current_app, flash, redirect, render_template, send_file
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker import clock
from tracker.accounts.queries import kept_units
from tracker.accounts.reader import EVERYTHING
from tracker.audit import reads
from tracker.cases.access import whole_scope
from tracker.cases.anmalan import Anmalan, anmalan_of, may_be_notified
from tracker.cases.case_numbers import set_case_numbers
from tracker.cases.case_views import ID, holds_over
from tracker.cases.forms import CaseNumbersForm
from tracker.cases.registers import LEX_SARAH, Stored
from tracker.cases.single import find_case, own_case_number
from tracker.database import db
from tracker.printing.process import WorkFailed
from tracker.records.queries import committee_name
from tracker.records.versions import StaleVersion
from tracker.reports.blueprint import blueprint
from tracker.reports.rendering import MIME, ReportFormat
from tracker.reports.rendering.anmalan import anmalan_pdf, anmalan_xlsx, title_of
from tracker.rules.permissions import Permission
from tracker.rules.trail import Purpose, ReadKind
from tracker.web.access import requires

ADDRESS = f"/lex-sarah/{ID}/anmalan"
FILES = {"pdf": anmalan_pdf, "xlsx": anmalan_xlsx}
NAMED = "Ingen fil gjordes: en text innehåller namnet på den som rapporterade. Skriv funktionen i stället."
FAILED = "Filen gick inte att göra just nu. Försök igen om en stund."
STALE = "Någon annan har ändrat ärendet sedan du öppnade sidan. Läs vad som gäller nu, och spara igen."


@blueprint.route(ADDRESS, methods=["GET", "POST"])
@requires(Permission.DECIDE_LEX_SARAH, confirmed=True)
def anmalan(record_id: int) -> ResponseReturnValue:
    """What the anmälan holds and what lacks, and the numbers under which it is kept here and at IVO."""
    row, found = _anmalan(record_id)
    form = CaseNumbersForm(
        data={"version": str(row["version"]), "own": own_case_number(record_id), "ivo": row["ivo_case_number"] or ""}
    )
    if form.validate_on_submit():
        try:
            set_case_numbers(row, form.seen_version, form.own.data or "", form.ivo.data or "")
        except StaleVersion:
            db.session.rollback()
            row, found = _anmalan(record_id)
            form.form_errors.append(STALE)
            form.version.data = str(row["version"])
        else:
            flash("Diarienumren är sparade.")
            return redirect(f"/lex-sarah/{record_id}/anmalan", 303)
    sent = form.is_submitted()
    page = render_template(
        "reports/anmalan.html", form=form, anmalan=found, title=title_of(found), back=f"/lex-sarah/{record_id}",
        path=f"/lex-sarah/{record_id}/anmalan", investigation=f"/lex-sarah/{record_id}/utredning",
    )  # fmt: skip
    (reads.note_read_of_refused if sent else reads.note_read)(ReadKind.RECORD, record_id=record_id)
    return page, 422 if sent else 200


@blueprint.get(f"{ADDRESS}.<any(pdf,xlsx):extension>")
@requires(Permission.DECIDE_LEX_SARAH, confirmed=True)
def anmalan_file(record_id: int, extension: str) -> ResponseReturnValue:
    """The anmälan as a file that IVO's e-service takes. It is noted before its first byte."""
    _, found = _anmalan(record_id)
    if found.stops:
        flash(NAMED, "warning")
        return redirect(f"/lex-sarah/{record_id}/anmalan", 303)
    try:
        data = FILES[extension](found, *_who(), clock.today())
    except WorkFailed:
        flash(FAILED, "warning")
        return redirect(f"/lex-sarah/{record_id}/anmalan", 303)
    reads.note_read(
        ReadKind.EXPORT, record_id=record_id, what="anmälan till IVO", selection=extension, row_count=1,
        purpose=Purpose.SUPERVISION,
    )  # fmt: skip
    name = f"anmalan-lex-sarah-{found.number}.{extension}"
    mimetype = MIME[ReportFormat(extension)]
    return send_file(BytesIO(data), mimetype=mimetype, as_attachment=True, download_name=name, max_age=0)


def _who() -> tuple[str, str]:
    """The municipality's and the committee's name."""
    return current_app.config["MUNICIPALITY_NAME"] or "", committee_name()


def _anmalan(record_id: int) -> tuple[Stored, Anmalan]:
    """The case and its anmälan, for those who decide over its unit; none before it has been received."""
    row = find_case(LEX_SARAH, record_id, whole_scope(LEX_SARAH, current_user))
    if row is None or not holds_over(Permission.DECIDE_LEX_SARAH, row) or not may_be_notified(row):
        abort(404)
    unit = next((unit.name for unit in kept_units(EVERYTHING) if unit.id == row["unit_id"]), "")
    return row, anmalan_of(row, *_who(), unit)
