"""Whose is what was typed, and how is it offered again? Only ever to the user who had the form's page open."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl, urlencode

from flask import Flask, Response, current_app, g, request, session
from flask_login import current_user
from itsdangerous import BadData, URLSafeTimedSerializer

from tracker import clock
from tracker.accounts import drafts
from tracker.web.access import READING
from tracker.web.pagination import LARGEST_ID
from tracker.web.typed import (
    AUTOSAVED,
    PAGE_PATH,
    PAGE_QUERY,
    PARAMETER,
    Typed,
    address_of,
    keeps,
    restore,
    typed_fields,
)

TOKEN, LEFT, OFFERED = "_user_id", "left", "typed"  # in the browser's session; the first is Flask-Login's name
FORM_TOKEN = "csrf_token"  # noqa: S105 - the name of a field
FIRST_ERROR_STATUS = 400
AUTOSAVING = "accounts.autosave"
CONFIRMING = "accounts.confirm"  # its page tells by itself what becomes of what was typed


@dataclass(frozen=True, slots=True)
class Notice:
    """What a page says of drafts: those to offer (when, until when, address, number), and how its own form stands."""

    waiting: list[tuple[str, str, str, int]]
    shown: str | None = None
    gone: bool = False


def mark_forms(session_id: int) -> None:
    """The forms of this browser session carry its sign-in's number, signed, so that a stale one still tells whose."""
    session[FORM_TOKEN] = f"{secrets.token_hex(20)}.{session_id}"


def keep_typed(typed: Typed) -> int | None:
    """Seals what this request has sent, for whom it belongs to; the draft's number, or None."""
    now = clock.now()
    user_id = _sender()
    if user_id is None:
        return None
    number = drafts.keep(user_id, typed.path, typed.query, typed.fields, now)
    earlier = _asked_for()
    if number is not None:
        for one in {earlier, _autosaved()} - {None, number}:
            drafts.remove(user_id, one or 0)
    if number is not None and current_user.is_authenticated:
        session[OFFERED] = True
    return number


def autosave() -> int | None:
    """Seals what a page sends while it is being typed, for whom the page belongs to, also when the sign-in has ended
    meanwhile; the draft's number, or None when nothing was kept.
    """
    path, query = request.form.get(PAGE_PATH, ""), request.form.get(PAGE_QUERY, "").removeprefix("?")
    if not keeps(path) or request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return None
    user_id = _sender()
    if user_id is None:
        return None
    pairs = [pair for pair in parse_qsl(query, keep_blank_values=True) if pair[0] != PARAMETER]
    number = drafts.autosave(user_id, path, urlencode(pairs), typed_fields(), _autosaved(), clock.now())
    if number is not None and current_user.is_authenticated:
        session[OFFERED] = True
    return number


def offer(user_id: int) -> None:
    """Remembers in the browser's session whether there is anything to offer, so that other pages need not ask."""
    if drafts.has_kept(user_id, clock.now()):
        session[OFFERED] = True


def init_keeping(app: Flask) -> None:
    """Opens the draft that an address names, removes it when its form has been taken in, and tells of the others."""

    def open_draft() -> None:
        number = _asked_for()
        if number is None or request.method not in READING or not current_user.is_authenticated:
            return
        kept = drafts.find(current_user.user_id, number, request.path, clock.now())
        g.draft = kept
        if kept is not None:
            restore(kept.fields)

    def done(response: Response) -> Response:
        taken_in = request.method not in READING and response.status_code < FIRST_ERROR_STATUS
        if not taken_in or "typed_undone" in g or request.endpoint == AUTOSAVING:
            return response
        for number in {_asked_for(), _autosaved()} - {None}:
            if current_user.is_authenticated:
                drafts.remove(current_user.user_id, number or 0)
        return response

    app.before_request(open_draft)
    app.after_request(done)  # before the transaction's own, which commits
    app.jinja_env.globals["typed_notice"] = typed_notice


def typed_notice() -> Notice | None:
    """What the page that is being written says of drafts; None when there is nothing to say."""
    kept: drafts.Kept | None = g.get("draft")
    if request.endpoint == CONFIRMING or not (OFFERED in session or "draft" in g) or not current_user.is_authenticated:
        return None
    listed = drafts.list_kept(current_user.user_id, clock.now())
    if not listed:
        session.pop(OFFERED, None)
    waiting = [
        (
            _time(one.created_at),
            _time(one.kept_until),
            address_of(one.path, one.query, one.id),
            one.id,
        )
        for one in listed
        if kept is None or one.id != kept.id
    ]
    return Notice(
        waiting, _time(kept.created_at) if kept and g.get("typed_shown") else None, gone="draft" in g and kept is None
    )


def _time(moment: datetime) -> str:
    """A moment of today, yesterday or tomorrow in words: `kl. 13.05`, `i går kl. 13.05`."""
    day = {-1: "i går ", 1: "i morgon "}.get((clock.day_of(moment) - clock.today()).days, "")
    return f"{day}kl. {moment.astimezone(clock.STOCKHOLM):%H.%M}"


def _autosaved() -> int | None:
    """The number under which the page has saved what is typed."""
    number = request.form.get(AUTOSAVED, type=int)
    return number if number is not None and 0 < number <= LARGEST_ID else None


def _asked_for() -> int | None:
    """The number of the draft in the address."""
    number = request.args.get(PARAMETER, type=int)
    return number if number is not None and 0 < number <= LARGEST_ID else None


def _sender() -> int | None:
    """Who had the page open that this form stands on, when the browser is, or was last, the same person's."""
    now = clock.now()
    try:
        raw = _form_serializer().loads(request.form.get(FORM_TOKEN, ""))
        session_id = int(str(raw).rpartition(".")[2])
    except (BadData, ValueError):
        return None
    if not 0 < session_id <= LARGEST_ID:
        return None
    page_of = drafts.whose(now, session_id=session_id)
    if current_user.is_authenticated:
        return page_of if page_of == current_user.user_id else None
    token = session.get(TOKEN) or session.get(LEFT) or _stale_cookie().get(TOKEN)
    return page_of if page_of is not None and token and drafts.whose(now, token=str(token)) == page_of else None


def _form_serializer() -> URLSafeTimedSerializer:
    """What Flask-WTF signs its tokens with; here their age does not matter."""
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="wtf-csrf-token")


def _stale_cookie() -> dict[str, object]:
    """The browser's session although it has not been used for an hour; its signature must still be ours."""
    serializer = current_app.session_interface.get_signing_serializer(current_app)  # type: ignore[attr-defined]
    try:
        found = serializer.loads(request.cookies.get(current_app.config["SESSION_COOKIE_NAME"], ""))
    except BadData:
        return {}
    return found if isinstance(found, dict) else {}
