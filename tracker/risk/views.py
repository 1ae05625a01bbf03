"""Pages of the risk register."""

import tempfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from flask import (
    Blueprint,
    abort,
    redirect,
    render_template,
    request,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker import clock
from tracker.audit import reads
from tracker.exchange.listing import listed_file
from tracker.exchange.writing import Column, Sheet, write_csv, write_xlsx
from tracker.records.grants import visible_record
from tracker.records.links import LINK_LABELS, list_links_to
from tracker.records.scope import Scope, scope_of
from tracker.risk.importing import COLUMNS, HANDLING_LABELS, RISK_LEVEL_LABELS
from tracker.risk.listing import RISK_COLUMNS
from tracker.risk.pages import (
    LIST_LABELS,
    STATE_LABELS,
    exported_row,
    gross_level,
    matrix_lines,
    step_words,
)
from tracker.risk.queries import (
    Plan,
    RiskRow,
    find_risk,
    list_plans,
    list_same_risk,
    list_years,
    matrix_of,
    plan_among,
    plan_of,
    year_at_hand,
)
from tracker.risk.register import HEAVIEST, Cell, Place, RiskFilter, count_register, export_register, list_register
from tracker.rules.permissions import Permission
from tracker.rules.plan_workflow import PlanState, is_open
from tracker.rules.risk_assessment import RiskList
from tracker.rules.trail import Purpose, ReadKind
from tracker.web.access import requires
from tracker.web.columns import Arranged, arranged
from tracker.web.files import csv_answer, xlsx_answer
from tracker.web.navigation import MenuItem
from tracker.web.pagination import LARGEST_ID
from tracker.web.parameters import number_of

blueprint = Blueprint("risk", __name__)
MENU = (MenuItem("Risker", "/risker", "risk", frozenset({Permission.READ_CONTROL})),)
NUMBERS = {"ar", "sannolikhet", "konsekvens", "sannolikhet_fore", "konsekvens_fore"}
STEPS = ("sannolikhet", "konsekvens")
EXPORT = tuple(Column(name, name, 16, "number" if name in NUMBERS else "text") for name in COLUMNS)


@blueprint.get("/risker")
@requires(Permission.READ_CONTROL)
def register() -> ResponseReturnValue:
    """The register of a year: the matrix, and 25 risks a page, the heaviest first."""
    scope, plans = _scope(), list_plans()
    years = list(plans)
    year = _year(years)
    plan = plan_among(plans, year)
    wanted = _wanted(plan.scale.size)
    counts = matrix_of(year, plan.scale.size, scope, wanted.risk_list)
    cell, shown_as = wanted.cell, _arranged(year, wanted)
    whole = _address(year, RiskFilter(wanted.risk_list), **shown_as.parameters)
    after, before = Place.parse(request.args.get("efter")), Place.parse(request.args.get("fore"))
    page = list_register(year, wanted, scope, after, before, shown_as.order)
    total = sum(map(sum, counts))
    chosen = (cell.likelihood, cell.consequence) if cell else (None, None)
    lines = matrix_lines(plan, counts, lambda s, k: f"{whole}&sannolikhet={s}&konsekvens={k}", chosen)
    shown = sum(one.number for line in lines for one in line.cells if one.chosen) if cell else total
    if not page.rows and shown and (request.args.get("efter") or request.args.get("fore")):
        return redirect(shown_as.address(), 303)  # a place past the end: back to the top rather than an empty page
    return render_template(
        "risk/register.html", year=year, years=years, plan=plan, scale=plan.scale, cell=cell, total=total, shown=shown,
        rows=shown_as.lines(page.rows, plan), list=shown_as, page=page, state=STATE_LABELS[plan.state],
        matrix=lines, may_change=_may_change(plan), wanted=wanted, whole=whole,
        narrowed={name: value for name, value in shown_as.filters.items() if name not in STEPS},
        lists=[(one, LIST_LABELS[one], _address(year, RiskFilter(one), **shown_as.parameters)) for one in RiskList],
    )  # fmt: skip


@blueprint.get(f"/risker/<int(max={LARGEST_ID}):record_id>")
@requires(Permission.READ_CONTROL)
def risk(record_id: int) -> ResponseReturnValue:
    """One risk: what it is, how it is weighed and why, and how it stood in other years."""
    found = find_risk(record_id, _scope())
    if found is None:
        abort(404)
    row, year = found
    plan = plan_of(year)
    history = [(other, old, plan_of(other).scale.level(old.likelihood, old.consequence))
               for other, old in list_same_risk(row.ref, _scope())]  # fmt: skip
    level = plan.scale.level(row.likelihood, row.consequence)
    gross = gross_level(plan.scale, row)
    return render_template(
        "risk/risk.html", risk=row, year=year, scale=plan.scale, level=level, levels=RISK_LEVEL_LABELS,
        step_words=step_words, gross=gross,
        handlings=HANDLING_LABELS, history=history, may_change=_may_change(plan),
        links=list_links_to(record_id, _scope()), link_labels=LINK_LABELS,
        may_manage=visible_record(record_id, scope_of(current_user, Permission.MANAGE_CONTROL)) is not None,
    )  # fmt: skip


@blueprint.get("/risker/export.csv")
@requires(Permission.READ_CONTROL)
def export_csv() -> ResponseReturnValue:
    """The filtered list as CSV, with the columns that the import takes. It is noted before its first byte."""
    year, columns, rows = _exported()
    return csv_answer(write_csv(columns, rows), f"risker-{year}-{clock.today()}.csv")


@blueprint.get("/risker/export.xlsx")
@requires(Permission.READ_CONTROL)
def export_xlsx() -> ResponseReturnValue:
    """The filtered list as XLSX, with the columns that the import takes. It is noted before its first byte."""
    year, columns, rows = _exported()
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    write_xlsx(file, [Sheet("Risker", columns, rows)])
    return xlsx_answer(file, f"risker-{year}-{clock.today()}.xlsx")


def _exported() -> tuple[int, tuple[Column, ...], Iterator[tuple[object, ...]]]:
    """Year, columns and rows of a file: with chosen columns the list as it is shown, else all that the import takes."""
    year, scope = _year(list_years()), _scope()
    plan = plan_of(year)
    wanted = _wanted(plan.scale.size)
    shown = _arranged(year, wanted)
    selection = " ".join(f"{name}={value}" for name, value in _parameters(year, wanted).items())
    count = count_register(year, wanted, scope)
    reads.note_read(ReadKind.EXPORT, what="risker", selection=selection, row_count=count, purpose=Purpose.NOT_GIVEN)
    if shown.chosen:
        return year, *listed_file(shown, export_register(year, wanted, scope, shown.order), plan)
    return year, EXPORT, (exported_row(year, risk) for risk in export_register(year, wanted, scope))


def _arranged(year: int, wanted: RiskFilter) -> Arranged[RiskRow, Plan]:
    return arranged(request.args, "/risker", _parameters(year, wanted), RISK_COLUMNS, HEAVIEST)


def _may_change(plan: Plan) -> bool:
    """Whether the reader may write risks of the year, and the plan is open for it."""
    return current_user.allows(Permission.MANAGE_CONTROL) and is_open(PlanState(plan.state))


def _scope() -> Scope:
    return scope_of(current_user, Permission.READ_CONTROL)


def _year(years: list[int]) -> int:
    """The year in the address; else the one that is at hand, else this one."""
    given = request.args.get("ar", "")
    if given.isdecimal() and len(given) <= 4:
        return int(given)
    return year_at_hand(years, clock.today())


def _wanted(size: int) -> RiskFilter:
    """The list in the address, and its cell, row or column of a matrix of this size; all where there is none."""
    given = request.args.get("lista", "")
    steps = [number_of(request.args.get(name, "")) for name in STEPS]
    cell = Cell(*steps) if any(steps) and all(step is None or 1 <= step <= size for step in steps) else None
    return RiskFilter(RiskList(given) if given in set(RiskList) else RiskList.GROSS, cell)


def _parameters(year: int, wanted: RiskFilter) -> dict[str, Any]:
    """The filter as it stands in an address; what is not narrowed is left out."""
    values: dict[str, Any] = {"ar": year}
    if wanted.risk_list is not RiskList.GROSS:
        values["lista"] = wanted.risk_list.value
    if wanted.cell:
        steps = zip(STEPS, (wanted.cell.likelihood, wanted.cell.consequence), strict=True)
        values |= {name: step for name, step in steps if step is not None}
    return values


def _address(year: int, wanted: RiskFilter, **more: object) -> str:
    """The register's address with its filter, and where in the list."""
    return (
        f"/risker?{urlencode(_parameters(year, wanted) | more)}"  # some twenty a page: url_for would be a third of it
    )
