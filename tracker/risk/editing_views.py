"""Pages where a risk is written: a new one, and one that is there."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker import clock
from tracker.exchange.errors import ImportRefused
from tracker.records.grants import visible_record
from tracker.records.scope import scope_of
from tracker.records.versions import StaleVersion
from tracker.records.yearly import FIRST_YEAR, LAST_YEAR, importer_of
from tracker.risk.forms import RiskForm, filled_with
from tracker.risk.queries import Plan, RiskRow, find_risk, plan_of
from tracker.risk.services import save_risk
from tracker.risk.views import blueprint
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission
from tracker.rules.plan_workflow import PlanState, is_open
from tracker.web.access import requires
from tracker.web.pagination import LARGEST_ID
from tracker.web.typed import keeps_typed

STALE = (
    "Någon annan har ändrat risken sedan du öppnade sidan. Så här står den nu: {risk}. "
    "Spara igen om din text ska gälla."
)


def year_asked_for() -> int:
    """The year in the address, else this one; one that cannot have a plan is not found."""
    given = request.args.get("ar", "")
    year = int(given) if given.isascii() and given.isdigit() and len(given) == 4 else clock.today().year
    if not FIRST_YEAR <= year <= LAST_YEAR:
        abort(404)
    return year


@blueprint.route("/risker/ny", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.MANAGE_CONTROL)
def new_risk() -> ResponseReturnValue:
    """Write a new risk."""
    year = year_asked_for()
    form, plan = RiskForm(), plan_of(year)
    form.on_scale(plan.scale)
    if form.validate_on_submit():
        saved = _saved(form, year, form.ref.data, None)
        if saved is not None:
            flash(f"Risken {form.ref.data} är sparad.")
            return redirect(url_for("risk.risk", record_id=saved), 303)
    return _page(form, plan, None)


@blueprint.route(f"/risker/<int(max={LARGEST_ID}):record_id>/andra", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.MANAGE_CONTROL)
def change_risk(record_id: int) -> ResponseReturnValue:
    """Change a risk that is there."""
    scope = scope_of(current_user, Permission.MANAGE_CONTROL)
    found, record = find_risk(record_id, scope), visible_record(record_id, scope)
    if found is None or record is None:
        abort(404)
    risk, year = found
    form, plan = RiskForm(data=filled_with(risk, record.version)), plan_of(year)
    form.on_scale(plan.scale)
    if request.method == "POST":
        form.ref.data = risk.ref  # what a risk is known by from year to year is not changed
    if form.validate_on_submit():
        try:
            saved = _saved(form, year, risk.ref, (record_id, form.seen_version))
        except StaleVersion:
            form.form_errors.append(STALE.format(risk=risk.text))
            form.version.data = record.version
        else:
            if saved is not None:
                flash("Risken är ändrad.")
                return redirect(url_for("risk.risk", record_id=record_id), 303)
    return _page(form, plan, risk)


def _saved(form: RiskForm, year: int, ref: str, known: tuple[int, int] | None) -> int | None:
    """The record that was saved; None when it was refused, with the reasons beside the fields."""
    try:
        return save_risk(year, ref, form.said, known, importer_of(current_user, Permission.MANAGE_CONTROL), clock.now())
    except RuleViolation as violation:
        form.refuse(violation)
    except ImportRefused as refused:
        form.refuse_cells(refused)
    return None


def _page(form: RiskForm, plan: Plan, risk: RiskRow | None) -> ResponseReturnValue:
    page = render_template(
        "risk/edit.html", form=form, risk=risk, year=plan.year, is_open=is_open(PlanState(plan.state))
    )
    return page, 422 if form.is_submitted() else 200
