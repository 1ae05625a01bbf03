"""One log line per request, under an id that the error pages show."""

import time
import uuid
from collections.abc import Callable
from typing import Any, TypeVar

import structlog
from flask import Flask, Response, current_app, g, request
from flask_login import current_user

from tracker.logs import log

View = TypeVar("View", bound=Callable[..., Any])
UNNAMED = "log_names_nobody"


def unnamed(view: View) -> View:
    """The line of such a view names no user, as it would tell who reported something."""
    setattr(view, UNNAMED, True)
    return view


def _user_id() -> int | None:
    """Whose request it is; None for nobody who has signed in, and where the log must not tell."""
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, UNNAMED, False) or "_login_user" not in g:
        return None
    return getattr(current_user, "user_id", None)


def init_request_log(app: Flask) -> None:
    """Gives each request an id, returns it as `X-Request-ID`, and logs endpoint, status and milliseconds.

    The path is not logged: it could hold a reference or a search.
    """

    def begin() -> None:
        g.request_id = uuid.uuid4().hex[:12]
        g.started = time.perf_counter()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)

    def end(response: Response) -> Response:
        response.headers["X-Request-ID"] = g.request_id
        if request.endpoint not in {"static", "bootstrap.static", "health.alive", "health.ready"}:
            log().info(
                "request",
                method=request.method,
                endpoint=request.endpoint,
                status=response.status_code,
                ms=round((time.perf_counter() - g.started) * 1000, 1),
                user_id=_user_id(),
            )
        return response

    def leave(_error: BaseException | None) -> None:
        structlog.contextvars.clear_contextvars()

    app.before_request(begin)
    app.after_request(end)
    app.teardown_request(leave)
