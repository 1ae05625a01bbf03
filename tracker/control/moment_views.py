"""Pages where a kontrollmoment is written: a new one, one that is there, and one that is voided."""

from typing import NamedTuple

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker import clock
from tracker.control.models import ControlMoment
from tracker.control.moment_forms import MOST_CHOICES, MomentForm, filled_with, moment_form
from tracker.control.moment_services import save_moment
from tracker.control.queries import find_moment, get_moment, list_samples, moments_of_risk
from tracker.control.views import blueprint
from tracker.control.voiding import void_moment
from tracker.exchange.errors import ImportRefused
from tracker.records.forms import VoidForm
from tracker.records.grants import visible_record
from tracker.records.scope import Scope, scope_of, written_scope
from tracker.records.versions import StaleVersion
from tracker.records.yearly import FIRST_YEAR, LAST_YEAR, importer_of
from tracker.risk.queries import list_risks, plan_of
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission
from tracker.rules.plan_workflow import PlanState, is_open
from tracker.web.access import requires
from tracker.web.pagination import LARGEST_ID
from tracker.web.typed import keeps_typed

STALE = (
    "Någon annan har ändrat kontrollmomentet sedan du öppnade sidan. Så här står det nu: {name}. "
    "Spara igen om din text ska gälla."
)
STALE_VOID = (
    "Någon annan har ändrat kontrollmomentet sedan du öppnade sidan. Läs det igen, och makulera om det ska bort."
)
MOMENT = f"/internkontroll/moment/<int(max={LARGEST_ID}):record_id>"


class Opened(NamedTuple):
    """A kontrollmoment as somebody who may write it meets it: its row, the ref of its risk, the record's version."""

    moment: ControlMoment
    risk_ref: str | None
    version: int


@blueprint.route("/internkontroll/<int:year>/moment/nytt", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.MANAGE_CONTROL)
def new_moment(year: int) -> ResponseReturnValue:
    """Write a new kontrollmoment."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        abort(404)
    form = moment_form(_risks(year), {"risk_ref": request.args.get("risk", "")})
    if form.validate_on_submit():
        saved = _saved(form, year, form.ref.data, None)
        if saved is not None:
            flash(f"Kontrollmomentet {form.ref.data} är sparat.")
            return redirect(url_for("control.moment", record_id=saved), 303)
    return _page(form, year, None)


@blueprint.route(f"{MOMENT}/andra", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.MANAGE_CONTROL)
def change_moment(record_id: int) -> ResponseReturnValue:
    """Change a kontrollmoment that is there."""
    found = opened(record_id)
    moment = found.moment
    form = moment_form(_risks(moment.year), filled_with(moment, found.risk_ref, found.version))
    if request.method == "POST":
        form.ref.data = moment.ref  # what it is known by from year to year is not changed
    if form.validate_on_submit():
        try:
            form.keeps_risk = moment.risk_id is not None and found.risk_ref is None
            saved = _saved(form, moment.year, moment.ref, (record_id, form.seen_version))
        except StaleVersion:
            form.form_errors.append(STALE.format(name=moment.name))
            form.version.data = found.version
        else:
            if saved is not None:
                flash("Kontrollmomentet är ändrat.")
                return redirect(url_for("control.moment", record_id=record_id), 303)
    return _page(form, moment.year, moment)


@blueprint.route(f"{MOMENT}/makulera", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.MANAGE_CONTROL)
def void(record_id: int) -> ResponseReturnValue:
    """Take a kontrollmoment that should not be there out of the plan; says what happens, asks why."""
    moment, _, version = opened(record_id)
    form = VoidForm(data={"version": version})
    if form.validate_on_submit():
        try:
            scope = scope_of(current_user, Permission.MANAGE_CONTROL)
            void_moment(moment, form.seen_version, form.reason.data, scope, clock.now())
        except StaleVersion:
            form.form_errors.append(STALE_VOID)
            form.version.data = version
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(f"Kontrollmomentet {moment.ref} är makulerat.")
            return redirect(url_for("control.year", year=moment.year), 303)
    page = render_template(
        "control/void_moment.html", form=form, moment=moment, is_open=is_open(PlanState(plan_of(moment.year).state)),
        has_samples=bool(list_samples(record_id)),
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200


@blueprint.app_template_global("moments_of_risk")
def of_risk(risk_id: int) -> list[tuple[int, str, str]]:
    """(record, ref, name) of the kontrollmoment against a risk that the reader may see, for the risk's own page."""
    return moments_of_risk(risk_id, scope_of(current_user, Permission.READ_CONTROL))


def opened(record_id: int) -> Opened:
    """The kontrollmoment that somebody is to write; aborts when they may not."""
    scope = _scope()
    found, row, record = find_moment(record_id, scope), get_moment(record_id, scope), visible_record(record_id, scope)
    if found is None or row is None or record is None:
        abort(404)
    return Opened(row, found[0].risk_ref, record.version)


def _saved(form: MomentForm, year: int, ref: str, known: tuple[int, int] | None) -> int | None:
    """The record that was saved; None when it was refused, with the reasons beside the fields."""
    importer = importer_of(current_user, Permission.MANAGE_CONTROL)
    try:
        return save_moment(year, ref, form.said, known, importer, clock.now(), same_is_meant=bool(form.samma.data))
    except RuleViolation as violation:
        form.asks_about_same = violation.code == "same_party"
        form.refuse(violation)
    except ImportRefused as refused:
        form.refuse_cells(refused)
    return None


def _risks(year: int) -> list[tuple[str, str]]:
    return [(risk.ref, risk.text) for risk in list_risks(year, _scope(), MOST_CHOICES + 1)]


def _scope() -> Scope:
    return written_scope(current_user, Permission.MANAGE_CONTROL)


def _page(form: MomentForm, year: int, moment: ControlMoment | None) -> ResponseReturnValue:
    page = render_template(
        "control/edit_moment.html", form=form, moment=moment, year=year,
        is_open=is_open(PlanState(plan_of(year).state)), asks_about_same=form.asks_about_same or form.samma.data,
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200
