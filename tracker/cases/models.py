"""The tables of avvikelser, lex Sarah-rapporter and synpunkter, of their words, and of how far they have come."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from tracker.database import Base
from tracker.records.natural import BY_CODE_POINT
from tracker.vault import SealedColumn, vault

NOTIFIED = "ivo_notified_on IS NOT NULL"
TO_SUPPLEMENT = f"{NOTIFIED} AND ivo_investigation_sent_on IS NULL AND is_open"
ANSWERED_LATE = "answered_on > due_on"
STANDS = "is_open"
WAITS = "answered_on IS NULL AND is_open"
BODY, COMMENT, CONTACT, REFERENCE = (
    "case_text.body",
    "case_step.comment",
    "case_reporter.contact",
    "case_person.reference",
)
vault.register(SealedColumn("case_text", "id", "body", BODY))
vault.register(SealedColumn("case_step", "id", "comment", COMMENT))
vault.register(SealedColumn("case_reporter", "record_id", "contact", CONTACT))
vault.register(SealedColumn("case_person", "id", "reference", REFERENCE))


class _OfRecord:
    """What the three registers have in common: their key is their record's; `unit_id` and `mark` (a
    `records.models.Mark`) are kept equal to the record's. `listed_on` is the day by which the list goes, the newest
    first, `is_open` whether the case still waits for somebody, and `moved_on` the day of its last step.
    """

    record_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    unit_id: Mapped[int]
    ref: Mapped[str] = mapped_column(BY_CODE_POINT, unique=True)
    listed_on: Mapped[date]
    moved_on: Mapped[date]
    state: Mapped[str] = mapped_column(String(16))
    is_open: Mapped[bool]
    happened_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    mark: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")


def _of_record(table: str, *choice: str) -> tuple[ForeignKeyConstraint | UniqueConstraint | Index, ...]:
    """The keys of such a table, and an index for each way its list is walked; `choice`: columns to filter by."""
    tail = ("listed_on", "record_id", "unit_id", "mark")
    return (
        ForeignKeyConstraint(["record_id", "unit_id"], ["record.id", "record.unit_id"], onupdate="CASCADE"),
        UniqueConstraint("record_id", "unit_id"),
        Index(f"ix_{table}_list", "listed_on", "record_id", "unit_id", "mark", "is_open"),
        Index(f"ix_{table}_open", "is_open", *tail),
        Index(f"ix_{table}_state", "state", *tail),
        Index(f"ix_{table}_still", "is_open", "moved_on", "unit_id", "mark", "record_id", "listed_on"),
        Index(f"ix_{table}_ref", "is_open", "ref", "record_id", "unit_id", "mark", "state"),
        Index(f"ix_{table}_unit", "unit_id", "listed_on", "record_id", "mark", "is_open"),
        Index(f"ix_{table}_unit_open", "unit_id", "is_open", "listed_on", "record_id", "mark"),
        Index(
            f"ix_{table}_standing", "unit_id", "state", "mark", "record_id", "listed_on", "is_open",
            sqlite_where=text(f"{STANDS} = 1"), postgresql_where=text(STANDS),
        ),
        *(Index(f"ix_{table}_{name}", name, *tail, "is_open") for name in choice),
        *(Index(f"ix_{table}_unit_{name}", "unit_id", name, *tail[:2], "mark", "is_open") for name in choice),
    )  # fmt: skip


def _of_notified(name: str, *columns: str) -> Index:
    """An index of the lex Sarah-rapporter that have been notified to IVO."""
    notified = text(NOTIFIED)
    return Index(name, *columns, sqlite_where=notified, postgresql_where=notified)


class Deviation(_OfRecord, Base):
    """An avvikelse. `severity` and `likelihood` are 1–4; `listed_on` is the day it was reported."""

    __tablename__ = "deviation"

    reported_on: Mapped[date]
    law_area: Mapped[str | None] = mapped_column(String(3))
    kind: Mapped[str | None] = mapped_column(String(10))
    category_id: Mapped[int | None] = mapped_column(ForeignKey("code_item.id"))
    severity: Mapped[int | None] = mapped_column(SmallInteger)
    likelihood: Mapped[int | None] = mapped_column(SmallInteger)
    cause_id: Mapped[int | None] = mapped_column(ForeignKey("code_item.id"))

    __table_args__ = (
        *_of_record("deviation", "category_id"),
        CheckConstraint("law_area IN ('SoL', 'LSS', 'HSL')", name="law_area"),
        CheckConstraint("kind IN ('händelse', 'tillbud')", name="kind"),
        CheckConstraint("severity BETWEEN 1 AND 4 AND likelihood BETWEEN 1 AND 4", name="steps"),
        Index("ix_deviation_year", "reported_on", "closed_on", "mark", "unit_id"),
        Index("ix_deviation_closed", "closed_on", "reported_on", "mark", "unit_id"),
    )


class LexSarahReport(_OfRecord, Base):
    """A lex Sarah-rapport. `assessment` is a `rules.case_workflow.Assessment`; `target_on` the last day of the local
    target; `listed_on` the day it was received, or reported while it waits.
    """

    __tablename__ = "lex_sarah_report"

    law: Mapped[str | None] = mapped_column(String(3))
    noticed_on: Mapped[date | None]
    reported_on: Mapped[date | None]
    received_on: Mapped[date | None]
    target_on: Mapped[date | None]
    completed_on: Mapped[date | None]
    assessment: Mapped[str | None] = mapped_column(String(16))
    decided_on: Mapped[date | None]
    ivo_notified_on: Mapped[date | None]
    ivo_investigation_sent_on: Mapped[date | None]
    ivo_decided_on: Mapped[date | None]
    ivo_outcome: Mapped[str | None] = mapped_column(String(200))
    ivo_case_number: Mapped[str | None] = mapped_column(String(60))

    __table_args__ = (
        *_of_record("lex_sarah_report", "assessment"),
        CheckConstraint("law IN ('SoL', 'LSS')", name="law"),
        CheckConstraint(
            "assessment IN ('inget', 'risk', 'missforhallande', 'risk_allvarligt', 'allvarligt')", name="assessment"
        ),
        Index(
            "ix_lex_sarah_report_year", "received_on", "decided_on", "closed_on", "target_on", "ivo_notified_on",
            "assessment", "mark", "unit_id",
        ),
        Index("ix_lex_sarah_report_waits", "decided_on", "closed_on", "received_on", "mark", "unit_id"),
        _of_notified("ix_lex_sarah_report_ivo", "listed_on", "record_id", "unit_id", "mark"),
        _of_notified("ix_lex_sarah_report_unit_ivo", "unit_id", "listed_on", "record_id", "mark"),
        Index(
            "ix_lex_sarah_report_supplement", "ivo_notified_on", "unit_id", "mark", "record_id",
            sqlite_where=text(f"{TO_SUPPLEMENT} = 1"), postgresql_where=text(TO_SUPPLEMENT),
        ),
    )  # fmt: skip


class Complaint(_OfRecord, Base):
    """A synpunkt, klagomål or beröm. `due_on` is the last day of the promise to answer; `listed_on` the day it came."""

    __tablename__ = "complaint"

    kind: Mapped[str] = mapped_column(String(10))
    received_on: Mapped[date]
    due_on: Mapped[date]
    answered_on: Mapped[date | None]

    __table_args__ = (
        *_of_record("complaint", "kind"),
        CheckConstraint("kind IN ('synpunkt', 'klagomål', 'beröm')", name="kind"),
        Index("ix_complaint_year", "received_on", "answered_on", "due_on", "kind", "mark", "unit_id"),
        Index(
            "ix_complaint_answered_late", "unit_id", "mark", "kind", "record_id", "answered_on", "due_on",
            sqlite_where=text(ANSWERED_LATE), postgresql_where=text(ANSWERED_LATE),
        ),
        Index(
            "ix_complaint_waits", "due_on", "unit_id", "mark", "kind", "record_id", "answered_on", "is_open",
            sqlite_where=text(f"{WAITS} = 1"), postgresql_where=text(WAITS),
        ),
    )  # fmt: skip


class CaseText(Base):
    """What is written of a case under a heading (`section`), sealed. `edition` 1 came first and never changes where the
    register says so; what corrects it has the next number.
    """

    __tablename__ = "case_text"

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"))
    section: Mapped[str] = mapped_column(String(24))
    edition: Mapped[int] = mapped_column(SmallInteger)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    written_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    written_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    __table_args__ = (UniqueConstraint("record_id", "section", "edition"),)


class CaseStepTaken(Base):
    """One step of a case: what was done on which day (`on_day`), when it was written (`taken_at`), by whom and why."""

    __tablename__ = "case_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), index=True)
    step: Mapped[str] = mapped_column(String(20))
    from_state: Mapped[str | None] = mapped_column(String(16))
    to_state: Mapped[str] = mapped_column(String(16))
    on_day: Mapped[date]
    taken_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    taken_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    comment: Mapped[bytes | None] = mapped_column(LargeBinary)


class CaseReporter(Base):
    """Who reported a case: a user, or somebody else by what they left (`contact`, sealed; None: anonymous). `told_on`
    is the day they heard what came of it.
    """

    __tablename__ = "case_reporter"

    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True, autoincrement=False)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    contact: Mapped[bytes | None] = mapped_column(LargeBinary)
    told_on: Mapped[date | None]

    __table_args__ = (Index(None, "user_id", "record_id"),)


class CaseConcerned(Base):
    """Somebody whom a case is, or has been, closed to as it concerns them: they never learn who reported it."""

    __tablename__ = "case_concerned"

    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True, autoincrement=False)
    since: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class CasePerson(Base):
    """Somebody who was touched by what happened, by a reference that names nobody (sealed)."""

    __tablename__ = "case_person"

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), index=True)
    reference: Mapped[bytes] = mapped_column(LargeBinary)
    sex: Mapped[str | None] = mapped_column(String(6))

    __table_args__ = (CheckConstraint("sex IN ('kvinna', 'man')", name="sex"),)


class CaseInvestigator(Base):
    """Somebody who investigates a case, or has."""

    __tablename__ = "case_investigator"

    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True, autoincrement=False)
    given_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    given_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))

    __table_args__ = (Index(None, "user_id", "record_id"),)


class CaseSeries(Base):
    """The last number that the program has given a case of a kind in a year."""

    __tablename__ = "case_series"

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]
