"""Pages where the days, the law, the kind and the unit of a case are put right."""

from flask import abort, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker import clock
from tracker.accounts.queries import kept_units
from tracker.accounts.reader import EVERYTHING
from tracker.audit import reads
from tracker.cases.access import case_scope, whole_scope
from tracker.cases.case_views import ID, STALE, may_take
from tracker.cases.correcting import CHOSEN, DAYS, correct_case, correctable
from tracker.cases.forms import CorrectForm, choices_of
from tracker.cases.pages import WORDS
from tracker.cases.registers import COMPLAINTS, DEVIATIONS, LEX_SARAH, CaseRegister, Stored
from tracker.cases.retention import is_cleared
from tracker.cases.single import find_case
from tracker.cases.views import blueprint
from tracker.database import db
from tracker.records.versions import StaleVersion
from tracker.rules.case_workflow import CaseKind, CaseState, CaseStep, possible_steps
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission
from tracker.rules.trail import ReadKind
from tracker.web.access import requires
from tracker.web.typed import keeps_typed

MOVED = "Ärendet är flyttat till en enhet som du inte arbetar med. De som arbetar där ser det nu."


@blueprint.route(f"/avvikelser/{ID}/ratta", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.HANDLE_DEVIATIONS)
def correct_deviation(record_id: int) -> ResponseReturnValue:
    """Put an avvikelse right."""
    return _correct(DEVIATIONS, record_id)


@blueprint.route(f"/lex-sarah/{ID}/ratta", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.DECIDE_LEX_SARAH)
def correct_lex_sarah(record_id: int) -> ResponseReturnValue:
    """Put a lex Sarah-rapport right."""
    return _correct(LEX_SARAH, record_id)


@blueprint.route(f"/synpunkter/{ID}/ratta", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.HANDLE_COMPLAINTS)
def correct_complaint(record_id: int) -> ResponseReturnValue:
    """Put a synpunkt right."""
    return _correct(COMPLAINTS, record_id)


def _correct(register: CaseRegister, record_id: int) -> ResponseReturnValue:
    row = _found(register, record_id)
    names = correctable(register, row)
    fields = {name: (DAYS | CHOSEN)[name][0] for name in names}
    form = CorrectForm(data={field: row[name] for name, field in fields.items()} | _stands(row))
    form.keep(set(fields.values()))
    form.enhet.choices = choices_of(_units(row))
    if form.validate_on_submit():
        said = {name: form[field].data or None for name, field in fields.items()}
        said["unit_id"] = int(form.enhet.data)
        try:
            changed = correct_case(
                register, row, form.seen_version, said, form.reason.data or "", current_user.user_id, clock.now(),
                clock.today(),
            )  # fmt: skip
        except StaleVersion:
            db.session.rollback()
            row = _found(register, record_id)
            form.form_errors.append(STALE)
            form.version.data = str(row["version"])
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            return _done(register, record_id, changed=changed)
    page = render_template(
        "cases/correct.html", form=form, row=row, back=f"{WORDS[register.kind].path}/{record_id}",
        fields=[*fields.values(), "enhet", "reason"], lex_sarah=register is LEX_SARAH,
    )  # fmt: skip
    (reads.note_read_of_refused if form.is_submitted() else reads.note_read)(ReadKind.RECORD, record_id=record_id)
    return page, 422 if form.is_submitted() else 200


def _found(register: CaseRegister, record_id: int) -> Stored:
    """The case, for who may put it right; 404 for everybody else and once it is another's."""
    row = find_case(register, record_id, whole_scope(register, current_user))
    if row is None or row["record_kind"] != register.kind.value:
        abort(404)
    steps = possible_steps(CaseKind(register.kind.value), CaseState(row["state"]))
    table = next((one for one in steps if one.step is CaseStep.CORRECT), None)
    if table is None or is_cleared(record_id) or not may_take(table, row):
        abort(404)
    return row


def _stands(row: Stored) -> dict[str, str]:
    return {"version": str(row["version"]), "enhet": str(row["unit_id"])}


def _units(row: Stored) -> dict[str, str]:
    """Those that are there today, and the one that the case is of."""
    today = clock.today()
    kept = [
        unit for unit in kept_units(EVERYTHING)
        if unit.valid_until is None or unit.valid_until >= today or unit.id == row["unit_id"]
    ]  # fmt: skip
    return {str(unit.id): "\u2003" * unit.depth + unit.name for unit in kept}


def _done(register: CaseRegister, record_id: int, *, changed: bool) -> ResponseReturnValue:
    """To the case, or to the register when it has been moved out of the reader's sight."""
    path = WORDS[register.kind].path
    if find_case(register, record_id, case_scope(register, current_user)) is None:
        flash(MOVED)
        return redirect(path, 303)
    flash("Rättat." if changed else "Inget var ändrat.")
    return redirect(f"{path}/{record_id}", 303)
