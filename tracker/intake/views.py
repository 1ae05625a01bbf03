"""Pages on which a file of one's own is read in: file, table, columns, values, preview. Nothing is saved until then."""

from collections.abc import Callable
from contextlib import nullcontext, suppress
from dataclasses import replace
from functools import wraps

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker import clock
from tracker.accounts.reader import Reader
from tracker.audit import reads
from tracker.database import db, not_writing
from tracker.decisions.blueprint import blueprint
from tracker.decisions.importers import look_over_tables
from tracker.exchange.errors import ImportRefused
from tracker.exchange.foreign import Place, Survey, survey
from tracker.exchange.sheets import OpenFile
from tracker.exchange.table import DEFAULT_LIMITS
from tracker.intake import waiting
from tracker.intake.choices import Choices
from tracker.intake.fields import FIELD_TITLES, propose_field
from tracker.intake.forms import (
    FileForm,
    SaveForm,
    StepForm,
    TableForm,
    answers,
    chosen_columns,
    columns_form,
    questions_form,
)
from tracker.intake.mappings import Remembered, find_mapping, known_shapes, names_of
from tracker.intake.pages import (
    STEPS,
    SheetPage,
    change_lines,
    first_sheet,
    sheet_label,
    sheet_page,
    table_notes,
    unmentioned_lines,
)
from tracker.intake.questions import Questions, ask
from tracker.intake.services import ChangedSince, NothingWaits, Preview, preview, save
from tracker.intake.waiting import Waiting
from tracker.records.versions import StaleVersion
from tracker.rules.permissions import Permission
from tracker.rules.trail import ReadKind
from tracker.vault import VaultError
from tracker.web.access import READING, reader_now, requires
from tracker.web.typed import keeps_typed
from tracker.web.uploads import takes_file

IMPORT = Permission.IMPORT_DECISIONS
ADDRESS = "/beslut/inlasning"
WARNINGS_SHOWN = 5
OTHER_WINDOW = "Filen har ändrats i ett annat fönster. Kontrollera valen nedan och skicka igen."
CHANGED = (
    "Registret har ändrats sedan du granskade filen, så att den skulle göra något annat. Inget är sparat. Granska "
    "igen: så här blir det nu."
)


def with_waiting(view: Callable[[Waiting], ResponseReturnValue]) -> Callable[[], ResponseReturnValue]:
    """The view is handed what waits; where nothing does, or it does not open, the page says what to do instead."""

    @wraps(view)
    def step() -> ResponseReturnValue:
        waits = waiting.find(current_user, clock.now())
        if waits is None:
            return _nothing_waits()
        try:
            return view(waits)
        except VaultError:
            db.session.rollback()
            return _nothing_waits()

    return step


@blueprint.route(ADDRESS, methods=["GET", "POST"])
@takes_file(DEFAULT_LIMITS.max_bytes)
@requires(IMPORT)
def intake_file() -> ResponseReturnValue:
    """The first step: a file, which waits sealed from here on."""
    form, status = FileForm(), 200
    if form.is_submitted():
        status = 422
        upload = request.files.get("file")
        if form.validate() and not (upload and upload.filename):
            form.file.errors = ["Välj en fil."]
        elif form.validate() and upload is not None:
            data, filename = upload.read(), upload.filename or ""
            try:
                with not_writing():
                    OpenFile(data, filename)
            except ImportRefused as refused:
                form.file.errors = [_sentence(line) for line in refused.lines()]
            else:
                waiting.keep(current_user, filename, data, clock.now())
                return redirect(url_for("decisions.intake_table"), 303)
    return _page("file", 0, form=form, begun=waiting.find(current_user, clock.now())), status


@blueprint.post(f"{ADDRESS}/avbryt")
@requires(IMPORT)
def intake_cancel() -> ResponseReturnValue:
    """Lets go of the file at once."""
    if waiting.remove(current_user):
        flash("Inläsningen är avbruten. Filen är borta och inget är sparat.")
    return redirect(url_for("decisions.register"), 303)


@blueprint.route(f"{ADDRESS}/tabell", methods=["GET", "POST"])
@keeps_typed
@requires(IMPORT)
@with_waiting
def intake_table(waits: Waiting) -> ResponseReturnValue:
    """Where the table stands: sheet, head row, last row; of a text file how its signs are encoded."""
    form = TableForm()
    with not_writing():
        file, known = _file(waits, request.values.get("encoding")), known_shapes()
        asked = request.values.get("sheet", type=int)
        of_before = waits.choices.place.sheet if waits.choices.place else first_sheet(file, known)
        sheet = asked if asked in {found.place for found in file.sheets} else of_before
        page = sheet_page(file, sheet, known)
    form.head_row.choices = page.rows
    if file.is_workbook:
        form.leave_out_encoding()
    status, stale = 200, False
    unreadable = form.encoding is not None and form.is_submitted() and form.encoding.data != file.encoding
    if form.is_submitted() and "visa" not in request.form:
        status = 422
        if form.validate() and not unreadable:
            place = Place(sheet, form.head_row.data, form.last_row.data)
            if place.last_row is not None and place.last_row <= place.head_row:
                form.last_row.errors = ["Sista raden måste ligga under rubrikraden."]
            else:
                try:
                    with not_writing():
                        notes = survey(file, place).notes
                    waiting.change(
                        current_user, form.version.data, waits.choices.with_table(place, file.encoding, notes)
                    )
                except ImportRefused as refused:
                    form.head_row.errors = [_sentence(line) for line in refused.lines()]
                except StaleVersion:
                    stale, status = True, 409
                    db.session.rollback()
                else:
                    return redirect(url_for("decisions.intake_columns"), 303)
    if stale or not (form.is_submitted() or form.restored):
        _fill_table(form, waits, page, file)
    if unreadable:
        form.encoding.errors = ["Filen går inte att läsa så. Den visas som den går att läsa."]
        form.encoding.data = file.encoding
    return _page(
        "table", 1, waits, form=form, page=page, sheets=[(s.place, sheet_label(s)) for s in file.sheets],
        stale=OTHER_WINDOW if stale else "",
    ), status  # fmt: skip


def _fill_table(form: TableForm, waits: Waiting, page: SheetPage, file: OpenFile) -> None:
    before = waits.choices.place
    same = before is not None and before.sheet == page.sheet
    form.head_row.data = before.head_row if before and same else page.proposed
    form.last_row.data = before.last_row if before and same else None
    form.version.data, form.version.raw_data = waits.version, None
    form.sheet.data = str(page.sheet)
    if form.encoding is not None:
        form.encoding.data = file.encoding


@blueprint.route(f"{ADDRESS}/kolumner", methods=["GET", "POST"])
@keeps_typed
@requires(IMPORT)
@with_waiting
def intake_columns(waits: Waiting) -> ResponseReturnValue:
    """Which column is which field; the rest is skipped."""
    if waits.choices.place is None:
        return redirect(url_for("decisions.intake_table"), 303)
    with not_writing():
        file = _file(waits)
        found = survey(file, waits.choices.table)
        heads = names_of(found.columns)
        earlier = find_mapping(heads)
    allowed = [name for name in FIELD_TITLES if name != "person" or current_user.allows(Permission.IMPORT_IDENTITIES)]
    form = columns_form(found.columns, allowed, _proposed(waits.choices, found, earlier, allowed))
    status, stale = 200, False
    if form.is_submitted():
        status = 422
        form.validate()
        columns = chosen_columns(form, found.columns)
        if not form.errors:
            names = {column.index: column.name for column in found.columns}
            skipped = tuple(c.name for c in found.columns if c.named and c.index not in columns.values())
            choices = waits.choices.with_columns(columns, {n: names[i] for n, i in columns.items()}, skipped)
            with not_writing():
                questions = _questions(file, choices, earlier)
            if not _tell_columns(form, choices, questions):
                try:
                    nothing: dict[str, dict[str, str]] | None = None if questions.any else {}
                    waiting.change(current_user, form.version.data, replace(choices, values=nothing))
                    return redirect(url_for("decisions.intake_" + ("values" if questions.any else "review")), 303)
                except StaleVersion:
                    db.session.rollback()
                    status, stale = 409, True
    if stale or not (form.is_submitted() or form.restored):
        form.version.data, form.version.raw_data = waits.version, None
    return _page(
        "columns", 2, waits, form=form, columns=found.columns, rows=found.rows, notes=table_notes(found),
        earlier=earlier, gone=_gone(earlier, heads), no_person="person" not in allowed,
        stale=OTHER_WINDOW if stale else "",
    ), status  # fmt: skip


def _proposed(choices: Choices, found: Survey, earlier: Remembered | None, allowed: list[str]) -> dict[int, str]:
    """Column → field: as chosen before on this page, as remembered, or by the head's own words; each field once."""
    if choices.columns:
        return {index: name for name, index in choices.columns.items()}
    proposed: dict[int, str] = {}
    for column in found.columns:
        said = earlier.field_of(column.name) if earlier else None
        name = propose_field(column.name, allowed) if said is None and column.named else said
        if name and name in allowed and name not in proposed.values():
            proposed[column.index] = name
    return proposed


def _gone(earlier: Remembered | None, heads: list[str]) -> list[tuple[str, str]]:
    """(head, title) of what was read the last time and is not in this file."""
    gone = earlier.gone(heads) if earlier else {}
    return [(head, FIELD_TITLES[name]) for name, head in gone.items() if name in FIELD_TITLES]


def _tell_columns(form: StepForm, choices: Choices, questions: Questions) -> bool:
    """Tells of columns that cannot be what they are said to be; whether there are any."""
    for name, message in [
        *((name, "har för många olika värden för att vara det du har valt. Välj ett annat fält.") for name in
          questions.too_many),
        *((name, "har inga datum som går att läsa. Välj ett annat fält, eller rätta kolumnen i filen.") for name in
          questions.unread),
    ]:  # fmt: skip
        form[f"kolumn_{choices.columns[name]}"].errors = [f"{choices.heads[name]} {message}"]
    return bool(questions.too_many or questions.unread)


def _questions(file: OpenFile, choices: Choices, earlier: Remembered | None) -> Questions:
    reach = current_user.reach(IMPORT)
    return ask(file, choices, reach, clock.today(), earlier.values if earlier else {}, earlier.dates if earlier else {})


@blueprint.route(f"{ADDRESS}/varden", methods=["GET", "POST"])
@keeps_typed
@requires(IMPORT)
@with_waiting
def intake_values(waits: Waiting) -> ResponseReturnValue:
    """In which form days are written, and what values stand for."""
    if not waits.choices.columns:
        return redirect(url_for("decisions.intake_columns"), 303)
    with not_writing():
        file = _file(waits)
        earlier = find_mapping(names_of(survey(file, waits.choices.table).columns))
        questions = _questions(file, waits.choices, earlier)
    form = questions_form(questions)
    status, stale = 200, False
    if form.is_submitted():
        status = 422
        form.validate()
        dates, values = answers(form, questions)
        if not form.errors:
            try:
                waiting.change(current_user, form.version.data, replace(waits.choices, dates=dates, values=values))
                return redirect(url_for("decisions.intake_review"), 303)
            except StaleVersion:
                db.session.rollback()
                status, stale = 409, True
    if stale or not (form.is_submitted() or form.restored):
        form.version.data, form.version.raw_data = waits.version, None
    heads = waits.choices.heads
    return _page(
        "values", 3, waits, form=form, questions=questions, titles=FIELD_TITLES,
        left=[(heads[name], count) for name, count in questions.left.items()], stale=OTHER_WINDOW if stale else "",
    ), status  # fmt: skip


@blueprint.route(f"{ADDRESS}/granska", methods=["GET", "POST"])
@requires(IMPORT)
@with_waiting
def intake_review(waits: Waiting) -> ResponseReturnValue:
    """The last step: what the file would do, to the last row; and doing it."""
    if waits.choices.values is None:
        return redirect(url_for("decisions.intake_values"), 303)
    form, status, told = SaveForm(), 200, ""
    if request.method not in READING:
        status = 422
        if form.validate() and form.version.data != waits.version:
            status, told = 409, OTHER_WINDOW
        elif form.validate():
            done = _saved(waits, form.seen.data)
            if done is not None:
                return done
            status, told = 409, CHANGED
    with not_writing() if request.method not in READING else nullcontext():
        found = preview(_reader(), waits.choices, _data(waits), clock.today(), clock.now())
    form.version.data, form.version.raw_data = waits.version, None
    form.seen.data = found.seen
    _note_shown(found, refused=status != 200)
    return _page("review", 4, waits, form=form, found=found, told=told, **_shown(found, waits.choices)), status


def _saved(waits: Waiting, seen: str) -> ResponseReturnValue | None:
    """Saves what was shown; None when it would be something else by now."""
    try:
        with not_writing():
            data = _data(waits)
            file = OpenFile(data, waits.choices.filename, waits.choices.encoding or None)
            heads = names_of(survey(file, waits.choices.table).columns)
            sheet = next((one.name for one in file.sheets if one.place == waits.choices.table.sheet), "")
            now, today = clock.now(), clock.today()
            result = save(_reader(), waits.choices, data, seen, heads, sheet, today, now)
            look_over_tables(result)
    except (ChangedSince, ImportRefused):
        return None
    except NothingWaits:
        return redirect(url_for("decisions.intake_file"), 303)
    flash(f"Filen är inläst: {result.new} nya, {result.changed} ändrade, {result.unchanged} oförändrade")
    for warning in result.warnings[:WARNINGS_SHOWN]:
        flash(f"Obs, {warning}", "warning")
    if len(result.warnings) > WARNINGS_SHOWN:
        flash(f"Obs, {len(result.warnings) - WARNINGS_SHOWN} rader till av samma slag", "warning")
    return redirect(url_for("decisions.register"), 303)


def _note_shown(found: Preview, *, refused: bool) -> None:
    """What stands in the register now is shown beside what would: each record is noted as read first."""
    if found.differences is not None:
        ids = list(dict.fromkeys(change.record_id for change in found.differences.changed))
        reads.note_reads(ReadKind.RECORD, ids, of_refused=refused)


def _shown(found: Preview, choices: Choices) -> dict[str, object]:
    differences, unmentioned, names = found.differences, found.unmentioned, found.names
    if differences is None or unmentioned is None or names is None:
        return {}
    by_field = [(choices.heads.get(name, name), count) for name, count in differences.by_field.most_common()]
    return {
        "changed": list(change_lines(differences.changed, names, choices)),
        "new": differences.new,
        "by_field": by_field,
        "unmentioned": unmentioned_lines(unmentioned.rows),
    }


def _reader() -> Reader:
    """The reader itself, to be handed on."""
    reader: Reader = reader_now()
    return reader


def _data(waits: Waiting) -> bytes:
    return waiting.read_file(current_user, waits.choices)


def _file(waits: Waiting, encoding: str | None = None) -> OpenFile:
    """The file that waits, in the encoding asked for where it can be read in that."""
    data, choices = _data(waits), waits.choices
    if encoding:
        with suppress(ImportRefused):
            return OpenFile(data, choices.filename, encoding)
    return OpenFile(data, choices.filename, choices.encoding or None)


def _nothing_waits() -> ResponseReturnValue:
    """Where no file waits: what to do instead. What was sent then has found nothing to answer to."""
    return _page("nothing", 0), 200 if request.method in READING else 409


def _page(name: str, step: int, waits: Waiting | None = None, **shown: object) -> str:
    until = f"{waits.until.astimezone(clock.STOCKHOLM):%H.%M}" if waits else ""
    return render_template(f"intake/{name}.html", steps=STEPS, step=step, waits=waits, until=until, **shown)


def _sentence(line: str) -> str:
    return line[:1].upper() + line[1:]
