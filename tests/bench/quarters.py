"""What do the quarter's figures cost, alone and for eight quarters, against one reading of the whole table?"""

import gc
import statistics
import time
from collections.abc import Callable

from sqlalchemy import text

from tests.bench import data
from tests.bench.parts import Line, Register
from tracker.accounts.reader import EVERYTHING
from tracker.database import db
from tracker.records.scope import EVERY_RECORD
from tracker.reports.audiences import Audience
from tracker.reports.files import report_file
from tracker.reports.quarter import quarter_figures
from tracker.reports.rendering import ReportFormat
from tracker.rules.quarters import Period, Quarter

PERIOD = Period.of(Quarter(2026, 3), data.CUTOFF, data.PREVIOUS)


def measure(big: Register, tell: Callable[[Line], None]) -> None:
    """The quarter's figures, and its rows as JSON on top, against one reading of the whole table."""
    not_indexed = " NOT INDEXED" if big.engine == "sqlite" else ""
    scan = text(f"SELECT count(*), sum(id) FROM decision_clock{not_indexed}")  # noqa: S608
    with big.app.app_context():
        if big.engine == "postgresql":
            db.session.execute(text("SET max_parallel_workers_per_gather = 0"))

        def timed(action: Callable[[], object]) -> float:
            start = time.perf_counter()
            action()
            return time.perf_counter() - start

        def scanned() -> object:
            return db.session.execute(scan).one()

        def figured() -> object:
            return quarter_figures(PERIOD, EVERYTHING)

        figures = quarter_figures(PERIOD, EVERYTHING)

        def rendered() -> object:
            return report_file(figures, EVERY_RECORD, Audience.INTERNAL, ReportFormat.JSON)

        for action in (scanned, figured, rendered):
            action()
        gc.freeze()  # as app.py does: the collector leaves alone what the process was started with
        samples = [(timed(scanned), timed(figured), timed(rendered)) for _ in range(15)]
        base = statistics.median(a for a, _, _ in samples)
        of_figures = statistics.median(b / a for a, b, _ in samples)
        of_rows = statistics.median(c / a for a, _, c in samples)
        note = f"scan {base * 1000:.0f} ms, {figures.total} in a class"
        tell(Line(big.engine, f"quarter figures at {big.count}", "all", big.count, 4, of_figures, "x scan", 1.0, note))
        tell(Line(big.engine, "its rows as JSON, on top", "all", figures.total, 3, of_rows, "x scan", 2.5))
        db.session.rollback()
