"""What somebody without an account has left, followed by a code of 80 bits whose hash alone is kept."""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from tracker.accounts.reader import token_hash
from tracker.cases.code_models import CaseCode
from tracker.cases.models import CaseReporter, Complaint
from tracker.cases.services import Report, report_case
from tracker.cases.texts import Section, newest_words
from tracker.database import db
from tracker.records.models import Record
from tracker.rules.case_workflow import CaseState

CODE_BYTES, CODE_SIGNS, GROUP = 10, 16, 4
MISREAD = str.maketrans("018", "OIB")  # digits that no code has, taken for letters that it may have


@dataclass(frozen=True, slots=True)
class Followed:
    """What whoever has the code is told; `answer`: the newest, once it has been given. `reachable`: whether they left
    a way to reach them.
    """

    number: str
    kind: str
    state: CaseState
    received_on: date
    due_on: date
    answered_on: date | None
    reachable: bool
    answer: str


def make_code(number: str, fields: tuple[str, ...], key: bytes) -> str:
    """The code for what is sent, `ABCD-EFGH-IJKL-MNOP`. It follows from the page's random number (128 bits), what was
    written and the program's key: the same form sent twice has one code, and nobody else can work it out.
    """
    said = hashlib.sha256("\x1f".join((number, *fields)).encode()).digest()
    signs = base64.b32encode(hmac.digest(key, b"case code:" + said, "sha256")[:CODE_BYTES]).decode()
    return "-".join(signs[place : place + GROUP] for place in range(0, CODE_SIGNS, GROUP))


def leave(report: Report, contact: str, code: str, now: datetime, today: date) -> Followed:
    """Takes in what somebody outside leaves; who it was is kept by what they wrote themselves, or not at all. What has
    come in already under the same code is not taken in twice. Raises what `report_case` raises.
    """
    record_id, _ = report_case(report, None, contact, now, today)  # the next one waits here for its number
    earlier = find_followed(code)
    if earlier is not None:
        db.session.rollback()
        return earlier
    db.session.add(CaseCode(record_id=record_id, code_hash=_hash(code)))
    db.session.flush()
    return _followed(_row_of(code))


def find_followed(code: str) -> Followed | None:
    """What the code was given for, however it is written; None when it is none."""
    row = _row_of(code)
    return _followed(row) if row is not None else None


def _row_of(code: str) -> Any:  # noqa: ANN401 - a row
    statement = (
        select(Record.id, Record.number, Complaint, CaseReporter.contact.is_not(None))
        .join(CaseCode, CaseCode.record_id == Record.id)
        .join(Complaint, Complaint.record_id == Record.id)
        .outerjoin(CaseReporter, CaseReporter.record_id == Record.id)
        .where(CaseCode.code_hash == _hash(code))
    )
    return db.session.execute(statement).first()


def _followed(row: Any) -> Followed:  # noqa: ANN401 - as above
    record_id, number, complaint, reachable = row
    state = CaseState(complaint.state)
    answered = state is CaseState.ANSWERED
    answer = newest_words([record_id], Section.ANSWER).get(record_id, (0, ""))[1] if answered else ""
    return Followed(
        number, complaint.kind, state, complaint.received_on, complaint.due_on,
        complaint.answered_on if answered else None, bool(reachable), answer,
    )  # fmt: skip


def has_code(record_id: int) -> bool:
    """Whether somebody has a code to follow the case with."""
    return db.session.get(CaseCode, record_id) is not None


def _hash(code: str) -> bytes:
    signs = "".join(sign for sign in code.upper() if sign.isalnum())
    return token_hash(signs.translate(MISREAD))
