"""Who looks after the house while nobody does? A thread that seals reads, publishes the trail's head and sweeps up."""

import threading
from collections.abc import Callable
from datetime import datetime

from flask import Flask, current_app

from tracker import clock
from tracker.audit.acting import PROGRAM, act_as
from tracker.audit.heads import PUBLISHED_EVERY, publish_head
from tracker.audit.reads import seal_reads
from tracker.logs import log

ROUND_SECONDS = 60.0
Chore = Callable[[datetime], object]


def start_keeper(app: Flask, chores: tuple[Chore, ...] = (), seconds: float = ROUND_SECONDS) -> threading.Event:
    """Starts the thread; it ends with the process, or when the event that is returned is set.

    Several processes may each have one: what one has done, the next finds done.
    """
    stop = threading.Event()

    def rounds() -> None:
        act_as(PROGRAM)
        while not stop.wait(seconds):
            look_after(app, chores)

    threading.Thread(target=rounds, name="keeper", daemon=True).start()
    return stop


def look_after(app: Flask, chores: tuple[Chore, ...] = ()) -> None:
    """One round. What fails is logged and tried again in the next."""
    with app.app_context():
        now = clock.now()
        for chore in (_seal_and_publish, *chores):
            try:
                chore(now)
            except Exception as error:
                log().error("keeper", kind=getattr(chore, "__name__", "chore"), exc_type=type(error).__name__)


def _seal_and_publish(now: datetime) -> None:
    seal_reads()
    file = current_app.config["TRAIL_HEADS"]
    if file:
        publish_head(file, now, every=PUBLISHED_EVERY)
