"""Makes an activity for tests, by the service that the pages use; committed at once."""

from datetime import date

from tracker import clock
from tracker.accounts.services import ensure_top_unit
from tracker.activity.services import save_activity
from tracker.database import db, writer
from tracker.records.yearly import Importer

DUE = date(2021, 10, 31)


def make_activity(
    year: int = 2021, ref: str = "A1", *, due_on: date = DUE, today: date = date(2022, 2, 15), **more: object
) -> int:
    """An activity that somebody is to report back; its record. `risk_ref`, `kontroll_ref`, `status` and the like may be
    given.
    """
    said = {"text": "Rutinen ses över", "responsible": "Verksamhetschef", "due_on": due_on} | more
    with writer():
        importer = Importer(ensure_top_unit().id)
        record_id = save_activity(year, ref, said, None, importer, today, clock.now())
        db.session.commit()
    return record_id
