"""The page of lex Maria, of an avvikelse in hälso- och sjukvård that is reported first, seen by axe."""

from tests.browser.conftest import OFFICER
from tests.browser.test_axe import _first, _send, page

__all__ = ["page"]


def test_lex_maria(site, page, check_accessible, faults):
    site.sign_in(page, OFFICER)
    page.goto(site.url("/rapportera"))
    page.locator("[name=what]").fill("Fel dos gavs")
    page.locator("[name=happened_on]").fill("2022-01-03")
    page.locator("[name=at_once]").fill("Läkaren ringdes")
    page.locator("[name=enhet]").select_option(index=1)
    page.locator("[name=law_area]").select_option("HSL")
    _send(page)
    page.goto(site.url("/avvikelser?omrade=HSL"))
    check_accessible("those of HSL")
    number = _first(site, page, "/avvikelser")
    page.goto(site.url(f"/avvikelser/{number}/lex-maria"))
    check_accessible("lex Maria")
    page.locator("[name=dag]").fill("2099-01-01")
    _send(page)
    assert page.locator("[aria-invalid=true]").count() > 0
    check_accessible("lex Maria refused")
    faults.clear()  # the browser tells of the answer's 422
