"""The pages of actions, as they are and as they refuse, seen by axe."""

from tests.browser.axe_pages import ACTION_PAGES
from tests.browser.conftest import OFFICER
from tests.browser.test_axe import _check, _send, page

__all__ = ["page"]


def test_pages_of_an_action(site, page, check_accessible, faults):
    site.sign_in(page, OFFICER)
    page.goto(site.url("/risker?ar=2021"))
    page.locator("main table.table-list a[href^='/risker/']").last.click()
    page.get_by_role("link", name="Ny åtgärd").click()
    new = page.url
    check_accessible("a new action")
    page.locator("[name=beskrivning]").fill("Ny rutin")
    _send(page)
    _check(site, page, check_accessible, faults, ACTION_PAGES, page.url.rsplit("/", 1)[-1])
    page.goto(new)
    _send(page)
    assert page.get_by_role("alert").first.is_visible()
    check_accessible("an action refused")
