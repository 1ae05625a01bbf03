"""Pages of the reports."""

from datetime import date
from io import BytesIO

from flask import Blueprint, abort, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker import clock
from tracker.database import read_one_snapshot
from tracker.decisions.quarter import MARK, list_missed
from tracker.records.grants import NOTHING_GRANTED, granted_in
from tracker.records.queries import committee_name
from tracker.records.scope import Scope, scope_of
from tracker.reports.audiences import Audience, check_whole, title_of
from tracker.reports.files import note_report, report_file
from tracker.reports.pages import AUDIENCE_LABELS, CLASS_TEXTS, bars, sections
from tracker.reports.place import place_of
from tracker.reports.quarter import ReportRow, quarter_figures, quarter_rows
from tracker.reports.rendering import MIME, ReportFormat
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission
from tracker.rules.quarters import FIRST_YEAR, LAST_YEAR, Period, Quarter
from tracker.rules.unexecuted import ReportClass
from tracker.web.access import requires
from tracker.web.navigation import MenuItem

blueprint = Blueprint("reports", __name__)
MAY_OPEN = (Permission.READ_QUARTER_DRAFT, Permission.READ_LOCKED_REPORTS)
MENU = (MenuItem("Rapporter", "/rapporter", "reports", frozenset(MAY_OPEN), frozenset({"sending"})),)
QUARTERS_LISTED = 8
MISSED_LISTED, MISSED_READ = 25, 1_000
ROWS_A_SECTION = 25
ROWS_A_PAGE = 200


@blueprint.get("/rapporter")
@requires(*MAY_OPEN)
def index() -> ResponseReturnValue:
    """The reports a reader may open."""
    quarters = [Quarter.holding(clock.today())]
    while len(quarters) < QUARTERS_LISTED:
        quarters.append(quarters[-1].before)
    may_read = current_user.allows(Permission.READ_QUARTER_DRAFT)
    return render_template("reports/index.html", quarters=quarters if may_read else [])


@blueprint.get("/rapporter/kvartal/<int:year>/<int:number>")
@requires(Permission.READ_QUARTER_DRAFT)
def quarter(year: int, number: int) -> ResponseReturnValue:
    """The quarterly report on screen, or (with `klass`) all rows of one class."""
    read_one_snapshot()
    wanted = _quarter(year, number)
    scope = _scope()
    reach = scope.reach
    typed = {name: request.args.get(name, "") for name in ("avstamning", "foregaende")}
    errors: dict[str, str] = {}
    period = Period.of(wanted)
    try:
        period = Period.of(wanted, _day(typed["avstamning"], "avstamning"), _day(typed["foregaende"], "foregaende"))
    except RuleViolation as violation:
        errors[violation.field or "avstamning"] = violation.message
    figures, rows = quarter_figures(period, reach), quarter_rows(period, scope)
    days = {"avstamning": period.cutoff_on.isoformat(), "foregaende": period.previous_on.isoformat()}
    common = {
        "title": title_of(figures),
        "quarter": wanted,
        "period": period,
        "days": days,
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
    page = render_template(
        "reports/quarter.html",
        **common,
        figures=figures,
        sections=listed,
        bars=bars(figures.bins),
        missed=missed_shown[:MISSED_LISTED],
        missed_hidden=len(missed) - len(missed_shown),
        typed={name: typed[name] or days[name] for name in typed},
        errors=errors,
        audiences=AUDIENCE_LABELS if reach.everything else {Audience.INTERNAL: AUDIENCE_LABELS[Audience.INTERNAL]},
        formats=ReportFormat,
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
    """The quarterly report as a file, for the reader named by `mottagare`."""
    read_one_snapshot()
    audience = request.args.get("mottagare", Audience.INTERNAL.value)
    if extension not in set(ReportFormat) or audience not in set(Audience):
        abort(404)
    try:
        period = Period.of(
            _quarter(year, number),
            _day(request.args.get("avstamning", ""), "avstamning"),
            _day(request.args.get("foregaende", ""), "foregaende"),
        )
    except RuleViolation:
        abort(400)
    chosen, scope = Audience(audience), _scope()
    reach = scope.reach
    try:
        check_whole(chosen, reach)
    except RuleViolation:
        abort(403)
    data = report_file(quarter_figures(period, reach), scope, chosen, ReportFormat(extension))
    part = "" if reach.everything else "-del"
    name = f"ej-verkstallda-beslut-{year}-kvartal-{number}-{chosen.value}{part}.{extension}"
    return send_file(
        BytesIO(data), mimetype=MIME[ReportFormat(extension)], as_attachment=True, download_name=name, max_age=0
    )


def _scope() -> Scope:
    return scope_of(current_user, Permission.READ_QUARTER_DRAFT)


def _quarter(year: int, number: int) -> Quarter:
    try:
        return Quarter(year, number)
    except RuleViolation:
        abort(404)


def _day(text: str, field: str) -> date | None:
    """The day in a field, None when it is empty."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise RuleViolation("date", "Datumet går inte att läsa. Skriv det som 2026-03-31.", field) from None
