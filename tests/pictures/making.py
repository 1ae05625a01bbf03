"""Puts cases and actions straight into the registers, with the days that a test gives, and asks for their trend."""

from datetime import date
from itertools import count

from tests.factories import LONG_AGO, make_user
from tests.records.granting import user_id_of
from tracker import clock
from tracker.accounts.queries import find_unit, list_units
from tracker.accounts.reader import reader_by_email
from tracker.accounts.services import give_role
from tracker.actions.models import ActionItem, ActionSource
from tracker.cases.models import Complaint, Deviation, LexSarahReport
from tracker.database import db, insert_many, writer
from tracker.pictures.lines import EightQuarters, count_quarters, seen_of
from tracker.pictures.measures import Division, Measure, scope_of_measure
from tracker.records.models import Access, GrantKind, Mark, Record, RecordGrant, RecordKind
from tracker.records.scope import scope_of_unit
from tracker.rules.permissions import Role
from tracker.rules.quarters import Quarter
from tracker.rules.trends import spans_up_to

KINDS = {Deviation: RecordKind.DEVIATION, LexSarahReport: RecordKind.LEX_SARAH, Complaint: RecordKind.COMPLAINT,
         ActionItem: RecordKind.ACTION}  # fmt: skip
CASE = {"listed_on": date(2020, 1, 1), "moved_on": date(2020, 1, 1), "state": "received", "is_open": True}
OWN = {Complaint: {"kind": "klagomål"}}
ACTION = {"text": "Rutinen ses över", "listed_on": date(2020, 1, 1), "stage": 0}
QUALITY = "kvalitet@kommun.example"
_numbers = count(1)


def put(model, rows, unit="Vuxen", mark=Mark.ORDINARY):
    """Rows of one register, each with its own days, `unit` and `mark` where they differ; gives their records."""
    units = {one.name: one.id for one in list_units()}
    given = [{"unit": unit, "mark": mark} | row for row in rows]
    with writer():
        records = [_record(model, units[row["unit"]], row["mark"]) for row in given]
        db.session.add_all(records)
        db.session.flush()
        known = model.__table__.columns.keys()
        whole = [
            dict.fromkeys(known) | (ACTION if model is ActionItem else CASE) | OWN.get(model, {})
            | {name: value for name, value in row.items() if name in known}
            | {"record_id": record.id, "unit_id": record.unit_id, "ref": record.number, "mark": row["mark"].value}
            for record, row in zip(records, given, strict=True)
        ]  # fmt: skip
        insert_many(model.__table__, whole)
        ids = [record.id for record in records]
        db.session.commit()
    return ids


def _record(model, unit_id, mark):
    number = f"P-{next(_numbers):06}"
    return Record(
        kind=KINDS[model].value, number=number, title=number, unit_id=unit_id, version=1,
        access=(Access.PROTECTED if mark is Mark.PROTECTED else Access.ORDINARY).value,
        created_at=clock.now(), voided_at=clock.now() if mark is Mark.VOIDED else None,
    )  # fmt: skip


def belongs(action_id, *record_ids):
    """Lets an action belong to records."""
    with writer():
        db.session.add_all(ActionSource(action_id=action_id, record_id=record_id) for record_id in record_ids)
        db.session.commit()


def close_to(record_id, mail):
    """Closes a record to somebody."""
    with writer():
        grant = RecordGrant(record_id=record_id, user_id=user_id_of(mail), kind=GrantKind.CLOSED.value,
                            given_at=clock.now())  # fmt: skip
        db.session.add(grant)
        db.session.commit()


def give(user, role, unit):
    """Gives somebody another role."""
    with writer():
        give_role(user, Role(role), find_unit(unit), clock.now(), LONG_AGO)
        db.session.commit()


def reads_all():
    """Makes the quality lead, who reads every register of the whole house."""
    return make_user(QUALITY, "kvalitet").email


def trend(
    measure: Measure, mail: str = QUALITY, *, by: Division | None = None, unit: str | None = None,
    last: Quarter | None = None,
) -> EightQuarters:  # fmt: skip
    """What somebody sees of a measure today, of all their units or of one."""
    db.session.rollback()
    today = clock.today()
    reader = reader_by_email(mail, today)
    scope = scope_of_measure(measure, reader)
    units = list_units(scope.reach)
    narrowed = scope_of_unit(find_unit(unit).id if unit else None, units, scope)
    spans = spans_up_to(last or Quarter.holding(today), today)
    return count_quarters(measure, spans, seen_of(reader, narrowed), by, list_units(narrowed.reach))


def by_name(found: EightQuarters) -> dict:
    """Name of a line → its counts."""
    return {line.name: line.counts for line in found.lines}
