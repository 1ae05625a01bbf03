"""Pages of what private providers tell of their lex Sarah-rapporter: the register, one, a new one, its steps."""

import tempfile
from collections.abc import Iterator
from urllib.parse import urlencode

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker import clock
from tracker.accounts.queries import kept_units
from tracker.accounts.reader import EVERYTHING
from tracker.audit import reads
from tracker.cases.forms import UNCHOSEN, choices_of
from tracker.cases.provider_forms import ProviderStepForm, ToldForm, told_with
from tracker.cases.provider_register import (
    OPEN,
    ProviderCase,
    ProviderFilter,
    count_providers,
    export_providers,
    find_provider,
    list_provider_steps,
    list_providers,
)
from tracker.cases.provider_services import change_told, note_told, take_provider_step
from tracker.cases.views import blueprint
from tracker.database import db
from tracker.exchange.writing import Column, Sheet, write_csv, write_xlsx
from tracker.records.scope import Scope, scope_of, scope_of_unit
from tracker.records.versions import StaleVersion
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission
from tracker.rules.provider_reports import (
    KIND_LABELS,
    STATE_LABELS,
    STEP_LABELS,
    ProviderKind,
    ProviderState,
    ProviderStep,
    possible_steps,
)
from tracker.rules.trail import Purpose, ReadKind
from tracker.web.access import requires
from tracker.web.files import csv_answer, xlsx_answer
from tracker.web.pagination import LARGEST_ID, Key
from tracker.web.parameters import day_of, number_of, printable
from tracker.web.typed import keeps_typed

ALL = "/lex-sarah/fran-utforare"
ONE = f"{ALL}/<int(max={LARGEST_ID}):record_id>"
READ = Permission.READ_LEX_SARAH
STATUSES = {OPEN: "Öppna"} | {state.value: label for state, label in STATE_LABELS.items()}
DAYS = ("mottagen", "kom", "ivo_anmald", "avslutad")
NAMES = (
    "nummer", "utforare", "utforarens_nummer", "enhet", "typ", "mottagen", "kom", "ivo_anmald", "ivo_nummer", "lage",
    "avslutad", "beskrivning",
)  # fmt: skip
COLUMNS = tuple(Column(name, name, 18, "date" if name in DAYS else "text") for name in NAMES)
STALE = "Någon annan har ändrat uppgifterna sedan du öppnade sidan. Läs vad som gäller nu, och spara igen."


@blueprint.get(ALL)
@requires(READ)
def providers() -> ResponseReturnValue:
    """The register: 25 a page, the newest first, filters in the address."""
    wanted, unit_id = _wanted()
    units = kept_units(current_user.reach(READ))
    narrowed = scope_of_unit(unit_id, units, _scope())
    page = None
    if narrowed is not None:
        after, before = Key.parse(request.args.get("efter")), Key.parse(request.args.get("fore"))
        page = list_providers(wanted, narrowed, after, before)
        if not page.rows and page.count:
            return redirect(_address(), 303)  # a key past the end: back to the top rather than an empty page
    return render_template(
        "cases/providers.html", page=page, wanted=wanted, unit_id=unit_id, active=bool(_parameters()), units=units,
        names={unit.id: unit.name for unit in kept_units(EVERYTHING)}, statuses=STATUSES, kinds=KIND_LABELS,
        labels=STATE_LABELS, address=_address, export=urlencode(_parameters()),
    )  # fmt: skip


@blueprint.get(f"{ALL}/export.csv")
@requires(READ)
def export_providers_csv() -> ResponseReturnValue:
    """The whole filtered list as CSV. It is noted before its first byte."""
    return csv_answer(write_csv(COLUMNS, _exported()), f"fran-utforare-{clock.today()}.csv")


@blueprint.get(f"{ALL}/export.xlsx")
@requires(READ)
def export_providers_xlsx() -> ResponseReturnValue:
    """The same as XLSX."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    write_xlsx(file, [Sheet("Från utförare", COLUMNS, _exported())])
    return xlsx_answer(file, f"fran-utforare-{clock.today()}.xlsx")


@blueprint.route(f"{ALL}/ny", methods=["GET", "POST"])
@keeps_typed
@requires(READ)
def new_provider() -> ResponseReturnValue:
    """Note what a provider has told."""
    form, today = ToldForm(data={"kom": clock.today()}), clock.today()
    form.enhet.choices = _units()
    if form.validate_on_submit():
        try:
            record_id, number = note_told(form.told(), today, clock.now())
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(f"Informationen har nummer {number}.")
            return redirect(url_for("cases.provider", record_id=record_id), 303)
    page = render_template("cases/provider_edit.html", form=form, row=None)
    return page, 422 if form.is_submitted() else 200


@blueprint.get(ONE)
@requires(READ)
def provider(record_id: int) -> ResponseReturnValue:
    """One: what was told, and what has been done about it."""
    found = _found(record_id)
    names = {unit.id: unit.name for unit in kept_units(EVERYTHING)}
    reads.note_read(ReadKind.RECORD, record_id=record_id)
    return render_template(
        "cases/provider.html", found=found, row=found.row, unit=names.get(found.row.unit_id, ""),
        kind=KIND_LABELS[ProviderKind(found.row.kind)], state=STATE_LABELS[ProviderState(found.row.state)],
        steps=[(one.value, STEP_LABELS[one]) for one in possible_steps(ProviderState(found.row.state))],
        done=list_provider_steps(record_id), labels=STEP_LABELS,
    )  # fmt: skip


@blueprint.route(f"{ONE}/andra", methods=["GET", "POST"])
@keeps_typed
@requires(READ)
def change_provider(record_id: int) -> ResponseReturnValue:
    """Put right what was noted."""
    found = _found(record_id)
    form = ToldForm(data=told_with(found))
    form.enhet.choices = _units(found.row.unit_id)
    if form.validate_on_submit():
        try:
            changed = change_told(found, form.seen_version, form.told(), clock.today())
        except StaleVersion:
            _told_stale(form, found)
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash("Uppgifterna är sparade." if changed else "Inget var ändrat.")
            return redirect(url_for("cases.provider", record_id=record_id), 303)
    page = render_template("cases/provider_edit.html", form=form, row=found.row)
    return page, 422 if form.is_submitted() else 200


@blueprint.route(f"{ONE}/steg/<step>", methods=["GET", "POST"])
@keeps_typed
@requires(READ)
def provider_step(record_id: int, step: str) -> ResponseReturnValue:
    """Note what was done about it, close it, or open it again."""
    found, today = _found(record_id), clock.today()
    if step not in possible_steps(ProviderState(found.row.state)):
        abort(404)
    taken = ProviderStep(step)
    form = ProviderStepForm(data={"version": str(found.version), "dag": today})
    if form.validate_on_submit():
        try:
            take_provider_step(
                found, form.seen_version, taken, form.dag.data, form.gjort.data, current_user.user_id, today,
                clock.now(),
            )  # fmt: skip
        except StaleVersion:
            _told_stale(form, found)
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(f"{STEP_LABELS[taken]}: sparat.")
            return redirect(url_for("cases.provider", record_id=record_id), 303)
    page = render_template("cases/provider_step.html", form=form, row=found.row, label=STEP_LABELS[taken])
    return page, 422 if form.is_submitted() else 200


def _told_stale(form: ToldForm | ProviderStepForm, found: ProviderCase) -> None:
    """Says that somebody was first; the form is an answer to what stands now from here on."""
    db.session.rollback()
    form.form_errors.append(STALE)
    form.version.data = str(found.version)


def _scope() -> Scope:
    return scope_of(current_user, READ)


def _found(record_id: int) -> ProviderCase:
    found = find_provider(record_id, _scope())
    if found is None:
        abort(404)
    return found


def _units(chosen: int | None = None) -> list[object]:
    """The open units within reach, and the one that is chosen already."""
    today = clock.today()
    units = [
        unit
        for unit in kept_units(current_user.reach(READ))
        if unit.id == chosen or unit.valid_until is None or unit.valid_until >= today
    ]
    return list(choices_of({UNCHOSEN: "Välj"} | {str(unit.id): "\u2003" * unit.depth + unit.name for unit in units}))


def _wanted() -> tuple[ProviderFilter, int | None]:
    """The filter in the address; what means nothing is left out rather than refused."""
    given = request.args
    status, kind = given.get("status", ""), given.get("typ", "")
    wanted = ProviderFilter(
        status if status in STATUSES else "", ProviderKind(kind) if kind in set(ProviderKind) else None,
        printable(given.get("utforare", ""))[:60], day_of(given.get("fran", "")), day_of(given.get("till", "")),
    )  # fmt: skip
    return wanted, number_of(given.get("enhet", ""))


def _parameters() -> dict[str, str]:
    wanted, unit_id = _wanted()
    found = {
        "status": wanted.status, "typ": wanted.kind.value if wanted.kind else "", "utforare": wanted.provider,
        "enhet": str(unit_id or ""), "fran": wanted.from_on.isoformat() if wanted.from_on else "",
        "till": wanted.to_on.isoformat() if wanted.to_on else "",
    }  # fmt: skip
    return {name: value for name, value in found.items() if value}


def _address(**more: object) -> str:
    parameters = _parameters() | {name: str(value) for name, value in more.items()}
    return f"{ALL}?{urlencode(parameters)}" if parameters else ALL


def _exported() -> Iterator[tuple[object, ...]]:
    """The rows of a file, noted before the first of them."""
    wanted, unit_id = _wanted()
    narrowed = scope_of_unit(unit_id, kept_units(current_user.reach(READ)), _scope())
    selection = urlencode({name: "…" if name == "utforare" else value for name, value in _parameters().items()})
    reads.note_read(
        ReadKind.EXPORT, what="från utförare", selection=selection, purpose=Purpose.NOT_GIVEN,
        row_count=count_providers(wanted, narrowed) if narrowed else 0,
    )  # fmt: skip
    found = export_providers(wanted, narrowed) if narrowed else iter(())
    return (
        (
            row.ref, row.provider, row.number or "", unit, KIND_LABELS[ProviderKind(row.kind)], row.received_on,
            row.came_on, row.ivo_notified_on, row.ivo_number or "", STATE_LABELS[ProviderState(row.state)],
            row.closed_on, said,
        )
        for row, unit, said in found
    )  # fmt: skip
