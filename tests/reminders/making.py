"""Makes reminders and looks at what was told and what is to be mailed."""

from datetime import UTC, date, datetime, time

from sqlalchemy import select

from tests.factories import make_unit, make_user
from tracker.accounts.models import User
from tracker.database import db, writer
from tracker.reminders.models import OutboxMail, ReminderNotice
from tracker.reminders.services import Made, make_reminders

BASE = "https://egenkoll.kommun.example"


def at(day: date) -> datetime:
    """Six in the morning of a day."""
    return datetime.combine(day, time(6), UTC)


def make(day: date, more=None) -> Made:
    """One run's reminders, committed."""
    with writer():
        made = make_reminders(day, at(day), BASE, more or {})
        db.session.commit()
    return made


def told() -> set[tuple[str, str, str]]:
    """(name before the @, number, reason) of all that has been told."""
    db.session.rollback()
    rows = db.session.execute(
        select(User.email, ReminderNotice.number, ReminderNotice.reason).join(User, User.id == ReminderNotice.user_id)
    )
    return {(email.partition("@")[0], number, reason) for email, number, reason in rows}


def mails() -> list[tuple[str, str, str]]:
    """(name before the @, subject, words) of every mail, in the order they were made."""
    db.session.rollback()
    statement = select(User.email, OutboxMail.subject, OutboxMail.body).join(User, User.id == OutboxMail.user_id)
    rows = db.session.execute(statement.order_by(OutboxMail.id))
    return [(email.partition("@")[0], subject, body) for email, subject, body in rows]


def waiting_mails(count: int) -> list[str]:
    """That many people with a mail each that waits since 6 in the morning of 2 March 2026; gives their addresses."""
    now = at(date(2026, 3, 2))
    found = []
    make_unit("Vuxen")
    for number in range(count):
        user = make_user(f"p{number}@kommun.example", "chef", unit="Vuxen")
        found.append(user.email)
        db.session.add(
            OutboxMail(
                user_id=user.id, made_on=now.date(), message_id=f"brev{number}", subject="Egenkoll: 1 påminnelse",
                body=f"Å-{number}  {BASE}/atgarder/{number}\n", made_at=now, next_try_at=now, tries=0,
            )
        )  # fmt: skip
        db.session.commit()
    return found
