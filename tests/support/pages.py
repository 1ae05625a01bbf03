"""A browser without pictures: follows links and forms, and checks every page and every answer it is given."""

from contextvars import Context
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from flask import Flask, has_app_context
from werkzeug.test import TestResponse

from tests.support.checks import check_headers, check_page, text_of
from tests.support.guard import guarded
from tracker.database import db

REDIRECTS = {301, 302, 303, 307, 308}
MOST_REDIRECTS = 5


@dataclass(frozen=True)
class PageTable:
    """A table of a page: the texts of its head and of its rows."""

    head: list[str]
    rows: list[list[str]]

    def dicts(self) -> list[dict[str, str]]:
        """The rows by the head's texts."""
        return [dict(zip(self.head, row, strict=False)) for row in self.rows]

    def column(self, name: str) -> list[str]:
        """The texts of one column."""
        return [row[self.head.index(name)] for row in self.rows]


class Page:
    """One answer, with its tree when it is HTML."""

    def __init__(self, response: TestResponse, path: str, *, signed_in: bool) -> None:
        self.response, self.path, self.status, self.data = response, path, response.status_code, response.data
        check_headers(response, signed_in=signed_in and "/static/" not in path)
        self.is_html = response.mimetype == "text/html" and self.status not in REDIRECTS
        self.tree = check_page(response.text) if self.is_html else Element("html")

    @property
    def text(self) -> str:
        """All that the page says, from header to footer."""
        return text_of(self.tree) if self.is_html else self.response.text

    @property
    def heading(self) -> str:
        """The text of the h1."""
        return text_of(next(self.tree.iter("h1")))

    @property
    def links(self) -> dict[str, str]:
        """Text → address of the page's links; the first stands when two have one text."""
        found: dict[str, str] = {}
        for link in self.tree.iter("a"):
            found.setdefault(link.get("aria-label") or text_of(link), link.get("href") or "")
        return found

    def table(self, caption: str = "") -> PageTable:
        """The first table whose caption begins so."""
        for table in self.tree.iter("table"):
            title = table.find("caption")
            if (text_of(title) if title is not None else table.get("aria-label") or "").startswith(caption):
                rows = [[text_of(cell) for cell in row if cell.tag in {"th", "td"}] for row in table.iter("tr")]
                return PageTable(rows[0], rows[1:])
        raise AssertionError(f"no table {caption!r} on {self.path}: {self.text}")

    def form(self, having: str = "") -> Element:
        """The first form that has a field or a button of this name or text; without one, the first that has a token."""
        for form in self.tree.iter("form"):
            names = {element.get("name") for element in form.iter()} | {text_of(b) for b in form.iter("button")}
            if (having or "csrf_token") in names:
                return form
        raise AssertionError(f"no form with {having or 'a token'!r} on {self.path}: {self.text}")


class PageClient:
    """One visitor. Each request runs in a context of its own, as on a server, whatever context the test stands in."""

    def __init__(self, app: Flask, base_url: str = "http://localhost") -> None:
        self.app, self.base_url = app, base_url
        self.http = app.test_client()
        self.signed_in = False
        self.page: Page | None = None

    def get(self, path: str, *, status: int | None = 200, follow: bool = True, **arguments: object) -> Page:
        """Opens an address; `status` None: whatever it answers with."""
        return self._open("GET", path, status, follow, **arguments)

    def post(self, path: str, data: dict[str, object] | None = None, *, status: int = 200, follow: bool = True) -> Page:
        """Sends fields to an address with the token of the page that is open, as its form would."""
        fields = dict(data or {})
        if "csrf_token" not in fields:
            fields["csrf_token"] = self.token()
        return self._open("POST", path, status, follow, data=fields)

    def token(self) -> str:
        """The token of the first form on the page that is open."""
        return _values(self._current().form())["csrf_token"]

    def submit(self, fields: dict[str, object], *, form: str = "", status: int = 200) -> Page:
        """Fills in a form of the page that is open (found by a field or a button) and sends it."""
        page = self._current()
        found = page.form(form or next(iter(fields), ""))
        names = {element.get("name") for element in found.iter() if element.get("name")}
        assert set(fields) <= names, f"the form has no {set(fields) - names}"
        values = _values(found) | fields
        path = found.get("action") or page.path
        if (found.get("method") or "get").lower() == "get":
            return self._open("GET", path.partition("?")[0], status, True, query_string=values)
        return self._open("POST", path, status, True, data=values)

    def click(self, text: str, *, status: int = 200) -> Page:
        """Follows the link with this text."""
        links = self._current().links
        assert text in links, f"no link {text!r} among {sorted(links)}"
        return self.get(links[text], status=status)

    def sign_in(self, email: str, password: str, *, status: int = 200) -> Page:
        """Signs in through the page."""
        if self.page is None or not self.page.is_html or not self.page.path.startswith("/logga-in"):
            self.get("/logga-in")
        page = self.submit({"email": email, "password": password}, status=status)
        self.signed_in = not page.path.startswith("/logga-in")
        return page

    def sign_out(self) -> Page:
        """Signs out, as the page's button does."""
        page = self.post("/logga-ut")
        self.signed_in = False
        return page

    def _current(self) -> Page:
        assert self.page is not None, "no page has been opened"
        return self.page

    def _open(self, method: str, path: str, status: int | None, follow: bool, **arguments: object) -> Page:
        page = self._request(method, path, **arguments)
        for _ in range(MOST_REDIRECTS):
            if not follow or page.status not in REDIRECTS:
                break
            target = page.response.location.removeprefix(self.base_url)
            assert target.startswith("/"), f"{page.path} leads away, to {target}"
            assert not target.startswith("//"), f"{page.path} leads away, to {target}"
            page = self._request("GET", target)
        assert status in {None, page.status}, f"{page.path} answered {page.status}, not {status}: {page.text[:2000]}"
        return page

    def _guarded(self, path: str, **arguments: object) -> TestResponse:
        with guarded():
            return self.http.open(path, **arguments)

    def _request(self, method: str, path: str, **arguments: object) -> Page:
        if has_app_context():
            db.session.commit()  # what the test has prepared, and so that it reads anew afterwards
        response = Context().run(self._guarded, path, method=method, base_url=self.base_url, buffered=True, **arguments)
        self.page = Page(response, response.request.full_path.rstrip("?"), signed_in=self.signed_in)
        return self.page


def _values(form: Element) -> dict[str, object]:
    """What a form sends when nothing is changed."""
    values: dict[str, object] = {}
    for element in form.iter():
        name = element.get("name")
        if not name or element.get("disabled") is not None:
            continue
        kind = element.get("type", "text")
        if element.tag == "textarea":
            values[name] = "".join(element.itertext())
        elif element.tag == "select":
            options = list(element.iter("option"))
            chosen = next((o for o in options if o.get("selected") is not None), options[0] if options else None)
            values[name] = (chosen.get("value") or "") if chosen is not None else ""
        elif element.tag == "input" and (
            kind not in {"submit", "button", "checkbox", "radio", "file"} or element.get("checked") is not None
        ):
            values[name] = element.get("value") or ""
    return values
