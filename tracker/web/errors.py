"""What does a person read when something cannot be shown? What to do next, in Swedish, on every error page."""

from dataclasses import dataclass

from flask import Flask, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from tracker.database import db
from tracker.logs import log


@dataclass(frozen=True, slots=True)
class ErrorText:
    """The heading of an error page and the sentence that says what to do."""

    heading: str
    advice: str


TEXTS = {
    400: ErrorText("Begäran gick inte att läsa", "Gå tillbaka, ladda om sidan och försök igen."),
    403: ErrorText(
        "Du har inte tillgång till sidan",
        "Behöver du den i ditt arbete, be systemadministratören om rätt roll.",
    ),
    404: ErrorText(
        "Sidan finns inte",
        "Kontrollera adressen. Sidan kan också gälla en enhet som du inte har tillgång till.",
    ),
    405: ErrorText("Så kan sidan inte användas", "Gå till startsidan och börja därifrån."),
    413: ErrorText("Filen är för stor", "Dela upp filen och skicka delarna var för sig."),
    429: ErrorText("För många försök", "Vänta en stund och försök igen."),
    500: ErrorText(
        "Något gick fel hos oss",
        "Inget har sparats. Försök igen om en stund. Händer det igen, kontakta systemadministratören och uppge numret.",
    ),
}
OLD_FORM = ErrorText(
    "Sidan har varit öppen för länge",
    "Gå tillbaka, ladda om sidan och skicka formuläret igen. Kopiera först det du har skrivit.",
)
WRONG_HOST = ErrorText("Fel adress", "Öppna programmet på den adress som du har fått av systemadministratören.")


def init_errors(app: Flask) -> None:
    """Gives every error its page."""
    app.register_error_handler(CSRFError, _old_form)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)


def _page(text: ErrorText, status: int) -> ResponseReturnValue:
    return render_template("errors/error.html", text=text, status=status), status


def _old_form(_error: CSRFError) -> ResponseReturnValue:
    db.session.rollback()
    return _page(OLD_FORM, 400)


def _http_error(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400:  # a redirect raised by routing
        return error.get_response()
    db.session.rollback()
    if error.description == "host":
        return "Fel adress.", 400, {"Content-Type": "text/plain; charset=utf-8"}
    return _page(TEXTS.get(status, TEXTS[400] if status < 500 else TEXTS[500]), status)


def _unexpected(error: Exception) -> ResponseReturnValue:
    db.session.rollback()
    if current_app.testing:
        raise error
    where = error.__traceback__
    while where and where.tb_next:
        where = where.tb_next
    log().error(
        "unexpected",
        exc_type=type(error).__name__,
        where=f"{where.tb_frame.f_code.co_filename.rsplit('/', 2)[-1]}:{where.tb_lineno}" if where else None,
        endpoint=request.endpoint,
    )
    try:
        return _page(TEXTS[500], 500)
    except Exception:
        text = TEXTS[500]
        return f"{text.heading}. {text.advice}", 500, {"Content-Type": "text/plain; charset=utf-8"}
