"""Pages of the registers of avvikelser, lex Sarah-rapporter and synpunkter."""

import tempfile
from collections.abc import Iterator
from datetime import date
from functools import partial

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker import clock
from tracker.accounts.queries import kept_units
from tracker.accounts.reader import EVERYTHING
from tracker.audit import reads
from tracker.cases.access import READS, case_scope, may_be_given, whole_scope
from tracker.cases.asked import AskedFor, asked_for
from tracker.cases.beside import beside
from tracker.cases.exporting import export_cases, listed_cases
from tracker.cases.filtering import TELLS_OF_IVO
from tracker.cases.listing import AboutCases, about_cases, case_columns
from tracker.cases.pages import (
    DATE_COLUMNS,
    WORDS,
    cause_choices,
    choice_name,
    exported_row,
    filter_choices,
    status_choices,
)
from tracker.cases.register import NEWEST, CaseRow, count_cases, list_cases
from tracker.cases.registers import COMPLAINTS, DEVIATIONS, LEX_SARAH, CaseRegister
from tracker.cases.seen_whole import whole_among
from tracker.cases.work import Work, ask_work
from tracker.cases.work_others import ask_other_work
from tracker.exchange.listing import listed_file
from tracker.exchange.writing import Column, Sheet, write_csv, write_xlsx
from tracker.labels import closed_note
from tracker.records.models import RecordKind
from tracker.records.questions import ask
from tracker.records.scope import Scope, scope_of_unit
from tracker.rules.permissions import Permission
from tracker.rules.trail import Purpose, ReadKind
from tracker.web.access import requires
from tracker.web.columns import Arranged, arranged
from tracker.web.files import csv_answer, xlsx_answer
from tracker.web.navigation import MenuItem
from tracker.web.options import options_of
from tracker.web.pagination import any_key

blueprint = Blueprint("cases", __name__)
MENU = (
    MenuItem("Rapportera", "/rapportera", "cases", frozenset({Permission.REPORT_CASES}), alone=True),
    MenuItem("Avvikelser", "/avvikelser", "cases", frozenset({Permission.READ_DEVIATIONS}), alone=True),
    MenuItem("Lex Sarah", "/lex-sarah", "cases", frozenset(READS[LEX_SARAH.kind]), alone=True),
    MenuItem("Synpunkter", "/synpunkter", "cases", frozenset({Permission.READ_COMPLAINTS}), alone=True),
)


@blueprint.get("/avvikelser")
@requires(Permission.READ_DEVIATIONS)
def deviations() -> ResponseReturnValue:
    """The register of avvikelser: 25 a page, the newest first, filters in the address."""
    return _register(DEVIATIONS)


@blueprint.get("/lex-sarah")
@requires(*READS[LEX_SARAH.kind])
def lex_sarah() -> ResponseReturnValue:
    """The register of lex Sarah-rapporter, as above; an utredare sees those they have been given."""
    return _register(LEX_SARAH)


@blueprint.get("/synpunkter")
@requires(Permission.READ_COMPLAINTS)
def complaints() -> ResponseReturnValue:
    """The register of synpunkter, as above."""
    return _register(COMPLAINTS)


@blueprint.get("/avvikelser/export.csv")
@requires(Permission.READ_DEVIATIONS)
def export_deviations_csv() -> ResponseReturnValue:
    """The whole filtered list as CSV, with the columns that the import takes. It is noted before its first byte."""
    return _export_csv(DEVIATIONS)


@blueprint.get("/avvikelser/export.xlsx")
@requires(Permission.READ_DEVIATIONS)
def export_deviations_xlsx() -> ResponseReturnValue:
    """The same as XLSX."""
    return _export_xlsx(DEVIATIONS)


@blueprint.get("/lex-sarah/export.csv")
@requires(Permission.READ_LEX_SARAH)
def export_lex_sarah_csv() -> ResponseReturnValue:
    """The whole filtered list as CSV: what is read whole, not what is seen in short."""
    return _export_csv(LEX_SARAH)


@blueprint.get("/lex-sarah/export.xlsx")
@requires(Permission.READ_LEX_SARAH)
def export_lex_sarah_xlsx() -> ResponseReturnValue:
    """The same as XLSX."""
    return _export_xlsx(LEX_SARAH)


@blueprint.get("/synpunkter/export.csv")
@requires(Permission.READ_COMPLAINTS)
def export_complaints_csv() -> ResponseReturnValue:
    """The whole filtered list as CSV, with the columns that the import takes. It is noted before its first byte."""
    return _export_csv(COMPLAINTS)


@blueprint.get("/synpunkter/export.xlsx")
@requires(Permission.READ_COMPLAINTS)
def export_complaints_xlsx() -> ResponseReturnValue:
    """The same as XLSX."""
    return _export_xlsx(COMPLAINTS)


def _register(register: CaseRegister) -> ResponseReturnValue:
    asked, today = asked_for(register.kind, request.args), clock.today()
    scope = _scope(register, asked)
    units, words = kept_units(scope.reach), WORDS[register.kind]
    narrowed = scope_of_unit(asked.unit_id, units, scope)
    tells, several_units, page = _tells(register), len(units) > 1 or scope.named, None
    shown = _arranged(register, asked, several_units=several_units)
    if narrowed is not None:
        after, before = any_key(request.args.get("efter")), any_key(request.args.get("fore"))
        page = list_cases(register, asked.filter, narrowed, today, after, before, shown.order)
        if not page.rows and page.count:
            return redirect(shown.address(), 303)  # a key past the end: back to the top rather than an empty page
    whole = whole_among(register, page.rows, whole_scope(register, current_user), scope) if page else None
    known = kept_units(EVERYTHING) if scope.named else units
    return render_template(
        "cases/register.html", asked=asked, page=page, words=words, several_units=several_units, shown=shown,
        lines=shown.lines(page.rows, about_cases(register, known, today, whole)) if page else (),
        choice_name=choice_name(register),
        tells=tells, may_clear=current_user.allows(Permission.FORGET_PERSONS),
        options={
            "status": options_of(
                (words.path, "status", tells), "Alla", status_choices(register, tells=tells),
                _value(asked.filter.status),
            ),
            "choice": options_of((words.path, "val"), "Alla", filter_choices(register), asked.filter.choice),
            "enhet": options_of(
                ("enhet", scope.reach, scope.reach.tree, today), "Alla",
                [(u.id, "\u2003" * u.depth + u.name + closed_note(u.valid_until, today)) for u in units],
                asked.unit_id,
            ),
            "orsak": options_of((words.path, "orsak"), "Alla", cause_choices(), asked.cause)
            if register is DEVIATIONS else "",
        },
        works=() if asked.active or request.args else _works(register, today),
        may_export=current_user.allows(register.read),
        may_import=current_user.allows(Permission.IMPORT_CASES), beside=beside(register.kind, current_user),
        may_enter=register is COMPLAINTS and current_user.allows(Permission.HANDLE_COMPLAINTS),
    )  # fmt: skip


def _works(register: CaseRegister, today: date) -> list[Work]:
    """What waits for the reader, over the list while nothing is asked of it."""
    asked = ask_work if register is LEX_SARAH else partial(ask_other_work, register)
    question = asked(current_user, today)
    return ask(question) if question else []


def _tells(register: CaseRegister) -> bool:
    """Whether the reader reads any case of the register whole, and not all of them in short."""
    return register.kind is not RecordKind.LEX_SARAH or may_be_given(current_user)


def _scope(register: CaseRegister, asked: AskedFor) -> Scope:
    """What the list holds: no filter tells of a case what is not told of it in short."""
    tells = asked.filter.choice is not None or asked.filter.status in TELLS_OF_IVO
    return (whole_scope if tells else case_scope)(register, current_user)


def _value(status: object) -> object:
    return getattr(status, "value", None)


def _arranged(register: CaseRegister, asked: AskedFor, *, several_units: bool) -> Arranged[CaseRow, AboutCases]:
    """The list with the columns and in the order of the address."""
    columns = case_columns(register, tells=_tells(register), several_units=several_units)
    return arranged(request.args, WORDS[register.kind].path, asked.parameters(), columns, NEWEST)


def _export_csv(register: CaseRegister) -> ResponseReturnValue:
    return csv_answer(write_csv(*_exported(register)), f"{_file_name(register)}.csv")


def _export_xlsx(register: CaseRegister) -> ResponseReturnValue:
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    write_xlsx(file, [Sheet(WORDS[register.kind].title, *_exported(register))])
    return xlsx_answer(file, f"{_file_name(register)}.xlsx")


def _file_name(register: CaseRegister) -> str:
    return f"{WORDS[register.kind].path.strip('/')}-{clock.today()}"


def _columns(register: CaseRegister) -> tuple[Column, ...]:
    return tuple(
        Column(name, name, 16, "date" if name in DATE_COLUMNS else "number" if name == "allvarlighet" else "text")
        for name in WORDS[register.kind].columns
    )


def _exported(register: CaseRegister) -> tuple[tuple[Column, ...], Iterator[tuple[object, ...]]]:
    """The columns and rows of a file, noted before the first of them; no rows where the unit asked for lies outside.
    With chosen columns it is the list as it is shown, else all that the import takes.
    """
    asked, scope, today = asked_for(register.kind, request.args), whole_scope(register, current_user), clock.today()
    units = kept_units(scope.reach)
    narrowed: Scope | None = scope_of_unit(asked.unit_id, units, scope)
    count = count_cases(register, asked.filter, narrowed, today) if narrowed else 0
    shown = _arranged(register, asked, several_units=len(units) > 1 or scope.named)
    reads.note_read(
        ReadKind.EXPORT, what=WORDS[register.kind].title.casefold(), selection=asked.selection(), row_count=count,
        purpose=Purpose.NOT_GIVEN,
    )  # fmt: skip
    if shown.chosen:
        rows = listed_cases(register, asked.filter, narrowed, today, shown.order) if narrowed else iter(())
        known = kept_units(EVERYTHING) if scope.named else units
        return listed_file(shown, rows, about_cases(register, known, today, None))
    found = export_cases(register, asked.filter, narrowed, today) if narrowed else iter(())
    return _columns(register), (exported_row(register, row) for row in found)
