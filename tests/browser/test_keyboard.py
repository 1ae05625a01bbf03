"""A register and its records by single keys: next, previous, open, filter, search, help, and turning them off."""

from tests.browser.conftest import OFFICER
from tests.browser.person import Person

FOCUSED = "document.activeElement.closest('tr')?.rowIndex ?? 0"
NAMED = "document.activeElement.name ?? ''"


def paths_of_rows(page):
    return [link.get_attribute("href") for link in page.locator("main .table-list tbody tr td:first-child a").all()]


def walk(site, page, *steps):
    """Presses some keys one after the other, each time until the page that they lead to is there."""
    for keys, path in steps:
        for key in keys:
            page.keyboard.press(key)
        page.wait_for_url(site.url(path))
        page.locator("footer button").wait_for()


def test_rows_are_walked_and_opened_by_single_keys(site, page):
    officer = Person(site, page, OFFICER)
    officer.opens("/beslut")
    paths = paths_of_rows(page)
    page.keyboard.press("ArrowDown")  # no row has the focus: the page scrolls, as always
    assert page.evaluate(FOCUSED) == 0
    seen = []
    for key in ("j", "j", "ArrowDown", "k", "ArrowUp"):
        page.keyboard.press(key)
        seen.append(page.evaluate(FOCUSED))
    assert seen == [1, 2, 3, 2, 1]
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    page.keyboard.press("Control+j")
    assert page.evaluate(FOCUSED) == 1
    walk(site, page, ("o", paths[0]), ("j", paths[1]), ("k", paths[0]))
    assert officer.faults == []


def test_what_lies_beside_its_list_has_a_next_all_the_same(site, page):
    officer = Person(site, page, OFFICER)
    for ref in ("K-1", "K-2"):
        officer.opens("/garantier/kontakt/ny")
        officer.writes("referens", ref)
        page.get_by_label("Enhet").select_option(index=1)
        officer.presses("Spara tillfället")
    officer.opens("/garantier/kontakt?ordning=referens")
    paths = paths_of_rows(page)
    assert paths[0].startswith("/garantier/tillfallen/")
    walk(site, page, ("jo", paths[0]), ("j", paths[1]), ("k", paths[0]))
    assert officer.faults == []


def test_a_years_kontrollmoment_are_walked_from_their_list(site, page):
    officer = Person(site, page, OFFICER)
    officer.opens("/internkontroll/2021/moment?utfall=god&ordning=-ref")
    page.keyboard.press("f")
    assert page.evaluate(NAMED) == "utfall"
    page.evaluate("document.activeElement.blur()")
    paths = paths_of_rows(page)
    assert paths[0].startswith("/internkontroll/moment/")
    walk(site, page, ("jo", paths[0]), ("j", paths[1]), ("k", paths[0]))
    assert officer.faults == []


def test_the_risks_have_a_filter_to_go_to(site, page):
    officer = Person(site, page, OFFICER)
    officer.opens("/risker")
    page.keyboard.press("f")
    assert page.evaluate(NAMED) == "sannolikhet"
    assert officer.faults == []


def test_the_help_tells_of_the_filter_where_there_is_one(site, page):
    officer = Person(site, page, OFFICER)
    for path, told in (("/beslut", 1), ("/risker", 1), ("/internkontroll/2021", 0), ("/konto", 0)):
        officer.opens(path)
        page.keyboard.press("?")
        page.locator("dialog h2:text-is('Kortkommandon')").wait_for()
        assert page.locator("dialog dd:text-is('till filtret')").count() == told
        assert page.locator("dialog dd:text-is('öppna raden')").count() == 1
    assert officer.faults == []


def test_pages_are_turned(site, page):
    officer = Person(site, page, OFFICER)
    officer.opens("/beslut")
    top = page.locator("main .table-list tbody a").first.inner_text()
    page.keyboard.press("n")
    page.wait_for_url("**efter=**")
    assert page.locator("main .table-list tbody a").first.inner_text() != top
    page.keyboard.press("p")
    page.wait_for_url("**fore=**")
    assert page.locator("main .table-list tbody a").first.inner_text() == top
    assert officer.faults == []


def test_signing_out_leaves_no_list_behind(site, page):
    officer = Person(site, page, OFFICER)
    officer.opens("/beslut")
    assert len(page.evaluate("JSON.parse(sessionStorage.getItem('lista'))")) > 2
    page.locator("button:text-is('Logga ut')").click()
    page.locator("input[name=email]").wait_for()
    assert page.evaluate("sessionStorage.length") == 0
    assert officer.faults == []


def test_a_key_in_a_field_is_a_letter(site, page):
    officer = Person(site, page, OFFICER)
    officer.opens("/beslut")
    page.keyboard.press("f")
    assert page.evaluate("document.activeElement.closest('form.filters') !== null")
    page.locator("form.filters input[name=ref]").focus()
    page.keyboard.type("jkofnp/?")
    assert page.locator("form.filters input[name=ref]").input_value() == "jkofnp/?"
    page.locator("h1").click()
    page.keyboard.press("/")
    assert page.evaluate(NAMED) == "q"
    assert officer.faults == []


def test_the_keys_are_told_and_turned_off_and_on(site, page, check_accessible):
    page.set_viewport_size({"width": 320, "height": 800})
    officer = Person(site, page, OFFICER)
    officer.opens("/beslut")
    page.keyboard.press("?")
    page.locator("dialog h2:text-is('Kortkommandon')").wait_for()
    check_accessible("Kortkommandon")
    page.keyboard.press("Enter")  # closes, and turns nothing off
    assert page.locator("dialog[open]").count() == 0
    page.keyboard.press("?")
    page.locator("dialog button:text-is('Stäng av kortkommandon')").click()
    page.keyboard.press("Escape")
    officer.opens("/beslut")
    for key in ("j", "?"):
        page.keyboard.press(key)
    assert page.evaluate(FOCUSED) == 0
    assert page.locator("dialog[open]").count() == 0
    page.locator("footer button:text-is('Kortkommandon')").click()
    page.locator("dialog button:text-is('Slå på kortkommandon')").click()
    page.locator("dialog button:text-is('Stäng')").click()
    page.locator("h1").click()
    page.keyboard.press("j")
    assert page.evaluate(FOCUSED) == 1
    assert officer.faults == []


def test_a_page_without_rows_takes_no_harm(site, page):
    officer = Person(site, page, OFFICER)
    for register in ("/beslut?ref=finns-inte", "/konto"):
        officer.opens(register)
        for key in ("j", "k", "o", "n", "p", "ArrowDown"):
            page.keyboard.press(key)
        assert page.url == site.url(register)
    assert officer.faults == []
