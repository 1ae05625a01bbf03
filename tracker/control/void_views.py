"""The page on which a risk is voided."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker import clock
from tracker.control.voiding import void_risk
from tracker.database import db
from tracker.records.forms import ChangeForm
from tracker.records.grants import visible_record
from tracker.records.models import Record
from tracker.records.scope import Scope, scope_of
from tracker.records.versions import StaleVersion
from tracker.risk.queries import RiskRow, find_risk, plan_of
from tracker.risk.views import blueprint
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission
from tracker.rules.plan_workflow import PlanState, is_open
from tracker.web.access import requires
from tracker.web.pagination import LARGEST_ID
from tracker.web.typed import keeps_typed

STALE = (
    "Någon annan har ändrat risken sedan du öppnade sidan. Kontrollera hur den står nu och skicka igen om den "
    "fortfarande ska makuleras."
)


@blueprint.route(f"/risker/<int(max={LARGEST_ID}):record_id>/makulera", methods=["GET", "POST"], endpoint="void_risk")
@keeps_typed
@requires(Permission.MANAGE_CONTROL)
def void_page(record_id: int) -> ResponseReturnValue:
    """The last step before a risk is taken out of everything: says what happens, asks why."""
    scope = scope_of(current_user, Permission.MANAGE_CONTROL)
    (row, year), record = _found(record_id, scope)
    form, status = ChangeForm(), 200
    if form.is_submitted():
        status = 422
        if form.validate() and not form.point_out():
            try:
                void_risk(record_id, form.version.data, form.reason.data, scope, clock.now())
            except RuleViolation as violation:
                form.refuse(violation)
            except StaleVersion:
                db.session.rollback()
                (row, year), record = _found(record_id, scope)
                form.form_errors.append(STALE)
                form.see(record.version)
                status = 409
            else:
                flash(f"Risken {row.ref} är makulerad.")
                return redirect(url_for("risk.register", ar=year), 303)
    elif not form.restored:
        form.see(record.version)
    page = render_template(
        "risk/void.html", form=form, risk=row, year=year, is_open=is_open(PlanState(plan_of(year).state))
    )
    return page, status


def _found(record_id: int, scope: Scope) -> tuple[tuple[RiskRow, int], Record]:
    found, record = find_risk(record_id, scope), visible_record(record_id, scope)
    if found is None or record is None:
        abort(404)
    return found, record
