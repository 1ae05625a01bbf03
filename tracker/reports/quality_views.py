"""The page of the year of quality, and its files: the locked version that counts, or the draft."""

from datetime import date

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker import clock
from tracker.database import not_writing, read_one_snapshot
from tracker.frozen.queries import get_file, list_versions
from tracker.frozen.years import quality_key
from tracker.printing.faults import WordError
from tracker.printing.process import WorkFailed
from tracker.records.scope import scope_of
from tracker.reports.audiences import PURPOSES
from tracker.reports.blueprint import blueprint
from tracker.reports.control_year import draft_cover
from tracker.reports.giving import give, not_made, try_to_lock
from tracker.reports.quality import QualityYear, quality_year
from tracker.reports.quality_asked import LockedYear, drafts, find_locked, not_yet
from tracker.reports.quality_kept import YearNow, read_kept, story_format, year_now
from tracker.reports.quality_locking import QualityLock, lock_quality
from tracker.reports.rendering import FORMAT_LABELS, ReportFormat
from tracker.reports.rendering.quality import FORMATS, parts_of, render_quality
from tracker.reports.rendering.story import STORY_FORMATS, render_story
from tracker.reports.story import Story, story_of
from tracker.reports.story_forms import QualityLockForm
from tracker.reports.story_views import check_whole, check_year
from tracker.rules.closing import Audience, check_cutoff
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission
from tracker.rules.trail import Purpose
from tracker.web.access import requires
from tracker.web.parameters import day_of
from tracker.web.typed import keeps_typed

ADDRESS = "/rapporter/kvalitet/<int:year>"
WHY = "Skriv varför den låsta rapporten rättas."


@blueprint.get(ADDRESS)
@requires(Permission.READ_QUALITY, Permission.READ_LOCKED_REPORTS)
def quality(year: int) -> ResponseReturnValue:
    """The year in figures: the locked one, else the draft up to the cut-off day in the address (`?avstamning=`)."""
    check_year(year)
    locked = find_locked(year)
    if locked is None and not drafts():
        return not_yet(year)
    given = request.args.get("avstamning", "")
    found, wrong = (locked.kept.found, "") if locked else _draft(year)
    page = render_template(
        "reports/quality.html", found=found, parts=parts_of(found), wrong=wrong, given=given if wrong else "",
        formats=[(name, FORMAT_LABELS[ReportFormat(name)]) for name in FORMATS], locked=locked,
        which=locked.address if locked else _cutoff(found, wrong), drafts=drafts(),
        narrowed=not locked and not _reads_all(), this_year=clock.today().year, reads_all=_reads_all(),
        **_standing(year, locked),
    )  # fmt: skip
    return page, 422 if wrong else 200


@blueprint.get(f"{ADDRESS}/export.<extension>")
@requires(Permission.READ_QUALITY, Permission.READ_LOCKED_REPORTS)
def quality_file(year: int, extension: str) -> ResponseReturnValue:
    """The year as a file: the locked bytes, or the draft's. It is noted before its first byte."""
    check_year(year)
    locked = find_locked(year) if extension in FORMATS else None
    if extension not in FORMATS or (locked is None and not drafts()):
        abort(404)
    if locked is not None:
        return _give_locked(locked, extension, extension, "kvalitet")
    found, wrong = _draft(year)
    if wrong:
        return redirect(url_for("reports.quality", year=year), 303)
    try:
        data = render_quality(found, extension, draft_cover())
    except (WordError, WorkFailed) as error:
        return not_made(error, url_for("reports.quality", year=year))
    return give(data, "kvalitet", f"{year} {found.cutoff_on} utkast", extension, Purpose.FOLLOW_UP)


@blueprint.get(f"{ADDRESS}/berattelse")
@requires(Permission.READ_QUALITY, Permission.READ_LOCKED_REPORTS)
def story(year: int) -> ResponseReturnValue:
    """The kvalitetsberättelse: the locked one, else the draft."""
    check_year(year)
    locked = find_locked(year)
    if locked is None and not drafts():
        return not_yet(year)
    found, wrong = (locked.kept.story, "") if locked else _story_draft(year)
    page = render_template(
        "reports/story.html", found=found, locked=locked, wrong=wrong, writes=_writes(), drafts=drafts(),
        which=locked.address if locked else _cutoff(found, wrong), **_standing(year, locked),
        formats=[(name, FORMAT_LABELS[ReportFormat(name)]) for name in STORY_FORMATS], this_year=clock.today().year,
    )  # fmt: skip
    return page, 422 if wrong else 200


@blueprint.get(f"{ADDRESS}/berattelse.<extension>")
@requires(Permission.READ_QUALITY, Permission.READ_LOCKED_REPORTS)
def story_file(year: int, extension: str) -> ResponseReturnValue:
    """The kvalitetsberättelse on paper: the locked bytes, or the draft's. It is noted before its first byte."""
    check_year(year)
    locked = find_locked(year) if extension in STORY_FORMATS else None
    if extension not in STORY_FORMATS or (locked is None and not drafts()):
        abort(404)
    if locked is not None:
        return _give_locked(locked, extension, story_format(extension), "kvalitetsberattelse")
    found, wrong = _story_draft(year)
    if wrong:
        return redirect(url_for("reports.story", year=year), 303)
    try:
        data = render_story(found, extension, draft_cover())
    except (WordError, WorkFailed) as error:
        return not_made(error, url_for("reports.story", year=year))
    return give(data, "kvalitetsberattelse", f"{year} {found.cutoff_on} utkast", extension, Purpose.FOLLOW_UP)


@blueprint.route(f"{ADDRESS}/las", methods=["GET", "POST"])
@requires(Permission.LOCK_REPORTS, confirmed="POST")
@keeps_typed
def lock_year_of_quality(year: int) -> ResponseReturnValue:
    """The year is locked, or its locked version replaced: what that means, what is not written, and why."""
    check_whole(year)
    form, status = QualityLockForm(), 200
    with not_writing():
        now, wrong = _whole(year)
        versions = list_versions(quality_key(year))
    try:
        check_cutoff(now.found.cutoff_on, clock.today(), None)
    except RuleViolation as violation:
        wrong = wrong or violation.message
    if form.is_submitted():
        status = 422
        if versions and not form.reason.data:
            form.reason.errors = [WHY]
        elif form.validate() and not wrong:
            asked = QualityLock(
                year, current_user.user_id, now.found.cutoff_on, form.reason.data or "", form.digest.data or ""
            )
            made, status = try_to_lock(form, lambda: lock_quality(asked, clock.now()))
            if made is not None:
                flash(f"Kvalitetsrapporten är låst, version {made.version}.")
                return redirect(url_for("reports.quality", year=year), 303)
    form.digest.data = now.digest
    page = render_template(
        "reports/quality_lock.html", year=year, form=form, found=now.found, story=now.story, wrong=wrong,
        locked=versions[0] if versions else None, day_of=clock.day_of,
    )  # fmt: skip
    return page, status


def _draft(year: int) -> tuple[QualityYear, str]:
    """The year up to the day in the address, and what is wrong with that day (the whole year is shown then)."""
    read_one_snapshot()
    scope = scope_of(current_user, Permission.READ_QUALITY)
    day, wrong = _day_asked_for(year)
    return quality_year(year, day, scope), wrong


def _story_draft(year: int) -> tuple[Story, str]:
    """As `_draft`; it tells of the whole house, so who reaches a part of it gets it when it is locked."""
    if not _reads_all():
        abort(403)
    read_one_snapshot()
    day, wrong = _day_asked_for(year)
    return story_of(year, day), wrong


def _whole(year: int) -> tuple[YearNow, str]:
    read_one_snapshot()
    day, wrong = _day_asked_for(year)
    return year_now(year, day), wrong


def _day_asked_for(year: int) -> tuple[date | None, str]:
    """The cut-off day in the address (None: the whole year), and what is wrong with it."""
    given = request.args.get("avstamning", "")
    day = day_of(given)
    if given and day is None:
        return None, "Skriv avstämningsdatum som 2026-03-31."
    if day is not None and day.year != year:
        return None, f"Avstämningsdatum {day} ligger inte i {year}. Välj en dag i det året."
    return day, ""


def _cutoff(found: QualityYear | Story, wrong: str) -> dict[str, str]:
    """What an address says to ask for this draft again."""
    given = request.args.get("avstamning")
    return {"avstamning": found.cutoff_on.isoformat()} if given and not wrong else {"utkast": "1"}


def _reads_all() -> bool:
    return bool(current_user.reach(Permission.READ_QUALITY).everything)


def _writes() -> bool:
    return bool(current_user.reach(Permission.WRITE_QUALITY).everything)


def _standing(year: int, locked: LockedYear | None) -> dict[str, object]:
    """What a page tells of the locked versions, and whether the newest would say something else today."""
    changed = None
    if locked is not None and locked.version.newest and _reads_all():
        changed = year_now(year, locked.version.cutoff_on).digest != _kept_digest(locked)
    return {
        "versions": list_versions(quality_key(year)) if _reads_all() or locked else [], "changed": changed,
        "may_lock": _writes(), "day_of": clock.day_of,
    }  # fmt: skip


def _kept_digest(locked: LockedYear) -> str:
    whole = read_kept(locked.version, Audience.INTERNAL)
    return YearNow(whole.found, whole.story).digest


def _give_locked(locked: LockedYear, extension: str, lies_as: str, name: str) -> ResponseReturnValue:
    data = get_file(locked.version.id, locked.audience.value, lies_as) or b""
    which = f"{locked.version.key.year} {locked.audience.value} version {locked.version.version}"
    return give(data, name, which, extension, PURPOSES[locked.audience])
