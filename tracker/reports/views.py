"""Pages of the reports."""

from io import BytesIO
from urllib.parse import urlencode

from flask import abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker import clock
from tracker.accounts.reader import Reach
from tracker.database import read_one_snapshot
from tracker.decisions.quarter import MARK, list_missed
from tracker.frozen.quarters import KIND, locked_cutoffs
from tracker.frozen.queries import LockedVersion, list_newest
from tracker.frozen.years import CONTROL, QUALITY
from tracker.printing.faults import WordError
from tracker.printing.process import WorkFailed
from tracker.records.grants import NOTHING_GRANTED, granted_in
from tracker.records.queries import committee_name
from tracker.records.scope import Scope, scope_of
from tracker.reports import (
    anmalan_views,
    closing_views,
    control_views,
    number_views,
    plan_views,
    quality_views,
    round_views,
    story_views,
)
from tracker.reports.audiences import Audience, check_whole, title_of
from tracker.reports.blueprint import blueprint, quarter_or_404
from tracker.reports.closing import closing_of, period_of
from tracker.reports.files import note_report, reader_document, report_file
from tracker.reports.leaving import Asked, day_asked_for, locked_or_draft
from tracker.reports.locked_views import (
    TOO_MUCH,
    ask_for_identities,
    asked_for,
    give_locked,
    locked_page,
    may_see,
    readable_audiences,
    review_address,
    word_told,
)
from tracker.reports.pages import AUDIENCE_LABELS, CLASS_TEXTS, bars, sections
from tracker.reports.place import place_of
from tracker.reports.quarter import ReportRow, quarter_figures, quarter_rows
from tracker.reports.rendering import FORMAT_LABELS, MIME, ReportFormat
from tracker.reports.trend_pictures import series_pictures, total_picture
from tracker.reports.trends import gathered, quarter_trend, trend_for, trend_periods
from tracker.risk.pages import STATE_LABELS
from tracker.risk.queries import list_states
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission
from tracker.rules.quarters import FIRST_YEAR, LAST_YEAR, Quarter
from tracker.rules.unexecuted import ReportClass
from tracker.web.access import requires
from tracker.web.navigation import MenuItem

MAY_OPEN = (Permission.READ_QUARTER_DRAFT, Permission.READ_LOCKED_REPORTS)
__all__ = [
    "MENU",
    "anmalan_views",
    "blueprint",
    "closing_views",
    "control_views",
    "number_views",
    "plan_views",
    "quality_views",
    "round_views",
    "story_views",
]  # what hangs on the blueprint, too
MAY_LIST = (*MAY_OPEN, Permission.READ_CONTROL, Permission.READ_QUALITY, Permission.LIST_REPORT_NUMBERS)
BESIDE = frozenset({"sending", "guarantees", "pictures"})
MENU = (MenuItem("Rapporter", "/rapporter", "reports", frozenset(MAY_LIST), BESIDE),)
QUARTERS_LISTED = 8
YEARS_OF_QUALITY = 3
MISSED_LISTED, MISSED_READ = 25, 1_000
ROWS_A_SECTION = 25
ROWS_A_PAGE = 200


@blueprint.get("/rapporter")
@requires(*MAY_LIST)
def index() -> ResponseReturnValue:
    """The reports a reader may open: the quarters and the years of internal control with how far they have come, or
    those that are locked.
    """
    quarters = [Quarter.holding(clock.today())]
    while len(quarters) < QUARTERS_LISTED:
        quarters.append(quarters[-1].before)
    mine = readable_audiences()
    return render_template(
        "reports/index.html",
        closings=[closing_of(quarter) for quarter in quarters]
        if current_user.allows(Permission.READ_QUARTER_DRAFT)
        else [],
        locked=list_newest(KIND) if mine else [],
        drafts=current_user.allows(Permission.READ_QUARTER_DRAFT),
        quarters=any(current_user.allows(permission) for permission in MAY_OPEN),
        years=_years_of_control(),
        quality=_years_of_quality(),
        numbers=current_user.allows(Permission.LIST_REPORT_NUMBERS),
        guarantees=current_user.allows(Permission.READ_GUARANTEES),
        day_of=clock.day_of,
    )


def _years_of_quality() -> list[tuple[int, LockedVersion | None]]:
    """(year, its locked version); for those who read locked reports alone the locked ones."""
    if not (current_user.allows(Permission.READ_QUALITY) or current_user.allows(Permission.READ_LOCKED_REPORTS)):
        return []
    locked, this_year = {version.key.year: version for version in list_newest(QUALITY)}, clock.today().year
    drafts = range(this_year, this_year - YEARS_OF_QUALITY, -1) if current_user.allows(Permission.READ_QUALITY) else ()
    return [(year, locked.get(year)) for year in sorted({*drafts, *locked}, reverse=True)]


def _years_of_control() -> list[tuple[int, str, LockedVersion | None]]:
    """(year, the plan's state, the locked follow-up); for those who read locked reports alone the locked ones."""
    locked = {version.key.year: version for version in list_newest(CONTROL)}
    drafts = current_user.allows(Permission.READ_CONTROL)
    return [(year, STATE_LABELS[state], locked.get(year)) for year, state in list_states() if drafts or year in locked]


@blueprint.get("/rapporter/kvartal/<int:year>/<int:number>")
@requires(*MAY_OPEN)
def quarter(year: int, number: int) -> ResponseReturnValue:
    """The quarterly report on screen: the locked one, else the draft, or (with `klass`) all rows of one class."""
    asked = _locked_asked_for(quarter_or_404(year, number))
    if asked is not None and asked.locked is not None and readable_audiences():
        return locked_page(quarter_or_404(year, number), asked, asked.locked)
    if not current_user.allows(Permission.READ_QUARTER_DRAFT):
        return render_template("reports/not_yet.html", quarter=quarter_or_404(year, number), version=None)
    return _draft(year, number)


def _draft(year: int, number: int) -> ResponseReturnValue:
    read_one_snapshot()
    wanted = quarter_or_404(year, number)
    scope = _scope()
    reach = scope.reach
    typed = {name: request.args.get(name, "") for name in ("avstamning", "foregaende")}
    errors: dict[str, str] = {}
    period = period_of(wanted)
    try:
        period = period_of(wanted, *(day_asked_for(typed, name) for name in typed))
    except RuleViolation as violation:
        errors[violation.field or "avstamning"] = violation.message
    figures, rows = quarter_figures(period, reach), quarter_rows(period, scope)
    days = {"avstamning": period.cutoff_on.isoformat(), "foregaende": period.previous_on.isoformat()}
    common = {
        "title": title_of(figures),
        "quarter": wanted,
        "period": period,
        "days": days,
        "kept": days | ({"utkast": "1"} if request.args.get("utkast") == "1" else {}),
        "hidden": sum(row.hidden for row in rows),
        "place": place_of(reach),
        "committee": committee_name(),
        "sends": current_user.allows(Permission.READ_IDENTITIES),
    }
    shown = [row for row in rows if not row.hidden]
    missed = list_missed(period, reach, MISSED_READ) if figures.missed else []
    granted = granted_in(scope) if missed else NOTHING_GRANTED
    missed_shown = [row for row in missed if not granted.hides(row[0], row[MARK])]
    asked_class = request.args.get("klass", "")
    if asked_class in set(ReportClass) and not errors:
        chosen = ReportClass(asked_class)
        common["hidden"] = sum(row.hidden for row in rows if row.report_class is chosen)
        of_class = [row for row in shown if row.report_class is chosen]
        if of_class:
            note_report(figures, Audience.INTERNAL, len(of_class), "sida")
        return _class_page(chosen, of_class, common)
    listed = sections(figures, shown, ROWS_A_SECTION)
    if shown or missed_shown:
        read = sum(len(section.rows) for section in listed) + len(missed_shown[:MISSED_LISTED])
        note_report(figures, Audience.INTERNAL, read, "sida")
    cutoffs = locked_cutoffs()
    trend = gathered(trend_for(Audience.INTERNAL, quarter_trend(period, reach, cutoffs)))
    page = render_template(
        "reports/quarter.html",
        **common,
        figures=figures,
        sections=listed,
        bars=bars(figures.bins),
        trend=trend,
        trend_periods=trend_periods(period, cutoffs),
        trend_whole=total_picture(trend),
        trend_pictures=series_pictures(trend),
        missed=missed_shown[:MISSED_LISTED],
        missed_hidden=len(missed) - len(missed_shown),
        typed={name: typed[name] or days[name] for name in typed},
        errors=errors,
        prepares=current_user.allows(Permission.PREPARE_QUARTER),
        audiences=_audiences(reach),
        closing=closing_of(wanted),
        may=_may(),
        formats=FORMAT_LABELS,
        earlier=wanted.before if wanted > Quarter(FIRST_YEAR, 1) else None,
        later=wanted.after if wanted < Quarter(LAST_YEAR, 4) else None,
    )
    return page, 422 if errors else 200


def _class_page(chosen: ReportClass, rows: list[ReportRow], common: dict[str, object]) -> ResponseReturnValue:
    asked = request.args.get("fran", "")
    first = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 8 else 0
    return render_template(
        "reports/class.html",
        **common,
        text=CLASS_TEXTS[chosen],
        report_class=chosen,
        rows=rows[first : first + ROWS_A_PAGE],
        count=len(rows),
        first=first,
        further=first + ROWS_A_PAGE if first + ROWS_A_PAGE < len(rows) else None,
        earlier=max(first - ROWS_A_PAGE, 0) if first else None,
    )


@blueprint.get("/rapporter/kvartal/<int:year>/<int:number>/export.<extension>")
@requires(Permission.READ_QUARTER_DRAFT)
def quarter_export(year: int, number: int, extension: str) -> ResponseReturnValue:
    """The quarterly report as a file, for the reader named by `mottagare`: the locked one, else the draft."""
    read_one_snapshot()
    audience = request.args.get("mottagare", Audience.INTERNAL.value)
    if extension not in set(ReportFormat) or audience not in set(Audience):
        abort(404)
    asked = asked_for(quarter_or_404(year, number))
    if asked.locked is not None and (request.args.get("version") or audience in readable_audiences()):
        return give_locked(asked.period.quarter, asked.locked, Audience(audience), ReportFormat(extension))
    period = asked.period
    chosen, scope = Audience(audience), _scope()
    reach = scope.reach
    try:
        check_whole(chosen, reach)
    except RuleViolation:
        abort(403)
    if chosen is Audience.IVO:
        ask_for_identities()
    figures = quarter_figures(period, reach)
    if not may_see(reader_document(figures, scope, chosen)[0], chosen):
        days = {"avstamning": str(period.cutoff_on), "foregaende": str(period.previous_on), "utkast": "1"}
        if current_user.allows(Permission.PREPARE_QUARTER):
            return redirect(review_address(period.quarter, chosen, days), 303)
        abort(403)
    try:
        data = report_file(figures, scope, chosen, ReportFormat(extension))
    except WordError as error:
        return _not_made(year, number, word_told(error))
    except WorkFailed:
        return _not_made(year, number, TOO_MUCH)
    part = "" if reach.everything else "-del"
    name = f"ej-verkstallda-beslut-{year}-kvartal-{number}-{chosen.value}{part}.{extension}"
    return send_file(
        BytesIO(data), mimetype=MIME[ReportFormat(extension)], as_attachment=True, download_name=name, max_age=0
    )


def _not_made(year: int, number: int, message: str) -> ResponseReturnValue:
    flash(message, "warning")
    return redirect(f"{url_for('reports.quarter', year=year, number=number)}?{urlencode(request.args)}", 303)


def _locked_asked_for(wanted: Quarter) -> Asked | None:
    """What the address asks for; None for days that cannot be used, which the draft's page tells of."""
    if request.args.get("klass"):
        return None
    try:
        return locked_or_draft(wanted, request.args)
    except RuleViolation as violation:
        if violation.code == "no_version":
            abort(404)
        return None


def _audiences(reach: Reach) -> dict[Audience, str]:
    """For whom the reader may take the draft out."""
    if not reach.everything:
        return {Audience.INTERNAL: AUDIENCE_LABELS[Audience.INTERNAL]}
    identities = current_user.reach(Permission.READ_IDENTITIES).everything
    return {value: label for value, label in AUDIENCE_LABELS.items() if identities or value is not Audience.IVO}


def _may() -> set[str]:
    """Which steps of closing the reader may take."""
    steps = {"prepare": Permission.PREPARE_QUARTER, "lock": Permission.LOCK_REPORTS}
    return {name for name, permission in steps.items() if current_user.reach(permission).everything}


def _scope() -> Scope:
    return scope_of(current_user, Permission.READ_QUARTER_DRAFT)
