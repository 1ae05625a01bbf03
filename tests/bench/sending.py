"""What do the pages of sending to IVO cost? A register of 100 000 decisions, 500 clocks in the locked quarter."""

from collections.abc import Callable

from sqlalchemy import select

from tests.bench import data
from tests.bench.parts import PASSWORD, ROLES, Line, Register, floor_server, statements_of
from tests.bench.serving import Page, pair, serve, sign_in
from tracker.accounts.models import User
from tracker.accounts.reader import EVERYTHING
from tracker.database import db, refresh_statistics, writer
from tracker.decisions.quarter import CLASSES, list_class_rows
from tracker.frozen.queries import ReportKey, StoodRow
from tracker.frozen.services import Locking, freeze
from tracker.rules.quarters import Period, Quarter

DECISIONS, IN_QUARTER = 100_000, 500
PERIOD = Period.of(Quarter(2026, 3), data.CUTOFF, data.PREVIOUS)
WORK = "/rapporter/kvartal/2026/3/ivo"


def measure(engine: str, pairs: int, tell: Callable[[Line], None]) -> None:
    """The work view, a page down in it, and one individrapport, each against the floor page."""
    register = Register(engine, DECISIONS)
    with register.app.app_context():
        clock_id = _lock()
    floor = floor_server(engine)
    server = serve("app:app", register.environment())
    try:
        email = ROLES["all"][0]
        signed = sign_in(server, email, PASSWORD)
        pages = {
            "the work view": WORK,
            "the work view, what is left, deep": f"{WORK}?visa=kvar&rad=250",
            "an individrapport": f"{WORK}/{clock_id}/ny",
        }
        for what, path in pages.items():
            ours, base, ratio = pair(Page(signed, path), Page(floor, "/list"), pairs)
            note = f"{ours:.2f} ms, floor {base:.2f}"
            number = statements_of(register, email, path)
            tell(Line(engine, f"{what}, {IN_QUARTER} in the quarter", "all", IN_QUARTER, number, ratio, "x floor", 3.0,
                      note))  # fmt: skip
    finally:
        for one in (floor, server):
            one.stop()


def _lock() -> int:
    """Locks the quarter with so many of its clocks, as they stand; gives a new one's number."""
    found = list_class_rows(PERIOD, EVERYTHING)
    step = max(len(found) // IN_QUARTER, 1)
    stood = [StoodRow(row[-1], row[4], CLASSES[row[0]].value, b"\0" * 32) for row in found[::step][:IN_QUARTER]]
    if len(stood) < IN_QUARTER:
        raise RuntimeError(f"only {len(stood)} clocks stand in the quarter")
    locker = db.session.scalars(select(User.id).limit(1)).one()
    key = ReportKey("quarter", PERIOD.quarter.year, PERIOD.quarter.number)
    db.session.rollback()
    with writer():
        locking = Locking(key, PERIOD.cutoff_on, PERIOD.previous_on, None, None, locker, "")
        freeze(locking, {}, stood, data.NOW)
        db.session.commit()
    refresh_statistics()
    return next(row.item_id for row in stood if row.stood_as == "new")
