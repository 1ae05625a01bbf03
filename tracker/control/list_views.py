"""Pages of the list of a year's kontrollmoment: as it is asked for, and its files."""

import tempfile
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlencode

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker import clock
from tracker.accounts.queries import kept_units
from tracker.accounts.reader import EVERYTHING
from tracker.audit import reads
from tracker.control.importing import CONTROL_COLUMNS
from tracker.control.listing import AboutMoments, moment_columns
from tracker.control.pages import CAME_LABELS
from tracker.control.register import (
    BY_REF,
    Came,
    ListedMoment,
    StoredMoment,
    YearStandings,
    page_of,
    read_rows,
    read_stored,
    read_year,
)
from tracker.control.views import blueprint
from tracker.exchange.listing import ListedFile, listed_file
from tracker.exchange.writing import Column, Sheet, write_csv, write_xlsx
from tracker.records.scope import Scope, scope_of, scope_of_unit
from tracker.records.yearly import FIRST_YEAR, LAST_YEAR
from tracker.risk.queries import Plan, list_plans, plan_among, plan_of
from tracker.rules.permissions import Permission
from tracker.rules.plan_workflow import PlanState, is_open
from tracker.rules.trail import Purpose, ReadKind
from tracker.web.access import requires
from tracker.web.columns import Arranged, arranged
from tracker.web.files import csv_answer, xlsx_answer
from tracker.web.pagination import TextKey
from tracker.web.parameters import number_of

ADDRESS = "/internkontroll/<int:year>/moment"
RECORDS = "/internkontroll/moment"
NUMBERS = {"ar", "god_grans", "godtagbar_grans"}
EXPORT = tuple(Column(name, name, 16, "number" if name in NUMBERS else "text") for name in CONTROL_COLUMNS)
NO_UNIT = 0  # no unit has this number


class Asked(NamedTuple):
    """What an address asks for of a year. `found`: None where the unit asked for lies outside, or is none."""

    scope: Scope
    found: YearStandings | None
    came: Came | None
    shown: Arranged[ListedMoment, AboutMoments]

    @property
    def about(self) -> AboutMoments:
        """What its rows share."""
        units = {unit.id: unit.name for unit in kept_units(EVERYTHING)}  # for names alone
        return AboutMoments(units, self.found.late if self.found else {})


@blueprint.get(ADDRESS)
@requires(Permission.READ_CONTROL)
def register(year: int) -> ResponseReturnValue:
    """The kontrollmoment of a year, of one outcome or all: 25 a page, in the natural order of their refs."""
    _check_year(year)
    plans = list_plans()
    plan = plan_among(plans, year)
    asked = _asked(plan)
    shown, hits = asked.shown, asked.found.of(asked.came) if asked.found else []
    after, before = (TextKey.parse(request.args.get(name)) for name in ("efter", "fore"))
    page = page_of(hits, after, before, shown.order)
    if hits and not page.standings:
        return redirect(shown.address(), 303)  # a place past the end: back to the top rather than an empty page
    units = kept_units(asked.scope.reach)
    return render_template(
        "control/register.html", year=year, plan=plan, hits=len(hits), page=page, came=asked.came, shown=shown,
        outside=asked.found is None, lines=shown.lines(read_rows(year, page.standings, asked.scope), asked.about),
        labels=CAME_LABELS, units=units if len(units) > 1 else [], unit=_unit_id(),
        years=[(one, f"{_address(one)}?{urlencode(shown.wanted)}".rstrip("?")) for one in plans],
        may_write=current_user.allows(Permission.MANAGE_CONTROL) and is_open(PlanState(plan.state)),
    )  # fmt: skip


@blueprint.get(f"{ADDRESS}/export.csv")
@requires(Permission.READ_CONTROL)
def export_csv(year: int) -> ResponseReturnValue:
    """The filtered list as CSV. It is noted before its first byte."""
    return csv_answer(write_csv(*_exported(year)), f"kontrollmoment-{year}-{clock.today()}.csv")


@blueprint.get(f"{ADDRESS}/export.xlsx")
@requires(Permission.READ_CONTROL)
def export_xlsx(year: int) -> ResponseReturnValue:
    """The same as XLSX."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    write_xlsx(file, [Sheet("Kontrollmoment", *_exported(year))])
    return xlsx_answer(file, f"kontrollmoment-{year}-{clock.today()}.xlsx")


def _exported(year: int) -> ListedFile:
    """A file, noted before its first row: with chosen columns the list as it is shown, else all that the import takes;
    nothing in it where the unit asked for lies outside.
    """
    _check_year(year)
    asked = _asked(plan_of(year))
    shown, hits = asked.shown, asked.found.of(asked.came) if asked.found else []
    reads.note_read(
        ReadKind.EXPORT, what=f"kontrollmoment {year}", selection=urlencode(shown.filters), row_count=len(hits),
        purpose=Purpose.NOT_GIVEN,
    )  # fmt: skip
    if shown.chosen:
        ordered = hits[::-1] if shown.order.falling else hits
        return listed_file(shown, read_rows(year, ordered, asked.scope, whole=True), asked.about)
    return ListedFile(EXPORT, _importable(year, read_stored(year, hits, asked.scope)))


def _importable(year: int, rows: Iterator[StoredMoment]) -> Iterator[tuple[object, ...]]:
    for row in rows:
        yield (year, *("" if cell is None else cell for cell in row[1:]))


def _asked(plan: Plan) -> Asked:
    scope, came, unit_id = scope_of(current_user, Permission.READ_CONTROL), _came(), _unit_id()
    narrowed = scope_of_unit(unit_id, kept_units(scope.reach), scope)
    filters = {"utfall": came.value if came else "", "enhet": "" if unit_id is None else str(unit_id)}
    shown = arranged(
        request.args, _address(plan.year), {name: value for name, value in filters.items() if value},
        moment_columns(plan.year), BY_REF, RECORDS,
    )  # fmt: skip
    return Asked(scope, read_year(plan, narrowed, clock.today()) if narrowed else None, came, shown)


def _came() -> Came | None:
    given = request.args.get("utfall", "")
    return Came(given) if given in set(Came) else None


def _unit_id() -> int | None:
    """The unit in the address; one that is no number is no unit, and not all of them."""
    given = request.args.get("enhet", "")
    if not given:
        return None
    number = number_of(given)
    return NO_UNIT if number is None else number


def _address(year: int) -> str:
    return url_for("control.register", year=year)


def _check_year(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        abort(404)
