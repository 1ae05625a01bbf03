"""Pages of an investigation: its headings, and one heading to write under."""

from flask import abort, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker import clock
from tracker.accounts.queries import kept_units
from tracker.accounts.reader import EVERYTHING
from tracker.audit import reads
from tracker.cases.access import READS, may_be_given, whole_scope
from tracker.cases.addresses import heading_of
from tracker.cases.case_views import ID
from tracker.cases.earlier import list_earlier
from tracker.cases.forms import HeadingForm
from tracker.cases.investigating import Heading, find_heading, headings_of, save_heading
from tracker.cases.investigation_pages import HEADING_HINTS, earlier_lines, heading_lines
from tracker.cases.pages import WORDS
from tracker.cases.registers import LEX_SARAH, REGISTERS, Stored
from tracker.cases.single import find_case, list_investigators
from tracker.cases.texts import SECTION_LABELS, Section, list_words
from tracker.cases.views import blueprint
from tracker.database import db
from tracker.records.versions import StaleVersion
from tracker.rules.case_workflow import CaseState
from tracker.rules.errors import RuleViolation
from tracker.rules.trail import ReadKind
from tracker.web.access import requires
from tracker.web.typed import keeps_typed

ADDRESS = f"/lex-sarah/{ID}/utredning"
STALE = (
    "Någon annan har skrivit här sedan du öppnade sidan. Läs vad som står nu, ta med det som ska vara kvar och spara."
)


@blueprint.get(ADDRESS)
@requires(*READS[LEX_SARAH.kind])
def investigation(record_id: int) -> ResponseReturnValue:
    """The headings of an investigation in their order: what is written, by whom and when, and what lacks."""
    row = _whole(record_id)
    headings = headings_of(list_words(record_id))
    reads.note_read(ReadKind.RECORD, record_id=record_id, all_read=True)
    return render_template(
        "cases/investigation.html", row=row, path=_path(record_id), lines=heading_lines(headings),
        lacking=sum(one.newest is None for one in headings), writes=_writes(row),
        investigators=list(list_investigators(record_id).values()), back=f"/lex-sarah/{record_id}",
        unit={unit.id: unit.name for unit in kept_units(EVERYTHING)}.get(row["unit_id"], ""),
    )  # fmt: skip


@blueprint.route(f"{ADDRESS}/<slug>", methods=["GET", "POST"])
@keeps_typed
@requires(*READS[LEX_SARAH.kind])
def heading(record_id: int, slug: str) -> ResponseReturnValue:
    """What stands under one heading, and a field to write it in for who investigates the case."""
    row = _whole(record_id)
    section = heading_of(slug)
    if section is None:
        abort(404)
    form, status, stale = HeadingForm(), 200, False
    mine = _investigates(record_id)
    if form.is_submitted():
        if not mine:
            abort(404)
        status = 422
        if form.validate():
            try:
                save_heading(
                    record_id, section, form.seen_version, form.body.data or "", current_user.user_id, clock.now()
                )
            except StaleVersion:
                db.session.rollback()
                status, stale = 409, True
            except RuleViolation as violation:
                db.session.rollback()
                form.refuse(violation)
            else:
                flash(f"{SECTION_LABELS[section]}: sparat.")
                return redirect(_path(record_id), 303)
    shown = find_heading(record_id, section)
    _fill(form, shown, stale=stale)
    if form.restored and shown.edition != form.seen_version:
        stale = True  # what was typed comes back beside what has been written meanwhile
        _fill(form, shown, stale=True)
    page = render_template(
        "cases/heading.html", form=form, row=row, line=heading_lines([shown])[0], label=SECTION_LABELS[section],
        stale=stale, hint=HEADING_HINTS.get(section, ""), path=_path(record_id), message=STALE,
        writes=mine and (row["state"] == CaseState.INVESTIGATING or form.is_submitted()),
        earlier=_earlier(row) if section is Section.EARLIER else None,
    )  # fmt: skip
    _note(record_id, refused=form.is_submitted())
    return page, status


def _fill(form: HeadingForm, shown: Heading, *, stale: bool) -> None:
    """The field with what stands, or with what was typed; the edition that it is now an answer to."""
    if stale or not (form.is_submitted() or form.restored):
        form.version.data, form.version.raw_data = str(shown.edition), None
    if not (form.is_submitted() or form.restored):
        form.body.data = shown.newest.body if shown.newest else ""


def _earlier(row: Stored) -> list[object]:
    paths = {kind: WORDS[kind].path for kind in REGISTERS}
    return list(earlier_lines(list_earlier(row, current_user), paths))


def _note(record_id: int, *, refused: bool) -> None:
    if refused:
        reads.note_read_of_refused(ReadKind.RECORD, record_id=record_id)
    else:
        reads.note_read(ReadKind.RECORD, record_id=record_id)


def _whole(record_id: int) -> Stored:
    """The case when the reader may read the whole of it."""
    row = find_case(LEX_SARAH, record_id, whole_scope(LEX_SARAH, current_user))
    if row is None:
        abort(404)
    return row


def _investigates(record_id: int) -> bool:
    return may_be_given(current_user) and current_user.user_id in list_investigators(record_id)


def _writes(row: Stored) -> bool:
    return row["state"] == CaseState.INVESTIGATING and _investigates(row["record_id"])


def _path(record_id: int) -> str:
    return f"/lex-sarah/{record_id}/utredning"
