"""Who may enter? Every view carries its access decision; one that carries none answers 403 to everybody."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker import clock
from tracker.logs import log
from tracker.rules.permissions import Permission
from tracker.web import typed

View = TypeVar("View", bound=Callable[..., Any])
ATTRIBUTE = "access_decision"
READING = frozenset({"GET", "HEAD", "OPTIONS"})
STATIC_ENDPOINTS = frozenset({"static", "bootstrap.static"})


@dataclass(frozen=True, slots=True)
class AccessDecision:
    """Open to all, to whoever has signed in, or to those whose roles give one of the permissions.

    `confirmed`: only to those who have given their password within 15 minutes; "POST": what is sent.
    """

    public: bool = False
    permissions: frozenset[Permission] = frozenset()
    confirmed: bool | Literal["POST"] = False

    def asks_again(self, method: str) -> bool:
        """Whether a request of this method needs the password to have been given lately."""
        return self.confirmed is True or (self.confirmed == "POST" and method not in READING)


def public(view: View) -> View:
    """The view is open to everybody, signed in or not."""
    setattr(view, ATTRIBUTE, AccessDecision(public=True))
    return view


def signed_in(view: View) -> View:
    """The view is open to everybody who has signed in."""
    setattr(view, ATTRIBUTE, AccessDecision())
    return view


def requires(*permissions: Permission, confirmed: bool | Literal["POST"] = False) -> Callable[[View], View]:
    """The view is open to those who hold at least one of the permissions; see AccessDecision for `confirmed`.

    A view that may ask for the password keeps what was typed in its form.
    """

    def decide(view: View) -> View:
        setattr(view, ATTRIBUTE, AccessDecision(permissions=frozenset(permissions), confirmed=confirmed))
        return typed.keeps_typed_of_own_page(view) if confirmed else view

    return decide


def decision_of(app: Flask, endpoint: str) -> AccessDecision | None:
    """The access decision of an endpoint, None when its view carries none."""
    if endpoint in STATIC_ENDPOINTS:
        return AccessDecision(public=True)
    return getattr(app.view_functions[endpoint], ATTRIBUTE, None)


def reader_now() -> Any:  # noqa: ANN401 - web knows nothing of who they are
    """Who has signed in, themselves: for a page that looks at them many times, which through the proxy costs each."""
    return current_user._get_current_object()


def enforce() -> ResponseReturnValue | None:
    """Runs before every request: lets it pass, sends it to sign-in, or refuses it with 403."""
    if request.endpoint is None:
        return None  # no such address: the 404 page follows
    decision = decision_of(current_app, request.endpoint)
    if decision is None:
        log().error("access_undecided", endpoint=request.endpoint)
        abort(403)
    if decision.public and request.method in READING:
        return None
    known = current_user.is_authenticated  # asked for whoever sends something: the trail tells in whose name
    if decision.public:
        return None
    if not known:
        return _to_sign_in()
    if decision.permissions and not any(current_user.allows(permission) for permission in decision.permissions):
        log().warning("access_refused", endpoint=request.endpoint, user_id=current_user.user_id)
        abort(403)
    if decision.asks_again(request.method) and not current_user.recently_confirmed(clock.now()):
        return _to_confirm()
    return None


def _to_sign_in() -> ResponseReturnValue:
    if request.method in {"GET", "HEAD"}:
        return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")), 303)
    back = typed.keep()
    if back is None:
        flash("Inget är sparat: du var inte inloggad. Logga in och gör om det.", "warning")
    return redirect(url_for("accounts.sign_in", next=back), 303)


def _to_confirm() -> ResponseReturnValue:
    if request.method in READING:
        return redirect(url_for("accounts.confirm", next=request.full_path.rstrip("?")), 303)
    back = typed.keep()
    return redirect(url_for("accounts.confirm", next=back or typed.form_page(), skickat=1), 303)


def local_target(target: str | None) -> str | None:
    """`target` when it is an address within this program, otherwise None."""
    if not target or not target.startswith("/") or target.startswith("//"):
        return None
    if "\\" in target or any(ord(character) < 32 or ord(character) == 127 for character in target):
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc else target
