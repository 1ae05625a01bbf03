"""Pages of a case's files: added, taken out and taken away. A file is saved by the browser, never shown as a page."""

import io

from flask import abort, flash, redirect, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker import clock
from tracker.audit import reads
from tracker.cases.access import READS, whole_scope
from tracker.cases.attaching import attach, detach, files_of
from tracker.cases.case_views import ID, files_part, may_handle_files
from tracker.cases.file_forms import CaseFileForm, RemoveFileForm
from tracker.cases.pages import WORDS
from tracker.cases.registers import COMPLAINTS, DEVIATIONS, LEX_SARAH, CaseRegister, Stored
from tracker.cases.reporting_views import own_report, receipt_page
from tracker.cases.single import find_case
from tracker.cases.views import blueprint
from tracker.database import db
from tracker.records.attachments import AttachmentRow, open_content
from tracker.rules.errors import RuleViolation
from tracker.rules.file_kinds import LARGEST_ATTACHMENT
from tracker.rules.permissions import Permission
from tracker.rules.trail import ReadKind
from tracker.web.access import requires
from tracker.web.pagination import LARGEST_ID
from tracker.web.requestlog import unnamed
from tracker.web.typed import keeps_typed
from tracker.web.uploads import takes_file

FILES = f"{ID}/filer"
FILE = f"{FILES}/<int(max={LARGEST_ID}):attachment_id>"
SAVED = "Filen är sparad, krypterad."


@blueprint.route(f"/avvikelser/{FILES}", methods=["GET", "POST"])
@takes_file(LARGEST_ATTACHMENT)
@requires(Permission.READ_DEVIATIONS)
def deviation_files(record_id: int) -> ResponseReturnValue:
    """The files of an avvikelse."""
    return _files(DEVIATIONS, record_id)


@blueprint.route(f"/lex-sarah/{FILES}", methods=["GET", "POST"])
@takes_file(LARGEST_ATTACHMENT)
@requires(*READS[LEX_SARAH.kind])
def lex_sarah_files(record_id: int) -> ResponseReturnValue:
    """The files of a lex Sarah-rapport."""
    return _files(LEX_SARAH, record_id)


@blueprint.route(f"/synpunkter/{FILES}", methods=["GET", "POST"])
@takes_file(LARGEST_ATTACHMENT)
@requires(Permission.READ_COMPLAINTS)
def complaint_files(record_id: int) -> ResponseReturnValue:
    """The files of a synpunkt."""
    return _files(COMPLAINTS, record_id)


@blueprint.get(f"/avvikelser/{FILE}")
@requires(Permission.READ_DEVIATIONS)
def deviation_file(record_id: int, attachment_id: int) -> ResponseReturnValue:
    """A file of an avvikelse."""
    return _file(DEVIATIONS, record_id, attachment_id)


@blueprint.get(f"/lex-sarah/{FILE}")
@requires(*READS[LEX_SARAH.kind])
def lex_sarah_file(record_id: int, attachment_id: int) -> ResponseReturnValue:
    """A file of a lex Sarah-rapport."""
    return _file(LEX_SARAH, record_id, attachment_id)


@blueprint.get(f"/synpunkter/{FILE}")
@requires(Permission.READ_COMPLAINTS)
def complaint_file(record_id: int, attachment_id: int) -> ResponseReturnValue:
    """A file of a synpunkt."""
    return _file(COMPLAINTS, record_id, attachment_id)


@blueprint.route(f"/avvikelser/{FILE}/ta-bort", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.HANDLE_DEVIATIONS)
def remove_deviation_file(record_id: int, attachment_id: int) -> ResponseReturnValue:
    """Take a file away from an avvikelse, with the reason."""
    return _remove(DEVIATIONS, record_id, attachment_id)


@blueprint.route(f"/lex-sarah/{FILE}/ta-bort", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.DECIDE_LEX_SARAH, Permission.INVESTIGATE_LEX_SARAH)
def remove_lex_sarah_file(record_id: int, attachment_id: int) -> ResponseReturnValue:
    """Take a file away from a lex Sarah-rapport, with the reason."""
    return _remove(LEX_SARAH, record_id, attachment_id)


@blueprint.route(f"/synpunkter/{FILE}/ta-bort", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.HANDLE_COMPLAINTS)
def remove_complaint_file(record_id: int, attachment_id: int) -> ResponseReturnValue:
    """Take a file away from a synpunkt, with the reason."""
    return _remove(COMPLAINTS, record_id, attachment_id)


@blueprint.post(f"/rapportera/{FILES}")
@takes_file(LARGEST_ATTACHMENT)
@requires(Permission.REPORT_CASES)
@unnamed
def add_own_file(record_id: int) -> ResponseReturnValue:
    """Add a file to what one has reported, a photo from a phone for instance."""
    own, form = own_report(record_id), CaseFileForm()
    if _added(form, record_id, as_reporter=True):
        return redirect(f"/rapportera/{record_id}", 303)
    return receipt_page(own, form), 422


@blueprint.get(f"/rapportera/{FILE}")
@requires(Permission.REPORT_CASES)
@unnamed
def own_file(record_id: int, attachment_id: int) -> ResponseReturnValue:
    """A file that one has put there oneself. It is not noted as a reading: the log would then tell who reported."""
    own_report(record_id)
    return _sent(_among(files_of(record_id, current_user.user_id), attachment_id))


def _files(register: CaseRegister, record_id: int) -> ResponseReturnValue:
    row, form = _whole(register, record_id), CaseFileForm()
    if form.is_submitted():
        if not may_handle_files(register, row):
            abort(404)
        if _added(form, record_id):
            return redirect(f"{WORDS[register.kind].path}/{record_id}#filer", 303)
    page = render_template(
        "cases/files.html", row=row, register=register, files=files_part(register, row, form),
        back=f"{WORDS[register.kind].path}/{record_id}",
    )  # fmt: skip
    reads.note_read(ReadKind.RECORD, record_id=record_id)
    return page, 422 if form.is_submitted() else 200


def _added(form: CaseFileForm, record_id: int, *, as_reporter: bool = False) -> bool:
    """Whether what was sent is a file that the case has now; what is wrong stands beside the field."""
    upload = request.files.get("file")
    if not form.validate_on_submit() or upload is None:
        return False
    given = upload.read(), upload.filename or ""
    try:
        attach(record_id, *given, current_user.user_id, clock.now(), as_reporter=as_reporter)
    except RuleViolation as violation:
        db.session.rollback()
        form.refuse(violation)
        return False
    flash(SAVED)
    return True


def _file(register: CaseRegister, record_id: int, attachment_id: int) -> ResponseReturnValue:
    _whole(register, record_id)
    file = _among(files_of(record_id), attachment_id)
    answer = _sent(file)
    reads.note_read(ReadKind.RECORD, record_id=record_id, selection=f"fil={file.id}", row_count=1)
    return answer


def _sent(file: AttachmentRow) -> ResponseReturnValue:
    return send_file(
        io.BytesIO(open_content(file)), mimetype="application/octet-stream", as_attachment=True,
        download_name=file.name, max_age=0, etag=False,
    )  # fmt: skip


def _remove(register: CaseRegister, record_id: int, attachment_id: int) -> ResponseReturnValue:
    row, form = _whole(register, record_id), RemoveFileForm()
    file = _among(files_of(record_id), attachment_id)
    if not may_handle_files(register, row):
        abort(404)
    back = f"{WORDS[register.kind].path}/{record_id}"
    if form.validate_on_submit():
        try:
            detach(record_id, attachment_id, form.reason.data or "")
        except RuleViolation as violation:
            db.session.rollback()
            form.refuse(violation)
        else:
            flash("Filen är borttagen.")
            return redirect(f"{back}#filer", 303)
    page = render_template("cases/remove_file.html", row=row, register=register, file=file, form=form, back=back)
    return page, 422 if form.is_submitted() else 200


def _whole(register: CaseRegister, record_id: int) -> Stored:
    """A case that the reader reads the whole of; 404 otherwise, and for what is another register's by now."""
    row = find_case(register, record_id, whole_scope(register, current_user))
    if row is None or row["record_kind"] != register.kind.value:
        abort(404)
    return row


def _among(files: list[AttachmentRow], attachment_id: int) -> AttachmentRow:
    file = next((found for found in files if found.id == attachment_id), None)
    if file is None:
        abort(404)
    return file
