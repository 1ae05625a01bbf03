"""Pages of actions: the register, one of them, a new one, one that is changed, told of or followed up."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain
from typing import Any, NamedTuple

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker import clock
from tracker.accounts.queries import kept_units
from tracker.accounts.reader import Reach
from tracker.actions.forms import EffectForm, PlanForm, ProgressForm, planned_with
from tracker.actions.importing import ACTION_COLUMNS
from tracker.actions.listing import AboutActions, action_columns
from tracker.actions.owners import has_left
from tracker.actions.pages import ActionLine, action_lines, exported_row, mark_of, source_links
from tracker.actions.queries import (
    READ_SOURCE,
    ActionRow,
    find_action,
    find_source,
    lex_sarah_of,
    list_actions_of,
    list_notes,
    sources_of,
)
from tracker.actions.register import (
    ActionFilter,
    ActionList,
    any_place,
    count_register,
    export_register,
    list_register,
    own_order,
)
from tracker.actions.services import add_action, change_action, tell_effect, tell_progress
from tracker.actions.several import Several
from tracker.actions.timeline import timeline
from tracker.actions.words import LIST_LABELS, SEVERAL_LABELS
from tracker.audit import reads
from tracker.database import db
from tracker.exchange.errors import ImportRefused
from tracker.exchange.listing import listed_file
from tracker.exchange.writing import Column, Sheet, write_csv, write_xlsx
from tracker.records.forms import YearlyForm
from tracker.records.grants import visible_record
from tracker.records.models import RecordKind
from tracker.records.scope import Scope, scope_of, scope_of_unit
from tracker.records.versions import StaleVersion
from tracker.records.yearly import importer_of
from tracker.rules.actions import Effect, asks_for_another, closed_case
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission, Role
from tracker.rules.trail import Purpose, ReadKind
from tracker.web.access import requires
from tracker.web.columns import COLUMNS, Arranged, arranged
from tracker.web.files import csv_answer, xlsx_answer
from tracker.web.navigation import MenuItem
from tracker.web.pagination import LARGEST_ID
from tracker.web.typed import keeps_typed

blueprint = Blueprint("actions", __name__)
MENU = (MenuItem("Åtgärder", "/atgarder", "actions", frozenset({Permission.CARRY_OUT_ACTIONS})),)
ONE = f"/atgarder/<int(max={LARGEST_ID}):record_id>"
DAYS = {"beslutad", "senast", "genomford"}
EXPORT = tuple(Column(name, name, 16, "date" if name in DAYS else "text") for name in ACTION_COLUMNS)
STALE = (
    "Någon annan har ändrat åtgärden sedan du öppnade sidan. Så här står den nu: {now}. "
    "Spara igen om det du skrev ska gälla."
)


@blueprint.get("/atgarder")
@requires(Permission.CARRY_OUT_ACTIONS)
def register() -> ResponseReturnValue:
    """The register: 25 actions a page, those that wait first, by last day."""
    wanted, scope, today, shown = _wanted(), _scope(), clock.today(), _arranged()
    after, before = any_place(request.args.get("efter")), any_place(request.args.get("fore"))
    page = list_register(wanted, scope, today, after, before, shown.order)
    if not page.rows and (after or before):
        return redirect(shown.address(), 303)  # a place past the end: back to the top rather than an empty page
    units = kept_units(current_user.reach(Permission.READ_ACTIONS)) if _reads_all() else []
    return render_template(
        "actions/register.html", page=page, wanted=wanted, mine=_mine(), shown=shown,
        lines=shown.lines(page.rows, AboutActions(today)),
        lists=[(LIST_LABELS[one], _address(lista=one.value), one is wanted.chosen) for one in ActionList],
        several=[(one.value, SEVERAL_LABELS[one]) for one in Several]
        if any(row.days.done_on is None for row in page.rows) else [],
        manager=Role.MANAGER in current_user.roles,
        whose=[("Alla", _address(vems="alla"), not _mine()), ("Mina", _address(vems="mina"), _mine())]
        if _reads_all() else [],
        units=units if len(units) > 1 else [], unit=_unit_id(),
        outside=_unit_id() is not None and _unit_id() not in {unit.id for unit in units},
    )  # fmt: skip


@blueprint.get("/atgarder/export.csv")
@requires(Permission.CARRY_OUT_ACTIONS)
def export_csv() -> ResponseReturnValue:
    """The filtered list as CSV, with the columns that the import takes. It is noted before its first byte."""
    return csv_answer(write_csv(*_exported()), f"atgarder-{clock.today()}.csv")


@blueprint.get("/atgarder/export.xlsx")
@requires(Permission.CARRY_OUT_ACTIONS)
def export_xlsx() -> ResponseReturnValue:
    """The filtered list as XLSX, with the columns that the import takes. It is noted before its first byte."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    write_xlsx(file, [Sheet("Åtgärder", *_exported())])
    return xlsx_answer(file, f"atgarder-{clock.today()}.xlsx")


@blueprint.get(ONE)
@requires(Permission.CARRY_OUT_ACTIONS)
def action(record_id: int) -> ResponseReturnValue:
    """One action: what is to be done, what it belongs to, and what was noted on the way."""
    row, _ = found_action(record_id)
    sources = sources_of([record_id], source_scopes()).get(record_id, [])
    manages, done = manages_action(record_id), row.days.done_on is not None
    return render_template(
        "actions/action.html", row=row, mark=mark_of(row, clock.today()), sources=source_links(sources),
        timeline=timeline(record_id, list_notes(record_id)), may_change=manages,
        left=not done and has_left(row.responsible_id, clock.today()), may_tell=manages or is_mine(row),
        may_check=manages and done and not is_mine(row), waits_for_another=manages and done and is_mine(row),
        another=sources[0].record_id if manages and sources and asks_for_another(row.days.effect) else None,
    )  # fmt: skip


@blueprint.route(f"/atgarder/till/<int(max={LARGEST_ID}):record_id>/ny", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.MANAGE_ACTIONS)
def new(record_id: int) -> ResponseReturnValue:
    """Write a new action for a record."""
    source = find_source(record_id, source_scopes())
    if source is None:
        abort(404)
    form = PlanForm()
    if form.validate_on_submit():
        importer = importer_of(current_user, Permission.MANAGE_ACTIONS)
        try:
            added = add_action(record_id, form.said(), importer, clock.today(), clock.now())
        except ImportRefused as refused:
            form.refuse_cells(refused)
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash("Åtgärden är sparad.")
            return redirect(url_for("actions.action", record_id=added), 303)
    elif source.closed:
        form.refuse(closed_case(source.number))
    page = render_template("actions/plan.html", form=form, row=None, source=source_links([source])[0])
    return page, 422 if form.is_submitted() else 200


@blueprint.route(f"{ONE}/andra", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.MANAGE_ACTIONS)
def change(record_id: int) -> ResponseReturnValue:
    """Decide of an action, or put its words right. Once it is decided, who is responsible and its last day are changed
    on pages of their own.
    """
    row, version = found_action(record_id, Permission.MANAGE_ACTIONS)
    form = PlanForm(data=planned_with(row, version))
    if row.days.decided_on is not None:
        form.keep_what_is_decided()
    if form.validate_on_submit():
        today = clock.today()
        if saved(form, row, version, lambda seen: change_action(record_id, seen, form.said(), today)):
            flash("Åtgärden är ändrad.")
            return redirect(url_for("actions.action", record_id=record_id), 303)
    return action_page("actions/plan.html", form, row)


@blueprint.route(f"{ONE}/lage", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.CARRY_OUT_ACTIONS)
def progress(record_id: int) -> ResponseReturnValue:
    """Note how an action goes, and when it was carried out."""
    row, version = found_action(record_id)
    if not (is_mine(row) or manages_action(record_id)):
        abort(403)
    days = row.days
    form = ProgressForm(data={"version": version, "genomford": days.done_on, "foljs_upp": days.check_on})
    if form.validate_on_submit() and not form.wrong(days.done_on, days.check_on):
        told = (
            form.anteckning.data or "", form.genomford.data, current_user.user_id, clock.today(), clock.now(),
            form.foljs_upp.data,
        )  # fmt: skip
        if saved(form, row, version, lambda seen: tell_progress(record_id, seen, *told)):
            flash("Sparat.")
            return redirect(url_for("actions.action", record_id=record_id), 303)
    return action_page("actions/progress.html", form, row)


@blueprint.route(f"{ONE}/effekt", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.MANAGE_ACTIONS)
def effect(record_id: int) -> ResponseReturnValue:
    """Tell what an action gave; not by the one responsible."""
    row, version = found_action(record_id, Permission.MANAGE_ACTIONS)
    form = EffectForm(data={"version": version, "effekt": row.days.effect and row.days.effect.value})
    if form.validate_on_submit():
        told_effect, words = Effect(form.effekt.data), form.ord.data or ""
        by, today, now = current_user.user_id, clock.today(), clock.now()
        if saved(form, row, version, lambda seen: tell_effect(record_id, seen, told_effect, words, by, today, now)):
            flash("Uppföljningen är sparad.")
            return redirect(url_for("actions.action", record_id=record_id), 303)
    return action_page("actions/effect.html", form, row)


class OfRecord(NamedTuple):
    """The part Åtgärder of a record's page: its actions, and whether the reader may add one."""

    lines: list[ActionLine]
    may_add: bool


def of_record(record_id: int) -> OfRecord | None:
    """The actions of a record, as the reader of its page may see them; None for whoever has no part in actions."""
    if not current_user.allows(Permission.CARRY_OUT_ACTIONS):
        return None
    rows = list_actions_of(record_id, scope_without_filter(), current_user.user_id, reads=_reads_all())
    source = find_source(record_id, source_scopes()) if current_user.allows(Permission.MANAGE_ACTIONS) else None
    return OfRecord(action_lines(rows, clock.today()), source is not None and not source.closed)


def source_scopes() -> dict[RecordKind, Scope]:
    """By which scope the reader sees the records of each kind that actions belong to."""
    return {kind: scope_of(current_user, one) for kind, one in READ_SOURCE.items() if current_user.allows(one)}


def action_page(template: str, form: YearlyForm, row: ActionRow) -> ResponseReturnValue:
    return render_template(template, form=form, row=row), 422 if form.is_submitted() else 200


def saved(form: YearlyForm, row: ActionRow, stands: int, save: Callable[[int], None]) -> bool:
    """Whether it was saved; what refused it stands beside its field."""
    try:
        save(form.seen_version)
    except ImportRefused as refused:
        form.refuse_cells(refused)
    except RuleViolation as violation:
        said = violation.message[:1].upper() + violation.message[1:]
        form.refuse(RuleViolation(violation.code, said, violation.field or "effekt"))
    except StaleVersion:
        db.session.rollback()
        now = f"{mark_of(row, clock.today()).word.lower()}; {row.text}; {row.responsible or 'ingen ansvarig'}"
        if row.days.due_on:
            now = f"{now}; senast {row.days.due_on}"
        form.form_errors.append(STALE.format(now=now))
        form.version.data = stands
    else:
        return True
    return False


def found_action(record_id: int, permission: Permission | None = None) -> tuple[ActionRow, int]:
    """The action and its version; 404 when there is none, or the reader may not see it (or work with it)."""
    sources = source_scopes() if _reads_all() else None
    found = find_action(record_id, scope_without_filter(), current_user.user_id, sources)
    if found is None or (permission is not None and not manages_action(record_id)):
        abort(404)
    return found


def manages_action(record_id: int) -> bool:
    """Whether the reader manages an action: by its unit; that of a lex Sarah case, who reads the whole of the case."""
    if visible_record(record_id, scope_of(current_user, Permission.MANAGE_ACTIONS)) is None:
        return False
    return all(_reads_lex_sarah(source_id) for source_id in lex_sarah_of(record_id))


def _reads_lex_sarah(record_id: int) -> bool:
    scope = scope_of(current_user, Permission.READ_LEX_SARAH)
    given = current_user.named and current_user.allows(Permission.INVESTIGATE_LEX_SARAH)
    return visible_record(record_id, replace(scope, named=scope.named or given)) is not None


def is_mine(row: ActionRow) -> bool:
    return bool(row.responsible_id == current_user.user_id)


def _reads_all() -> bool:
    return bool(current_user.allows(Permission.READ_ACTIONS))


def _mine() -> bool:
    return not _reads_all() or request.args.get("vems") == "mina"


def scope_without_filter() -> Scope:
    return scope_of(current_user, Permission.READ_ACTIONS)


def _scope() -> Scope:
    scope = scope_without_filter()
    narrowed = scope_of_unit(_unit_id(), kept_units(scope.reach), scope)
    return narrowed or replace(scope, reach=Reach(), named=False)  # nothing of a unit that is out of reach, or is none


def _unit_id() -> int | None:
    given = request.args.get("enhet", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 and not _mine() else None


def _wanted() -> ActionFilter:
    try:
        chosen = ActionList(request.args.get("lista", ActionList.OPEN))
    except ValueError:
        chosen = ActionList.OPEN
    return ActionFilter(chosen, current_user.user_id if _mine() else None)


def _parameters() -> dict[str, str]:
    given = {"lista": _wanted().chosen.value, "vems": "mina" if _mine() else "alla", "enhet": str(_unit_id() or "")}
    standing = {"lista": ActionList.OPEN.value, "vems": "alla" if _reads_all() else "mina", "enhet": ""}
    return {name: value for name, value in given.items() if value != standing[name]}


def _address(**more: object) -> str:
    """Another list, with the columns chosen."""
    columns = {COLUMNS: ",".join(request.args.getlist(COLUMNS))} if COLUMNS in request.args else {}
    given: dict[str, Any] = _parameters() | columns | {name: str(value) for name, value in more.items()}
    return url_for("actions.register", **given)


def _arranged() -> Arranged[ActionRow, AboutActions]:
    chosen = _wanted().chosen
    return arranged(request.args, "/atgarder", _parameters(), action_columns(chosen), own_order(chosen))


def _exported() -> tuple[tuple[Column, ...], Iterator[tuple[object, ...]]]:
    """The columns and rows of a file: with chosen columns the list as it is shown, else all that the import takes."""
    wanted, scope, today, shown = _wanted(), _scope(), clock.today(), _arranged()
    selection = " ".join(f"{name}={value}" for name, value in _parameters().items())
    count = count_register(wanted, scope, today)
    reads.note_read(ReadKind.EXPORT, what="åtgärder", selection=selection, row_count=count, purpose=Purpose.NOT_GIVEN)
    if shown.chosen:
        batches = export_register(wanted, scope, today, shown.order)
        return listed_file(shown, chain.from_iterable(batches), AboutActions(today))
    return EXPORT, _rows(wanted, scope, source_scopes())


def _rows(wanted: ActionFilter, scope: Scope, scopes: dict[RecordKind, Scope]) -> Iterator[tuple[object, ...]]:
    for batch in export_register(wanted, scope, clock.today()):
        sources = sources_of([row.record_id for row in batch], scopes)
        yield from (exported_row(row, sources) for row in batch)
