"""The pages of information to staff, as they are and as they refuse, seen by axe."""

from tests.browser.axe_pages import DUTY_PAGES
from tests.browser.conftest import OFFICER
from tests.browser.test_axe import _check, _send, page

__all__ = ["page"]


def test_pages_of_information_to_staff(site, page, check_accessible, faults):
    site.sign_in(page, OFFICER)
    _check(site, page, check_accessible, faults, DUTY_PAGES)
    page.goto(site.url("/lex-sarah/information/1"))
    person = page.locator("main table a[href*='/u']").first.get_attribute("href")
    _send(page)
    assert page.get_by_role("alert").first.is_visible()
    check_accessible("nobody ticked")
    faults.clear()  # the browser tells of the answer's 422
    page.goto(site.url("/lex-sarah/information/1"))
    page.locator("[name=person]").first.check()
    _send(page)
    page.goto(site.url(person))
    check_accessible("a person")
    page.locator("a[href$='/makulera']").first.click()
    check_accessible("an entry to void")
    _send(page)
    assert page.locator("[aria-invalid=true]").count() > 0
    check_accessible("a voiding refused")
