"""Pages of the internal control plan: the year, and one kontrollmoment."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker import clock
from tracker.accounts.queries import user_names
from tracker.activity.pages import activity_lines
from tracker.activity.queries import list_activities, list_of_moment
from tracker.activity.views import may_add
from tracker.control.occasions import late_occasions, occasions_of_moment
from tracker.control.pages import FREQUENCY_LABELS, MARKS, OCCASION_MARKS, moment_line, same_party
from tracker.control.queries import (
    find_moment,
    find_override,
    get_moment,
    list_failed_criteria,
    list_moments,
    list_samples,
    list_standings,
)
from tracker.labels import SAMPLE_STATE_LABELS
from tracker.records.links import LINK_LABELS, list_links_from
from tracker.records.scope import Scope, scope_of, written_scope
from tracker.records.yearly import FIRST_YEAR, LAST_YEAR
from tracker.risk.pages import STATE_LABELS, matrix_lines
from tracker.risk.queries import list_plans, list_years, matrix_of, plan_among, plan_of, year_at_hand
from tracker.rules.control_grading import Grade, count_grades, outcome_of, sentence
from tracker.rules.control_occasions import read_frequency
from tracker.rules.permissions import Permission
from tracker.rules.plan_workflow import PlanState, is_open, results_are_open
from tracker.web.access import requires
from tracker.web.navigation import MenuItem
from tracker.web.pagination import LARGEST_ID, first_of

blueprint = Blueprint("control", __name__)
MOST_LATE, MOMENTS_SHOWN = 10, 20
MENU = (
    MenuItem(
        "Intern kontroll",
        "/internkontroll",
        "control",
        frozenset({Permission.READ_CONTROL, Permission.DECIDE_PLAN}),
        frozenset({"activity", "stickprov"}),
    ),
)


@blueprint.get("/internkontroll")
@requires(Permission.READ_CONTROL, Permission.DECIDE_PLAN)
def latest() -> ResponseReturnValue:
    """The year that is at hand, else this one; to whoever enters the committee's decisions, its plan alone."""
    years = list_years()
    at_hand = year_at_hand(years, clock.today())
    if not current_user.allows(Permission.READ_CONTROL):
        if not years:
            flash("Det finns ingen internkontrollplan än.")
        return redirect(url_for("control.plan", year=at_hand) if years else "/", 303)
    return redirect(url_for("control.year", year=at_hand), 303)


@blueprint.get("/internkontroll/<int:year>")
@requires(Permission.READ_CONTROL)
def year(year: int) -> ResponseReturnValue:
    """The year on one page: how the kontrollmoment came out, and the risks behind them."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        abort(404)
    scope, plans = _scope(), list_plans()
    plan = plan_among(plans, year)
    standings = list_standings(year, scope, plan.limits)
    first = first_of(request.args.get("fran"), len(standings))
    moments = list_moments(year, scope, [one.ref for one in standings[first - 1 : first - 1 + MOMENTS_SHOWN]])
    grades = count_grades(one.graded.grade for one in standings)
    headline, rest = sentence(grades)
    waited = standings if results_are_open(PlanState(plan.state)) else []
    late, late_in_all = late_occasions(year, waited, clock.today(), MOST_LATE)
    counts = matrix_of(year, plan.scale.size, scope)

    def in_register(likelihood: int, consequence: int) -> str:
        return f"/risker?ar={year}&sannolikhet={likelihood}&konsekvens={consequence}"

    return render_template(
        "control/year.html", year=year, plan=plan, scale=plan.scale, state=STATE_LABELS[plan.state], headline=headline,
        rest=rest, lines=[moment_line(moment) for moment in moments], risks=sum(map(sum, counts)),
        matrix=matrix_lines(plan, counts, in_register), years=list(plans), first=first, moments=len(standings),
        step=MOMENTS_SHOWN,
        late=late, late_in_all=late_in_all, criteria=list_failed_criteria(year, scope),
        may_write=current_user.allows(Permission.MANAGE_CONTROL) and is_open(PlanState(plan.state)),
        activities=activity_lines(list_activities(year, scope, clock.today())), may_add_activity=may_add(year, plan),
        may_scale=current_user.reach(Permission.MANAGE_CONTROL).everything,
    )  # fmt: skip


@blueprint.get(f"/internkontroll/moment/<int(max={LARGEST_ID}):record_id>")
@requires(Permission.READ_CONTROL)
def moment(record_id: int) -> ResponseReturnValue:
    """One kontrollmoment: what it is, its stickprov, and how it came out over the years."""
    found = find_moment(record_id, _scope())
    written = get_moment(record_id, _scope())
    if found is None or written is None:
        abort(404)
    row, year = found
    writes = get_moment(record_id, written_scope(current_user, Permission.MANAGE_CONTROL)) is not None
    state, override = PlanState(plan_of(year).state), find_override(record_id)
    told = list_samples(record_id)
    samples = [(sample, outcome_of(sample.selected, sample.dropouts, sample.deviations)) for sample in told]
    occasions = occasions_of_moment(written, told, clock.today())
    return render_template(
        "control/moment.html", moment=row, year=year, line=moment_line(row), samples=samples, not_done=Grade.NOT_DONE,
        marks=MARKS, state_labels=SAMPLE_STATE_LABELS, links=list_links_from(record_id, _scope()),
        link_labels=LINK_LABELS, failed=row.graded.grade is Grade.FAILED,
        may_manage=writes,
        written=written, same_party=same_party(written),
        occasions=occasions, occasion_marks=OCCASION_MARKS, frequencies=FREQUENCY_LABELS,
        frequency=read_frequency(written.frequency),
        may_write=writes and is_open(state), may_result=writes and results_are_open(state), override=override,
        override_on=clock.day_of(override.at) if override else None,
        override_by=user_names({override.by})[override.by] if override else "",
        activities=activity_lines(list_of_moment(record_id, _scope(), clock.today())), may_add_activity=may_add(year),
        may_draw=get_moment(record_id, scope_of(current_user, Permission.CARRY_OUT_CONTROL)) is not None,
    )  # fmt: skip


def _scope() -> Scope:
    return scope_of(current_user, Permission.READ_CONTROL)
