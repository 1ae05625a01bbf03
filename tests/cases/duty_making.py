"""Notes that staff have been informed of the duty to report."""

from datetime import date

from sqlalchemy import select

from tests.cases.making import unit_id_of
from tests.factories import LONG_AGO
from tracker import clock
from tracker.accounts.queries import find_top_unit
from tracker.cases.duty_models import DutyInformation, UnitStaff
from tracker.cases.duty_services import Informed, inform, list_others
from tracker.database import db, writer
from tracker.rules.duty_information import How


def informed(user_id: int, day: date | None = None) -> int:
    """That a user was informed on a day (today), by themselves; gives the entry."""
    return note([f"u{user_id}"], find_top_unit().id, day or clock.today(), user_id)


def note(keys: list[str], unit_id: int, day: date, actor_id: int) -> int:
    """Notes people of a unit; gives the last entry."""
    with writer():
        inform(keys, unit_id, Informed(day, How.MEETING, "Enhetschefen"), actor_id, clock.today(), clock.now())
        db.session.commit()
    return db.session.scalars(select(DutyInformation.id).order_by(DutyInformation.id.desc())).first() or 0


def without_account(unit: str, label: str, actor_id: int, began_on: date = LONG_AGO) -> str:
    """One of a unit who has no account; gives the key."""
    with writer():
        list_others([label], unit_id_of(unit), began_on, actor_id, clock.now())
        db.session.commit()
    staff_id = db.session.scalars(select(UnitStaff.id).where(UnitStaff.label == label)).one()
    return f"s{staff_id}"
