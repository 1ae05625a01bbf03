"""The main job in a browser: sign in, read the quarter's figures, follow one to its rows, sign out."""

import re

import pytest

from tests.browser.conftest import OFFICER
from tests.support.checks import parse, text_of

QUARTER = "/rapporter/kvartal/2021/4?avstamning=2022-01-31&foregaende=2021-10-31"
FIGURES = ("10", "2", "16", "5")


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def browser_context_args(browser_context_args, request):
    return browser_context_args | {"java_script_enabled": request.param}


def test_a_case_officer_reads_the_quarter_and_follows_a_figure(site, page, faults):
    site.sign_in(page, OFFICER)
    assert page.url == site.url("/")
    page.goto(site.url(QUARTER))
    links = {link.inner_text().split()[0]: link for link in page.locator("main a").all() if link.inner_text().strip()}
    assert set(FIGURES) <= set(links)
    links["16"].click()
    page.wait_for_load_state()
    assert _references(page) == 16
    page.locator("form[action='/logga-ut'] button").first.click()
    page.wait_for_load_state()
    assert page.url.startswith(site.url("/logga-in"))
    page.goto(site.url(QUARTER))
    assert page.url.startswith(site.url("/logga-in?next="))
    assert faults == []


def _references(page):
    """How many decisions stand where the address points: in a part of the page, or in all of it."""
    main = next(parse(page.content()).iter("main"))
    part = page.url.partition("#")[2]
    within = next(element for element in main.iter() if element.get("id") == part) if part else main
    return len(set(re.findall(r"B-\d\d", text_of(within))))
