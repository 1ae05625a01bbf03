"""`flask report quarter`: what each audience sees, in each format, in whose name, and how it ends."""

import csv
import io
import json
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from tests.decisions.running import Ran, decision, run
from tests.factories import make_decisions, make_user
from tests.reports.comparing import CLASS_NAMES, group_cells, row_cells
from tracker.database import db
from tracker.decisions.models import DecisionClock
from tracker.records.models import Mark

ROW_KEYS = [
    "ref", "clock", "insats", "kon", "class", "decided_on", "interrupted_on", "due_on", "executed_on", "closed_on",
    "days", "reason",
]  # fmt: skip
ALL_AUDIENCES = ["intern", "namnd", "revisor", "fullmaktige"]
REGISTER = [
    # One clock of each class at 2025-06-30 with 2025-03-31 before it, one missed, and three more in one group.
    {"ref": "E-1", "insats": "Boendestöd", "kon": "kvinna", "beslutsdatum": "2024-11-01", "verkstalld": "2025-04-10",
     "forst_rapporterad": "2025-03-31", "skal": "NEJ", "person": "19121212-1212"},
    {"ref": "E-2", "insats": "Boendestöd", "kon": "man", "beslutsdatum": "2024-11-02", "avslutad": "2025-04-11",
     "forst_rapporterad": "2025-03-31", "skal": "Anna Svensson på Storgatan vill vänta"},
    {"ref": "E-3", "insats": "Boendestöd", "beslutsdatum": "2024-11-03", "forst_rapporterad": "2025-03-31"},
    {"ref": "E-4", "insats": "Ålderdomshem", "kon": "man", "beslutsdatum": "2025-01-15"},
    {"ref": "E-5", "insats": "Öppenvård", "kon": "kvinna", "beslutsdatum": "2025-01-16", "verkstalld": "2025-04-17"},
    {"ref": "E-6", "insats": "Ärendestöd", "kon": "kvinna", "beslutsdatum": "2025-01-17", "avslutad": "2025-04-18"},
    {"ref": "E-7", "insats": "Boendestöd", "kon": "man", "beslutsdatum": "2024-11-01", "verkstalld": "2025-03-01"},
    {"ref": "E-3", "insats": "Boendestöd", "beslutsdatum": "2024-11-03", "avbrottsdatum": "2025-01-20"},
    {"ref": "F-9", "insats": "Boendestöd", "kon": "kvinna", "beslutsdatum": "2024-12-01"},
    {"ref": "F-10", "insats": "Boendestöd", "kon": "kvinna", "beslutsdatum": "2024-12-01"},
    {"ref": "F-11", "insats": "Boendestöd", "kon": "kvinna", "beslutsdatum": "2025-01-31"},
]  # fmt: skip
COUNTS = {
    "executed": 1,
    "closed": 1,
    "still_unexecuted": 1,
    "new": 5,
    "late_executed": 1,
    "late_closed": 1,
    "missed": 1,
}


@pytest.fixture
def office(app, frozen_day):
    frozen_day(date(2025, 7, 15))
    make_decisions(REGISTER)
    return app


def quarter(app, *options: object) -> Ran:
    return run(app, "report", "quarter", 2025, 2, *options)


def as_json(app, *options: object) -> dict:
    ran = quarter(app, *options)
    assert ran.code == 0, ran.err
    return json.loads(ran.out)


def test_the_report_says_what_it_is_about(office):
    found = as_json(office)
    said = {
        name: found[name] for name in ("report", "year", "quarter", "audience", "cutoff", "previous_cutoff", "locked")
    }
    assert said == {
        "report": "quarter", "year": 2025, "quarter": 2, "audience": "intern", "cutoff": "2025-06-30",
        "previous_cutoff": "2025-03-31", "locked": False,
    }  # fmt: skip
    assert found["title"] == "Ej verkställda beslut, kvartal 2 2025"
    assert found["counts"] == COUNTS


def test_rows_come_by_class_then_start_then_ref_by_code_point(office):
    rows = as_json(office)["rows"]
    assert [row["ref"] for row in rows] == ["E-1", "E-2", "E-3", "F-10", "F-9", "E-4", "E-3", "F-11", "E-5", "E-6"]
    assert [row["class"] for row in rows] == ["executed", "closed", "still_unexecuted", *["new"] * 5, "late_executed",
                                              "late_closed"]  # fmt: skip


def test_a_row_of_the_internal_report_holds_what_is_promised(office):
    rows = as_json(office)["rows"]
    assert list(rows[0]) == ROW_KEYS
    # 2024-11-01 to 2025-04-10 = 29 + 31 + 31 + 28 + 31 + 10.
    assert rows[0] == {
        "ref": "E-1", "clock": "beslut", "insats": "Boendestöd", "kon": "kvinna", "class": "executed",
        "decided_on": "2024-11-01", "interrupted_on": None, "due_on": "2025-02-01", "executed_on": "2025-04-10",
        "closed_on": None, "days": 160, "reason": "Enskild har tackat nej",
    }  # fmt: skip
    # 2025-01-20 to 2025-06-30 = 11 + 28 + 31 + 30 + 31 + 30.
    assert rows[6] == {
        "ref": "E-3", "clock": "avbrott", "insats": "Boendestöd", "kon": None, "class": "new",
        "decided_on": "2024-11-03", "interrupted_on": "2025-01-20", "due_on": "2025-04-20", "executed_on": None,
        "closed_on": None, "days": 161, "reason": None,
    }  # fmt: skip
    assert rows[1]["reason"] == "Anna Svensson på Storgatan vill vänta"


def test_groups_come_by_insats_clock_and_sex_with_the_unknown_last(office):
    groups = as_json(office)["groups"]
    # By code point Ä (U+00C4) stands before Å (U+00C5), and both before Ö (U+00D6), after every a–z.
    assert [(group["insats"], group["clock"], group["kon"]) for group in groups] == [
        ("Boendestöd", "avbrott", None),
        ("Boendestöd", "beslut", "kvinna"),
        ("Boendestöd", "beslut", "man"),
        ("Boendestöd", "beslut", None),
        ("Ärendestöd", "beslut", "kvinna"),
        ("Ålderdomshem", "beslut", "man"),
        ("Öppenvård", "beslut", "kvinna"),
    ]


def test_a_group_holds_its_classes_bins_and_waits_with_the_median_between_two(office):
    group = as_json(office)["groups"][1]
    # Women with boendestöd: E-1 160 days (five months), F-9 and F-10 211 days from 2024-12-01 to 2025-06-30
    # (30 + 31 + 28 + 31 + 30 + 31 + 30; six months) and F-11 150 days from 2025-01-31 (28 + 31 + 30 + 31 + 30; five
    # months, as June has no 31st).
    assert group["counts"] == {"executed": 1, "closed": 0, "still_unexecuted": 0, "new": 3, "late_executed": 0,
                               "late_closed": 0}  # fmt: skip
    assert group["bins"] == {"0-2": 0, "3-6": 4, "7-9": 0, "10-12": 0, "13-17": 0, "18+": 0}
    assert group["days"] == {"sum": 732, "median": 185.5, "max": 211}


def test_the_figures_of_the_report_add_up_to_its_rows(office):
    found = as_json(office)
    for name in CLASS_NAMES:
        in_rows = sum(row["class"] == name for row in found["rows"])
        assert found["counts"][name] == in_rows == sum(group["counts"][name] for group in found["groups"])
    assert found["days"]["sum"] == sum(row["days"] for row in found["rows"])
    assert all(sum(group["counts"].values()) == sum(group["bins"].values()) for group in found["groups"])


@pytest.mark.parametrize("audience", ["namnd", "revisor"])
def test_committee_and_auditors_see_rows_without_ref_identity_or_free_text(office, audience):
    ran = quarter(office, "--audience", audience)
    found = json.loads(ran.out)
    assert found["audience"] == audience
    assert found["counts"] == COUNTS
    assert len(found["rows"]) == 10
    assert all(list(row) == ROW_KEYS[1:] for row in found["rows"])
    assert [row["reason"] for row in found["rows"]] == ["Enskild har tackat nej", *[None] * 9]
    for secret in ("Svensson", "E-1", "F-10", "1212", '"ref"', '"person"'):
        assert secret not in ran.out


def test_no_audience_of_today_sees_an_identity(office):
    for audience in ALL_AUDIENCES:
        for report_format in ("json", "csv"):
            said = quarter(office, "--audience", audience, "--format", report_format).out
            assert "1212" not in said
            assert "person" not in said.casefold().replace("kontaktperson", "")


@pytest.mark.parametrize(("audience", "listed"), [("intern", 9), ("namnd", 9), ("revisor", 9)])
def test_a_protected_person_is_counted_for_all_and_listed_for_none(office, audience, listed):
    protected = decision("E-4")
    protected.mark = Mark.PROTECTED
    db.session.query(DecisionClock).filter_by(decision_id=protected.record_id).update({"mark": Mark.PROTECTED})
    db.session.commit()
    found = as_json(office, "--audience", audience)
    assert found["counts"] == COUNTS
    assert len(found["rows"]) == listed
    assert not any(row["insats"] == "Ålderdomshem" for row in found["rows"])
    assert any(group["insats"] == "Ålderdomshem" for group in found["groups"])


def test_the_council_gets_whole_counts_and_no_number_between_one_and_four(office):
    found = as_json(office, "--audience", "fullmaktige")
    assert (found["rows"], found["suppressed_below"], found["counts"]) == ([], 5, COUNTS)
    for group in found["groups"]:
        for number in (*group["counts"].values(), *group["bins"].values()):
            assert number is None or number == 0 or number >= 5
    assert all(group["days"] == {"sum": None, "median": None, "max": None} for group in found["groups"])


def test_the_council_sees_numbers_that_are_large_enough_and_nothing_that_gives_the_small_away(app, frozen_day):
    frozen_day(date(2025, 7, 15))
    amounts = {
        ("Boendestöd", "kvinna"): 12,
        ("Boendestöd", "man"): 3,
        ("Hemtjänst", "kvinna"): 9,
        ("Hemtjänst", "man"): 7,
    }
    rows = [
        {"ref": f"{insats}-{kon}-{n}", "insats": insats, "kon": kon, "beslutsdatum": "2025-01-15"}
        for (insats, kon), amount in amounts.items()
        for n in range(amount)
    ]
    make_decisions(rows)
    found = as_json(app, "--audience", "fullmaktige")
    assert found["counts"]["new"] == 31
    shown = {(group["insats"], group["kon"]): group["counts"]["new"] for group in found["groups"]}
    assert shown["Boendestöd", "man"] is None
    hidden = [key for key, number in shown.items() if number is None]
    assert len(hidden) >= 2, "one hidden number follows from the total"
    assert all(shown[key] in (None, amount) for key, amount in amounts.items())
    assert any(number is not None for number in shown.values())
    for group in found["groups"]:
        if group["counts"]["new"] is None:
            assert None in group["bins"].values()


def cells(value: object) -> str:
    return "" if value is None else str(value)


@pytest.mark.parametrize("audience", ["intern", "namnd", "revisor"])
def test_the_csv_holds_the_rows_of_the_json(office, audience):
    ran = quarter(office, "--format", "csv", "--audience", audience)
    assert ran.raw.startswith(b"\xef\xbb\xbf")
    head, *lines = csv.reader(io.StringIO(ran.raw.decode("utf-8-sig")), delimiter=";")
    assert ("ref" in head) == (audience == "intern")
    assert head[-1] == "skäl till dröjsmålet"
    assert lines == [row_cells(row) for row in as_json(office, "--audience", audience)["rows"]]


def test_the_councils_csv_holds_the_groups_of_the_json(office):
    raw = quarter(office, "--format", "csv", "--audience", "fullmaktige").raw
    _, *lines = csv.reader(io.StringIO(raw.decode("utf-8-sig")), delimiter=";")
    groups = as_json(office, "--audience", "fullmaktige")["groups"]
    assert lines == [[str(cell) for cell in group_cells(group)] for group in groups]


@pytest.mark.parametrize("audience", ALL_AUDIENCES)
def test_the_workbook_holds_the_figures_groups_and_rows_of_the_json(office, audience):
    raw = quarter(office, "--format", "xlsx", "--audience", audience).raw
    found = as_json(office, "--audience", audience)
    book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
    council = audience == "fullmaktige"
    rows = [] if council else ["Beslut"]
    assert book.sheet_names == ["Sammanställning", "Per insats", *rows, "Kvartal för kvartal", "Förklaring"]

    summary = {str(name): value for name, value, *_ in book.get_sheet_by_name("Sammanställning").to_python()[1:]}
    assert summary["rubrik"] == found["title"]
    assert (summary["avstämningsdatum"], summary["föregående avstämningsdatum"]) == (
        date(2025, 6, 30),
        date(2025, 3, 31),
    )
    for name, label in CLASS_NAMES.items():
        assert summary[label.casefold()] == found["counts"][name]
    assert summary["saknas i rapporterna"] == found["counts"]["missed"]
    assert summary["väntetid, dagar, summa"] == ("–" if found["days"]["sum"] is None else found["days"]["sum"])

    lines = book.get_sheet_by_name("Per insats").to_python()[1:]
    assert lines[: len(found["groups"])] == [group_cells(group) for group in found["groups"]]
    assert any("mellan 1 och 4" in str(line[0]) for line in lines) == council
    if not council:
        rows = book.get_sheet_by_name("Beslut").to_python()[1:]
        assert [[cells(int(v) if isinstance(v, float) else v) for v in row] for row in rows] == [
            row_cells(row) for row in found["rows"]
        ]


def test_a_text_like_a_formula_leaves_guarded_in_csv_and_as_text_in_a_workbook(app, frozen_day):
    frozen_day(date(2025, 7, 15))
    make_decisions([{"ref": "=1+1", "insats": "@summa", "beslutsdatum": "2025-01-15", "skal": '=HYPERLINK("x")'}])
    raw = quarter(app, "--format", "csv").raw
    _, line = csv.reader(io.StringIO(raw.decode("utf-8-sig")), delimiter=";")
    assert (line[0], line[2], line[-1]) == ("'=1+1", "'@summa", '\'=HYPERLINK("x")')
    book = CalamineWorkbook.from_filelike(io.BytesIO(quarter(app, "--format", "xlsx").raw))
    row = book.get_sheet_by_name("Beslut").to_python()[1]
    assert (row[0], row[2], row[-1]) == ("=1+1", "@summa", '=HYPERLINK("x")')


@pytest.mark.parametrize("report_format", ["json", "csv", "xlsx"])
def test_a_file_gets_what_standard_output_would_and_the_last_line_tells(office, tmp_path, report_format):
    path = tmp_path / f"rapport.{report_format}"
    ran = quarter(office, "--format", report_format, "--output", path)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == f"Skrev {path}: 10 klockor i klass, 1 saknas i rapporterna\n"
    if report_format != "xlsx":
        assert path.read_bytes() == quarter(office, "--format", report_format).raw
    else:
        assert CalamineWorkbook.from_path(str(path)).sheet_names[0] == "Sammanställning"


def test_a_file_that_cannot_be_written_ends_with_a_swedish_line(office, tmp_path):
    ran = quarter(office, "--output", tmp_path / "finns-inte" / "rapport.json")
    assert (ran.code, ran.out) == (1, "")
    assert "gick inte att skriva" in ran.err


@pytest.mark.parametrize("audience", ALL_AUDIENCES)
def test_an_empty_database_gives_a_report_of_zeros(app, audience):
    found = as_json(app, "--audience", audience)
    assert found["counts"] == dict.fromkeys(COUNTS, 0)
    assert (found["groups"], found["rows"]) == ([], [])
    assert found["days"] == {"sum": 0, "median": 0.0, "max": 0}
    for report_format in ("csv", "xlsx"):
        assert quarter(app, "--audience", audience, "--format", report_format).code == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((2025, 5), "Kvartalet ska vara 1, 2, 3 eller 4."),
        ((2025, 0), "Kvartalet ska vara 1, 2, 3 eller 4."),
        ((1999, 1), "Året ska ligga mellan 2000 och 2100."),
        ((2025, 1, "--previous", "2025-03-31"), "Föregående avstämningsdatum 2025-03-31 måste ligga före"),
        ((2025, 1, "--cutoff", "2024-12-31"), "Föregående avstämningsdatum 2024-12-31 måste ligga före"),
    ],
)
def test_a_period_that_cannot_be_is_refused_in_swedish(app, arguments, says):
    ran = run(app, "report", "quarter", *arguments)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith(says)


@pytest.mark.parametrize(
    "arguments",
    [
        ("2025", "ett"),
        ("2025",),
        ("2025", "1", "--cutoff", "2025-13-01"),
        ("2025", "1", "--format", "odt"),
        ("2025", "1", "--audience", "alla"),
    ],
)
def test_arguments_that_cannot_be_read_end_with_exit_code_one(app, arguments):
    ran = run(app, "report", "quarter", *arguments)
    assert (ran.code, ran.out) == (1, "")


class TestInWhoseName:
    """Whose report it is, and what they may read."""

    def test_an_unknown_user_is_refused(self, office):
        ran = quarter(office, "--by", "ingen@kommun.example")
        assert (ran.code, ran.out) == (1, "")
        assert ran.err == "Det finns ingen aktiv användare med adressen ingen@kommun.example.\n"

    @pytest.mark.parametrize(
        "role", ["medarbetare", "utredare", "ansvarig", "internkontroll", "sekreterare", "namnd", "revisor",
                 "loggranskare", "admin"]
    )  # fmt: skip
    @pytest.mark.parametrize("audience", ["intern", "fullmaktige"])
    def test_a_role_that_may_not_read_drafts_is_refused(self, office, role, audience):
        make_user("eva@kommun.example", role)
        ran = quarter(office, "--by", "eva@kommun.example", "--audience", audience)
        assert (ran.code, ran.out) == (1, "")
        assert ran.err == "eva@kommun.example har ingen roll som får göra det.\n"

    @pytest.mark.parametrize("role", ["chef", "handlaggare", "kvalitet"])
    def test_a_role_that_may_read_drafts_gets_the_report(self, office, role):
        make_user("eva@kommun.example", role)
        assert as_json(office, "--by", "eva@kommun.example")["counts"] == COUNTS

    def test_a_reader_of_one_unit_gets_the_figures_and_rows_of_it_alone(self, office):
        make_decisions([{"ref": "E-4", "insats": "", "beslutsdatum": "", "enhet": "Vuxen 2"}])
        make_user("eva@kommun.example", "chef", unit="Vuxen 2")
        found = as_json(office, "--by", "eva@kommun.example")
        assert found["counts"] == dict.fromkeys(COUNTS, 0) | {"new": 1}
        assert [row["ref"] for row in found["rows"]] == ["E-4"]
        assert [group["insats"] for group in found["groups"]] == ["Ålderdomshem"]

    @pytest.mark.parametrize(("audience", "code"), [("intern", 1), ("namnd", 1), ("revisor", 1), ("fullmaktige", 0)])
    def test_in_production_a_report_with_rows_needs_a_name(self, office, monkeypatch, audience, code):
        monkeypatch.setitem(office.config, "PRODUCTION", True)
        ran = quarter(office, "--audience", audience)
        assert ran.code == code
        assert (ran.err == "Ange i vems namn det görs: --by E-POST.\n") == bool(code)
        make_user("eva@kommun.example", "handlaggare")
        assert as_json(office, "--audience", audience, "--by", "eva@kommun.example")["audience"] == audience
