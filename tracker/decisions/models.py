"""Favourable decisions, the clocks that run from them, and what happens while they run."""

from datetime import date

from sqlalchemy import (
    CheckConstraint,
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

ALIVE = "alive_until > '0001-01-01'"
IS_PROTECTED = "mark = 1"
UNREPORTABLE = "state = 'open' AND alive_until = '0001-01-01'"
IS_MARKED = "mark > 0"
FIGURES = (
    "due_on", "ended_on", "ended_value", "first_reported_on", "intervention_id", "kind", "sex", "unit_id",
    "decision_id", "ref", "decided_on", "delay_reason_id", "noted", "mark", "id",
)  # fmt: skip


class Decision(Base):
    """A favourable decision. Its key is its record's; `unit_id` is kept equal to the record's by the foreign key, and
    `mark` (a `records.models.Mark`) to its access and voiding by the services.
    """

    __tablename__ = "decision"

    record_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    unit_id: Mapped[int]
    ref: Mapped[str] = mapped_column(BY_CODE_POINT, unique=True)
    legal_basis: Mapped[str | None] = mapped_column(String(12))
    judgment: Mapped[bool]
    area: Mapped[str | None] = mapped_column(String(40))
    intervention_id: Mapped[int] = mapped_column(ForeignKey("code_item.id"))
    sex: Mapped[str | None] = mapped_column(String(6))
    person_encrypted: Mapped[bytes | None] = mapped_column(LargeBinary)
    person_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), index=True)
    mark: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    handler_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    handler_name: Mapped[str | None] = mapped_column(String(120))
    provider: Mapped[str | None] = mapped_column(String(120))
    decided_on: Mapped[date]

    __table_args__ = (
        ForeignKeyConstraint(["record_id", "unit_id"], ["record.id", "record.unit_id"], onupdate="CASCADE"),
        UniqueConstraint("record_id", "unit_id"),
        CheckConstraint("sex IN ('kvinna', 'man')", name="sex"),
        # The few that are protected or voided, for the lists of those who look after them.
        Index(
            "ix_decision_marked",
            "mark",
            "unit_id",
            "record_id",
            sqlite_where=text(IS_MARKED),
            postgresql_where=text(IS_MARKED),
        ),
    )


class DecisionClock(Base):
    """One clock: from the decision, or from an interruption of it.

    `ref` and `decided_on` are the decision's; from `state` down stand the figures of `rules.unexecuted.stored_figures`
    and what lists and figures filter on. `services` keeps them equal to what they are made from.
    """

    __tablename__ = "decision_clock"

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int]
    unit_id: Mapped[int]
    ref: Mapped[str] = mapped_column(BY_CODE_POINT)
    decided_on: Mapped[date]
    kind: Mapped[str] = mapped_column(String(8))
    started_on: Mapped[date]
    executed_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    close_reason: Mapped[str | None] = mapped_column(String(200))
    delay_reason_id: Mapped[int | None] = mapped_column(ForeignKey("code_item.id"))
    delay_note: Mapped[bytes | None] = mapped_column(LargeBinary)
    noted: Mapped[bool]
    first_reported_on: Mapped[date | None]
    final_reported_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(8))
    due_on: Mapped[date]
    ended_on: Mapped[date]
    ended_value: Mapped[int]
    alive_until: Mapped[date]
    relevant_until: Mapped[date]
    intervention_id: Mapped[int] = mapped_column(ForeignKey("code_item.id"))
    sex: Mapped[str | None] = mapped_column(String(6))
    mark: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")

    __table_args__ = (
        ForeignKeyConstraint(
            ["decision_id", "unit_id"], ["decision.record_id", "decision.unit_id"], onupdate="CASCADE"
        ),
        UniqueConstraint("decision_id", "kind", "started_on"),
        CheckConstraint("executed_on IS NULL OR closed_on IS NULL", name="one_end"),
        CheckConstraint("kind IN ('beslut', 'avbrott')", name="kind"),
        # The register: one index for each way it is walked in the order of the list, with all else a filter looks at.
        Index("ix_clock_due", "due_on", "id", "unit_id", "kind", "mark"),
        Index("ix_clock_state", "state", "due_on", "id", "unit_id", "kind", "mark"),
        Index("ix_clock_intervention", "intervention_id", "due_on", "id", "state", "kind", "unit_id", "mark"),
        Index("ix_clock_intervention_state", "intervention_id", "state", "due_on", "id", "kind", "unit_id", "mark"),
        Index("ix_clock_unit", "unit_id", "due_on", "id", "state", "intervention_id", "kind", "mark"),
        Index("ix_clock_kind_state", "kind", "state", "due_on", "id", "unit_id", "mark"),
        # The protected ones, so that a list can say how many of them it leaves out.
        Index(
            "ix_clock_protected",
            "unit_id",
            "state",
            "due_on",
            "intervention_id",
            "kind",
            "decision_id",
            "mark",
            sqlite_where=text(IS_PROTECTED),
            postgresql_where=text(IS_PROTECTED),
        ),
        # The very few open ones that no report will hold, so that a list of those to report can leave them out.
        Index("ix_clock_unreportable", "id", sqlite_where=text(UNREPORTABLE), postgresql_where=text(UNREPORTABLE)),
        # The quarter: the few clocks that can still stand in a class, with all that the figures need.
        Index(
            "ix_clock_quarter",
            "alive_until",
            "relevant_until",
            "started_on",
            *FIGURES,
            sqlite_where=text(ALIVE),
            postgresql_where=text(ALIVE),
        ),
    )


class DecisionReplacement(Base):
    """A decision that another has replaced: the same need, decided anew. One decision replaces at most one."""

    __tablename__ = "decision_replacement"

    record_id: Mapped[int] = mapped_column(ForeignKey("decision.record_id"), primary_key=True, autoincrement=False)
    replaces_id: Mapped[int] = mapped_column(ForeignKey("decision.record_id"), index=True)

    __table_args__ = (CheckConstraint("record_id <> replaces_id", name="another"),)


class ClockLife(Base):
    """What is said of a clock beside its days: its plan, and what is executed already. Texts are sealed (`notes`)."""

    __tablename__ = "clock_life"

    clock_id: Mapped[int] = mapped_column(ForeignKey("decision_clock.id"), primary_key=True, autoincrement=False)
    planned_on: Mapped[date | None]
    partly_on: Mapped[date | None]
    partly: Mapped[bytes | None] = mapped_column(LargeBinary)
    meanwhile: Mapped[bytes | None] = mapped_column(LargeBinary)
    consequences: Mapped[bytes | None] = mapped_column(LargeBinary)


class ClockEvent(Base):
    """An offer with its answer, a contact or a follow-up (a `rules.life.EventKind`); `what` is sealed."""

    __tablename__ = "clock_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    clock_id: Mapped[int] = mapped_column(ForeignKey("decision_clock.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    happened_on: Mapped[date]
    answered_on: Mapped[date | None]
    answer: Mapped[str | None] = mapped_column(String(12))
    what: Mapped[bytes | None] = mapped_column(LargeBinary)

    __table_args__ = (
        CheckConstraint("kind IN ('erbjudande', 'kontakt', 'uppfoljning')", name="kind"),
        CheckConstraint("answer IN ('accepterat', 'tackat-nej')", name="answer"),
        CheckConstraint("answered_on IS NULL OR answer IS NOT NULL", name="answered"),
    )
