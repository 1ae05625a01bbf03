"""Who and what do the numbers in the log stand for? People by name; records by number and unit, no more."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from tracker.accounts.models import Unit, User
from tracker.accounts.reader import Reach
from tracker.database import db
from tracker.log_review.queries import events_about
from tracker.records.models import Access, Record
from tracker.records.scope import within_reach
from tracker.rules.errors import RuleViolation

MOST_PEOPLE = 20
PROTECTED_RECORD = "Skyddad post"


@dataclass(frozen=True, slots=True)
class RecordName:
    """A record as the log shows it; of a protected one neither number nor unit. `kind`: whose fields are told of."""

    id: int
    text: str
    unit: str
    protected: bool
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """A person as the log shows them."""

    id: int
    name: str
    email: str


def record_names(record_ids: Collection[int], reach: Reach) -> dict[int, RecordName]:
    """Records by id, those within reach."""
    statement = (
        select(Record.id, Record.number, Record.access, Unit.name, Record.kind)
        .join(Unit, Unit.id == Record.unit_id)
        .where(Record.id.in_(record_ids), within_reach(Record.unit_id, reach))
    )
    return {
        record_id: RecordName(record_id, f"{PROTECTED_RECORD} {record_id}", "", True, kind)
        if access == Access.PROTECTED
        else RecordName(record_id, number, unit, False, kind)
        for record_id, number, access, unit, kind in db.session.execute(statement)
    }


def find_record(record_id: int, reach: Reach) -> RecordName | None:
    """One record, None when there is none within reach."""
    return record_names([record_id], reach).get(record_id)


def records_by_number(text: str, reach: Reach) -> tuple[int, ...]:
    """The records within reach that bear this number; a protected one is found by its id alone, as it is shown."""
    begins, _, number = text.rpartition(" ")
    if begins.casefold() == PROTECTED_RECORD.casefold() and number.isascii() and number.isdigit() and len(number) < 10:
        found = find_record(int(number), reach)
        return (found.id,) if found and found.protected else ()
    statement = select(Record.id).where(
        Record.number == text, Record.access != Access.PROTECTED, within_reach(Record.unit_id, reach)
    )
    return tuple(db.session.scalars(statement.order_by(Record.id)))


def people_by_text(text: str) -> tuple[int, ...]:
    """The people with this address, else those whose name holds the text. Raises RuleViolation when they are many."""
    wanted = text.strip().casefold()
    rows = [(row[0], row[1].casefold(), row[2].casefold()) for row in db.session.execute(_PEOPLE)]
    found = tuple(user_id for user_id, _, email in rows if email == wanted)
    found = found or tuple(user_id for user_id, name, _ in rows if wanted in name)
    if len(found) > MOST_PEOPLE:
        raise RuleViolation("many_people", "Många personer passar. Skriv hela namnet, eller e-postadressen.", "person")
    return found


_PEOPLE = select(User.id, User.name, User.email).order_by(User.id)


def people(user_ids: Collection[int]) -> dict[int, Person]:
    """People by id."""
    rows = db.session.execute(_PEOPLE.where(User.id.in_(user_ids)))
    return {row[0]: Person(*row) for row in rows}


def find_person(user_id: int, reach: Reach) -> Person | None:
    """One person; None when there is none, or a reader of a part has nothing to see of theirs."""
    if not reach.everything and not events_about(reach, user_id):
        return None
    return people([user_id]).get(user_id)


def unit_names(unit_ids: Collection[int]) -> dict[int, str]:
    """Units' names by id."""
    return {row[0]: row[1] for row in db.session.execute(select(Unit.id, Unit.name).where(Unit.id.in_(unit_ids)))}
