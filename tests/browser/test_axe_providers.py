"""The pages of what private providers tell, as they are and as they refuse, seen by axe."""

from tests.browser.axe_pages import PROVIDER_PAGES
from tests.browser.conftest import OFFICER
from tests.browser.test_axe import _check, _send, page

__all__ = ["page"]


def test_pages_of_private_providers(site, page, check_accessible, faults):
    site.sign_in(page, OFFICER)
    _check(site, page, check_accessible, faults, PROVIDER_PAGES)
    page.locator("[name=utforare]").fill("Solgården AB")
    _send(page)
    assert page.locator("[aria-invalid=true]").count() > 0
    check_accessible("what was told refused")
    faults.clear()  # the browser tells of the answer's 422
    page.locator("[name=enhet]").select_option(index=1)
    page.locator("[name=beskrivning]").fill("Larmet svarade inte")
    _send(page)
    one = page.url
    check_accessible("one from a provider")
    for what in ("/andra", "/steg/folj-upp"):
        page.goto(f"{one}{what}")
        check_accessible(what)
