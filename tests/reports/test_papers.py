"""What is typed is shown as it is typed, PDF is tagged, pictures have words and tables, and nothing outside is used."""

import io
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

import pytest
from docx import Document
from docx.oxml.ns import qn
from openpyxl import load_workbook
from pypdf import PdfReader

from tests.reports.reading import made, part, pdf_text, squeezed, tags, unpacked, word_parts
from tracker.reports.rendering.docx import DEFAULT_TEMPLATE
from tracker.reports.rendering.paper import MOST_ROWS
from tracker.rules.quarters import Quarter

HOSTILE = (
    "#panic(1) $x^2$ *fet* _kursiv_ `kod` <etikett> @nyckel",
    "{{ 7*7 }} {% for x in y %} {# tyst #} {_{ 1 }_} {_% x %_}",
    "\\u{41} \\n // bort /* bort */ = rubrik",
    "]] )) }} %} &amp; <b>&lt;w:p/&gt;</b> ' \" ”",
    '=HYPERLINK("http://x.example") #include "/etc/passwd"',
)
CLASSES = ("executed", "closed", "still_unexecuted", "new", "late_executed", "late_closed")
BINS = ("0-2", "3-6", "7-9", "10-12", "13-17", "18+")


@dataclass(frozen=True)
class Series:
    """One insats over the quarters."""

    insats: str
    counts: tuple[int | None, ...]


@dataclass(frozen=True)
class Trend:
    """The last quarters."""

    quarters: tuple[Quarter, ...]
    series: tuple[Series, ...]
    total: tuple[int | None, ...]


EIGHT = Trend(
    tuple(Quarter(year, number) for year in (2020, 2021) for number in (1, 2, 3, 4)),
    (Series("Boendestöd", (1, 2, 3, 4, 5, 6, 7, 8)), Series("Övriga", (10, 20, 30, 40, 50, 60, 70, 80))),
    (11, 22, 33, 44, 55, 66, 77, None),
)


def row(number: int, insats: str, reason: str | None = None) -> dict:
    return {
        "ref": f"B-{number}", "clock": "beslut", "insats": insats, "kon": None, "class": "new",
        "decided_on": "2021-08-26", "interrupted_on": None, "due_on": "2021-11-26", "executed_on": None,
        "closed_on": None, "days": 158, "reason": reason,
    }  # fmt: skip


def document(insatser: tuple[str, ...] = ("Boendestöd",), rows: int = 1, **others: object) -> dict:
    """A report in which `rows` clocks of each insats stand as new, with the insats for its reason."""
    total = len(insatser) * rows
    counts = dict.fromkeys(CLASSES, 0)
    return {
        "report": "quarter", "year": 2021, "quarter": 4, "title": "Ej verkställda beslut, kvartal 4 2021",
        "audience": "intern", "cutoff": "2022-01-31", "previous_cutoff": "2021-10-31", "locked": False,
        "counts": counts | {"new": total, "missed": 0},
        "groups": [
            {"insats": insats, "clock": "beslut", "kon": None, "counts": counts | {"new": rows},
             "bins": dict.fromkeys(BINS, 0) | {"3-6": rows}, "days": {"sum": 158 * rows, "median": 158.0, "max": 158}}
            for insats in insatser
        ],
        "days": {"sum": 158 * total, "median": 158.0, "max": 158},
        "rows": [row(number, insats, insats) for insats in insatser for number in range(1, rows + 1)],
    } | others  # fmt: skip


def test_texts_that_look_like_markup_stand_in_word_as_typed():
    data = made(document(HOSTILE, title=f"Titel {HOSTILE[1]}"), "docx", committee=HOSTILE[0])
    parts = word_parts(data)
    cells = part(parts, "Nya att rapportera").tables[0][1:]
    assert [(line[1], line[-1]) for line in cells] == [(text, text) for text in HOSTILE]
    assert [line[0] for line in part(parts, "Per insats").tables[0][1:]] == list(HOSTILE)
    assert part(parts, "Titel").heading == f"Titel {HOSTILE[1]}"
    assert parts[0].texts == [HOSTILE[0]]
    properties = Document(io.BytesIO(data)).core_properties
    assert (properties.title, properties.author) == (f"Titel {HOSTILE[1]}", HOSTILE[0])


def test_texts_that_look_like_markup_stand_in_pdf_as_typed():
    data = made(document(HOSTILE, title=f"Titel {HOSTILE[1]}"), "pdf", committee=HOSTILE[0])
    text = pdf_text(data).replace("-", "")  # words may be cut at the end of a line
    for typed in HOSTILE:
        assert text.count(squeezed(typed).replace("-", "")) >= 3, typed
    assert PdfReader(io.BytesIO(data)).metadata.title == f"Titel {HOSTILE[1]}"


def test_texts_that_look_like_formulas_stand_in_the_workbook_as_typed():
    book = load_workbook(io.BytesIO(made(document(HOSTILE), "xlsx")))
    assert [line[2].value for line in book["Beslut"].iter_rows(min_row=2)] == list(HOSTILE)
    assert not [cell for sheet in book for line in sheet.iter_rows() for cell in line if cell.data_type == "f"]


@pytest.mark.parametrize("report_format", ["docx", "pdf", "xlsx"])
def test_signs_that_no_file_can_hold_are_left_out(report_format):
    data = made(document(("Boende\x00\x07\x1bstöd\ufffe",)), report_format)
    said = pdf_text(data) if report_format == "pdf" else b"".join(unpacked(data)).decode(errors="ignore")
    assert "Boendestöd" in said


def test_signs_that_the_fonts_of_the_pdf_do_not_have_leave_a_mark_and_the_rest_stands():
    text = pdf_text(made(document(("Stöd 😀 漢字", "ערבית عربي")), "pdf"))
    assert text.count("Stöd\ufffd\ufffd\ufffd") >= 2
    assert "😀" not in text
    assert part(word_parts(made(document(("Stöd 😀 漢字",)), "docx")), "Nya").tables[0][1][1] == "Stöd 😀 漢字"


def test_line_breaks_and_tabs_of_a_text_are_breaks_and_tabs_in_word():
    data = made(document(("Rad ett\nrad två\tefter",)), "docx")
    assert part(word_parts(data), "Nya").tables[0][1][1] == "Rad ett\nrad två\tefter"


def test_the_pdf_is_tagged_in_swedish_and_says_that_it_is_accessible():
    data = made(document(), "pdf", committee="Socialnämnden", trend=EIGHT)
    root = PdfReader(io.BytesIO(data)).trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("sv-SE", True)
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid:part>1<" in root["/Metadata"].get_object().get_data()
    kinds = [kind for kind, _ in tags(data)]
    assert kinds.count("/Figure") == 2
    assert kinds.count("/Table") == 6
    assert kinds.count("/TH") == 2 + 2 + 9 + 8 + 18 + 2, "each column of the six tables has a head"
    levels = [int(kind[2:]) for kind in kinds if kind[:2] == "/H" and kind[2:].isdigit()]
    assert all(after - before <= 1 for before, after in pairwise(levels)), levels


def test_pictures_have_their_numbers_in_words_and_in_a_table_beside_them():
    said = "0–2 månader: 0, 3–6 månader: 1, 7–9 månader: 0, 10–12 månader: 0, 13–17 månader: 0, 18 eller fler"
    trend = "K1 2020: 11, K2 2020: 22, K3 2020: 33, K4 2020: 44, K1 2021: 55, K2 2021: 66, K3 2021: 77, K4 2021: dolt"
    figures = [str(node["/Alt"]) for kind, node in tags(made(document(), "pdf", trend=EIGHT)) if kind == "/Figure"]
    assert [said in figures[0], trend in figures[1]] == [True, True]
    data = made(document(), "docx", trend=EIGHT)
    described = [node.get("descr") for node in Document(io.BytesIO(data)).element.body.iter(qn("wp:docPr"))]
    assert [said in described[0], trend in described[1]] == [True, True]
    parts = word_parts(data)
    assert [line[1] for line in part(parts, "Väntetid").tables[0][1:]] == ["0", "1", "0", "0", "0", "0"]
    assert part(parts, "De senaste åtta kvartalen").tables[0] == [
        ["Insats", *(f"K{number} {year}" for year in (2020, 2021) for number in (1, 2, 3, 4))],
        ["Boendestöd", *map(str, range(1, 9))],
        ["Övriga", *map(str, range(10, 90, 10))],
        ["Alla", "11", "22", "33", "44", "55", "66", "77", "–"],
    ]


def test_the_pictures_of_word_take_the_places_that_the_template_has_for_them():
    data = made(document(), "docx", trend=EIGHT)
    pictures = [member for member in unpacked(data) if member.startswith(b"\x89PNG")]
    assert len(pictures) == 2
    assert all(len(picture) > 3_000 for picture in pictures), "none of the template's grey squares is left"


def test_without_quarters_before_it_nothing_is_said_of_them():
    assert "kvartalen" not in pdf_text(made(document(), "pdf"))
    assert not [found for found in word_parts(made(document(), "docx")) if "kvartalen" in found.heading]
    assert "Kvartal för kvartal" not in load_workbook(io.BytesIO(made(document(), "xlsx"))).sheetnames
    book = load_workbook(io.BytesIO(made(document(), "xlsx", trend=EIGHT)))
    assert [cell.value for cell in book["Kvartal för kvartal"][4]] == ["Alla", 11, 22, 33, 44, 55, 66, 77, "–"]


def test_the_pdf_brings_its_own_fonts_whatever_the_machine_has():
    fonts = set()
    for page in PdfReader(io.BytesIO(made(document(), "pdf"))).pages:
        for font in page["/Resources"]["/Font"].values():
            (inner,) = font.get_object()["/DescendantFonts"]
            descriptor = inner.get_object()["/FontDescriptor"].get_object()
            assert "/FontFile3" in descriptor or "/FontFile2" in descriptor
            fonts.add(str(descriptor["/FontName"]).partition("+")[2].partition("-")[0])
    assert fonts == {"LibertinusSerif"}


def test_files_say_that_they_were_made_on_the_cutoff_day():
    word = Document(io.BytesIO(made(document(), "docx"))).core_properties
    assert {word.created.date(), word.modified.date()} == {date(2022, 1, 31)}
    assert PdfReader(io.BytesIO(made(document(), "pdf"))).metadata.creation_date.date() == date(2022, 1, 31)
    book = load_workbook(io.BytesIO(made(document(), "xlsx")))
    assert book.properties.created == datetime(2022, 1, 31)  # noqa: DTZ001 - as the file has it
    assert book.properties.title == "Ej verkställda beslut, kvartal 4 2021"


def test_a_list_that_is_too_long_for_paper_says_where_all_of_it_stands():
    data = made(document(rows=MOST_ROWS + 1), "docx")
    section = part(word_parts(data), "Nya att rapportera")
    assert section.heading == "Nya att rapportera, 2\u202f001"
    assert len(section.tables[0]) == 1 + MOST_ROWS
    assert section.texts[-1] == "De första 2\u202f000 visas här. Alla står i Excelfilen."


def test_a_locked_report_says_so_and_a_draft_too():
    assert "Utkast" in pdf_text(made(document(), "pdf"))
    locked = pdf_text(made(document(locked=True), "pdf"))
    assert "Låstversion" in locked
    assert "Utkast" not in locked


@pytest.mark.parametrize(
    ("cutoff", "law"),
    [("2025-06-30", "16 kap. 6 f–6 h §§ socialtjänstlagen (2001:453) och 28 f–28 h §§ LSS"),
     ("2025-07-01", "34 kap. 1–3 §§ socialtjänstlagen och 28 f–28 h §§ LSS")],
)  # fmt: skip
def test_the_paper_names_the_law_that_is_in_force_on_the_cutoff_day(cutoff, law):
    found = word_parts(made(document(cutoff=cutoff, previous_cutoff="2025-03-31"), "docx"))
    assert law in part(found, "Ej verkställda beslut").texts[1]


def test_the_programs_template_is_what_its_script_makes():
    from scripts.report_template import template

    assert DEFAULT_TEMPLATE.read_bytes() == template()
