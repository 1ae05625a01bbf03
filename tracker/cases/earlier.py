"""Has something like it happened before? Cases of the unit and of the same degree or category, for who investigates."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select

from tracker.accounts.reader import Reader
from tracker.cases.access import whole_scope
from tracker.cases.models import Deviation
from tracker.cases.registers import DEVIATIONS, LEX_SARAH, CaseRegister, Stored
from tracker.database import db
from tracker.records.models import RecordKind
from tracker.records.scope import Scope, visible
from tracker.rules.calendar import add_months
from tracker.rules.case_workflow import CaseState

YEARS_BACK = 3
MOST = 10


@dataclass(frozen=True, slots=True)
class EarlierCase:
    """A case that came before; `choice` is its degree or its category, `same_unit` whether it happened in the unit."""

    kind: RecordKind
    record_id: int
    ref: str
    listed_on: date
    choice: str | int | None
    same_unit: bool


def list_earlier(row: Stored, reader: Reader) -> list[EarlierCase]:
    """What came in the three years up to the case and is like it: lex Sarah-rapporter of the unit, those of the same
    degree elsewhere, and avvikelser of the unit (of the same category when the case was one). The newest first, at
    most ten of each, and only what the reader may read the whole of.
    """
    found = dict[int, EarlierCase]()
    for one in _of_lex_sarah(row, whole_scope(LEX_SARAH, reader)):
        found.setdefault(one.record_id, one)
    if reader.allows(DEVIATIONS.read):
        for one in _of_deviations(row, whole_scope(DEVIATIONS, reader)):
            found.setdefault(one.record_id, one)
    return sorted(found.values(), key=lambda one: (not one.same_unit, -one.listed_on.toordinal(), -one.record_id))


def _of_lex_sarah(row: Stored, scope: Scope) -> Iterator[EarlierCase]:
    c = LEX_SARAH.model
    yield from _some(LEX_SARAH, row, scope, c.assessment, [c.unit_id == row["unit_id"]])
    if row["assessment"] is not None:
        yield from _some(LEX_SARAH, row, scope, c.assessment, [c.assessment == row["assessment"]])


def _of_deviations(row: Stored, scope: Scope) -> Iterator[EarlierCase]:
    c = DEVIATIONS.model
    wanted = [c.unit_id == row["unit_id"], c.state != CaseState.BECAME_LEX_SARAH.value]
    category = db.session.scalar(select(Deviation.category_id).where(Deviation.record_id == row["record_id"]))
    if category is not None:
        wanted.append(c.category_id == category)
    yield from _some(DEVIATIONS, row, scope, c.category_id, wanted)


def _some(
    register: CaseRegister, row: Stored, scope: Scope, choice: Any, wanted: Iterable[ColumnElement[bool]]  # noqa: ANN401 - a column
) -> Iterator[EarlierCase]:  # fmt: skip
    c, until = register.model, row["listed_on"]
    statement = (
        select(c.record_id, c.ref, c.listed_on, choice, c.unit_id)
        .where(
            *wanted, c.listed_on.between(add_months(until, -12 * YEARS_BACK), until), c.record_id != row["record_id"],
            visible(c.record_id, c.unit_id, c.mark, scope),
        )
        .order_by(c.listed_on.desc(), c.record_id.desc())
        .limit(MOST)
    )  # fmt: skip
    for record_id, ref, day, its_choice, unit_id in db.session.execute(statement, scope.values):
        yield EarlierCase(register.kind, record_id, ref, day, its_choice, unit_id == row["unit_id"])
