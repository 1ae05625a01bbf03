"""Pages of reminders: what is new, how often by mail, the calendar's address, and the calendar itself."""

from datetime import timedelta

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker import clock
from tracker.accounts.visits import VisitLimit, count_visit
from tracker.reminders.forms import CalendarForm, OftenForm, SeenForm
from tracker.reminders.pages import notice_lines, write_calendar
from tracker.reminders.queries import (
    MOST_SHOWN,
    calendar_made_at,
    choice_of,
    count_unseen,
    find_calendar,
    list_last_days,
    list_notices,
)
from tracker.reminders.services import choose_often, end_calendar, mark_seen, open_calendar
from tracker.web.access import public, signed_in
from tracker.web.errors import TEXTS

blueprint = Blueprint("reminders", __name__)
HOUR = timedelta(hours=1)
MISSED = (VisitLimit("calendar missed", 20, HOUR),)
FETCHED = (VisitLimit("calendar fetched", 30, HOUR),)


@blueprint.route("/nytt", methods=["GET", "POST"])
@signed_in
def news() -> ResponseReturnValue:
    """The newest reminders to the reader; sent, they are marked as seen."""
    form, user_id = SeenForm(), current_user.user_id
    if form.validate_on_submit():
        mark_seen(user_id, form.last_id, clock.now())
        return redirect(url_for("reminders.news"), 303)
    rows = list_notices(user_id)
    form.till.data = rows[0].id if rows else 0
    return render_template(
        "reminders/news.html", form=form, lines=notice_lines(rows), unseen=count_unseen(user_id), most=MOST_SHOWN
    )


@blueprint.route("/konto/paminnelser", methods=["GET", "POST"])
@signed_in
def often() -> ResponseReturnValue:
    """Choose how often reminders come by mail."""
    form = OftenForm(data={"ofta": choice_of(current_user.user_id).value})
    if form.validate_on_submit():
        changed = choose_often(current_user.user_id, form.often, clock.now())
        flash("Valet är sparat." if changed else "Inget var ändrat.")
        return redirect(url_for("reminders.often"), 303)
    return render_template("reminders/often.html", form=form), 422 if form.is_submitted() else 200


@blueprint.route("/konto/kalender", methods=["GET", "POST"])
@signed_in
def calendar() -> ResponseReturnValue:
    """The secret address of the reader's calendar: made, renewed or ended. It is shown once."""
    form, user_id, address = CalendarForm(), current_user.user_id, None
    if form.validate_on_submit():
        if form.gor.data == form.END:
            if end_calendar(user_id):
                flash("Adressen gäller inte längre.")
            return redirect(url_for("reminders.calendar"), 303)
        address = _base_url() + url_for("reminders.feed", token=open_calendar(user_id, clock.now()))
    return render_template("reminders/calendar.html", form=form, address=address, made_at=calendar_made_at(user_id))


@blueprint.get("/kalender/<token>.ics")
@public
def feed(token: str) -> ResponseReturnValue:
    """The calendar of whoever the address was made for; without sign-in, so that calendar programs can fetch it."""
    now, user_id = clock.now(), find_calendar(token)
    if user_id is None:
        wait = count_visit(MISSED, request.remote_addr or "", now, _key())
    else:
        wait = count_visit(FETCHED, f"calendar {user_id}", now, _key())
    if wait:
        page = render_template(
            "errors/error.html", text=TEXTS[429], status=429, onwards="/", label="Till startsidan"
        )  # fmt: skip
        return page, 429, {"Retry-After": str(wait)}
    if user_id is None:
        abort(404)
    written = write_calendar(list_last_days(user_id, clock.today()), _base_url(), now)
    answer = Response(written, mimetype="text/calendar")
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def _base_url() -> str:
    return str(current_app.config["BASE_URL"] or request.url_root.rstrip("/"))


def _key() -> bytes:
    return str(current_app.config["SECRET_KEY"]).encode()
