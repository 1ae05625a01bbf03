"""Makes occasions of guarantees as the services do; each is committed at once."""

from datetime import date

from tests.cases.making import code_id, unit_id_of
from tests.cases.making import stands as case_stands
from tracker import clock
from tracker.cases.missed import register_complaint
from tracker.cases.registers import COMPLAINTS
from tracker.database import db, writer
from tracker.guarantees.models import GuaranteeOccasion
from tracker.guarantees.queries import find_guarantee, find_occasion, guarantee_of
from tracker.guarantees.services import Who, cancel_occasion, end_occasion, prolong_occasion, start_occasion
from tracker.records.models import CodeList
from tracker.records.scope import EVERY_RECORD


def who(by: int | None = None) -> Who:
    """Somebody who does something now."""
    return Who(by, clock.now(), clock.today())


def cause(label: str = "Samverkan") -> int:
    """The number of a cause."""
    return code_id(CodeList.DEVIATION_CAUSE, label)


def started(slug: str, started_on: date, *, ref: str = "SN-1", unit: str = "Vuxen") -> int:
    """An occasion that has begun; gives its record."""
    unit_id = unit_id_of(unit)
    with writer():
        record_id, _ = start_occasion(find_guarantee(slug), ref, unit_id, started_on, who())
        db.session.commit()
    return record_id


def ended(record_id: int, on: date, by: int, cause_id: int | None = None, **more):
    """Ends an occasion; gives what came of it."""
    row = stands(record_id)
    with writer():
        found = end_occasion(guarantee_of(row.guarantee_id), row, row.version, on, cause_id, who(by), **more)
        db.session.commit()
    return found


def done(slug: str, start: date, end: date, by: int, *, cause_id: int | None = None, **more) -> int:
    """An occasion that has begun and ended; gives its record."""
    record_id = started(slug, start, **more)
    ended(record_id, end, by, cause_id)
    return record_id


def prolonged(record_id: int, to: date, decided_on: date, by: int) -> None:
    """Prolongs an occasion."""
    row = stands(record_id)
    with writer():
        prolong_occasion(
            guarantee_of(row.guarantee_id), row, row.version, to, decided_on, "Utlåtande väntas", who(by)
        )  # fmt: skip
        db.session.commit()


def cancelled(record_id: int, on: date, by: int) -> None:
    """Cancels an occasion."""
    row = stands(record_id)
    with writer():
        cancel_occasion(guarantee_of(row.guarantee_id), row, row.version, on, "Flyttade", who(by))
        db.session.commit()


def stands(record_id: int):
    """An occasion, read anew."""
    db.session.rollback()
    row = find_occasion(record_id, EVERY_RECORD)
    assert row is not None
    return row


def stored(record_id: int) -> GuaranteeOccasion:
    """The row itself, read anew."""
    db.session.rollback()
    return db.session.get_one(GuaranteeOccasion, record_id, populate_existing=True)


def registered_complaint(record_id: int, by: int) -> str:
    """Registers a synpunkt whose last day has passed as an avvikelse; gives its number."""
    row = case_stands(COMPLAINTS, record_id)
    with writer():
        number = register_complaint(row, row["version"], cause(), by, clock.now(), clock.today())
        db.session.commit()
    return number
