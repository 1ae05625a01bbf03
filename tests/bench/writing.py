"""One writer among several: corrects its own decisions for some seconds and prints how many times it has committed."""

import sys
import time

from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from tracker.audit import trail
from tracker.database import db, writer
from tracker.decisions.models import Decision
from tracker.factory import create_app
from tracker.records.models import Record
from tracker.rules.trail import Action


def main(chain: str, seconds: float, number: int) -> int:
    """How many commits."""
    if chain == "off":
        event.remove(Session, "before_commit", trail._write)
    done = 0
    with create_app().app_context():
        mine = list(db.session.scalars(select(Decision.record_id).order_by(Decision.record_id)))[number::8][:200]
        db.session.rollback()
        deadline = time.perf_counter() + seconds
        while time.perf_counter() < deadline:
            record_id = mine[done % len(mine)]
            with writer():
                row = db.session.execute(
                    select(Decision.provider, Decision.area, Record.version)
                    .join(Record, Record.id == Decision.record_id)
                    .where(Decision.record_id == record_id)
                ).one()
                db.session.execute(update(Record).where(Record.id == record_id).values(version=row.version + 1))
                provider = f"Utförare {done}"
                db.session.execute(update(Decision).where(Decision.record_id == record_id).values(provider=provider))
                trail.record(
                    Action.RECORD_CORRECTED, record_id=record_id, changes={"provider": (row.provider, provider)}
                )
                db.session.commit()
            done += 1
    return done


print(main(sys.argv[1], float(sys.argv[2]), int(sys.argv[3])))
