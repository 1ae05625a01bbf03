"""Makes a year of internal control for tests, by the services that the import uses; committed at once."""

from sqlalchemy import select

from tracker import clock
from tracker.accounts.services import ensure_top_unit
from tracker.control.bringing_in import import_controls, import_samples
from tracker.control.importing import SampleLine
from tracker.database import db, writer
from tracker.exchange.errors import Collector
from tracker.records.linking import ask
from tracker.records.models import Record
from tracker.records.yearly import Importer, Line
from tracker.risk.services import import_risks
from tracker.rules.following import LinkKind


def make_control(year: int = 2021) -> tuple[int, int]:
    """A risk 3 × 4, a kontrollmoment of it and a stickprov of ten with one deviation; the records of the first two."""
    risk = Line(2, year, "R1", {"text": "Något brister", "likelihood": 3, "consequence": 4})
    moment = Line(2, year, "K1", {"risk_ref": "R1", "name": "Stickprov"})
    sample = SampleLine(2, year, "K1", "P1", {"selected": 10, "deviations": 1})
    with writer():
        importer = Importer(ensure_top_unit().id)
        import_risks([risk], importer, Collector(), clock.now())
        import_controls([moment], importer, Collector(), clock.now())
        import_samples([sample], importer, Collector())
        db.session.commit()
    made = record_of("risk", year, "R1"), record_of("control", year, "K1")
    db.session.rollback()  # leaves no transaction open, which a migration would wait for
    return made


def record_of(kind: str, year: int, ref: str) -> int:
    """The record of a risk or a kontrollmoment."""
    statement = select(Record.id).where(Record.kind == kind, Record.number == f"{year}/{ref}")
    return db.session.scalars(statement).one()


def asked_for(moment_id: int, kind: LinkKind, to_id: int | None, by: int, words: str = "Skriv om rutinen") -> int:
    """Something that a kontrollmoment asks for in another register; its number."""
    with writer():
        link_id = ask(moment_id, kind, to_id, words, by, clock.now())
        db.session.commit()
    return link_id
