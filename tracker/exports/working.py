"""Who works? One thread in each process, begun when somebody asks, and by the keeper when work has been left behind.

It is no chore of the keeper's own thread: sealing reads and publishing the trail's head must not wait for a long list.
"""

import threading
from datetime import datetime

from flask import Flask, current_app

from tracker import clock
from tracker.audit.acting import PROGRAM, act_as
from tracker.database import db
from tracker.exports import services
from tracker.exports.making import folder, make
from tracker.exports.queries import anything_waits
from tracker.logs import log


class Worker:
    """The thread that makes files, at most one; it ends when nothing is left."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._asked = False

    def start(self, app: Flask) -> None:
        """Sees to that somebody looks for work after this moment."""
        with self._lock:
            self._asked = True
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, args=(app,), name="exports", daemon=True)
                self._thread.start()

    def _run(self, app: Flask) -> None:
        act_as(PROGRAM)
        while True:
            with self._lock:
                if not self._asked:
                    self._thread = None
                    return
                self._asked = False
            try:
                work(app)
            except Exception as error:
                log().error("export_worker", exc_type=type(error).__name__)


worker = Worker()


def work(app: Flask) -> int:
    """Makes all that waits, one after the other; gives how many files there are now."""
    made = 0
    while True:
        with app.app_context():
            job = services.take_next(clock.now())
            db.session.rollback()
        if job is None:
            return made
        made += make(app, job)


def tend_exports(now: datetime) -> None:
    """A chore of the keeper: sweeps up, and begins what waits or has been left by a worker that died."""
    services.sweep(folder(), now)
    waits = anything_waits()
    db.session.rollback()
    if waits and current_app.config["EXPORT_WORKER"]:
        worker.start(current_app._get_current_object())  # type: ignore[attr-defined]
