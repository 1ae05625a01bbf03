"""Exports are tables any program opens, and none takes text for a formula."""

import io
import unicodedata
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.exchange.reading import read_table
from tracker.exchange.writing import Column, Sheet, safe_cell, watched, write_csv, write_xlsx

COLUMNS = (Column("ref", "Ref"), Column("dag", "Dag", width=12, kind="date"), Column("tal", "Tal", kind="number"))
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\rx", " =1", "\n@x", "-", "\xa0=1"]
INJECTION = '<r></is></c><c r="B2"><f>1+1</f></c><c r="C2"><is></r>'


def csv_text(rows, columns=COLUMNS):
    return "".join(write_csv(columns, rows))


def xlsx_bytes(rows, columns=COLUMNS, **options):
    target = io.BytesIO()
    write_xlsx(target, [Sheet("Beslut", columns, rows, **options)])
    return target.getvalue()


@pytest.mark.parametrize("text", FORMULAS)
def test_texts_that_look_like_formulas_are_guarded(text):
    assert safe_cell(text) == "'" + text


@pytest.mark.parametrize("text", ["", "a=1", "A-1", "1+1", "'=1", "Åsa", " x"])
def test_other_texts_are_left_alone(text):
    assert safe_cell(text) == text


def test_csv_is_exactly_this():
    rows = [
        ("A;1", date(2021, 3, 31), -5),
        ('=x"y', None, 2.5),
        ("två\nrader", datetime.fromisoformat("2021-03-31T08:30"), True),
    ]
    assert csv_text(rows) == (
        '\ufeffRef;Dag;Tal\r\n"A;1";2021-03-31;-5\r\n"\'=x""y";;2.5\r\n"två\nrader";2021-03-31 08:30:00;ja\r\n'
    )


def test_csv_comes_in_pieces_and_reads_the_rows_as_it_goes():
    taken = []

    def rows():
        for number in range(2_000):
            taken.append(number)
            yield (str(number), None, number)

    pieces = write_csv(COLUMNS, rows())
    assert next(pieces).startswith("\ufeffRef;Dag;Tal\r\n0;;0\r\n")
    assert len(taken) == 500
    assert "".join(pieces).endswith("1999;;1999\r\n")


def test_csv_of_no_rows_has_its_head():
    assert csv_text([]) == "\ufeffRef;Dag;Tal\r\n"


def test_xlsx_has_real_dates_bold_frozen_head_filter_and_notes():
    data = xlsx_bytes([("A-1", date(2021, 3, 31), 3), (None, date(1850, 1, 1), None)], notes=["Uttag 2021."])
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Beslut"]
    assert sheet["B2"].value == datetime.fromisoformat("2021-03-31")
    assert sheet["B2"].number_format == "yyyy-mm-dd"
    assert sheet["B3"].value == "1850-01-01"
    assert (sheet["C2"].value, sheet["A3"].value) == (3, None)
    assert sheet["A1"].font.bold
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:C3"
    assert sheet.column_dimensions["B"].width == pytest.approx(12.71, abs=0.01)
    assert sheet["A5"].value == "Uttag 2021."


@pytest.mark.parametrize(
    "text", [*FORMULAS, INJECTION, "{=1}", "https://a.se", "mailto:a@b.se", "12", "<r>x</r>", "_x0041_"]
)
def test_xlsx_texts_stay_texts(text):
    data = xlsx_bytes([(text, None, None)])
    xml = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in xml
    assert b"hyperlink" not in xml
    cell = openpyxl.load_workbook(io.BytesIO(data))["Beslut"]["A2"]
    assert cell.data_type in {"s", "inlineStr"} or text.startswith("=")
    if text not in {"\rx", "_x0041_"}:
        assert cell.value == text
    if text.strip() == text:
        assert read_table(data, filename="x").rows[0].cells[0] == text


def test_control_signs_are_stripped_from_both_kinds():
    row = [("a\x00b\x0bc\ufffe\x85d\ud800", None, None)]
    assert "abcd" in csv_text(row)
    assert read_table(xlsx_bytes(row), filename="x").rows[0].cells[0] == "abcd"


def test_a_second_sheet_and_an_empty_one_are_written(tmp_path):
    path = tmp_path / "b.xlsx"
    write_xlsx(str(path), [Sheet("Ett", COLUMNS, []), Sheet("Två", COLUMNS, [("x", None, None)])])
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Ett", "Två"]
    assert book["Två"]["A2"].value == "x"
    assert book["Ett"].auto_filter.ref == "A1:C1"


texts = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]) | st.just("\n"), max_size=60).map(str.strip)
composed = texts.map(lambda text: unicodedata.normalize("NFC", text))  # as they are read
plain = composed.filter(lambda text: not text.startswith("'"))
cells = st.tuples(plain.map(lambda text: "R" + text), st.dates(date(1900, 3, 1), date(2100, 12, 31)), plain)


@pytest.mark.parametrize("write", [csv_text, xlsx_bytes])
def test_who_watches_is_told_of_each_thousand_rows_and_of_the_end(write):
    told = []
    with watched(told.append):
        write([("A", None, number) for number in range(2_500)])
    assert told == [1_000, 2_000, 2_500]
    write([("A", None, 1)])
    assert told == [1_000, 2_000, 2_500]


@given(st.lists(cells, min_size=1, max_size=8))
@settings(deadline=None, max_examples=150)
def test_what_is_written_is_read_back(rows):
    columns = (*COLUMNS[:2], Column("text", "Text"))
    numbers = range(2, 2 + len(rows))
    from_xlsx = read_table(xlsx_bytes(rows, columns), filename="x")
    assert from_xlsx.columns == ("Ref", "Dag", "Text")
    assert from_xlsx.rows == list(zip(numbers, rows, strict=True))
    from_csv = read_table(csv_text(rows, columns).encode(), filename="x")
    assert [row.cells for row in from_csv.rows] == [(ref, day.isoformat(), text) for ref, day, text in rows]
