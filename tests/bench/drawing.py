"""Draws sixty items from a locked population, and prints the seconds it took and the most MB that were held."""

import re
import sys
import time
from pathlib import Path

from sqlalchemy import select

from tracker import clock
from tracker.accounts.models import User
from tracker.control.drawn import DrawnSample
from tracker.database import db, writer
from tracker.factory import create_app
from tracker.rules.sampling import SelectBy, Selection
from tracker.stickprov.services import draw


def main(sample_id: int, items: int) -> str:
    """`seconds MB` of the draw, from its beginning to its commit."""
    with create_app().app_context():
        by = db.session.scalars(select(User.id).limit(1)).one()
        seen = db.session.scalars(select(DrawnSample.version).where(DrawnSample.sample_id == sample_id)).one()
        db.session.rollback()
        start = time.perf_counter()
        with writer():
            draw(sample_id, seen, Selection(SelectBy.NUMBER, items), "", by, clock.now())
            db.session.commit()
        seconds = time.perf_counter() - start
    held = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    return f"{seconds} {int(held[1]) / 1024 if held else 0}"


print(main(int(sys.argv[1]), int(sys.argv[2])))
