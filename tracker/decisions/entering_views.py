"""The page where a new decision is entered, with a T-number for somebody who has no personnummer."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import SelectChoice

from tracker import clock
from tracker.accounts.queries import list_units
from tracker.audit import reads
from tracker.database import db
from tracker.decisions import entering
from tracker.decisions.blueprint import blueprint
from tracker.decisions.correcting import CorrectionRefused
from tracker.decisions.entering import Entry, SameBirth
from tracker.decisions.entering_forms import T_NUMBER, NewDecisionForm
from tracker.decisions.planning import Importer
from tracker.decisions.single import get_person
from tracker.records.models import CodeList
from tracker.records.queries import code_labels, offered_codes
from tracker.records.scope import scope_of
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission
from tracker.rules.trail import ReadKind
from tracker.web.access import requires
from tracker.web.typed import keeps_typed

NOBODY = 0


@dataclass(frozen=True, slots=True)
class Offered:
    """A T-number that the form has been filled with."""

    number: str
    others: int


@blueprint.route("/beslut/nytt", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.CORRECT_DECISIONS)
def new_decision() -> ResponseReturnValue:
    """Enters a decision. Who may not bring in identities is not asked whom it is about."""
    form, status, offered = NewDecisionForm(), 200, None
    same = _prepare(form)
    if not form.is_submitted():
        if not form.restored:
            form.begin(_home_unit(), current_user.name)
    elif request.form.get("steg") == T_NUMBER and form.person is not None:
        offered = _offer_number(form, len(same))
        status = 200 if offered else 422
    else:
        record_id = _save(form)
        if record_id is not None:
            flash("Beslutet är sparat.")
            return redirect(url_for("decisions.decision", record_id=record_id), 303)
        status = 422
    note = reads.note_read_of_refused if status == 422 else reads.note_read
    for other in same:  # that somebody born that day is the other decision's, too, tells who they are
        note(ReadKind.IDENTITY, record_id=other.record_id)
    page = render_template(
        "decisions/new.html", form=form, offered=offered, same=same,
        interventions=[choice.label for choice in offered_codes(CodeList.INTERVENTION, clock.today())],
    )  # fmt: skip
    return page, status


def _prepare(form: NewDecisionForm) -> list[SameBirth]:
    """Fills the choices; gives the decisions that may be about the same person without a personnummer."""
    reach = current_user.reach(Permission.CORRECT_DECISIONS)
    form.enhet.choices = [
        SelectChoice(unit.name, "\u2003" * unit.depth + unit.name)
        for unit in list_units(reach)
        if unit.valid_until is None or unit.valid_until >= clock.today()
    ]
    form.offer_legal_bases()
    if not current_user.allows(Permission.IMPORT_IDENTITIES):
        form.leave_out_person()
        return []
    born_on, same = form.born_on(), []
    if born_on is not None and form.kon.data:
        scope = scope_of(current_user, Permission.READ_DECISIONS)
        same = entering.same_birth(born_on, form.kon.data, scope, current_user.reach(Permission.READ_IDENTITIES))
    labels = code_labels(CodeList.INTERVENTION) if same else {}
    form.samma_som.choices = [
        SelectChoice(NOBODY, "En annan person"),
        *(SelectChoice(one.record_id, f"Samma som i {one.ref}, {labels[one.intervention_id]}") for one in same),
    ]
    return same


def _home_unit() -> str:
    home = current_user.home_unit(Permission.CORRECT_DECISIONS)
    return home.unit_name if home else ""


def _offer_number(form: NewDecisionForm, others: int) -> Offered | None:
    """Fills the form with a T-number that is nobody's; None (told beside its field) when it cannot be made."""
    born_on = form.needed_birth()
    if born_on is None:
        return None
    try:
        number = entering.free_t_number(born_on, form.kon.data)
    except RuleViolation as violation:
        form.refuse(violation)
        return None
    form.fill_number(number)
    return Offered(number, others)


def _save(form: NewDecisionForm) -> int | None:
    """The new record, None when it is refused: told beside the fields."""
    if not form.validate():
        form.texts()
        return None
    texts = form.texts()
    if texts is None or form.point_out():
        return None
    chosen = form.samma_som.data if form.person is not None else NOBODY
    if chosen:
        texts["person"] = get_person(chosen) or ""
    if form.contradicts(texts.get("person", "")):
        return None
    importer = Importer(
        home_unit_id=NOBODY,  # the form always names its unit
        reaches=lambda: (
            current_user.reach(Permission.CORRECT_DECISIONS),
            current_user.reach(Permission.IMPORT_IDENTITIES),
        ),
        reader_id=current_user.user_id,
    )
    entry = Entry(texts, form.ersatter.data or "", "" if chosen else form.free_number())
    scope = scope_of(current_user, Permission.READ_DECISIONS)
    try:
        return entering.enter_decision(entry, importer, scope, clock.today(), clock.now())
    except CorrectionRefused as refused:
        db.session.rollback()
        for violation in refused.violations:
            form.refuse(violation)
        return None
