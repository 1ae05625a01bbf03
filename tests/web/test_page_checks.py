"""The checks that every page goes through find what they are for."""

import pytest

from tests.support.checks import check_headers, check_page

PAGE = (
    '<!doctype html><html lang="sv"><head><meta charset="utf-8"><title>Beslut · Egenkoll</title></head>'
    "<body><h1>Beslut</h1>{}</body></html>"
)


def test_a_page_with_nothing_wrong_passes():
    good = (
        '<h2>Sök</h2><form><label for="q">Ord</label><p id="h">Ett ord</p><input id="q" name="q" aria-describedby="h">'
        '<button>Sök</button></form><table><caption>Beslut</caption><tr><th scope="col">Ref</th></tr></table>'
        '<svg role="img"><title>Staplar</title><rect></rect></svg><svg aria-hidden="true"></svg>'
        '<a href="#q">Till fältet</a><img src="/x" alt=""><script src="/x.js"></script>'
    )
    assert check_page(PAGE.format(good)).get("lang") == "sv"


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("<p><div></div></p>", "not valid HTML"),
        ("<a>oavslutad", "not valid HTML"),
        ("<h1>En till</h1>", "has 2 h1"),
        ("<h3>Hopp</h3>", "jumps"),
        ('<p id="a"></p><p id="a"></p>', "stands 2 times"),
        ('<p aria-describedby="ingen"></p>', "points at nothing"),
        ('<a href="#ingen">Dit</a>', "points at nothing"),
        ('<input name="q">', "has no label"),
        ("<textarea></textarea>", "has no label"),
        ("<button></button>", "has no text"),
        ("<table><tr><th>Ref</th></tr></table>", "has no caption"),
        ("<table><caption>B</caption><tr><td>1</td></tr></table>", "has no th"),
        ('<img src="/x">', "has no alt"),
        ("<svg></svg>", "an svg"),
        ('<svg role="img"></svg>', "an svg"),
        ('<a href="/x"></a>', "has no text"),
        ('<p style="color:red">Röd</p>', "inline style"),
        ('<svg aria-hidden="true"><rect style="fill:red"></rect></svg>', "inline style"),
        ('<svg aria-hidden="true"><style></style></svg>', "inline style"),
        ('<p onclick="x()">Klicka</p>', "inline onclick"),
        ("<script>x()</script>", "inline script"),
        ('<a href="javascript:x()">Klicka</a>', "is a script"),
    ],
)
def test_a_page_with_something_wrong_is_told(what, told):
    with pytest.raises(AssertionError, match=told):
        check_page(PAGE.format(what))


@pytest.mark.parametrize(
    ("given", "instead", "told"),
    [('lang="sv"', 'lang="en"', "Swedish"), ("<title>Beslut", "<title>Start", "does not begin")],
)
def test_language_and_title_are_looked_at(given, instead, told):
    with pytest.raises(AssertionError, match=told):
        check_page(PAGE.format("").replace(given, instead))


def test_an_answer_without_the_headers_is_told(app):
    with pytest.raises(AssertionError, match="Referrer-Policy"):
        check_headers(app.response_class("naken"))
