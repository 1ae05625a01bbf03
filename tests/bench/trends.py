"""What does the picture of eight quarters cost, against the figures of one?"""

import gc
import statistics
import time
from collections.abc import Callable

from sqlalchemy import text

from tests.bench.parts import Line, Register
from tests.bench.quarters import PERIOD
from tracker.accounts.reader import EVERYTHING
from tracker.database import db
from tracker.reports.quarter import quarter_figures
from tracker.reports.trends import quarter_trend

SAMPLES = 15


def measure(big: Register, tell: Callable[[Line], None]) -> None:
    """Eight quarters in one go, in turn with one quarter's figures."""
    with big.app.app_context():
        if big.engine == "postgresql":
            db.session.execute(text("SET max_parallel_workers_per_gather = 0"))

        def timed(action: Callable[..., object]) -> float:
            start = time.perf_counter()
            action(PERIOD, EVERYTHING)
            return time.perf_counter() - start

        total = quarter_trend(PERIOD, EVERYTHING).total[-1]
        assert total == quarter_figures(PERIOD, EVERYTHING).total
        gc.freeze()  # as app.py does
        samples = [(timed(quarter_figures), timed(quarter_trend)) for _ in range(SAMPLES)]
        base, taken = (statistics.median(column) * 1000 for column in zip(*samples, strict=True))
        ratio = statistics.median(trend / figures for figures, trend in samples)
        note = f"{taken:.0f} ms, one quarter {base:.0f} ms"
        tell(Line(big.engine, f"eight quarters at {big.count}", "all", big.count, 2, ratio, "x quarter", 4.0, note))
        db.session.rollback()
