"""The pages on which whoever prepares a quarter asks everybody concerned to look over clocks, and sees who has."""

from datetime import timedelta

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import IntegerField
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from tracker import clock
from tracker.clock import STOCKHOLM
from tracker.database import db
from tracker.decisions import round_services
from tracker.decisions.rounds import RoundSummary, earlier_rounds, latest_round
from tracker.records.versions import StaleVersion
from tracker.reports.blueprint import blueprint, quarter_or_404
from tracker.reports.closing import period_of
from tracker.reports.place import place_of
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission
from tracker.rules.quarters import Quarter
from tracker.web.access import requires
from tracker.web.forms import DayField, Form, required
from tracker.web.typed import keeps_typed

PREPARE = Permission.PREPARE_QUARTER
ADDRESS = "/rapporter/kvartal/<int:year>/<int:number>/uppdatering"
DAYS_TO_ANSWER = 14
STALE = "Någon annan har ändrat omgången medan sidan var öppen. Se hur det står nu."


class AskForm(Form):
    """A new round; `seen`: the number of the quarter's latest round when the page was opened."""

    avstamning = DayField(
        "Avstämningsdatum",
        [required("Skriv dagen som 2026-03-31.")],
        description="Klockor som står i rapporten den dagen, och alla som har väntat över tre månader.",
    )
    last_day = DayField("Sista dag att svara", [required("Skriv dagen som 2026-04-15.")])
    seen = IntegerField(widget=HiddenInput(), validators=[InputRequired("Ladda om sidan och försök igen.")])


class RoundForm(Form):
    """A step of a round, on the version of it that was seen."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired("Ladda om sidan och försök igen.")])


@blueprint.route(ADDRESS, methods=["GET", "POST"])
@keeps_typed
@requires(PREPARE)
def update_round(year: int, number: int) -> ResponseReturnValue:
    """How the quarter's round stands and who is missing; sent, it begins a new one."""
    quarter, today = quarter_or_404(year, number), clock.today()
    form = AskForm(
        data={"avstamning": period_of(quarter).cutoff_on, "last_day": today + timedelta(days=DAYS_TO_ANSWER)}
    )
    if form.is_submitted():
        _everything_only()
        if form.validate():
            try:
                period = period_of(quarter, form.avstamning.data)
                round_services.ask(period, form.last_day.data, current_user.user_id, form.seen.data, today, clock.now())
            except RuleViolation as violation:
                db.session.rollback()
                form.refuse(violation)
            else:
                flash("Alla som berörs har fått sin lista. Den står på deras startsida.")
                return _back(quarter)
    return _page(quarter, form), 422 if form.is_submitted() else 200


@blueprint.post(f"{ADDRESS}/igen")
@requires(PREPARE)
def ask_again(year: int, number: int) -> ResponseReturnValue:
    """Asks those who are missing once more."""
    quarter, form = quarter_or_404(year, number), RoundForm()
    _everything_only()
    found = _open_round(quarter)
    if form.validate():
        try:
            round_services.ask_again(found.round_id, form.version.data, clock.now(), clock.today())
        except StaleVersion:
            db.session.rollback()
            flash(STALE, "warning")
        except RuleViolation as violation:
            db.session.rollback()
            flash(violation.message, "warning")
        else:
            flash("De som saknas har fått en påminnelse på sin startsida.")
    return _back(quarter)


@blueprint.route(f"{ADDRESS}/avsluta", methods=["GET", "POST"])
@requires(PREPARE)
def close_round(year: int, number: int) -> ResponseReturnValue:
    """The last step: says what happens, and closes the round."""
    quarter, form, stale = quarter_or_404(year, number), RoundForm(), False
    _everything_only()
    found = _open_round(quarter)
    if form.validate_on_submit():
        try:
            round_services.close(found.round_id, form.version.data, current_user.user_id, clock.today(), clock.now())
        except StaleVersion:
            db.session.rollback()
            stale, found = True, _open_round(quarter)
        else:
            flash("Omgången är avslutad.")
            return _back(quarter)
    page = render_template(
        "reports/close_round.html", form=form, quarter=quarter, found=found, stale=STALE if stale else ""
    )
    return page, 409 if stale else 422 if form.is_submitted() else 200


def _page(quarter: Quarter, form: AskForm) -> str:
    reach = current_user.reach(PREPARE)
    found = latest_round(quarter, clock.today(), reach)
    return render_template(
        "reports/update_round.html",
        form=form,
        quarter=quarter,
        found=found,
        asked_on=found.asked_at.astimezone(STOCKHOLM).date() if found else None,
        earlier=earlier_rounds(quarter) if reach.everything else [],
        seen=form.seen.data if form.restored else (found.number if found else 0),
        place=place_of(reach),
        may_ask=reach.everything,
        today=clock.today(),
    )


def _open_round(quarter: Quarter) -> RoundSummary:
    """The quarter's open round; 404 when there is none."""
    found = latest_round(quarter, clock.today())
    if found is None or found.closed_at is not None:
        abort(404)
    return found


def _everything_only() -> None:
    """A round concerns all units: who prepares a part of the report reads how it stands."""
    if not current_user.reach(PREPARE).everything:
        abort(403)


def _back(quarter: Quarter) -> ResponseReturnValue:
    return redirect(url_for("reports.update_round", year=quarter.year, number=quarter.number), 303)
