"""Pages of the plan's way to the committee: where it stands, each step, its versions side by side."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker import clock
from tracker.accounts.queries import user_names
from tracker.activity.queries import ActivityRow, list_activities
from tracker.control.forms import StepForm
from tracker.control.plan_pages import BY_SLUG, DECIDED, STEP_LABELS, differences
from tracker.control.plan_queries import find_version, list_events, list_versions, standing_of
from tracker.control.services import Wish, step_plan
from tracker.control.views import blueprint
from tracker.records.scope import Scope, scope_of
from tracker.records.yearly import FIRST_YEAR, LAST_YEAR
from tracker.risk.models import ControlPlan
from tracker.risk.pages import STATE_LABELS
from tracker.risk.queries import find_plan, list_years, scale_read
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission
from tracker.rules.plan_workflow import TABLE, PlanStep, keeps_reason, lacking, possible_steps
from tracker.web.access import requires
from tracker.web.typed import keeps_typed

PLAN = "/internkontroll/<int:year>/plan"
PREPARED_BY, DECIDED_BY = "control.take_step", "control.enter_decision"


@blueprint.get(PLAN)
@requires(Permission.READ_CONTROL, Permission.DECIDE_PLAN)
def plan(year: int) -> ResponseReturnValue:
    """Where the plan stands, what can be done next, its versions and its history."""
    found = _plan(year)
    events = list_events(year)
    days = [clock.day_of(event.at) for event in events]
    steps = [
        (STEP_LABELS[step], _endpoint(step)) for step in possible_steps(standing_of(found, _scope())) if _may(step)
    ]
    return render_template(
        "control/plan.html", plan=found, state=STATE_LABELS[found.state], steps=steps, versions=list_versions(year),
        years=list_years(),
        decided=DECIDED, names=user_names({event.by for event in events if event.by}),
        events=[(event, STEP_LABELS[PlanStep(event.step)], day) for event, day in zip(events, days, strict=True)],
        reads=current_user.allows(Permission.READ_CONTROL),
    )  # fmt: skip


@blueprint.route(f"{PLAN}/steg/<slug>", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.MANAGE_CONTROL)
def take_step(year: int, slug: str) -> ResponseReturnValue:
    """A step that whoever keeps the plan takes."""
    return _step(year, slug, Permission.MANAGE_CONTROL)


@blueprint.route(f"{PLAN}/beslut/<slug>", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.DECIDE_PLAN)
def enter_decision(year: int, slug: str) -> ResponseReturnValue:
    """What the committee decided: its day, paragraph and diarienummer."""
    return _step(year, slug, Permission.DECIDE_PLAN)


@blueprint.get(f"{PLAN}/version/<int(max=99999):number>")
@requires(Permission.READ_CONTROL, Permission.DECIDE_PLAN)
def version(year: int, number: int) -> ResponseReturnValue:
    """A version as it was proposed, beside another one."""
    found, scope = _plan(year), _scope()
    part = find_version(found.year, number, scope)
    if part is None:
        abort(404)
    versions = list_versions(year)
    given = request.args.get("mot", "")
    other = int(given) if given.isascii() and given.isdigit() and len(given) < 6 else None
    beside = find_version(year, other, scope) if other is not None and other != number else None
    return render_template(
        "control/version.html", plan=found, part=part, decided=DECIDED, scale=scale_read(part.content["scale"]),
        others=[row for row in versions if row.number != number], beside=beside,
        differing=differences(beside.content, part.content) if beside else None,
    )  # fmt: skip


def _step(year: int, slug: str, permission: Permission) -> ResponseReturnValue:
    found, step = _plan(year), BY_SLUG.get(slug)
    if step is None or TABLE[step].permission is not permission:
        abort(404)
    if not _may(step):
        abort(403)
    form = StepForm(data={"version": found.version})
    if form.validate_on_submit():
        wish = Wish(step, form.seen_version, form.decision, form.reason.data or "")
        try:
            step_plan(year, wish, current_user.user_id, clock.today(), clock.now(), _scope())
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(f"{STEP_LABELS[step].done}.")
            return redirect(url_for("control.plan", year=year), 303)
    standing = standing_of(found, _scope())
    possible = step in possible_steps(standing)
    page = render_template(
        "control/step.html", plan=found, form=form, words=STEP_LABELS[step], row=TABLE[step], possible=possible,
        state=STATE_LABELS[found.state],
        asks_why=form.reason.errors or form.reason.data or keeps_reason(step, standing, form.decision),
        lacking=lacking(standing) if step is PlanStep.FOLLOW_UP and not form.errors else "",
        unreported=_unreported(year) if step is PlanStep.FOLLOW_UP else [],
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200


def _unreported(year: int) -> list[ActivityRow]:
    """The activities of which the follow-up cannot tell what came, as far as the reader sees them."""
    return [row for row in list_activities(year, _scope(), clock.today()) if row.unreported]


def _plan(year: int) -> ControlPlan:
    found = find_plan(year) if FIRST_YEAR <= year <= LAST_YEAR else None
    if found is None:
        abort(404)
    return found


def _may(step: PlanStep) -> bool:
    """The plan is the whole committee's: its steps are taken by roles that are held at the top."""
    return bool(current_user.reach(TABLE[step].permission).everything)


def _endpoint(step: PlanStep) -> str:
    return DECIDED_BY if TABLE[step].permission is Permission.DECIDE_PLAN else PREPARED_BY


def _scope() -> Scope:
    reads = current_user.allows(Permission.READ_CONTROL)
    return scope_of(current_user, Permission.READ_CONTROL if reads else Permission.DECIDE_PLAN)
