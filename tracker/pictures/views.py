"""The page of eight quarters, and its files."""

import tempfile
from datetime import date
from typing import NamedTuple

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker import clock
from tracker.accounts.queries import UnitRow, kept_units
from tracker.audit import reads
from tracker.exchange.writing import Column, Sheet, write_csv, write_xlsx
from tracker.labels import closed_note
from tracker.pictures.lines import EightQuarters, count_quarters, seen_of
from tracker.pictures.measures import (
    DIVISION_LABELS,
    GOALS,
    MAY_OPEN,
    MEASURE_LABELS,
    WORDS,
    Division,
    Measure,
    divisions_of,
    measures_of,
    scope_of_measure,
)
from tracker.pictures.pages import at_the_end, columns_of, drawn, heads_of, numbers_of, rows_of, tables_of
from tracker.records.scope import scope_of_unit
from tracker.rules.quarters import Quarter, quarter_of
from tracker.rules.trail import Purpose, ReadKind
from tracker.rules.trends import spans_up_to
from tracker.web.access import requires
from tracker.web.files import csv_answer, xlsx_answer
from tracker.web.parameters import number_of

blueprint = Blueprint("pictures", __name__)
OFFERED = 20  # quarters to end with


def may_open_now() -> bool:
    """Whether the reader of this request sees any measure pictured; for the pages that lead here."""
    return any(current_user.allows(permission) for permission in MAY_OPEN)


class Asked(NamedTuple):
    """What an address asks for; `unit_id` None: all that the reader reaches."""

    measure: Measure
    division: Division | None
    unit_id: int | None
    last: Quarter

    @property
    def parameters(self) -> dict[str, str]:
        """The same as parameters of an address."""
        found = {"matt": self.measure.value, "enhet": str(self.unit_id or ""), "per": self.division or "",
                 "till": self.last.short}  # fmt: skip
        return {name: value for name, value in found.items() if value}


class Counted(NamedTuple):
    """What is asked for and its numbers (None: no such unit), and the units that may be chosen."""

    asked: Asked
    found: EightQuarters | None
    units: list[UnitRow]


@blueprint.get("/trender")
@requires(*MAY_OPEN)
def trends() -> ResponseReturnValue:
    """One measure over eight quarters, as `?matt=`, `?enhet=`, `?per=` and `?till=2025-K4` say."""
    today = clock.today()
    counted = _counted(today)
    asked, found = counted.asked, counted.found
    return render_template(
        "pictures/trends.html", asked=asked, found=found, words=WORDS[asked.measure], is_goal=asked.measure in GOALS,
        title=MEASURE_LABELS[asked.measure], measures=[(one, MEASURE_LABELS[one]) for one in measures_of(current_user)],
        divisions=[(one, _division_label(one, asked.measure)) for one in Division], quarters=_offered(asked, today),
        divided=_division_label(asked.division, asked.measure) if asked.division else "",
        units=[
            (one.id, "\u2003" * one.depth + one.name + closed_note(one.valid_until, today)) for one in counted.units
        ],
        where=next((one.name for one in counted.units if one.id == asked.unit_id), ""), heads=heads_of(asked.measure),
        numbers=numbers_of(found.total.counts) if found else [], drawn=drawn(found) if found else None,
        tables=tables_of(found) if found else [], open_at_end=at_the_end(asked.measure),
    )  # fmt: skip


@blueprint.get("/trender/export.csv")
@requires(*MAY_OPEN)
def export_csv() -> ResponseReturnValue:
    """The numbers of the page as CSV. It is noted before its first byte."""
    columns, rows, name = _exported()
    return csv_answer(write_csv(columns, rows), f"{name}.csv")


@blueprint.get("/trender/export.xlsx")
@requires(*MAY_OPEN)
def export_xlsx() -> ResponseReturnValue:
    """The same as XLSX."""
    columns, rows, name = _exported()
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    write_xlsx(file, [Sheet("Trender", columns, rows)])
    return xlsx_answer(file, f"{name}.xlsx")


def _exported() -> tuple[tuple[Column, ...], list[tuple[object, ...]], str]:
    asked, found, _ = _counted(clock.today())
    rows = list(rows_of(found)) if found else []
    selection = "&".join(f"{name}={value}" for name, value in asked.parameters.items())
    reads.note_read(
        ReadKind.EXPORT, what="trender", selection=selection, row_count=len(rows), purpose=Purpose.NOT_GIVEN
    )
    return columns_of(asked.measure), rows, f"trender-{asked.measure.value}-{asked.last.short}"


def _counted(today: date) -> Counted:
    asked = _asked_for(today)
    scope = scope_of_measure(asked.measure, current_user)
    units = kept_units(scope.reach)
    narrowed = scope_of_unit(asked.unit_id, units, scope)
    if narrowed is None:
        return Counted(asked, None, units)
    within = kept_units(narrowed.reach) if asked.unit_id else units
    spans = spans_up_to(asked.last, today)
    found = count_quarters(asked.measure, spans, seen_of(current_user, narrowed), asked.division, within)
    return Counted(asked, found, units)


def _asked_for(today: date) -> Asked:
    """What the address says; what means nothing is left out. 403 for a measure of a register that is not theirs."""
    mine, given = measures_of(current_user), request.args.get("matt", "")
    measure = Measure(given) if given in set(Measure) else mine[0]
    if measure not in mine:
        abort(403)
    per = request.args.get("per", "")
    now = Quarter.holding(today)
    return Asked(
        measure, Division(per) if per in divisions_of(measure) else None, number_of(request.args.get("enhet", "")),
        min(quarter_of(request.args.get("till", "")) or now, now),
    )  # fmt: skip


def _offered(asked: Asked, today: date) -> list[Quarter]:
    """The quarters that may be chosen to end with, the newest first."""
    found = [Quarter.holding(today)]
    while len(found) < OFFERED:
        found.append(found[-1].before)
    return sorted({*found, asked.last}, reverse=True)


def _division_label(division: Division, measure: Measure) -> str:
    """What a division is called for a measure: the category of actions is what they belong to."""
    return WORDS[measure].category or DIVISION_LABELS[division] if division is Division.CATEGORY else "Enhet"
