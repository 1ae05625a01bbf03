"""How large may what is sent be, and where does a file lie meanwhile? In memory alone, never on disk in plain text."""

import io
from collections.abc import Callable
from typing import IO, Any, TypeVar

from flask import Flask, Request, current_app, request
from flask_login import current_user

from tracker.database import db
from tracker.web.access import READING, decision_of

View = TypeVar("View", bound=Callable[..., Any])
ATTRIBUTE = "largest_upload"
TEXT_ATTRIBUTE = "largest_text"
AROUND_BYTES = 100_000  # what a form has around its file


class MemoryRequest(Request):
    """A request whose files are held in memory, whatever their size: the limit bounds them."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return io.BytesIO()


def takes_file(largest: int, text: int = 0) -> Callable[[View], View]:
    """The view takes a file of so many bytes from those who may open it; for everybody else the usual limit holds.

    `text`: as many bytes may be typed or pasted into a field (0: as everywhere).
    """

    def mark(view: View) -> View:
        setattr(view, ATTRIBUTE, largest)
        setattr(view, TEXT_ATTRIBUTE, text)
        return view

    return mark


def init_uploads(app: Flask) -> None:
    """Raises the limit where a view takes files, once it is known who sends: before anything of the body is read.

    Nothing is locked while the body comes in.
    """

    def admit() -> None:
        view = current_app.view_functions.get(request.endpoint or "")
        largest, text = getattr(view, ATTRIBUTE, 0), getattr(view, TEXT_ATTRIBUTE, 0)
        if not largest or request.method in READING:
            return
        decision = decision_of(current_app, request.endpoint or "")
        if decision and current_user.is_authenticated and any(map(current_user.allows, decision.permissions)):
            request.max_content_length = largest + AROUND_BYTES
            if text:
                request.max_form_memory_size = text + AROUND_BYTES
        db.session.rollback()

    app.request_class = MemoryRequest
    app.before_request(admit)
