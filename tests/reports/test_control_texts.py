"""The texts of the follow-up of internal control: who writes them, that none is lost, and where they stand."""

import pytest

from tests.audit.trails import entries
from tests.control.making import make_control
from tests.factories import PASSWORD, make_unit, make_user
from tests.reports.reading import part, pdf_text, squeezed, word_parts
from tests.support.pages import PageClient
from tracker import clock
from tracker.accounts import approving
from tracker.database import db, writer
from tracker.records.scope import EVERY_RECORD
from tracker.reports.control_texts import read_texts, save_texts
from tracker.reports.control_year import follow_up, render_control
from tracker.reports.year_texts import StaleTexts, Written
from tracker.rules.control_texts import TextSection

BO, EVA = "bo@kommun.example", "eva@kommun.example"
PAGE, REPORT = "/rapporter/internkontroll/2021/text", "/rapporter/internkontroll/2021"
STALE = "Någon annan har sparat sedan du öppnade sidan"


@pytest.fixture
def year(app):
    """A year of internal control, and two who write about it."""
    make_control()
    make_user(BO, "internkontroll")
    make_user(EVA, "kvalitet")
    return app


def signed_in(app, email: str) -> PageClient:
    visitor = PageClient(app)
    visitor.sign_in(email, PASSWORD)
    return visitor


def save(**typed: tuple[str, int]) -> int:
    """Saves (text, seen version) of sections by their names, as a request would."""
    with writer():
        try:
            count = save_texts(2021, {TextSection(name): Written(*one) for name, one in typed.items()})
            db.session.commit()
        finally:
            db.session.rollback()
    return count


OFFERED = {
    "cover_economy": ("Beslutet har inga ekonomiska konsekvenser.", 1),
    "cover_recipients": ("Kommunstyrelsen\nRevisorerna", 1),
}


def stored() -> dict[str, tuple[str, int]]:
    """The sections that somebody has written in."""
    db.session.rollback()
    return {section.value: tuple(one) for section, one in read_texts(2021).items() if one.version}


def test_what_is_written_stands_in_word_and_pdf_in_the_order_of_the_paper(year):
    words = {section.value: (f"Rad ett om {section}\n\nRad två om {section}", 0) for section in TextSection}
    assert save(**words) == 16
    found = follow_up(2021, EVERY_RECORD)
    parts = word_parts(render_control(found, "docx"))
    assert [one.heading for one in parts[2:]] == [
        "Beslut", "Sammanfattning", "Ärendet", "Ekonomiska konsekvenser", "Bilagor", "Expedieras till",
        "Sammanfattning i siffror", "Tre år", "Inledning", "Generellt om intern kontroll", "Kommunstyrelsens ansvar",
        "Nämndens ansvar", "Sammantagen bedömning", "Nettolista risker", "Riskmatris", "Årets kontroller",
        "R1, riskvärde 12 (3 × 4), Hög", "Analys",
        "God, 1", "Godtagbar, 0", "Ej godkänd, 0", "Ej genomförd, 0", "Slutlig analys",
    ]  # fmt: skip
    for heading, section in (("Inledning", "introduction"), ("Slutlig", "final"), ("Ej godkänd", "analysis_failed")):
        assert part(parts, heading).texts[-2:] == [f"Rad ett om {section}", f"Rad två om {section}"]
    assert part(parts, "Sammanfattning").texts[-2:] == ["Rad ett om summary", "Rad två om summary"]
    assert part(parts, "Beslut").texts == [
        "Nämnden godkänner uppföljning av internkontrollplan 2021.", "Rad ett om cover_decision",
        "Rad två om cover_decision",
    ]  # fmt: skip
    assert part(parts, "Expedieras").texts == ["Rad ett om cover_recipients", "Rad två om cover_recipients"]
    text = pdf_text(render_control(found, "pdf"))
    assert all(squeezed(f"Rad två om {section}") in text for section in TextSection)


def test_an_empty_section_is_left_out_of_the_paper(year):
    save(introduction=("Så gjorde vi.", 0))
    save(introduction=("", 1))
    headings = [one.heading for one in word_parts(render_control(follow_up(2021, EVERY_RECORD), "docx"))]
    assert "Inledning" not in headings
    assert "Slutlig analys" not in headings
    assert "Sammanfattning" in headings


def test_markup_in_a_text_is_set_as_typed(year):
    typed = "#panic(1) {{ 7*7 }} {% for x in y %} <b>"
    save(final=(typed, 0))
    found = follow_up(2021, EVERY_RECORD)
    assert part(word_parts(render_control(found, "docx")), "Slutlig").texts == [typed]
    assert squeezed(typed) in pdf_text(render_control(found, "pdf"))


def test_a_save_is_noted_about_the_plan_without_the_text(year):
    save(final=("Hemlig analys", 0), board=("Styrelsen", 0))
    entry = entries()[-1]
    assert (entry.action, entry.target_kind, entry.target_id) == ("plan.texts_changed", "plan", 2021)
    assert "Hemlig" not in repr(vars(entry))
    before = len(entries())
    assert save(final=("Hemlig analys", 1)) == 0
    assert len(entries()) == before


def test_a_year_without_a_plan_gets_one_with_its_first_text(app):
    save(final=("Slut", 0))
    assert [entry.action for entry in entries()][-2:] == ["plan.begun", "plan.texts_changed"]


def test_an_old_version_saves_nothing_at_all(year):
    save(final=("Först", 0))
    with pytest.raises(StaleTexts) as caught:
        save(final=("Sist", 0), board=("Styrelsen", 0))
    assert caught.value.sections == {TextSection.FINAL}
    assert stored() == {"final": ("Först", 1)}
    with pytest.raises(StaleTexts):
        save(final=("Sist", 2))
    assert save(final=("Sist", 1), board=("Styrelsen", 0)) == 2
    assert stored() == {"board": ("Styrelsen", 1), "final": ("Sist", 2)}


def test_the_page_saves_what_is_written_and_the_report_shows_it(year):
    bo = signed_in(year, BO)
    page = bo.get(REPORT)
    assert "Inte skriven än" in page.text
    assert "Skriv avsnittet slutlig analys" in page.links
    bo.get(PAGE)
    page = bo.submit({"final": "  Rad ett\r\nRad två  ", "board": "Styrelsen"}, form="final")
    assert "Texterna är sparade." in page.text
    assert "Rad två" in page.text
    assert stored() == {**OFFERED, "board": ("Styrelsen", 1), "final": ("Rad ett\nRad två", 1)}
    bo.get(PAGE)
    assert "Inget var ändrat." in bo.submit({}, form="final").text
    assert stored() == {**OFFERED, "board": ("Styrelsen", 1), "final": ("Rad ett\nRad två", 1)}


def test_two_who_write_in_the_same_section_see_each_others_texts(year):
    bo, eva = signed_in(year, BO), signed_in(year, EVA)
    bo.get(PAGE)
    eva.get(PAGE)
    eva.submit({"final": "Evas analys"}, form="final")
    page = bo.submit({"final": "Bos analys", "board": "Bos styrelse"}, form="final", status=409)
    assert all(said in page.text for said in (STALE, "Evas analys", "Bos analys", "Bos styrelse"))
    assert stored() == {**OFFERED, "final": ("Evas analys", 1)}
    bo.submit({"final": "Evas analys och Bos"}, form="final")
    assert stored() == {**OFFERED, "board": ("Bos styrelse", 1), "final": ("Evas analys och Bos", 2)}


def test_two_who_write_in_different_sections_do_not_meet(year):
    bo, eva = signed_in(year, BO), signed_in(year, EVA)
    bo.get(PAGE)
    eva.get(PAGE)
    eva.submit({"final": "Evas analys"}, form="final")
    assert "Texterna är sparade." in bo.submit({"board": "Bos styrelse"}, form="final").text
    assert stored() == {**OFFERED, "board": ("Bos styrelse", 1), "final": ("Evas analys", 1)}


def test_a_text_that_is_too_long_is_refused_beside_its_field_and_kept(year):
    bo = signed_in(year, BO)
    bo.get(PAGE)
    page = bo.submit({"final": "x" * 20_001, "board": "Bos styrelse"}, form="final", status=422)
    assert "Skriv högst 20 000 tecken." in page.text
    assert "Bos styrelse" in page.text
    assert stored() == {}


def test_a_personnummer_is_refused_beside_its_section_and_nothing_is_lost(year):
    bo = signed_in(year, BO)
    bo.get(PAGE)
    page = bo.submit({"final": "Gäller 19121212-1212", "board": "Bos styrelse"}, form="final", status=422)
    (field,) = (one for one in page.form("final").iter() if one.get("name") == "final")
    assert (field.get("aria-invalid"), field.text.strip()) == ("true", "Gäller 19121212-1212")
    assert "personnummer" in page.text
    assert "Bos styrelse" in page.text
    assert stored() == {}
    bo.submit({"final": "Gäller en person", "board": "Bos styrelse"}, form="final")
    assert stored() == {**OFFERED, "board": ("Bos styrelse", 1), "final": ("Gäller en person", 1)}


def test_a_personnummer_that_stood_before_stops_nobody_who_writes_elsewhere(year):
    save(final=("Gäller 19121212-1212", 0))
    bo = signed_in(year, BO)
    bo.get(PAGE)
    bo.submit({"board": "Bos styrelse"}, form="final")
    assert stored()["board"] == ("Bos styrelse", 1)


def test_whoever_works_in_a_part_of_the_house_neither_writes_nor_reads_them(year):
    save(final=("Hela husets analys", 0))
    make_unit("Vuxen")
    make_user("dan@kommun.example", "internkontroll", unit="Vuxen")
    dan = signed_in(year, "dan@kommun.example")
    dan.get(PAGE, status=403)
    assert "Hela husets analys" not in dan.get(REPORT).text
    data = dan.get(f"{REPORT}/export.docx").response.data
    assert "Slutlig analys" not in [one.heading for one in word_parts(data)]


def test_a_year_that_no_plan_can_have_has_no_page(year):
    page = signed_in(year, BO).get("/rapporter/internkontroll/1989/text", status=404)
    assert page.status == 404


class TestTheCover:
    """Beslut, ärendet and the rest of what the report goes to the committee with."""

    def test_what_is_offered_stands_on_no_paper_until_it_has_been_saved(self, year):
        bo = signed_in(year, BO)
        page = bo.get(PAGE)
        (field,) = (one for one in page.form("final").iter() if one.get("name") == "cover_recipients")
        assert field.text.strip().split() == ["Kommunstyrelsen", "Revisorerna"]
        assert "Det här är ett förslag." in page.text
        assert stored() == {}
        headings = [one.heading for one in word_parts(bo.get(f"{REPORT}/export.docx?utkast=1").data)]
        assert "Expedieras till" not in headings
        assert "Ett förslag finns." in bo.get(REPORT).text
        bo.get(PAGE)
        page = bo.submit({"cover_economy": "Ryms i budgeten."}, form="final")
        assert stored() == {**OFFERED, "cover_economy": ("Ryms i budgeten.", 1)}
        assert "Ett förslag finns." not in page.text
        parts = word_parts(bo.get(f"{REPORT}/export.docx?utkast=1").data)
        assert part(parts, "Expedieras till").texts == ["Kommunstyrelsen", "Revisorerna"]
        assert "Det här är ett förslag." not in bo.get(PAGE).text

    def test_what_is_offered_and_emptied_is_not_offered_again(self, year):
        bo = signed_in(year, BO)
        bo.get(PAGE)
        bo.submit({"cover_economy": "", "cover_recipients": ""}, form="final")
        assert stored() == {"cover_economy": ("", 1), "cover_recipients": ("", 1)}
        assert "Det här är ett förslag." not in bo.get(PAGE).text
        assert "Inget var ändrat." in bo.submit({}, form="final").text

    def test_what_is_offered_and_left_gives_way_to_what_another_wrote(self, year):
        bo, eva = signed_in(year, BO), signed_in(year, EVA)
        bo.get(PAGE)
        eva.get(PAGE)
        eva.submit({"cover_economy": "Evas"}, form="final")
        assert "Texterna är sparade." in bo.submit({"board": "Bos styrelse"}, form="final").text
        assert stored() == {**OFFERED, "cover_economy": ("Evas", 1), "board": ("Bos styrelse", 1)}

    def test_what_is_offered_and_changed_is_not_written_over_what_another_wrote(self, year):
        bo, eva = signed_in(year, BO), signed_in(year, EVA)
        bo.get(PAGE)
        eva.get(PAGE)
        eva.submit({"cover_economy": "Evas"}, form="final")
        page = bo.submit({"cover_economy": "Bos"}, form="final", status=409)
        assert all(said in page.text for said in (STALE, "Evas", "Bos"))
        assert stored() == {**OFFERED, "cover_economy": ("Evas", 1)}

    def test_the_page_shows_the_cover_as_the_paper_does(self, year):
        with writer():
            approving.name_committee("Socialnämnden", clock.today())
            db.session.commit()
        save(cover_decision=("Nämnden skickar den vidare.", 0), cover_matter=("Planen antogs i januari.", 0))
        bo = signed_in(year, BO)
        assert "Socialnämnden godkänner uppföljning av internkontrollplan 2021. Det skrivs ut av" in bo.get(PAGE).text
        page = bo.get(REPORT)
        told = [
            "Socialnämnden godkänner uppföljning av internkontrollplan 2021.", "Nämnden skickar den vidare.",
            "God följsamhet i 1 av 1 kontrollmoment. Godtagbar i 0, ej godkänd i 0, ej genomförd 0.",
            "Planen antogs i januari.",
        ]  # fmt: skip
        assert [page.text.count(said) for said in told] == [1, 1, 2, 1]  # the sentence heads the page as well
        parts = word_parts(render_control(follow_up(2021, EVERY_RECORD), "docx"))
        assert [part(parts, name).texts for name in ("Beslut", "Sammanfattning", "Ärendet")] == [
            told[:2], told[2:3], told[3:],
        ]  # fmt: skip
