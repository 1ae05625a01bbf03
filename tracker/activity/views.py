"""Pages of activities: a year's, a new one, one that is changed, told of or voided."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker import clock
from tracker.activity.forms import PlanningForm, ProgressForm, planned_with, progressed_with
from tracker.activity.pages import activity_lines, mark_of
from tracker.activity.queries import (
    ActivityRow,
    find_activity,
    find_pointed,
    list_activities,
    list_of_risk,
    next_ref,
)
from tracker.activity.services import save_activity, void_activity
from tracker.activity.words import STATUS_LABELS
from tracker.database import db
from tracker.exchange.errors import ImportRefused
from tracker.records.forms import VoidForm
from tracker.records.grants import granted_to, visible_record
from tracker.records.models import RecordKind
from tracker.records.scope import scope_of
from tracker.records.versions import StaleVersion
from tracker.records.yearly import FIRST_YEAR, LAST_YEAR, Importer
from tracker.risk.queries import Plan, list_years, plan_of
from tracker.rules.activities import check_plannable, check_reportable, check_voidable
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission
from tracker.rules.plan_workflow import PlanState
from tracker.web.access import requires
from tracker.web.pagination import LARGEST_ID
from tracker.web.typed import keeps_typed

blueprint = Blueprint("activity", __name__)
YEAR = "/internkontroll/<int:year>/aktiviteter"
ONE = f"/internkontroll/aktivitet/<int(max={LARGEST_ID}):record_id>"
STALE = (
    "Någon annan har ändrat aktiviteten sedan du öppnade sidan. Så här står den nu: {now}. "
    "Spara igen om det du skrev ska gälla."
)


@blueprint.get(YEAR)
@requires(Permission.READ_CONTROL)
def activities(year: int) -> ResponseReturnValue:
    """The activities of a year: status, analysis, and which are late."""
    _check_year(year)
    rows = list_activities(year, scope_of(current_user, Permission.READ_CONTROL), clock.today())
    return render_template(
        "activity/list.html", year=year, years=list_years(), lines=activity_lines(rows),
        late=sum(row.late for row in rows), may_add=may_add(year),
    )  # fmt: skip


@blueprint.route(f"{YEAR}/ny", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.MANAGE_CONTROL)
def new(year: int) -> ResponseReturnValue:
    """Write a new activity; `?risk=` and `?moment=` say what it is about."""
    _check_year(year)
    form = PlanningForm(data={"ref": next_ref(year)} | _pointed(year))
    if form.validate_on_submit():
        saved = _save(form, year, form.ref.data, None, None)
        if saved is not None:
            flash(f"Aktiviteten {form.ref.data} är sparad.")
            return redirect(url_for("activity.activity", record_id=saved), 303)
    page = render_template(
        "activity/plan.html", form=form, row=None, year=year, possible=_allows(year, check_reportable)
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.get(ONE)
@requires(Permission.READ_CONTROL)
def activity(record_id: int) -> ResponseReturnValue:
    """One activity: what is to be done, how far it has come, and what came of it."""
    row, _ = _found(record_id, Permission.READ_CONTROL)
    seen = {one: _sees(record_id, one) for one in (Permission.MANAGE_CONTROL, Permission.CARRY_OUT_CONTROL)}
    return render_template(
        "activity/activity.html", row=row, mark=mark_of(row),
        may_plan=seen[Permission.MANAGE_CONTROL] and _plannable(row),
        may_report=seen[Permission.CARRY_OUT_CONTROL] and _allows(row.year, check_reportable),
        may_void=seen[Permission.MANAGE_CONTROL] and _allows(row.year, check_voidable),
    )  # fmt: skip


@blueprint.route(f"{ONE}/andra", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.MANAGE_CONTROL)
def change(record_id: int) -> ResponseReturnValue:
    """Change what an activity is."""
    row, version = _found(record_id, Permission.MANAGE_CONTROL)
    form = PlanningForm(data=planned_with(row, version))
    if request.method == "POST":
        form.ref.data = row.ref  # what an activity is known by is not changed
    return _changing(form, row, version, _plannable(row), "Aktiviteten är ändrad.")


@blueprint.route(f"{ONE}/status", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.CARRY_OUT_CONTROL)
def progress(record_id: int) -> ResponseReturnValue:
    """Tell how far an activity has come, and what came of it."""
    row, version = _found(record_id, Permission.CARRY_OUT_CONTROL)
    form = ProgressForm(data=progressed_with(row, version))
    return _changing(form, row, version, _allows(row.year, check_reportable), "Status och analys är sparade.")


@blueprint.route(f"{ONE}/makulera", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.MANAGE_CONTROL)
def void(record_id: int) -> ResponseReturnValue:
    """Take an activity out of the plan for good, with a reason."""
    row, version = _found(record_id, Permission.MANAGE_CONTROL)
    form = VoidForm(data={"version": version})
    if form.validate_on_submit():
        try:
            void_activity(record_id, form.seen_version, form.reason.data, clock.now())
        except RuleViolation as violation:
            form.refuse(violation)
        except StaleVersion:
            _told_stale(form, row, version)
        else:
            flash(f"Aktiviteten {row.ref} är makulerad.")
            return redirect(url_for("activity.activities", year=row.year), 303)
    page = render_template("activity/void.html", form=form, row=row, possible=_allows(row.year, check_voidable))
    return page, 422 if form.is_submitted() else 200


def may_add(year: int, plan: Plan | None = None) -> bool:
    """Whether the reader may decide of a new activity in a year; `plan`: the year's, where it is at hand."""
    return bool(current_user.allows(Permission.MANAGE_CONTROL)) and _allows(year, check_reportable, plan)


def of_risk(risk_id: int) -> list[object]:
    """The activities of a risk with their marks, as the reader of a page may see them; for the risk's own page."""
    rows = list_of_risk(risk_id, scope_of(current_user, Permission.READ_CONTROL), clock.today())
    return list(activity_lines(rows))


def _changing(
    form: PlanningForm | ProgressForm, row: ActivityRow, version: int, possible: bool, done: str
) -> ResponseReturnValue:
    """The page of a form of an activity that is there, or what comes of sending it."""
    if form.validate_on_submit() and _save(form, row.year, row.ref, row, version) is not None:
        flash(done)
        return redirect(url_for("activity.activity", record_id=row.record_id), 303)
    template = "activity/plan.html" if isinstance(form, PlanningForm) else "activity/progress.html"
    page = render_template(template, form=form, row=row, year=row.year, possible=possible)
    return page, 422 if form.is_submitted() else 200


def _save(
    form: PlanningForm | ProgressForm, year: int, ref: str, row: ActivityRow | None, stands: int | None
) -> int | None:
    """The record that was saved; None when it was refused, with the reasons beside the fields. `stands`: the version
    that the record has now.
    """
    permission = Permission.MANAGE_CONTROL if isinstance(form, PlanningForm) else Permission.CARRY_OUT_CONTROL
    home = current_user.home_unit(permission)
    importer = Importer(home.unit_id, current_user.reach(permission), granted_to(current_user.user_id))
    known = (row.record_id, form.seen_version) if row else None
    try:
        return save_activity(year, ref, form.said(row), known, importer, clock.today(), clock.now())
    except RuleViolation as violation:
        form.refuse(violation)
    except ImportRefused as refused:
        form.refuse_cells(refused)
    except StaleVersion:
        if row is not None and stands is not None:
            _told_stale(form, row, stands)
    return None


def _told_stale(form: PlanningForm | ProgressForm | VoidForm, row: ActivityRow, stands: int) -> None:
    """Says what stands now; the form is an answer to that from now on."""
    db.session.rollback()
    now = f"{STATUS_LABELS[row.status].lower()}; {row.text}"
    if row.analysis:
        now = f"{now}; {row.analysis}"
    form.form_errors.append(STALE.format(now=now))
    form.version.data = stands


def _found(record_id: int, permission: Permission) -> tuple[ActivityRow, int]:
    """The activity and its version; 404 when there is none or the reader may not see it."""
    scope = scope_of(current_user, permission)
    row, record = find_activity(record_id, scope, clock.today()), visible_record(record_id, scope)
    if row is None or record is None:
        abort(404)
    return row, record.version


def _sees(record_id: int, permission: Permission) -> bool:
    return find_activity(record_id, scope_of(current_user, permission), clock.today()) is not None


def _plannable(row: ActivityRow) -> bool:
    return _allows(row.year, lambda state: check_plannable(state, in_plan=row.in_plan))


def _allows(year: int, check: Callable[[PlanState], None], plan: Plan | None = None) -> bool:
    """Whether the year's plan lets it be done; what refuses says so again as it is saved."""
    try:
        check(PlanState((plan or plan_of(year)).state))
    except RuleViolation:
        return False
    return True


def _pointed(year: int) -> dict[str, object]:
    """What the address says that a new activity is about, where the reader sees it and it is of the year."""
    scope = scope_of(current_user, Permission.MANAGE_CONTROL)
    found: dict[str, object] = {}
    for parameter, field, kind in (("risk", "risk", RecordKind.RISK), ("moment", "kontroll", RecordKind.CONTROL)):
        given = request.args.get(parameter, "")
        if given.isascii() and given.isdigit() and len(given) < 10:
            pointed = find_pointed(int(given), kind, scope)
            if pointed is not None and pointed[0] == year:
                found[field] = pointed[1]
    return found


def _check_year(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        abort(404)
