"""Pages where a failed control asks for something in another register, and where it is told what came of it."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import SelectChoice

from tracker import clock
from tracker.control.forms import AskForm, SettleForm
from tracker.control.queries import MomentRow, find_moment
from tracker.control.views import blueprint
from tracker.records.linking import ask, settle
from tracker.records.links import LINK_LABELS, find_link
from tracker.records.scope import scope_of, written_scope
from tracker.rules.errors import RuleViolation
from tracker.rules.following import LinkKind, check_words, offered
from tracker.rules.permissions import Permission
from tracker.web.access import requires
from tracker.web.pagination import LARGEST_ID
from tracker.web.typed import keeps_typed


@blueprint.route(f"/internkontroll/moment/<int(max={LARGEST_ID}):record_id>/foljd", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.MANAGE_CONTROL)
def ask_following(record_id: int) -> ResponseReturnValue:
    """Ask for an avvikelse or a new assessment of the risk after a control that failed."""
    found = find_moment(record_id, written_scope(current_user, Permission.MANAGE_CONTROL))
    if found is None:
        abort(404)
    moment, year = found
    kinds = offered(moment.graded.grade, has_risk=moment.risk_id is not None)
    form = AskForm()
    form.kind.choices = [SelectChoice(kind.value, LINK_LABELS[kind]) for kind in kinds]
    if kinds and form.validate_on_submit():
        try:
            _ask(moment, LinkKind(form.kind.data), form.words.data or "")
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash("Det är antecknat.")
            return redirect(url_for("control.moment", record_id=record_id), 303)
    page = render_template("control/ask.html", form=form, moment=moment, year=year, possible=bool(kinds))
    return page, 422 if form.is_submitted() else 200


def _ask(moment: MomentRow, kind: LinkKind, words: str) -> None:
    to_id = moment.risk_id if kind is LinkKind.ASSESSMENT else None
    ask(moment.record_id, kind, to_id, check_words(words, "words"), current_user.user_id, clock.now())


@blueprint.route(f"/internkontroll/foljd/<int(max={LARGEST_ID}):link_id>", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.MANAGE_CONTROL)
def settle_following(link_id: int) -> ResponseReturnValue:
    """Tell what came of what a failed control asked for."""
    found = find_link(link_id, scope_of(current_user, Permission.MANAGE_CONTROL))
    if found is None:
        abort(404)
    link, asked = found
    form = SettleForm()
    if form.validate_on_submit():
        try:
            settle(link_id, check_words(form.words.data or "", "words"), current_user.user_id, clock.now())
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash("Det är antecknat.")
            return redirect(url_for("control.moment", record_id=link.from_id), 303)
    page = render_template(
        "control/settle.html", form=form, link=link, asked=asked, label=LINK_LABELS[LinkKind(link.kind)]
    )
    return page, 422 if form.is_submitted() else 200
