"""What do the pages cost on which a quarter is closed? 100 000 decisions, some 500 clocks in the quarter."""

from collections.abc import Callable

from sqlalchemy import select, update

from tests.bench import data
from tests.bench.parts import PASSWORD, ROLES, Line, Register, floor_server, statements_of
from tests.bench.quarters import PERIOD
from tests.bench.serving import Page, pair, serve, sign_in
from tracker.accounts.models import User
from tracker.database import db, refresh_statistics, writer
from tracker.decisions.models import Decision, DecisionClock
from tracker.frozen.models import FrozenRow
from tracker.frozen.services import Locking, freeze, note_versions
from tracker.records.models import Record
from tracker.reports.locking import contents_of, key_of
from tracker.rules.quarters import Period
from tracker.rules.unexecuted import ReportClass

DECISIONS, CHANGED = 100_000, 7
LATE = 0.0156  # so that some 500 clocks stand in the quarter


def measure(engine: str, pairs: int, tell: Callable[[Line], None]) -> None:
    """One decision's page, and the comparison with a locked report from which some clocks have changed since."""
    register = Register(engine, DECISIONS, LATE)
    with register.app.app_context():
        period = PERIOD
        standing = _lock(period)
        record_id = db.session.scalar(select(Decision.record_id).limit(1))
        db.session.rollback()
    floor = floor_server(engine)
    server = serve("app:app", register.environment())
    try:
        email, quarter = ROLES["all"][0], period.quarter
        signed = sign_in(server, email, PASSWORD)
        pages = {
            "a decision's page": (f"/beslut/{record_id}", 1),
            "the comparison": (f"/rapporter/kvartal/{quarter.year}/{quarter.number}/jamforelse", standing),
        }
        for what, (path, rows) in pages.items():
            ours, base, ratio = pair(Page(signed, path), Page(floor, "/list"), pairs)
            note = f"{ours:.2f} ms, floor {base:.2f}"
            number = statements_of(register, email, path)
            tell(Line(engine, f"{what} at {DECISIONS}", "all", rows, number, ratio, "x floor", 3.0, note))
    finally:
        for one in (floor, server):
            one.stop()


def _lock(period: Period) -> int:
    """Locks the quarter as it stands; then some of its clocks are another one's, as if they had been set right, some
    have changed class, some have come, and as many are gone. Gives how many clocks stand in it.
    """
    contents = contents_of(period)
    locker = db.session.scalars(select(User.id).limit(1)).one()
    db.session.rollback()
    with writer():
        locking = Locking(key_of(period.quarter), period.cutoff_on, period.previous_on, None, None, locker, "")
        note_versions(freeze(locking, {}, contents.stood, data.NOW).id)
        altered, moved, come = (contents.stood[part * CHANGED : (part + 1) * CHANGED] for part in range(3))
        for row in altered:
            db.session.get_one(DecisionClock, row.item_id).ref = f"X-{row.item_id}"
            db.session.get_one(Record, row.record_id).version += 1
        _stood_as({row.item_id for row in moved}, stood_as=ReportClass.CLOSED.value)
        _stood_as({row.item_id for row in come}, item_id=FrozenRow.item_id + DECISIONS * 10)
        db.session.commit()
    refresh_statistics()
    return len(contents.stood)


def _stood_as(item_ids: set[int], **otherwise: object) -> None:
    db.session.execute(update(FrozenRow).where(FrozenRow.item_id.in_(item_ids)).values(**otherwise))
