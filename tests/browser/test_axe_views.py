"""The pages of saved views, and a register with its views over the list, seen by axe."""

from tests.browser.conftest import OFFICER
from tests.browser.test_axe import _send, page

__all__ = ["page"]


def test_saved_views(site, page, check_accessible, faults):
    site.sign_in(page, OFFICER)
    page.goto(site.url("/beslut?status=ej-verkstallda&insats=x"))
    check_accessible("a register with a filter that means nothing")
    page.get_by_role("link", name="Spara som vy").click()
    _send(page)
    assert page.locator("[aria-invalid=true]").count() > 0
    check_accessible("a view without a name")
    faults.clear()  # the browser tells of the answer's 422
    page.locator("[name=name]").fill("Det som väntar")
    _send(page)
    assert page.get_by_role("link", name="Det som väntar").get_attribute("aria-current") == "page"
    check_accessible("a register with the present view")
    page.get_by_role("link", name="Ändra vyer").click()
    check_accessible("saved views")
    page.get_by_role("link", name="Ändra Det som väntar").click()
    check_accessible("a view to change")
    page.goto(site.url("/vyer"))
    page.get_by_role("button", name="Ta bort Det som väntar").click()
    assert "Vyn Det som väntar är borttagen." in page.locator("main").inner_text()
