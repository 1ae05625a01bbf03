"""Pages where it is told how a kontrollmoment came out beside its figures: not carried out, or graded by hand."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker import clock
from tracker.control.moment_views import MOMENT, opened
from tracker.control.outcome_forms import OutcomeForm, OverrideForm
from tracker.control.outcome_services import Seen, save_outcome, set_override, undo_override
from tracker.control.pages import MARKS
from tracker.control.queries import find_moment, find_override
from tracker.control.views import blueprint
from tracker.database import db
from tracker.exchange.errors import ImportRefused
from tracker.records.scope import scope_of
from tracker.records.versions import StaleVersion
from tracker.records.yearly import importer_of
from tracker.risk.queries import plan_of
from tracker.rules.control_grading import Grade, figures_of
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission
from tracker.rules.plan_workflow import PlanState, results_are_open
from tracker.web.access import requires
from tracker.web.forms import Versioned
from tracker.web.typed import keeps_typed

STALE = "Någon annan har ändrat kontrollmomentet sedan du öppnade sidan. {stands} Spara igen om din text ska gälla."


@blueprint.route(f"{MOMENT}/resultat", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.MANAGE_CONTROL)
def outcome(record_id: int) -> ResponseReturnValue:
    """Tell why a kontrollmoment was not carried out and what happens next, or comment on it."""
    moment, _, version = opened(record_id)
    given = {"ej_genomford": moment.not_done, "harnast": moment.not_done_next, "kommentar": moment.comment}
    form = OutcomeForm(data={"version": version, **given})
    if form.validate_on_submit():
        texts = (form.ej_genomford.data or None, form.harnast.data or None, form.kommentar.data or None)
        importer = importer_of(current_user, Permission.MANAGE_CONTROL)
        try:
            save_outcome(moment, form.seen_version, *texts, importer, clock.now())
        except StaleVersion:
            stands = "; ".join(text for text in given.values() if text)
            form.form_errors.append(
                STALE.format(stands=f"Så här står det nu: {stands}." if stands else "Inget står nu.")
            )
            form.version.data = version
        except RuleViolation as violation:
            form.refuse(violation)
        except ImportRefused as refused:
            form.refuse_cells(refused)
        else:
            flash("Resultatet är sparat.")
            return redirect(url_for("control.moment", record_id=record_id), 303)
    page = render_template("control/outcome.html", form=form, moment=moment, is_open=_is_open(moment.year))
    return page, 422 if form.is_submitted() else 200


@blueprint.route(f"{MOMENT}/bedomning", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.MANAGE_CONTROL)
def override(record_id: int) -> ResponseReturnValue:
    """Set a grade in place of the computed one."""
    moment, _, version = opened(record_id)
    found = find_moment(record_id, scope_of(current_user, Permission.MANAGE_CONTROL))
    if found is None:
        abort(404)
    row, stands = found[0], find_override(record_id)
    given = {"bedomning": stands.grade, "motivering": stands.motivation} if stands else {}
    computed = row.graded.computed or row.graded.grade
    figures = figures_of(computed, row.outcome)
    form = OverrideForm(data={"version": version, "beraknad": figures, **given})
    if form.validate_on_submit():
        by_hand = Grade(form.bedomning.data)
        seen = Seen(form.seen_version, form.beraknad.data or "")
        try:
            set_override(record_id, seen, by_hand, form.motivering.data, current_user.user_id, clock.now())
        except StaleVersion:
            form.form_errors.append(STALE.format(stands=f"Bedömningen är nu {MARKS[row.graded.grade].word}."))
            form.version.data = version
        except RuleViolation as violation:
            form.refuse(violation)
            form.beraknad.data = figures
        else:
            flash(f"Bedömningen är ändrad till {MARKS[by_hand].word}.")
            return redirect(url_for("control.moment", record_id=record_id), 303)
    page = render_template(
        "control/override.html", form=form, moment=moment, row=row, stands=stands, is_open=_is_open(moment.year),
        computed=MARKS[computed], not_done=row.graded.grade is Grade.NOT_DONE,
        undo=Versioned(formdata=None, data={"version": version}),
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200


@blueprint.post(f"{MOMENT}/bedomning/angra")
@requires(Permission.MANAGE_CONTROL)
def undo(record_id: int) -> ResponseReturnValue:
    """Let the computed grade hold again."""
    opened(record_id)
    form = Versioned()
    if form.validate_on_submit():
        try:
            undo_override(record_id, form.seen_version)
        except StaleVersion:
            flash("Någon annan har ändrat kontrollmomentet. Läs vad som gäller nu, och försök igen.")
        except RuleViolation as violation:
            db.session.rollback()
            flash(violation.message)
        else:
            flash("Den beräknade bedömningen gäller igen.")
            return redirect(url_for("control.moment", record_id=record_id), 303)
    return redirect(url_for("control.override", record_id=record_id), 303)


def _is_open(year: int) -> bool:
    return results_are_open(PlanState(plan_of(year).state))
