"""Pages of guarantees: how each is kept, its occasions, its months, and what waits to be registered."""

import tempfile
from urllib.parse import urlencode

from flask import Blueprint, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker import clock
from tracker.accounts.queries import kept_units
from tracker.accounts.reader import EVERYTHING
from tracker.audit import reads
from tracker.exchange.listing import ListedFile, listed_file
from tracker.exchange.writing import Sheet, write_csv, write_xlsx
from tracker.guarantees.figures import YearFigures, complaint_figures, months_of, year_figures, year_of_months
from tracker.guarantees.listing import AboutOccasions, occasion_columns
from tracker.guarantees.pages import (
    EXPORT,
    exported_row,
    guarantee_line,
    month_line,
    percent_words,
)
from tracker.guarantees.queries import GuaranteeRow, OccasionRow, find_guarantee, list_guarantees
from tracker.guarantees.register import (
    LATEST,
    OccasionFilter,
    Place,
    count_register,
    export_register,
    list_register,
)
from tracker.guarantees.words import STATE_LABELS, excess_unit, limit_words
from tracker.guarantees.work import SHOWN, count_unregistered, list_unregistered
from tracker.records.scope import Scope, scope_of, scope_of_unit
from tracker.rules.guarantee_occasions import OccasionState
from tracker.rules.guarantees import Kept
from tracker.rules.months import month_of
from tracker.rules.permissions import Permission
from tracker.rules.trail import Purpose, ReadKind
from tracker.web.access import requires
from tracker.web.columns import Arranged, arranged
from tracker.web.files import csv_answer, xlsx_answer
from tracker.web.parameters import number_of

blueprint = Blueprint("guarantees", __name__)
FIRST_YEAR = 1990


@blueprint.get("/garantier")
@requires(Permission.READ_GUARANTEES)
def index() -> ResponseReturnValue:
    """All guarantees, with how each has been kept this year."""
    today, complaints = clock.today(), _complaints()
    figures = year_figures(today.year, today, _scope())
    lines = []
    for guarantee in list_guarantees():
        if not guarantee.of_complaints:
            lines.append(guarantee_line(guarantee, figures.get(guarantee.id, YearFigures())))
        elif complaints is not None:
            lines.append(guarantee_line(guarantee, complaint_figures(today.year, today, complaints)))
    return render_template(
        "guarantees/index.html", lines=lines, year=today.year,
        waiting=count_unregistered(_scope(), complaints, today),
        may_manage=current_user.allows(Permission.MANAGE_GUARANTEES), narrowed=not _scope().reach.everything,
    )  # fmt: skip


@blueprint.get("/garantier/overskridna")
@requires(Permission.READ_GUARANTEES)
def unregistered() -> ResponseReturnValue:
    """What has passed its last day and is no avvikelse yet, that which has waited longest first."""
    today, complaints = clock.today(), _complaints()
    units = {unit.id: unit.name for unit in kept_units(EVERYTHING)}
    rows = list_unregistered(_scope(), complaints, today)
    return render_template(
        "guarantees/unregistered.html", rows=rows, units=units, shown=SHOWN,
        count=count_unregistered(_scope(), complaints, today),
        may={
            False: current_user.allows(Permission.HANDLE_GUARANTEES),
            True: current_user.allows(Permission.HANDLE_COMPLAINTS),
        },
    )  # fmt: skip


@blueprint.get("/garantier/<slug>")
@requires(Permission.READ_GUARANTEES)
def register(slug: str) -> ResponseReturnValue:
    """The occasions of a guarantee: 25 a page, the latest started first. Those of synpunkter stand in their own."""
    guarantee, today = _found(slug), clock.today()
    if guarantee.of_complaints:
        return redirect(f"/garantier/{slug}/manader", 303)
    wanted, scope, shown = _wanted(), _scope(), _arranged(guarantee)
    units = kept_units(scope.reach)
    narrowed, page = scope_of_unit(_unit_id(), units, scope), None
    if narrowed is not None:
        after, before = (Place.parse(request.args.get(name)) for name in ("efter", "fore"))
        page = list_register(guarantee.id, wanted, narrowed, today, after, before, shown.order)
        if not page.rows and page.hits:
            return redirect(shown.address(), 303)  # a place past the end: back to the top rather than an empty page
    return render_template(
        "guarantees/register.html", guarantee=guarantee, limit=limit_words(guarantee.limit), page=page, wanted=wanted,
        lines=shown.lines(page.rows, AboutOccasions(guarantee, today)) if page else [], states=STATE_LABELS.items(),
        units=units if len(units) > 1 else [], unit=_unit_id(), month=request.args.get("manad", ""), shown=shown,
        may_start=current_user.allows(Permission.HANDLE_GUARANTEES),
        may_manage=current_user.allows(Permission.MANAGE_GUARANTEES),
    )  # fmt: skip


@blueprint.get("/garantier/<slug>/manader")
@requires(Permission.READ_GUARANTEES)
def months(slug: str) -> ResponseReturnValue:
    """A guarantee by month, twelve months of a year."""
    guarantee, this_year = _found(slug), clock.today().year
    asked = number_of(request.args.get("ar", ""))
    year = asked if asked is not None and FIRST_YEAR <= asked <= this_year else this_year
    scope = _complaints() if guarantee.of_complaints else _scope()
    if scope is None:
        abort(404)
    found = months_of(guarantee, year, scope)
    whole = year_of_months(found, year)
    kept = Kept(whole.ended, whole.in_time)
    return render_template(
        "guarantees/months.html", guarantee=guarantee, limit=limit_words(guarantee.limit), year=year,
        years=range(this_year - 4, this_year + 1), lines=[month_line(month) for month in found],
        whole=month_line(whole, "Hela året"), share=percent_words(kept.share), unit=excess_unit(guarantee.limit),
        reached=None if kept.share is None else kept.meets(guarantee.limit), narrowed=not scope.reach.everything,
        may_manage=current_user.allows(Permission.MANAGE_GUARANTEES),
    )  # fmt: skip


@blueprint.get("/garantier/<slug>/export.csv")
@requires(Permission.READ_GUARANTEES)
def export_csv(slug: str) -> ResponseReturnValue:
    """The filtered list as CSV. It is noted before its first byte."""
    return csv_answer(write_csv(*_exported(_kept_here(slug))), f"garanti-{slug}-{clock.today()}.csv")


@blueprint.get("/garantier/<slug>/export.xlsx")
@requires(Permission.READ_GUARANTEES)
def export_xlsx(slug: str) -> ResponseReturnValue:
    """The same as XLSX."""
    guarantee = _kept_here(slug)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    write_xlsx(file, [Sheet("Garanti", *_exported(guarantee))])
    return xlsx_answer(file, f"garanti-{slug}-{clock.today()}.xlsx")


def _exported(guarantee: GuaranteeRow) -> ListedFile:
    """A file, noted before its first row: with chosen columns the list as it is shown, else all that the import takes;
    nothing in it where the unit asked for lies outside.
    """
    wanted, scope, today, shown = _wanted(), _scope(), clock.today(), _arranged(guarantee)
    narrowed = scope_of_unit(_unit_id(), kept_units(scope.reach), scope)
    count = count_register(guarantee.id, wanted, narrowed, today) if narrowed else 0
    reads.note_read(
        ReadKind.EXPORT, what=f"garanti {guarantee.slug}", selection=urlencode(_parameters()), row_count=count,
        purpose=Purpose.NOT_GIVEN,
    )  # fmt: skip
    order = shown.order if shown.chosen else shown.own
    rows = export_register(guarantee.id, wanted, narrowed, today, order) if narrowed else []
    if shown.chosen:
        return listed_file(shown, rows, AboutOccasions(guarantee, today))
    return ListedFile(EXPORT, (exported_row(row, guarantee, today) for row in rows))


def _arranged(guarantee: GuaranteeRow) -> Arranged[OccasionRow, AboutOccasions]:
    path = f"/garantier/{guarantee.slug}"
    columns = occasion_columns(guarantee)
    return arranged(request.args, path, _parameters(), columns, LATEST, "/garantier/tillfallen")


def _found(slug: str) -> GuaranteeRow:
    guarantee = find_guarantee(slug)
    if guarantee is None:
        abort(404)
    return guarantee


def _kept_here(slug: str) -> GuaranteeRow:
    """The guarantee of an address, if its occasions are kept here and not in the register of synpunkter."""
    guarantee = _found(slug)
    if guarantee.of_complaints:
        abort(404)
    return guarantee


def _scope() -> Scope:
    return scope_of(current_user, Permission.READ_GUARANTEES)


def _complaints() -> Scope | None:
    """Which synpunkter the reader sees; None: none."""
    permission = Permission.READ_COMPLAINTS
    return scope_of(current_user, permission) if current_user.allows(permission) else None


def _wanted() -> OccasionFilter:
    state, month = request.args.get("lage", ""), request.args.get("manad", "")
    found = month_of(month)
    return OccasionFilter(OccasionState(state) if state in set(OccasionState) else None, found.first if found else None)


def _unit_id() -> int | None:
    return number_of(request.args.get("enhet", ""))


def _parameters() -> dict[str, str]:
    wanted = _wanted()
    found = {
        "lage": wanted.state.value if wanted.state else "", "enhet": str(_unit_id() or ""),
        "manad": f"{wanted.month:%Y-%m}" if wanted.month else "",
    }  # fmt: skip
    return {name: value for name, value in found.items() if value}
