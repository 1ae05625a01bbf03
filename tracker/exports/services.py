"""The life of an export: asked for, taken by exactly one worker, alive while it tells so, ready, taken out, lapsed."""

import secrets
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from tracker.accounts.models import User
from tracker.audit.reads import HeldBack
from tracker.database import db, writer
from tracker.exports import files
from tracker.exports.files import Written
from tracker.exports.models import ExportJob, JobState, Trouble
from tracker.exports.queries import Asked, asked_of, list_alive, sealed_asked, sealed_reading
from tracker.records.services import reserve_ids
from tracker.rules.errors import RuleViolation
from tracker.vault import VaultError

MOST_ALIVE = 4  # one that is made and three that wait
MOST_TRIES = 3
DEAD_AFTER = timedelta(minutes=5)  # without a beat
KEPT_FOR = timedelta(hours=24)
KEPT_TAKEN_FOR = timedelta(hours=1)  # once it has been taken out, so that a broken download can be done again
FORGOTTEN_AFTER = timedelta(days=7)
ENOUGH = "Du har redan fyra exporter på gång. Vänta tills en av dem är klar, eller ta bort en som du inte behöver."


class ClaimLost(Exception):
    """The job is somebody else's now, or has been removed."""


class Claimed(NamedTuple):
    """A job that this worker, and no other, is to make."""

    id: int
    claim: str
    file: str
    owner_id: int
    asked: Asked
    began: datetime


class Made(NamedTuple):
    """What became of a job: the name under which the file is given, what stands in it, and what is noted of it."""

    name: str
    written: Written
    held: HeldBack
    rights: bytes


def ask(owner_id: int, register: str, asked: Asked, rows: int, now: datetime) -> str:
    """Puts an export in line, within the caller's transaction, and gives its public id; one that waits or runs with
    the same filter is not made twice. Raises RuleViolation when the owner has too many.
    """
    db.session.execute(select(User.id).where(User.id == owner_id).with_for_update(key_share=True))  # one by one
    alive = list_alive(owner_id)
    known = next((public_id for public_id, other in alive if other == asked), None)
    if known:
        return known
    if len(alive) >= MOST_ALIVE:
        raise RuleViolation("exports", ENOUGH)
    (number,) = reserve_ids(ExportJob, 1)
    job = ExportJob(
        id=number, public_id=secrets.token_urlsafe(16), owner_id=owner_id, register=register, format=asked.format,
        parameters=sealed_asked(asked, number), rows_total=rows, made_at=now,
    )  # fmt: skip
    db.session.add(job)
    db.session.flush()
    return job.public_id


def take_next(now: datetime) -> Claimed | None:
    """Takes the next job that waits, or whose worker has died, and commits; None when there is nothing to do.

    Of one person's jobs one is made at a time. One that has been tried three times has failed.
    """
    db.session.rollback()
    with writer():
        while True:
            job = db.session.scalar(select(ExportJob).where(_free(now)).order_by(ExportJob.id).limit(1))
            if job is None:
                db.session.rollback()
                return None
            taken = _take(job, now)
            if taken:
                return taken


def _free(now: datetime) -> ColumnElement[bool]:
    other = aliased(ExportJob)
    busy = exists().where(other.owner_id == ExportJob.owner_id, other.state == JobState.RUNNING.value)
    dead = and_(ExportJob.state == JobState.RUNNING.value, ExportJob.beat_at < now - DEAD_AFTER)
    return or_(and_(ExportJob.state == JobState.WAITING.value, ~busy), dead)


def _take(job: ExportJob, now: datetime) -> Claimed | None:
    """Exactly one of those who try takes the job as it was seen; the others look again."""
    same = ExportJob.claim.is_not_distinct_from(job.claim)
    as_seen = and_(ExportJob.id == job.id, ExportJob.state == job.state, same)
    if job.tries >= MOST_TRIES:
        _change(as_seen, _ended(JobState.FAILED, now) | {"trouble": Trouble.STOPPED.value})
        db.session.commit()
        return None
    claim = secrets.token_urlsafe(16)
    try:
        taken = Claimed(job.id, claim, f"{claim}{files.ENDING}", job.owner_id, asked_of(job), now)
    except VaultError:  # sealed with a key that is not at hand
        _change(as_seen, _ended(JobState.FAILED, now) | {"trouble": Trouble.DAMAGED.value})
        db.session.commit()
        return None
    values = {
        "state": JobState.RUNNING.value, "claim": claim, "file": taken.file, "beat_at": now, "tries": job.tries + 1,
        "started_at": now, "rows_done": 0,
    }  # fmt: skip
    try:
        mine = _change(as_seen, values)
        db.session.commit()
    except IntegrityError:  # another of the same person's was begun just now
        db.session.rollback()
        return None
    return taken if mine else None


def _change(which: ColumnElement[bool], values: dict[str, Any]) -> bool:
    statement = update(ExportJob).where(which).values(values)
    result = db.session.execute(statement, execution_options={"synchronize_session": False})
    return bool(result.rowcount)  # type: ignore[attr-defined]


def _ended(state: JobState, now: datetime) -> dict[str, Any]:
    return {"state": state.value, "claim": None, "beat_at": None, "ended_at": now}


def beat(job: Claimed, rows_done: int, now: datetime, rows_total: int | None = None) -> None:
    """Tells, in a transaction of its own, that the work goes on and how far it has come. Raises ClaimLost."""
    values = {"beat_at": now, "rows_done": rows_done} | ({} if rows_total is None else {"rows_total": rows_total})
    _as_mine(job, values)


def finish(job: Claimed, made: Made, now: datetime) -> None:
    """The file is there, for a day. Raises ClaimLost when nobody waits for it from this worker."""
    values = _ended(JobState.READY, now) | {
        "name": made.name, "size": made.written.size, "sha256": made.written.sha256, "rights": made.rights,
        "reading": sealed_reading(made.held, job.id), "lapses_at": now + KEPT_FOR, "rows_done": made.held.row_count,
    }  # fmt: skip
    _as_mine(job, values)


def fail(job: Claimed, trouble: Trouble, now: datetime) -> None:
    """There will be no file. Raises ClaimLost as above."""
    _as_mine(job, _ended(JobState.FAILED, now) | {"trouble": trouble.value, "file": None})


def _as_mine(job: Claimed, values: dict[str, Any]) -> None:
    """Changes the job that is claimed, beside what the worker is reading."""
    mine = (ExportJob.id == job.id, ExportJob.claim == job.claim)
    with writer(), db.engine.begin() as connection:
        if not connection.execute(update(ExportJob).where(*mine).values(values)).rowcount:
            raise ClaimLost


def note_taken(job_id: int, now: datetime) -> None:
    """The file has been taken out: it stays for another hour, and no longer than it would have."""
    with writer(), db.engine.begin() as connection:
        of_job, soon = update(ExportJob).where(ExportJob.id == job_id), now + KEPT_TAKEN_FOR
        connection.execute(of_job.values(taken_at=now))
        connection.execute(of_job.where(ExportJob.lapses_at > soon).values(lapses_at=soon))


def withdraw(job_id: int, trouble: Trouble, folder: Path) -> None:
    """A file that is ready is not given to its owner any more, and goes; commits by itself."""
    with writer(), db.engine.begin() as connection:
        name = connection.scalar(select(ExportJob.file).where(ExportJob.id == job_id))
        gone = {"state": JobState.FAILED.value, "trouble": trouble.value, "file": None}
        connection.execute(
            update(ExportJob).where(ExportJob.id == job_id, ExportJob.state == JobState.READY).values(gone)
        )
    if name:
        files.remove(folder / name)


def remove(job_id: int) -> None:
    """The owner wants it no more, within the caller's transaction. Whoever works at it finds out at the next beat; the
    file goes with the next sweeping.
    """
    db.session.execute(delete(ExportJob).where(ExportJob.id == job_id))


def sweep(folder: Path, now: datetime) -> dict[str, int]:
    """Ends what has lapsed, forgets what is a week old, and removes files that no job has; gives how many. Commits.

    The folder is looked into first: a file is named in its job's row before it is there.
    """
    there = files.names_in(folder)
    old = ExportJob.ended_at < now - FORGOTTEN_AFTER
    lapsed = and_(ExportJob.state == JobState.READY.value, ExportJob.lapses_at <= now)
    db.session.rollback()
    done = {"lapsed": 0, "forgotten": 0}
    if db.session.scalar(select(exists().where(or_(lapsed, old)))):
        db.session.rollback()
        quietly = {"synchronize_session": False}
        with writer():
            gone = update(ExportJob).where(lapsed).values(state=JobState.LAPSED.value, file=None)
            done["lapsed"] = db.session.execute(gone, execution_options=quietly).rowcount  # type: ignore[attr-defined]
            forgotten = db.session.execute(delete(ExportJob).where(old), execution_options=quietly)
            done["forgotten"] = forgotten.rowcount  # type: ignore[attr-defined]
            db.session.commit()
    known = set(db.session.scalars(select(ExportJob.file).where(ExportJob.file.is_not(None)))) if there else set()
    db.session.rollback()
    for name in there - known:
        files.remove(folder / name)
    removed = len(there - known) + files.remove_older(folder.parent, now - 2 * KEPT_FOR)
    return done | {"files": removed}
