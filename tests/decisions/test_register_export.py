"""A filtered list as a file: exactly what is listed, with the import's columns, and importable again as it is."""

from datetime import date

import pytest

from tests.decisions.lists import choice, csv_rows, protect, refs_on, walk, xlsx_rows
from tests.decisions.running import decision, run
from tests.factories import PASSWORD, make_unit, make_user

COLUMNS = [
    "ref", "lagrum", "grund", "omrade", "insats", "kon", "enhet", "handlaggare", "utforare", "diarienummer",
    "beslutsdatum", "avbrottsdatum", "verkstalld", "avslutad", "avslutsorsak", "skal", "forst_rapporterad",
    "slutrapporterad",
]  # fmt: skip
# A row of every kind; `|` stands between cells so that a text may hold a semicolon.
HEAD = "|".join(COLUMNS[:5]) + "|kon|person|" + "|".join(COLUMNS[6:])
REGISTER = [
    "E-1|SoL 11:1|beslut|Äldreomsorg|Boendestöd|kvinna|191212121212|Vuxen 1|Eva Ek|Solgläntan AB|SN 2021/17|2021-03-01"
    "||2021-07-02||||2021-06-30|",
    "E-2|LSS 9:4|dom|LSS|Kontaktperson|man||Vuxen 2||||2021-04-01||||||2021-07-31|",
    "E-3|SoL 4:1||IFO|Öppenvård|||Vuxen 1|Bo Ås|||2021-05-01|||2021-12-31|Kontakt har upphört|Enskild har tackat nej"
    "|2021-10-31|2021-12-31",
    "E-3|SoL 4:1||IFO|Öppenvård|||Vuxen 1|Bo Ås|||2021-05-01|2021-09-01|||||2021-12-31|",
    "E-4||||Boendestöd|||Barn|=1+1|@SUM(A1)|-2|2021-12-01|||||+46 70||",
    "=cmd|LSS 9:9||Funktionsnedsättning|Särskilt; boende \"nytt\"|||Barn|Å, Ö||'x|2022-01-15|||||||",
]  # fmt: skip
TODAY = date(2022, 2, 15)


def as_rows() -> list[list[object]]:
    """The register as a workbook's rows: texts, and days as days."""

    def cell(text: str) -> object:
        return date.fromisoformat(text) if len(text) == 10 and text[:2] == "20" and text[4] == "-" else text

    rows = [line.split("|") for line in (HEAD, *REGISTER)]
    assert {len(row) for row in rows} == {len(COLUMNS) + 1}
    return [rows[0], *([cell(text) for text in row] for row in rows[1:])]


@pytest.fixture
def filled(app, office, client):
    """The office with the register above, and a signed-in handläggare of all of it."""
    make_unit("Vuxen 1", "Vuxen")
    make_unit("Vuxen 2", "Vuxen")
    assert office.imports(as_rows()) == "6 nya, 0 ändrade, 0 oförändrade"
    client.sign_in(make_user("handlaggare@kommun.example", "handlaggare").email, PASSWORD)
    return client


class TestWhatItHolds:
    """Columns, rows and cells."""

    def test_the_columns_are_the_imports_without_the_person(self, filled):
        assert list(csv_rows(filled.get("/beslut/export.csv"))[0]) == COLUMNS
        assert list(xlsx_rows(filled.get("/beslut/export.xlsx"))[0]) == COLUMNS

    def test_a_decision_stands_there_as_it_was_given(self, filled):
        found = {(row["ref"], row["avbrottsdatum"]): row for row in csv_rows(filled.get("/beslut/export.csv?ref=E"))}
        assert list(found[("E-1", "")].values()) == [
            "E-1", "SoL 11:1", "beslut", "Äldreomsorg", "Boendestöd", "kvinna", "Vuxen 1", "Eva Ek", "Solgläntan AB",
            "SN 2021/17", "2021-03-01", "", "2021-07-02", "", "", "", "2021-06-30", "",
        ]  # fmt: skip
        assert (found[("E-2", "")]["grund"], found[("E-2", "")]["kon"]) == ("dom", "man")
        assert found[("E-3", "")]["avslutsorsak"] == "Kontakt har upphört"
        assert found[("E-3", "")]["slutrapporterad"] == "2021-12-31"
        assert found[("E-3", "2021-09-01")]["beslutsdatum"] == "2021-05-01"
        assert found[("E-3", "2021-09-01")]["skal"] == ""

    def test_days_are_days_in_the_workbook(self, filled):
        (row,) = xlsx_rows(filled.get("/beslut/export.xlsx?ref=E-1"))
        assert (row["beslutsdatum"], row["verkstalld"]) == (date(2021, 3, 1), date(2021, 7, 2))

    @pytest.mark.parametrize("path", ["/beslut/export.csv", "/beslut/export.xlsx"])
    def test_no_person_is_in_it(self, filled, path):
        page = filled.get(path)
        text = page.data.decode() if path.endswith("csv") else str(xlsx_rows(page))
        assert "1212" not in text
        assert "person" not in text.lower().replace("kontaktperson", "")

    def test_a_text_that_looks_like_a_formula_is_guarded_in_csv_and_text_in_the_workbook(self, filled):
        rows = {row["ref"]: row for row in csv_rows(filled.get("/beslut/export.csv?insats="))}
        assert "'=cmd" in rows
        guarded = rows["E-4"]
        assert [guarded[name] for name in ("handlaggare", "utforare", "diarienummer", "skal")] == [
            "'=1+1", "'@SUM(A1)", "'-2", "'+46 70"
        ]  # fmt: skip
        rows = {row["ref"]: row for row in xlsx_rows(filled.get("/beslut/export.xlsx"))}
        assert "=cmd" in rows
        assert rows["E-4"]["handlaggare"] == "=1+1"

    def test_the_file_is_named_after_the_register_and_the_day(self, filled):
        for extension, kind in (("csv", "text/csv"), ("xlsx", "spreadsheetml.sheet")):
            answer = filled.get(f"/beslut/export.{extension}").response
            assert f"ej-verkstallda-beslut-2022-02-15.{extension}" in answer.headers["Content-Disposition"]
            assert kind in answer.mimetype

    @pytest.mark.parametrize("extension", ["csv", "xlsx"])
    def test_an_empty_list_is_a_file_with_its_head_alone(self, filled, extension):
        page = filled.get(f"/beslut/export.{extension}?ref=finns-inte")
        assert (csv_rows if extension == "csv" else xlsx_rows)(page) == []


class TestFiltered:
    """What is filtered on screen is what is in the file, in the same order."""

    def test_each_filter_gives_the_file_of_its_list(self, filled):
        page = filled.get("/beslut")
        queries = ["", "status=ej-verkstallda", "status=verkstallda", "status=avslutade", "klocka=avbrott", "ref=E-",
                   f"insats={choice(page, 'insats', 'Boendestöd')}", f"enhet={choice(page, 'enhet', 'Vuxen')}",
                   f"status=ej-verkstallda&klocka=beslut&enhet={choice(page, 'enhet', 'Barn')}", "status=fel",
                   ]  # fmt: skip
        for query in queries:
            listed = [ref for refs in walk(filled, f"/beslut?{query}") for ref in refs]
            in_csv = [row["ref"].removeprefix("'") for row in csv_rows(filled.get(f"/beslut/export.csv?{query}"))]
            in_xlsx = [row["ref"] for row in xlsx_rows(filled.get(f"/beslut/export.xlsx?{query}"))]
            assert listed == in_csv == in_xlsx, query

    def test_the_buttons_of_a_filtered_list_lead_to_its_files(self, filled):
        page = filled.get("/beslut?status=ej-verkstallda&klocka=avbrott&efter=skrap")
        assert refs_on(page) == ["E-3"]
        assert [row["ref"] for row in xlsx_rows(filled.submit({}, form="andamal"))] == ["E-3"]
        assert page.form("andamal").get("action") == "/beslut/export.xlsx"
        (button,) = (b for b in page.form("andamal").iter("button") if b.get("formaction"))
        path = f"{button.get('formaction')}?status=ej-verkstallda&klocka=avbrott&andamal=eget-arbete"
        assert [row["ref"] for row in csv_rows(filled.get(path))] == ["E-3"]

    @pytest.mark.parametrize("extension", ["csv", "xlsx"])
    def test_more_rows_than_a_page_and_a_batch_are_all_there(self, filled, office, extension):
        rows = [["ref", "insats", "beslutsdatum"], *([f"M-{n:04}", "Boendestöd", "2021-11-02"] for n in range(2_150))]
        office.imports(rows)
        page = filled.get(f"/beslut/export.{extension}?ref=M-&status=ej-verkstallda")
        found = [row["ref"] for row in (csv_rows if extension == "csv" else xlsx_rows)(page)]
        assert found == [f"M-{n:04}" for n in range(2_150)]


class TestImportedAgain:
    """What goes out comes in again and changes nothing."""

    def test_the_csv_changes_nothing(self, filled, office):
        data = filled.get("/beslut/export.csv").data
        assert office.imports(data) == "0 nya, 0 ändrade, 6 oförändrade"

    def test_the_workbook_changes_nothing(self, filled, office):
        path = office.folder / "export.xlsx"
        path.write_bytes(filled.get("/beslut/export.xlsx").data)
        assert run(office.app, "import", "decisions", path).last == "0 nya, 0 ändrade, 6 oförändrade"

    def test_the_person_is_still_there_after_that(self, filled, office):
        before = decision("E-1").person_hash
        assert before is not None
        office.imports(filled.get("/beslut/export.csv").data)
        assert decision("E-1").person_hash == before

    def test_a_protected_decision_neither_leaves_nor_is_touched(self, filled, office):
        protect("E-1")
        data = filled.get("/beslut/export.csv").data
        assert office.imports(data) == "0 nya, 0 ändrade, 5 oförändrade"
