"""Every page of the route table is accessible at 1280 and at 320 pixels, forms with errors too."""

import sqlite3
from contextlib import closing

import pytest

from tests.browser.axe_pages import (
    ACTION_PAGES,
    ACTIVITY_PAGES,
    ADMINISTRATOR_PAGES,
    CASE_OWN_PAGES,
    CASE_PAGES,
    CONTROL_PAGES,
    DUTY_PAGES,
    GUARANTEE_PAGES,
    ITEM_PAGES,
    LEX_SARAH_PAGES,
    MOMENT_PAGES,
    NO_PAGES,
    OCCASION_PAGES,
    OFFICER_PAGES,
    PROVIDER_PAGES,
    REVIEWER_PAGES,
    RISK_PAGES,
    SAMPLE_PAGES,
    SECRETARY_PAGES,
    SENDING_PAGES,
    VISITOR_PAGES,
)
from tests.browser.conftest import ADMINISTRATOR, OFFICER, REVIEWER, SARAH, SECRETARY
from tests.printing.templates import word
from tests.support import databases
from tracker.factory import create_app


@pytest.fixture(params=[1280, 320], ids=["wide", "narrow"])
def page(page, request):
    page.set_viewport_size({"width": request.param, "height": 800})
    return page


def _check(site, page, check_accessible, faults, paths, record_id="1", clock_id="1"):
    for path in paths:
        address = path.format(code=site.code, record_id=record_id, clock_id=clock_id)
        response = page.goto(site.url(address))
        check_accessible(address)
        assert page.locator("html").get_attribute("lang") == "sv"
        if response.status >= 400:
            faults[:] = [fault for fault in faults if "the server responded with a status of 4" not in fault]
        assert response.status < 500
        assert faults == [], f"{address}: {faults}"


def test_pages_before_sign_in(site, page, check_accessible, faults):
    _check(site, page, check_accessible, faults, VISITOR_PAGES)


def test_pages_of_a_case_officer(site, page, check_accessible, faults):
    site.sign_in(page, OFFICER)
    page.goto(site.url("/beslut"))
    record = page.locator("main table a[href^='/beslut/']").first.get_attribute("href")
    record_id = record.partition("?")[0].rsplit("/", 1)[-1]
    page.goto(site.url(f"/beslut/{record_id}"))
    clock_id = page.locator("main a[href*='/klocka/']").first.get_attribute("href").split("/")[-2]
    _check(site, page, check_accessible, faults, OFFICER_PAGES, record_id, clock_id)


def test_pages_of_sending_to_ivo(site, page, check_accessible, faults):
    site.sign_in(page, OFFICER)
    page.goto(site.url("/rapporter/kvartal/2021/3/ivo"))
    clock_id = page.locator("main a[href$='/ny']").first.get_attribute("href").split("/")[-2]
    page.goto(site.url("/"))
    record_id = page.locator("main a[href$='/ivo'][href^='/beslut/']").first.get_attribute("href").split("/")[-2]
    _check(site, page, check_accessible, faults, SENDING_PAGES, record_id, clock_id)


def test_pages_of_internal_control(site, page, check_accessible, faults):
    site.sign_in(page, OFFICER)
    _check(site, page, check_accessible, faults, CONTROL_PAGES)
    for listing, paths in (("/risker?ar=2021", RISK_PAGES), ("/internkontroll/2021", MOMENT_PAGES)):
        page.goto(site.url(listing))
        base = paths[0].partition("{")[0]
        record_id = page.locator(f"main table.table-list a[href^='{base}']").last.get_attribute("href").split("/")[-1]
        _check(site, page, check_accessible, faults, paths, record_id)
    page.context.clear_cookies()
    site.sign_in(page, SECRETARY)
    _check(site, page, check_accessible, faults, SECRETARY_PAGES)


def test_pages_of_cases(site, page, check_accessible, faults):
    site.sign_in(page, OFFICER)
    _check(site, page, check_accessible, faults, CASE_PAGES)
    for listing, paths in CASE_OWN_PAGES.items():
        _check(site, page, check_accessible, faults, paths, _first(site, page, listing))
    number = _first(site, page, "/avvikelser")
    page.goto(site.url(f"/avvikelser/{number}"))
    receive = page.get_by_role("link", name="Ta emot", exact=True)
    if receive.count():  # once, whichever the page's width
        receive.click()
        _send(page)
    _check(site, page, check_accessible, faults, ("/avvikelser/{record_id}/utredning",), number)
    page.goto(site.url(f"/avvikelser/{number}/filer"))
    page.locator("input[type=file]").set_input_files({"name": "a.txt", "mimeType": "text/plain", "buffer": b"Attest"})
    page.get_by_role("button", name="Lägg till filen").click()
    if page.locator("[aria-invalid=true]").count():  # there since the other width
        faults.clear()
        check_accessible("a file twice")
        page.goto(site.url(f"/avvikelser/{number}/filer"))
    page.get_by_role("link", name="Ta bort a.txt").click()
    check_accessible("a file to remove")
    page.goto(site.url("/rapportera"))
    _send(page)
    assert page.locator("[aria-invalid=true]").count() > 0
    check_accessible("a report refused")
    faults.clear()  # the browser tells of the answer's 422
    page.context.clear_cookies()
    site.sign_in(page, SARAH)
    _check(site, page, check_accessible, faults, LEX_SARAH_PAGES, _first(site, page, "/lex-sarah"))
    _send(page)
    assert page.locator("[aria-invalid=true]").count() > 0
    check_accessible("a step refused")


def test_pages_of_guarantees(site, page, check_accessible, faults):
    site.sign_in(page, OFFICER)
    _check(site, page, check_accessible, faults, GUARANTEE_PAGES)
    page.goto(site.url("/garantier/forhandsbedomning/ny"))
    page.get_by_label("Referens").fill(f"SN-{page.viewport_size['width']}")
    page.get_by_label("Enhet").select_option(index=1)
    page.get_by_label("Startdag").fill("2026-01-02")
    _send(page)
    number = page.url.split("/")[-1]
    _check(site, page, check_accessible, faults, OCCASION_PAGES, number)
    page.goto(site.url(f"/garantier/tillfallen/{number}/klart"))
    _send(page)
    assert page.locator("[aria-invalid=true]").count() > 0
    check_accessible("a late end without a cause")
    faults.clear()  # the browser tells of the answer's 422


def _first(site, page, listing):
    """The number of the first case of a register."""
    page.goto(site.url(listing))
    return page.locator(f"main table a[href^='{listing}/']").first.get_attribute("href").split("/")[-1]


def test_pages_of_a_stickprov(site, page, check_accessible, faults):
    site.sign_in(page, OFFICER)
    with closing(sqlite3.connect(site.database, timeout=30)) as database:
        (sample_id,) = database.execute("SELECT max(sample_id) FROM drawn_sample").fetchone()
        items = "SELECT min(id) FROM sample_item WHERE draw_id = (SELECT max(id) FROM sample_draw)"
        (item_id,) = database.execute(items).fetchone()
    _check(site, page, check_accessible, faults, SAMPLE_PAGES, str(sample_id))
    _check(site, page, check_accessible, faults, ITEM_PAGES, str(sample_id), str(item_id))
    page.locator("input[type=file]").set_input_files({"name": "a.txt", "mimeType": "text/plain", "buffer": b"Attest"})
    _send(page)
    page.get_by_role("link", name="Ta bort a.txt").click()
    check_accessible("an attachment to remove")
    page.goto(site.url(f"/internkontroll/stickprov/{sample_id}/granska"))
    page.locator("main select").first.select_option("dropout")
    _send(page)
    assert page.locator("[aria-invalid=true]").count() > 0
    check_accessible("a result refused")
    page.goto(site.url(f"/internkontroll/stickprov/{sample_id}/dra"))
    _send(page)
    assert page.get_by_role("alert").first.is_visible()
    check_accessible("a draw refused")
    page.locator("main [name=reason]").fill("Fel period angavs")
    _send(page)
    page.get_by_role("link", name="Poster i dragning 1").click()
    check_accessible("an earlier draw")
    page.locator("tbody a").first.click()
    check_accessible("an item of an earlier draw")


def test_an_individrapport_is_copied_field_by_field(site, page, check_accessible):
    site.sign_in(page, OFFICER)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(site.url("/rapporter/kvartal/2021/3/ivo"))
    page.locator("main a[href$='/ny']").first.click()
    page.get_by_role("button", name="Kopiera Avser kvartal").click()
    page.get_by_text("✓ Kopierat").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "Kvartal 3 2021"
    page.locator("#sand_den").fill("2021-13-01")
    page.get_by_role("button", name="Markera som sänd").click()
    assert page.locator("[aria-invalid=true]").count() > 0
    check_accessible("an individrapport refused")


def test_pages_of_an_administrator(site, page, check_accessible, faults):
    site.sign_in(page, ADMINISTRATOR)
    _check(site, page, check_accessible, faults, ADMINISTRATOR_PAGES)


def test_pages_of_a_log_reviewer(site, page, check_accessible, faults):
    site.sign_in(page, REVIEWER)
    _check(site, page, check_accessible, faults, REVIEWER_PAGES)


def test_sign_in_that_is_refused(site, page, check_accessible):
    site.sign_in(page, "ingen@kommun.example", "fel lösenord helt")
    assert page.get_by_role("alert").first.is_visible()
    check_accessible("/logga-in with a wrong password")


def _send(page):
    """Sends the page's first form as it stands, whatever the browser thinks of it."""
    with page.expect_navigation():
        page.locator("main form").first.evaluate("form => { form.noValidate = true; form.requestSubmit() }")


@pytest.mark.parametrize("path", ["/logga-in", "/engangskod", "/engangskod/{code}"])
def test_forms_sent_empty(site, page, check_accessible, path):
    page.goto(site.url(path.format(code=site.code)))
    _send(page)
    assert page.locator("[aria-invalid=true]").count() > 0
    check_accessible(f"{path} sent empty")


def test_new_user_refused(site, page, check_accessible):
    site.sign_in(page, ADMINISTRATOR)
    page.goto(site.url("/admin/anvandare/ny"))
    _send(page)
    assert page.locator("[aria-invalid=true]").count() > 0
    check_accessible("/admin/anvandare/ny sent empty")


def test_a_template_refused(site, page, check_accessible):
    site.sign_in(page, ADMINISTRATOR)
    page.goto(site.url("/admin/mallar"))
    name = {"name": "mall.docx", "mimeType": "application/octet-stream", "buffer": word("{{ rubrk }}", "{{ x.y }}")}
    page.locator("#file").set_input_files(name)
    with page.expect_navigation():
        page.get_by_role("button", name="Prova och börja använda").click()
    assert page.get_by_role("heading", name="Fel i mallen").is_visible()
    check_accessible("/admin/mallar refused")


@pytest.mark.parametrize("path", ["/logg/kontroller/plan", "/logg/kontroller/1/signera"])
def test_forms_of_a_log_check_refused(site, page, check_accessible, path):
    site.sign_in(page, REVIEWER)
    page.goto(site.url(path))
    for box in page.locator("main input[type=checkbox]").all():
        box.uncheck()
    _send(page)
    assert page.get_by_role("alert").first.is_visible()
    check_accessible(f"{path} refused")


def test_a_correction_refused_and_one_made_on_top_of_another(site, page, check_accessible):
    site.sign_in(page, OFFICER)
    page.goto(site.url("/beslut"))
    record = page.locator("main table a[href^='/beslut/']").first.get_attribute("href")
    page.goto(site.url(f"{record}/ratta"))
    _send(page)
    assert page.locator("[aria-invalid=true]").count() > 0
    check_accessible("a correction sent as it stood")
    other = page.context.new_page()
    for tab in (page, other):
        tab.goto(site.url(f"{record}/ratta"))
    for tab, provider in ((other, "Solgläntan AB"), (page, "Björken AB")):
        tab.locator("#utforare").fill(f"{provider} {page.viewport_size['width']}")
        tab.locator("#reason").fill("Fel utförare")
        _send(tab)
    assert page.locator("fieldset").count() == 1
    check_accessible("two have corrected at once")


def test_what_happens_refused_and_noted(site, page, check_accessible):
    site.sign_in(page, OFFICER)
    page.goto(site.url("/beslut?status=ej-verkstallda"))
    record = page.locator("main table a[href^='/beslut/']").first.get_attribute("href")
    page.goto(site.url(record))
    clock = page.locator("main a[href*='/klocka/']").first.get_attribute("href").rpartition("/")[0]
    page.goto(site.url(f"{clock}/erbjudande"))
    _send(page)
    assert page.locator("[aria-invalid=true]").count() > 0
    check_accessible("an offer sent empty")
    page.locator("#dag").fill(page.locator("html").evaluate("() => new Date().toISOString().slice(0, 10)"))
    page.locator("#vad").fill("Plats på Björken")
    _send(page)
    assert page.get_by_role("link", name="Notera svaret").count() > 0
    check_accessible("a decision with an offer")
    page.get_by_role("link", name="Notera svaret").first.click()
    assert page.get_by_role("heading", level=1).inner_text().startswith("Svar på erbjudande")
    check_accessible("the answer to an offer")


def test_a_new_decision_refused_and_with_a_t_number(site, page, check_accessible):
    site.sign_in(page, OFFICER)
    page.goto(site.url("/beslut/nytt"))
    _send(page)
    assert page.locator("[aria-invalid=true]").count() > 0
    check_accessible("/beslut/nytt sent empty")
    page.locator("#kon").select_option("kvinna")
    page.locator("#fodd").fill("1980-01-01")
    page.get_by_role("button", name="Hämta T-nummer").click()
    assert page.locator("#person").input_value().startswith("19800101-T")
    check_accessible("/beslut/nytt with a T-number")


def test_wrong_days_of_a_report(site, page, check_accessible):
    site.sign_in(page, OFFICER)
    page.goto(site.url("/rapporter/kvartal/2021/4?avstamning=2022-13-01&foregaende=snart"))
    assert page.locator("[aria-invalid=true]").count() > 0
    check_accessible("the quarter with wrong days")


def test_own_password_refused(site, page, check_accessible):
    site.sign_in(page, OFFICER)
    page.goto(site.url("/konto"))
    for field in page.locator("main input[type=password]").all():
        field.fill("kort")
    _send(page)
    assert page.locator("[aria-invalid=true]").count() > 0
    check_accessible("/konto with errors")


def test_asking_for_the_password_again(site, page, check_accessible):
    site.sign_in(page, OFFICER)
    with closing(sqlite3.connect(site.database, timeout=30)) as database, database:
        database.execute("UPDATE user_session SET confirmed_at = '2020-01-01 00:00:00.000000'")
    page.goto(site.url("/bekrafta?skickat=1"))
    assert page.get_by_role("heading", level=1).inner_text() == "Skriv ditt lösenord igen"
    check_accessible("/bekrafta")
    _send(page)
    assert page.locator("[aria-invalid=true]").count() > 0
    check_accessible("/bekrafta sent empty")


def test_no_page_of_the_route_table_is_left_out():
    app = create_app(databases.settings("sqlite:///:memory:"))
    match = app.url_map.bind("localhost").match
    paths = {
        *VISITOR_PAGES,
        *OFFICER_PAGES,
        *ADMINISTRATOR_PAGES,
        *REVIEWER_PAGES,
        *SENDING_PAGES,
        *CONTROL_PAGES,
        *CASE_PAGES,
        *GUARANTEE_PAGES,
        *OCCASION_PAGES,
        *LEX_SARAH_PAGES,
        *(path for of_register in CASE_OWN_PAGES.values() for path in of_register),
        *SECRETARY_PAGES,
    } - {"/finns-inte"}
    paths |= {*RISK_PAGES, *MOMENT_PAGES, *SAMPLE_PAGES, *ITEM_PAGES, *ACTIVITY_PAGES, *ACTION_PAGES}
    paths |= {"/atgarder/till/1/ny", "/avvikelser/1/utredning"}
    paths |= {*DUTY_PAGES, *PROVIDER_PAGES, "/lex-sarah/information/1/u1", "/lex-sarah/information/1/u1/1/makulera"}
    paths |= {f"/lex-sarah/fran-utforare/1{what}" for what in ("", "/andra", "/steg/folj-upp")}
    paths |= {"/avvikelser/1/lex-maria", "/vyer/1", "/vyer/1/andra"}
    # Opened by the tests of what happens, and of a stickprov.
    paths |= {"/beslut/1/klocka/1/erbjudande/1", "/internkontroll/stickprov/1/post/1/underlag/1/ta-bort"}
    paths |= {"/internkontroll/stickprov/1/dragning/1"}
    # Opened where a case's file is added, on one of the three pages that are the same.
    paths |= {f"/{name}/1/filer/1/ta-bort" for name in ("avvikelser", "lex-sarah", "synpunkter")}
    seen = {match(path.partition("?")[0].format(code="x", record_id=1, clock_id=1))[0] for path in paths}
    pages = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in rule.methods}
    assert {endpoint for endpoint in pages - seen - NO_PAGES if "export" not in endpoint} == set()
