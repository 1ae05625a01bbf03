"""Makes reminders and looks at what was told and what is to be mailed."""

from datetime import UTC, date, datetime, time

from sqlalchemy import func, select

from tests.factories import make_unit, make_user
from tracker.accounts.models import User
from tracker.database import db, writer
from tracker.records.models import Record
from tracker.reminders.mailing import End, Outcome, send_waiting
from tracker.reminders.models import OutboxMail, ReminderNotice
from tracker.reminders.services import Made, make_reminders

BASE = "https://egenkoll.kommun.example"


def at(day: date) -> datetime:
    """Six in the morning of a day."""
    return datetime.combine(day, time(6), UTC)


def make(day: date, more=()) -> Made:
    """One run's reminders, committed."""
    with writer():
        made = make_reminders(day, at(day), more)
        db.session.commit()
    return made


def told() -> set[tuple[str, str, str]]:
    """(name before the @, number, reason) of all that has been told."""
    db.session.rollback()
    rows = db.session.execute(
        select(User.email, func.coalesce(Record.number, ReminderNotice.number), ReminderNotice.reason)
        .join(User, User.id == ReminderNotice.user_id)
        .outerjoin(Record, Record.id == ReminderNotice.record_id)
    )
    return {(email.partition("@")[0], number, reason) for email, number, reason in rows}


class Kept:
    """Takes every mail and keeps it."""

    def __init__(self):
        self.taken = []

    def hand_over(self, mail):
        self.taken.append((mail.address.partition("@")[0], mail.subject, mail.body))
        return Outcome(End.TAKEN)

    def close(self):
        pass


def mails(day: date = date(2030, 1, 1)) -> list[tuple[str, str, str]]:
    """(name before the @, subject, words) of every mail that waits, which go with this, in the order they were made."""
    kept = Kept()
    send_waiting(kept, lambda: at(day), BASE)
    return kept.taken


def waiting_mails(count: int) -> list[str]:
    """That many people with a mail each that waits since 6 in the morning of 2 March 2026; gives their addresses."""
    now = at(date(2026, 3, 2))
    found = []
    make_unit("Vuxen")
    for number in range(count):
        user = make_user(f"p{number}@kommun.example", "chef", unit="Vuxen")
        found.append(user.email)
        mail = OutboxMail(
            user_id=user.id, made_on=now.date(), message_id=f"brev{number}", made_at=now, next_try_at=now, tries=0
        )
        db.session.add(mail)
        db.session.flush()
        db.session.add(
            ReminderNotice(
                user_id=user.id, key=f"window:{number}", reason="fonstret-oppnar", number=f"Å-{number}",
                path=f"/atgarder/{number}", day=now.date(), made_at=now, to_mail=True, mail_id=mail.id,
            )
        )  # fmt: skip
        db.session.commit()
    return found
