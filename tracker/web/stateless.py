"""A form without a cookie: its token is signed and dated, and says nothing of who has it.

For pages that anybody may send something from and that know no sign-in: there is nothing of the visitor's that another
site could act with. The token tells when the page was opened, and carries a random number of its own.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import current_app, request
from flask_wtf.csrf import CSRFError
from itsdangerous import BadData, URLSafeSerializer

FIELD = "csrf_token"
OPEN_FOR = timedelta(hours=24)
SALT = "form-without-cookie"


@dataclass(frozen=True, slots=True)
class FormToken:
    """What a token says: its random number, and when its page was opened."""

    number: str
    opened_at: datetime

    def too_old(self, now: datetime) -> bool:
        """Whether the page has been open for more than a day."""
        return now - self.opened_at > OPEN_FOR


def new_token(now: datetime) -> str:
    """A token for a page that is being opened."""
    return str(_serializer().dumps([secrets.token_hex(16), int(now.timestamp())]))


def sent_token() -> FormToken:
    """The token that this request sends. Raises CSRFError, whose page says what to do, when it is not ours or when
    another site's page has sent it.
    """
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        raise CSRFError("The form stands on another site.")
    try:
        number, opened = _serializer().loads(request.form.get(FIELD, ""))
        return FormToken(str(number), datetime.fromtimestamp(int(opened), UTC))
    except (BadData, TypeError, ValueError):
        raise CSRFError("The token is missing or not ours.") from None


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt=SALT)
