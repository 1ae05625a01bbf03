"""Pages where the quality lead lays up a guarantee, and changes limit and target."""

from flask import abort, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from tracker.database import db
from tracker.guarantees.forms import GuaranteeForm
from tracker.guarantees.queries import find_guarantee
from tracker.guarantees.services import add_guarantee, change_guarantee
from tracker.guarantees.views import blueprint
from tracker.guarantees.words import limit_words
from tracker.records.versions import StaleVersion
from tracker.rules.errors import RuleViolation
from tracker.rules.guarantees import LimitUnit
from tracker.rules.permissions import Permission
from tracker.web.access import requires
from tracker.web.typed import keeps_typed

STALE = "Någon annan har ändrat garantin sedan du öppnade sidan. Nu gäller {limit} och målet {target} %. Spara igen."


@blueprint.route("/garantier/ny", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.MANAGE_GUARANTEES)
def new_guarantee() -> ResponseReturnValue:
    """Lay up a guarantee of the municipality's own."""
    form = GuaranteeForm(data={"target": 100, "unit": LimitUnit.DAYS.value})
    if form.validate_on_submit() and form.in_order():
        try:
            slug = add_guarantee(form.said())
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash("Garantin är upplagd.")
            return redirect(f"/garantier/{slug}", 303)
    page = render_template(
        "guarantees/setting.html", form=form, heading="Ny garanti", guarantee=None, back="/garantier"
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.route("/garantier/<slug>/andra", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.MANAGE_GUARANTEES)
def change(slug: str) -> ResponseReturnValue:
    """Change a guarantee; what the law limits keeps its limit."""
    guarantee = find_guarantee(slug)
    if guarantee is None:
        abort(404)
    limit = guarantee.limit
    form = GuaranteeForm(
        data={
            "version": str(guarantee.version), "name": guarantee.name, "starts_with": guarantee.starts_with,
            "ends_with": guarantee.ends_with, "number": limit.number, "target": limit.target, "roll": limit.roll,
            "law": guarantee.law, "active_from": guarantee.active_from, "active_to": guarantee.active_to,
        }
    )  # fmt: skip
    form.for_guarantee(guarantee)
    if form.validate_on_submit() and form.in_order():
        try:
            changed = change_guarantee(guarantee, form.seen_version, form.said())
        except StaleVersion:
            db.session.rollback()
            form.form_errors.append(STALE.format(limit=limit_words(limit), target=limit.target))
            form.version.data = str(guarantee.version)
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash("Garantin är ändrad." if changed else "Inget var ändrat.")
            return redirect(f"/garantier/{slug}", 303)
    page = render_template(
        "guarantees/setting.html", form=form, heading=f"Ändra {guarantee.name}", guarantee=guarantee,
        limit=limit_words(limit), back=f"/garantier/{slug}",
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200
