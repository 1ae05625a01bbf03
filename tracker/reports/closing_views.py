"""Pages on which a quarter is closed: compared, marked ready, locked, and reviewed before it leaves."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker import clock
from tracker.database import db, not_writing, read_one_snapshot
from tracker.decisions.writing import lock_decisions
from tracker.frozen.quarters import KIND, key_of
from tracker.frozen.queries import list_newest, list_reviews
from tracker.frozen.services import mark_ready, note_review, take_back
from tracker.printing.faults import WordError
from tracker.printing.process import WorkFailed
from tracker.records.scope import scope_of
from tracker.reports.audiences import title_of
from tracker.reports.blueprint import blueprint, quarter_or_404
from tracker.reports.closing import Closing, closing_of, period_of
from tracker.reports.closing_forms import LockForm, ReadyForm, ReviewForm, TakeBackForm
from tracker.reports.comparing import compare
from tracker.reports.files import note_looked_at, subject_of
from tracker.reports.leaving import leaving_document
from tracker.reports.locked_views import asked_for, word_told
from tracker.reports.locking import Contents, LockRequest, check_report_days, contents_of, lock_quarter, seen_of
from tracker.reports.pages import AUDIENCE_LABELS, CLASS_TEXTS
from tracker.reports.preflight import CONCERN_LABELS, preflight
from tracker.reports.quarter import quarter_rows
from tracker.rules.closing import REVIEWED, Audience, check_title
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission
from tracker.rules.quarters import Period, Quarter
from tracker.web.access import requires
from tracker.web.typed import keeps_typed

ADDRESS = "/rapporter/kvartal/<int:year>/<int:number>"
CONCERN_LISTED = 100
CHANGED = "Registret har ändrats sedan du öppnade sidan. Läs talen igen och ta ställning på nytt."
NOT_MADE = "Rapporten gick inte att låsa: filerna tog för lång tid eller för mycket minne. Försök igen om en stund."


@blueprint.route(f"{ADDRESS}/klar", methods=["GET", "POST"])
@requires(Permission.PREPARE_QUARTER)
@keeps_typed
def ready(year: int, number: int) -> ResponseReturnValue:
    """The report's days and own title, and that the reader stands for what it says."""
    quarter = whole_quarter(year, number, Permission.PREPARE_QUARTER)
    form, status = ReadyForm(), 200
    closing = closing_of(quarter)
    period = period_of(quarter)
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                period = Period.of(quarter, form.avstamning.data, form.foregaende.data)
                return _mark_ready(form, period)
            except RuleViolation as violation:
                db.session.rollback()
                form.refuse(violation)
                closing = closing_of(quarter)
                status = 409 if violation.code in {"closing_changed", "changed_since_seen"} else 422
    elif not form.restored:
        form.avstamning.data, form.foregaende.data = period.cutoff_on, period.previous_on
        form.rubrik.data = closing.local_title
    with not_writing():
        contents = _contents(period)
    if not form.restored:  # what came back is an answer to what was seen then
        form.version.data, form.digest.data = closing.seen, contents.digest.hex()
    return _page("reports/ready.html", closing, contents, form=form), status


def _mark_ready(form: ReadyForm, period: Period) -> ResponseReturnValue:
    lock_decisions(alone=True)
    check_report_days(period, clock.today())
    contents = contents_of(period)
    if contents.digest.hex() != form.digest.data and _days_as_shown(period):
        raise RuleViolation("changed_since_seen", CHANGED)
    check_title(form.rubrik.data or "", (row.ref for row in contents.rows))
    mark_ready(
        key_of(period.quarter), (period.cutoff_on, period.previous_on), form.rubrik.data or "", contents.digest,
        form.version.data or 0, current_user.user_id, clock.now(),
    )  # fmt: skip
    flash("Rapporten är markerad som klar. Nu kan någon annan låsa den.")
    return redirect(_report(period.quarter), 303)


def _days_as_shown(period: Period) -> bool:
    """Whether the digest that was sent is of these days: with other days the figures are other ones, too."""
    shown = period_of(period.quarter)
    return (shown.cutoff_on, shown.previous_on) == (period.cutoff_on, period.previous_on)


@blueprint.post(f"{ADDRESS}/klar/ta-tillbaka")
@requires(Permission.PREPARE_QUARTER)
def not_ready(year: int, number: int) -> ResponseReturnValue:
    """The report is not ready after all."""
    quarter = whole_quarter(year, number, Permission.PREPARE_QUARTER)
    try:
        take_back(key_of(quarter), TakeBackForm().seen)
    except RuleViolation as violation:
        db.session.rollback()
        flash(violation.message, "warning")
    else:
        flash("Rapporten är inte längre markerad som klar.")
    return redirect(_report(quarter), 303)


@blueprint.route(f"{ADDRESS}/las", methods=["GET", "POST"])
@requires(Permission.LOCK_REPORTS, confirmed="POST")
def lock(year: int, number: int) -> ResponseReturnValue:
    """The last step: what is locked, and what that means."""
    quarter = whole_quarter(year, number, Permission.LOCK_REPORTS)
    form, status = LockForm(), 200
    closing = closing_of(quarter)
    period = period_of(quarter)
    if form.is_submitted():
        status = 422
        if closing.locked and not form.reason.data:
            form.reason.errors = ["Skriv varför den låsta rapporten rättas."]
        elif form.validate():
            asked = LockRequest(
                period, current_user.user_id, closing.local_title, form.reason.data or "", seen=form.digest.data or ""
            )
            try:
                made = lock_quarter(asked, clock.now())
            except RuleViolation as violation:
                db.session.rollback()
                form.refuse(violation)
                closing = closing_of(quarter)
                status = 409 if violation.code == "changed_since_seen" else 422
            except WordError as error:
                db.session.rollback()
                form.form_errors.append(word_told(error))
            except WorkFailed:
                db.session.rollback()
                form.form_errors.append(NOT_MADE)
            else:
                flash(f"Rapporten är låst, version {made.version}.")
                return redirect(_report(quarter), 303)
    with not_writing():
        contents = _contents(period)
    row = closing.row
    form.digest.data = seen_of(row, contents)
    still = row is not None and row.ready_digest == contents.digest
    mine = row is not None and row.ready_by == current_user.user_id
    return _page("reports/lock.html", closing, contents, form=form, still=still, mine=mine), status


@blueprint.get(f"{ADDRESS}/jamforelse")
@requires(Permission.READ_QUARTER_DRAFT)
def comparison(year: int, number: int) -> ResponseReturnValue:
    """What has come, gone and changed since the last locked report."""
    quarter = whole_quarter(year, number, Permission.READ_QUARTER_DRAFT)
    closing = closing_of(quarter)
    period = closing.period
    against = closing.locked
    if against is None:
        earlier = [version for version in list_newest(KIND) if version.cutoff_on < period.cutoff_on]
        against = earlier[0] if earlier else None
    scope = scope_of(current_user, Permission.READ_QUARTER_DRAFT)
    found = None
    if against is not None:
        found = compare(against, period, scope)
        shown = len(found.come) + len(found.gone) + len(found.moved) + len(found.altered)
        if shown:
            note_looked_at(quarter, "jämförelse", Audience.INTERNAL, shown, all_read=True)
    return render_template(
        "reports/comparison.html", quarter=quarter, closing=closing, against=against, comparison=found, period=period,
        texts=CLASS_TEXTS,
    )  # fmt: skip


@blueprint.get(f"{ADDRESS}/granskning")
@requires(Permission.READ_QUARTER_DRAFT)
def check(year: int, number: int) -> ResponseReturnValue:
    """What IVO would ask about in the draft, within the reader's part of the house, each with a link to mend it."""
    quarter = quarter_or_404(year, number)
    read_one_snapshot()
    scope = scope_of(current_user, Permission.READ_QUARTER_DRAFT)
    period = period_of(quarter)
    rows = quarter_rows(period, scope)
    shown = [row for row in rows if not row.hidden]
    found = preflight(shown, period)
    if found.to_mend:
        note_looked_at(quarter, "granskning", Audience.INTERNAL, found.to_mend, all_read=True)
    return render_template(
        "reports/preflight.html", quarter=quarter, period=period, found=found, texts=CONCERN_LABELS,
        hidden=len(rows) - len(shown), listed=CONCERN_LISTED,
        may=current_user.allows(Permission.CORRECT_DECISIONS),
    )  # fmt: skip


@blueprint.route(f"{ADDRESS}/sekretess", methods=["GET", "POST"])
@requires(Permission.PREPARE_QUARTER)
@keeps_typed
def review(year: int, number: int) -> ResponseReturnValue:
    """The sekretessprövning of what a reader is about to get."""
    quarter = whole_quarter(year, number, Permission.PREPARE_QUARTER)
    audience = _reviewed_audience(request.args.get("mottagare", Audience.COMMITTEE.value))
    with not_writing():
        scope = scope_of(current_user, Permission.READ_QUARTER_DRAFT)
        leaving = leaving_document(audience, asked_for(quarter), scope)
        db.session.rollback()
    subject = subject_of(leaving.document)
    form, status = ReviewForm(), 200
    if form.is_submitted():
        status = 422
        if form.validate() and not form.names_somebody():
            if form.subject.data != subject.hex():
                form.form_errors.append(CHANGED)
                status = 409
            else:
                released = form.result.data == "ja"
                note_review(
                    key_of(quarter), leaving.version, audience.value, subject, released, form.note.data,
                    current_user.user_id, clock.now(),
                )  # fmt: skip
                flash(f"Sekretessprövningen är sparad: rapporten får {'' if released else 'inte '}lämnas ut.")
                return redirect(_report(quarter), 303)
    if not form.restored:
        form.subject.data = subject.hex()
    if leaving.document["rows"]:
        which = f"version {leaving.version}" if leaving.version else "utkast"
        note_looked_at(quarter, f"{which} prövning", audience, len(leaving.document["rows"]))
    return render_template(
        "reports/review.html", quarter=quarter, form=form, audience=audience, label=AUDIENCE_LABELS[audience],
        leaving=leaving, reviews=list_reviews(key_of(quarter)), labels=AUDIENCE_LABELS,
    ), status  # fmt: skip


def whole_quarter(year: int, number: int, permission: Permission) -> Quarter:
    """The quarter in the address; 404 when there is none, 403 for a reader who does not reach the whole house."""
    quarter = quarter_or_404(year, number)
    if not current_user.reach(permission).everything:
        abort(403)
    return quarter


def _reviewed_audience(value: str) -> Audience:
    if value not in {audience.value for audience in REVIEWED}:
        abort(404)
    return Audience(value)


def _contents(period: Period) -> Contents:
    contents = contents_of(period)
    db.session.rollback()
    return contents


def _page(template: str, closing: Closing, contents: Contents, **more: Any) -> str:  # noqa: ANN401 - a template's values
    return render_template(
        template, closing=closing, quarter=closing.quarter, figures=contents.figures, texts=CLASS_TEXTS,
        title=title_of(contents.figures), period=contents.figures.period, **more,
    )  # fmt: skip


def _report(quarter: Quarter) -> str:
    return url_for("reports.quarter", year=quarter.year, number=quarter.number)
