"""Their own Excel in a browser: through every step by mouse, with and without scripts, at both widths."""

from datetime import date

import pytest

from tests.browser.conftest import OFFICER
from tests.intake.files import their_workbook


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def browser_context_args(browser_context_args, request):
    return browser_context_args | {"java_script_enabled": request.param}


@pytest.fixture(params=[1280, 320], ids=["wide", "narrow"])
def page(page, request):
    page.set_viewport_size({"width": request.param, "height": 800})
    return page


# Each journey writes its days in its own way: what the one before has taught the program does not answer for it.
FORMS = {"S1280": ("aammdd", "%y%m%d"), "U1280": ("aaaammdd", "%Y%m%d"), "S320": ("d/m-aaaa", "%d.%m.%Y"),
         "U320": ("d/m-aa", "%d/%m-%y")}  # fmt: skip


def _rows(refs):
    """Rows that stand in no quarter's report, so that what other tests count is as it was."""
    seventh, sixteenth, thirtieth = (date(2025, 1, day).strftime(FORMS[refs][1]) for day in (7, 16, 30))
    return [
        [f"{refs}-1", "kontaktperson", seventh, thirtieth, "K", "4 kap 1 § SoL", "", "ringt", "", ""],
        [f"{refs}-2", "Avlösarservice", sixteenth, thirtieth, "M", "LSS 9.5", "", "", "", ""],
        [f"{refs}-3", "Kontaktperson", sixteenth, "", "1", "", "Vill vänta till våren", "", thirtieth, "Flyttat"],
    ]


def _next(page, button="Fortsätt"):
    page.locator(f"main button:text-is('{button}')").click()
    page.wait_for_load_state()
    return page.locator("h1").inner_text()


def test_a_foreign_workbook_is_read_in(site, page, faults, check_accessible, browser_context_args):
    scripts = browser_context_args["java_script_enabled"]
    refs = f"{'S' if scripts else 'U'}{page.viewport_size['width']}"

    def look(where):
        if scripts:
            check_accessible(where)
        assert faults == []

    site.sign_in(page, OFFICER)
    page.goto(site.url("/beslut"))
    page.locator("main a:text-is('Läs in en egen fil')").first.click()
    page.wait_for_load_state()
    page.locator("input[type=file]").set_input_files(
        {"name": "Vår lista.xlsx", "mimeType": "application/octet-stream", "buffer": their_workbook(_rows(refs))}
    )
    assert _next(page) == "Var står tabellen?"
    page.locator("#blad").select_option("1")
    assert _next(page, "Visa bladet") == "Var står tabellen?"
    assert page.locator("input[name=head_row]:checked").get_attribute("value") == "3"
    look("tabell")
    assert _next(page) == "Vad är kolumnerna?"
    look("kolumner")
    assert _next(page) == "Hur är datum och värden skrivna?"
    look("varden")
    assert _next(page, "Granska") == "Hur är datum och värden skrivna?", "days are asked for"
    faults[:] = [fault for fault in faults if "422" not in fault]
    look("varden med fel")
    for name in ("datum_beslutsdatum", "datum_verkstalld", "datum_avslutad"):
        page.locator(f"input[name={name}][value='{FORMS[refs][0]}']").check()
    for select in page.locator("main select").all():
        if select.input_value() == "?":
            select.select_option("man")
    assert _next(page, "Granska") == "Granska och spara"
    look("granska")
    figures = [" ".join(text.split()) for text in page.locator(".figures li").all_inner_texts()]
    assert figures[:3] == ["3 nya", "0 ändrade", "0 oförändrade"]
    assert _next(page, "Spara") == "Ej verkställda beslut"
    assert "Filen är inläst: 3 nya, 0 ändrade, 0 oförändrade" in page.locator("main").inner_text()
    page.goto(site.url(f"/beslut?ref={refs}"))
    assert page.locator("main table tbody tr").count() == 3
    look("registret")
