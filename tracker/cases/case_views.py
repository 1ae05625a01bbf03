"""Pages of one case: what is known of it, and the steps that can be taken."""

from datetime import date

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker import clock
from tracker.accounts.queries import kept_units
from tracker.accounts.reader import EVERYTHING
from tracker.audit import reads
from tracker.cases.access import READS, case_scope, may_be_given, whole_scope
from tracker.cases.addresses import step_of
from tracker.cases.anmalan import may_be_notified
from tracker.cases.assessing import assessed, code_choices, finding_of, standing
from tracker.cases.attaching import files_of, reporter_of
from tracker.cases.case_pages import STEP_NOTES, CasePage, Fact, comment_words, facts_list, step_links, timeline
from tracker.cases.file_forms import CaseFileForm
from tracker.cases.file_pages import FilesPart, file_lines
from tracker.cases.followed import has_code
from tracker.cases.forms import UNCHOSEN, AssessForm, StepForm
from tracker.cases.given_back import given_back
from tracker.cases.handing_over import NAMES, handover_facts
from tracker.cases.investigating import HEADINGS, headings_of
from tracker.cases.investigation_pages import heading_lines
from tracker.cases.lex_maria import lex_maria_facts
from tracker.cases.mas import HSL
from tracker.cases.missed import take_step_told
from tracker.cases.missed_pages import ask_why, chosen_cause, promises_of
from tracker.cases.nearness import ASKED_AT, in_words, near_of, warning_of
from tracker.cases.origins import list_connected
from tracker.cases.pages import WORDS
from tracker.cases.registers import COMPLAINTS, DEVIATIONS, LEX_SARAH, CaseRegister, Stored
from tracker.cases.reporters import may_know, may_know_reporter
from tracker.cases.retention import find_clearing
from tracker.cases.services import Given, assess_deviation
from tracker.cases.single import facts_of, find_case, find_reporter, list_investigators, list_persons, list_steps
from tracker.cases.texts import OF_COMPLAINT, SECTION_LABELS, list_words
from tracker.cases.views import blueprint
from tracker.cases.words import STEP_LABELS
from tracker.database import db
from tracker.records.grants import list_candidates
from tracker.records.models import CodeList, RecordKind
from tracker.records.versions import StaleVersion
from tracker.rules.case_files import takes_files
from tracker.rules.case_workflow import (
    TABLE,
    Assessment,
    CaseKind,
    CaseState,
    CaseStep,
    StepRow,
    applies,
    check_step,
    possible_steps,
)
from tracker.rules.errors import RuleViolation
from tracker.rules.nearness import nearness
from tracker.rules.permissions import Permission, roles_allowed
from tracker.rules.trail import ReadKind
from tracker.web.access import requires
from tracker.web.pagination import LARGEST_ID
from tracker.web.typed import keeps_typed

ID = f"<int(max={LARGEST_ID}):record_id>"
STEPS_SHOWN = 40
STALE = "Någon annan har ändrat ärendet sedan du öppnade sidan. Läs vad som gäller nu, och spara igen."


@blueprint.get(f"/avvikelser/{ID}")
@requires(Permission.READ_DEVIATIONS)
def deviation(record_id: int) -> ResponseReturnValue:
    """One avvikelse."""
    return _case(DEVIATIONS, record_id)


@blueprint.get(f"/lex-sarah/{ID}")
@requires(*READS[LEX_SARAH.kind])
def lex_sarah_report(record_id: int) -> ResponseReturnValue:
    """One lex Sarah-rapport, whole or in short."""
    return _case(LEX_SARAH, record_id)


@blueprint.get(f"/synpunkter/{ID}")
@requires(Permission.READ_COMPLAINTS)
def complaint(record_id: int) -> ResponseReturnValue:
    """One synpunkt."""
    return _case(COMPLAINTS, record_id)


@blueprint.route(f"/avvikelser/{ID}/steg/<slug>", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.HANDLE_DEVIATIONS)
def deviation_step(record_id: int, slug: str) -> ResponseReturnValue:
    """Take a step with an avvikelse."""
    return _step(DEVIATIONS, record_id, slug)


@blueprint.route(f"/lex-sarah/{ID}/steg/<slug>", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.DECIDE_LEX_SARAH, Permission.INVESTIGATE_LEX_SARAH)
def lex_sarah_step(record_id: int, slug: str) -> ResponseReturnValue:
    """Take a step with a lex Sarah-rapport."""
    return _step(LEX_SARAH, record_id, slug)


@blueprint.route(f"/synpunkter/{ID}/steg/<slug>", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.HANDLE_COMPLAINTS)
def complaint_step(record_id: int, slug: str) -> ResponseReturnValue:
    """Take a step with a synpunkt."""
    return _step(COMPLAINTS, record_id, slug)


@blueprint.route(f"/avvikelser/{ID}/utredning", methods=["GET", "POST"])
@keeps_typed
@requires(Permission.HANDLE_DEVIATIONS)
def assess(record_id: int) -> ResponseReturnValue:
    """Write what has been found out of an avvikelse."""
    row = find_case(DEVIATIONS, record_id, whole_scope(DEVIATIONS, current_user))
    if row is None or not (_may_assess(row) or (request.method == "POST" and handles_deviation(row))):
        abort(404)
    if not _may_assess(row):
        return given_back(AssessForm(), f"Utredning av avvikelse {row['number']}", f"/avvikelser/{record_id}")
    stands: list[tuple[str, str]] = []
    form = AssessForm(data={"version": str(row["version"]), **assessed(row)})
    for field, code_list in (("category", CodeList.DEVIATION_CATEGORY), ("cause", CodeList.DEVIATION_CAUSE)):
        form[field].choices = code_choices(code_list, row[f"{field}_id"], clock.today())
    if form.validate_on_submit():
        try:
            changed = assess_deviation(row, form.seen_version, finding_of(form), current_user.user_id, clock.now())
        except StaleVersion:
            db.session.rollback()
            row = find_case(DEVIATIONS, record_id, whole_scope(DEVIATIONS, current_user)) or row
            form.form_errors.append(STALE)
            form.version.data, stands = str(row["version"]), standing(form, row)
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash("Utredningen är sparad." if changed else "Inget var ändrat.")
            return redirect(f"/avvikelser/{record_id}", 303)
    page = render_template("cases/assess.html", form=form, row=row, stands=stands)
    return page, (409 if stands else 422) if form.is_submitted() else 200


def _may_assess(row: Stored) -> bool:
    """Whether the reader may write what has been found out: once it has been received, until it is closed."""
    if row["record_kind"] != RecordKind.DEVIATION or not row["is_open"] or row["state"] == CaseState.REPORTED:
        return False
    return handles_deviation(row)


def handles_deviation(row: Stored) -> bool:
    """Whether the reader handles an avvikelse: by their role's units, or as MAS one of hälso- och sjukvård."""
    if holds_over(Permission.HANDLE_DEVIATIONS, row):
        return True
    return bool(current_user.mas and row["law_area"] == HSL and current_user.allows(Permission.HANDLE_DEVIATIONS))


def _case(register: CaseRegister, record_id: int) -> ResponseReturnValue:
    row = find_case(register, record_id, case_scope(register, current_user))
    if row is None:
        abort(404)
    whole = register is not LEX_SARAH or find_case(register, record_id, whole_scope(register, current_user)) is not None
    moved = register.kind is RecordKind.DEVIATION and row["record_kind"] != register.kind.value
    shown = whole and not moved  # what became a lex Sarah-rapport is read there, by those who may
    clearing = find_clearing(record_id) if shown and row["clearing_id"] is not None else None
    reporter = find_reporter(record_id) if shown else None
    knows = may_know(reporter, row, current_user)
    words, newest = list_words(record_id) if shown else [], request.args.get("steg") != "alla"
    page = CasePage(
        row,
        facts_list(register, row, whole=shown) + (_more_facts(register, row) if shown else []),
        [one for one in words if register is not LEX_SARAH or one.section not in HEADINGS],
        timeline(list_steps(record_id, STEPS_SHOWN + 1 if newest else None)) if shown else [],
        list_persons(record_id) if shown else [],
        reporter if knows else None,
        reported=reporter is not None,
    )
    investigated = [line for line in heading_lines(headings_of(words)) if line.now] if register is LEX_SARAH else []
    links = step_links(register, row, _allowed_steps(register, row)) if shown else []
    units = {unit.id: unit.name for unit in kept_units(EVERYTHING)}
    labels = SECTION_LABELS | (OF_COMPLAINT if register.kind is RecordKind.COMPLAINT else {})
    reads.note_read(ReadKind.RECORD, record_id=record_id, all_read=True)
    return render_template(
        "cases/case.html", page=page, words=WORDS[register.kind], register=register, unit=units.get(row["unit_id"], ""),
        whole=whole, moved=moved, steps=links, section_labels=labels, today=clock.today(),
        earlier=newest and len(page.timeline) > STEPS_SHOWN,
        mark=page.mark(register, clock.today()), may_assess=shown and _may_assess(row), investigated=investigated,
        anmalan=f"/lex-sarah/{record_id}/anmalan" if shown and register is LEX_SARAH and may_be_notified(row)
        and holds_over(Permission.DECIDE_LEX_SARAH, row) else "",
        access=f"{WORDS[register.kind].path}/{record_id}/atkomst"
        if shown and holds_over(Permission.MANAGE_CASE_ACCESS, row) else "",
        maria=shown and not clearing and register is DEVIATIONS and row["law_area"] == HSL and handles_deviation(row),
        investigation=f"/lex-sarah/{record_id}/utredning" if shown and register is LEX_SARAH and not clearing else "",
        connected=_connected(register, record_id) + promises_of(register, record_id, current_user) if shown else [],
        may_report=shown and not clearing and register is COMPLAINTS and current_user.allows(Permission.REPORT_CASES),
        anonymous=shown and page.reporter is not None and page.reporter.unreachable and has_code(record_id),
        files=files_part(register, row) if shown and not clearing else None, clearing=clearing,
    )  # fmt: skip


def files_part(register: CaseRegister, row: Stored, form: CaseFileForm | None = None) -> FilesPart:
    """The files of a case that the reader reads the whole of; with a form, where they may add one and take one away."""
    record_id = row["record_id"]
    path = f"{WORDS[register.kind].path}/{record_id}/filer"
    files = files_of(record_id)
    knows = bool(files) and _may_see_reporter(row)
    lines = file_lines(files, path, reporter_of(record_id) if files and not knows else None, knows=knows)
    handles = may_handle_files(register, row)
    return FilesPart(path, lines, (form or CaseFileForm()) if handles else None, removes=handles)


def may_handle_files(register: CaseRegister, row: Stored) -> bool:
    """Whether the reader adds files to a case and takes them away: who takes its steps does, while it takes files."""
    if not takes_files(CaseKind(register.kind.value), CaseState(row["state"])) or row["clearing_id"] is not None:
        return False
    if register is DEVIATIONS:
        return handles_deviation(row)
    if register is COMPLAINTS:
        return holds_over(Permission.HANDLE_COMPLAINTS, row)
    return holds_over(Permission.DECIDE_LEX_SARAH, row) or _investigates(row)


def _more_facts(register: CaseRegister, row: Stored) -> list[Fact]:
    """To whom a case was handed over; what of an avvikelse has been notified under lex Maria."""
    if register is DEVIATIONS:
        return [Fact(*said) for said in lex_maria_facts(row["record_id"])]
    handed = row["state"] == CaseState.HANDED_OVER
    return [Fact(*said) for said in handover_facts(row["record_id"])] if handed else []


def _connected(register: CaseRegister, record_id: int) -> list[tuple[str, str]]:
    """(words, address) of the cases that this one came from or led to, as far as the reader may see them."""
    other = {RecordKind.COMPLAINT: LEX_SARAH, RecordKind.LEX_SARAH: COMPLAINTS}.get(register.kind)
    if other is None or not any(current_user.allows(one) for one in READS[other.kind]):
        return []
    found = list_connected(register, record_id, case_scope(other, current_user))
    return [(f"{other.noun} {one.number}", f"{WORDS[other.kind].path}/{one.record_id}") for one in found]


def _allowed_steps(register: CaseRegister, row: Stored) -> list[StepRow]:
    """The steps of the table that the reader may take with the case, whatever else must hold first."""
    kind = CaseKind(register.kind.value)
    facts = facts_of(register, row, cleared=row["clearing_id"] is not None)
    found = possible_steps(kind, CaseState(row["state"]))
    return [step for step in found if may_take(step, row) and applies(kind, step.step, facts)]


def may_take(step: StepRow, row: Stored) -> bool:
    """Whether the reader holds the step's permission over the case: by their role's units, or as its utredare. What an
    utredare does, whoever decides may do too, but for saying that the investigation is complete.
    """
    if step.permission is Permission.HANDLE_DEVIATIONS:
        return handles_deviation(row)
    if step.permission is not Permission.INVESTIGATE_LEX_SARAH:
        return holds_over(step.permission, row)
    if step.step is not CaseStep.COMPLETE and holds_over(Permission.DECIDE_LEX_SARAH, row):
        return True
    return _investigates(row)


def _investigates(row: Stored) -> bool:
    """Whether the reader is the utredare of a case, or has been."""
    return may_be_given(current_user) and current_user.user_id in list_investigators(row["record_id"])


def holds_over(permission: Permission, row: Stored) -> bool:
    """Whether the reader holds a permission over the case's unit."""
    reach = current_user.reach(permission)
    if reach.everything or reach.only_unit_id == row["unit_id"]:
        return True
    place = next((unit.tree_from for unit in kept_units(EVERYTHING) if unit.id == row["unit_id"]), -1)
    return bool(reach.covers(place))


def _may_see_reporter(row: Stored) -> bool:
    return may_know_reporter(row, current_user)


def _step(register: CaseRegister, record_id: int, slug: str) -> ResponseReturnValue:
    row = find_case(register, record_id, whole_scope(register, current_user))
    step = step_of(slug)
    if row is None or step is None or step is CaseStep.CORRECT:
        abort(404)
    today, path = clock.today(), f"{WORDS[register.kind].path}/{record_id}"
    here = row["record_kind"] == register.kind.value
    table = {one.step: one for one in _allowed_steps(register, row)}.get(step) if here else None
    if table is None:
        if request.method != "POST" or not _could_take(register, row, step):
            abort(404)
        return given_back(StepForm(), f"{STEP_LABELS[step]}, {row['number']}", path)
    form = StepForm(data={"version": str(row["version"]), "day": today})
    form.for_step(table, _candidates(register), comment_words(table))
    ask_why(form, register, row, step, today)
    blocked = _blocked(register, row, step)
    near = _mark_near(form, row, step, today)
    if form.validate_on_submit() and blocked is None:
        try:
            _, deviation = take_step_told(
                register, row, form.seen_version, step, _given(form, row), current_user.user_id, clock.now(), today
            )  # fmt: skip
        except StaleVersion:
            form.form_errors.append(STALE)
            form.version.data = str(row["version"])
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            flash(f"{STEP_LABELS[step]}: sparat." + (f" Registrerat som avvikelse {deviation}." if deviation else ""))
            return redirect(path, 303)
    elif blocked is not None and form.is_submitted():
        form.form_errors.append(blocked)
    _ask_about(form)
    page = render_template(
        "cases/step.html", form=form, heading=f"{STEP_LABELS[step]}, {row['number']}", back=path, blocked=blocked,
        note=STEP_NOTES.get(step, ""), button=STEP_LABELS[step],
        near=near or bool(form.near.errors), warning=near,
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200


def _could_take(register: CaseRegister, row: Stored, step: CaseStep) -> bool:
    """Whether the reader may take the step with the case in some other state than it has come to."""
    kind = CaseKind(register.kind.value)
    return any(one.step is step and may_take(one, row) for one in TABLE if one.kind is kind)


def _blocked(register: CaseRegister, row: Stored, step: CaseStep) -> str | None:
    """What has to be done before the step can be taken; None when nothing has."""
    try:
        check_step(CaseKind(register.kind.value), step, facts_of(register, row), current_user.user_id)
    except RuleViolation as violation:
        return violation.message
    return None


def _candidates(register: CaseRegister) -> dict[str, str]:
    """User → name of those who can be given a case to investigate."""
    if register.kind is not RecordKind.LEX_SARAH:
        return {}
    roles = roles_allowed(Permission.INVESTIGATE_LEX_SARAH)
    return {str(user_id): name for user_id, name, _ in list_candidates(roles, clock.today())}


def _mark_near(form: StepForm, row: Stored, step: CaseStep, today: date) -> str:
    """Tells who of those to choose from stands near the case; gives the warning when the one who decides does."""
    if step not in ASKED_AT:
        return ""
    near = near_of(row, today, knows_reporter=_may_see_reporter(row))
    if step is not CaseStep.ASSIGN:
        grounds = nearness(current_user.user_id, near, deciding=step is CaseStep.DECIDE)
        return warning_of(grounds) if grounds else ""
    for choice in form.investigator.choices:
        grounds = nearness(int(choice.value), near, deciding=False) if choice.value else ()
        choice.label += f" ({in_words(grounds)})" if grounds else ""
    return ""


def _person(form: StepForm) -> str:
    """Whose nearness is weighed: who is to investigate, else the one who decides."""
    chosen = (form["investigator"].data or "") if "investigator" in form else ""
    return chosen or str(current_user.user_id)


def _ask_about(form: StepForm) -> None:
    """The tick for jäv answers for the person that it stands beside now, and for no other."""
    person = _person(form)
    if form.near_person.data != person:
        form.near_person.data, form.near.data, form.near.raw_data = person, False, None


def _given(form: StepForm, row: Stored) -> Given:
    def text(name: str) -> str:
        return (form[name].data or "") if name in form else ""

    assessment, investigator = text("assessment"), text("investigator")
    return Given(
        form["day"].data if "day" in form else None, text("comment"),
        Assessment(assessment) if assessment != UNCHOSEN else None, text("motivation"),
        int(investigator) if investigator.isdecimal() else None,
        bool(form.near.data) and form.near_person.data == _person(form), _may_see_reporter(row),
        chosen_cause(form),

        {name: text(name) for name in (*NAMES, "ivo_answer")},
    )  # fmt: skip
