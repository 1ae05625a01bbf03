"""What does a person read when something cannot be shown? What to do next, in Swedish, on every error page."""

from dataclasses import dataclass

from flask import Flask, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from tracker.database import db, writer
from tracker.logs import log
from tracker.web import typed


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
OLD_FORM = "Sidan har varit öppen för länge"
KEPT = ErrorText(
    OLD_FORM, "Inget har skickats in, men det du skrev är sparat i en timme. Öppna formuläret igen och skicka det."
)
KEPT_FOR_SIGN_IN = ErrorText(
    OLD_FORM, "Inget har skickats in, men det du skrev är sparat i en timme. Logga in, så är formuläret ifyllt igen."
)
NOT_KEPT = ErrorText(
    OLD_FORM,
    "Inget har skickats in och inget är sparat. Gå tillbaka och kopiera det du har skrivit, "
    "ladda sedan om sidan och skicka formuläret igen.",
)
WRONG_HOST = ErrorText("Fel adress", "Öppna programmet på den adress som du har fått av systemadministratören.")


def init_errors(app: Flask) -> None:
    """Gives every error its page."""
    app.register_error_handler(CSRFError, _old_form)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)


def _page(text: ErrorText, status: int, onwards: str = "/", label: str = "Till startsidan") -> ResponseReturnValue:
    return render_template("errors/error.html", text=text, status=status, onwards=onwards, label=label), status


def _old_form(_error: CSRFError) -> ResponseReturnValue:
    db.session.rollback()
    with writer():
        back = typed.keep()
        db.session.commit()
    if back is None:
        return _page(NOT_KEPT, 400)
    if current_user.is_authenticated:
        return _page(KEPT, 400, back, "Öppna formuläret")
    return _page(KEPT_FOR_SIGN_IN, 400, url_for("accounts.sign_in", next=back), "Logga in")


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
