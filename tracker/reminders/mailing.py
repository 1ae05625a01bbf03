"""Handing mail to the server: each is claimed, handed over and noted on its own, so that a stop loses and doubles none.

A claim is a lease: whoever holds it sends, and if they die it runs out. What was handed over without an answer may have
arrived; it is tried again under the same Message-ID, by which a receiver knows it.
"""

import smtplib
import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime
from enum import Enum, auto
from typing import NamedTuple, Protocol

from sqlalchemy import func, or_, select, update

from tracker.accounts.models import User
from tracker.accounts.reader import in_utc
from tracker.database import db, writer
from tracker.logs import log
from tracker.records.models import Record
from tracker.reminders.models import OutboxMail, ReminderNotice
from tracker.reminders.queries import open_to
from tracker.rules.reminders import next_try
from tracker.settings import MailServer

TIMEOUT_SECONDS = 10.0
LEASE = timedelta(minutes=5)  # more than a server that answers each line at the last moment can take
MOST_REFUSALS = 3
LEFT, EMPTY = "left", "empty"  # the receiver has; nothing in it is theirs to see any more
MOST_LINES = 200
CLOSING = 421
M, N = OutboxMail, ReminderNotice


class End(Enum):
    """How it went: taken; refused for this receiver; not now; the server is not to be had."""

    TAKEN = auto()
    REFUSED = auto()
    LATER = auto()
    DOWN = auto()


class Outcome(NamedTuple):
    """How a mail went, and the kind of what went wrong (a class's name, never what the server said)."""

    end: End
    error: str = ""


class Mail(NamedTuple):
    """A mail that has been claimed."""

    id: int
    user_id: int
    address: str
    active: bool
    message_id: str
    made_at: datetime
    tries: int
    subject: str = ""
    body: str = ""


class Mailer(Protocol):
    """What mail is handed to."""

    def hand_over(self, mail: Mail) -> Outcome:
        """Hands one over; never raises what the server or the network did."""

    def close(self) -> None:
        """Ends the connection."""


@dataclass(slots=True)
class Sent:
    """How many were taken, given up (refused, or the receiver has left), and left for a later run."""

    taken: int = 0
    refused: int = 0
    later: int = 0


def send_waiting(mailer: Mailer, now: Callable[[], datetime], base_url: str) -> Sent:
    """Sends what waits and is due, one after the other, each in short transactions of its own; its links begin with
    `base_url`.

    Stops when the server is not to be had and has taken nothing since it last failed.
    """
    sent, since_failure = Sent(), 0
    try:
        while (mail := _claim(now(), base_url)) is not None:
            gone = EMPTY if not mail.body else "" if mail.active else LEFT
            outcome = Outcome(End.REFUSED, gone) if gone else mailer.hand_over(mail)
            _note(mail, outcome, now(), sent)
            if outcome.end is End.DOWN:
                if not since_failure:
                    break
                since_failure = 0
            elif not gone:
                since_failure += 1
    finally:
        mailer.close()
    return sent


def count_waiting() -> int:
    """How many mails have not gone and are not given up."""
    db.session.rollback()
    return len(db.session.scalars(select(M.id).where(M.next_try_at.is_not(None))).all())


def _claim(now: datetime, base_url: str) -> Mail | None:
    """The next mail that is due, claimed for this run alone; two runs never get the same."""
    db.session.rollback()
    with writer():
        due = (
            select(M.id, M.user_id, User.email, User.active, M.message_id, M.made_at, M.tries)
            .join(User, User.id == M.user_id)
            .where(M.next_try_at <= now, or_(M.claimed_until.is_(None), M.claimed_until <= now))
            .order_by(M.next_try_at, M.id)
            .limit(1)
            .with_for_update(skip_locked=True, of=M)
        )
        row = db.session.execute(due).first()
        if row is None:
            db.session.rollback()
            return None
        lines = _lines(row.id, row.user_id)
        mail = Mail(*row)._replace(
            tries=row.tries + 1, subject=subject_of(len(lines)), body=body_of(lines, base_url) if lines else ""
        )
        values = {"claimed_until": now + LEASE, "tries": mail.tries}
        db.session.execute(update(M).where(M.id == mail.id).values(**values))
        db.session.commit()
    return mail


def _lines(mail_id: int, user_id: int) -> dict[str, str]:
    """Path → number of what a mail is about, each once, without what is voided or its receiver may not see any more."""
    rows = (
        select(N.path, func.coalesce(Record.number, N.number).label("number"))
        .outerjoin(Record, Record.id == N.record_id)
        .where(N.mail_id == mail_id, Record.voided_at.is_(None), open_to(user_id))
        .order_by(N.day, N.id)
    )
    return {row.path: row.number for row in db.session.execute(rows)}


def subject_of(count: int) -> str:
    """The subject of a mail: it says nothing but how many."""
    return f"Egenkoll: {count} {'påminnelse' if count == 1 else 'påminnelser'}"


def body_of(lines: Mapping[str, str], base_url: str) -> str:
    """The words of a mail: a number and a link for each (path → number), never content."""
    shown = [f"{number}  {base_url}{path}" for path, number in list(lines.items())[:MOST_LINES]]
    left = len(lines) - len(shown)
    more = [f"… och {left} till: {base_url}/nytt"] if left else []
    return "\n".join(
        [
            "Det här väntar på dig i Egenkoll:", "", *shown, *more, "",
            f"Vad det gäller ser du när du har loggat in: {base_url}/nytt",
            f"Välj hur ofta du vill ha e-post: {base_url}/konto/paminnelser", "",
        ]
    )  # fmt: skip


def _note(mail: Mail, outcome: Outcome, now: datetime, sent: Sent) -> None:
    """Keeps how it went, at once."""
    given_up = outcome.end is End.REFUSED and (outcome.error in {LEFT, EMPTY} or mail.tries >= MOST_REFUSALS)
    values: dict[str, object] = {"claimed_until": None, "last_error": outcome.error or None}
    if outcome.end is End.TAKEN:
        sent.taken += 1
        values |= {"sent_at": now, "next_try_at": None}
    elif given_up:
        sent.refused += 1
        values |= {"refused_at": now, "next_try_at": None}
    else:
        sent.later += 1
        values |= {"next_try_at": next_try(mail.tries, now)}
    if outcome.end is not End.TAKEN:
        log().warning("mail_not_sent", target_id=mail.user_id, reason=outcome.error)
    with writer():
        db.session.execute(update(M).where(M.id == mail.id, M.sent_at.is_(None)).values(**values))
        db.session.commit()


class LogMailer:
    """Where there is no mail server: mail is written to the log."""

    def hand_over(self, mail: Mail) -> Outcome:
        """Writes it; the log tells the receiver's number, not the address."""
        log().info("mail", target_id=mail.user_id, mail=f"{mail.subject}\n{mail.body}")
        return Outcome(End.TAKEN)

    def close(self) -> None:
        """Nothing to end."""


class SmtpMailer:
    """A mail server, over one connection for as long as it holds; each answer is waited for `timeout` seconds."""

    def __init__(self, server: MailServer, sender: str, timeout: float = TIMEOUT_SECONDS) -> None:
        self._server, self._sender, self._timeout = server, sender, timeout
        self._connection: smtplib.SMTP | None = None

    def hand_over(self, mail: Mail) -> Outcome:
        """Hands one over. What the server refuses for this receiver (5xx) is told from a server that is down."""
        try:
            written = message_of(mail, self._sender)
            mail.address.encode("ascii")
        except (ValueError, IndexError) as error:
            return Outcome(End.REFUSED, type(error).__name__)
        try:
            if self._connection is None:
                self._connection = self._connect()
            self._connection.sendmail(self._sender, [mail.address], written)
        except smtplib.SMTPRecipientsRefused as error:
            return self._by_code(error.recipients[mail.address][0], error)
        except smtplib.SMTPDataError as error:
            return self._by_code(error.smtp_code, error)
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            return Outcome(End.DOWN, type(error).__name__)
        return Outcome(End.TAKEN)

    def close(self) -> None:
        """Takes leave of the server, if it is still there."""
        if self._connection is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._connection.quit()
            self._drop()

    def _by_code(self, code: int, error: Exception) -> Outcome:
        if code == CLOSING:
            self._drop()
            return Outcome(End.DOWN, type(error).__name__)
        return Outcome(End.REFUSED if code >= 500 else End.LATER, type(error).__name__)

    def _connect(self) -> smtplib.SMTP:
        server, context = self._server, ssl.create_default_context()
        connection: smtplib.SMTP
        if server.tls:
            connection = smtplib.SMTP_SSL(server.host, server.port, timeout=self._timeout, context=context)
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=self._timeout)
        try:
            if server.starttls:
                connection.starttls(context=context)
            if server.user:
                connection.login(server.user, server.password)
        except BaseException:
            connection.close()
            raise
        return connection

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def message_of(mail: Mail, sender: str) -> bytes:
    """The mail as it is sent, under the same Message-ID each time. Raises ValueError for an address that is none."""
    message = EmailMessage(policy=SMTP_POLICY)
    message["From"] = Address("Egenkoll", addr_spec=sender)
    message["To"] = Address(addr_spec=mail.address)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(in_utc(mail.made_at))
    message["Message-ID"] = f"<{mail.message_id}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.body, cte="quoted-printable")
    return message.as_bytes()
