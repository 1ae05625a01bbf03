"""Pages for the administrator: who there is, with which roles, and for which units."""

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import SelectChoice

from tracker import clock
from tracker.accounts import services
from tracker.accounts.forms import EmptyForm, NewUserForm, RoleForm
from tracker.accounts.queries import find_user_by_id, list_role_rows, list_units, list_users, unit_by_id
from tracker.accounts.reader import Reach
from tracker.logs import log
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission, Role
from tracker.web.access import requires
from tracker.web.pagination import LARGEST_ID

blueprint = Blueprint("administration", __name__)


def _reach() -> Reach:
    reach: Reach = current_user.reach(Permission.MANAGE_USERS)
    return reach


def _tell(event: str, target_id: int) -> None:
    """Who did what to whose account, by number."""
    log().info(event, user_id=current_user.user_id, target_id=target_id)


def _unit_choices() -> list[SelectChoice]:
    return [SelectChoice(unit.id, "\u2003" * unit.depth + unit.name) for unit in list_units(_reach())]


def _invitation(name: str, user_id: int, code: str) -> str:
    """The page that shows a one-time link, at the address that visitors use."""
    base = current_app.config["BASE_URL"] or request.url_root.rstrip("/")
    link = base + url_for("accounts.use_code", code=code)
    return render_template("accounts/invitation.html", name=name, user_id=user_id, link=link, hours=services.CODE_HOURS)


@blueprint.get("/admin")
@requires(Permission.READ_ADMINISTRATION)
def index() -> ResponseReturnValue:
    """Users and units."""
    return render_template(
        "accounts/administration.html", users=list_users(clock.today(), _reach()), units=list_units(_reach())
    )


@blueprint.route("/admin/anvandare/ny", methods=["GET", "POST"])
@requires(Permission.MANAGE_USERS)
def new_user() -> ResponseReturnValue:
    """A new user with a first role; shows the one-time link."""
    form = NewUserForm()
    form.unit.choices = _unit_choices()
    if form.validate_on_submit():
        now, today = clock.now(), clock.today()
        try:
            user = services.create_user(form.email.data, form.name.data, None, now)
            unit = unit_by_id(form.unit.data)
            services.give_role(user, Role(form.role.data), unit, now, today, form.to_on.data)
            code = services.make_code(user, now)
            _tell("user_created", user.id)
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            return _invitation(user.name, user.id, code)
    return render_template("accounts/new_user.html", form=form), 422 if form.is_submitted() else 200


@blueprint.route(f"/admin/anvandare/<int(max={LARGEST_ID}):user_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_USERS)
def user(user_id: int) -> ResponseReturnValue:
    """One user: roles to give and take, a new one-time link, deactivation. Nobody changes their own."""
    found = find_user_by_id(user_id, _reach())
    if found is None:
        abort(404)
    form = RoleForm()
    form.unit.choices = _unit_choices()
    own = found.id == current_user.user_id
    if form.validate_on_submit():
        if own:
            abort(403)
        try:
            unit = unit_by_id(form.unit.data)
            services.give_role(found, Role(form.role.data), unit, clock.now(), clock.today(), form.to_on.data)
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            _tell("role_given", user_id)
            flash("Rollen är sparad. Personen får logga in på nytt.")
            return redirect(url_for("administration.user", user_id=user_id), 303)
    page = render_template(
        "accounts/user.html", user=found, roles=list_role_rows(user_id), form=form, own=own, token=EmptyForm()
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.post(f"/admin/anvandare/<int(max={LARGEST_ID}):user_id>/<step>")
@requires(Permission.MANAGE_USERS)
def change_user(user_id: int, step: str) -> ResponseReturnValue:
    """Takes a role away, makes a new one-time link, or deactivates."""
    found = find_user_by_id(user_id, _reach())
    if found is None or step not in {"ta-bort-roll", "ny-kod", "avsluta"} or (step == "ny-kod" and not found.active):
        abort(404)
    if found.id == current_user.user_id:
        abort(403)
    now = clock.now()
    if step == "ny-kod":
        _tell("code_made", user_id)
        return _invitation(found.name, found.id, services.make_code(found, now))
    if step == "avsluta":
        services.deactivate(found, now)
        _tell("user_deactivated", user_id)
        flash(f"{found.name} kan inte längre logga in.")
        return redirect(url_for("administration.index"), 303)
    if services.take_role(found, request.form.get("roll", type=int) or 0, now):
        _tell("role_taken", user_id)
        flash("Rollen är borttagen. Personen får logga in på nytt.")
    return redirect(url_for("administration.user", user_id=user_id), 303)
