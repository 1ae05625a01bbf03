"""Tables that stand anywhere in a file: heads, notes, merged and hidden cells, formulas, encodings."""

import io

import pytest
import xlsxwriter

from tracker.exchange.errors import Collector, ImportRefused
from tracker.exchange.foreign import Place, distinct_cells, heads_of, propose_head_row, read_mapped, survey
from tracker.exchange.sheets import OpenFile, delimiter_of
from tracker.exchange.table import Limits


def sheet_bytes(fill, *names):
    """A workbook of one sheet per name (or one), each filled by `fill(book, sheet)`."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    for name in names or ("Blad1",):
        fill(book, book.add_worksheet(name))
    book.close()
    return target.getvalue()


def csv_file(text, encoding="utf-8"):
    return OpenFile(text.encode(encoding), "fil.csv")


def read(file, columns, place=None, converters=None, notes=()):
    collector = Collector()
    table = read_mapped(file, place or Place(), notes, columns, converters or {}, collector)
    return table, [str(error) for error in collector.errors]


class TestTextFiles:
    @pytest.mark.parametrize("sign", [";", ",", "\t"])
    def test_the_sign_is_the_one_that_splits_most_lines_alike(self, sign):
        lines = ["Lista, framtagen i dag\n", "\n", *([sign.join(("a", "b", "c")) + "\n"] * 3)]
        assert delimiter_of(lines) == sign

    def test_signs_in_quotes_do_not_count(self):
        assert delimiter_of(['"a;b;c;d",x\n', '"e;f;g;h",y\n']) == ","

    def test_windows_letters_are_read_when_it_is_no_utf_8_and_said_so(self):
        file = csv_file("Löpnr;Kön\n1;Kvinna å\n", "cp1252")
        assert file.encoding == "cp1252"
        assert [cells for _, cells in file.rows()] == [["Löpnr", "Kön"], ["1", "Kvinna å"]]

    def test_rows_keep_their_numbers_when_a_cell_spans_lines(self):
        file = csv_file('a;b\n1;"två\nrader"\n3;x\n')
        assert [number for number, _ in file.rows()] == [1, 2, 4]

    def test_an_open_quote_is_told_with_its_row(self):
        with pytest.raises(ImportRefused, match="rad 3: ett citattecken"):
            list(csv_file('a;b\n1;2\n3;"x\n4;5\n').rows())

    @pytest.mark.parametrize("data", [b"", b"%PDF-1.4", b"<html><body>", b"a;b\n\x00;1\n"])
    def test_what_is_no_table_is_refused(self, data):
        with pytest.raises(ImportRefused):
            OpenFile(data, "fil.csv")

    def test_a_formula_in_a_mapped_column_is_told_and_in_another_not(self):
        file = csv_file("a;b\n=1+1;=2+2\n")
        table, errors = read(file, {"ref": 1})
        assert (len(errors), errors[0][:22]) == (1, 'rad 2, kolumn ref: "=2')
        assert table.rows == []


class TestWorkbooks:
    def test_sheets_are_listed_with_hidden_ones_marked_and_charts_left_out(self):
        def fill(_book, sheet):
            sheet.write(0, 0, sheet.get_name())
            if sheet.get_name() == "Gammalt":
                sheet.hide()

        file = OpenFile(sheet_bytes(fill, "Läs mig", "Gammalt", "Beslut"), "f.xlsx")
        assert [(s.place, s.name, s.hidden) for s in file.sheets] == [
            (0, "Läs mig", False), (1, "Gammalt", True), (2, "Beslut", False)
        ]  # fmt: skip
        assert [cells for _, cells in file.rows(2)] == [["Beslut"]]

    def test_facts_are_those_of_the_sheet_asked_for(self):
        def fill(_book, sheet):
            sheet.write(0, 0, "a")
            if sheet.get_name() == "Två":
                sheet.set_column(1, 2, None, None, {"hidden": 1})
                sheet.write_formula(1, 0, "=1+1", None, 2)
                sheet.write_formula(2, 1, "=1/0", None, "#DIV/0!")

        file = OpenFile(sheet_bytes(fill, "Ett", "Två"), "f.xlsx")
        assert (file.facts(0).formulas, file.facts(0).hidden_columns, file.facts(0).errors) == (0, (), [])
        assert (file.facts(1).formulas, file.facts(1).hidden_columns, file.facts(1).errors) == (2, (1, 2), [(3, 1)])

    def test_what_a_formula_shows_is_read_and_a_broken_one_told(self):
        def fill(_book, sheet):
            sheet.write_row(0, 0, ["Nr", "Trasig"])
            sheet.write_formula(1, 0, '="B-"&1', None, "B-1")
            sheet.write_formula(1, 1, "=1/0", None, "#DIV/0!")

        file = OpenFile(sheet_bytes(fill), "f.xlsx")
        table, errors = read(file, {"ref": 0, "skal": 1})
        assert [row.cells[0] for row in table.rows] == ["B-1"]
        assert errors == ["rad 2, kolumn skal: cellen visar ett fel. Rätta formeln."]
        assert read(file, {"ref": 0})[1] == []

    def test_cells_merged_downwards_count_for_each_row_and_sideways_for_the_first_column(self):
        def fill(_book, sheet):
            sheet.write_row(0, 0, ["Insats", "Nr", "Not"])
            sheet.merge_range(1, 0, 3, 0, "Boende")
            for row, number in enumerate(("1", "2", "3", "4"), start=1):
                sheet.write_string(row, 1, number)
            sheet.merge_range(4, 1, 4, 2, "4")

        file = OpenFile(sheet_bytes(fill), "f.xlsx")
        table, errors = read(file, {"insats": 0, "ref": 1, "skal": 2})
        assert [row.cells for row in table.rows] == [
            ("Boende", "1", ""), ("Boende", "2", ""), ("Boende", "3", ""), ("", "4", "")
        ]  # fmt: skip
        assert (errors, file.merged()) == ([], 2)

    def test_a_table_that_begins_in_another_column_and_row_keeps_its_places(self):
        def fill(_book, sheet):
            sheet.write_row(3, 2, ["Nr", "Dag"])
            sheet.write_row(4, 2, ["B-1", 210803])

        file = OpenFile(sheet_bytes(fill), "f.xlsx")
        found = survey(file, Place(0, 4))
        assert [(column.letter, column.name, column.samples) for column in found.columns] == [
            ("C", "Nr", ["B-1"]), ("D", "Dag", ["210803"])
        ]  # fmt: skip
        table, _ = read(file, {"ref": 2, "beslutsdatum": 3}, Place(0, 4))
        assert [(row.number, row.cells) for row in table.rows] == [(5, ("B-1", "210803"))]

    def test_a_number_that_excel_has_rounded_is_told(self):
        file = OpenFile(sheet_bytes(lambda _b, s: (s.write(0, 0, "Nr"), s.write(1, 0, 1234567890123456789))), "f.xlsx")
        assert read(file, {"ref": 0})[1][0].startswith("rad 2, kolumn ref: talet har fler siffror")


class TestHeads:
    def test_the_head_is_proposed_below_a_title(self):
        rows = [
            (1, ["Ej verkställda beslut"]),
            (2, []),
            (3, ["Nr", "Insats", "Beslutsdatum"]),
            (4, ["1", "Boende", ""]),
        ]
        assert propose_head_row(rows, {"insats", "beslutsdatum"}) == 3

    def test_among_rows_of_texts_the_known_words_decide(self):
        rows = [(1, ["Eva", "Bo", "Kim", "Åsa"]), (2, ["Nr", "Insats", "x", "y"])]
        assert propose_head_row(rows, {"insats", "nr"}) == 2

    def test_heads_that_are_equal_tell_their_letters_and_nameless_ones_are_theirs(self):
        names = [column.name for column in heads_of(["Datum", " datum ", "", "Kön\n(k/m)"])]
        assert names == ["Datum (A)", "datum (B)", "kolumn C", "Kön (k/m)"]

    def test_a_nameless_column_is_there_only_if_it_holds_something(self):
        found = survey(csv_file("a;;b;\n1;x;2;\n"), Place())
        assert [(column.name, column.named, column.filled) for column in found.columns] == [
            ("a", True, 1), ("kolumn B", False, 1), ("b", True, 1)
        ]  # fmt: skip

    def test_an_empty_head_row_is_refused(self):
        with pytest.raises(ImportRefused, match="rad 2: rubrikraden är tom"):
            survey(csv_file("a;b\n;\n1;2\n"), Place(0, 2))


class TestAroundTheTable:
    TEXT = "Titel;\n\nnr;dag\n1;a\n;\n2;b\n;\nKälla: registret;\nUppdaterad i maj;\n"

    def test_notes_below_are_found_and_left_out(self):
        file = csv_file(self.TEXT)
        found = survey(file, Place(0, 3))
        assert (found.rows, found.notes) == (2, (8, 9))
        table, _ = read(file, {"ref": 0, "x": 1}, Place(0, 3), notes=found.notes)
        assert [(row.number, row.cells) for row in table.rows] == [(4, ("1", "a")), (6, ("2", "b"))]

    def test_a_row_with_one_cell_inside_the_table_is_no_note(self):
        assert survey(csv_file("nr;dag\n1;\n2;b\n"), Place()).notes == ()

    def test_a_table_of_one_column_has_no_notes(self):
        assert survey(csv_file("nr;x\n1;\n2;\n"), Place()).notes == ()

    def test_a_last_row_that_is_given_ends_the_table(self):
        file = csv_file("nr;antal\n1;2\n2;3\nSumma;5\n")
        place = Place(0, 1, 3)
        assert survey(file, place).rows == 2
        assert [row.number for row in read(file, {"ref": 0}, place)[0].rows] == [2, 3]

    def test_more_rows_than_the_limit_are_refused(self):
        with pytest.raises(ImportRefused, match="fler än 2 rader"):
            survey(csv_file("nr;x\n1;2\n2;3\n3;4\n"), Place(), Limits(max_rows=2))


def test_the_different_cells_are_counted_as_they_are_read():
    file = csv_file("nr;kon\n1; K \n2;K\n3;M\n4;-\n5;\n6;'=x\n")
    assert distinct_cells(file, Place(), (), {"kon": 1}, 10)["kon"] == {"K": 2, "M": 1, "=x": 1}


def test_a_cell_that_cannot_be_converted_is_told_once_for_each_row_and_read_as_empty():
    from tracker.exchange.errors import BadCell

    def convert(cell):
        if cell == "fel":
            raise BadCell("går inte")
        return cell.upper()

    table, errors = read(csv_file("nr;v\na;x\nb;fel\nc;fel\n"), {"ref": 0, "kon": 1}, converters={"kon": convert})
    assert [row.cells for row in table.rows] == [("a", "X"), ("b", ""), ("c", "")]
    assert errors == ["rad 3, kolumn kon: går inte", "rad 4, kolumn kon: går inte"]
