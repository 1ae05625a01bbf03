"""Mail to a real SMTP server that dies, hangs and refuses: each arrives once in all."""

import asyncio
import socket
import threading
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP
from sqlalchemy import select

from tests.decisions.running import run
from tests.reminders.making import BASE, waiting_mails
from tracker.accounts.models import User
from tracker.database import db
from tracker.reminders.mailing import LogMailer, Sent, SmtpMailer, send_waiting
from tracker.reminders.models import OutboxMail
from tracker.settings import MailServer

SENDER = "egenkoll@kommun.example"
NOW = datetime(2026, 3, 2, 7, tzinfo=UTC)


class Box:
    """A mail server that keeps what it takes. `dies_at`: the numbers (from 1) of the mails at which it closes the
    connection instead of taking them; `silent_at`: where it never answers; `lost_answer`: taken, and closed before it
    says so.
    """

    def __init__(self):
        self.taken, self.refuses = [], {}
        self.dies_at, self.silent_at, self.lost_answer = set(), set(), set()
        self.seen = 0
        self.lock = threading.Lock()

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - its name there
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - its name there
        with self.lock:
            self.seen += 1
            number = self.seen
        if number in self.dies_at:
            server.transport.abort()
            return "421 closing"
        if number in self.silent_at:
            await asyncio.sleep(3)
            return "451 too late"
        self.taken.append((envelope.rcpt_tos[0], message_from_bytes(envelope.content, policy=default)))
        if number in self.lost_answer:
            server.transport.abort()
        return "250 OK"

    @property
    def receivers(self):
        return Counter(address for address, _ in self.taken)


class _Server(Controller):
    def factory(self):
        return SMTP(self.handler, enable_SMTPUTF8=False, ident="prov")


@pytest.fixture
def box():
    """A mail server on this machine, and where it is."""
    handler = Box()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = _Server(handler, hostname="127.0.0.1", port=port)
    controller.start()
    handler.server = MailServer("127.0.0.1", port)
    yield handler
    controller.stop()


def send(box, minutes: int = 0, timeout: float = 2.0) -> Sent:
    return send_waiting(SmtpMailer(box.server, SENDER, timeout), lambda: NOW + timedelta(minutes=minutes), BASE)


def rows():
    db.session.rollback()
    return list(db.session.scalars(select(OutboxMail).order_by(OutboxMail.id)))


def test_each_mail_arrives_once_with_number_and_link_alone(app, box):
    people = waiting_mails(3)
    assert send(box) == Sent(taken=3)
    assert send(box, minutes=60) == Sent()
    assert box.receivers == dict.fromkeys(people, 1)
    message = box.taken[0][1]
    assert message["Subject"] == "Egenkoll: 1 påminnelse"
    assert message["To"] == "p0@kommun.example"
    assert message["Message-ID"] == "<brev0@kommun.example>"
    assert message["Content-Transfer-Encoding"] == "quoted-printable"
    assert message.get_content().split("\r\n") == [
        "Det här väntar på dig i Egenkoll:",
        "",
        "Å-0  https://egenkoll.kommun.example/atgarder/0",
        "",
        "Vad det gäller ser du när du har loggat in: https://egenkoll.kommun.example/nytt",
        "Välj hur ofta du vill ha e-post: https://egenkoll.kommun.example/konto/paminnelser",
        "",
    ]
    assert [row.sent_at is not None for row in rows()] == [True, True, True]


def test_a_server_that_dies_in_the_middle_gets_the_rest_in_the_next_run(app, box):
    people = waiting_mails(6)
    box.dies_at = {3, 4}
    # Two are taken, the third dies; a new connection, the fourth dies at once: the run stops.
    assert send(box) == Sent(taken=2, later=2)
    assert box.receivers == dict.fromkeys(people[:2], 1)
    assert [row.last_error for row in rows()] == [None, None, "SMTPServerDisconnected", "SMTPServerDisconnected"] + [
        None
    ] * 2
    # Nine minutes later only those that were never tried are due; after ten all.
    assert send(box, minutes=9) == Sent(taken=2)
    assert send(box, minutes=10) == Sent(taken=2)
    assert box.receivers == dict.fromkeys(people, 1)


def test_a_server_that_dies_once_is_called_again_in_the_same_run(app, box):
    people = waiting_mails(4)
    box.dies_at = {2}
    assert send(box) == Sent(taken=3, later=1)
    assert send(box, minutes=10) == Sent(taken=1)
    assert box.receivers == dict.fromkeys(people, 1)


def test_a_server_that_is_not_there_takes_nothing_and_loses_nothing(app, box):
    people = waiting_mails(2)
    nobody = SmtpMailer(MailServer("127.0.0.1", 1), SENDER, 1.0)
    assert send_waiting(nobody, lambda: NOW, BASE) == Sent(later=1)
    assert [row.tries for row in rows()] == [1, 0]
    assert send(box, minutes=10) == Sent(taken=2)
    assert box.receivers == dict.fromkeys(people, 1)


def test_a_server_that_hangs_is_left_after_the_time_that_was_set(app, box):
    people = waiting_mails(2)
    box.silent_at = {1}
    begun = datetime.now(UTC)
    assert send(box, timeout=0.3) == Sent(later=1)
    assert datetime.now(UTC) - begun < timedelta(seconds=2.5)
    assert send(box, minutes=10) == Sent(taken=2)
    assert box.receivers == dict.fromkeys(people, 1)


def test_a_refused_receiver_stops_nobody_else_and_is_given_up_after_three_times(app, box):
    people = waiting_mails(3)
    box.refuses = {people[1]: "550 no such user"}
    assert send(box) == Sent(taken=2, later=1)
    assert send(box, minutes=10) == Sent(later=1)
    assert send(box, minutes=30) == Sent(refused=1)
    assert send(box, minutes=5000) == Sent()
    assert box.receivers == {people[0]: 1, people[2]: 1}
    assert [(row.refused_at is not None, row.last_error) for row in rows()] == [
        (False, None), (True, "SMTPRecipientsRefused"), (False, None),
    ]  # fmt: skip


def test_a_receiver_who_is_to_come_later_is_tried_for_as_long_as_it_takes(app, box):
    people = waiting_mails(1)
    box.refuses = {people[0]: "451 greylisted"}
    for minutes in (0, 10, 30, 70):
        assert send(box, minutes=minutes) == Sent(later=1)
    box.refuses = {}
    assert send(box, minutes=150) == Sent(taken=1)
    assert box.receivers == {people[0]: 1}


def test_an_answer_that_is_lost_comes_again_under_the_same_message_id(app, box):
    waiting_mails(1)
    box.lost_answer = {1}
    assert send(box) == Sent(later=1)
    assert send(box, minutes=10) == Sent(taken=1)
    first, second = (message for _, message in box.taken)
    assert first["Message-ID"] == second["Message-ID"] == "<brev0@kommun.example>"
    assert first.as_bytes() == second.as_bytes()


def test_a_run_that_died_with_a_mail_in_its_hand_leaves_it_to_the_next_after_five_minutes(app, box):
    waiting_mails(1)

    class Killed(LogMailer):
        def hand_over(self, mail):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        send_waiting(Killed(), lambda: NOW, BASE)
    assert send(box, minutes=4) == Sent()
    assert send(box, minutes=5) == Sent(taken=1)


def test_whoever_has_left_gets_nothing(app, box):
    waiting_mails(2)
    db.session.scalars(select(User).where(User.email == "p0@kommun.example")).one().active = False
    db.session.commit()
    assert send(box) == Sent(taken=1, refused=1)
    assert box.receivers == {"p1@kommun.example": 1}
    assert rows()[0].last_error == "left"


def test_two_runs_at_once_send_each_mail_once(app, box):
    people = waiting_mails(12)
    counts = []

    def one() -> None:
        with app.app_context():
            counts.append(send(box).taken)

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts) == 12
    assert box.receivers == dict.fromkeys(people, 1)


def test_the_command_sends_what_waits_and_says_so(app, box, monkeypatch):
    people = waiting_mails(2)
    monkeypatch.setitem(app.config, "MAIL_URL", f"smtp://127.0.0.1:{box.server.port}")
    monkeypatch.setitem(app.config, "MAIL_FROM", SENDER)
    ran = run(app, "reminders", "send", "--today", date(2026, 3, 2))
    assert (ran.code, ran.last) == (
        0, "0 nya påminnelser till 0 personer; 2 brev skickade, 0 gick inte att lämna, 0 väntar",
    )  # fmt: skip
    assert box.receivers == dict.fromkeys(people, 1)


def test_the_command_fails_when_the_server_does_and_keeps_all(app, monkeypatch):
    waiting_mails(2)
    monkeypatch.setitem(app.config, "MAIL_URL", "smtp://127.0.0.1:1")
    monkeypatch.setitem(app.config, "MAIL_FROM", SENDER)
    ran = run(app, "reminders", "send")
    assert (ran.code, ran.last) == (
        1, "0 nya påminnelser till 0 personer; 0 brev skickade, 0 gick inte att lämna, 2 väntar",
    )  # fmt: skip
