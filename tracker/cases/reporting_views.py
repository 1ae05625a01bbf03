"""Pages where an employee reports what happened, and sees what has become of it."""

from datetime import date

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker import clock
from tracker.accounts.queries import kept_units
from tracker.accounts.reader import EVERYTHING
from tracker.cases.access import case_scope
from tracker.cases.attaching import files_of
from tracker.cases.case_views import ID
from tracker.cases.concerned import closed_as_reported, managers_of
from tracker.cases.file_forms import CaseFileForm
from tracker.cases.file_pages import FilesPart, file_lines
from tracker.cases.forms import ReportForm, choices_of
from tracker.cases.own import OwnReport, find_own, list_own
from tracker.cases.pages import state_mark
from tracker.cases.registers import COMPLAINTS, DEVIATIONS, LEX_SARAH, Stored
from tracker.cases.services import Report, report_case
from tracker.cases.single import find_case
from tracker.cases.texts import Section, newest_words
from tracker.cases.views import blueprint
from tracker.cases.words import KIND_LABELS
from tracker.rules.case_workflow import ENDED, CaseKind, CaseState
from tracker.rules.errors import RuleViolation
from tracker.rules.name_like import name_like
from tracker.rules.permissions import Permission
from tracker.web.access import requires
from tracker.web.pagination import LARGEST_ID
from tracker.web.requestlog import unnamed
from tracker.web.typed import keeps_typed

NAMED = '"{}" ser ut som ett namn. Skriv om, eller kryssa i Skicka ändå.'
FIELD_OF = {"handelsedatum": "happened_on", "rapporterad": "happened_on", "persons": "persons"}


@blueprint.route("/rapportera", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.REPORT_CASES)
@unnamed
def report() -> ResponseReturnValue:
    """Report an avvikelse or a missförhållande, and see what one has reported before."""
    today = clock.today()
    units = [unit for unit in kept_units(EVERYTHING) if unit.valid_until is None or unit.valid_until >= today]
    home = current_user.home_unit(Permission.REPORT_CASES)
    origin = _origin()
    form = ReportForm(data={"enhet": str(home.unit_id) if home else "", "version": "1"} | _said_in(origin))
    form.enhet.choices = choices_of({"": "Välj"} | {str(one.id): "\u2003" * one.depth + one.name for one in units})
    if form.validate_on_submit() and not _pointed_out(form):
        try:
            given = _given(form, origin, today)
            record_id, number = report_case(given, current_user.user_id, "", clock.now(), today)
        except RuleViolation as violation:
            form.refuse(
                RuleViolation(violation.code, violation.message, FIELD_OF.get(violation.field or "", violation.field))
            )
        else:
            flash(f"Tack. Rapporten har nummer {number}.")
            return redirect(url_for("cases.receipt", record_id=record_id), 303)
    own = [
        (one, KIND_LABELS[one.kind], state_mark(one.state, None, None, today)) for one in list_own(current_user.user_id)
    ]
    page = render_template("cases/report.html", form=form, own=own, origin=origin)
    return page, 422 if form.is_submitted() else 200


def _given(form: ReportForm, origin: Stored | None, today: date) -> Report:
    """What was written; raises RuleViolation when it is about all who could receive it."""
    suspected, unit_id = form.suspected.data == "ja", int(form.enhet.data)
    area = form.law_area.data or None
    columns = {"law": area if area != "HSL" else None} if suspected else {"law_area": area, "kind": form.kind.data}
    return Report(
        LEX_SARAH if suspected else DEVIATIONS, unit_id, form.happened_on.data,
        {Section(name): form[name].data or "" for name in form.WORDS},
        (form.persons.data,) if form.persons.data else (), columns,
        origin_id=origin["record_id"] if origin and suspected else None,
        closed_to=managers_of(unit_id, today) if form.about_managers.data else frozenset(),
    )  # fmt: skip


@blueprint.get(f"/rapportera/{ID}")
@requires(Permission.REPORT_CASES)
@unnamed
def receipt(record_id: int) -> ResponseReturnValue:
    """What one has reported: its number, how far it has come, and what came of it."""
    return receipt_page(own_report(record_id), CaseFileForm())


def own_report(record_id: int) -> OwnReport:
    """A report of the reader's own; 404 when it is another's, or none."""
    found = find_own(record_id, current_user.user_id)
    if found is None:
        abort(404)
    return found


def receipt_page(own: OwnReport, form: CaseFileForm) -> str:
    """What one has reported, with the files that one has put there and, while it is open, the form for another."""
    reader, path = current_user.user_id, f"/rapportera/{own.record_id}/filer"
    lines = file_lines(files_of(own.record_id, reader), path, reader, knows=True)
    return render_template(
        "cases/receipt.html", own=own, kind=KIND_LABELS[own.kind], lex_sarah=own.kind is CaseKind.LEX_SARAH,
        mark=state_mark(own.state, None, None, clock.today()), new=own.state is CaseState.REPORTED,
        closed=closed_as_reported(own.record_id),
        files=FilesPart(path, lines, form if own.state not in ENDED else None),
    )  # fmt: skip


def _origin() -> Stored | None:
    """The synpunkt that the address names and the reader may read: what it tells may be a missförhållande."""
    number = request.args.get("synpunkt", type=int)
    if number is None or not 0 < number <= LARGEST_ID or not current_user.allows(COMPLAINTS.read):
        return None
    return find_case(COMPLAINTS, number, case_scope(COMPLAINTS, current_user))


def _said_in(origin: Stored | None) -> dict[str, str]:
    """What a form begins with when it comes from a synpunkt: its words, its unit, and the suspicion."""
    if origin is None:
        return {}
    words = newest_words([origin["record_id"]], Section.WHAT).get(origin["record_id"], (0, ""))[1]
    return {"enhet": str(origin["unit_id"]), "what": words, "suspected": "ja"}


def _pointed_out(form: ReportForm) -> bool:
    """Whether a text seems to name somebody, and nobody has said that it may; told beside the field."""
    if form.anyway.data:
        return False
    found = False
    for name in (*form.WORDS, "persons"):
        if (named := name_like(form[name].data or "")) is not None:
            form[name].errors = [*form[name].errors, NAMED.format(named)]
            found = True
    return found
