"""The work itself: the register's own export is run as its owner would run it, and what it answers is sealed on disk.

So the bytes are those of the direct address, the rights those of the owner as the work begins, and no register knows of
this. What an export would note as read is held back until the file is taken out.
"""

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from flask import Flask, Response, current_app, g, request
from sqlalchemy import select
from werkzeug.exceptions import HTTPException
from werkzeug.http import parse_options_header

from tracker import clock
from tracker.accounts.reader import Reader, reader_of_user
from tracker.audit.models import AuditHead
from tracker.audit.reads import HeldBack, held_back
from tracker.database import db, set_reading
from tracker.exchange.writing import watched
from tracker.exports import files, services
from tracker.exports.models import Trouble
from tracker.exports.queries import Asked
from tracker.exports.rights import rights_of
from tracker.exports.services import Claimed, ClaimLost, Made
from tracker.logs import log
from tracker.web.access import decision_of

LONG = 5_000  # rows: what takes longer than a few seconds
FORMATS = ("csv", "xlsx")
REGISTERS = {
    "decisions.export": "Ej verkställda beslut",
    "cases.export_deviations": "Avvikelser",
    "cases.export_lex_sarah": "Lex Sarah",
    "cases.export_complaints": "Synpunkter",
    "risk.export": "Risker",
    "control.export": "Kontrollmoment",
    "actions.export": "Åtgärder",
    "guarantees.export": "Garantier",
}
Given = TypeVar("Given")


class NoRights(Exception):
    """The owner may not export the register any more."""


def folder() -> Path:
    """Where this database's files lie: two programs on one disk never sweep each other's away."""
    chain = db.session.scalar(select(AuditHead.chain)) or "new"
    return Path(current_app.config["EXPORT_FOLDER"]) / chain


def register_of(asked: Asked) -> str | None:
    """The register that an address exports; None when it is none of those made here."""
    if asked.format not in FORMATS:
        return None
    try:
        endpoint, _ = current_app.url_map.bind("localhost").match(_path(asked), method="GET")
    except HTTPException:
        return None
    name = str(endpoint).removesuffix(f"_{asked.format}")
    return name if name in REGISTERS else None


def may_export(reader: Reader, register: str) -> bool:
    """Whether the reader may open the register's export at all."""
    decision = decision_of(current_app, f"{register}_csv")
    return decision is not None and any(reader.allows(one) for one in decision.permissions)


def count_rows(asked: Asked, reader: Reader) -> int:
    """How many rows the file would hold, asked of the export itself; nothing is read out, nor noted.

    Raises the HTTPException with which the export answers.
    """

    def count() -> int:
        app = current_app._get_current_object()  # type: ignore[attr-defined]
        with _opened(app, asked._replace(format="csv"), reader) as opened:
            opened.answer.close()
            return opened.held[0].row_count or 0

    return _beside(count)


def make(app: Flask, job: Claimed) -> bool:
    """Makes one job's file, from rights that are read anew; whether there is one now. What goes wrong is told in it."""
    return _beside(lambda: _make(app, job))


def _beside(work: Callable[[], Given]) -> Given:
    """What the work sets for itself (who reads, what is held back) does not outlive it."""
    return copy_context().run(work)


def _make(app: Flask, job: Claimed) -> bool:
    try:
        with app.app_context():
            path = folder() / job.file
            try:
                made = _written(app, job, path)
                services.finish(job, made, clock.now())
            except BaseException:
                files.remove(path)
                raise
    except ClaimLost:
        return False
    except Exception as error:
        trouble = _trouble(error)
        log().error("export", kind=trouble.value, exc_type=type(error).__name__)
        with app.app_context():
            try:
                services.fail(job, trouble, clock.now())
            except ClaimLost:
                return False
        return False
    return True


def _written(app: Flask, job: Claimed, path: Path) -> Made:
    reader = reader_of_user(job.owner_id, clock.today())
    register = register_of(job.asked)
    if reader is None or register is None or not may_export(reader, register):
        raise NoRights
    rights = rights_of(reader, job.began)
    total = count_rows(job.asked, reader)
    services.beat(job, 0, clock.now(), total)
    with watched(lambda rows: services.beat(job, rows, clock.now())), _opened(app, job.asked, reader) as opened:
        written = files.write(path, opened.answer.iter_encoded(), job.id)
        opened.answer.close()
        _, given = parse_options_header(opened.answer.headers["Content-Disposition"])
        (held,) = opened.held
        return Made(given["filename"], written, held, rights)


def _trouble(error: Exception) -> Trouble:
    if isinstance(error, NoRights | HTTPException):
        return Trouble.RIGHTS
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return Trouble.SPACE
    return Trouble.ROWS if isinstance(error, ValueError) and "more than" in str(error) else Trouble.ERROR


class _Opened(NamedTuple):
    answer: Response
    held: list[HeldBack]


@contextmanager
def _opened(app: Flask, asked: Asked, reader: Reader) -> Iterator[_Opened]:
    """The answer of the direct address to this reader, in an application context of its own that only reads."""
    with app.app_context(), app.test_request_context(_path(asked), query_string=asked.query), held_back() as held:
        set_reading(True)
        g._login_user = reader  # where Flask-Login looks for who is signed in
        view: Callable[..., Any] = app.view_functions[str(request.endpoint)]
        yield _Opened(app.make_response(view(**(request.view_args or {}))), held)


def _path(asked: Asked) -> str:
    return f"{asked.address}.{asked.format}"
