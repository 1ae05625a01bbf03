"""Files are read whole or refused with the places that are wrong."""

import io
import tracemalloc
import zipfile
from dataclasses import replace
from datetime import date, datetime

import pytest

from tests.exchange.files import bomb, csv_bytes, declaring, with_sheet_xml, workbook
from tracker.exchange.errors import CellError, Collector, ImportRefused
from tracker.exchange.reading import DEFAULT_LIMITS, read_table

SHAPES = {"day": "yyyy-mm-dd", "moment": "yyyy-mm-dd hh:mm"}


def read(data, **options):
    return read_table(data, filename="fil", **options)


def refusal(data, **options):
    with pytest.raises(ImportRefused) as refused:
        read(data, **options)
    return refused.value.lines()


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_csv_is_read_with_the_delimiter_of_its_head_row(delimiter, mark):
    table = read(csv_bytes(f"{mark}ref{delimiter}kön\r\nA-1{delimiter}kvinna\r\n"))
    assert table.columns == ("ref", "kön")
    assert table.rows == [(2, ("A-1", "kvinna"))]


def test_delimiters_inside_quotes_do_not_count():
    table = read(csv_bytes('"a,b,c";d\n1;2\n'))
    assert table.columns == ("a,b,c", "d")


def test_row_numbers_are_the_lines_where_records_start():
    table = read(csv_bytes('ref;text\nA;"en\ntvå\ntre"\n;\n\nB;x\n'))
    assert table.rows == [(2, ("A", "en\ntvå\ntre")), (7, ("B", "x"))]


def test_missing_last_cells_are_empty_and_empty_extra_cells_are_let_through():
    assert read(csv_bytes("a;b\n1\n1;2;;\n")).rows == [(2, ("1", "")), (3, ("1", "2"))]


def test_unnamed_columns_without_content_are_dropped():
    table = read(csv_bytes("a;;b;\n1;;2;\n"))
    assert (table.columns, table.rows) == (("a", "b"), [(2, ("1", "2"))])


def test_cells_lose_white_space_and_the_guard_before_formula_signs():
    table = read(csv_bytes("a;b;c;d\n\xa0 x \xa0;'=1+1;'-;'90-tal\n"))
    assert table.rows[0].cells == ("x", "=1+1", "-", "'90-tal")


@pytest.mark.parametrize("cell", ["=1+1", "=HYPERLINK(1)", "+1+1", "@SUM(A1)", "-1+1", "-(2)", "+46"])
def test_an_unguarded_formula_in_a_csv_file_is_refused_at_its_cell(cell):
    with pytest.raises(ImportRefused) as refused:
        read(csv_bytes(f"a;b\n1;{cell}\n"))
    (line,) = refused.value.lines()
    assert line.startswith(f'rad 2, kolumn b: "{cell}" ser ut som en formel.')


@pytest.mark.parametrize("cell", ["-", "-5", "-2,5", "- saknas", "1-1", "a=b"])
def test_a_text_that_is_no_formula_is_let_through(cell):
    assert read(csv_bytes(f"a;b\n1;{cell}\n")).rows[0].cells == ("1", cell)


def test_cp1252_is_read_when_asked_for():
    data = csv_bytes("ref;namn\n1;Åsa\n", "cp1252")
    assert read(data, encoding="cp1252").rows[0].cells == ("1", "Åsa")


def test_a_file_that_is_not_utf8_names_the_row_and_the_way_out():
    (line,) = refusal(csv_bytes("ref;namn\n1;Bo\n2;Åsa\n", "cp1252"))
    assert line.startswith("rad 3: filen är inte sparad som UTF-8")
    assert "--encoding cp1252" in line


def test_a_byte_outside_cp1252_names_the_row():
    assert refusal(b"a;b\n1;\x81\n", encoding="cp1252")[0].startswith("rad 2: filen är inte sparad som cp1252")


def test_an_unknown_encoding_is_refused():
    assert "är okänd" in refusal(b"a;b\n1;2\n", encoding="klingon")[0]


def test_a_single_column_needs_to_be_known():
    assert read(csv_bytes("Enhet\nNorr\n"), known={"enhet"}).rows == [(2, ("Norr",))]
    assert refusal(csv_bytes("Enhet\nNorr\n"))[0].startswith("rad 1: hittar inga kolumner")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "är tom"),
        (b"\xef\xbb\xbf\r\n \r\n", "är tom"),
        ("a;b\n".encode("utf-16"), "UTF-16"),
        (b"%PDF-1.7\n;", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1;", "äldre Excelfil"),
        (b"<!DOCTYPE html><p>a;b", "webbsida"),
        (b"\x89PNG\r\n\x1a\n\0\0;", "rad 3: filen är ingen textfil"),
        (b"a;b\n1;\0\n", "rad 2: filen är ingen textfil"),
        (b"\na;b\n1;2\n", "rad 1: raden är tom"),
        (b";;\n1;2;3\n", "rad 1: raden är tom"),
        (b"a;b;A\n1;2;3\n", "rad 1, kolumn A: kolumnen står två gånger"),
        (b"a;;b\n1;2;3\n", "rad 2, kolumn B: kolumnen har innehåll men inget namn"),
        (b"a;b\n1;2\n1;2;3\n", "rad 3: raden har fler celler"),
        (b'a;b\n1;"x"y\n', 'rad 2: ett citattecken (") följs av text'),
        (b'a;b\n1;2\n1;"x\ny;z\n', 'rad 3: ett citattecken (") öppnas men stängs aldrig'),
        (b'a;b\n1;"' + b"x" * 200_000, 'rad 2: ett citattecken (") öppnas men stängs aldrig'),
        (b"a;b\n1;x\x07y\n", "rad 2, kolumn b: cellen har ett osynligt styrtecken (U+0007)"),
        (b"a;b\n1;" + b"x" * 10_001 + b"\n", "rad 2, kolumn b: texten har 10001 tecken"),
        (b";".join(b"k%d" % i for i in range(201)) + b"\n", "fler än 200 kolumner"),
    ],
)
def test_broken_csv_is_refused_with_its_place(data, message):
    assert message in refusal(data)[0]


def test_all_errors_are_told_at_once_and_the_rest_counted():
    lines = refusal(csv_bytes("a;b\n" + "1;\x01\n" * 60))
    assert len(lines) == 51
    assert lines[0].startswith("rad 2, kolumn b")
    assert lines[49].startswith("rad 51, kolumn b")
    assert lines[50] == "… och 10 fel till"


def test_errors_are_sorted_and_leave_out_what_is_unknown():
    collector = Collector()
    collector.add(7, "ref", "saknas.")
    collector.add(3, None, "är trasig.")
    collector.add(None, None, "filen är trasig.")
    with pytest.raises(ImportRefused) as refused:
        collector.raise_if_any()
    assert refused.value.lines() == ["filen är trasig.", "rad 3: är trasig.", "rad 7, kolumn ref: saknas."]
    assert refused.value.errors[0] == CellError(7, "ref", "saknas.")
    assert refused.value.lines(limit=1) == ["filen är trasig.", "… och 2 fel till"]
    Collector().raise_if_any()


def test_a_file_of_200_000_rows_is_refused_with_the_limit_as_csv_and_xlsx():
    expected = "filen har fler än 150 000 rader, som är det mesta som går att läsa in. Dela upp den i flera filer."
    assert refusal(b"a;b\n" + b"1;2\n" * 200_000) == [expected]
    rows = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (i, i) for i in range(1, 200_002))
    assert refusal(with_sheet_xml(rows)) == [expected]


def test_the_row_limit_itself_is_let_through():
    limits = replace(DEFAULT_LIMITS, max_rows=3)
    assert len(read(b"a;b\n" + b"1;2\n" * 3, limits=limits).rows) == 3
    assert len(read(workbook([["a"], ["1"], ["2"], ["3"]]), limits=limits).rows) == 3
    assert "fler än 3 rader" in refusal(workbook([["a"], ["1"], ["2"], ["3"], ["4"]]), limits=limits)[0]


def test_a_file_of_too_many_bytes_is_refused():
    assert "större än 1 MB" in refusal(b"a;b\n" * 300_000, limits=replace(DEFAULT_LIMITS, max_bytes=1_000_000))[0]


def test_xlsx_cells_become_texts_and_dates():
    rows = [
        ["ref", "tal", "dag", "midnatt", "stund", "ja", "del", "formel"],
        [
            "'=x",
            3.0,
            date(2021, 3, 31),
            datetime.fromisoformat("2021-04-01"),
            datetime.fromisoformat("2021-04-01T08:30"),
            True,
            2.5,
            ("=1+2", 3),
        ],
    ]
    cells = read(workbook(rows, formats=SHAPES)).rows[0].cells
    assert cells == ("=x", "3", date(2021, 3, 31), date(2021, 4, 1), "2021-04-01 08:30:00", "sant", "2.5", "3")
    assert type(cells[3]) is date


def test_xlsx_row_numbers_are_the_sheets_own():
    assert read(workbook([["a", "b"], [], [1, None], [None, 2]])).rows == [(3, ("1", "")), (4, ("", "2"))]


def test_xlsx_columns_keep_their_place_when_the_first_is_empty():
    data = workbook([[None, "a"], [None, ("=1/0", "#DIV/0!")], [None, 7]])
    assert refusal(data) == ["rad 2, kolumn a: cellen visar ett fel. Rätta formeln."]
    assert read(workbook([[None, "a"], [None, 7]])).rows == [(2, ("7",))]


def test_xlsx_whose_first_row_is_empty_is_refused():
    assert refusal(workbook([[], ["a"], [1]]))[0].startswith("rad 1: raden är tom")


def test_numbers_excel_cannot_hold_exactly_are_refused():
    assert refusal(workbook([["a", "b"], [1, 1e15]]))[0].startswith("rad 2, kolumn b: talet har fler siffror")


def test_an_empty_first_sheet_is_refused():
    assert "bladet är tomt" in refusal(workbook([]))[0]


def test_a_gigabyte_of_zeros_is_refused_without_being_unpacked():
    data = bomb(1000)
    assert len(data) < 1_100_000
    tracemalloc.start()
    lines = refusal(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert lines == ["filen blir för stor när den packas upp. Spara bara bladet med tabellen i en ny fil."]
    assert peak < 5_000_000


def test_a_directory_that_lies_about_the_size_does_not_help_the_bomb():
    data = declaring(bomb(600), 1_000)
    assert zipfile.ZipFile(io.BytesIO(data)).getinfo("xl/worksheets/sheet1.xml").file_size == 1_000
    tracemalloc.start()
    lines = refusal(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "för stor när den packas upp" in lines[0]
    assert peak < 10_000_000


def test_a_high_ratio_is_refused_below_the_size_limit():
    assert "för stor när den packas upp" in refusal(bomb(50))[0]


def test_the_unpacked_limit_counts_all_members_together():
    data = with_sheet_xml(b"", extra={"a.bin": bytes(300_000), "b.bin": bytes(300_000)})
    assert "för stor" in refusal(data, limits=replace(DEFAULT_LIMITS, max_unpacked=500_000))[0]


def test_too_many_members_are_refused():
    data = with_sheet_xml(b"", extra={f"m{i}": b"" for i in range(1_000)})
    assert "för stor" in refusal(data)[0]


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (b'<row r="9"><c r="A1048576"><v>1</v></c></row>', "fler än 150"),
        (b'<row r="1"><c r="XFD1"><v>1</v></c></row>', "bortom kolumn 200"),
        (b'<row r="1"><c r="GR150000"><v>1</v></c></row>', "för många celler (150000 rader och 200 kolumner)"),
        (b'<row r="1"><c r="A1" r="XFD1048576"><v>1</v></c></row>', "saknar adresser"),
        (b"<row r=\"1\"><c x='>' r='XFD1048576'><v>1</v></c></row>", "saknar adresser"),
        (b'<row r="1048576"><c><v>1</v></c></row>', "saknar adresser"),
        (b'<y:row r="1"><y:c s="1" r="XFD1"><v>1</v></y:c></y:row>', "bortom kolumn 200"),
    ],
)
def test_a_sheet_that_would_unfold_into_a_huge_rectangle_is_refused(cells, message):
    assert message in refusal(with_sheet_xml(cells))[0]


def test_formatted_but_empty_cells_far_away_do_no_harm():
    cells = b'<row r="1"><c r="A1" t="str"><v>a</v></c></row><row r="2"><c r="A2"><v>1</v></c></row>'
    far = b'<row r="1048576"><c r="XFD1048576" s="0"/></row>'
    assert read(with_sheet_xml(cells + far)).rows == [(2, ("1",))]


def test_broken_locked_and_foreign_zip_files_are_refused():
    whole = workbook([["a"], [1]])
    assert "skadad" in refusal(whole[:-30])[0]
    assert "skadad" in refusal(b"PK\x03\x04" + b"x" * 100)[0]
    damaged = bytearray(whole)
    damaged[whole.find(b"xl/worksheets/sheet1.xml") + 40] ^= 0xFF
    assert "skadad" in refusal(bytes(damaged))[0]
    wrong_sum = bytearray(whole)
    wrong_sum[whole.find(b"PK\x01\x02") + 16] ^= 0xFF
    assert "skadad" in refusal(bytes(wrong_sum))[0]
    assert "skadad" in refusal(declaring(whole, 99_999))[0]
    locked = bytearray(whole)
    locked[whole.find(b"PK\x01\x02") + 8] |= 1
    assert "lösenord" in refusal(bytes(locked))[0]
    assert "av typen .xlsx" in refusal(with_sheet_xml(b"", extra={"content.xml": b"<x/>"}))[0]
    assert "på nytt" in refusal(with_sheet_xml(b"", whole=b"<worksheet><sheetData><row"))[0]


def test_decomposed_letters_are_read_as_the_composed_ones():
    decomposed = "a;b\nA\u030aA-1;Boendesto\u0308d\n"
    assert read(csv_bytes(decomposed)).rows[0].cells == ("ÅA-1", "Boendestöd")
