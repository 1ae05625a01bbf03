"""What becomes of what was typed when it cannot be taken in? It is kept, if the view says so, and offered again.

That happens when the sign-in has ended, the form is too old, or the password is asked for again. Keeping itself is the
accounts' work, handed in at start; here stands what is kept, of which views, and how a form gets it back.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from flask import Flask, current_app, g, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

View = TypeVar("View", bound=Callable[..., Any])
ATTRIBUTE, OWN_PAGE, ANY_PAGE = "keeps_typed", "own page", "any page"
PARAMETER = "skrivet"
AUTOSAVED = "autosaved"  # the field that the page's own script adds: under which number it has saved what is typed
EXTENSION = "typed"
PAGE_PATH, PAGE_QUERY = "page_path", "page_query"  # where the form stands that a page saves as it is typed
NEVER_KEPT = frozenset({"csrf_token", "password", "again", "present", "code"})  # passwords and codes, by their fields


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form sent: the path and query of its page, and its fields, each with every value."""

    path: str
    query: str
    fields: tuple[tuple[str, str], ...]


Keeper = Callable[[Typed], int | None]


def keeps_typed(view: View) -> View:
    """What is sent to the view is kept for its sender when it cannot be taken in; never passwords, codes or files."""
    setattr(view, ATTRIBUTE, ANY_PAGE)
    return view


def keeps_typed_of_own_page(view: View) -> View:
    """As `keeps_typed`, where the form stands at the address it is sent to: a button's view has nothing to keep."""
    setattr(view, ATTRIBUTE, getattr(view, ATTRIBUTE, OWN_PAGE))
    return view


def init_typed(app: Flask, keeper: Keeper) -> None:
    """`keeper` seals what was typed for whom it belongs to, and gives its number (None: nothing was kept)."""
    app.extensions[EXTENSION] = keeper


def keep() -> str | None:
    """Keeps what this request has sent; the address of its form, filled in again, or None when nothing was kept."""
    g.typed_undone = True
    path = form_page()
    own = path == request.path
    mark = getattr(current_app.view_functions.get(request.endpoint or ""), ATTRIBUTE, False)
    if not mark or (mark == OWN_PAGE and not own):
        return None
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return None  # another site's page, whatever cookie it came with
    fields = typed_fields()
    if not any(value.strip() for _, value in fields):
        return None
    query = urlencode([pair for pair in request.args.items(multi=True) if pair[0] != PARAMETER]) if own else ""
    keeper: Keeper = current_app.extensions[EXTENSION]
    number = keeper(Typed(path, query, fields))
    return None if number is None else address_of(path, query, number)


def typed_fields() -> tuple[tuple[str, str], ...]:
    """What this request's form holds, but for passwords, codes, and what stands there for the program alone."""
    hidden = NEVER_KEPT | {AUTOSAVED, PAGE_PATH, PAGE_QUERY}
    return tuple((name, value) for name, value in request.form.items(multi=True) if name not in hidden)


def keeps(path: str) -> bool:
    """Whether what is typed at this address may be kept: its view says so, for the form that stands there."""
    adapter = current_app.create_url_adapter(request)
    if adapter is None:
        return False
    try:
        endpoint, _ = adapter.match(path, method="POST")
    except HTTPException:
        return False
    return bool(getattr(current_app.view_functions.get(endpoint), ATTRIBUTE, False))


def address_of(path: str, query: str, number: int) -> str:
    """Where a form is opened with what was typed in it."""
    return f"{quote(path)}?{query}{'&' if query else ''}{PARAMETER}={number}"


def form_page() -> str:
    """The path of the page whose form this request sends: its own, or the nearest above it that can be opened."""
    adapter = current_app.create_url_adapter(request)
    path = request.path
    while adapter is not None and path != "/":
        try:
            adapter.match(path, method="GET")
        except HTTPException:
            path = path.rpartition("/")[0] or "/"
        else:
            return path
    return "/"


def restore(fields: tuple[tuple[str, str], ...]) -> None:
    """The form of this request's page begins with these."""
    g.typed = MultiDict(fields)


def typed_for(names: Collection[str]) -> MultiDict[str, str] | None:
    """What was typed in the form that has these fields; None when nothing was, or in another form of the page."""
    found: MultiDict[str, str] | None = g.get("typed")
    if found is None or not set(names) & set(found):
        return None
    g.typed_shown = True
    return found
