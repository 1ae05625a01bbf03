"""Pages for signing in and out, one-time codes and one's own password."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user, logout_user

from tracker import clock
from tracker.accounts import services, signin
from tracker.accounts.forms import ChangePasswordForm, ChoosePasswordForm, CodeForm, FirstAdministratorForm, SignInForm
from tracker.accounts.queries import get_user
from tracker.accounts.reader import Reader
from tracker.logs import log
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission
from tracker.web.access import local_target, public, signed_in
from tracker.web.navigation import MenuItem

blueprint = Blueprint("accounts", __name__)
MENU = (MenuItem("Administration", "/admin", "administration", frozenset({Permission.READ_ADMINISTRATION})),)
REFUSED = "E-postadressen eller lösenordet stämmer inte. Kontrollera båda och försök igen."


@blueprint.route("/logga-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Sign in; afterwards the page that was asked for, or the start page."""
    target = local_target(request.args.get("next"))
    if current_user.is_authenticated and request.method == "GET":
        return redirect(target or url_for("overview.start"), 303)
    form = SignInForm()
    if not form.is_submitted():
        return render_template("accounts/sign_in.html", form=form)
    if not form.validate():
        return render_template("accounts/sign_in.html", form=form), 422
    outcome = signin.sign_in(
        form.email.data, form.password.data, request.remote_addr or "", clock.now(), _throttle_key()
    )
    if outcome.token is None:
        log().warning("sign_in_refused", reason="wait" if outcome.wait_seconds else "wrong")
        if outcome.wait_seconds:
            form.form_errors.append(_wait(outcome.wait_seconds))
            page = render_template("accounts/sign_in.html", form=form)
            return page, 429, {"Retry-After": str(outcome.wait_seconds)}
        form.form_errors.append(REFUSED)
        return render_template("accounts/sign_in.html", form=form), 422
    _begin(outcome.token)
    return redirect(target or url_for("overview.start"), 303)


@blueprint.post("/logga-ut")
@public
def sign_out() -> ResponseReturnValue:
    """End the sign-in, here and in its row."""
    if current_user.is_authenticated:
        signin.sign_out(current_user.session_id, clock.now())
    logout_user()
    session.clear()
    flash("Du har loggat ut.")
    return redirect(url_for("accounts.sign_in"), 303)


@blueprint.route("/engangskod", methods=["GET", "POST"])
@public
def enter_code() -> ResponseReturnValue:
    """Type a one-time code."""
    form = CodeForm()
    if form.validate_on_submit():
        return redirect(url_for("accounts.use_code", code=form.code.data), 303)
    return render_template("accounts/code.html", form=form), 422 if form.is_submitted() else 200


@blueprint.route("/engangskod/<code>", methods=["GET", "POST"])
@public
def use_code(code: str) -> ResponseReturnValue:
    """Choose a password by a one-time code, or become the first administrator."""
    now = clock.now()
    found = services.find_code(code, now, clock.today())
    if found is None:
        form = CodeForm(formdata=None)
        form.form_errors.append("Koden gäller inte: den är använd, för gammal eller felskriven. Be om en ny.")
        return render_template("accounts/code.html", form=form), 404
    first = found.user_id is None
    form = FirstAdministratorForm() if first else ChoosePasswordForm()
    if form.validate_on_submit():
        try:
            if first:
                user = services.use_code_for_first_administrator(
                    found, form.email.data, form.name.data, form.password.data, now, clock.today()
                )
            else:
                user = services.use_code_for_password(found, form.password.data, now)
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            log().info("code_used", target_id=user.id)
            _begin(signin.open_session(user.id, user.version, now, method="code"))
            flash("Lösenordet är sparat och du är inloggad.")
            return redirect(url_for("overview.start"), 303)
    page = render_template("accounts/use_code.html", form=form, first=first)
    return page, 422 if form.is_submitted() else 200


@blueprint.route("/konto", methods=["GET", "POST"])
@signed_in
def account() -> ResponseReturnValue:
    """Who I am here, and a new password."""
    reader: Reader = current_user
    form = ChangePasswordForm()
    if form.validate_on_submit():
        now, tried = clock.now(), (reader.email, request.remote_addr or "")
        wait = signin.count_confirmation(*tried, now, _throttle_key())
        if wait:
            form.form_errors.append(_wait(wait))
            page = render_template("accounts/account.html", form=form, reader=reader)
            return page, 429, {"Retry-After": str(wait)}
        try:
            user = get_user(reader.user_id)
            services.change_password(user, form.present.data, form.password.data, now)
            signin.forget_tries(*tried, now, _throttle_key())
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            log().info("password_changed", user_id=user.id)
            _begin(signin.open_session(user.id, user.version, now))
            flash("Lösenordet är bytt. Alla andra inloggningar är avslutade.")
            return redirect(url_for("accounts.account"), 303)
    return render_template("accounts/account.html", form=form, reader=reader), 422 if form.is_submitted() else 200


def _begin(token: str) -> None:
    """Starts a new browser session: nothing of an earlier one, or of a visitor's, lives on in it."""
    if current_user.is_authenticated:
        signin.sign_out(current_user.session_id, clock.now())
    session.clear()
    session.permanent = True
    login_user(Reader(0, "", "", 0, (), token))


def _wait(seconds: int) -> str:
    return f"För många försök. Vänta {seconds} {'sekund' if seconds == 1 else 'sekunder'} och försök sedan igen."


def _throttle_key() -> bytes:
    return str(current_app.config["SECRET_KEY"]).encode()
