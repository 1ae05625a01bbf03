"""The pages of activities and of the plan's scale, as they are and as they refuse, seen by axe."""

from tests.browser.axe_pages import ACTIVITY_PAGES
from tests.browser.conftest import OFFICER
from tests.browser.test_axe import _check, _send, page

__all__ = ["page"]


def test_pages_of_an_activity(site, page, check_accessible, faults):
    site.sign_in(page, OFFICER)
    page.goto(site.url("/internkontroll/2022/aktiviteter/ny"))
    ref = f"A-{page.viewport_size['width']}"
    for name, text in {"ref": ref, "beskrivning": "Ny rutin", "ansvarig": "Chef", "senast": "2022-10-31"}.items():
        page.locator(f"[name={name}]").fill(text)
    _send(page)
    _check(site, page, check_accessible, faults, ACTIVITY_PAGES, page.url.rsplit("/", 1)[-1])
    page.goto(site.url("/internkontroll/2022/aktiviteter/ny"))
    _send(page)
    assert page.get_by_role("alert").first.is_visible()
    check_accessible("an activity refused")
    page.goto(site.url("/internkontroll/2022/skala"))
    page.get_by_label("Sannolikhet 3, konsekvens 4").select_option("")
    _send(page)
    assert page.get_by_label("Sannolikhet 3, konsekvens 4").get_attribute("aria-invalid") == "true"
    check_accessible("a scale refused")
