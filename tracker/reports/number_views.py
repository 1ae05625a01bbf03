"""The page of the lex Sarah-rapporter that the committee is told of as anmälningsärenden, and its files."""

from datetime import date, timedelta

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker import clock
from tracker.cases.report_numbers import ReportNumbers, report_numbers
from tracker.database import read_one_snapshot
from tracker.printing.faults import WordError
from tracker.printing.process import WorkFailed
from tracker.records.scope import scope_of
from tracker.reports.blueprint import blueprint
from tracker.reports.control_year import draft_cover
from tracker.reports.giving import give, not_made
from tracker.reports.rendering import FORMAT_LABELS, ReportFormat
from tracker.reports.rendering.numbers import NUMBER_FORMATS, left_out, lists_of, render_numbers
from tracker.rules.permissions import Permission
from tracker.rules.trail import Purpose
from tracker.web.access import requires
from tracker.web.parameters import day_of

ADDRESS = "/rapporter/kvalitet/anmalningsarenden"


@blueprint.get(ADDRESS)
@requires(Permission.LIST_REPORT_NUMBERS)
def report_list() -> ResponseReturnValue:
    """The numbers over some days (`?fran=DATUM&till=DATUM`), the last whole month where none are asked for."""
    found, errors = _found()
    days = {"fran": found.from_on.isoformat(), "till": found.to_on.isoformat()}
    typed = {name: request.args.get(name) or day for name, day in days.items()}
    page = render_template(
        "reports/report_numbers.html", found=found, lists=[(*one, left_out(one[1])) for one in lists_of(found)],
        errors=errors, typed=typed, days=days,
        formats=[(name, FORMAT_LABELS[ReportFormat(name)]) for name in NUMBER_FORMATS],
    )  # fmt: skip
    return page, 422 if errors else 200


@blueprint.get(f"{ADDRESS}/export.<extension>")
@requires(Permission.LIST_REPORT_NUMBERS)
def report_list_file(extension: str) -> ResponseReturnValue:
    """The numbers as a file. It is noted before its first byte."""
    if extension not in NUMBER_FORMATS:
        abort(404)
    found, errors = _found()
    if errors:
        flash(next(iter(errors.values())), "warning")
        return redirect(url_for("reports.report_list"), 303)
    try:
        data = render_numbers(found, extension, draft_cover())
    except (WordError, WorkFailed) as error:
        return not_made(error, url_for("reports.report_list"))
    which = f"{found.from_on} {found.to_on}"
    count = sum(len(numbers.shown) for _, numbers in lists_of(found))
    return give(data, "anmalningsarenden", which, extension, Purpose.COMMITTEE, count)


def _found() -> tuple[ReportNumbers, dict[str, str]]:
    """The lists over the days in the address, and what is wrong with those by their names."""
    last = clock.today().replace(day=1) - timedelta(days=1)
    days = {"fran": last.replace(day=1), "till": last}
    asked, errors = dict(days), dict[str, str]()
    for name, default in days.items():
        given = request.args.get(name, "")
        day = day_of(given)
        if given and day is None:
            errors[name] = "Skriv datumet som 2026-03-31."
        asked[name] = day or default
    if not errors and asked["fran"] > asked["till"]:
        errors["till"] = "Sista dagen ligger före den första. Skriv en senare dag."
    return _over(days if errors else asked), errors


def _over(days: dict[str, date]) -> ReportNumbers:
    read_one_snapshot()
    return report_numbers(days["fran"], days["till"], scope_of(current_user, Permission.LIST_REPORT_NUMBERS))
