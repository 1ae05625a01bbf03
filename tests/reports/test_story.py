"""The kvalitetsberättelse: who writes it, that no text is lost, what stands on the page and on paper."""

from datetime import date

import pytest

from tests.audit.trails import entries
from tests.cases.office import CaseOffice
from tests.cases.published_year import lines, publish
from tests.control.making import make_control
from tests.factories import PASSWORD, make_unit, make_user
from tests.reports.locked_quality import write
from tests.reports.reading import part, pdf_text, squeezed, word_parts
from tests.support.pages import PageClient
from tracker.database import db
from tracker.reports.control_year import draft_cover
from tracker.reports.rendering.story import TEMPLATE, render_story
from tracker.reports.story import story_of
from tracker.reports.story_texts import TEXTS
from tracker.reports.year_texts import StaleTexts
from tracker.rules.story import StorySection

EVA, ADA = "eva@kommun.example", "ada@kommun.example"
STORY = "/rapporter/kvalitet/2021/berattelse"
PAGE = f"{STORY}/text"
HEADINGS = [
    "Mål och strategier", "Ansvar och organisation", "Struktur för uppföljning", "Riskanalyser", "Egenkontroller",
    "Avvikelser", "Lex Sarah", "Klagomål och synpunkter", "Ej verkställda beslut", "Intern kontroll", "Åtgärder",
    "Utbildningar", "Brukarundersökningar", "Resultat och analys", "Risker", "Mål för kommande år",
]  # fmt: skip


@pytest.fixture
def office(app, tmp_path, frozen_day):
    """An office on 15 February 2022, with an empty database, and two who write."""
    frozen_day(date(2022, 2, 15))
    make_user(EVA, "kvalitet")
    make_user(ADA, "kvalitet")
    return CaseOffice(app, tmp_path)


@pytest.fixture
def published(office):
    publish(office)
    make_control()
    return office


def signed_in(office, email: str) -> PageClient:
    visitor = PageClient(office.app)
    visitor.sign_in(email, PASSWORD)
    return visitor


def stored() -> dict[str, tuple[str, int]]:
    """The headings under which somebody has written."""
    db.session.rollback()
    return {section.value: tuple(one) for section, one in TEXTS.read(2021).items() if one.version}


def papers():
    """The draft in Word, heading by heading, and the text of its PDF."""
    found = story_of(2021, None)
    return word_parts(render_story(found, "docx", draft_cover())), pdf_text(render_story(found, "pdf", draft_cover()))


class TestWriting:
    """Sections with a version each."""

    def test_the_page_saves_what_is_written_and_the_story_shows_it(self, office):
        eva = signed_in(office, EVA)
        assert "Inget är skrivet." in eva.get(STORY).text
        eva.get(PAGE)
        page = eva.submit({"goals": "  Rad ett\r\nRad två "}, form="goals")
        assert "Texterna är sparade." in page.text
        assert "Rad två" in page.text
        assert stored() == {"goals": ("Rad ett\nRad två", 1)}
        entry = entries()[-1]
        assert (entry.action, entry.target_kind, entry.target_id) == ("story.texts_changed", "story", 2021)
        assert "Rad ett" not in repr(vars(entry))
        eva.get(PAGE)
        assert "Inget var ändrat." in eva.submit({}, form="goals").text

    def test_of_two_under_one_heading_the_second_sees_the_firsts_words_and_keeps_their_own(self, office):
        eva, ada = signed_in(office, EVA), signed_in(office, ADA)
        eva.get(PAGE)
        ada.get(PAGE)
        eva.submit({"goals": "Evas mål"}, form="goals")
        page = ada.submit({"goals": "Adas mål", "training": "Adas kurs"}, form="goals", status=409)
        assert all(said in page.text for said in ("Någon annan har sparat", "Evas mål", "Adas mål", "Adas kurs"))
        assert stored() == {"goals": ("Evas mål", 1)}
        ada.submit({"goals": "Evas mål och Adas"}, form="goals")
        assert stored() == {"goals": ("Evas mål och Adas", 2), "training": ("Adas kurs", 1)}

    def test_two_under_different_headings_never_meet(self, office):
        eva, ada = signed_in(office, EVA), signed_in(office, ADA)
        eva.get(PAGE)
        ada.get(PAGE)
        eva.submit({"goals": "Evas mål"}, form="goals")
        ada.submit({"training": "Adas kurs"}, form="goals")
        assert stored() == {"goals": ("Evas mål", 1), "training": ("Adas kurs", 1)}

    def test_an_old_version_saves_nothing(self, office):
        write(goals=("Först", 0))
        with pytest.raises(StaleTexts):
            write(goals=("Sist", 0), training=("Kurs", 0))
        assert stored() == {"goals": ("Först", 1)}

    def test_last_years_texts_are_copied_on_request_alone_and_only_where_nothing_is_written(self, office):
        write(2020, goals=("Mål 2020", 0), training=("Kurs 2020", 0))
        write(goals=("Mål 2021", 0))
        eva = signed_in(office, EVA)
        page = eva.get(PAGE)
        assert "Kurs 2020" not in page.text
        page = eva.click("Börja med texterna från 2020 där inget är skrivet")
        assert "Kurs 2020" in page.text
        assert stored() == {"goals": ("Mål 2021", 1)}
        eva.submit({}, form="goals")
        assert stored() == {"goals": ("Mål 2021", 1), "training": ("Kurs 2020", 1)}

    def test_a_personnummer_is_refused_and_a_name_pointed_out(self, office):
        eva = signed_in(office, EVA)
        eva.get(PAGE)
        page = eva.submit({"goals": "Om 19121212-1212"}, form="goals", status=422)
        assert "Texten ser ut att innehålla ett personnummer. Skriv utan det." in page.text
        page = eva.submit({"goals": "Vi talade med Sven Svensk om målen."}, form="goals")
        assert "Mål och strategier: Sven Svensk" in page.text
        assert stored() == {"goals": ("Vi talade med Sven Svensk om målen.", 1)}

    def test_who_works_for_a_part_of_the_house_neither_writes_nor_reads_the_draft(self, office):
        make_unit("Vuxen")
        make_user("bo@kommun.example", "kvalitet", unit="Vuxen")
        bo = signed_in(office, "bo@kommun.example")
        bo.get(PAGE, status=403)
        bo.get(STORY, status=403)
        bo.get("/rapporter/kvalitet/2021/las", status=403)
        assert bo.get("/rapporter/kvalitet/2021").status == 200


class TestThePapers:
    """Headings in their order, the registers' figures under them, and no other."""

    def test_every_heading_stands_in_its_order_with_its_text(self, published):
        write(**{section.value: (f"Ord om {section}", 0) for section in StorySection})
        word, pdf = papers()
        assert [one.heading for one in word if one.heading in HEADINGS] == HEADINGS
        assert all(squeezed(f"Ord om {section}") in pdf for section in StorySection)
        places = [pdf.index(squeezed(f"Ord om {section}")) for section in StorySection]
        assert places == sorted(places)
        assert word[1].texts == [
            "Avstämningsdatum 31 december 2021 · UTKAST",
            "Små tal som skulle kunna peka ut någon visas inte, eller är sammanräknade med andra.",
        ]
        assert "UTKAST" in pdf

    def test_the_published_figures_stand_by_themselves(self, published):
        word, pdf = papers()
        lex_sarah = part(word, "Lex Sarah")
        assert lex_sarah.texts == [
            "93 rapporter kom in. 69 av 93 beslutade utreddes inom två månader (eget mål).",
        ]  # fmt: skip
        assert [row[1] for row in lex_sarah.tables[0]] == ["Antal", "93", "93", "69", "74,2 %", "4", "9"]
        assert part(word, "Inkomna, efter enhet").tables == [
            [["Enhet", "Antal"], ["Vuxen 2", "44"], ["Vuxen 1", "26"], ["Barn", "23"]],
        ]  # fmt: skip
        deviations = part(word, "Avvikelser")
        assert deviations.texts == ["22 ingående + 115 inkomna − 59 avslutade = 78 utgående."]
        assert [row[1] for row in deviations.tables[0]] == ["Antal", "22", "115", "59", "37", "78"]
        assert part(word, "Klagomål").texts == ["17 av 22 besvarades inom tio dagar. Beröm räknas ej."]
        assert [row[1] for row in part(word, "Åtgärder").tables[0]] == ["Antal", "78", "44", "3"]
        # One risk, 3 × 4, and one kontrollmoment with 9 of 10 approved.
        assert part(word, "Riskanalyser").texts == ["1 risk är bedömd. På nettolistan står 1."]
        assert part(word, "Egenkontroller").tables[0][1:] == [
            ["Planerade", "1"], ["Genomförda", "1"], ["Ej genomförda", "0"],
        ]  # fmt: skip
        assert [row[1] for row in part(word, "Intern kontroll").tables[0]] == ["Antal", "1", "0", "0", "0"]
        assert part(word, "Ej verkställda").tables[0][1:] == [
            ["Kvartal 1, 31 mars 2021", "0"], ["Kvartal 2, 30 juni 2021", "0"],
            ["Kvartal 3, 30 september 2021", "0"], ["Kvartal 4, 31 december 2021", "0"],
        ]  # fmt: skip
        for said in (
            "69 av 93 beslutade utreddes inom två månader (eget mål).",
            "Anmälda till IVO 9",
            "22 ingående + 115 inkomna − 59 avslutade = 78 utgående.",
            "17 av 22 besvarades inom tio dagar.",
            "Genomförda under året 78",
            "Beslutade och inte genomförda 44",
            "Varav försenade 3",
        ):
            assert squeezed(said) in pdf
        page = signed_in(published, EVA).get(STORY)
        assert "22 ingående + 115 inkomna − 59 avslutade = 78 utgående." in page.text
        assert page.table("Åtgärder").column("Antal") == ["78", "44", "3"]

    def test_a_heading_without_text_and_figures_is_left_out(self, office):
        write(goals=("Mål", 0))
        word, pdf = papers()
        found = [one.heading for one in word if one.heading in HEADINGS]
        assert found == [
            "Mål och strategier", "Avvikelser", "Lex Sarah", "Klagomål och synpunkter", "Ej verkställda beslut",
            "Åtgärder",
        ]  # fmt: skip
        assert "Utbildningar" not in pdf
        page = signed_in(office, EVA).get(STORY)
        assert "Rubriken är inte med i Word och PDF." in page.text

    def test_small_groups_are_told_together(self, office):
        """20, 9 and 3: the 3 would be the difference. 8, 6, 2 and 1: 2 and 1 are three, so the 6 goes with them."""
        for name in ("Vuxen", "Barn", "Liten"):
            make_unit(name)
        rows = [(f"L{n}", "Vuxen" if n < 20 else "Barn" if n < 29 else "Liten", "2021-03-01") for n in range(32)]
        office.imports("lex-sarah", lines("ref;enhet;mottagen", *rows))
        kinds = ["Hot"] * 8 + ["Fall"] * 6 + ["Stöld"] * 2 + ["Brand"]
        office.imports("deviations", lines(
            "ref;rapporterad;kategori", *((f"A{n}", "2021-03-01", kind) for n, kind in enumerate(kinds)),
        ))  # fmt: skip
        word, _pdf = papers()
        assert part(word, "Inkomna, efter enhet").tables[0][1:] == [["Vuxen", "20"], ["Övriga enheter", "12"]]
        assert part(word, "Inkomna avvikelser, efter kategori").tables[0][1:] == [["Hot", "8"], ["Övriga", "9"]]

    def test_a_table_that_would_tell_one_number_alone_is_not_there(self, office):
        for name in ("Vuxen", "Barn"):
            make_unit(name)
        office.imports(
            "lex-sarah", lines("ref;enhet;mottagen", ("1", "Vuxen", "2021-03-01"), ("2", "Barn", "2021-03-01"))
        )
        office.imports("deviations", lines("ref;rapporterad", *((f"A{n}", "2021-03-01") for n in range(9))))
        headings = [one.heading for one in papers()[0]]
        assert not [one for one in headings if one.startswith(("Inkomna, efter", "Inkomna avvikelser"))]

    def test_markup_is_set_as_typed(self, office):
        typed = "#panic(1) {{ 7*7 }} {% for x in y %} <b>"
        write(goals=(typed, 0))
        word, pdf = papers()
        assert part(word, "Mål och strategier").texts == [typed]
        assert squeezed(typed) in pdf

    def test_the_programs_own_template_is_made_by_its_script(self):
        from scripts.story_template import template

        assert TEMPLATE.read_bytes() == template()
