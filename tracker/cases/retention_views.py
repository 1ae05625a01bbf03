"""Pages of gallring: the rule of each kind, what is due by it today, and the act, after the password."""

from flask import abort, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker import clock
from tracker.cases.clearing import clear_cases
from tracker.cases.pages import WORDS
from tracker.cases.registers import REGISTERS
from tracker.cases.retention import clearing_scope, count_due, kept_months, list_clearings, list_due, seen_as
from tracker.cases.retention_forms import ClearForm
from tracker.cases.retention_pages import clearing_lines, kind_line, rule_words
from tracker.cases.views import blueprint
from tracker.database import db
from tracker.records.versions import StaleVersion
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission
from tracker.rules.retention import MOST_AT_ONCE
from tracker.web.access import requires

OTHERS = "Listan har ändrats sedan du öppnade sidan. Kontrollera den igen, och gallra sedan."
BY_PATH = {WORDS[kind].path.removeprefix("/"): register for kind, register in REGISTERS.items()}


@blueprint.get("/gallring")
@requires(Permission.FORGET_PERSONS)
def retention() -> ResponseReturnValue:
    """How long each kind of case is kept, how many are due today, and what has been gallrat."""
    months, today = kept_months(), clock.today()
    kinds = [
        kind_line(register, months.get(kind), count_due(register, clearing_scope(register, current_user), today))
        for kind, register in REGISTERS.items()
    ]
    return render_template("cases/retention.html", kinds=kinds, done=clearing_lines(list_clearings()), today=today)


@blueprint.route("/gallring/<kind>", methods=["GET", "POST"])
@requires(Permission.FORGET_PERSONS, confirmed="POST")
def clear(kind: str) -> ResponseReturnValue:
    """The cases of a kind that are due today, and the act of gallring them."""
    register = BY_PATH.get(kind)
    if register is None:
        abort(404)
    scope, today, form = clearing_scope(register, current_user), clock.today(), ClearForm()
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                count = clear_cases(
                    register, scope, form.seen.data or "", form.basis, current_user.user_id, clock.now(), today
                )
            except StaleVersion:
                db.session.rollback()
                form.form_errors.append(OTHERS)
                form.understood.data, status = False, 409
            except RuleViolation as violation:
                db.session.rollback()
                form.refuse(violation)
            else:
                flash(f"{count} {'ärende är gallrat' if count == 1 else 'ärenden är gallrade'}.")
                return redirect("/gallring", 303)
    due = list_due(register, scope, today, MOST_AT_ONCE)
    if status == 409 or not (form.is_submitted() or form.restored):
        form.seen.data = seen_as(due)
    page = render_template(
        "cases/clear.html", form=form, words=WORDS[register.kind], due=due, count=count_due(register, scope, today),
        rule=rule_words(kept_months().get(register.kind)), today=today,
    )  # fmt: skip
    return page, status
