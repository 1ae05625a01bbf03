"""A register of cases as a file: all that a filtered list holds, read in batches."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import select

from tracker.accounts.models import Unit
from tracker.cases.filtering import CaseFilter
from tracker.cases.models import Deviation
from tracker.cases.register import NEWEST, CaseRow, case_row, find_in_list, shown_columns
from tracker.cases.registers import CaseRegister
from tracker.cases.texts import Section, newest_words
from tracker.database import db
from tracker.records.models import CodeItem, RecordKind
from tracker.records.ordering import order_of
from tracker.records.scope import Scope
from tracker.rules.case_workflow import CaseState
from tracker.web.pagination import Order

EXPORT_BATCH = 1_000


def export_cases(register: CaseRegister, wanted: CaseFilter, scope: Scope, today: date) -> Iterator[dict[str, Any]]:
    """The whole filtered list, the newest first, a batch at a time: the register's columns, `unit`, `category` and the
    words that stand now (`what`).
    """
    model = register.model
    category = select(CodeItem.label).where(CodeItem.id == Deviation.category_id).scalar_subquery()
    extra = [category.label("category")] if register.kind is RecordKind.DEVIATION else []
    statement = (
        select(*model.__table__.c, Unit.name.label("unit"), *extra)
        .join(Unit, Unit.id == model.unit_id)
        .order_by(model.listed_on.desc(), model.record_id.desc())
    )
    found, values = find_in_list(register, statement, wanted, scope, today)
    result = db.session.execute(found, values, execution_options={"yield_per": EXPORT_BATCH})
    for batch in result.mappings().partitions():
        rows = [dict(row) for row in batch]
        words = newest_words((row["record_id"] for row in rows), Section.WHAT)
        for row in rows:
            # What has become a lex Sarah-rapport is read there, by those who may.
            told = row["state"] != CaseState.BECAME_LEX_SARAH
            yield row | {"what": words.get(row["record_id"], (0, ""))[1] if told else ""}


def listed_cases(
    register: CaseRegister, wanted: CaseFilter, scope: Scope, today: date, order: Order = NEWEST
) -> Iterator[CaseRow]:
    """The rows of the whole filtered list as its pages show them, in its order, a batch at a time."""
    c = register.model
    statement = select(*shown_columns(register, c)).order_by(*order_of(c, order, "record_id", True))
    found, values = find_in_list(register, statement, wanted, scope, today)
    for batch in db.session.execute(found, values, execution_options={"yield_per": EXPORT_BATCH}).partitions():
        yield from map(case_row, batch)
