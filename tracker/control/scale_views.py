"""The page where a plan's scale and limits are set."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.control.scale_forms import ROWS, ScaleForm, filled_with, scale_form
from tracker.control.scaling import Measures, save_measures
from tracker.control.views import blueprint
from tracker.database import db
from tracker.records.scope import scope_of
from tracker.records.versions import StaleVersion
from tracker.records.yearly import FIRST_YEAR, LAST_YEAR
from tracker.risk.queries import Plan, find_plan, plan_of
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission
from tracker.rules.plan_changes import FieldChange
from tracker.rules.plan_workflow import PlanState, is_open
from tracker.rules.risk_scoring import GIVEN, PALETTE, SIZES, Scale, scale_changes
from tracker.web.access import requires
from tracker.web.typed import keeps_typed

LAST_YEARS = "forra"


@blueprint.route("/internkontroll/<int:year>/skala", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.MANAGE_CONTROL)
def scale(year: int) -> ResponseReturnValue:
    """The steps, levels and cells of the year's scale, and its limits; begun from a given scale when so asked."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        abort(404)
    if not current_user.reach(Permission.MANAGE_CONTROL).everything:
        abort(403)  # the plan is the whole committee's
    plan, last = plan_of(year), plan_of(year - 1)
    begun = _begun(plan, last)
    sent = request.form.get("size", "")
    steps = int(sent) if sent in {str(size) for size in SIZES} else begun.size
    found = find_plan(year)
    shown = filled_with(begun, plan.limits, found.version if found else 0)
    form = scale_form(steps)(data=shown if steps == begun.size else None)
    form.offer_levels()
    stale: list[FieldChange] | None = None
    if form.validate_on_submit():
        try:
            changed = _saved(form, year)
        except StaleVersion:
            db.session.rollback()
            stale = _differences(year, form)
        else:
            if changed is not None:
                flash("Skalan och gränserna är sparade." if changed else "Inget var ändrat.")
                return redirect(url_for("control.scale", year=year), 303)
    colours = {row: PALETTE[key].colour for row in ROWS if (key := form[f"colour_{row}"].data) in PALETTE}
    page = render_template(
        "control/scale.html", year=year, form=form, steps=list(range(1, steps + 1)), rows=ROWS, colours=colours,
        is_open=is_open(PlanState(plan.state)), given=SIZES, last=last, stale=stale, scale=plan.scale,
        offers_last=last.exists and last.scale != plan.scale, last_year=LAST_YEARS, begun=begun is not plan.scale,
    )  # fmt: skip
    if not form.is_submitted():
        return page
    return page, 422 if stale is None else 409


def _begun(plan: Plan, last: Plan) -> Scale:
    """The scale that the page begins with: the plan's own, a given one, or last year's."""
    asked = request.args.get("fran", "")
    if asked == LAST_YEARS and last.exists:
        return last.scale
    return GIVEN[int(asked)] if asked in {str(size) for size in SIZES} else plan.scale


def _saved(form: ScaleForm, year: int) -> bool | None:
    """Whether anything changed; None when it was refused, with the reason beside its field."""
    wanted = Measures(form.scale, form.limits, form.seen_version)
    try:
        return save_measures(year, wanted, scope_of(current_user, Permission.MANAGE_CONTROL))
    except RuleViolation as violation:
        form.refuse(violation)
    return None


def _differences(year: int, form: ScaleForm) -> list[FieldChange]:
    """What stands now that is not what was typed; the form is an answer to that from now on."""
    plan, now = plan_of(year), find_plan(year)
    form.version.data = now.version if now else 0
    stand, typed = plan.limits, form.limits
    pairs = (("God från", stand.good, typed.good), ("Godtagbar från", stand.acceptable, typed.acceptable))
    limits = [FieldChange(*pair) for pair in pairs if pair[1] != pair[2]]
    return [*scale_changes(plan.scale, form.scale), *limits]
