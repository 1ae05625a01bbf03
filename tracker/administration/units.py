"""Pages on units: the tree with what units have been called, one unit, and new ones."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.accounts import services
from tracker.accounts import units as changing_units
from tracker.accounts.authority import changing
from tracker.accounts.lists import former_names, names_above, roles_at, search_units
from tracker.accounts.models import Unit
from tracker.accounts.queries import find_unit_by_id, list_units
from tracker.accounts.reader import Reach
from tracker.administration.forms import CloseUnitForm, MoveUnitForm, NewUnitsForm, UnitNameForm
from tracker.administration.shared import (
    STALE,
    blueprint,
    deciding_reach,
    done,
    reach,
    tell,
    unit_choices,
)
from tracker.labels import closed_note
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission
from tracker.web.access import requires
from tracker.web.forms import Form
from tracker.web.pagination import LARGEST_ID
from tracker.web.typed import keeps_typed

MANAGE = Permission.MANAGE_UNITS
UNIT = f"/admin/enheter/<int(max={LARGEST_ID}):unit_id>"
Forms = dict[str, Form]


def _unit(unit_id: int, *, now: bool = False) -> Unit:
    """The unit, 404 beyond the reader's reach; `now`: as it is under the lock."""
    found = find_unit_by_id(unit_id, deciding_reach(MANAGE) if now else reach(MANAGE))
    if found is None:
        abort(404)
    return found


def _parent(unit_id: int) -> Unit:
    """The unit chosen to lie under, under the lock."""
    found = find_unit_by_id(unit_id, deciding_reach(MANAGE))
    if found is None:
        raise RuleViolation("unit_beyond", "Välj ett av alternativen i listan.", "over")
    return found


@blueprint.get("/admin/enheter")
@requires(Permission.READ_ADMINISTRATION)
def units() -> ResponseReturnValue:
    """The tree, or the units whose name, now or before, holds what was searched for."""
    text = request.args.get("q", "").strip()
    within = reach(Permission.READ_ADMINISTRATION)
    return render_template(
        "administration/units.html",
        found=search_units(within, text),
        text=text,
        above=names_above() if text else {},
        note=closed_note,
        today=clock.today(),
    )


@blueprint.route("/admin/enheter/ny", methods=["GET", "POST"])
@keeps_typed
@requires(MANAGE)
def new_units() -> ResponseReturnValue:
    """One or more units below another."""
    form = NewUnitsForm(data={"over": request.args.get("under", type=int)})
    form.over.choices = unit_choices(reach(MANAGE))
    if form.validate_on_submit():
        names = [line.strip() for line in form.enhet.data.splitlines() if line.strip()]
        try:
            with changing():
                parent = _parent(form.over.data)
                made = services.create_units(names, parent)
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            for unit in made:
                tell("unit_created", unit.id)
            done(f"{', '.join(unit.name for unit in made)} ligger nu under {parent.name}.")
            return redirect(url_for("administration.units"), 303)
    return render_template("administration/new_units.html", form=form), 422 if form.is_submitted() else 200


def _forms(unit: Unit, step: str = "") -> Forms:
    """The page's forms as they stand, or (`step`) that one as it was sent."""
    values = {
        "namn": (UnitNameForm, {"enhet": unit.name}),
        "flytta": (MoveUnitForm, {"over": unit.parent_id}),
        "avsluta": (CloseUnitForm, {"valid_until": unit.valid_until or clock.today()}),
    }
    forms: Forms = {
        name: kind(data=data) if name == step else kind(formdata=None, data=data)
        for name, (kind, data) in values.items()
    }
    forms["flytta"].over.choices = _places(unit)
    return forms


def _places(unit: Unit) -> list[object]:
    """Where the unit can lie: open units within reach that are not below it."""
    below = {u.id for u in list_units() if unit.tree_from <= u.tree_from <= unit.tree_to}
    return [choice for choice in unit_choices(reach(MANAGE)) if choice.value not in below]


@blueprint.get(UNIT)
@requires(MANAGE)
def unit(unit_id: int) -> ResponseReturnValue:
    """One unit: where it lies, what it has been called, who has roles there, and what can be changed."""
    found = _unit(unit_id)
    return _unit_page(found, _forms(found))


def _unit_page(found: Unit, forms: Forms, refused: str = "") -> str:
    within: Reach = reach(MANAGE)
    every = {unit.id: unit for unit in list_units()}
    above = every.get(found.parent_id) if found.parent_id else None
    here = every[found.id]
    today = clock.today()
    return render_template(
        "administration/unit.html",
        unit=found,
        above=above,
        may_move=above is not None and within.covers(above.tree_from),
        below=[u for u in every.values() if here.tree_from < u.tree_from <= here.tree_to and u.depth == here.depth + 1],
        former=former_names([found.id]).get(found.id, []),
        roles=roles_at(found.id, today),
        forms=forms,
        refused=refused,
        note=closed_note,
        today=today,
    )


@blueprint.post(f"{UNIT}/<step>")
@requires(MANAGE)
def change_unit(unit_id: int, step: str) -> ResponseReturnValue:
    """Renames, moves, closes or opens a unit."""
    if step not in {"namn", "flytta", "avsluta", "oppna"}:
        abort(404)
    found = _unit(unit_id)
    forms = _forms(found, step)
    form = forms.get(step) or Form()
    if form.validate_on_submit():
        try:
            with changing():
                told = _take_step(_unit(unit_id, now=True), step, form)
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            tell(f"unit_{step}", unit_id)
            done(told)
            return redirect(url_for("administration.unit", unit_id=unit_id), 303)
    found = _unit(unit_id)
    return _unit_page(found, forms, "" if step in forms else " ".join(form.form_errors)), 422


def _take_step(found: Unit, step: str, form: Form) -> str:
    """Does what the form says, where nobody else has done something meanwhile; gives what to say of it."""
    today = clock.today()
    if step == "namn":
        _check_seen(form, found.name, f"Nu heter enheten {found.name}.", "enhet")
        changing_units.rename_unit(found, form.enhet.data, today)
        return f"Enheten heter {found.name}. Det gamla namnet går att söka på."
    if step == "flytta":
        above = find_unit_by_id(found.parent_id or 0, deciding_reach(MANAGE))
        if found.parent_id is not None and above is None:
            abort(404)
        name = above.name if above else "ingen"
        _check_seen(form, str(found.parent_id or ""), f"Nu ligger enheten under {name}.", "over")
        parent = _parent(form.over.data)
        changing_units.move_unit(found, parent, today)
        return f"{found.name} ligger nu under {parent.name}."
    if step == "avsluta":
        seen = str(found.valid_until or "")
        told = f"Nu är sista dagen {found.valid_until}." if seen else "Nu är enheten öppen."
        _check_seen(form, seen, told, "valid_until")
        changing_units.close_unit(found, form.valid_until.data)
        return f"{found.name} har {found.valid_until} som sista dag."
    changing_units.reopen_unit(found)
    return f"{found.name} är öppen igen."


def _check_seen(form: Form, value: str, now: str, field: str) -> None:
    """Refuses a change that is made on another's change without having seen it."""
    if form.seen.data != value:
        raise RuleViolation("stale", f"{STALE} {now} Kontrollera och spara igen.", field)
