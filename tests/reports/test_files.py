"""Every file of every reader is opened and read back: each number is the document's, and nothing is too much."""

import io
import json
from datetime import date

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from tests.decisions.running import run
from tests.reports.comparing import check_file
from tests.reports.reading import made, part, pdf_text, squeezed, unpacked, word_parts
from tests.reports.test_quarter_command import REGISTER, make_decisions
from tests.reports.test_quarter_page_readers import COMMAND, PUBLISHED
from tracker.database import db
from tracker.decisions.models import DecisionClock
from tracker.records.models import Mark

AUDIENCES = ("intern", "namnd", "revisor", "fullmaktige")


@pytest.fixture
def office(app, frozen_day):
    """A register with every class and one protected person."""
    frozen_day(date(2025, 7, 15))
    make_decisions(REGISTER)
    db.session.query(DecisionClock).filter_by(ref="F-9").update({"mark": Mark.PROTECTED})
    db.session.commit()
    return app


def file(app, report_format: str, audience: str) -> bytes:
    ran = run(app, "report", "quarter", 2025, 2, "--format", report_format, "--audience", audience)
    assert ran.code == 0, ran.err
    return ran.raw


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("report_format", ["docx", "pdf", "xlsx", "csv"])
def test_every_number_in_a_file_is_the_jsons(office, audience, report_format):
    document = json.loads(file(office, "json", audience))
    assert document["counts"]["missed"] == 1
    assert document["rows"] or audience == "fullmaktige"
    check_file(document, report_format, file(office, report_format, audience))


@pytest.mark.parametrize("audience", AUDIENCES)
def test_every_sheet_of_the_workbook_has_filters_and_a_head_that_stays(office, audience):
    for sheet in load_workbook(io.BytesIO(file(office, "xlsx", audience))):
        assert sheet.freeze_panes == "A2", sheet.title
        assert sheet.auto_filter.ref == f"A1:{sheet.cell(1, sheet.max_column).column_letter}{_last(sheet)}", sheet.title


def _last(sheet) -> int:
    """The last row of the table: notes stand one line below it."""
    return next((at - 1 for at in range(2, sheet.max_row + 1) if sheet.cell(at, 1).value is None), sheet.max_row)


@pytest.mark.parametrize("audience", AUDIENCES)
def test_the_workbook_explains_every_column_and_every_class(office, audience):
    book = load_workbook(io.BytesIO(file(office, "xlsx", audience)))
    explained = {(row[0], row[1]): row[2] for row in book["Förklaring"].iter_rows(min_row=2, values_only=True)}
    for name in ("Per insats", "Beslut"):
        if name in book.sheetnames:
            for cell in book[name][1]:
                assert len(explained[name, cell.value]) > 10
    for row in book["Sammanställning"].iter_rows(min_row=5, values_only=True):
        if row[0] not in {"avstämningsdatum", "föregående avstämningsdatum"}:
            assert explained["Sammanställning", row[0]]
    assert any("16 kap. 6 f–6 h §§" in text for text in explained.values()), "the law of the cut-off day"


@pytest.mark.parametrize("audience", AUDIENCES[1:])
def test_no_file_that_leaves_the_house_holds_a_ref_an_identity_or_somebodys_own_words(office, audience):
    secrets = [str(row["ref"]) for row in REGISTER] + ["19121212", "121212", "Svensson", "Storgatan"]
    for report_format in ("docx", "xlsx"):
        for member in unpacked(file(office, report_format, audience)):
            assert not [secret for secret in secrets if secret.encode() in member]
    data = file(office, "pdf", audience)
    assert not [secret for secret in secrets if secret in pdf_text(data)]
    assert not [secret for secret in secrets if secret in str(PdfReader(io.BytesIO(data)).metadata)]


@pytest.mark.parametrize("report_format", ["docx", "pdf", "xlsx"])
def test_a_protected_person_is_told_but_not_listed_on_paper(office, report_format):
    data = file(office, report_format, "namnd")
    said = pdf_text(data) if report_format == "pdf" else squeezed(b"".join(unpacked(data)).decode(errors="ignore"))
    assert squeezed("1 skyddad visas inte") in said
    day = "45627" if report_format == "xlsx" else "2024-12-01"  # the same day, as Excel counts
    assert said.count(day) == 1, "F-10 is listed and F-9, of the same day, is not"


@pytest.mark.parametrize("report_format", ["docx", "pdf"])
def test_the_published_list_gives_the_committees_four_headings_in_its_order_with_its_sums(
    app, frozen_day, report_format
):
    """Ten executed, two closed, sixteen still unexecuted and five new: 33, as in the paper of 2022-02-15."""
    frozen_day(date(2022, 2, 15))
    assert run(app, "import", "decisions", PUBLISHED).code == 0
    data = run(app, *COMMAND, "--audience", "namnd", "--format", report_format).raw
    headings = ["Återrapportering, verkställda, 10", "Återrapportering, avslutade utan verkställighet, 2",
                "Återrapportering, ännu inte verkställda, 16", "Nya att rapportera, 5"]  # fmt: skip
    if report_format == "pdf":
        text = pdf_text(data)
        places = [text.index(squeezed(heading)) for heading in headings]
        assert places == sorted(places)
        assert "Alla33" in text
        assert "Sent" not in text[: text.index("Perinsats")], "a late class that is empty is left out"
        return
    parts = word_parts(data)
    assert [found.heading for found in parts if found.heading[:2] in {"Åt", "Ny", "Se"}] == headings
    assert part(parts, "Sammanställning").tables[0][-1] == ["Alla", "33"]
    reasons = [row[-1] for row in part(parts, headings[3]).tables[0][1:]]
    assert reasons == ["Resursbrist: utförare saknas"] * 3 + ["Resursbrist: lägenhet saknas"] * 2


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("report_format", ["docx", "pdf"])
def test_an_empty_register_gives_a_paper_of_zeros(app, audience, report_format):
    data = file(app, report_format, audience)
    text = pdf_text(data) if report_format == "pdf" else squeezed(str(word_parts(data)))
    assert squeezed("Noll är också en rapport") in text


def test_the_same_document_gives_the_same_bytes(office):
    document = json.loads(file(office, "json", "namnd"))
    for report_format in ("xlsx", "docx", "pdf"):
        assert made(document, report_format) == made(document, report_format)
