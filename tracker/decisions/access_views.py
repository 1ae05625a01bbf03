"""Pages of who may see a decision, of the decisions that the lists leave out, and of whom a decision is about."""

from dataclasses import replace

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker import clock
from tracker.audit import reads
from tracker.database import db
from tracker.decisions.access import STEP_LABELS, change_access
from tracker.decisions.blueprint import blueprint
from tracker.decisions.correction_views import ADDRESS, CHANGED_MEANWHILE, note_shown, to_change
from tracker.decisions.marked import get_protected, list_protected, list_voided
from tracker.decisions.models import Decision
from tracker.decisions.single import get_decision, get_person, is_within
from tracker.records.access_forms import AccessForm
from tracker.records.access_steps import Act, Step, steps_for
from tracker.records.grants import GRANT_LABELS, list_candidates, list_grants
from tracker.records.models import Access, Record
from tracker.records.scope import scope_of
from tracker.records.versions import StaleVersion
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission, roles_allowed
from tracker.rules.trail import ReadKind
from tracker.web.access import requires


@blueprint.get("/beslut/makulerade")
@requires(Permission.READ_VOIDED)
def voided() -> ResponseReturnValue:
    """The voided decisions within reach."""
    return render_template("decisions/voided.html", rows=list_voided(scope_of(current_user, Permission.READ_VOIDED)))


@blueprint.get("/beslut/skyddade")
@requires(Permission.READ_VOIDED)
def protected() -> ResponseReturnValue:
    """Where protected decisions are and how many see them, without content: so that somebody always does."""
    reach = current_user.reach(Permission.MANAGE_RECORD_ACCESS)
    return render_template("decisions/protected.html", rows=list_protected(reach, current_user.user_id))


@blueprint.route(f"{ADDRESS}/atkomst", methods=["GET", "POST"])
@requires(Permission.MANAGE_RECORD_ACCESS, confirmed="POST")
def access(record_id: int) -> ResponseReturnValue:
    """Who may see a decision although others may not, and the other way round."""
    row, record, sees = _to_manage(record_id)
    form, status, stale = AccessForm(), 200, False
    _fill(form, record, sees)
    if form.is_submitted():
        status = 422
        if form.validate() and not form.point_out():
            try:
                act = Act(record_id, form.version.data, current_user.user_id, sees, form.reason.data, clock.now())
                change_access(act, Step(form.step.data), form.person.data or None)
            except StaleVersion:
                db.session.rollback()
                row, record, sees = _to_manage(record_id)
                _fill(form, record, sees)
                status, stale = 409, True
            except RuleViolation as violation:
                db.session.rollback()
                form.refuse(violation)
            else:
                flash("Åtkomsten är ändrad.")
                return redirect(_next_page(record_id), 303)
    if stale or not (form.is_submitted() or form.restored):
        form.see(record.version)
    if sees:
        note_shown(record_id)
    page = render_template(
        "decisions/access.html", form=form, record_id=record_id, ref=row.ref if sees else "",
        protected=record.access == Access.PROTECTED, grants=list_grants(record_id), labels=GRANT_LABELS,
        stale=CHANGED_MEANWHILE if stale else "",
    )  # fmt: skip
    return page, status


@blueprint.get(f"{ADDRESS}/person")
@requires(Permission.READ_IDENTITIES, confirmed=True)
def person(record_id: int) -> ResponseReturnValue:
    """Whom a decision is about. The reading is written down before anything is shown."""
    row, _ = to_change(record_id, Permission.READ_IDENTITIES)
    reads.note_read(ReadKind.IDENTITY, record_id=record_id)
    return render_template("decisions/person.html", ref=row.ref, record_id=record_id, number=get_person(record_id))


def _to_manage(record_id: int) -> tuple[Decision, Record, bool]:
    """The decision whose access the reader may change, and whether they see its content.

    A protected decision that they do not see is found by those who look after what lists leave out, to name somebody.
    """
    reach = current_user.reach(Permission.MANAGE_RECORD_ACCESS)
    found = get_decision(record_id, scope_of(current_user, Permission.READ_DECISIONS))
    if found is not None and is_within(found[0].unit_id, reach):
        return (*found, True)
    if found is not None or not current_user.allows(Permission.READ_VOIDED):
        abort(404)
    unseen = get_protected(record_id, reach, current_user.user_id)
    if unseen is None or not is_within(unseen[0].unit_id, current_user.reach(Permission.READ_VOIDED)):
        abort(404)
    return (*unseen, False)


def _fill(form: AccessForm, record: Record, sees: bool) -> None:
    """The choices as they stand: what can be done, and whom it can be about."""
    steps = steps_for(record.access == Access.PROTECTED, sees)
    form.offer({step.value: STEP_LABELS[step] for step in steps}, _candidates(), list_grants(record.id))


def _candidates() -> list[tuple[int, str, str]]:
    return list_candidates(roles_allowed(Permission.READ_DECISIONS), clock.today())


def _next_page(record_id: int) -> str:
    """Back to the page of access; to a list when what was done has taken the decision out of the reader's sight."""
    scope = replace(scope_of(current_user, Permission.READ_DECISIONS), named=True, closed=True)  # asked anew
    if get_decision(record_id, scope) is not None:
        return url_for("decisions.access", record_id=record_id)
    return url_for("decisions.protected" if current_user.allows(Permission.READ_VOIDED) else "decisions.register")
