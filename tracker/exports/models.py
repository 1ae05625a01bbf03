"""The table of exports that are made in the background."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, LargeBinary, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.database import Base
from tracker.vault import SealedColumn, vault

PARAMETERS, READING = "export_job.parameters", "export_job.reading"
vault.register(SealedColumn("export_job", "id", "parameters", PARAMETERS))
vault.register(SealedColumn("export_job", "id", "reading", READING))


class JobState(StrEnum):
    """How far an export has come."""

    WAITING = "waiting"
    RUNNING = "running"
    READY = "ready"
    FAILED = "failed"
    LAPSED = "lapsed"


class Trouble(StrEnum):
    """Why there is no file, or why it is not given."""

    RIGHTS = "rights"
    SPACE = "space"
    ROWS = "rows"
    STOPPED = "stopped"
    DAMAGED = "damaged"
    ERROR = "error"


class ExportJob(Base):
    """A list that somebody has asked for as a file.

    `parameters`: the list's address and filter, sealed, as a filter may hold something typed. Who works holds `claim`
    and tells with `beat_at` that it is alive. `file`: the sealed file's name on disk; `name`, `size` in bytes and
    `sha256` are the file's that is given. `reading`: what is noted when it is taken out, sealed. `rights`: a digest of
    what the owner might see as the work began.
    """

    __tablename__ = "export_job"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    register: Mapped[str] = mapped_column(String(40))
    format: Mapped[str] = mapped_column(String(4))
    parameters: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(8), default=JobState.WAITING)
    trouble: Mapped[str | None] = mapped_column(String(8))
    rows_done: Mapped[int] = mapped_column(default=0)
    rows_total: Mapped[int]
    tries: Mapped[int] = mapped_column(SmallInteger, default=0)
    claim: Mapped[str | None] = mapped_column(String(22))
    beat_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    started_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    lapses_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    taken_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    file: Mapped[str | None] = mapped_column(String(40))
    name: Mapped[str | None] = mapped_column(String(120))
    size: Mapped[int | None]
    sha256: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    reading: Mapped[bytes | None] = mapped_column(LargeBinary)
    rights: Mapped[bytes | None] = mapped_column(LargeBinary(32))

    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'running', 'ready', 'failed', 'lapsed')", name="state"),
        CheckConstraint("(state = 'running') = (claim IS NOT NULL)", name="claimed"),
        Index(None, "owner_id", "id"),
        Index(None, "state", "id"),
        # One at a time for each person, whatever two workers do at once.
        Index(
            "uq_export_job_running", "owner_id", unique=True,
            sqlite_where=text("state = 'running'"), postgresql_where=text("state = 'running'"),
        ),
    )  # fmt: skip
