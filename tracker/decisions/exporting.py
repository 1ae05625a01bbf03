"""The register as a file: every clock that a list holds, with the columns that the import takes."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import aliased

from tracker.accounts.models import Unit
from tracker.database import db
from tracker.decisions.filtering import RegisterFilter
from tracker.decisions.models import Decision, DecisionClock
from tracker.decisions.notes import open_note
from tracker.decisions.queries import RegisterRow, find_in_register, row_columns
from tracker.records.models import CodeItem, Record
from tracker.records.ordering import order_of
from tracker.records.scope import Scope
from tracker.rules.unexecuted import ClockKind
from tracker.web.pagination import Order

C = DecisionClock
EXPORT_BATCH = 2_000
EXPORT_COLUMNS = (
    "ref", "lagrum", "grund", "omrade", "insats", "kon", "enhet", "handlaggare", "utforare", "diarienummer",
    "beslutsdatum", "avbrottsdatum", "verkstalld", "avslutad", "avslutsorsak", "skal", "forst_rapporterad",
    "slutrapporterad",
)  # fmt: skip


def export_register(wanted: RegisterFilter, scope: Scope, today: date) -> Iterator[tuple[object, ...]]:
    """Every clock that the filter holds, in the list's order, with the columns of EXPORT_COLUMNS; read in batches."""
    intervention, reason = aliased(CodeItem), aliased(CodeItem)
    ascending = wanted.longest_wait_first
    statement = (
        select(
            Decision.ref, Decision.legal_basis, Decision.judgment, Decision.area, intervention.label, Decision.sex,
            Unit.name, Decision.handler_name, Decision.provider, Record.case_number, Decision.decided_on, C.kind,
            C.started_on, C.executed_on, C.closed_on, C.close_reason, reason.label,
            C.first_reported_on, C.final_reported_on, C.delay_note, C.id,
        )
        .select_from(C)
        .join(Decision, Decision.record_id == C.decision_id)
        .join(Record, Record.id == C.decision_id)
        .join(Unit, Unit.id == C.unit_id)
        .join(intervention, intervention.id == C.intervention_id)
        .outerjoin(reason, reason.id == C.delay_reason_id)
        .order_by(*((C.due_on, C.id) if ascending else (C.due_on.desc(), C.id.desc())))
    )  # fmt: skip
    statement, values = find_in_register(statement, wanted, scope, today)
    result = db.session.execute(statement, values, execution_options={"yield_per": EXPORT_BATCH})
    for batch in result.partitions():
        for row in batch:
            judgment, kind = row[2], row[11]
            interrupted_on = row[12] if kind == ClockKind.INTERRUPTION else None
            why = row[16] or open_note(row[19], row[20])
            yield (*row[:2], "dom" if judgment else "beslut", *row[3:11], interrupted_on, *row[13:16], why, *row[17:19])


def listed_register(wanted: RegisterFilter, scope: Scope, today: date, order: Order) -> Iterator[RegisterRow]:
    """The rows of the whole filtered list as its pages show them, in an order, a batch at a time."""
    statement = select(*row_columns(C)).order_by(*order_of(C, order, "id", True))
    statement, values = find_in_register(statement, wanted, scope, today)
    for batch in db.session.execute(statement, values, execution_options={"yield_per": EXPORT_BATCH}).partitions():
        yield from (RegisterRow(*row) for row in batch)
