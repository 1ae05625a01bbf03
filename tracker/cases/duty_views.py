"""Pages of information to staff about the duty to report: who has been informed, when it is due, who is missing."""

import tempfile

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker import clock
from tracker.accounts.reader import Reach
from tracker.audit import reads
from tracker.cases.duty_forms import EndForm, InformForm, IntervalForm, OthersForm
from tracker.cases.duty_models import DutyInformation
from tracker.cases.duty_pages import COLUMNS, MARKS, exported_rows, people, unit_lines
from tracker.cases.duty_services import Informed, end_other, inform, list_others, set_interval, void_entry
from tracker.cases.duty_staff import (
    StaffRow,
    find_entry,
    find_interval,
    key_of,
    list_entries,
    list_open_units,
    list_staff,
)
from tracker.cases.views import blueprint
from tracker.database import db
from tracker.exchange.writing import Sheet, write_csv, write_xlsx
from tracker.records.forms import VoidForm
from tracker.records.versions import StaleVersion
from tracker.rules.duty_information import HOW_LABELS, STANDING_LABELS, How, Interval, Standing
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission
from tracker.rules.trail import Purpose, ReadKind
from tracker.web.access import requires
from tracker.web.files import csv_answer, xlsx_answer
from tracker.web.pagination import LARGEST_ID
from tracker.web.typed import keeps_typed

ALL = "/lex-sarah/information"
UNIT = f"{ALL}/<int(max={LARGEST_ID}):unit_id>"
STALE = "Någon annan har ändrat inställningen sedan du öppnade sidan. Läs vad som gäller nu, och spara igen."


@blueprint.get(ALL)
@requires(Permission.INFORM_STAFF)
def duty() -> ResponseReturnValue:
    """A line for each unit within reach, with how many are informed, new and missing."""
    reach, today = _reach(), clock.today()
    rows = list_staff(reach, today)
    interval, _ = find_interval()
    everybody, missing = people(rows)
    return render_template(
        "cases/duty.html", lines=unit_lines(rows, list_open_units(reach, today)), everybody=everybody,
        missing=missing, interval=interval, may_set=_may_set(), standings=Standing, labels=STANDING_LABELS,
    )  # fmt: skip


@blueprint.get(f"{ALL}/export.csv")
@requires(Permission.INFORM_STAFF)
def export_duty_csv() -> ResponseReturnValue:
    """Everybody within reach as CSV. It is noted before its first byte."""
    return csv_answer(write_csv(COLUMNS, _exported()), f"information-{clock.today()}.csv")


@blueprint.get(f"{ALL}/export.xlsx")
@requires(Permission.INFORM_STAFF)
def export_duty_xlsx() -> ResponseReturnValue:
    """The same as XLSX."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    write_xlsx(file, [Sheet("Information", COLUMNS, _exported())])
    return xlsx_answer(file, f"information-{clock.today()}.xlsx")


@blueprint.route(UNIT, methods=["GET", "POST"])
@keeps_typed
@requires(Permission.INFORM_STAFF)
def duty_unit(unit_id: int) -> ResponseReturnValue:
    """Everybody of a unit; those who were informed together are ticked and noted at once."""
    name, today = _unit(unit_id), clock.today()
    rows = list_staff(_reach(), today, unit_id)
    form = InformForm(data={"dag": today, "av": current_user.name})
    if form.validate_on_submit():
        keys = {row.key for row in rows} & set(form.person.data or ())
        given = Informed(form.dag.data, How(form.hur.data), form.av.data)
        try:
            if not keys:
                raise RuleViolation("nobody", "Kryssa för minst en person i listan.")
            count = inform(keys, unit_id, given, current_user.user_id, today, clock.now())
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            _tell(count, len(keys))
            return redirect(url_for("cases.duty_unit", unit_id=unit_id, visa=request.args.get("visa")), 303)
    chosen = next((one for one in Standing if one.value == request.args.get("visa")), None)
    page = render_template(
        "cases/duty_unit.html", form=form, unit_id=unit_id, name=name, marks=MARKS, how=HOW_LABELS, chosen=chosen,
        rows=[row for row in rows if chosen in {None, row.standing}], standings=STANDING_LABELS,
        ticked=frozenset(form.person.data or ()), total=len(rows),
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200


@blueprint.route(f"{UNIT}/anstallda", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.INFORM_STAFF)
def duty_others(unit_id: int) -> ResponseReturnValue:
    """List people of a unit who have no account."""
    name = _unit(unit_id)
    form = OthersForm(data={"fran": clock.today()})
    if form.validate_on_submit():
        try:
            list_others(form.labels, unit_id, form.fran.data, current_user.user_id, clock.now())
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash("Listan är sparad.")
            return redirect(url_for("cases.duty_unit", unit_id=unit_id), 303)
    page = render_template("cases/duty_others.html", form=form, unit_id=unit_id, name=name)
    return page, 422 if form.is_submitted() else 200


@blueprint.route(f"{UNIT}/<person>", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.INFORM_STAFF)
def duty_person(unit_id: int, person: str) -> ResponseReturnValue:
    """All that is noted of one person; of one without an account also the last day."""
    name, row = _unit(unit_id), _person(unit_id, person)
    form = EndForm()
    if not row.has_account and form.validate_on_submit():
        try:
            end_other(int(person[1:]), form.slutar.data)
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash("Sista arbetsdagen är sparad.")
            return redirect(url_for("cases.duty_unit", unit_id=unit_id), 303)
    page = render_template(
        "cases/duty_person.html", form=form, unit_id=unit_id, name=name, row=row, mark=MARKS[row.standing],
        entries=list_entries(person), how=HOW_LABELS,
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200


@blueprint.route(f"{UNIT}/<person>/<int(max={LARGEST_ID}):entry_id>/makulera", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.INFORM_STAFF)
def duty_void(unit_id: int, person: str, entry_id: int) -> ResponseReturnValue:
    """Void an entry that was written by mistake, with a reason."""
    _unit(unit_id)
    row, entry = _person(unit_id, person), find_entry(entry_id)
    if entry is None or entry.voided_at is not None or key_of(entry.user_id, entry.staff_id) != person:
        abort(404)
    form = VoidForm()
    if form.validate_on_submit() and _voided(form, entry, unit_id, person):
        flash("Uppgiften är makulerad.")
        return redirect(url_for("cases.duty_person", unit_id=unit_id, person=person), 303)
    page = render_template("cases/duty_void.html", form=form, unit_id=unit_id, row=row, entry=entry)
    return page, 422 if form.is_submitted() else 200


@blueprint.route(f"{ALL}/installning", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.READ_LEX_SARAH)
def duty_interval() -> ResponseReturnValue:
    """How often staff are informed; for those who read the cases of every unit."""
    if not _may_set():
        abort(404)
    interval, version = find_interval()
    form = IntervalForm(data={"version": str(version), "manader": interval.months, "dagar": interval.first_days})
    if form.validate_on_submit():
        try:
            set_interval(Interval(form.manader.data, form.dagar.data), form.seen_version)
        except StaleVersion:
            db.session.rollback()
            form.form_errors.append(STALE)
            form.version.data = str(version)
        else:
            flash("Inställningen är sparad.")
            return redirect(url_for("cases.duty"), 303)
    return render_template("cases/duty_interval.html", form=form, now=interval), 422 if form.is_submitted() else 200


def _voided(form: VoidForm, entry: DutyInformation, unit_id: int, person: str) -> bool:
    try:
        void_entry(entry, unit_id, person, form.reason.data, current_user.user_id, clock.now())
    except RuleViolation as violation:
        form.refuse(violation)
        return False
    return True


def _reach() -> Reach:
    reach: Reach = current_user.reach(Permission.INFORM_STAFF)
    return reach


def _may_set() -> bool:
    """The interval holds for all units, and is set by those who have them all."""
    return bool(current_user.reach(Permission.READ_LEX_SARAH).everything)


def _unit(unit_id: int) -> str:
    """The name of an open unit within reach, else 404."""
    found = dict(list_open_units(_reach(), clock.today())).get(unit_id)
    if found is None:
        abort(404)
    return found


def _person(unit_id: int, key: str) -> StaffRow:
    """Somebody who works in the unit, else 404."""
    row = next((row for row in list_staff(_reach(), clock.today(), unit_id) if row.key == key), None)
    if row is None:
        abort(404)
    return row


def _tell(count: int, ticked: int) -> None:
    if count:
        flash(f"{count} {'person är noterad' if count == 1 else 'personer är noterade'} som informerade.")
    if ticked > count:
        flash(f"{ticked - count} var redan noterade den dagen.")


def _exported() -> list[tuple[object, ...]]:
    """The rows of a file, noted before the first of them."""
    reach, today = _reach(), clock.today()
    rows = exported_rows(list_staff(reach, today), list_open_units(reach, today))
    reads.note_read(
        ReadKind.EXPORT, what="information om rapporteringsskyldigheten", row_count=len(rows),
        purpose=Purpose.NOT_GIVEN,
    )  # fmt: skip
    return rows
