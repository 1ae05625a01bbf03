"""The page of the search, and the box in the head of every page."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.search.pages import hit_lines
from tracker.search.queries import LARGEST_KEY, search
from tracker.search.scopes import findable, may_search
from tracker.search.words import LONGEST_SEARCH, MOST_WORDS, asked
from tracker.web.access import reader_now, signed_in
from tracker.web.pagination import PAGE_ROWS

blueprint = Blueprint("search", __name__)


@blueprint.get("/sok")
@signed_in
def find() -> ResponseReturnValue:
    """What the reader may see that holds all the words, the newest first, 25 a page."""
    wanted, after = asked(request.args.get("q", "")), _key(request.args.get("efter", ""))
    found = search(wanted, findable(reader_now()), after)
    if not found.rows and after is not None:
        return redirect(url_for("search.find", q=wanted.said), 303)  # past the end: back to the top
    return render_template(
        "search/search.html", asked=wanted, found=found, lines=hit_lines(found.rows, wanted),
        further=f"{found.after:x}" if found.after is not None else None, first=after is None,
        longest=LONGEST_SEARCH, most_words=MOST_WORDS, page_rows=PAGE_ROWS,
    )  # fmt: skip


def may_search_now() -> bool:
    """Whether whoever is signed in has anything to search in."""
    return may_search(reader_now())


def _key(given: str) -> int | None:
    """The place in the list that an address tells; None for what is none (the list begins at the top)."""
    try:
        key = int(given, 16) if given.isalnum() and len(given) <= 16 else 0
    except ValueError:
        return None
    return key if 0 < key < LARGEST_KEY else None
