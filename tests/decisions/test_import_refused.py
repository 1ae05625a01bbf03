"""A file that is not right is refused in Swedish, with row and column, and leaves the database as it was."""

from datetime import date

import pytest

from tests.decisions.running import HEAD, run, snapshot
from tests.exchange.files import bomb, declaring, workbook
from tests.factories import make_user

ROW = "B-01;Kontaktperson;2021-01-07;;;;;"
SHORT = "ref;insats;beslutsdatum"


def csv_of(**cells: str) -> str:
    """A file of one good row with these cells beside or in place of its own."""
    row = {"ref": "B-01", "insats": "Kontaktperson", "beslutsdatum": "2021-01-07"} | cells
    return f"{';'.join(row)}\n{';'.join(row.values())}\n"


@pytest.fixture
def filled(office):
    """An office whose register holds something that must not change."""
    office.imports(f"{HEAD}\nB-01;Kontaktperson;2021-01-07;;2021-02-01;;;\n")
    return office


@pytest.mark.parametrize(
    ("content", "begins"),
    [
        (b"", "filen beslut.csv är tom."),
        (b"\n\n  \n", "filen beslut.csv är tom."),
        (b"%PDF-1.7 ...", "filen är en PDF och ingen tabell."),
        (b"<!doctype html><html></html>", "filen är en webbsida och ingen tabell."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "filen är en äldre Excelfil (.xls)"),
        (b"PK\x03\x04 cut short", "filen är skadad"),
        ("ref;insats\n".encode("utf-16"), "filen är sparad som UTF-16."),
        (b"Till socialn\xc3\xa4mnden\nH\xc3\xa4r kommer listan\n", "rad 1: hittar inga kolumner."),
        (b"ref;insats;beslutsdatum\nB\0;x;2021-01-07\n", "rad 2: filen är ingen textfil."),
        (f"{SHORT}\nB-1;Öppenvård;2021-01-07\n".encode("cp1252"), "rad 2: filen är inte sparad som UTF-8."),
        (f"{SHORT};verkstald\nB-1;x;2021-01-07;\n".encode(), "rad 1, kolumn verkstald: kolumnen är okänd."),
        (b"ref;beslutsdatum\nB-1;2021-01-07\n", "rad 1, kolumn insats: kolumnen saknas."),
        (f"{SHORT};Insats\nB-1;x;2021-01-07;y\n".encode(), "rad 1, kolumn Insats: kolumnen står två gånger."),
        (f"{SHORT}\nB-1;x;2021-01-07;mer\n".encode(), "rad 2: raden har fler celler"),
        (f'{SHORT}\nB-1;"x;2021-01-07\n'.encode(), 'rad 2: ett citattecken (") öppnas men stängs aldrig'),
        (f"{SHORT}\nB-1;x\x07;2021-01-07\n".encode(), "rad 2, kolumn insats: cellen har ett osynligt styrtecken"),
    ],
)
def test_what_is_no_table_is_refused(filled, content, begins):
    (said,) = filled.refused(content)
    assert said.startswith(begins)


@pytest.mark.parametrize(
    "written",
    [
        "2021-13-01",
        "2021-02-29",
        "2021-00-10",
        "2021-01-32",
        "2021-1-7",
        "21-01-07",
        "20210107",
        "44203",
        "07/01/2021",
        "7 januari 2021",
        "2021-01-07 10:30",
        "2021-01-07T10:30:00",
        "igår",
        "1899-12-31",
        "2101-01-01",
        "0021-01-07",
        "2021–01–07",
        "2021-01-0７",
        "=DATE(2021;1;7)",
        "sant",
    ],
)
@pytest.mark.parametrize("column", ["beslutsdatum", "avbrottsdatum", "verkstalld"])
def test_a_broken_date_is_refused_with_what_stands_in_the_cell(filled, column, written):
    quoted = f'"{written}"' if ";" in written else written
    (said,) = filled.refused(csv_of(**{"ref": "B-02", column: quoted}))
    assert said.startswith(f"rad 2, kolumn {column}: ")
    assert written in said


@pytest.mark.parametrize(
    ("column", "written"),
    [
        ("lagrum", "SoL 99:1"),
        ("grund", "kanske"),
        ("omrade", "Hemtjänst"),
        ("kon", "k"),
        ("person", "121212-1212"),
        ("ref", "R" * 61),
        ("insats", "x" * 201),
        ("avslutsorsak", "x" * 201),
        ("skal", "x" * 2001),
        ("diarienummer", "x" * 61),
    ],
)
def test_a_cell_that_cannot_be_read_is_refused_at_its_place(filled, column, written):
    said = filled.refused(csv_of(**{column: written}))
    assert said[0].startswith(f"rad 2, kolumn {column}: ")


@pytest.mark.parametrize(
    ("row", "place"),
    [
        ("B-02;x;2021-01-07;;2021-01-06;;;", "verkstalld"),
        ("B-02;x;2021-01-07;;;2021-01-06;;", "avslutad"),
        ("B-02;x;2021-01-07;;;;2021-01-06;", "forst_rapporterad"),
        ("B-02;x;2021-01-07;;;;;2021-01-06", "slutrapporterad"),
        ("B-02;x;2021-01-07;2021-06-01;2021-05-31;;;", "verkstalld"),
        ("B-02;x;2021-01-07;;2021-02-01;2021-02-01;;", "avslutad"),
        ("B-02;x;2022-02-16;;;;;", "beslutsdatum"),
        ("B-02;x;2021-01-07;2022-02-16;;;;", "avbrottsdatum"),
        ("B-02;x;2021-01-07;;2022-02-16;;;", "verkstalld"),
        ("B-02;x;2021-01-07;;;2022-02-16;;", "avslutad"),
        ("B-02;x;2021-01-07;;;;2022-02-16;", "forst_rapporterad"),
        ("B-02;x;2021-01-07;;;;;2022-02-16", "slutrapporterad"),
        (";x;2021-01-07;;;;;", "ref"),
    ],
)
def test_a_fact_that_cannot_be_is_refused_at_its_place(filled, row, place):
    (said,) = filled.refused(f"{HEAD}\n{row}\n")
    assert said.startswith(f"rad 2, kolumn {place}: ")


def test_facts_of_today_are_no_future(filled):
    rows = "B-02;x;2022-02-15;;2022-02-15;;2022-02-15;2022-02-15\n"
    assert filled.imports(f"{HEAD}\n{rows}") == "1 nya, 0 ändrade, 0 oförändrade"


def test_one_bad_row_keeps_all_good_ones_out(filled):
    rows = "B-01;;;;2021-03-01;;;\nB-02;x;2021-01-07;;;;;\nB-03;x;i morgon;;;;;\n"
    (said,) = filled.refused(f"{HEAD}\n{rows}")
    assert said.startswith("rad 4, kolumn beslutsdatum: ")


def test_rows_keep_their_number_although_empty_lines_and_line_breaks_stand_between(filled):
    rows = '\nB-02;"Boende\nstöd";2021-01-07;;;;;\n\nB-03;x;fel;;;;;\n'
    (said,) = filled.refused(f"{HEAD}\n{rows}")
    assert said.startswith("rad 6, kolumn beslutsdatum: ")


def test_broken_cells_and_impossible_facts_are_told_all_at_once(filled):
    rows = (
        "B-02;x;fel;;;;;\nB-03;x;2021-01-07;;2021-01-06;;;\nB-04;x;2022-02-16;;;;;\nB-05;x;2021-01-07;;;;;2021-13-13\n"
    )
    said = filled.refused(f"{HEAD}\n{rows}")
    assert [line.partition(":")[0] for line in said] == [
        "rad 2, kolumn beslutsdatum",
        "rad 3, kolumn verkstalld",
        "rad 4, kolumn beslutsdatum",
        "rad 5, kolumn slutrapporterad",
    ]


def test_a_cell_with_a_control_sign_does_not_hide_what_else_is_wrong(filled):
    said = filled.refused(f"{HEAD}\nB-02;x\x07;2021-01-07;;;;;\nB-03;x;fel;;;;;\n")
    assert [line.partition(":")[0] for line in said] == ["rad 2, kolumn insats", "rad 3, kolumn beslutsdatum"]


def test_a_bad_interruption_day_is_not_also_told_as_a_key_that_stands_twice(filled):
    (said,) = filled.refused(f"{HEAD}\nB-02;x;2021-01-07;;;;;\nB-02;;;2021-13-40;;;;\n")
    assert said.startswith("rad 3, kolumn avbrottsdatum: ")


def test_of_many_errors_the_first_fifty_are_told_and_then_how_many_more(filled):
    rows = "".join(f"R-{number};x;fel;;;;;\n" for number in range(73))
    said = filled.refused(f"{HEAD}\n{rows}")
    assert [line.partition(",")[0] for line in said[:50]] == [f"rad {number}" for number in range(2, 52)]
    assert said[50:] == ["… och 23 fel till"]


def test_exactly_fifty_errors_are_told_without_a_rest(filled):
    rows = "".join(f"R-{number};x;fel;;;;;\n" for number in range(50))
    assert len(filled.refused(f"{HEAD}\n{rows}")) == 50


def test_two_hundred_thousand_rows_are_refused_with_the_limit(filled):
    rows = "\n".join(f"R-{number};x;2021-01-07" for number in range(200_000))
    (said,) = filled.refused(f"{SHORT}\n{rows}\n")
    assert "fler än 150 000 rader" in said
    assert "Dela upp den i flera filer." in said


def test_a_workbook_that_unpacks_to_far_more_is_refused(filled):
    (said,) = filled.refused(bomb(30))
    assert "för stor när den packas upp" in said


def test_a_workbook_that_lies_about_what_it_unpacks_to_is_refused(filled):
    (said,) = filled.refused(declaring(bomb(30), 1_000))
    assert "för stor när den packas upp" in said


def test_a_formula_that_failed_is_refused_at_its_cell(filled):
    head = ["ref", "insats", "beslutsdatum", "utforare"]
    (said,) = filled.refused([head, ["B-02", "x", "2021-01-07", ("=1/0", "#DIV/0!")]])
    assert said.startswith("rad 2, kolumn utforare: cellen visar ett fel.")


def test_a_formula_in_a_workbook_counts_as_what_it_shows(filled):
    head = ["ref", "insats", "beslutsdatum", "utforare"]
    (said,) = filled.refused([head, ["B-02", ('="a"&"b"', "ab"), ("=TODAY()", "i dag"), ""]])
    assert said.startswith('rad 2, kolumn beslutsdatum: "i dag" ')


def test_a_date_with_a_time_in_a_workbook_is_refused(filled):
    from datetime import datetime

    moment = datetime(2021, 1, 7, 10, 30)  # noqa: DTZ001 - cells of a workbook have no zone
    (said,) = filled.refused([["ref", "insats", "beslutsdatum"], ["B-02", "x", moment]])
    assert said.startswith("rad 2, kolumn beslutsdatum: ")
    assert "klockslag" in said


def test_a_number_where_a_workbook_should_have_a_date_is_refused(filled):
    (said,) = filled.refused([["ref", "insats", "beslutsdatum"], ["B-02", "x", 44203]])
    assert said.startswith('rad 2, kolumn beslutsdatum: "44203" ser ut som Excels tal')


def test_an_empty_workbook_is_refused(filled):
    assert filled.refused(workbook([])) == ["det första bladet är tomt. Lägg tabellen på det första bladet."]


def test_an_encoding_that_does_not_exist_is_refused(filled):
    (said,) = filled.refused(csv_of(), "--encoding", "latin-99")
    assert said.startswith("teckenkodningen latin-99 är okänd.")


def test_a_file_with_another_encoding_than_was_told_is_refused(filled):
    (said,) = filled.refused(b"ref;insats;beslutsdatum\nB-02;\x81;2021-01-07\n", "--encoding", "cp1252")
    assert said.startswith("rad 2: filen är inte sparad som cp1252.")


def test_a_file_that_is_not_there_ends_with_exit_code_one(filled):
    before = snapshot()
    ran = run(filled.app, "import", "decisions", filled.folder / "finns-inte.csv")
    assert (ran.code, ran.out) == (1, "")
    assert snapshot() == before


def test_a_dry_run_is_refused_as_the_real_one(filled):
    (said,) = filled.refused(f"{HEAD}\nB-02;x;fel;;;;;\n", "--dry-run")
    assert said.startswith("rad 2, kolumn beslutsdatum: ")


class TestInWhoseName:
    """Who may import, and in whose name."""

    def refused(self, office, *options: str) -> str:
        before = snapshot()
        ran = office.run_import(csv_of(ref="B-02"), *options)
        assert (ran.code, ran.out) == (1, "")
        assert snapshot() == before
        return ran.err

    def test_an_unknown_user_is_refused(self, filled):
        said = self.refused(filled, "--by", "ingen@kommun.example")
        assert said == "Det finns ingen aktiv användare med adressen ingen@kommun.example.\n"

    @pytest.mark.parametrize(
        "role", ["medarbetare", "chef", "utredare", "ansvarig", "internkontroll", "sekreterare", "namnd", "revisor",
                 "loggranskare", "admin"]
    )  # fmt: skip
    def test_a_role_that_may_not_import_is_refused(self, filled, role):
        make_user("eva@kommun.example", role)
        assert (
            self.refused(filled, "--by", "eva@kommun.example")
            == "eva@kommun.example har ingen roll som får göra det.\n"
        )

    @pytest.mark.parametrize("role", ["handlaggare", "kvalitet"])
    def test_a_role_that_may_import_is_let_in(self, filled, role):
        make_user("eva@kommun.example", role)
        assert filled.imports(csv_of(ref="B-02"), "--by", "EVA@kommun.example") == "1 nya, 0 ändrade, 0 oförändrade"

    def test_a_deactivated_user_is_refused(self, filled, frozen_day):
        from tracker import clock
        from tracker.accounts.services import deactivate
        from tracker.database import db

        deactivate(make_user("eva@kommun.example", "handlaggare"), clock.now())
        db.session.commit()
        assert "ingen aktiv användare" in self.refused(filled, "--by", "eva@kommun.example")

    def test_a_role_that_ended_yesterday_is_refused(self, filled, frozen_day):
        from tracker import clock
        from tracker.accounts.services import ensure_top_unit, give_role
        from tracker.database import db
        from tracker.rules.permissions import Role

        user = make_user("eva@kommun.example")
        give_role(user, Role.CASE_OFFICER, ensure_top_unit(), clock.now(), date(2021, 1, 1), date(2022, 2, 14))
        db.session.commit()
        assert "ingen roll" in self.refused(filled, "--by", "eva@kommun.example")
        frozen_day(date(2022, 2, 14))
        assert filled.imports(csv_of(ref="B-02"), "--by", "eva@kommun.example") == "1 nya, 0 ändrade, 0 oförändrade"

    def test_in_production_a_name_is_required(self, filled, monkeypatch):
        monkeypatch.setitem(filled.app.config, "PRODUCTION", True)
        assert self.refused(filled) == "Ange i vems namn det görs: --by E-POST.\n"
        make_user("eva@kommun.example", "handlaggare")
        assert filled.imports(csv_of(ref="B-02"), "--by", "eva@kommun.example") == "1 nya, 0 ändrade, 0 oförändrade"
