"""Pages of the follow-up of the internal control plan, and its files: the locked version that counts, or the draft."""

from dataclasses import dataclass
from io import BytesIO

from flask import abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker import clock
from tracker.activity.pages import activity_lines
from tracker.audit import reads
from tracker.control.pages import MARKS
from tracker.control.plan_pages import CHANGE_LABELS
from tracker.control.plan_queries import approved_report
from tracker.control.queries import grades_of
from tracker.database import not_writing, read_one_snapshot
from tracker.frozen.queries import LockedVersion, list_versions
from tracker.frozen.years import control_key
from tracker.printing.faults import WordError
from tracker.printing.process import WorkFailed
from tracker.records.queries import committee_name
from tracker.records.scope import EVERY_RECORD, Scope, scope_of
from tracker.records.yearly import FIRST_YEAR, LAST_YEAR
from tracker.reports.blueprint import blueprint, version_asked_for
from tracker.reports.control_forms import ControlLockForm, TextsForm
from tracker.reports.control_kept import Seen, digest_of, locked_file, now_seen, seen_in, since
from tracker.reports.control_locking import ControlLock, lock_control
from tracker.reports.control_texts import TEXTS
from tracker.reports.control_year import FORMATS, FollowUp, follow_up, render_draft
from tracker.reports.giving import not_made, try_to_lock
from tracker.reports.rendering import FORMAT_LABELS, MIME, ReportFormat
from tracker.reports.rendering.control_parts import cover_sections, grade_parts, lines_of, risk_parts, told
from tracker.reports.text_views import write_texts
from tracker.risk.pages import matrix_lines, motivation_of
from tracker.rules.control_grading import sentence
from tracker.rules.control_texts import (
    BEFORE_FIGURES,
    COVER,
    GENERATED,
    SECTION_LABELS,
    SUGGESTIONS,
    TextSection,
    decision_text,
)
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission
from tracker.rules.plan_workflow import PlanState, check_followed_up
from tracker.rules.trail import Purpose, ReadKind
from tracker.web.access import requires
from tracker.web.typed import keeps_typed

LISTED = 200
ADDRESS = "/rapporter/internkontroll/<int:year>"


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for, as its reader may see it: the draft, or a locked version (`seen`) among `versions`."""

    found: FollowUp
    scope: Scope
    versions: list[LockedVersion]
    locked: LockedVersion | None = None
    seen: Seen | None = None


@blueprint.get(ADDRESS)
@requires(Permission.READ_CONTROL, Permission.READ_LOCKED_REPORTS)
def control(year: int) -> ResponseReturnValue:
    """The follow-up of a year: the sentence, the kontrollmoment, the risks; the locked one, else the draft."""
    _check_year(year)
    read_one_snapshot()
    asked = _asked(year)
    if asked is None:
        return render_template("reports/control_not_yet.html", year=year)
    found, plan = asked.found, asked.found.plan
    headline, rest = sentence(grades_of(found.moments))
    net = [risk for risk in found.risks if risk.in_net]
    risks = [(risk, plan.scale.level(risk.likelihood, risk.consequence), motivation_of(risk)) for risk in net[:LISTED]]
    reads_control = current_user.allows(Permission.READ_CONTROL)
    whole = asked.scope.reach.everything
    texts = found.texts if whole else {}
    committee = asked.seen.kept.cover.committee if asked.seen else committee_name()
    cover = cover_sections(year, found.moments, found.texts, committee)
    changed = None
    if asked.locked is not None and reads_control and asked.locked.newest:
        changed = since(found, now_seen(year, asked.scope))
    may_write = current_user.reach(Permission.MANAGE_CONTROL).everything
    lines, counts = lines_of(found.moments), grades_of(found.moments)
    return render_template(
        "reports/control.html", year=year, headline=headline, rest=rest, lines=lines,
        counts=[(MARKS[grade], count) for grade, count in counts.items()],
        parts=risk_parts(plan.scale, found.risks, lines), analysis=grade_parts(lines), risks=risks, total=len(net),
        left_out=len(found.risks) - len(net), texts=texts,
        matrix=matrix_lines(plan, found.matrix, lambda _likelihood, _consequence: ""), scale=plan.scale,
        written=any(texts.values()), suggested=SUGGESTIONS, whole=whole, labels=SECTION_LABELS, told=told,
        cover=cover.items(), before=BEFORE_FIGURES, final=TextSection.FINAL,
        may_write=may_write and asked.locked is None, may_lock=may_write, reads=reads_control,
        locked=asked.locked, versions=asked.versions, changed=changed, partly=asked.seen and not asked.seen.whole,
        activities=activity_lines(found.activities),
        formats=[(name, FORMAT_LABELS[ReportFormat(name)]) for name in FORMATS],
        change_words=CHANGE_LABELS, day_of=clock.day_of, approved=approved_report(year),
        which={"version": asked.locked.version} if asked.locked else {"utkast": 1},
    )  # fmt: skip


@blueprint.get(f"{ADDRESS}/export.<extension>")
@requires(Permission.READ_CONTROL, Permission.READ_LOCKED_REPORTS)
def control_file(year: int, extension: str) -> ResponseReturnValue:
    """The follow-up as a file: the locked bytes, to whoever may see all of them. Noted before its first byte."""
    _check_year(year)
    asked = _asked(year) if extension in FORMATS else None
    if asked is None:
        abort(404)
    try:
        if asked.locked is not None and asked.seen is not None:
            data, which = locked_file(asked.locked, asked.seen, extension), f" version {asked.locked.version}"
        else:
            data, which = render_draft(asked.found, extension), ""
    except (WordError, WorkFailed) as error:
        return not_made(error, url_for("reports.control", year=year))
    reads.note_read(
        ReadKind.REPORT, what="internkontroll", selection=f"{year}{which} {extension}",
        row_count=len(asked.found.moments), purpose=Purpose.FOLLOW_UP,
    )  # fmt: skip
    name = f"uppfoljning-internkontroll-{year}{which.replace(' ', '-') or '-utkast'}.{extension}"
    mimetype = MIME[ReportFormat(extension)]
    return send_file(BytesIO(data), mimetype=mimetype, as_attachment=True, download_name=name, max_age=0)


@blueprint.route(f"{ADDRESS}/las", methods=["GET", "POST"])
@requires(Permission.MANAGE_CONTROL, confirmed="POST")
def lock_follow_up(year: int) -> ResponseReturnValue:
    """The follow-up is locked, or its locked version replaced: what that means, and why."""
    _check_whole(year)
    form, status = ControlLockForm(), 200
    with not_writing():
        found = follow_up(year, EVERY_RECORD)  # what is locked; only its counts are shown
        versions = list_versions(control_key(year))
    stopped = ""
    try:
        check_followed_up(PlanState(found.plan.state))
    except RuleViolation as violation:
        stopped = violation.message
    if form.is_submitted():
        status = 422
        if versions and not form.reason.data:
            form.reason.errors = ["Skriv varför den låsta uppföljningen rättas."]
        elif form.validate():
            asked = ControlLock(year, current_user.user_id, form.reason.data or "", seen=form.digest.data or "")
            made, status = try_to_lock(form, lambda: lock_control(asked, clock.now()))
            if made is not None:
                flash(f"Uppföljningen är låst, version {made.version}.")
                return redirect(url_for("reports.control", year=year), 303)
    form.digest.data = digest_of(found)
    headline, rest = sentence(grades_of(found.moments))
    return render_template(
        "reports/control_lock.html", year=year, form=form, headline=headline, rest=rest, stopped=stopped,
        locked=versions[0] if versions else None, day_of=clock.day_of,
        moments=len(found.moments), risks=len(found.risks),
        unwritten=[SECTION_LABELS[one] for one in COVER if one not in GENERATED and not found.texts.get(one)],
    ), status  # fmt: skip


@blueprint.route(f"{ADDRESS}/text", methods=["GET", "POST"])
@requires(Permission.MANAGE_CONTROL)
@keeps_typed
def control_texts(year: int) -> ResponseReturnValue:
    """The texts of the follow-up are written; what another has written since is shown beside what was typed."""
    _check_whole(year)
    form = TextsForm()
    wrote = write_texts(form, TEXTS, year)
    if wrote.saved is not None:
        flash("Texterna är sparade." if wrote.saved else "Inget var ändrat.")
        return redirect(url_for("reports.control", year=year, utkast=1), 303)
    return render_template(
        "reports/control_texts.html",
        year=year,
        form=form,
        stale=wrote.stale,
        generated={TextSection.DECISION: decision_text(committee_name(), year)},
        headings={COVER[0]: "Försättsblad", BEFORE_FIGURES[0]: "Rapport"},
    ), wrote.status


def _asked(year: int) -> Asked | None:
    """`version=N` asks for that locked version, `utkast=1` for the draft, else the newest or, where there is none, the
    draft; None for a draft that the reader may not see. 404 for an unknown version.
    """
    may_draft = current_user.allows(Permission.READ_CONTROL)
    permission = Permission.READ_CONTROL if may_draft else Permission.READ_LOCKED_REPORTS
    scope, number = scope_of(current_user, permission), version_asked_for(request.args)
    versions = list_versions(control_key(year))
    if number is None and may_draft and (not versions or request.args.get("utkast") == "1"):
        return Asked(follow_up(year, scope), scope, versions)
    chosen = [one for one in versions if number in {None, one.version}]
    if not chosen:
        if number is None:
            return None
        abort(404)
    seen = seen_in(chosen[0], scope)
    return Asked(seen.kept.found, scope, versions, chosen[0], seen)


def _check_year(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        abort(404)


def _check_whole(year: int) -> None:
    """What tells of the whole house is written and locked by those who manage it there."""
    _check_year(year)
    if not current_user.reach(Permission.MANAGE_CONTROL).everything:
        abort(403)
