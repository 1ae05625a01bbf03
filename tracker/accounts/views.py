"""Pages for signing in and out, one-time codes, one's own password, and giving it again."""

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user, logout_user

from tracker import clock
from tracker.accounts import drafts, keeping, services, signin
from tracker.accounts.forms import ChangePasswordForm, ChoosePasswordForm, CodeForm, FirstAdministratorForm, SignInForm
from tracker.accounts.models import OneTimeCode, User
from tracker.accounts.password_forms import ConfirmForm
from tracker.accounts.presence import now_known, user_actor
from tracker.accounts.reader import Reader
from tracker.audit.acting import acting_as
from tracker.logs import log
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission
from tracker.web.access import local_target, public, signed_in
from tracker.web.navigation import MenuItem
from tracker.web.pagination import LARGEST_ID
from tracker.web.requestlog import unnamed
from tracker.web.typed import PARAMETER

blueprint = Blueprint("accounts", __name__)
MENU = (MenuItem("Administration", "/admin", "administration", frozenset({Permission.READ_ADMINISTRATION})),)
REFUSED = "E-postadressen eller lösenordet stämmer inte. Kontrollera båda och försök igen."
VOID = "Koden gäller inte: den är använd, för gammal eller felskriven. Be om en ny."
WRONG_PRESENT = "Det nuvarande lösenordet stämmer inte. Försök igen."
LONGEST_CODE = 100
TYPED_CODE = "code"  # in the browser's session


@blueprint.route("/logga-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Sign in; afterwards the page that was asked for, or the start page."""
    target = local_target(request.args.get("next"))
    if current_user.is_authenticated and request.method == "GET":
        return redirect(target or url_for("overview.start"), 303)
    form = SignInForm()
    kept = f"{PARAMETER}=" in (target or "")  # what was typed waits at the page that follows
    if not form.is_submitted():
        return render_template("accounts/sign_in.html", form=form, kept=kept)
    if not form.validate():
        return render_template("accounts/sign_in.html", form=form, kept=kept), 422
    outcome = signin.sign_in(form.email.data, form.password.data, _host(), clock.now(), _throttle_key())
    if outcome.token is None:
        log().warning("sign_in_refused", reason="wait" if outcome.wait_seconds else "wrong")
        if outcome.wait_seconds:
            form.form_errors.append(_wait(outcome.wait_seconds))
            page = render_template("accounts/sign_in.html", form=form, kept=kept)
            return page, 429, {"Retry-After": str(outcome.wait_seconds)}
        form.form_errors.append(REFUSED)
        return render_template("accounts/sign_in.html", form=form, kept=kept), 422
    _begin(outcome.token)
    return redirect(target or url_for("overview.start"), 303)


@blueprint.post("/logga-ut")
@public
def sign_out() -> ResponseReturnValue:
    """End the sign-in, here and in its row."""
    left = None
    if current_user.is_authenticated:
        reader: Reader = current_user
        signin.sign_out(reader.session_id, reader.user_id, clock.now())
        left = reader.token
    logout_user()
    session.clear()
    if left:
        session[keeping.LEFT] = left  # opens nothing; tells whose a form is that was left open and is sent after this
    flash("Du har loggat ut.")
    return redirect(url_for("accounts.sign_in"), 303)


@blueprint.route("/bekrafta", methods=["GET", "POST"])
@signed_in
def confirm() -> ResponseReturnValue:
    """Give the password again, and go on to the page that asks for it."""
    reader: Reader = current_user
    target = local_target(request.args.get("next")) or url_for("overview.start")
    sent, kept = "skickat" in request.args, f"{PARAMETER}=" in target
    form = ConfirmForm()
    if not form.is_submitted() and reader.recently_confirmed(clock.now()):
        return redirect(target, 303)
    if form.validate_on_submit():
        outcome = signin.confirm(reader, form.present.data, _host(), clock.now(), _throttle_key())
        if outcome.done:
            if sent and not kept:
                flash("Lösenordet stämmer. Inget är ändrat än: gör om det du ville göra.", "warning")
            return redirect(target, 303)
        log().warning("confirmation_refused", reason="wait" if outcome.wait_seconds else "wrong")
        if outcome.wait_seconds:
            form.form_errors.append(_wait(outcome.wait_seconds))
            page = render_template("accounts/confirm.html", form=form, sent=sent, kept=kept)
            return page, 429, {"Retry-After": str(outcome.wait_seconds)}
        form.refuse(RuleViolation("present_password", "Lösenordet stämmer inte. Försök igen.", "present"))
    page = render_template("accounts/confirm.html", form=form, sent=sent, kept=kept)
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/utkast")
@public
@unnamed
def autosave() -> ResponseReturnValue:
    """What is being typed on a page is saved; also for whoever has lost the sign-in that the page was opened with."""
    number = keeping.autosave()
    if number is None:
        return {"kept": None}, 409
    return {"kept": number}


@blueprint.post(f"/utkast/<int(max={LARGEST_ID}):draft_id>/ta-bort")
@signed_in
@unnamed
def remove_draft(draft_id: int) -> ResponseReturnValue:
    """What was typed and kept is no longer wanted."""
    if not drafts.remove(current_user.user_id, draft_id):
        abort(404)
    flash("Det du hade skrivit är borttaget.")
    return redirect(url_for("overview.start"), 303)


@blueprint.route("/engangskod", methods=["GET", "POST"])
@public
def enter_code() -> ResponseReturnValue:
    """Type a one-time code; it never stands in an address, which browsers remember."""
    form = CodeForm()
    if form.validate_on_submit():
        session[TYPED_CODE] = form.code.data[:LONGEST_CODE]
        return redirect(url_for("accounts.use_typed_code"), 303)
    return render_template("accounts/code.html", form=form), 422 if form.is_submitted() else 200


@blueprint.route("/engangskod/valj", methods=["GET", "POST"])
@public
def use_typed_code() -> ResponseReturnValue:
    """Choose a password by the one-time code that was typed."""
    return _choose(str(session.get(TYPED_CODE, "")))


@blueprint.route("/engangskod/<code>", methods=["GET", "POST"])
@public
def use_code(code: str) -> ResponseReturnValue:
    """Choose a password by the one-time code of a link."""
    return _choose(code)


def _choose(code: str) -> ResponseReturnValue:
    """The page for whoever has a code: a new password, or who the first administrator is."""
    now = clock.now()
    found = services.find_code(code, now, clock.today())
    if found is None:
        session.pop(TYPED_CODE, None)
        form = CodeForm(formdata=None)
        form.form_errors.append(VOID)
        return render_template("accounts/code.html", form=form), 404
    first = found.user_id is None
    form = FirstAdministratorForm() if first else ChoosePasswordForm()
    if form.validate_on_submit():
        try:
            user = _use(found, form)
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            log().info("code_used", target_id=user.id)
            _begin(signin.open_session(user.id, user.version, now, method="code"))
            flash("Lösenordet är sparat och du är inloggad.")
            return redirect(url_for("overview.start"), 303)
    page = render_template("accounts/use_code.html", form=form, first=first)
    return page, 422 if form.is_submitted() else 200


def _use(code: OneTimeCode, form: ChoosePasswordForm) -> User:
    """Uses the code, in the name of the user whose it is; the first administrator is a visitor until then."""
    now = clock.now()
    if code.user_id is None:
        return services.use_code_for_first_administrator(
            code, form.email.data, form.name.data, form.password.data, now, clock.today()
        )
    with acting_as(user_actor(code.user_id)):
        return services.use_code_for_password(code, form.password.data, now)


@blueprint.route("/konto", methods=["GET", "POST"])
@signed_in
def account() -> ResponseReturnValue:
    """Who I am here, and a new password."""
    reader: Reader = current_user
    form = ChangePasswordForm()
    if form.validate_on_submit():
        given = (form.present.data, form.password.data)
        try:
            outcome = signin.change_password(reader, *given, _host(), clock.now(), _throttle_key())
            if outcome.token is None and not outcome.wait_seconds:
                raise RuleViolation("present_password", WRONG_PRESENT, "present")
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            if outcome.token is None:
                form.form_errors.append(_wait(outcome.wait_seconds))
                page = render_template("accounts/account.html", form=form, reader=reader)
                return page, 429, {"Retry-After": str(outcome.wait_seconds)}
            log().info("password_changed", user_id=reader.user_id)
            _begin(outcome.token)
            flash("Lösenordet är bytt. Alla andra inloggningar är avslutade.")
            return redirect(url_for("accounts.account"), 303)
    return render_template("accounts/account.html", form=form, reader=reader), 422 if form.is_submitted() else 200


def _begin(token: str) -> None:
    """Starts a new browser session: nothing of an earlier one, or of a visitor's, lives on in it."""
    if current_user.is_authenticated:
        signin.sign_out(current_user.session_id, current_user.user_id, clock.now())
    session.clear()
    session.permanent = True
    session_id, user_id = signin.session_of(token)
    reader = Reader(user_id, "", "", session_id, (), token)
    login_user(reader)
    now_known(reader)
    keeping.mark_forms(session_id)
    keeping.offer(user_id)


def _host() -> str:
    return request.remote_addr or ""


def _wait(seconds: int) -> str:
    return f"För många försök. Vänta {seconds} {'sekund' if seconds == 1 else 'sekunder'} och försök sedan igen."


def _throttle_key() -> bytes:
    return str(current_app.config["SECRET_KEY"]).encode()
