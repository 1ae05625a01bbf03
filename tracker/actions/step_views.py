"""Pages of what is done with an action once it is decided: handed over, given another last day, voided."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker import clock
from tracker.actions.escalation import list_escalated_to
from tracker.actions.owners import find_owner, list_owners
from tracker.actions.pages import action_lines
from tracker.actions.step_forms import HandOverForm, NewDayForm
from tracker.actions.steps import give_day, hand_over, void_action
from tracker.actions.times import times
from tracker.actions.views import ONE, action_page, blueprint, found_action, is_mine, manages_action, saved
from tracker.records.forms import VoidForm
from tracker.rules.permissions import Permission
from tracker.web.access import requires
from tracker.web.typed import keeps_typed


@blueprint.route(f"{ONE}/overlat", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.CARRY_OUT_ACTIONS)
def hand_on(record_id: int) -> ResponseReturnValue:
    """Hand an action over to somebody else, with a word to them: who is responsible, or who manages it."""
    row, version = found_action(record_id)
    manages = manages_action(record_id)
    if not (is_mine(row) or manages):
        abort(403)
    owners = [owner for owner in list_owners(clock.today()) if owner.user_id != row.responsible_id]
    form = HandOverForm(owners, data={"version": version})
    if form.validate_on_submit():
        to = find_owner(int(form.till.data), owners)
        if to and saved(form, row, version, lambda seen: hand_over(record_id, seen, to, form.ord.data)):
            flash(f"Åtgärden är överlämnad till {to.name}.")
            kept = manages or to.user_id == current_user.user_id
            page = url_for("actions.action", record_id=record_id) if kept else url_for("actions.register")
            return redirect(page, 303)
    return action_page("actions/hand_over.html", form, row)


@blueprint.route(f"{ONE}/ny-dag", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.MANAGE_ACTIONS)
def new_day(record_id: int) -> ResponseReturnValue:
    """Give an action another last day, and say why."""
    row, version = found_action(record_id, Permission.MANAGE_ACTIONS)
    form = NewDayForm(data={"version": version})
    if form.validate_on_submit():
        today = clock.today()
        if saved(form, row, version, lambda seen: give_day(record_id, seen, form.day, form.reason.data, today)):
            flash(f"Åtgärden ska nu vara klar senast {form.day}.")
            return redirect(url_for("actions.action", record_id=record_id), 303)
    return action_page("actions/new_day.html", form, row)


@blueprint.route(f"{ONE}/makulera", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.MANAGE_ACTIONS)
def void(record_id: int) -> ResponseReturnValue:
    """Take an action out of lists and figures for good, with a reason."""
    row, version = found_action(record_id, Permission.MANAGE_ACTIONS)
    form = VoidForm(data={"version": version})
    if form.validate_on_submit():
        now = clock.now()
        if saved(form, row, version, lambda seen: void_action(record_id, seen, form.reason.data, now)):
            flash(f"Åtgärden {row.ref} är makulerad.")
            return redirect(url_for("actions.register"), 303)
    return action_page("actions/void.html", form, row)


@blueprint.get("/atgarder/eskalerade")
@requires(Permission.MANAGE_ACTIONS)
def escalated() -> ResponseReturnValue:
    """The late actions that have gone to the reader as the next manager, those longest late first."""
    today = clock.today()
    found = list_escalated_to(current_user.user_id, today)
    lines = action_lines(found.rows, today)
    return render_template("actions/escalated.html", lines=lines, count=found.total, after=times.escalation_days)
