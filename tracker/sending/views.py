"""Pages of sending to IVO: the quarter's work, and what is sent afterwards."""

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker import clock
from tracker.audit import reads
from tracker.database import db
from tracker.decisions.afterwards import afterwards_cutoff, report_afterwards
from tracker.records.versions import StaleVersion
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission
from tracker.rules.quarters import Period, Quarter
from tracker.rules.trail import ReadKind
from tracker.sending import sheet_views
from tracker.sending.blueprint import blueprint
from tracker.sending.filtering import NOW, Asked, Standing
from tracker.sending.forms import AfterwardsForm
from tracker.sending.missed import list_to_send_afterwards, period_of
from tracker.sending.pages import SHOWN_LABELS, addresses, interventions_of, lines
from tracker.sending.place import ADDRESS, STALE, own_scope, quarter_of
from tracker.sending.queries import work_of
from tracker.sending.statements import PAGE
from tracker.web.access import requires

__all__ = ["blueprint", "sheet_views"]  # what hangs on the blueprint, too


@blueprint.get(ADDRESS)
@requires(Permission.READ_IDENTITIES, confirmed=True)
def work(year: int, number: int) -> ResponseReturnValue:
    """The quarter's individrapporter: how many are sent, what is left first."""
    quarter, asked = quarter_of(year, number), Asked.of(request.args)
    found = work_of(quarter, own_scope(), asked, current_user.user_id)
    made, interventions = lines([*found.rows, *found.now]), interventions_of(found)
    if found.rows or found.now:
        selection, row_count = f"{year}-K{number} individrapporter", len(found.rows) + len(found.now)
        reads.note_read(ReadKind.REPORT, what="ivo", selection=selection, row_count=row_count, all_read=True)
    left, sent = found.standings[Standing.LEFT], found.standings[Standing.SENT]
    return render_template(
        "sending/work.html",
        quarter=quarter, version=found.version, cutoff_on=found.cutoff_on, left=left, sent=sent, total=left + sent,
        correct=found.standings[Standing.CORRECT], hidden=found.hidden, now_count=found.now_count,
        lines=made[: len(found.rows)], now=made[len(found.rows) :], count=found.count, asked=asked,
        address=addresses(year, number, asked), shown_labels=SHOWN_LABELS,
        handlers=found.handlers, interventions=interventions, is_now=asked.shown == NOW,
        further=asked.first + PAGE if asked.first + PAGE < found.count else None,
        earlier=max(asked.first - PAGE, 0) if asked.first else None,
    )  # fmt: skip


@blueprint.route(f"{ADDRESS}/efterhand", methods=["GET", "POST"])
@requires(Permission.READ_IDENTITIES, confirmed=True)
def afterwards(year: int, number: int) -> ResponseReturnValue:
    """What no report has held: chosen, with a reason, it is sent to IVO afterwards."""
    quarter, today = quarter_of(year, number), clock.today()
    period = _period_asked_for(quarter)
    rows, hidden = list_to_send_afterwards(period, own_scope())
    form, status, cutoff_on = AfterwardsForm(), 200, afterwards_cutoff(today)
    known = {row.clock_id: row for row in rows}
    ticked = [(clock_id, version) for clock_id, version in form.chosen if clock_id in known]
    if form.is_submitted():
        status = 422
        ready = form.validate() and not form.point_out()
        if not ticked:
            form.refuse(RuleViolation("none", "Välj minst en klocka."))
        elif ready:
            try:
                seen = {known[clock_id].record_id: version for clock_id, version in ticked}
                ids = [clock_id for clock_id, _ in ticked]
                report_afterwards(ids, cutoff_on, form.reason.data, quarter=quarter, seen=seen, today=today)
            except StaleVersion:
                db.session.rollback()
                status = 409
                form.refuse(RuleViolation("stale", STALE))
            except RuleViolation as violation:
                db.session.rollback()
                form.refuse(violation)
            else:
                flash(f"{len(ids)} rapporteras i efterhand. Sänd dem till IVO härifrån.")
                return redirect(url_for("sending.work", year=year, number=number), 303)
    if request.method == "POST":
        db.session.rollback()
        rows, hidden = list_to_send_afterwards(period, own_scope())
    if rows:
        reads.note_read(ReadKind.REPORT, what="ivo", selection=f"{year}-K{number} saknas", row_count=len(rows))
        if request.method == "POST":
            db.session.commit()
    page = render_template(
        "sending/afterwards.html", form=form, quarter=quarter, rows=rows, hidden=hidden, cutoff_on=cutoff_on,
        ticked={clock_id for clock_id, _ in ticked},
    )  # fmt: skip
    return page, status


def _period_asked_for(quarter: Quarter) -> Period:
    """The days of the notice that led here, else those of the quarter's report."""
    try:
        days = [date.fromisoformat(request.args.get(name, "")) for name in ("avstamning", "foregaende")]
        return Period.of(quarter, *days)
    except (ValueError, RuleViolation):
        return period_of(quarter)
