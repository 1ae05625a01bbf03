"""Pages of the register of ej verkställda beslut."""

import tempfile
from collections.abc import Iterator, Sequence
from datetime import date

from flask import (
    abort,
    redirect,
    render_template,
    request,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user
from markupsafe import Markup

from tracker import clock
from tracker.accounts.queries import UnitRow, kept_units
from tracker.accounts.reader import EVERYTHING, Reach
from tracker.audit import reads
from tracker.decisions import access_views, correction_views, entering_views, ivo_views, life_views, round_views
from tracker.decisions.blueprint import blueprint
from tracker.decisions.exporting import EXPORT_COLUMNS, export_register, listed_register
from tracker.decisions.filtering import Status
from tracker.decisions.forms import AskedFor, asked_for
from tracker.decisions.history import HistoryReader, history_page
from tracker.decisions.life import lives
from tracker.decisions.limits import limits_of
from tracker.decisions.listing import AboutClocks, about_clocks, clock_columns
from tracker.decisions.marked import cutoffs_it_stood_in, get_voided
from tracker.decisions.outlook import STEP_WORDS, outlooks, steps_of
from tracker.decisions.pages import clock_pages
from tracker.decisions.queries import RegisterRow, count_register, list_register, own_order
from tracker.decisions.replacing import chain_of
from tracker.decisions.single import get_decision, list_clocks, place_of_unit
from tracker.decisions.timeline import timeline
from tracker.exchange.listing import listed_file
from tracker.exchange.writing import Column, Sheet, write_csv, write_xlsx
from tracker.frozen.quarters import KIND
from tracker.frozen.queries import latest_cutoff_before
from tracker.labels import PURPOSE_LABELS, closed_note
from tracker.records.models import CodeList, Mark
from tracker.records.queries import kept_codes, kept_label
from tracker.records.scope import Scope, scope_of, scope_of_unit
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission
from tracker.rules.quarters import Period, Quarter
from tracker.rules.trail import Purpose, ReadKind
from tracker.rules.unexecuted import ClockKind
from tracker.web.access import requires
from tracker.web.columns import Arranged, arranged
from tracker.web.files import csv_answer, xlsx_answer
from tracker.web.navigation import MenuItem
from tracker.web.options import options_of
from tracker.web.pagination import LARGEST_ID, any_key

__all__ = [
    "MENU",
    "access_views",
    "blueprint",
    "correction_views",
    "entering_views",
    "ivo_views",
    "life_views",
    "round_views",
]  # what hangs on the blueprint, too
MENU = (MenuItem("Ej verkställda beslut", "/beslut", "decisions", frozenset({Permission.READ_DECISIONS})),)
STATUS_LABELS = {
    Status.OPEN: "Ej verkställda",
    Status.OVERDUE: "Över tre månader",
    Status.REPORTABLE: "Rapporteringspliktiga",
    Status.CLOSE: "Tre månader inom 7 dagar",
    Status.SOON: "Tre månader inom 30 dagar",
    Status.EXECUTED: "Verkställda",
    Status.CLOSED: "Avslutade utan verkställighet",
}
PURPOSES = {Purpose.NOT_GIVEN: "Vad ska filen till?"} | {
    p: PURPOSE_LABELS[p] for p in Purpose if p != Purpose.NOT_GIVEN
}
STEPS = {
    "correct": Permission.CORRECT_DECISIONS,
    "access": Permission.MANAGE_RECORD_ACCESS,
    "identity": Permission.READ_IDENTITIES,
}
DATE_COLUMNS = {"beslutsdatum", "avbrottsdatum", "verkstalld", "avslutad", "forst_rapporterad", "slutrapporterad"}
EXPORT = tuple(Column(name, name, 16, "date" if name in DATE_COLUMNS else "text") for name in EXPORT_COLUMNS)


@blueprint.get("/beslut")
@requires(Permission.READ_DECISIONS)
def register() -> ResponseReturnValue:
    """The register: 25 clocks a page, filters in the address."""
    asked, scope, today = asked_for(request.args), _scope(), clock.today()
    units = kept_units(scope.reach)
    narrowed = scope_of_unit(asked.unit_id, units, scope)
    shown, page = _arranged(asked, scope, units), None
    if narrowed is not None:
        after, before = any_key(request.args.get("efter")), any_key(request.args.get("fore"))
        page = list_register(asked.filter, narrowed, today, after, before, shown.order)
        if not page.rows and page.count:
            return redirect(shown.address(), 303)  # a key past the end: back to the top rather than an empty page
    return render_template(
        "decisions/register.html",
        asked=asked,
        page=page,
        lines=shown.lines(page.rows, _about(scope, units, today)) if page else (),
        shown=shown,
        several_units=len(units) > 1 or scope.named,
        options=_rendered_options(asked, units, scope.reach),
        purposes=PURPOSES,
        may_enter=current_user.allows(Permission.CORRECT_DECISIONS),
        looks_after=current_user.allows(Permission.READ_VOIDED),
        may_import=current_user.allows(Permission.IMPORT_DECISIONS),
    )


@blueprint.get("/beslut/export.csv")
@requires(Permission.READ_DECISIONS)
def export_csv() -> ResponseReturnValue:
    """The whole filtered list as CSV, with the columns that the import takes. It is noted before its first byte."""
    asked, scope = _exported()
    _note_export(asked, count_register(asked.filter, scope, clock.today()) if scope else 0)
    return csv_answer(write_csv(*_export(asked, scope)), f"ej-verkstallda-beslut-{clock.today()}.csv")


@blueprint.get("/beslut/export.xlsx")
@requires(Permission.READ_DECISIONS)
def export_xlsx() -> ResponseReturnValue:
    """The whole filtered list as XLSX, with the columns that the import takes. It is noted before its first byte."""
    asked, scope = _exported()
    columns, found = _export(asked, scope)
    rows = _Counted(found)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    write_xlsx(file, [Sheet("Beslut", columns, rows)])
    try:
        _note_export(asked, rows.count)
    except Exception:
        file.close()
        raise
    return xlsx_answer(file, f"ej-verkstallda-beslut-{clock.today()}.xlsx")


@blueprint.get(f"/beslut/<int(max={LARGEST_ID}):record_id>")
@requires(Permission.READ_DECISIONS)
def decision(record_id: int) -> ResponseReturnValue:
    """One decision with its clocks, and why each stands as it does at a cut-off (today's, unless one is asked for)."""
    found = get_decision(record_id, _scope())
    if found is None and current_user.allows(Permission.READ_VOIDED):
        found = get_voided(record_id, scope_of(current_user, Permission.READ_VOIDED))
    if found is None:
        abort(404)
    row, record = found
    voided, place = row.mark == Mark.VOIDED, place_of_unit(row.unit_id)
    reported = cutoffs_it_stood_in(record_id) if voided else []
    period = _period_asked_for(clock.today())
    names = {unit.id: unit.name for unit in kept_units(EVERYTHING)}
    may = {name for name, permission in STEPS.items() if current_user.reach(permission).covers(place)}
    clocks, today = list_clocks(record_id), clock.today()
    happened = lives([one.id for one in clocks], with_texts=True)
    steps = {one.id: steps_of(one, happened[one.id], clocks, today) for one in clocks}
    chain = chain_of(row, clocks, _scope(), today)
    limits = limits_of(row, clocks, period.cutoff_on, today)
    history = history_page(record_id, clocks, HistoryReader("identity" in may, "access" in may))
    reads.note_read(ReadKind.RECORD, record_id=record_id, all_read=True)
    return render_template(
        "decisions/decision.html",
        decision=row,
        record=record,
        unit=names.get(row.unit_id, ""),
        intervention=kept_label(CodeList.INTERVENTION, row.intervention_id),
        clocks=clock_pages(row, clocks, happened, steps, period, today),
        step_words=STEP_WORDS,
        outlooks=[] if voided else outlooks(clocks, happened, row.judgment, today),
        timeline=timeline(clocks, happened, today),
        chain=chain,
        limits=limits,
        today=today,
        period=period,
        is_today=period.cutoff_on == today,
        voided=voided,
        reported=reported,
        may=may,
        history=history,
    )


def _scope() -> Scope:
    return scope_of(current_user, Permission.READ_DECISIONS)


def _arranged(asked: AskedFor, scope: Scope, units: list[UnitRow]) -> Arranged[RegisterRow, AboutClocks]:
    """The list with the columns and in the order of the address."""
    columns = clock_columns(several_units=len(units) > 1 or scope.named)
    return arranged(request.args, "/beslut", asked.parameters(), columns, own_order(asked.filter))


def _about(scope: Scope, units: list[UnitRow], today: date) -> AboutClocks:
    return about_clocks(kept_units(EVERYTHING) if scope.named else units, today)


class _Counted:
    """Rows that are counted as they pass."""

    def __init__(self, rows: Iterator[tuple[object, ...]]) -> None:
        self._rows, self.count = rows, 0

    def __iter__(self) -> Iterator[tuple[object, ...]]:
        for row in self._rows:
            self.count += 1
            yield row


def _exported() -> tuple[AskedFor, Scope | None]:
    """What an export holds, and within which scope; None when the unit asked for lies outside."""
    asked, scope = asked_for(request.args), _scope()
    return asked, scope_of_unit(asked.unit_id, kept_units(scope.reach), scope)


def _export(asked: AskedFor, narrowed: Scope | None) -> tuple[Sequence[Column], Iterator[tuple[object, ...]]]:
    """The columns and rows of a file: with chosen columns the list as it is shown, else all that the import takes."""
    scope, today = _scope(), clock.today()
    units = kept_units(scope.reach)
    shown = _arranged(asked, scope, units)
    if shown.chosen:
        rows = listed_register(asked.filter, narrowed, today, shown.order) if narrowed else iter(())
        return listed_file(shown, rows, _about(scope, units, today))
    return EXPORT, export_register(asked.filter, narrowed, today) if narrowed else iter(())


def _note_export(asked: AskedFor, rows: int) -> None:
    """What leaves is written down with what it was filtered by, but not with a ref, and what it is for."""
    chosen = request.args.get("andamal", "")
    purpose = Purpose(chosen) if chosen in set(Purpose) else Purpose.NOT_GIVEN
    reads.note_read(ReadKind.EXPORT, what="beslut", selection=asked.selection(), row_count=rows, purpose=purpose)


def _period_asked_for(today: date) -> Period:
    """The report's days in the address, so that a row of a report is explained by that report; else today's."""
    try:
        cutoff_on = date.fromisoformat(request.args.get("avstamning", ""))
        previous_on = date.fromisoformat(request.args.get("foregaende", ""))
        return Period.of(Quarter.holding(cutoff_on), cutoff_on, previous_on)
    except (ValueError, RuleViolation):
        return Period.of(Quarter.holding(today), today, latest_cutoff_before(KIND, today))


def _rendered_options(asked: AskedFor, units: list[UnitRow], reach: Reach) -> dict[str, Markup]:
    """The options of the filter's selects, made once for each choice rather than for each page."""
    wanted, today = asked.filter, clock.today()
    interventions = kept_codes(CodeList.INTERVENTION)
    return {
        "status": options_of(("status",), "Alla", [(s.value, STATUS_LABELS[s]) for s in Status], wanted.status),
        "klocka": options_of(
            ("klocka",),
            "Alla",
            [(ClockKind.DECISION, "Beslut"), (ClockKind.INTERRUPTION, "Avbrott")],
            wanted.kind,
        ),
        "insats": options_of(("insats",), "Alla", [(c.id, c.label) for c in interventions], wanted.intervention_id),
        "enhet": options_of(
            ("enhet", reach, reach.tree, today),
            "Alla",
            [(u.id, "\u2003" * u.depth + u.name + closed_note(u.valid_until, today)) for u in units],
            asked.unit_id,
        ),
    }
