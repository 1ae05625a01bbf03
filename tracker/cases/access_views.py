"""Pages of who may see a case although others may not, and who may not although others may."""

from dataclasses import replace

from flask import abort, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker import clock
from tracker.audit import reads
from tracker.cases.access import READS, whole_scope
from tracker.cases.case_access import STEP_LABELS, change_access
from tracker.cases.case_views import ID, holds_over
from tracker.cases.concerned import concerned_names
from tracker.cases.pages import WORDS
from tracker.cases.protected import find_unseen, list_protected
from tracker.cases.registers import COMPLAINTS, DEVIATIONS, LEX_SARAH, REGISTERS, CaseRegister, Stored
from tracker.cases.single import find_case
from tracker.cases.views import blueprint
from tracker.database import db
from tracker.records.access_forms import AccessForm
from tracker.records.access_steps import Act, Step, steps_for
from tracker.records.grants import GRANT_LABELS, list_candidates, list_grants
from tracker.records.models import Mark
from tracker.records.versions import StaleVersion
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission, roles_allowed
from tracker.rules.trail import ReadKind
from tracker.web.access import requires

CHANGED_MEANWHILE = (
    "Någon annan har ändrat ärendet sedan du öppnade sidan. Kontrollera hur det står nu och skicka igen om det "
    "fortfarande ska göras."
)


@blueprint.get("/lex-sarah/skyddade")
@requires(Permission.MANAGE_CASE_ACCESS)
def protected() -> ResponseReturnValue:
    """Where protected cases are and how many see them, without content: so that somebody always does."""
    kinds = [kind for kind, register in REGISTERS.items() if current_user.allows(register.read)]
    rows = list_protected(kinds, current_user.reach(Permission.MANAGE_CASE_ACCESS), current_user.user_id)
    lines = [(row, WORDS[row.kind].one, f"{WORDS[row.kind].path}/{row.record_id}/atkomst") for row in rows]
    return render_template("cases/protected.html", lines=lines)


@blueprint.route(f"/avvikelser/{ID}/atkomst", methods=["GET", "POST"])
@requires(Permission.MANAGE_CASE_ACCESS, confirmed="POST")
def deviation_access(record_id: int) -> ResponseReturnValue:
    """Who may see an avvikelse."""
    return _access(DEVIATIONS, record_id)


@blueprint.route(f"/lex-sarah/{ID}/atkomst", methods=["GET", "POST"])
@requires(Permission.MANAGE_CASE_ACCESS, confirmed="POST")
def lex_sarah_access(record_id: int) -> ResponseReturnValue:
    """Who may see a lex Sarah-rapport."""
    return _access(LEX_SARAH, record_id)


@blueprint.route(f"/synpunkter/{ID}/atkomst", methods=["GET", "POST"])
@requires(Permission.MANAGE_CASE_ACCESS, confirmed="POST")
def complaint_access(record_id: int) -> ResponseReturnValue:
    """Who may see a synpunkt."""
    return _access(COMPLAINTS, record_id)


def _access(register: CaseRegister, record_id: int) -> ResponseReturnValue:
    row, sees = _to_manage(register, record_id)
    form, status, stale = AccessForm(), 200, False
    _fill(form, register, row, sees)
    if form.is_submitted():
        status = 422
        if form.validate() and not form.point_out():
            try:
                act = Act(record_id, form.version.data, current_user.user_id, sees, form.reason.data, clock.now())
                change_access(act, Step(form.step.data), form.person.data or None)
            except StaleVersion:
                db.session.rollback()
                row, sees = _to_manage(register, record_id)
                _fill(form, register, row, sees)
                status, stale = 409, True
            except RuleViolation as violation:
                db.session.rollback()
                form.refuse(violation)
            else:
                flash("Åtkomsten är ändrad.")
                return redirect(_next_page(register, record_id), 303)
    if stale or not (form.is_submitted() or form.restored):
        form.see(row["version"])
    page = render_template(
        "cases/access.html", form=form, what=f"{WORDS[register.kind].one} {row['number']}",
        back=f"{WORDS[register.kind].path}/{record_id}" if sees else "/lex-sarah/skyddade", sees=sees,
        protected=row["mark"] == Mark.PROTECTED,
        grants=list_grants(record_id), labels=GRANT_LABELS, stale=CHANGED_MEANWHILE if stale else "",
        concerned=concerned_names(record_id),
    )  # fmt: skip
    if not sees:
        return page, status  # nothing of the case is shown
    if form.is_submitted():
        reads.note_read_of_refused(ReadKind.RECORD, record_id=record_id)
    else:
        reads.note_read(ReadKind.RECORD, record_id=record_id)
    return page, status


def _to_manage(register: CaseRegister, record_id: int) -> tuple[Stored, bool]:
    """The case whose access the reader may change, and whether they see its content: one that they read the whole of,
    within their units, or a protected one that they do not see, to name somebody else.
    """
    row = find_case(register, record_id, whole_scope(register, current_user))
    sees = row is not None
    if row is None and current_user.allows(register.read):
        row = find_unseen(register, record_id, current_user.user_id)
    if row is None or row["record_kind"] != register.kind.value or not holds_over(Permission.MANAGE_CASE_ACCESS, row):
        abort(404)
    return row, sees


def _fill(form: AccessForm, register: CaseRegister, row: Stored, sees: bool) -> None:
    """The choices as they stand: what can be done, and whom it can be about."""
    steps = steps_for(row["mark"] == Mark.PROTECTED, sees)
    roles = {role for permission in READS[register.kind] for role in roles_allowed(permission)}
    form.offer(
        {step.value: STEP_LABELS[step] for step in steps}, list_candidates(roles, clock.today()),
        list_grants(row["record_id"]),
    )  # fmt: skip


def _next_page(register: CaseRegister, record_id: int) -> str:
    """Back to the page of access; to the list when what was done has taken the case out of the reader's sight."""
    scope = replace(whole_scope(register, current_user), named=True, closed=True)  # asked anew
    path = WORDS[register.kind].path
    if find_case(register, record_id, scope) is not None:
        return f"{path}/{record_id}/atkomst"
    unseen = find_unseen(register, record_id, current_user.user_id) is not None
    return "/lex-sarah/skyddade" if unseen else path
