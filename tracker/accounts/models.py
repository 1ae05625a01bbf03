"""Units as a tree, people, the roles they hold, the rows behind their sign-ins, and what holds for all of them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.database import Base


class Unit(Base):
    """An organisational unit. `tree_from`–`tree_to` is its interval: a unit below it has its own inside."""

    __tablename__ = "unit"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    tree_from: Mapped[int]
    tree_to: Mapped[int]
    valid_until: Mapped[date | None]

    __table_args__ = (
        Index(None, "tree_from", "id"),
        CheckConstraint("tree_from <= tree_to", name="tree_order"),
    )


class UnitTree(Base):
    """One row: how often the tree has been numbered. Intervals that were read under another version mean nothing."""

    __tablename__ = "unit_tree"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int]

    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)


class UnitName(Base):
    """A name that a unit has had, up to and with a day."""

    __tablename__ = "unit_name"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    name: Mapped[str] = mapped_column(String(120), index=True)
    until_on: Mapped[date]


class User(Base):
    """A person who can sign in. `version` rises with every change that ends the person's sessions."""

    __tablename__ = "user_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120), index=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class RoleAssignment(Base):
    """A role held for a unit and all below it, from a day up to and with a day."""

    __tablename__ = "role_assignment"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    from_on: Mapped[date]
    to_on: Mapped[date | None]

    __table_args__ = (CheckConstraint("to_on IS NULL OR to_on >= from_on", name="from_before_to"),)


class AdminRequest(Base):
    """What one administrator has asked for and another approves or refuses: a role with identities from a day to a day,
    a one-time link for somebody who holds one, or that one administrator shall be enough again.
    """

    __tablename__ = "admin_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    role: Mapped[str | None] = mapped_column(String(20))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    from_on: Mapped[date | None]
    to_on: Mapped[date | None]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    approved: Mapped[bool | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    reason: Mapped[str | None] = mapped_column(String(500))

    __table_args__ = (
        CheckConstraint("to_on IS NULL OR to_on >= from_on", name="from_before_to"),
        CheckConstraint(
            "kind <> 'role' OR (user_id IS NOT NULL AND role IS NOT NULL AND unit_id IS NOT NULL "
            "AND from_on IS NOT NULL)",
            name="whole_role",
        ),
        CheckConstraint(
            "(approved IS NULL) = (decided_at IS NULL) AND (approved IS NULL) = (decided_by_id IS NULL)",
            name="decided",
        ),
        CheckConstraint("NOT approved OR decided_by_id <> asked_by_id", name="two"),
    )


class UserSession(Base):
    """A sign-in. The browser holds the token, the row only its SHA-256; an ended row never opens anything again."""

    __tablename__ = "user_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    user_version: Mapped[int]
    method: Mapped[str] = mapped_column(String(20))
    level: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    confirmed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class SignInThrottle(Base):
    """How often sign-in has failed for an address or from a host; `key` is a keyed hash of it."""

    __tablename__ = "sign_in_throttle"

    key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    failures: Mapped[int]
    blocked_until: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class OneTimeCode(Base):
    """A code that can be used once: the first administrator's, or a new user's first password."""

    __tablename__ = "one_time_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Installation(Base):
    """What holds for the whole installation: one row.

    With `second_administrator`, what `rules.second_administrator` names needs two.
    """

    __tablename__ = "installation"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    demonstration: Mapped[bool]
    committee_name: Mapped[str | None] = mapped_column(String(120))
    second_administrator: Mapped[bool] = mapped_column(default=False)
    first_start_ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)


class FirstStartStep(Base):
    """A step of the first start that somebody has marked, as done or as left out."""

    __tablename__ = "first_start_step"

    step: Mapped[str] = mapped_column(String(20), primary_key=True)
    state: Mapped[str] = mapped_column(String(10))
