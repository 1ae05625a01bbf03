"""The page of patterns of avvikelser: twelve months by unit, category and cause, how serious, and what stands still."""

from typing import NamedTuple

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker import clock
from tracker.accounts.queries import kept_units
from tracker.accounts.reader import EVERYTHING
from tracker.audit import reads
from tracker.cases.access import case_scope
from tracker.cases.pattern_pages import (
    KIND_LABELS,
    Table,
    bars_of,
    code_table,
    likelihood_words,
    matrix_lines,
    pattern_columns,
    pattern_rows,
    unassessed,
    unit_table,
)
from tracker.cases.patterns import Counts, Patterns, count_patterns
from tracker.cases.registers import DEVIATIONS
from tracker.cases.views import blueprint
from tracker.exchange.writing import write_csv
from tracker.records.models import CodeList
from tracker.records.queries import kept_label
from tracker.rules.months import Month, month_of, twelve_months
from tracker.rules.permissions import Permission
from tracker.rules.trail import Purpose, ReadKind
from tracker.web.access import requires
from tracker.web.files import csv_answer


class _Page(NamedTuple):
    """What both the page and its file are made of."""

    months: list[Month]
    found: Patterns
    tables: list[Table]


@blueprint.get("/avvikelser/monster")
@requires(Permission.READ_DEVIATIONS)
def patterns() -> ResponseReturnValue:
    """Twelve months up to a chosen one (`?till=2026-03`), within the reader's units."""
    page = _counted()
    last, now = page.months[-1], _this_month()
    return render_template(
        "cases/patterns.html", months=page.months, tables=page.tables, last=last,
        bars=bars_of(page.tables[0].everything, page.months), matrix=matrix_lines(page.found, page.months),
        likelihoods=likelihood_words(), unassessed=unassessed(page.found, page.months),
        earlier=Month(last.year - 1, last.month), later=min(Month(last.year + 1, last.month), now),
        is_now=last >= now,
    )  # fmt: skip


@blueprint.get("/avvikelser/monster/export.csv")
@requires(Permission.READ_DEVIATIONS)
def export_patterns_csv() -> ResponseReturnValue:
    """The same tables as CSV. It is noted before its first byte."""
    page = _counted()
    rows = list(pattern_rows(page.tables))
    reads.note_read(
        ReadKind.EXPORT, what="mönster bland avvikelser", selection=f"till={page.months[-1].short}",
        row_count=len(rows), purpose=Purpose.NOT_GIVEN,
    )  # fmt: skip
    return csv_answer(write_csv(pattern_columns(page.months), rows), f"monster-{page.months[-1].short}.csv")


def _this_month() -> Month:
    today = clock.today()
    return Month(today.year, today.month)


def _labels(code_list: CodeList, counts: Counts) -> dict[int, str]:
    """The label of each code that is counted, also of one that is not chosen any more."""
    return {key: kept_label(code_list, key) for key in counts if key is not None}


def _counted() -> _Page:
    last = month_of(request.args.get("till", "")) or _this_month()
    months, scope = twelve_months(last), case_scope(DEVIATIONS, current_user)
    found = count_patterns(months, scope, clock.today())
    places = {unit.id: unit.tree_from for unit in kept_units(EVERYTHING)}
    tables = [
        unit_table(found, kept_units(scope.reach), places, months),
        code_table("Per kategori", "Kategori", "kategori", found.categories,
                   _labels(CodeList.DEVIATION_CATEGORY, found.categories), found, months),
        code_table("Per orsaksområde", "Orsaksområde", "orsak", found.causes,
                   _labels(CodeList.DEVIATION_CAUSE, found.causes), found, months),
        code_table("Händelser och tillbud", "Slag", "slag", found.kinds, KIND_LABELS, found, months),
    ]  # fmt: skip
    return _Page(months, found, tables)
