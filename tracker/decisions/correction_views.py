"""Pages where a decision or a clock is set right, and where a decision is voided."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import SelectChoice

from tracker import clock as clocks
from tracker.accounts.queries import list_units
from tracker.audit import reads
from tracker.database import db
from tracker.decisions import correcting
from tracker.decisions.blueprint import blueprint
from tracker.decisions.correcting import Correction, CorrectionRefused
from tracker.decisions.correction_forms import ClockForm, DecisionForm, SaidForm, VoidForm
from tracker.decisions.correction_pages import clock_heading, clock_texts, decision_texts
from tracker.decisions.history import latest_change
from tracker.decisions.importing import Value
from tracker.decisions.marked import cutoffs_it_stood_in
from tracker.decisions.models import Decision, DecisionClock
from tracker.decisions.single import get_decision, is_within, list_clocks
from tracker.records.forms import Difference
from tracker.records.models import CodeList, Record
from tracker.records.queries import code_labels
from tracker.records.scope import scope_of
from tracker.records.versions import StaleVersion
from tracker.rules.permissions import Permission
from tracker.rules.trail import ReadKind
from tracker.rules.unexecuted import ClockKind
from tracker.web.access import READING, requires
from tracker.web.pagination import LARGEST_ID
from tracker.web.typed import keeps_typed

ADDRESS = f"/beslut/<int(max={LARGEST_ID}):record_id>"
CHANGED_MEANWHILE = (
    "Någon annan har ändrat beslutet sedan du öppnade sidan. Kontrollera hur det står nu och skicka igen om det "
    "fortfarande ska göras."
)
Save = Callable[[dict[str, Value]], None]


@dataclass(frozen=True, slots=True)
class Page:
    """What a correction's page is made of: its template with what it shows, and where it leads when done."""

    record_id: int
    template: str
    shown: Mapping[str, object]
    title: str
    done: str


def to_change(record_id: int, permission: Permission) -> tuple[Decision, Record]:
    """The decision that the reader sees and may change by this permission; anything else is not found."""
    found = get_decision(record_id, scope_of(current_user, Permission.READ_DECISIONS))
    if found is None or not is_within(found[0].unit_id, current_user.reach(permission)):
        abort(404)
    return found


def note_shown(record_id: int, kind: ReadKind = ReadKind.RECORD) -> None:
    """Writes down that a page about to be shown tells of the decision, also when what was sent is refused."""
    if request.method in READING:
        reads.note_read(kind, record_id=record_id)
    else:
        reads.note_read_of_refused(kind, record_id=record_id)


@blueprint.route(f"{ADDRESS}/ratta", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.CORRECT_DECISIONS)
def correct_decision(record_id: int) -> ResponseReturnValue:
    """Sets the decision's fields right, with a reason."""
    form = DecisionForm()

    def load() -> tuple[int, dict[str, str], Page]:
        row, record = to_change(record_id, Permission.CORRECT_DECISIONS)
        units = list_units(current_user.reach(Permission.CORRECT_DECISIONS))
        names = {unit.id: unit.name for unit in units}
        form.enhet.choices = [SelectChoice(unit.name, "\u2003" * unit.depth + unit.name) for unit in units]
        if not is_within(row.unit_id, current_user.reach(Permission.READ_IDENTITIES)):
            form.leave_out_person()
        interventions = code_labels(CodeList.INTERVENTION)
        now = decision_texts(row, record, names[row.unit_id], interventions[row.intervention_id])
        page = Page(
            record_id, "decisions/correct.html", {"interventions": sorted(interventions.values())},
            f"Rätta beslut {row.ref}", url_for("decisions.decision", record_id=record_id),
        )  # fmt: skip
        return record.version, now, page

    def save(said: dict[str, Value]) -> None:
        correcting.correct_decision(_correction(record_id, form), said)

    return _correct(record_id, form, load, save)


@blueprint.route(f"{ADDRESS}/klocka/<int(max={LARGEST_ID}):clock_id>/ratta", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.CORRECT_DECISIONS)
def correct_clock(record_id: int, clock_id: int) -> ResponseReturnValue:
    """Sets a clock right or takes it away, with a reason."""
    form = ClockForm()

    def load() -> tuple[int, dict[str, str], Page]:
        row, record = to_change(record_id, Permission.CORRECT_DECISIONS)
        clock = clock_of(record_id, clock_id)
        reasons = code_labels(CodeList.DELAY_REASON)
        form.skal.choices = [
            SelectChoice("", "Inget valt"),
            *(SelectChoice(label, label) for label in reasons.values()),
        ]
        now = clock_texts(clock, reasons.get(clock.delay_reason_id or 0, ""))
        page = Page(
            record_id, "decisions/correct_clock.html",
            {"heading": clock_heading(clock), "interruption": clock.kind == ClockKind.INTERRUPTION, "ref": row.ref},
            f"Rätta klockan för beslut {row.ref}", url_for("decisions.decision", record_id=record_id),
        )  # fmt: skip
        return record.version, now, page

    def save(said: dict[str, Value]) -> None:
        correction = _correction(record_id, form)
        started = said.pop("avbrottsdatum", None)
        if form.ta_bort.data:
            correcting.remove_clock(correction, clock_id)
        else:
            correcting.correct_clock(correction, clock_id, said, started if isinstance(started, date) else None)

    return _correct(record_id, form, load, save)


@blueprint.route(f"{ADDRESS}/makulera", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.CORRECT_DECISIONS)
def void_decision(record_id: int) -> ResponseReturnValue:
    """The last step before a decision is taken out of everything: says what happens, asks why."""
    row, record = to_change(record_id, Permission.CORRECT_DECISIONS)
    form, status, stale = VoidForm(), 200, False
    if form.is_submitted():
        status = 422
        if form.validate() and not form.point_out():
            try:
                correcting.void_decision(record_id, form.version.data, form.reason.data, clocks.now())
            except StaleVersion:
                db.session.rollback()
                row, record = to_change(record_id, Permission.CORRECT_DECISIONS)
                status, stale = 409, True
            else:
                flash(f"Beslut {row.ref} är makulerat.")
                return redirect(url_for("decisions.register"), 303)
    if stale or not (form.is_submitted() or form.restored):
        form.see(record.version)
    note_shown(record_id)
    page = render_template(
        "decisions/void.html", form=form, decision=row,
        clocks=[clock_heading(clock) for clock in list_clocks(record_id)],
        reported=cutoffs_it_stood_in(record_id), stale=CHANGED_MEANWHILE if stale else "",
    )  # fmt: skip
    return page, status


def clock_of(record_id: int, clock_id: int) -> DecisionClock:
    """One of the decision's clocks; anything else is not found."""
    found = {clock.id: clock for clock in list_clocks(record_id)}
    if clock_id not in found:
        abort(404)
    return found[clock_id]


def _correction(record_id: int, form: SaidForm) -> Correction:
    return Correction(
        record_id, form.version.data, form.reason.data, current_user.reach(Permission.CORRECT_DECISIONS),
        current_user.reach(Permission.READ_IDENTITIES), clocks.today(),
    )  # fmt: skip


def _correct(
    record_id: int, form: SaidForm, load: Callable[[], tuple[int, dict[str, str], Page]], save: Save
) -> ResponseReturnValue:
    """The way of every correction: shown, refused, laid beside what others have saved meanwhile, or done."""
    version, now, page = load()
    if not form.is_submitted():
        form.put(now, version)
        return _page(form, page)
    if not form.validate():
        return _page(form, page, 422)
    if form.version.data != version:
        return _conflict(record_id, form, version, now, page, 409)
    differences = form.differences(now, request.form)
    if any(difference.error for difference in differences):
        return _conflict(record_id, form, version, now, page, 422)
    form.settle(differences, now)
    form.settling.data = ""
    said = form.said(now)
    if said is None or form.point_out() or form.warns(said):
        return _page(form, page, 422)
    try:
        save(said)
    except StaleVersion:  # saved by somebody else just now
        db.session.rollback()
        version, now, page = load()
        return _conflict(record_id, form, version, now, page, 409)
    except CorrectionRefused as refused:
        db.session.rollback()
        for violation in refused.violations:
            form.refuse(violation)
        return _page(form, page, 422)
    flash("Rättelsen är sparad.")
    return redirect(page.done, 303)


def _page(form: SaidForm, page: Page, status: int = 200) -> ResponseReturnValue:
    note_shown(page.record_id)
    return render_template(page.template, form=form, title=page.title, back=page.done, **page.shown), status


def _conflict(
    record_id: int, form: SaidForm, version: int, now: Mapping[str, str], page: Page, status: int
) -> ResponseReturnValue:
    """Both sides of every field that differs. At 409 nothing has been chosen yet, whatever was sent."""
    sent = request.form if status == 422 else {}
    if status == 409:
        form.settling.data = ""
    differences: list[Difference] = form.differences(now, sent)
    form.ask_to_choose(version)
    note_shown(page.record_id)
    return render_template(
        "records/conflict.html", form=form, title=page.title, back=page.done, differences=differences,
        latest=latest_change(record_id),
    ), status  # fmt: skip
