"""Pages of one occasion: begun, read, ended, prolonged, cancelled, corrected, registered as an avvikelse."""

from collections.abc import Callable

from flask import abort, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import SelectChoice

from tracker import clock
from tracker.accounts.queries import UnitRow, kept_units
from tracker.audit import reads
from tracker.cases.assessing import code_choices
from tracker.cases.missed import find_miss, register_complaint
from tracker.cases.registers import COMPLAINTS
from tracker.cases.single import find_case
from tracker.database import db
from tracker.guarantees.forms import (
    CancelForm,
    CauseForm,
    CorrectForm,
    EndForm,
    ProlongForm,
    StartForm,
    corrected_with,
)
from tracker.guarantees.pages import mark_of
from tracker.guarantees.queries import GuaranteeRow, OccasionRow, find_guarantee, find_occasion, guarantee_of
from tracker.guarantees.services import (
    Who,
    cancel_occasion,
    correct_occasion,
    end_occasion,
    prolong_occasion,
    register_late,
    start_occasion,
)
from tracker.guarantees.views import blueprint
from tracker.guarantees.words import limit_words
from tracker.records.forms import YearlyForm
from tracker.records.grants import visible_record
from tracker.records.models import CodeList
from tracker.records.queries import kept_label
from tracker.records.scope import scope_of, written_scope
from tracker.records.versions import StaleVersion
from tracker.rules.calendar import in_words
from tracker.rules.errors import RuleViolation
from tracker.rules.guarantee_occasions import is_missed
from tracker.rules.permissions import Permission
from tracker.rules.trail import ReadKind
from tracker.web.access import requires
from tracker.web.pagination import LARGEST_ID
from tracker.web.typed import keeps_typed

ONE = f"/garantier/tillfallen/<int(max={LARGEST_ID}):record_id>"
STALE = "Någon annan har ändrat det sedan du öppnade sidan. Så här står det nu: {now}. Spara igen om det ska gälla."
STALE_COMPLAINT = "Någon annan har ändrat synpunkten sedan du öppnade sidan. Läs den, och spara igen."
UNCHOSEN = SelectChoice("", "Välj")


@blueprint.route("/garantier/<slug>/ny", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.HANDLE_GUARANTEES)
def start(slug: str) -> ResponseReturnValue:
    """Write down that the time of a guarantee has begun."""
    guarantee = find_guarantee(slug)
    if guarantee is None or guarantee.of_complaints:
        abort(404)
    form = StartForm(data={"startdatum": clock.today()})
    units = _units()
    form.enhet.choices = [UNCHOSEN, *(SelectChoice(str(unit.id), "\u2003" * unit.depth + unit.name) for unit in units)]
    if len(units) == 1 and not form.is_submitted() and not form.restored:
        form.enhet.data = str(units[0].id)
    if form.validate_on_submit():
        unit_id = int(form.enhet.data)
        try:
            record_id, number = start_occasion(guarantee, form.referens.data, unit_id, form.startdatum.data, _who())
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(f"Sparat med nummer {number}.")
            return redirect(f"/garantier/tillfallen/{record_id}", 303)
    page = render_template(
        "guarantees/start.html", form=form, guarantee=guarantee, limit=limit_words(guarantee.limit)
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200


@blueprint.get(ONE)
@requires(Permission.READ_GUARANTEES)
def occasion(record_id: int) -> ResponseReturnValue:
    """One occasion: its days, how it stands, and the avvikelse that it has become."""
    row = find_occasion(record_id, scope_of(current_user, Permission.READ_GUARANTEES))
    if row is None:
        abort(404)
    guarantee, today, miss = guarantee_of(row.guarantee_id), clock.today(), find_miss(record_id)
    shown = miss is not None and current_user.allows(Permission.READ_DEVIATIONS) and visible_record(
        miss.deviation_id, scope_of(current_user, Permission.READ_DEVIATIONS)
    ) is not None  # fmt: skip
    mark, cause = mark_of(row, guarantee, today), kept_label(CodeList.DEVIATION_CAUSE, miss.cause_id) if miss else ""
    runs = row.days.ended_on is None and row.days.cancelled_on is None
    may = find_occasion(record_id, written_scope(current_user, Permission.HANDLE_GUARANTEES)) is not None
    reads.note_read(ReadKind.RECORD, record_id=record_id, all_read=True)
    return render_template(
        "guarantees/occasion.html", row=row, guarantee=guarantee, mark=mark, limit=limit_words(guarantee.limit),
        miss=miss, shown=shown, cause=cause, may=may, runs=runs,
        late=is_missed(row.days, today) and (miss is None or miss.righted_on is not None),
    )  # fmt: skip


@blueprint.route(f"{ONE}/klart", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.HANDLE_GUARANTEES)
def end(record_id: int) -> ResponseReturnValue:
    """Write the day on which it was done; with why, when that is after the last day."""
    row, guarantee = _written(record_id)
    form = EndForm(data={"version": str(row.version), "slutdatum": clock.today()})
    _offer_causes(form, row)
    if not guarantee.recurs:
        del form.again
    if form.validate_on_submit():
        again = "again" in form and bool(form.again.data)

        def save(seen: int) -> str:
            ended = end_occasion(guarantee, row, seen, form.slutdatum.data, _cause(form), _who(), begins_next=again)
            more = " Nästa tid har börjat." if ended.next_id else ""
            return _told("Sparat.", ended.deviation) + more

        if said := _saved(form, row, guarantee, save):
            flash(said)
            return redirect(f"/garantier/tillfallen/{record_id}", 303)
    return _page("Klart", form, row, guarantee)


@blueprint.route(f"{ONE}/forlang", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.HANDLE_GUARANTEES)
def prolong(record_id: int) -> ResponseReturnValue:
    """Write a decision of a later last day."""
    row, guarantee = _written(record_id)
    if guarantee.prolonged_for is None:
        abort(404)
    form = ProlongForm(data={"version": str(row.version)})
    if form.validate_on_submit():
        given = (form.forlangd_till.data, form.beslutad.data, form.skal.data, _who())

        def save(seen: int) -> str:
            prolong_occasion(guarantee, row, seen, *given)
            return "Förlängningen är sparad."

        if said := _saved(form, row, guarantee, save):
            flash(said)
            return redirect(f"/garantier/tillfallen/{record_id}", 303)
    return _page("Förläng", form, row, guarantee)


@blueprint.route(f"{ONE}/avbryt", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.HANDLE_GUARANTEES)
def cancel(record_id: int) -> ResponseReturnValue:
    """Write that it never came to its end, and why."""
    row, guarantee = _written(record_id)
    form = CancelForm(data={"version": str(row.version), "avbruten": clock.today()})
    if form.validate_on_submit():

        def save(seen: int) -> str:
            cancel_occasion(guarantee, row, seen, form.avbruten.data, form.reason.data, _who())
            return "Avbrutet. Det räknas inte."

        if said := _saved(form, row, guarantee, save):
            flash(said)
            return redirect(f"/garantier/tillfallen/{record_id}", 303)
    return _page("Avbryt", form, row, guarantee)


@blueprint.route(f"{ONE}/ratta", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.HANDLE_GUARANTEES)
def correct(record_id: int) -> ResponseReturnValue:
    """Correct reference and days."""
    row, guarantee = _written(record_id)
    form = CorrectForm(data=corrected_with(row))
    _offer_causes(form, row)
    if form.validate_on_submit():

        def save(seen: int) -> str:
            cause, reason = _cause(form), form.reason.data
            return _told(
                "Rättelsen är sparad.",
                correct_occasion(guarantee, row, seen, form.said(), cause, reason, _who()),
            )

        if said := _saved(form, row, guarantee, save):
            flash(said)
            return redirect(f"/garantier/tillfallen/{record_id}", 303)
    return _page("Rätta", form, row, guarantee)


@blueprint.route(f"{ONE}/avvikelse", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.HANDLE_GUARANTEES)
def register_missed(record_id: int) -> ResponseReturnValue:
    """Register an occasion whose last day has passed as an avvikelse."""
    row, guarantee = _written(record_id)
    form = CauseForm(data={"version": str(row.version)})
    _offer_causes(form, row)
    if form.validate_on_submit():

        def save(seen: int) -> str:
            return _told("Sparat.", register_late(guarantee, row, seen, _cause(form), _who()))

        if said := _saved(form, row, guarantee, save):
            flash(said)
            return redirect(f"/garantier/tillfallen/{record_id}", 303)
    return _page("Registrera som avvikelse", form, row, guarantee)


@blueprint.route(f"/garantier/synpunkter/<int(max={LARGEST_ID}):record_id>/avvikelse", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.HANDLE_COMPLAINTS)
def register_complaint_missed(record_id: int) -> ResponseReturnValue:
    """Register a synpunkt that was not answered in time as an avvikelse."""
    case = find_case(COMPLAINTS, record_id, written_scope(current_user, Permission.HANDLE_COMPLAINTS))
    if case is None:
        abort(404)
    form = CauseForm(data={"version": str(case["version"])})
    form.cause.choices = code_choices(CodeList.DEVIATION_CAUSE, None, clock.today())
    if form.validate_on_submit():
        who = _who()
        try:
            number = register_complaint(
                case, form.seen_version, _cause(form), current_user.user_id, who.now, who.today
            )  # fmt: skip
        except StaleVersion:
            db.session.rollback()
            form.form_errors.append(
                "Någon annan har ändrat synpunkten sedan du öppnade sidan. Läs den, och spara igen."
            )
            form.version.data = str(case["version"])
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(_told("Sparat.", number))
            return redirect(f"/synpunkter/{record_id}", 303)
    page = render_template(
        "guarantees/change.html", form=form, heading=f"Registrera som avvikelse, {case['number']}",
        lead=f"Svaret skulle ha kommit senast {in_words(case['due_on'])}.", back=f"/synpunkter/{record_id}",
        button="Registrera som avvikelse",
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200


def _units() -> list[UnitRow]:
    today = clock.today()
    units = kept_units(current_user.reach(Permission.HANDLE_GUARANTEES))
    return [unit for unit in units if unit.valid_until is None or unit.valid_until >= today]


def _who() -> Who:
    return Who(current_user.user_id, clock.now(), clock.today())


def _written(record_id: int) -> tuple[OccasionRow, GuaranteeRow]:
    """The occasion and its guarantee; 404 when there is none that the reader may write."""
    row = find_occasion(record_id, written_scope(current_user, Permission.HANDLE_GUARANTEES))
    if row is None:
        abort(404)
    return row, guarantee_of(row.guarantee_id)


def _offer_causes(form: YearlyForm, row: OccasionRow) -> None:
    miss = find_miss(row.record_id)
    chosen = miss.cause_id if miss else None
    form["cause"].choices = code_choices(CodeList.DEVIATION_CAUSE, chosen, clock.today())
    if chosen is not None and not form.is_submitted() and not form.restored:
        form["cause"].data = str(chosen)


def _cause(form: YearlyForm) -> int | None:
    given = form["cause"].data or ""
    return int(given) if given.isdecimal() else None


def _told(said: str, deviation: str | None) -> str:
    return f"{said} Det är registrerat som avvikelse {deviation}." if deviation else said


def _saved(form: YearlyForm, row: OccasionRow, guarantee: GuaranteeRow, save: Callable[[int], str]) -> str:
    """What is said once it was saved; empty when it was refused, and what refused it stands beside its field."""
    try:
        return save(form.seen_version)
    except StaleVersion:
        db.session.rollback()
        now = f"{row.ref}, {mark_of(row, guarantee, clock.today()).word.lower()}, från {in_words(row.days.started_on)}"
        form.form_errors.append(STALE.format(now=now))
        form.version.data = str(row.version)
    except RuleViolation as violation:
        db.session.rollback()
        form.refuse(violation)
    return ""


def _page(what: str, form: YearlyForm, row: OccasionRow, guarantee: GuaranteeRow) -> ResponseReturnValue:
    days = row.days
    lead = f"{guarantee.name}, {row.ref}. Började {in_words(days.started_on)}, sista dagen är {in_words(days.due_on)}."
    page = render_template(
        "guarantees/change.html", form=form, heading=f"{what}, {row.number}", lead=lead,
        back=f"/garantier/tillfallen/{row.record_id}", button=what if what != "Klart" else "Spara som klart",
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200
