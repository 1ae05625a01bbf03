"""When is a request's work kept? When it answers 2xx or 3xx; anything else leaves the database as it was."""

from flask import Flask, Response, abort, request

from tracker.database import db, end_reading, is_writing, set_reading, set_writing

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FIRST_ERROR_STATUS = 400


def init_transaction(app: Flask) -> None:
    """Begins writing requests with the write lock and ends every request with a commit or a rollback."""

    def begin() -> None:
        set_writing(request.method not in SAFE_METHODS)
        set_reading(request.method in SAFE_METHODS)
        if any("\x00" in value for value in request.form.values()):
            abort(400)  # no text that a person writes; PostgreSQL cannot hold it

    def end(response: Response) -> Response:
        if request.method not in SAFE_METHODS and response.status_code < FIRST_ERROR_STATUS:
            db.session.commit()
        return response

    def leave(error: BaseException | None) -> None:
        if error is None and not is_writing():
            end_reading()
        set_writing(False)  # what is not committed is rolled back as the session is closed
        set_reading(False)

    app.before_request(begin)
    app.after_request(end)
    app.teardown_request(leave)
