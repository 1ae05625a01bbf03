"""Somebody types a report, loses the sign-in in the middle, signs in again, and finds the words."""

import sqlite3
from contextlib import closing

from tests.browser.conftest import OFFICER
from tests.factories import PASSWORD

WORDS = "Larmet i köket svarade inte på hela kvällen"


def _end_sign_ins(site):
    """Ends every sign-in, as a role that is given does."""
    with closing(sqlite3.connect(site.database, timeout=30)) as connection, connection:
        connection.execute("UPDATE user_session SET ended_at = CURRENT_TIMESTAMP WHERE ended_at IS NULL")


def test_what_is_typed_is_there_after_a_lost_session(site, page, faults):
    page.set_viewport_size({"width": 320, "height": 800})
    site.sign_in(page)
    page.goto(site.url("/rapportera"))
    page.locator("#what").press_sequentially(WORDS[:10])
    page.locator("text=✓ Det du skriver sparas i ett dygn, men är inte inskickat än.").wait_for()
    _end_sign_ins(site)
    with page.expect_response("**/utkast") as saved:
        page.locator("#what").press_sequentially(WORDS[10:])
    assert saved.value.status == 200
    page.goto(site.url("/rapportera"))
    assert page.locator("h1").inner_text() == "Logga in"
    page.locator("input[name=email]").fill(OFFICER)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.locator("h1:text-is('Rapportera')").wait_for()
    page.locator("a:has-text('Fortsätt där du var')").click()
    page.locator("text=Formuläret är ifyllt med det du skrev").wait_for()
    assert page.locator("#what").input_value() == WORDS
    page.locator("#at_once").press_sequentially("Nytt")
    page.goto(site.url("/konto"))  # before a second has passed: it is saved as the page is left
    page.wait_for_timeout(1000)
    page.locator("a:has-text('Fortsätt där du var')").click()
    assert page.locator("#at_once").input_value() == "Nytt"
    assert faults == []
