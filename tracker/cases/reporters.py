"""May the reader of a case know who reported it? The rule of it (`rules/reporters.py`) with what the database knows."""

from tracker.accounts.queries import kept_units
from tracker.accounts.reader import EVERYTHING, Reader
from tracker.cases.concerned import concerned_by
from tracker.cases.registers import Stored
from tracker.cases.single import Reporter, find_reporter, list_investigators
from tracker.records.models import RecordKind
from tracker.rules.permissions import Permission
from tracker.rules.reporters import Reporting, may_see_reporter

# What the role does that receives the reports of a kind, and may know who made them.
RECEIVES = {
    RecordKind.DEVIATION: Permission.HANDLE_DEVIATIONS,
    RecordKind.LEX_SARAH: Permission.DECIDE_LEX_SARAH,
    RecordKind.COMPLAINT: Permission.HANDLE_COMPLAINTS,
}


def may_know_reporter(row: Stored, reader: Reader) -> bool:
    """Whether the reader may know who reported a case, as the case stands."""
    return may_know(find_reporter(row["record_id"]), row, reader)


def may_know(found: Reporter | None, row: Stored, reader: Reader) -> bool:
    """The same where it is known already who reported it, which None says of nobody."""
    if found is None:
        return False
    concerned = concerned_by(row["record_id"])
    place = next((unit.tree_from for unit in kept_units(EVERYTHING) if unit.id == row["unit_id"]), None)
    receiving = RECEIVES[RecordKind(row["record_kind"])]  # by one and the same role: two do not add up to it
    receives = place is not None and reader.reach(Permission.READ_REPORTERS, receiving).covers(place)
    if found.user_id is None:  # somebody from outside: seen by those who are to answer
        answers = place is not None and reader.reach(Permission.HANDLE_COMPLAINTS).covers(place)
        needs = receives or (answers and row["record_kind"] == RecordKind.COMPLAINT)
        return needs and reader.user_id not in concerned
    receivers, investigators = {reader.user_id} if receives else set(), list_investigators(row["record_id"])
    return may_see_reporter(
        reader.user_id, Reporting(found.user_id, frozenset(receivers), frozenset(investigators), concerned)
    )
