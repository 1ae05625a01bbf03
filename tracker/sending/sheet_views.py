"""Pages of one individrapport: its fields, its words, that it is sent, and that it was not after all."""

from datetime import date

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker import clock
from tracker.database import db
from tracker.decisions.correction_views import note_shown
from tracker.decisions.history import latest_change
from tracker.labels import IVO_FIELD_LABELS, IVO_TYPE_LABELS
from tracker.records.versions import StaleVersion
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission
from tracker.rules.quarters import Quarter
from tracker.rules.sending import IvoType, remarks
from tracker.rules.trail import ReadKind
from tracker.sending import services
from tracker.sending.blueprint import blueprint
from tracker.sending.forms import RELEASE, SEND, TAKE, SheetForm, UndoForm, form_for
from tracker.sending.pages import field_lines, sheet_address
from tracker.sending.place import SHEET, STALE, own_scope, quarter_of
from tracker.sending.services import Act
from tracker.sending.sheet import Sheet, find_sheet
from tracker.web.access import requires


@blueprint.route(SHEET, methods=["GET", "POST"])
@requires(Permission.READ_IDENTITIES, confirmed=True)
def sheet(year: int, number: int, clock_id: int, ivo_type: str) -> ResponseReturnValue:
    """One individrapport, field by field as IVO's e-service asks; its words, and that it is sent."""
    found = _sheet(year, number, clock_id, ivo_type)
    if found.place.quarter != Quarter(year, number) and request.method == "GET":
        return redirect(_address(found), 303)  # an end that was begun in another quarter
    form = form_for(found.place.ivo_type)
    if not form.is_submitted():
        form.put(found.texts, found.version)
        if not form.restored:
            form.sand_den.data = clock.today().isoformat()
        return _show(found, form)
    return _sent(found, form)


def _sent(found: Sheet, form: SheetForm) -> ResponseReturnValue:
    """What is done with the words that were sent, and with the button that was pressed."""
    if found.sent_on is not None:
        return _show(found, form, 409)
    if not form.validate():
        return _show(found, form, 422)
    if form.version.data != found.version:
        return _conflict(found, form, 409)
    differences = form.differences(found.texts, request.form)
    if any(difference.error for difference in differences):
        return _conflict(found, form, 422)
    form.settle(differences, found.texts)
    form.settling.data = ""
    if form.point_out():
        return _show(found, form, 422)
    try:
        _do(found, form)
    except StaleVersion:  # saved by somebody else just now
        db.session.rollback()
        place = found.place
        found = _sheet(place.quarter.year, place.quarter.number, place.clock_id, place.ivo_type)
        return _show(found, form, 409) if found.sent_on is not None else _conflict(found, form, 409)
    except RuleViolation as violation:
        db.session.rollback()
        form.refuse(violation)
        return _show(found, form, 422)
    if form.gor.data == SEND:
        flash(f"Rapporten om beslut {found.ref} är markerad som sänd.")
        return redirect(_work(found), 303)
    flash("Sparat.")
    return redirect(_address(found), 303)


@blueprint.route(f"{SHEET}/angra", methods=["GET", "POST"])
@requires(Permission.READ_IDENTITIES, confirmed=True)
def undo(year: int, number: int, clock_id: int, ivo_type: str) -> ResponseReturnValue:
    """It was not sent after all, with the reason."""
    found = _sheet(year, number, clock_id, ivo_type)
    form, status, stale = UndoForm(), 200, False
    if form.is_submitted():
        status = 422
        if form.validate() and not form.point_out():
            try:
                services.undo_sent(Act(found, form.version.data, current_user.user_id), form.reason.data)
            except StaleVersion:
                db.session.rollback()
                found = _sheet(year, number, clock_id, ivo_type)
                status, stale = 409, True
            except RuleViolation as violation:
                db.session.rollback()
                form.refuse(violation)
            else:
                flash("Rapporten står som inte sänd igen.")
                return redirect(_address(found), 303)
    if stale or not (form.is_submitted() or form.restored):
        form.see(found.version)
    note_shown(found.place.record_id)
    page = render_template(
        "sending/undo.html", form=form, sheet=found, back=_address(found), stale=STALE if stale else "",
        type_label=IVO_TYPE_LABELS[found.place.ivo_type],
    )  # fmt: skip
    return page, status


def _do(found: Sheet, form: SheetForm) -> None:
    """What the pressed button asks for."""
    act = Act(found, form.version.data, current_user.user_id)
    if form.gor.data == SEND:
        services.mark_sent(act, form.texts, _sent_on(form.sand_den.data or ""), clock.today())
    elif form.gor.data == TAKE and form.texts == found.texts:
        services.take(act)
    elif form.gor.data == RELEASE and form.texts == found.texts:
        services.release(act)
    else:  # who takes one and has written in it keeps both
        services.save_texts(act, form.texts)


def _sent_on(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise RuleViolation("date", "Skriv den dag då rapporten sändes, som 2026-03-31.", "sand_den") from None


def _show(found: Sheet, form: SheetForm, status: int = 200) -> ResponseReturnValue:
    note_shown(found.place.record_id, ReadKind.IDENTITY)
    person, decision = field_lines(found)
    said = dict(found.shown) if found.sent_on else dict(found.shown) | {
        line.field: form.texts.get(line.field, line.words) for line in decision if line.free
    }  # fmt: skip
    return render_template(
        "sending/sheet.html",
        sheet=found, form=form, person=person, decision=decision, labels=IVO_FIELD_LABELS,
        type_label=IVO_TYPE_LABELS[found.place.ivo_type], remarks=list(remarks(found.place.ivo_type, said, found.sex)),
        back=_work(found), mine=found.taken_by == current_user.user_id,
        left_out=form.left_out(found.texts) if status == 409 else [],
        told_label=IVO_TYPE_LABELS[found.told.ivo_type] if found.told else "", here=_address(found),
    ), status  # fmt: skip


def _conflict(found: Sheet, form: SheetForm, status: int) -> ResponseReturnValue:
    """Both sides of every text that differs. At 409 nothing has been chosen yet, whatever was sent."""
    if status == 409:
        form.settling.data = ""
    differences = form.differences(found.texts, request.form if status == 422 else {})
    form.ask_to_choose(found.version)
    note_shown(found.place.record_id, ReadKind.IDENTITY)
    return render_template(
        "records/conflict.html", form=form, title=f"Individrapport om beslut {found.ref}", back=_address(found),
        differences=differences, latest=latest_change(found.place.record_id),
    ), status  # fmt: skip


def _address(found: Sheet) -> str:
    place = found.place
    return sheet_address(place.quarter.year, place.quarter.number, place.clock_id, place.ivo_type.value)


def _work(found: Sheet) -> str:
    return url_for("sending.work", year=found.place.quarter.year, number=found.place.quarter.number)


def _sheet(year: int, number: int, clock_id: int, ivo_type: str) -> Sheet:
    if ivo_type not in set(IvoType):
        abort(404)
    municipality = current_app.config["MUNICIPALITY_NAME"] or ""
    found = find_sheet(quarter_of(year, number), clock_id, IvoType(ivo_type), own_scope(), municipality)
    if found is None:
        abort(404)
    return found
