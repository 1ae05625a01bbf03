"""The page where an employee writes down a synpunkt that came by letter, telephone or in a meeting."""

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker import clock
from tracker.accounts.queries import kept_units
from tracker.cases.forms import UNCHOSEN, choices_of
from tracker.cases.public_forms import EnteredForm
from tracker.cases.registers import COMPLAINTS
from tracker.cases.services import Report, report_case
from tracker.cases.texts import Section
from tracker.cases.views import blueprint
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission
from tracker.web.access import requires
from tracker.web.typed import keeps_typed

FIELD_OF = {"mottagen": "received_on"}


@blueprint.route("/synpunkter/ny", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.HANDLE_COMPLAINTS)
def new_complaint() -> ResponseReturnValue:
    """Write down a synpunkt; it is received with that, and its days run from the day it came."""
    today = clock.today()
    form = EnteredForm(data={"received_on": today})
    units = kept_units(current_user.reach(Permission.HANDLE_COMPLAINTS))
    found = [unit for unit in units if unit.valid_until is None or unit.valid_until >= today]
    names = {str(unit.id): "\u2003" * unit.depth + unit.name for unit in found}
    form.enhet.choices = choices_of({UNCHOSEN: "Välj"} | names)
    if form.validate_on_submit() and not form.point_out():
        report = Report(
            COMPLAINTS, int(form.enhet.data), None, {Section.WHAT: form.what.data}, (),
            {"kind": form.kind.data, "received_on": form.received_on.data}, person_numbers=True,
            entered_by=current_user.user_id,
        )  # fmt: skip
        try:
            record_id, number = report_case(report, None, form.contact, clock.now(), today)
        except RuleViolation as violation:
            field = FIELD_OF.get(violation.field or "", violation.field)
            form.refuse(RuleViolation(violation.code, violation.message[:1].upper() + violation.message[1:], field))
        else:
            flash(f"Synpunkten har nummer {number}.")
            return redirect(f"/synpunkter/{record_id}", 303)
    return render_template("cases/new_complaint.html", form=form), 422 if form.is_submitted() else 200
