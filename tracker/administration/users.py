"""Pages on people: who there is, with which roles and for which units. Nobody changes their own."""

from datetime import date

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker import clock
from tracker.accounts import granting, services
from tracker.accounts.authority import changing
from tracker.accounts.models import Unit, User
from tracker.accounts.queries import RoleRow, find_unit_by_id, find_user_by_id, list_role_rows, list_users
from tracker.administration.forms import NewUserForm, PersonForm, RoleEndForm, RoleForm
from tracker.administration.shared import (
    STALE,
    blueprint,
    deciding_reach,
    done,
    invitation,
    reach,
    tell,
    unit_choices,
)
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission, Role
from tracker.web.access import requires
from tracker.web.pagination import LARGEST_ID
from tracker.web.typed import keeps_typed

MANAGE = Permission.MANAGE_USERS
MOST_SHOWN = 100
USER = f"/admin/anvandare/<int(max={LARGEST_ID}):user_id>"
ASKED = "Rollen är begärd. Den gäller när en annan administratör har godkänt den."
STEPS = frozenset({"ta-bort-roll", "ny-kod", "avsluta", "oppna"})


def _user(user_id: int, *, now: bool = False) -> User:
    """The user, 404 beyond the reader's reach; `now`: as it is under the lock."""
    found = find_user_by_id(user_id, deciding_reach(MANAGE) if now else reach(MANAGE))
    if found is None:
        abort(404)
    return found


def _not_own(user_id: int) -> None:
    if user_id == current_user.user_id:
        abort(403)


def _unit(unit_id: int) -> Unit:
    """The chosen unit, under the lock."""
    found = find_unit_by_id(unit_id, deciding_reach(MANAGE))
    if found is None:
        raise RuleViolation("unit_beyond", "Välj ett av alternativen i listan.", "unit")
    return found


def _days(form: RoleForm) -> tuple[date, date | None]:
    """The days in a form of a role; from today where none is given."""
    from_on = form.from_on.data or clock.today()
    if from_on < clock.today():
        raise RuleViolation("role_past", "Välj i dag eller en senare dag.", "from_on")
    return from_on, form.to_on.data


@blueprint.get("/admin")
@requires(Permission.READ_ADMINISTRATION)
def index() -> ResponseReturnValue:
    """The users, found by name, address, role or state."""
    today = clock.today()
    text, role, state = (request.args.get(name, "").strip() for name in ("q", "roll", "lage"))
    wanted = text.casefold()
    found = [
        user
        for user in list_users(today, reach(Permission.READ_ADMINISTRATION))
        if (not wanted or wanted in user.name.casefold() or wanted in user.email)
        and (not role or any(row.role == role for row in user.roles))
        and (not state or state == user.state)
    ]
    return render_template(
        "administration/users.html",
        users=found if "alla" in request.args else found[:MOST_SHOWN],
        count=len(found),
        asked={"q": text, "roll": role, "lage": state},
        roles=list(Role),
    )


@blueprint.get("/admin/roller")
@requires(Permission.READ_ADMINISTRATION)
def roles() -> ResponseReturnValue:
    """What each role may do."""
    return render_template("administration/roles.html")


@blueprint.route("/admin/anvandare/ny", methods=["GET", "POST"])
@requires(MANAGE, confirmed="POST")
def new_user() -> ResponseReturnValue:
    """A new user with a first role; shows the one-time link."""
    form = NewUserForm()
    form.unit.choices = unit_choices(reach(MANAGE))
    if form.validate_on_submit():
        now = clock.now()
        try:
            with changing():
                unit = _unit(form.unit.data)
                user = services.create_user(form.email.data, form.name.data, None, now)
                given = granting.grant_role(user, Role(form.role.data), unit, _days(form), current_user.user_id, now)
                code = services.make_code(user, now)
            tell("user_created", user.id)
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            if not given:
                done(ASKED)
            return invitation(user.name, user.id, code)
    return render_template("administration/new_user.html", form=form), 422 if form.is_submitted() else 200


@blueprint.route(USER, methods=["GET", "POST"])
@requires(MANAGE, confirmed="POST")
def user(user_id: int) -> ResponseReturnValue:
    """One user: roles to give, change and end, a new one-time link, the end. Nobody changes their own."""
    _user(user_id)
    form = RoleForm()
    form.unit.choices = unit_choices(reach(MANAGE))
    if form.is_submitted():
        _not_own(user_id)
    if form.validate_on_submit():
        try:
            with changing():
                found, unit = _user(user_id, now=True), _unit(form.unit.data)
                given = granting.grant_role(
                    found, Role(form.role.data), unit, _days(form), current_user.user_id, clock.now()
                )
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            tell("role_given" if given else "role_asked_for", user_id)
            done("Rollen är sparad. Personen får logga in på nytt." if given else ASKED)
            return redirect(url_for("administration.user", user_id=user_id), 303)
    return _user_page(user_id, form), 422 if form.is_submitted() else 200


def _user_page(user_id: int, form: RoleForm, refused: str = "") -> str:
    today = clock.today()
    rows = list_role_rows(user_id)
    return render_template(
        "administration/user.html",
        user=_user(user_id),
        roles=[row for row in rows if not row.ended(today)],
        ended=[row for row in rows if row.ended(today)],
        form=form,
        own=user_id == current_user.user_id,
        today=today,
        refused=refused,
    )


@blueprint.get(f"{USER}/avslut")
@requires(MANAGE)
def close_user(user_id: int) -> ResponseReturnValue:
    """Asks whether the user shall be closed, and says what happens then."""
    found, today = _user(user_id), clock.today()
    _not_own(user_id)
    live = [row for row in list_role_rows(user_id) if not row.ended(today)]
    return render_template("administration/close_user.html", user=found, roles=live)


@blueprint.post(f"{USER}/<step>")
@requires(MANAGE, confirmed="POST")
def change_user(user_id: int, step: str) -> ResponseReturnValue:
    """Ends a role, makes a new one-time link, closes or opens the user."""
    if step not in STEPS:
        abort(404)
    _user(user_id)
    _not_own(user_id)
    try:
        with changing():
            found = _user(user_id, now=True)
            return _take_step(found, step)
    except RuleViolation as violation:
        form = RoleForm(formdata=None)
        form.unit.choices = unit_choices(reach(MANAGE))
        return _user_page(user_id, form, violation.message), 422


def _take_step(found: User, step: str) -> ResponseReturnValue:
    now, today, by = clock.now(), clock.today(), current_user.user_id
    page = redirect(url_for("administration.user", user_id=found.id), 303)
    if step == "ny-kod":
        if not found.active:
            abort(404)
        code = granting.ask_for_link(found, by, now, today)
        tell("code_made" if code else "code_asked_for", found.id)
        if code:
            return invitation(found.name, found.id, code)
        done("Engångslänken är begärd. En annan administratör behöver godkänna den, och lämnar sedan ut länken.")
    elif step == "avsluta":
        granting.close_user(found, by, now, today)
        tell("user_deactivated", found.id)
        done(f"{found.name} kan inte längre logga in, och har inga roller.")
        return redirect(url_for("administration.index"), 303)
    elif step == "oppna":
        granting.open_user(found, by)
        tell("user_opened", found.id)
        done(f"{found.name} kan logga in igen. Ge de roller som behövs.")
    elif granting.end_role(found, request.form.get("roll", type=int) or 0, by, now, today):
        tell("role_taken", found.id)
        done("Rollen är avslutad. Personen får logga in på nytt.")
    return page


@blueprint.route(f"{USER}/uppgifter", methods=["GET", "POST"])
@keeps_typed
@requires(MANAGE)
def change_person(user_id: int) -> ResponseReturnValue:
    """A user's name and address."""
    found = _user(user_id)
    _not_own(user_id)
    form = PersonForm(data={"name": found.name, "email": found.email})
    if form.validate_on_submit():
        try:
            with changing():
                found = _user(user_id, now=True)
                if (form.seen_name.data, form.seen_email.data) != (found.name, found.email):
                    told = f"{STALE} Nu står {found.name}, {found.email}. Kontrollera och spara igen."
                    raise RuleViolation("stale", told)
                granting.change_person(found, form.email.data, form.name.data)
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            tell("user_changed", user_id)
            done("Uppgifterna är sparade.")
            return redirect(url_for("administration.user", user_id=user_id), 303)
    found = _user(user_id)
    page = render_template("administration/person.html", form=form, user=found)
    return page, 422 if form.is_submitted() else 200


@blueprint.route(f"{USER}/roll/<int(max={LARGEST_ID}):role_id>", methods=["GET", "POST"])
@requires(MANAGE, confirmed="POST")
def role_end(user_id: int, role_id: int) -> ResponseReturnValue:
    """Another last day for a role."""
    found = _user(user_id)
    _not_own(user_id)
    row = _role_row(user_id, role_id)
    form = RoleEndForm(data={"to_on": row.to_on})
    if form.validate_on_submit():
        now, today = clock.now(), clock.today()
        try:
            with changing():
                found, row = _user(user_id, now=True), _role_row(user_id, role_id)
                if form.seen.data != str(row.to_on or ""):
                    told = f"{STALE} Nu gäller rollen till och med {row.to_on or 'tills vidare'}. Kontrollera."
                    raise RuleViolation("stale", told, "to_on")
                holds = granting.change_role_end(found, role_id, form.to_on.data, current_user.user_id, now, today)
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            tell("role_changed", user_id)
            done("Slutdagen är sparad. Personen får logga in på nytt." if holds else ASKED)
            return redirect(url_for("administration.user", user_id=user_id), 303)
        row = _role_row(user_id, role_id)
    page = render_template("administration/role_end.html", form=form, user=_user(user_id), row=row)
    return page, 422 if form.is_submitted() else 200


def _role_row(user_id: int, role_id: int) -> RoleRow:
    row = next((row for row in list_role_rows(user_id) if row.id == role_id), None)
    if row is None:
        abort(404)
    return row
