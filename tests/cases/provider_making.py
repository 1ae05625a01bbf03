"""Notes what private providers have told."""

from datetime import date

from tests.cases.making import unit_id_of
from tracker import clock
from tracker.cases.provider_services import Told, note_told
from tracker.database import db, writer


def told_by_provider(unit: str = "Vuxen", came_on: date | None = None, **columns: object) -> int:
    """What a provider told today, of a report; gives the record."""
    given = {
        "unit_id": unit_id_of(unit), "provider": "Solgården AB", "number": "SG-7", "kind": "rapport",
        "received_on": None, "came_on": came_on or clock.today(), "ivo_notified_on": None, "ivo_number": None,
    } | columns  # fmt: skip
    with writer():
        record_id, _ = note_told(Told(given, "Larmet svarade inte"), clock.today(), clock.now())
        db.session.commit()
    return record_id
