"""Whose exports are there, and how far have they come?"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select

from tracker.audit.reads import HeldBack
from tracker.clock import as_utc
from tracker.database import db
from tracker.exports.files import Written
from tracker.exports.models import PARAMETERS, READING, ExportJob, JobState, Trouble
from tracker.rules.trail import Purpose
from tracker.vault import vault

ALIVE = (JobState.WAITING, JobState.RUNNING)
MOST_SHOWN = 50


class Asked(NamedTuple):
    """A list as a file: the address without its ending, the filter as a query string, the ending (csv, xlsx)."""

    address: str
    query: str
    format: str


@dataclass(frozen=True, slots=True)
class JobRow:
    """An export as pages see it; moments are in UTC."""

    id: int
    public_id: str
    owner_id: int
    register: str
    format: str
    state: JobState
    trouble: Trouble | None
    rows_done: int
    rows_total: int
    ahead: int
    made_at: datetime
    ended_at: datetime | None
    lapses_at: datetime | None
    taken_at: datetime | None
    name: str | None
    size: int | None


def _row(job: ExportJob, ahead: int) -> JobRow:
    return JobRow(
        job.id, job.public_id, job.owner_id, job.register, job.format, JobState(job.state),
        Trouble(job.trouble) if job.trouble else None, job.rows_done, job.rows_total, ahead, as_utc(job.made_at),
        _moment(job.ended_at), _moment(job.lapses_at), _moment(job.taken_at), job.name, job.size,
    )  # fmt: skip


def _moment(stored: datetime | None) -> datetime | None:
    return as_utc(stored) if stored else None


def find_job(public_id: str, owner_id: int) -> JobRow | None:
    """The owner's export of this address; None for anybody else's. `ahead`: how many wait or run before it."""
    job = db.session.scalar(select(ExportJob).where(ExportJob.public_id == public_id, ExportJob.owner_id == owner_id))
    if job is None:
        return None
    before = select(func.count()).where(ExportJob.state.in_(ALIVE), ExportJob.id < job.id)
    return _row(job, db.session.scalar(before) or 0 if job.state == JobState.WAITING else 0)


def list_jobs(owner_id: int) -> list[JobRow]:
    """The owner's latest exports, the newest first."""
    mine = select(ExportJob).where(ExportJob.owner_id == owner_id).order_by(ExportJob.id.desc()).limit(MOST_SHOWN)
    return [_row(job, 0) for job in db.session.scalars(mine)]


def list_alive(owner_id: int) -> list[tuple[str, Asked]]:
    """The owner's exports that wait or run: public id, and what was asked for."""
    mine = select(ExportJob).where(ExportJob.owner_id == owner_id, ExportJob.state.in_(ALIVE)).order_by(ExportJob.id)
    return [(job.public_id, asked_of(job)) for job in db.session.scalars(mine)]


def anything_waits() -> bool:
    """Whether any export waits or runs, in whoever's name."""
    return db.session.scalar(select(ExportJob.id).where(ExportJob.state.in_(ALIVE)).limit(1)) is not None


def asked_of(job: ExportJob) -> Asked:
    """What an export was asked for. Raises VaultError when it does not open."""
    address, query = json.loads(vault.decrypt(job.parameters, job.id, PARAMETERS))
    return Asked(address, query, job.format)


def sealed_asked(asked: Asked, job_id: int) -> bytes:
    """The same as it is stored."""
    return vault.encrypt(json.dumps([asked.address, asked.query]), job_id, PARAMETERS)


class Ready(NamedTuple):
    """What is needed to hand out a file: its place on disk, what it must hold, what is noted, and for which rights at
    which moment.
    """

    file: str
    written: Written
    held: HeldBack
    rights: bytes
    began: datetime
    asked: Asked


def find_ready(job_id: int) -> Ready | None:
    """The file of an export that is ready; None when there is none. Raises VaultError when its row does not open."""
    job = db.session.get(ExportJob, job_id)
    if job is None or job.state != JobState.READY:
        return None
    if not (job.file and job.sha256 and job.reading and job.rights and job.started_at) or job.size is None:
        return None  # `finish` writes them all
    held = _held(vault.decrypt(job.reading, job.id, READING))
    written = Written(job.size, job.sha256)
    return Ready(job.file, written, held, job.rights, as_utc(job.started_at), asked_of(job))


def _held(text: str) -> HeldBack:
    what, selection, row_count, purpose = json.loads(text)
    return HeldBack(what, selection, row_count, Purpose(purpose) if purpose else None)


def sealed_reading(held: HeldBack, job_id: int) -> bytes:
    """What is to be noted when the file is taken out, as it is stored."""
    text = json.dumps([held.what, held.selection, held.row_count, held.purpose.value if held.purpose else None])
    return vault.encrypt(text, job_id, READING)
