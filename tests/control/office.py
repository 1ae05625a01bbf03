"""Brings in files of risks, kontrollmoment and stickprov as a terminal would, and sees what they left behind."""

import json
from typing import Any

from sqlalchemy import select, update

from tests.audit.trails import entries
from tests.decisions.running import run
from tests.records.granting import REASON, user_id_of, version_of
from tests.support.office import ImportOffice
from tracker import clock
from tracker.audit.models import AuditEntry
from tracker.control.models import ControlMoment, ControlSample
from tracker.database import db, writer
from tracker.records import access
from tracker.records.models import Mark, Record
from tracker.risk.models import Risk
from tracker.settings import ROOT

EXAMPLES = ROOT / "examples"
RISK_HEAD = "ar;ref;omrade;niva;risk;sannolikhet;konsekvens;motivering;hantering"
CONTROL_HEAD = "ar;ref;risk_ref;kontrollmoment;metod;frekvens;ansvarig;god_grans;godtagbar_grans;ej_genomford;kommentar"
SAMPLE_HEAD = "ar;kontroll_ref;ref;period;population;utvalda;bortfall;avvikelser;kommentar"


class ControlOffice(ImportOffice):
    """Brings in files of internal control, and takes its report out."""

    def publish(self) -> list[str]:
        """Imports the published year; gives the last line of each file."""
        return [self.imports(kind, EXAMPLES / f"{kind}-2021.csv") for kind in ("risks", "controls", "samples")]

    def report(self, year: int, *options: object) -> dict[str, Any]:
        """The follow-up of a year, as JSON says it."""
        ran = run(self.app, "report", "control", year, *options)
        assert ran.code == 0, ran.err
        return json.loads(ran.out)


def risk(ref: str, year: int = 2021) -> Risk:
    """The stored risk, read anew."""
    db.session.rollback()
    return db.session.scalars(select(Risk).where(Risk.year == year, Risk.ref == ref)).one()


def moment(ref: str, year: int = 2021) -> ControlMoment:
    """The stored kontrollmoment, read anew."""
    db.session.rollback()
    return db.session.scalars(select(ControlMoment).where(ControlMoment.year == year, ControlMoment.ref == ref)).one()


def sample(moment_ref: str, ref: str, year: int = 2021) -> ControlSample:
    """The stored stickprov, read anew."""
    of = moment(moment_ref, year).record_id
    statement = select(ControlSample).where(ControlSample.moment_id == of, ControlSample.ref == ref)
    return db.session.scalars(statement).one()


def versions() -> dict[str, int]:
    """Each record's number and version."""
    db.session.rollback()
    return {row[0]: row[1] for row in db.session.execute(select(Record.number, Record.version))}


def import_entries() -> list[AuditEntry]:
    """The imports that the trail tells of."""
    return [entry for entry in entries() if entry.action == "records.imported"]


def hide(row: Risk | ControlMoment, way: str, *, seer: str, other: str) -> None:
    """Closes a record to `other`, or protects it so that only `seer` sees it, with the register's mark kept equal."""
    model, record_id, hidden, seeing = type(row), row.record_id, user_id_of(other), user_id_of(seer)
    version = version_of(record_id)
    with writer():
        if way == "closed":
            access.close(record_id, version, hidden, seeing, clock.now(), REASON)
        else:
            access.protect(record_id, version, {seeing}, seeing, clock.now(), REASON)
            db.session.execute(update(model).where(model.record_id == record_id).values(mark=Mark.PROTECTED.value))
        db.session.commit()


def give(row: Risk | ControlMoment, email: str) -> None:
    """Gives a record to somebody by name."""
    record_id, user_id = row.record_id, user_id_of(email)
    version = version_of(record_id)
    with writer():
        access.name(record_id, version, user_id, user_id, clock.now(), REASON)
        db.session.commit()


def tell_next(*refs: str, year: int = 2021) -> None:
    """Says of kontrollmoment that were not carried out what happens next, which no file can."""
    db.session.rollback()
    with writer():
        wanted = (ControlMoment.year == year, ControlMoment.ref.in_(refs))
        db.session.execute(update(ControlMoment).where(*wanted).values(not_done_next="Görs om i vår"))
        db.session.commit()
