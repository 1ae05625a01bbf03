"""Pages of what has gone to and come from IVO about a decision."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker import clock
from tracker.audit import reads
from tracker.database import db
from tracker.decisions.blueprint import blueprint
from tracker.decisions.correction_views import ADDRESS, note_shown, to_change
from tracker.decisions.history import latest_change
from tracker.decisions.ivo_forms import MatterForm, matter_texts
from tracker.decisions.ivo_matters import (
    MatterRefused,
    MatterRow,
    change_matter,
    find_matter,
    list_matters,
    list_sent,
    note_matter,
)
from tracker.decisions.models import Decision
from tracker.decisions.pages import matter_mark
from tracker.decisions.single import get_decision, is_within
from tracker.labels import IVO_TYPE_LABELS, MATTER_LABELS
from tracker.records.scope import scope_of
from tracker.records.versions import StaleVersion
from tracker.rules.permissions import Permission
from tracker.rules.trail import ReadKind
from tracker.web.access import requires
from tracker.web.pagination import LARGEST_ID
from tracker.web.typed import keeps_typed


@blueprint.get(f"{ADDRESS}/ivo")
@requires(Permission.READ_DECISIONS)
def ivo(record_id: int) -> ResponseReturnValue:
    """What has been sent to IVO about a decision, and what has come from there."""
    found = get_decision(record_id, scope_of(current_user, Permission.READ_DECISIONS))
    if found is None:
        abort(404)
    today, matters, sent = clock.today(), list_matters(record_id), list_sent(record_id)
    reads.note_read(ReadKind.RECORD, record_id=record_id, all_read=True)
    return render_template(
        "decisions/ivo.html", decision=found[0], sent=sent, type_labels=IVO_TYPE_LABELS,
        matters=[(row, MATTER_LABELS[row.matter.kind], matter_mark(row.matter, today)) for row in matters],
        corrects=is_within(found[0].unit_id, current_user.reach(Permission.CORRECT_DECISIONS)),
        sends=is_within(found[0].unit_id, current_user.reach(Permission.READ_IDENTITIES)),
    )  # fmt: skip


@blueprint.route(f"{ADDRESS}/ivo/ny", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.CORRECT_DECISIONS)
def new_matter(record_id: int) -> ResponseReturnValue:
    """Notes something that has come from IVO or a court."""
    decision, _ = to_change(record_id, Permission.CORRECT_DECISIONS)
    form = MatterForm()
    if not form.is_submitted():
        form.put(matter_texts(None), 0)
        return _page(decision, form, "Svar från IVO")
    matter = form.matter() if form.validate() and not form.point_out() else None
    if matter is None:
        return _page(decision, form, "Svar från IVO", 422)
    try:
        note_matter(record_id, matter, decision.decided_on, clock.today(), clock.now())
    except MatterRefused as refused:
        return _refused(decision, form, "Svar från IVO", refused)
    flash("Sparat.")
    return redirect(url_for("decisions.ivo", record_id=record_id), 303)


@blueprint.route(f"{ADDRESS}/ivo/<int(max={LARGEST_ID}):matter_id>", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.CORRECT_DECISIONS)
def matter(record_id: int, matter_id: int) -> ResponseReturnValue:
    """Notes the answer to it, or sets right what was wrong."""
    decision, _ = to_change(record_id, Permission.CORRECT_DECISIONS)
    stored = _stored(record_id, matter_id)
    form, title = MatterForm(), MATTER_LABELS[stored.matter.kind]
    now = matter_texts(stored.matter)
    if not form.is_submitted():
        form.put(now, stored.version)
        return _page(decision, form, title)
    if not form.validate():
        return _page(decision, form, title, 422)
    if form.version.data != stored.version:
        return _conflict(decision, form, stored, 409)
    differences = form.differences(now, request.form)
    if any(difference.error for difference in differences):
        return _conflict(decision, form, stored, 422)
    form.settle(differences, now)
    form.settling.data = ""
    changed = None if form.point_out() else form.matter()
    if changed is None:
        return _page(decision, form, title, 422)
    try:
        change_matter(record_id, stored, form.version.data, changed, decision.decided_on, clock.today())
    except StaleVersion:  # saved by somebody else just now
        db.session.rollback()
        return _conflict(decision, form, _stored(record_id, matter_id), 409)
    except MatterRefused as refused:
        return _refused(decision, form, title, refused)
    flash("Sparat.")
    return redirect(url_for("decisions.ivo", record_id=record_id), 303)


def _stored(record_id: int, matter_id: int) -> MatterRow:
    stored = find_matter(record_id, matter_id)
    if stored is None:
        abort(404)
    return stored


def _refused(decision: Decision, form: MatterForm, title: str, refused: MatterRefused) -> ResponseReturnValue:
    db.session.rollback()
    for violation in refused.violations:
        form.refuse(violation)
    return _page(decision, form, title, 422)


def _page(decision: Decision, form: MatterForm, title: str, status: int = 200) -> ResponseReturnValue:
    record_id, ref = decision.record_id, decision.ref
    note_shown(record_id)
    back = url_for("decisions.ivo", record_id=record_id)
    return render_template("decisions/ivo_matter.html", form=form, title=f"{title}, beslut {ref}", back=back), status


def _conflict(decision: Decision, form: MatterForm, stored: MatterRow, status: int) -> ResponseReturnValue:
    """Both sides of every field that differs. At 409 nothing has been chosen yet, whatever was sent."""
    record_id, ref, title = decision.record_id, decision.ref, MATTER_LABELS[stored.matter.kind]
    if status == 409:
        form.settling.data = ""
    differences = form.differences(matter_texts(stored.matter), request.form if status == 422 else {})
    form.ask_to_choose(stored.version)
    note_shown(record_id)
    return render_template(
        "records/conflict.html", form=form, title=f"{title}, beslut {ref}", differences=differences,
        back=url_for("decisions.ivo", record_id=record_id), latest=latest_change(record_id),
    ), status  # fmt: skip
