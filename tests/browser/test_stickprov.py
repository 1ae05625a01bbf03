"""Results are entered by keyboard down the table, and each row is saved when it is left."""

import sqlite3
from contextlib import closing

from tests.browser.conftest import OFFICER


def test_enter_goes_down_the_column_and_the_row_is_saved(site, page, faults):
    site.sign_in(page, OFFICER)
    with closing(sqlite3.connect(site.database, timeout=30)) as database:
        (sample_id,) = database.execute("SELECT max(sample_id) FROM drawn_sample").fetchone()
    address = site.url(f"/internkontroll/stickprov/{sample_id}/granska")
    page.goto(address)
    verdicts, comments, told = (page.locator(f"tbody {what}") for what in ("select", "input[type=text]", ".told"))
    verdicts.nth(2).select_option("approved")
    verdicts.nth(2).press("Enter")
    assert page.evaluate("document.activeElement.name") == verdicts.nth(3).get_attribute("name")
    told.nth(2).get_by_text("✓ Sparat").wait_for()
    verdicts.nth(3).select_option("dropout")
    comments.nth(3).press("ArrowUp")
    assert page.evaluate("document.activeElement.name") == comments.nth(2).get_attribute("name")
    told.nth(3).get_by_text("Inte sparat. Skriv varför posten inte går att kontrollera.").wait_for()
    comments.nth(3).fill("Makulerad")
    comments.nth(3).press("Enter")
    told.nth(3).get_by_text("✓ Sparat").wait_for()
    verdicts.nth(1).select_option("approved")
    page.get_by_role("button", name="Spara resultaten").click()
    page.get_by_text("Sparat: 1 ändrad post.").wait_for()
    assert faults == [fault for fault in faults if "422" in fault]
    page.goto(address)
    chosen = [verdicts.nth(row).input_value() for row in range(4)]
    assert chosen == ["", "approved", "approved", "dropout"]
    assert comments.nth(3).input_value() == "Makulerad"
