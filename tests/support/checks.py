"""What must hold for every page? Valid, announced by its title, labelled, without inline script or style."""

import re
from collections import Counter
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import html5lib

SVG = "{http://www.w3.org/2000/svg}"
CONTROLS = ("input", "select", "textarea")
NEED_NO_LABEL = {"hidden", "submit", "button", "reset", "image"}
POINTERS = ("for", "headers", "aria-describedby", "aria-labelledby", "aria-controls", "aria-errormessage")
HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
SOURCES = {"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"}


def parse(html: str) -> Element:
    """The page's tree; an error anywhere in its HTML fails."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)


def text_of(element: Element) -> str:
    """The text within an element, its white space as a browser shows it."""
    return re.sub(r"\s+", " ", "".join(element.itertext())).strip()


def check_headers(response, *, signed_in: bool = False) -> None:
    """The headers that go out with every answer."""
    for name, value in HEADERS.items():
        assert response.headers.get(name) == value, f"{name} is {response.headers.get(name)!r}"
    policy = response.headers.get("Content-Security-Policy", "")
    assert set(policy.split("; ")) >= SOURCES, policy
    assert "unsafe-" not in policy, policy
    assert "Server" not in response.headers
    if signed_in:
        assert response.headers.get("Cache-Control") == "no-store"


def check_page(html: str) -> Element:
    """Everything that must hold for a page of HTML; returns its tree."""
    try:
        tree = parse(html)
    except html5lib.html5parser.ParseError as error:
        raise AssertionError(f"not valid HTML: {error}\n{html}") from error
    complaints = [complaint for check in ALL for complaint in check(tree)]
    assert not complaints, "the page: " + "; ".join(complaints)
    return tree


def _title(tree: Element) -> Iterator[str]:
    if tree.get("lang") != "sv":
        yield "is not marked as Swedish"
    title, headings = tree.find("head/title"), list(tree.iter("h1"))
    if len(headings) != 1:
        yield f"has {len(headings)} h1"
    elif title is None or not text_of(headings[0]) or not text_of(title).startswith(text_of(headings[0])):
        yield f"title {text_of(title) if title is not None else None!r} does not begin with {text_of(headings[0])!r}"


def _headings(tree: Element) -> Iterator[str]:
    before = 0
    for element in tree.iter():
        if re.fullmatch("h[1-6]", str(element.tag)):
            level = int(str(element.tag)[1])
            if level > before + 1:
                yield f"heading {text_of(element)!r} jumps from level {before} to {level}"
            before = level


def _ids(tree: Element) -> Iterator[str]:
    ids = Counter(found for element in tree.iter() if (found := element.get("id")) is not None)
    yield from (f"id {name!r} stands {times} times" for name, times in ids.items() if times > 1)
    for element in tree.iter():
        for pointer in POINTERS:
            yield from (
                f"{pointer}={target!r} points at nothing"
                for target in (element.get(pointer) or "").split()
                if target not in ids
            )
        href = element.get("href") or ""
        if href.startswith("#") and href[1:] not in ids:
            yield f"the link {href!r} points at nothing"


def _labels(tree: Element) -> Iterator[str]:
    labelled = {label.get("for") for label in tree.iter("label") if text_of(label)}
    inside = {control for label in tree.iter("label") if text_of(label) for control in label.iter()}
    for control in (element for tag in CONTROLS for element in tree.iter(tag)):
        if control.get("type", "text") in NEED_NO_LABEL or control.get("id") in labelled or control in inside:
            continue
        if not (control.get("aria-label") or control.get("aria-labelledby")):
            yield f"{control.tag} {control.get('name')!r} has no label"
    for button in tree.iter("button"):
        if not (text_of(button) or button.get("aria-label")):
            yield f"button {button.attrib} has no text"


def _tables(tree: Element) -> Iterator[str]:
    for number, table in enumerate(tree.iter("table"), start=1):
        caption = table.find("caption")
        named = table.get("aria-label") or table.get("aria-labelledby") or (caption is not None and text_of(caption))
        if not named:
            yield f"table {number} has no caption"
        if table.find(".//th") is None:
            yield f"table {number} has no th"


def _pictures(tree: Element) -> Iterator[str]:
    yield from (f"img {image.get('src')!r} has no alt" for image in tree.iter("img") if image.get("alt") is None)
    for picture in tree.iter(f"{SVG}svg"):
        title = picture.find(f"{SVG}title")
        named = picture.get("aria-label") or picture.get("aria-labelledby") or (title is not None and text_of(title))
        if picture.get("aria-hidden") != "true" and not (picture.get("role") == "img" and named):
            yield "an svg is neither hidden nor an img with a title"


def _links(tree: Element) -> Iterator[str]:
    for link in tree.iter("a"):
        pictures = any(image.get("alt") for image in link.iter("img"))
        if not (text_of(link) or link.get("aria-label") or pictures):
            yield f"the link to {link.get('href')!r} has no text"
        if (link.get("href") or "").startswith("javascript:"):
            yield f"the link {text_of(link)!r} is a script"


def _inline(tree: Element) -> Iterator[str]:
    for element in tree.iter():
        tag = str(element.tag)
        if tag.removeprefix(SVG) == "style" or (tag.removeprefix(SVG) == "script" and not element.get("src")):
            yield f"has an inline {tag.removeprefix(SVG)}"
        yield from (
            f"{tag.removeprefix(SVG)} has an inline {name}"
            for name in element.keys()  # noqa: SIM118 - an element is no dict
            if name == "style" or name.startswith("on")
        )


ALL = (_title, _headings, _ids, _labels, _tables, _pictures, _links, _inline)
