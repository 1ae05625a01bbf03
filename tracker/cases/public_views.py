"""Pages where anybody leaves a synpunkt without an account or a cookie, and follows it by its code."""

from datetime import date, timedelta

from flask import abort, current_app, render_template, request
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.accounts.queries import find_top_unit, kept_units
from tracker.accounts.reader import EVERYTHING
from tracker.accounts.visits import VisitLimit, count_visit
from tracker.cases.followed import find_followed, leave, make_code
from tracker.cases.forms import UNCHOSEN, choices_of
from tracker.cases.public_forms import NOT_GIVEN, FollowForm, PublicForm
from tracker.cases.registers import COMPLAINTS
from tracker.cases.services import Report
from tracker.cases.texts import Section
from tracker.cases.views import blueprint
from tracker.database import db, writer
from tracker.logs import log
from tracker.rules.case_workflow import CaseState
from tracker.web.access import READING, public
from tracker.web.requestlog import unnamed
from tracker.web.stateless import FormToken, new_token, sent_token

LEAST_TIME = timedelta(seconds=3)  # no person has read and written faster
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
LEFT = (
    VisitLimit("leave", 10, HOUR),
    VisitLimit("leave at once", 20, MINUTE, shared=True),
    VisitLimit("leave in all", 200, HOUR, shared=True),
)
TRIED = (VisitLimit("follow", 20, HOUR),)
ROBOT = "Vi kan inte ta emot det så här, för det ser ut att komma från ett program. Töm fältet som ska vara tomt och skicka igen."  # noqa: E501
TOO_FAST = (
    "Det gick så fort att det ser ut att komma från ett program. Läs igenom, vänta några sekunder och skicka igen."
)
TOO_OLD = "Sidan har varit öppen i mer än ett dygn. Inget är skickat. Läs igenom det du har skrivit och skicka igen."
TOO_MANY = (
    "Just nu kommer det in för många på en gång. Inget är skickat, men det du har skrivit står kvar. Försök igen om {}."
)
WRONG_CODE = "Koden stämmer inte. Kontrollera den och försök igen."
TOO_MANY_CODES = "För många försök. Försök igen om {}."
STATE_SENTENCES = {
    CaseState.REPORTED: "Den har kommit in. Vi har inte börjat med den än.",
    CaseState.RECEIVED: "Den är mottagen och vi arbetar med svaret.",
    CaseState.ANSWERED: "Den är besvarad.",
    CaseState.CLOSED: "Den är avslutad utan svar.",
}
MINUTES_OVER = 120


@blueprint.route("/synpunkt", methods=["GET", "POST"])
@public
@unnamed
def leave_complaint() -> ResponseReturnValue:
    """Leave a synpunkt, klagomål or beröm, by name or not."""
    today, now = clock.today(), clock.now()
    form = PublicForm()
    form.enhet.choices = choices_of(NOT_GIVEN | open_units(today))
    if request.method in READING:
        form.csrf_token.data = new_token(now)
        return _form_page(form)
    token = sent_token()
    wait = 0
    if not _may_come_in(form, token) or not form.validate() or form.point_out():
        return _form_page(form), 422
    wait = count_visit(LEFT, request.remote_addr or "", now, _key())
    if wait:
        log().warning("complaint_refused", reason="many")
        form.form_errors.append(TOO_MANY.format(in_a_while(wait)))
        return _form_page(form), 429, {"Retry-After": str(wait)}
    said = (form.kind.data, form.what.data, form.enhet.data, form.contact)
    code = make_code(token.number, said, _key())
    report = Report(
        COMPLAINTS, unit_chosen(form.enhet.data), None, {Section.WHAT: form.what.data}, (), {"kind": form.kind.data},
        person_numbers=True,
    )  # fmt: skip
    with writer():
        followed = leave(report, form.contact, code, now, today)
        db.session.commit()
    return render_template("cases/public_receipt.html", followed=followed, code=code)


@blueprint.route("/synpunkt/folj", methods=["GET", "POST"])
@public
@unnamed
def follow_complaint() -> ResponseReturnValue:
    """How far what one has left has come, and the answer, by the code."""
    now = clock.now()
    form = FollowForm()
    if request.method in READING:
        form.csrf_token.data = new_token(now)
        return render_template("cases/public_follow.html", form=form)
    token = sent_token()
    if token.too_old(now):
        form.csrf_token.data = new_token(now)
    if form.validate():
        wait = count_visit(TRIED, request.remote_addr or "", now, _key())
        if wait:
            form.form_errors.append(TOO_MANY_CODES.format(in_a_while(wait)))
            return render_template("cases/public_follow.html", form=form), 429, {"Retry-After": str(wait)}
        followed = find_followed(form.code.data)
        if followed is not None:
            return render_template(
                "cases/public_followed.html", followed=followed, says=STATE_SENTENCES[followed.state]
            )
        log().warning("code_refused")
        form.code.errors = [*form.code.errors, WRONG_CODE]
    return render_template("cases/public_follow.html", form=form), 422


WITHOUT_COOKIE = (leave_complaint, follow_complaint)


def open_units(today: date) -> dict[str, str]:
    """Unit → name of those that are there today, indented as they stand below each other."""
    found = [unit for unit in kept_units(EVERYTHING) if unit.valid_until is None or unit.valid_until >= today]
    return {str(unit.id): "\u2003" * unit.depth + unit.name for unit in found}


def unit_chosen(text: str) -> int:
    """The unit that a form names; the one above all others where it names none."""
    if text != UNCHOSEN:
        return int(text)
    top = find_top_unit()
    if top is None:
        abort(503)  # the program has not been set up: there is nobody to answer
    return top.id


def in_a_while(seconds: int) -> str:
    """How long to wait, in words."""
    if seconds <= MINUTES_OVER:
        return f"{seconds} sekunder" if seconds > 1 else "en sekund"
    return f"{-(-seconds // 60)} minuter"


def _may_come_in(form: PublicForm, token: FormToken) -> bool:
    """Whether the form looks as if a person had sent it, from a page of today; told over the form."""
    now = clock.now()
    if token.too_old(now):
        form.csrf_token.data = new_token(now)
        form.form_errors.append(TOO_OLD)
    elif form.webbplats.data:
        form.form_errors.append(ROBOT)
    elif now - token.opened_at < LEAST_TIME:
        form.form_errors.append(TOO_FAST)
    else:
        return True
    log().warning("complaint_refused", reason="form")
    return False


def _form_page(form: PublicForm) -> str:
    return render_template("cases/public.html", form=form)


def _key() -> bytes:
    return str(current_app.config["SECRET_KEY"]).encode()
