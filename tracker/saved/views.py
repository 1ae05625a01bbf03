"""Pages of saved views: all that the reader has, saving, changing and removing one, and opening it."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker import clock
from tracker.accounts.queries import kept_units
from tracker.accounts.reader import reach_of
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission
from tracker.rules.saved_views import kept_filter, viewed_register
from tracker.saved.forms import JUST_ME, ViewForm
from tracker.saved.pages import REGISTER, ViewLine, may_open, opened, places_of, register_label, view_line
from tracker.saved.queries import ViewRow, find_shared, find_view, list_shared, list_views
from tracker.saved.services import change_view, remove_view, save_view
from tracker.web.access import signed_in
from tracker.web.forms import Form
from tracker.web.pagination import LARGEST_ID
from tracker.web.typed import keeps_typed

blueprint = Blueprint("saved", __name__)
ONE = f"/vyer/<int(max={LARGEST_ID}):view_id>"


def views_of(path: str, parameters: dict[str, object]) -> ViewLine:
    """The line of views over a register, for its template."""
    return view_line(path, parameters, request.args, current_user)


@blueprint.get("/vyer")
@signed_in
def index() -> ResponseReturnValue:
    """The reader's views, their own and those shared with where they work, and those of units that they look after."""
    found = list_views(current_user.user_id, places_of(current_user))
    mine = [row for row in found if row.owner_id == current_user.user_id or may_open(row, current_user)]
    known = {row.id for row in mine}
    tidied = [row for row in list_shared(_looked_after()) if row.id not in known and may_open(row, current_user)]
    lines = [
        (row, register_label(row.path), row.owner_id == current_user.user_id, _tidies(row), may_open(row, current_user))
        for row in mine
    ]
    others = [(row, register_label(row.path)) for row in tidied]
    return render_template("saved/index.html", lines=lines, others=others, form=Form())


@blueprint.route("/vyer/ny", methods=["GET", "POST"])
@keeps_typed
@signed_in
def new() -> ResponseReturnValue:
    """Save a list as it is: `register` is the register's address, the other parameters are its filter."""
    path = request.args.get(REGISTER, "")
    if not path:
        return redirect(url_for("saved.index"), 303)
    register, form = viewed_register(path), ViewForm(_units(), data={"unit": JUST_ME})
    if register is None or not any(current_user.allows(permission) for permission in register.opens):
        abort(404)
    if form.validate_on_submit():
        try:
            kept = kept_filter(path, request.args.items())
            view_id = save_view(path, form.name.data, kept, form.unit_id, current_user.user_id, clock.now())
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash("Vyn är sparad.")
            return redirect(url_for("saved.opens", view_id=view_id), 303)
    page = render_template("saved/edit.html", form=form, row=None, register=register.label, back=path)
    return page, 422 if form.is_submitted() else 200


@blueprint.get(ONE)
@signed_in
def opens(view_id: int) -> ResponseReturnValue:
    """The list that a view leads to, as the reader may see it; tells where the view names what is gone."""
    row = find_view(view_id, current_user.user_id, places_of(current_user))
    if row is None or not may_open(row, current_user):
        abort(404)
    address, told = opened(row)
    for sentence in told:
        flash(sentence)
    return redirect(address, 303)


@blueprint.route(f"{ONE}/andra", methods=["GET", "POST"])
@keeps_typed
@signed_in
def change(view_id: int) -> ResponseReturnValue:
    """Another name for a view of one's own, or another unit to share it with."""
    row = find_view(view_id, current_user.user_id, places_of(current_user))
    if row is None or row.owner_id != current_user.user_id:
        abort(404)
    units = _units()
    if row.unit_id is not None and row.unit_id not in {number for number, _ in units}:
        units.append((row.unit_id, row.unit or ""))
    form = ViewForm(units, data={"name": row.name, "unit": str(row.unit_id or JUST_ME)})
    if form.validate_on_submit():
        try:
            changed = change_view(view_id, form.name.data, form.unit_id)
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash("Vyn är ändrad." if changed else "Inget var ändrat.")
            return redirect(url_for("saved.index"), 303)
    page = render_template(
        "saved/edit.html", form=form, row=row, register=register_label(row.path), back=url_for("saved.index")
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.post(f"{ONE}/ta-bort")
@signed_in
def remove(view_id: int) -> ResponseReturnValue:
    """Remove a view of one's own, or one shared with a unit that one looks after."""
    row = find_view(view_id, current_user.user_id, places_of(current_user)) or find_shared(view_id, _looked_after())
    if row is None or not (row.owner_id == current_user.user_id or _tidies(row)):
        abort(404)
    remove_view(view_id)
    flash(f"Vyn {row.name} är borttagen.")
    return redirect(url_for("saved.index"), 303)


def _looked_after() -> list[tuple[int, int]]:
    """The units whose shared views the reader may take away: those whose actions they manage."""
    reach = current_user.reach(Permission.MANAGE_ACTIONS)
    return [(0, LARGEST_ID)] if reach.everything else list(reach.intervals)


def _tidies(row: ViewRow) -> bool:
    looked_after = current_user.reach(Permission.MANAGE_ACTIONS)
    return row.place is not None and looked_after.covers(row.place) and may_open(row, current_user)


def _units() -> list[tuple[int, str]]:
    """The units that the reader may share a view with: those that their roles reach."""
    today = clock.today()
    units = kept_units(reach_of(current_user.held))
    return [
        (unit.id, "\u2003" * unit.depth + unit.name)
        for unit in units
        if unit.valid_until is None or unit.valid_until >= today
    ]
