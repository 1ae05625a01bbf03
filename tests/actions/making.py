"""Makes an action for tests, by the service that the pages use; committed at once."""

from datetime import date

from tracker import clock
from tracker.accounts.services import ensure_top_unit
from tracker.actions.services import add_action
from tracker.database import db, writer
from tracker.records.yearly import Importer


def make_action(source_id: int, *, today: date = date(2022, 2, 15), **said: object) -> int:
    """A decided action of a record, its last day on 1 March 2022; gives its record. The columns may be given."""
    columns = {"text": "Rutinen ses över", "responsible_name": None, "decided_on": date(2022, 2, 1),
               "due_on": date(2022, 3, 1)}  # fmt: skip
    with writer():
        record_id = add_action(source_id, columns | said, Importer(ensure_top_unit().id), today, clock.now())
        db.session.commit()
    return record_id
