"""The follow-up of internal control as Word and PDF: the published year, what is not there, what is typed, the tags."""

import io
import re
from datetime import date
from itertools import pairwise

import pytest
from docx import Document
from pypdf import PdfReader

from tests.control.office import ControlOffice, hide, risk
from tests.decisions.running import run
from tests.factories import PASSWORD, make_user
from tests.reports.reading import Part, part, pdf_text, squeezed, tags, word_parts
from tests.support.pages import PageClient
from tracker.reports.rendering.control import TEMPLATE

TRENDS = [
    ["Kontrollmoment", "2019", "2020", "2021"],
    ["K1 Stickprovskontroll av dokumentation", "— inget resultat", "● God", "● God"],
    ["K2 Stickprov av registerutdrag för externt nyanställda", "● God", "— inget resultat", "● God"],
    ["K3 Webbtillsyn", *["— inget resultat"] * 2, "— Ej genomförd"],
    ["K4 Stickprovskontroll av nyanställda", *["— inget resultat"] * 2, "◆ Godtagbar"],
    ["K5 Kontroll av fakturor för direktupphandlingar", "● God", "● God", "● God"],
    ["K6 Kontroll av ramavtalstrohet", "● God", "● God", "● God"],
    ["K7 Stickprov på fakturor för representation, kurser och konferenser", "● God", "◆ Godtagbar", "◆ Godtagbar"],
]
RISKS = {
    "R1, riskvärde 12 (3 × 4), Hög": ["K2", "● God", "10", "10", "100 %"],
    "R2, riskvärde 12 (4 × 3), Hög": ["K6", "● God", "300", "295", "98 %"],
    "R3, riskvärde 12 (4 × 3), Hög": ["K5", "● God", "300", "300", "100 %"],
    "R4, riskvärde 9 (3 × 3), Hög": ["K7", "◆ Godtagbar", "221", "139", "63 %"],
    "R5, riskvärde 9 (3 × 3), Hög": ["K1", "● God", "6", "6", "100 %"],
    "R6, riskvärde 9 (3 × 3), Hög": ["K4", "◆ Godtagbar", "38", "33", "87 %"],
    "R7, riskvärde 12 (4 × 3), Hög": ["K3", "— Ej genomförd", "0", "0", "–"],
}
WITHOUT_RISK = "Kontrollmoment utan angiven risk"
HEADINGS = [
    "Beslut", "Sammanfattning", "Sammanfattning i siffror", "Tre år", "Nettolista risker", "Riskmatris",
    "Årets kontroller", *RISKS, "Analys", "God, 4", "Godtagbar, 2", "Ej godkänd, 0", "Ej genomförd, 1",
]  # fmt: skip
HOSTILE = "#panic(1) {{ 7*7 }} {% for x in y %} $x^2$ <b>&lt;w:p/&gt;</b>"


BO, EVA = "bo@kommun.example", "eva@kommun.example"


@pytest.fixture
def empty(app, tmp_path, frozen_day):
    """An office on 15 February 2022, with an empty database."""
    frozen_day(date(2022, 2, 15))
    return ControlOffice(app, tmp_path)


@pytest.fixture
def office(empty):
    """An office that holds the published year."""
    empty.publish()
    return empty


def signed_in(office: ControlOffice, email: str) -> PageClient:
    visitor = PageClient(office.app)
    visitor.sign_in(email, PASSWORD)
    return visitor


def paper(office: ControlOffice, report_format: str, year: int = 2021) -> bytes:
    """The file, as the command writes it."""
    path = office.folder / f"uppfoljning.{report_format}"
    ran = run(office.app, "report", "control", year, "--format", report_format, "--output", path)
    nothing = "Det finns ingen internkontroll för 2035. Rapporten är tom.\n"
    assert (ran.code, ran.err) == (0, nothing if year == 2035 else ""), ran
    return path.read_bytes()


def word(office: ControlOffice, year: int = 2021) -> list[Part]:
    """The Word file, heading by heading."""
    return word_parts(paper(office, "docx", year))


class TestThePublishedYear:
    """What a municipality published for 2021."""

    def test_word_has_the_sections_of_the_published_ones(self, office):
        found = word(office)
        assert [one.heading for one in found] == ["", "Uppföljning av internkontrollplan 2021", *HEADINGS]
        assert found[1].texts == ["15 februari 2022 · UTKAST"]

    def test_word_begins_with_the_years_sentence_and_counts(self, office):
        found = word(office)
        assert part(found, "Beslut").texts == ["Nämnden godkänner uppföljning av internkontrollplan 2021."]
        assert part(found, "Sammanfattning").texts == [
            "God följsamhet i 4 av 7 kontrollmoment. Godtagbar i 2, ej godkänd i 0, ej genomförd 1."
        ]
        assert part(found, "Sammanfattning i siffror").texts == []
        assert part(found, "Sammanfattning i siffror").tables == [
            [["Bedömning", "Kontrollmoment"], ["● God", "4"], ["◆ Godtagbar", "2"], ["■ Ej godkänd", "0"],
             ["— Ej genomförd", "1"], ["Alla", "7"]]
        ]  # fmt: skip

    def test_word_tells_three_years_by_shape_and_word(self, office):
        assert part(word(office), "Tre år").tables == [TRENDS]

    def test_word_has_the_risks_with_value_and_level(self, office):
        head, *rows = part(word(office), "Nettolista").tables[0]
        assert head == ["Ref", "Risk", "S", "K", "Riskvärde", "Nivå", "Hantering", "Motivering"]
        assert [row[0] for row in rows] == [f"R{number}" for number in range(1, 8)]
        assert [row[2:7] for row in rows][:2] == [
            ["3", "4", "12", "Hög", "Kontrollera"], ["4", "3", "12", "Hög", "Kontrollera"],
        ]  # fmt: skip
        assert [row[4] for row in rows] == ["12", "12", "12", "9", "9", "9", "12"]

    def test_word_has_the_matrix_as_a_table_with_the_level_of_each_cell_in_words(self, office):
        assert part(word(office), "Riskmatris").tables == [
            [
                ["Sannolikhet \\ konsekvens", "1 Försumbar", "2 Lindrig", "3 Kännbar", "4 Allvarlig"],
                ["4 Sannolik", "0 · Måttlig", "0 · Måttlig", "3 · Hög", "0 · Kritisk"],
                ["3 Möjlig", "0 · Låg", "0 · Måttlig", "3 · Hög", "1 · Hög"],
                ["2 Mindre sannolik", "0 · Låg", "0 · Måttlig", "0 · Måttlig", "0 · Måttlig"],
                ["1 Osannolik", "0 · Låg", "0 · Låg", "0 · Låg", "0 · Måttlig"],
            ]
        ]

    def test_word_has_every_kontrollmoment_with_its_figures_below_its_risk(self, office):
        found, notes = word(office), {}
        for heading, figures in RISKS.items():
            of_risk = part(found, heading)
            ((head, row),) = of_risk.tables
            assert head == [
                "Ref", "Kontrollmoment", "Bedömning", "Granskade", "Godkända", "Följsamhet", "Kommentar",
            ]  # fmt: skip
            assert [row[0], *row[2:6]] == figures
            notes[row[0]] = row[6]
        assert part(found, "R7,").texts == ["Bristande informationshantering bryter mot lag"]
        assert notes["K3"] == "Kontrollens omfattning var för bred, kommer omarbetad nästa år"
        assert notes["K4"] == "Registerutdrag 18 av 18, bisyssla 15 av 20"

    def test_word_names_the_moments_of_each_grade(self, office):
        found = word(office)
        assert part(found, "Godtagbar, 2").texts == [
            "K4 Stickprovskontroll av nyanställda: 87 %",
            "K7 Stickprov på fakturor för representation, kurser och konferenser: 63 %",
        ]
        assert part(found, "Ej godkänd, 0").texts == ["Inga kontrollmoment."]
        assert part(found, "Ej genomförd, 1").texts == [
            "K3 Webbtillsyn: Kontrollens omfattning var för bred, kommer omarbetad nästa år"
        ]

    def test_pdf_says_what_word_says(self, office):
        text = re.sub(r"[-\xad]", "", pdf_text(paper(office, "pdf")))  # a hyphen may end a line
        for one in word(office):
            for said in (one.heading, *one.texts, *(cell for table in one.tables for row in table for cell in row)):
                assert re.sub(r"[-\xad]", "", squeezed(said)) in text, said
        assert "K4Stickprovskontrollavnyanställda◆Godtagbar383387%" in text


def test_the_pdf_is_tagged_in_swedish_with_heads_on_every_table(office):
    reader = PdfReader(io.BytesIO(paper(office, "pdf")))
    root = reader.trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("sv-SE", True)
    assert b"pdfuaid:part>1<" in root["/Metadata"].get_object().get_data()
    assert reader.metadata.title == "Uppföljning av internkontrollplan 2021"
    assert reader.metadata.creation_date.date() == date(2022, 2, 15)
    kinds = [kind for kind, _ in tags(paper(office, "pdf"))]
    assert kinds.count("/Table") == 4 + 7
    assert kinds.count("/TH") == 2 + 4 + 8 + 5 + 7 * 7
    levels = [int(kind[2:]) for kind in kinds if kind[:2] == "/H" and kind[2:].isdigit()]
    assert all(after - before <= 1 for before, after in pairwise(levels)), levels


def test_the_word_file_says_what_it_is(office):
    properties = Document(io.BytesIO(paper(office, "docx"))).core_properties
    assert (properties.title, properties.language) == ("Uppföljning av internkontrollplan 2021", "sv-SE")
    assert properties.created.date() == date(2022, 2, 15)


def test_what_is_not_on_the_net_list_is_counted_in_the_matrix_alone(empty):
    empty.imports(
        "risks", "ar;ref;risk;sannolikhet;konsekvens;motivering;motivering_konsekvens;nettolista;nettolista_skal\n"
        "2021;R1;Avtal;3;4;Ofta.;Dyrt;;\n2021;R2;Jäv;2;2;;;nej;Bevakas\n",
    )  # fmt: skip
    found = word(empty)
    (_, row), *_ = part(found, "Nettolista").tables
    assert (row[0], row[-1]) == ("R1", "Ofta. Konsekvens: Dyrt")
    matrix = part(found, "Riskmatris")
    assert "Matrisen räknar alla risker på bruttolistan. Av dem är 1 inte med på nettolistan." in matrix.texts
    assert [matrix.tables[0][2][4], matrix.tables[0][3][2]] == ["1 · Hög", "1 · Måttlig"]
    text = pdf_text(paper(empty, "pdf"))
    assert "Jäv" not in text
    assert "Avdemär1intemedpånettolistan." in text
    assert [risk["ref"] for risk in empty.report(2021)["risks"]] == ["R1", "R2"]


def test_whoever_searches_the_pdf_for_a_kontrollmoment_finds_its_words_whole(empty):
    name = "Utbetalningar av försörjningsstöd har rätt beslutsunderlag och dokumentationsskyldigheten uppfylls"
    rest = "Kommunledningsförvaltningens upphandlingsorganisation behandlar avtalsuppföljningar kontinuerligt"
    empty.imports("risks", f"ar;ref;risk;sannolikhet;konsekvens;motivering\n2021;R1;{rest};3;4;{name}\n")
    empty.imports("controls", f"ar;ref;risk_ref;kontrollmoment;kommentar\n2021;K1;R1;{name};{rest}\n")
    raw = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(paper(empty, "pdf"))).pages)
    words = raw.split()
    # three years, the table of the risk, the analysis; the motivation of the risk
    assert [words.count(word) for word in ("försörjningsstöd", "beslutsunderlag", "dokumentationsskyldigheten")] == [
        4, 4, 3,
    ]  # fmt: skip
    # the risk in its table and above its kontrollmoment, the comment
    assert words.count("Kommunledningsförvaltningens") == words.count("avtalsuppföljningar") == 3
    assert raw.count("\xad") + raw.count("-\n") == 2  # of the longest words, in the narrow columns of risks


def test_a_word_that_no_column_holds_is_cut_and_does_not_run_into_the_next(empty):
    word_of_its_own = "dokumentationsskyldighetsuppföljningskontrollverksamhetsplanering"
    empty.imports("controls", f"ar;ref;kontrollmoment\n2021;K1;{word_of_its_own}\n")
    raw = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(paper(empty, "pdf"))).pages)
    assert raw.count(word_of_its_own) == 1  # in the analysis, which is as wide as the page
    assert squeezed(raw.replace("\xad", "").replace("-\n", "")).count(word_of_its_own) == 3


def test_an_empty_year_is_a_paper_that_says_so(empty):
    found = word(empty, 2035)
    assert part(found, "Sammanfattning").texts[0].startswith("God följsamhet i 0 av 0 kontrollmoment.")
    assert part(found, "Nettolista").texts == ["Inga risker."]
    assert part(found, "Årets kontroller").texts == ["Inga kontrollmoment."]
    text = pdf_text(paper(empty, "pdf", 2035))
    assert all(said in text for said in ("Ingarisker.", "Ingakontrollmoment."))


def test_kontrollmoment_stand_in_natural_order_below_their_risks_and_those_without_one_last(empty):
    empty.imports("risks", "ar;ref;risk;sannolikhet;konsekvens\n2021;R10;Tio;1;1\n2021;R2;Två;4;4\n2021;R3;Tre;2;2\n")
    empty.imports(
        "controls", "ar;ref;risk_ref;kontrollmoment;ej_genomford;kommentar\n2021;K10;R2;A;;\n"
        "2021;K2;R2;B;Hanns inte.;Ny.\n2021;K1;;C;;\n2021;K3;R10;D;;\n",
    )  # fmt: skip
    found = word(empty)
    at = [one.heading for one in found].index("Årets kontroller")
    assert [(one.heading, one.texts, [row[0] for row in one.tables[0][1:]]) for one in found[at + 1 : at + 4]] == [
        ("R2, riskvärde 16 (4 × 4), Kritisk", ["Två"], ["K2", "K10"]),
        ("R10, riskvärde 1 (1 × 1), Låg", ["Tio"], ["K3"]),
        (WITHOUT_RISK, [], ["K1"]),
    ]
    assert found[at + 4].heading == "Analys"
    assert [row[6] for row in found[at + 1].tables[0][1:]] == ["Hanns inte. Ny", "Inget är granskat än"]
    make_user(EVA, "internkontroll")
    page = signed_in(empty, EVA).get("/rapporter/internkontroll/2021")
    assert [row[0].split()[-1] for row in page.table("R2, riskvärde 16 (4 × 4), Kritisk").rows] == ["K2", "K10"]
    assert page.table(WITHOUT_RISK).rows == [["C K1", "— Ej genomförd", "0", "0", "–", "Inget är granskat än"]]
    assert page.text.index("R10, riskvärde 1") < page.text.index(WITHOUT_RISK) < page.text.index("Slutlig analys")


@pytest.mark.parametrize("way", ["closed", "protected"])
def test_a_risk_that_is_hidden_is_not_told_by_how_kontrollmoment_are_grouped(office, way):
    make_user(EVA, "internkontroll")
    make_user(BO, "internkontroll")
    hide(risk("R1"), way, seer=EVA, other=BO)
    text = risk("R1").text
    path = office.folder / "del"
    for shape in ("docx", "pdf"):
        ran = run(office.app, "report", "control", 2021, "--format", shape, "--by", BO, "--output", path)
        assert ran.code == 0
        if shape == "docx":
            found = word_parts(path.read_bytes())
            assert [row[0] for row in part(found, WITHOUT_RISK).tables[0]] == ["Ref", "K2"]
            assert [one.heading for one in found if one.heading.startswith("R1")] == []
            said = squeezed(" ".join(one.heading + "".join(one.texts) for one in found))
        else:
            said = pdf_text(path.read_bytes())
        assert squeezed(WITHOUT_RISK) in said
        assert "R1,riskvärde" not in said
        assert squeezed(text) not in said
    page = signed_in(office, BO).get("/rapporter/internkontroll/2021")
    assert [row[0].split()[-1] for row in page.table(WITHOUT_RISK).rows] == ["K2"]
    assert text not in page.text
    page = signed_in(office, EVA).get("/rapporter/internkontroll/2021")
    assert [row[0].split()[-1] for row in page.table("R1, riskvärde 12 (3 × 4), Hög").rows] == ["K2"]


def test_texts_that_look_like_markup_stand_as_typed(empty):
    empty.imports("risks", f"ar;ref;risk;sannolikhet;konsekvens\n2021;R1;{HOSTILE.replace(';', '')};1;1\n")
    typed = HOSTILE.replace(";", "")
    assert part(word(empty), "Nettolista").tables[0][1][1] == typed
    assert squeezed(typed) in pdf_text(paper(empty, "pdf"))


def test_the_same_day_gives_the_same_bytes(office):
    assert [paper(office, "pdf"), paper(office, "docx")] == [paper(office, "pdf"), paper(office, "docx")]


def test_the_programs_template_is_what_its_script_makes():
    from scripts.control_template import template

    assert TEMPLATE.read_bytes() == template()
