"""What was typed and is not taken in: sealed for whoever typed it, for one hour when it was sent and refused, for a day
where the page saves it as it is typed.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    DateTime,
    ForeignKey,
    LargeBinary,
    String,
    and_,
    delete,
    false,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from tracker.accounts.models import User, UserSession
from tracker.accounts.reader import in_utc, token_hash
from tracker.database import Base, db
from tracker.vault import VaultError, vault

KEPT_FOR = timedelta(hours=1)
AUTOSAVED_FOR = timedelta(hours=24)  # until the next working day's morning, not over a weekend
MOST_PER_USER = 5  # of each kind
LARGEST_BYTES = 100_000
LONGEST_PATH = 300
REMEMBERED_FOR = timedelta(hours=12)  # since a sign-in ended; what its pages send after that belongs to nobody


class Draft(Base):
    """Typed fields, sealed for the user and the path of the form; no other user and no other page can open them."""

    __tablename__ = "draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    path: Mapped[str] = mapped_column(String(LONGEST_PATH))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    autosaved: Mapped[bool] = mapped_column(default=False, server_default=false())


@dataclass(frozen=True, slots=True)
class Kept:
    """A draft that has been opened: the query of the form's address, and the fields with every value."""

    id: int
    path: str
    query: str
    fields: tuple[tuple[str, str], ...]
    created_at: datetime
    kept_until: datetime


def whose(now: datetime, *, token: str = "", session_id: int = 0) -> int | None:
    """The active user of a sign-in that holds, or has ended within twelve hours; by its token or its number."""
    row = UserSession.token_hash == token_hash(token) if token else UserSession.id == session_id
    since = now - REMEMBERED_FOR
    statement = (
        select(UserSession.user_id)
        .join(User, User.id == UserSession.user_id)
        .where(
            row,
            User.active.is_(True),
            UserSession.expires_at > since,
            or_(UserSession.ended_at.is_(None), UserSession.ended_at > since),
        )
    )
    return db.session.scalar(statement)


def keep(user_id: int, path: str, query: str, fields: tuple[tuple[str, str], ...], now: datetime) -> int | None:
    """Seals what was typed and gives its number; None when it is too large. What is kept already is not kept twice.

    The oldest goes when the user has too many.
    """
    text = _text_of(path, query, fields)
    if text is None:
        return None
    earlier = _of_user(user_id, autosaved=False)
    for draft in earlier:
        found = _opened(draft, now)
        if found and (found.path, found.query, found.fields) == (path, query, fields):
            db.session.execute(update(Draft).where(Draft.id == draft.id).values(created_at=now))
            return draft.id
    return _add(user_id, path, text, earlier, now, autosaved=False)


def autosave(
    user_id: int, path: str, query: str, fields: tuple[tuple[str, str], ...], number: int | None, now: datetime
) -> int | None:
    """Seals what is being typed, over what the same page has saved before (`number`), and gives its number; None when
    it is too large. A number that is not the user's, or of another page, counts as none.
    """
    text = _text_of(path, query, fields)
    if text is None:
        return None
    earlier = _of_user(user_id, autosaved=True)
    for draft in earlier:
        if draft.id == number and draft.path == path:
            draft.sealed, draft.created_at = vault.encrypt(text, user_id, _place(path)), now
            return draft.id
    return _add(user_id, path, text, earlier, now, autosaved=True)


def _text_of(path: str, query: str, fields: tuple[tuple[str, str], ...]) -> str | None:
    text = json.dumps({"query": query, "fields": fields}, ensure_ascii=False)
    return None if len(text.encode()) > LARGEST_BYTES or len(path) > LONGEST_PATH else text


def _of_user(user_id: int, *, autosaved: bool) -> list[Draft]:
    mine = (Draft.user_id == user_id, Draft.autosaved.is_(autosaved))
    return list(db.session.scalars(select(Draft).where(*mine).order_by(Draft.id.desc())))


def _add(user_id: int, path: str, text: str, earlier: list[Draft], now: datetime, *, autosaved: bool) -> int:
    for draft in earlier[MOST_PER_USER - 1 :]:
        db.session.delete(draft)
    sealed = vault.encrypt(text, user_id, _place(path))
    made = Draft(user_id=user_id, path=path, sealed=sealed, created_at=now, autosaved=autosaved)
    db.session.add(made)
    db.session.flush()
    return made.id


def find(user_id: int, draft_id: int, path: str, now: datetime) -> Kept | None:
    """The user's draft of the form at this path; None when there is none, or its time has passed."""
    draft = db.session.scalar(select(Draft).where(Draft.id == draft_id, Draft.user_id == user_id, Draft.path == path))
    return _opened(draft, now) if draft else None


def list_kept(user_id: int, now: datetime) -> list[Kept]:
    """The user's drafts whose time has not passed, newest first."""
    drafts = db.session.scalars(select(Draft).where(Draft.user_id == user_id).order_by(Draft.id.desc()))
    return [kept for draft in drafts if (kept := _opened(draft, now))]


def has_kept(user_id: int, now: datetime) -> bool:
    """Whether there is anything to offer the user."""
    fresh = select(Draft.id).where(Draft.user_id == user_id, ~served(now))
    return db.session.scalar(fresh.limit(1)) is not None


def remove(user_id: int, draft_id: int) -> bool:
    """The user's draft is gone; False when there was none."""
    mine = delete(Draft).where(Draft.id == draft_id, Draft.user_id == user_id)
    return db.session.scalar(mine.returning(Draft.id)) is not None


def remove_below(pages: Iterable[str]) -> None:
    """Everybody's drafts of some pages, and of the pages below them, are gone."""
    for page in pages:
        here = or_(Draft.path == page, Draft.path.startswith(f"{page}/", autoescape=True))
        db.session.execute(delete(Draft).where(here), execution_options={"synchronize_session": False})


def served(now: datetime) -> ColumnElement[bool]:
    """Of a draft: that its time has passed."""
    hour, day = Draft.created_at <= now - KEPT_FOR, Draft.created_at <= now - AUTOSAVED_FOR
    return or_(and_(Draft.autosaved.is_(False), hour), day)


def _opened(draft: Draft, now: datetime) -> Kept | None:
    created_at = in_utc(draft.created_at)
    kept_until = created_at + (AUTOSAVED_FOR if draft.autosaved else KEPT_FOR)
    if kept_until <= now:
        return None
    try:
        found = json.loads(vault.decrypt(draft.sealed, draft.user_id, _place(draft.path)))
    except VaultError:  # sealed under a key that is gone; within its time it is of no use to anybody
        return None
    fields = tuple((name, value) for name, value in found["fields"])
    return Kept(draft.id, draft.path, found["query"], fields, created_at, kept_until)


def _place(path: str) -> str:
    return f"draft:{path}"
