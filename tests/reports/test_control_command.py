"""`flask report control`: the published year, each format, in whose name, and what a reader may not see."""

import csv
import io
import json
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from tests.control.office import CONTROL_HEAD, ControlOffice
from tests.decisions.running import Ran, run, snapshot
from tracker.database import db, writer
from tracker.risk.models import ControlPlan
from tracker.rules.risk_scoring import FIVE

BO, EVA = "bo@kommun.example", "eva@kommun.example"
MOMENT_KEYS = [
    "ref", "name", "risk_ref", "checked", "approved", "compliance", "percent", "grade", "history", "flags",
]  # fmt: skip
LABELS = {"god": "God", "godtagbar": "Godtagbar", "ej_godkand": "Ej godkänd", "ej_genomford": "Ej genomförd"}
G, T, E = "god", "godtagbar", "ej_genomford"
# ref, risk, checked, approved, compliance, percent, grade, 2019, 2020: worked by hand from the published files.
PUBLISHED = [
    ("K1", "R5", 6, 6, 1.0, 100, G, None, G),
    ("K2", "R1", 10, 10, 1.0, 100, G, G, None),
    ("K3", "R7", 0, 0, None, None, E, None, None),
    ("K4", "R6", 38, 33, 0.868421, 87, T, None, None),
    ("K5", "R3", 300, 300, 1.0, 100, G, G, G),
    ("K6", "R2", 300, 295, 0.983333, 98, G, G, G),
    ("K7", "R4", 221, 139, 0.628959, 63, T, G, T),
]
RISKS = [("R1", 3, 4, 12), ("R2", 4, 3, 12), ("R3", 4, 3, 12), ("R4", 3, 3, 9), ("R5", 3, 3, 9), ("R6", 3, 3, 9),
         ("R7", 4, 3, 12)]  # fmt: skip
NOTHING = {"god": 0, "godtagbar": 0, "ej_godkand": 0, "ej_genomford": 0}


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


def control(office: ControlOffice, *options: object, year: object = 2021) -> Ran:
    return run(office.app, "report", "control", year, *options)


def by_ref(document: dict) -> dict[str, dict]:
    return {row["ref"]: row for row in document["moments"]}


class TestThePublishedYear:
    """What a municipality published for 2021."""

    def test_the_document_says_what_it_is_about(self, office):
        found = office.report(2021)
        assert list(found) == ["report", "year", "grades", "moments_total", "moments", "risks", "matrix"]
        assert (found["report"], found["year"]) == ("control", 2021)
        assert found["moments_total"] == 7
        assert list(found["grades"].items()) == [("god", 4), ("godtagbar", 2), ("ej_godkand", 0), ("ej_genomford", 1)]

    def test_every_kontrollmoment_has_the_published_figures_and_grade(self, office):
        found = office.report(2021)["moments"]
        assert [list(row) for row in found] == [MOMENT_KEYS] * 7
        told = [
            (row["ref"], row["risk_ref"], row["checked"], row["approved"], row["compliance"], row["percent"],
             row["grade"], row["history"]["2019"], row["history"]["2020"])
            for row in found
        ]  # fmt: skip
        assert told == PUBLISHED
        assert all(list(row["history"]) == ["2019", "2020", "2021"] for row in found)
        assert all(row["history"]["2021"] == row["grade"] for row in found)
        assert all(row["flags"] == [] for row in found)
        assert found[2]["name"] == "Webbtillsyn"

    def test_the_risks_have_the_published_values_and_their_cells_level(self, office):
        assert office.report(2021)["risks"] == [
            {"ref": ref, "likelihood": s, "consequence": k, "score": value, "level": "orange"}
            for ref, s, k, value in RISKS
        ]

    def test_the_matrix_counts_them(self, office):
        assert office.report(2021)["matrix"] == [[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 3, 1], [0, 0, 3, 0]]

    def test_an_earlier_year_is_told_with_the_two_before_it(self, office):
        found = office.report(2020)
        assert (found["moments_total"], found["risks"]) == (4, [])
        assert {ref: list(row["history"].values()) for ref, row in by_ref(found).items()} == {
            "K1": [None, None, G], "K5": [None, G, G], "K6": [None, G, G], "K7": [None, G, T],
        }  # fmt: skip
        assert by_ref(found)["K7"]["percent"] == 77


class TestGrades:
    """What the follow-up makes of figures, limits and reasons."""

    def figures(self, empty, *rows: str) -> dict[str, dict]:
        """The kontrollmoment that have these figures: `ref;god;godtagbar;skäl;utvalda;bortfall;avvikelser`."""
        cells = [row.split(";") for row in rows]
        moments = [f"2021;{c[0]};;Moment {c[0]};;;;{c[1]};{c[2]};{c[3]};" for c in cells]
        empty.imports("controls", "\n".join([CONTROL_HEAD, *moments, ""]))
        samples = [f"2021;{c[0]};P1;{c[4]};{c[5]};{c[6]}" for c in cells if c[4]]
        empty.imports("samples", "\n".join(["ar;kontroll_ref;ref;utvalda;bortfall;avvikelser", *samples, ""]))
        return by_ref(empty.report(2021))

    def test_boundaries(self, empty):
        found = self.figures(
            empty, "K1;;;;10;0;1", "K2;;;;1000;0;101", "K3;;;;5;0;2", "K4;;;;1000;0;401", "K5;;;;1000;0;105",
            "K6;95;80;;100;0;6", "K7;100;100;;100;0;1", "K8;;;;12;2;1",
        )  # fmt: skip
        assert {ref: (row["grade"], row["percent"], row["compliance"]) for ref, row in found.items()} == {
            "K1": ("god", 90, 0.9),
            "K2": ("godtagbar", 90, 0.899),
            "K3": ("godtagbar", 60, 0.6),
            "K4": ("ej_godkand", 60, 0.599),
            "K5": ("godtagbar", 90, 0.895),
            "K6": ("godtagbar", 94, 0.94),
            "K7": ("ej_godkand", 99, 0.99),
            "K8": ("god", 90, 0.9),
        }

    def test_a_reason_wins_over_figures_and_nothing_checked_is_flagged(self, empty):
        found = self.figures(empty, "K1;;;Hann inte;10;0;0", "K2;;;;;;", "K3;;;;10;10;0", "K4;;;Hann inte;;;")
        assert [row["grade"] for row in found.values()] == ["ej_genomford"] * 4
        assert {ref: row["flags"] for ref, row in found.items()} == {
            "K1": [], "K2": ["no_result"], "K3": ["no_result"], "K4": [],
        }  # fmt: skip
        assert {ref: (row["checked"], row["approved"]) for ref, row in found.items()} == {
            "K1": (10, 10), "K2": (0, 0), "K3": (0, 0), "K4": (0, 0),
        }  # fmt: skip
        assert [(row["percent"], row["compliance"]) for row in found.values()] == [(None, None)] * 4
        assert {ref: row["history"]["2021"] for ref, row in found.items()} == {
            "K1": "ej_genomford", "K2": None, "K3": None, "K4": "ej_genomford",
        }  # fmt: skip

    def test_what_is_not_carried_out_has_no_percentage_in_any_file(self, empty):
        self.figures(empty, "K1;;;Hann inte;10;0;1")
        _, line = csv.reader(io.StringIO(control(empty, "--format", "csv").raw.decode("utf-8-sig")), delimiter=";")
        assert line[3:7] == ["10", "9", "–", "Ej genomförd"]
        book = CalamineWorkbook.from_filelike(io.BytesIO(control(empty, "--format", "xlsx").raw))
        assert book.get_sheet_by_name("Kontrollmoment").to_python()[1][3:7] == [10, 9, "–", "Ej genomförd"]

    def test_a_year_in_which_every_item_dropped_out_is_not_graded_in_its_history(self, empty):
        (row,) = self.figures(empty, "K1;;;;10;10;0").values()
        assert (row["grade"], row["flags"], row["history"]) == (
            "ej_genomford", ["no_result"], {"2019": None, "2020": None, "2021": None},
        )  # fmt: skip

    def test_six_decimals_rounded_half_up(self, empty):
        found = self.figures(empty, "K1;;;;3;0;1", "K2;;;;2000000;0;1999999", "K3;;;;64;0;63", "K4;;;;7;0;0")
        # 2/3; half a millionth; 0.015625; all of them
        assert [row["compliance"] for row in found.values()] == [0.666667, 0.000001, 0.015625, 1.0]

    def test_moments_and_risks_stand_in_natural_order(self, empty):
        found = self.figures(empty, "K10;;;;1;0;0", "K2;;;;1;0;0", "K1;;;;1;0;0", "J11;;;;1;0;0")
        assert list(found) == ["J11", "K1", "K2", "K10"]
        empty.imports("risks", "ar;ref;risk;sannolikhet;konsekvens\n2021;R10;A;1;1\n2021;R9;A;4;4\n2021;R1;A;2;2\n")
        assert [row["ref"] for row in empty.report(2021)["risks"]] == ["R1", "R9", "R10"]

    def test_the_levels_of_the_plans_own_scale(self, empty):
        with writer():
            db.session.add(ControlPlan(year=2021, scale=json.dumps(FIVE.written()), good_limit=80, acceptable_limit=50))
            db.session.commit()
        empty.imports("risks", "ar;ref;risk;sannolikhet;konsekvens\n2021;R1;A;5;5\n2021;R2;A;2;2\n2021;R3;A;4;4\n")
        found = self.figures(empty, "K1;;;;100;0;20", "K2;;;;100;0;50", "K3;;;;100;0;51", "K4;90;;;100;0;20")
        assert [row["grade"] for row in found.values()] == ["god", "godtagbar", "ej_godkand", "godtagbar"]
        document = empty.report(2021)
        assert [row["level"] for row in document["risks"]] == ["rod", "gron", "orange"]
        assert document["matrix"] == [[0] * 5, [0, 1, 0, 0, 0], [0] * 5, [0, 0, 0, 1, 0], [0, 0, 0, 0, 1]]


def csv_row(row: dict) -> list[str]:
    """A kontrollmoment of the JSON as its line in a file."""
    percent = "–" if row["percent"] is None else str(row["percent"])
    past = [LABELS[name] if name else "–" for name in row["history"].values()]
    figures = [str(row["checked"]), str(row["approved"]), percent]
    not_done = "Kontrollens omfattning var för bred, kommer omarbetad nästa år" if row["ref"] == "K3" else ""
    return [row["ref"], row["name"], row["risk_ref"] or "", *figures, LABELS[row["grade"]], *past, "", "", not_done, ""]


HEAD = ["ref", "kontrollmoment", "risk", "granskade", "godkända", "procent", "bedömning", "2019", "2020", "2021",
        "beräknad bedömning", "varför den är ändrad", "varför ej genomförd", "vad som händer nu"]  # fmt: skip


class TestFiles:
    """CSV and XLSX say what the JSON says."""

    def test_the_csv_holds_the_moments_of_the_json(self, office):
        ran = control(office, "--format", "csv")
        assert ran.raw.startswith(b"\xef\xbb\xbf")
        head, *lines = csv.reader(io.StringIO(ran.raw.decode("utf-8-sig")), delimiter=";")
        assert head == HEAD
        assert lines == [csv_row(row) for row in office.report(2021)["moments"]]
        assert lines[2][:10] == ["K3", "Webbtillsyn", "R7", "0", "0", "–", "Ej genomförd", "–", "–", "Ej genomförd"]

    def test_the_workbook_holds_the_figures_moments_and_risks_of_the_json(self, office):
        found = office.report(2021)
        book = CalamineWorkbook.from_filelike(io.BytesIO(control(office, "--format", "xlsx").raw))
        assert book.sheet_names == ["Sammanställning", "Kontrollmoment", "Risker", "Riskmatris", "Tre år"]
        assert [row[:2] for row in book.get_sheet_by_name("Sammanställning").to_python()] == [
            ["uppgift", "antal"],
            ["Uppföljning av internkontrollplan 2021", ""],
            ["UTKAST", ""],
            ["God följsamhet i 4 av 7 kontrollmoment", ""],
            ["Godtagbar i 2, ej godkänd i 0, ej genomförd 1.", ""],
            *([LABELS[name], count] for name, count in found["grades"].items()),
            ["kontrollmoment", 7],
            ["risker", 7],
        ]
        head, *rows = book.get_sheet_by_name("Kontrollmoment").to_python()
        whole = [[str(int(cell)) if isinstance(cell, float) else cell for cell in row] for row in rows]
        assert (head, whole) == (HEAD, [csv_row(row) for row in found["moments"]])
        head, *rows = book.get_sheet_by_name("Risker").to_python()
        assert head == ["ref", "sannolikhet", "konsekvens", "riskvärde", "nivå", "nivå i ord"]
        assert rows == [[*row.values(), "Hög"] for row in found["risks"]]

    def test_the_workbook_holds_the_matrix_and_three_years_by_shape_and_word(self, office):
        book = CalamineWorkbook.from_filelike(io.BytesIO(control(office, "--format", "xlsx").raw))
        assert book.get_sheet_by_name("Riskmatris").to_python() == [
            ["sannolikhet \\ konsekvens", "1 Försumbar", "2 Lindrig", "3 Kännbar", "4 Allvarlig"],
            ["4 Sannolik", 0, 0, 3, 0],
            ["3 Möjlig", 0, 0, 3, 1],
            ["2 Mindre sannolik", 0, 0, 0, 0],
            ["1 Osannolik", 0, 0, 0, 0],
        ]
        rows = book.get_sheet_by_name("Tre år").to_python()
        assert rows[0] == ["kontrollmoment", "2019", "2020", "2021"]
        assert [[row[0][:2], *row[1:]] for row in rows[1:]] == [
            ["K1", "— inget resultat", "● God", "● God"],
            ["K2", "● God", "— inget resultat", "● God"],
            ["K3", "— inget resultat", "— inget resultat", "— Ej genomförd"],
            ["K4", "— inget resultat", "— inget resultat", "◆ Godtagbar"],
            ["K5", "● God", "● God", "● God"],
            ["K6", "● God", "● God", "● God"],
            ["K7", "● God", "◆ Godtagbar", "◆ Godtagbar"],
        ]

    def test_a_text_like_a_formula_leaves_guarded_in_csv_and_as_text_in_a_workbook(self, empty):
        empty.imports("controls", "ar;ref;kontrollmoment\n2021;K1;'=1+1\n")
        _, line = csv.reader(io.StringIO(control(empty, "--format", "csv").raw.decode("utf-8-sig")), delimiter=";")
        assert line[1] == "'=1+1"
        book = CalamineWorkbook.from_filelike(io.BytesIO(control(empty, "--format", "xlsx").raw))
        assert book.get_sheet_by_name("Kontrollmoment").to_python()[1][1] == "=1+1"

    @pytest.mark.parametrize("report_format", ["json", "csv", "xlsx"])
    def test_a_file_gets_what_standard_output_would_and_the_last_line_tells(self, office, tmp_path, report_format):
        path = tmp_path / f"rapport.{report_format}"
        ran = control(office, "--format", report_format, "--output", path)
        told = "Uppföljning av internkontrollplan 2021, 7 kontrollmoment, 7 risker"
        assert (ran.code, ran.out, ran.err) == (0, f"Skrev {path}: {told}\n", "")
        if report_format == "xlsx":
            assert CalamineWorkbook.from_path(str(path)).sheet_names[1] == "Kontrollmoment"
        else:
            assert path.read_bytes() == control(office, "--format", report_format).raw
        assert control(office, "--format", report_format).err == f"Skrev rapporten: {told}\n"

    def test_a_file_that_cannot_be_written_ends_with_a_swedish_line(self, office, tmp_path):
        ran = control(office, "--output", tmp_path / "finns-inte" / "rapport.json")
        assert (ran.code, ran.out) == (1, "")
        assert "gick inte att skriva" in ran.err


class TestYears:
    """Years with nothing in them, and years that cannot be."""

    def test_an_empty_year_is_a_report_of_zeros_and_makes_no_plan(self, office):
        before = snapshot()
        assert office.report(2035) == {
            "report": "control", "year": 2035, "grades": NOTHING, "moments_total": 0, "moments": [], "risks": [],
            "matrix": [[0] * 4] * 4,
        }  # fmt: skip
        assert snapshot()["control_plan"] == before["control_plan"]

    @pytest.mark.parametrize("report_format", ["csv", "xlsx"])
    def test_an_empty_year_has_files(self, empty, report_format):
        ran = control(empty, "--format", report_format)
        assert ran.code == 0
        told, last = ran.errors
        assert told == "Det finns ingen internkontroll för 2021. Rapporten är tom."
        assert "0 kontrollmoment, 0 risker" in last
        assert len(ran.raw) > 50

    @pytest.mark.parametrize("year", [99_999_999_999, 10**30])
    def test_a_year_that_no_database_holds_is_refused_in_swedish(self, empty, year):
        ran = control(empty, year=year)
        assert (ran.code, ran.out) == (1, "")
        assert ran.err.startswith("Året ")

    @pytest.mark.parametrize("arguments", [(), ("i år",), (2021, "--format", "odt"), (2021, "--kvartal", "1")])
    def test_arguments_that_cannot_be_read_end_with_exit_code_one(self, empty, arguments):
        ran = run(empty.app, "report", "control", *arguments)
        assert (ran.code, ran.out) == (1, "")
        assert ran.err
