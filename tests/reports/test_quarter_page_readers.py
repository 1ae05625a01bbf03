"""The quarter's page for each reader: their part of the organisation, what is hidden, what is missed, and the files."""

import io
import json
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from tests.decisions.lists import csv_rows, protect
from tests.decisions.running import run
from tests.factories import PASSWORD, make_decisions, make_unit, make_user
from tests.reports.reviewing import taken_out
from tests.reports.test_published_figures import PUBLISHED
from tests.support.checks import text_of
from tests.support.pages import PageClient
from tracker import clock
from tracker.accounts.services import give_role
from tracker.database import db
from tracker.rules.permissions import Role

TODAY = date(2022, 2, 15)
QUARTER = "/rapporter/kvartal/2021/4"
DAYS = "avstamning=2022-01-31&foregaende=2021-10-31"
COMMAND = ("report", "quarter", 2021, 4, "--cutoff", "2022-01-31", "--previous", "2021-10-31")
AUDIENCES = ("intern", "namnd", "revisor", "fullmaktige")
NEW = {"beslutsdatum": "2021-08-01"}
# Due 1 June, ended on 15 August: after three months, before the previous cut-off 30 September, and never reported.
MISSED = {"beslutsdatum": "2021-03-01", "verkstalld": "2021-08-15"}
MISSED_CAPTION = "Klockor som saknas i rapporterna"


@pytest.fixture
def today(app, frozen_day):
    """15 February 2022, with an empty register."""
    frozen_day(TODAY)
    return app


def signed_in(app, *held: str, email: str = "eva@kommun.example") -> PageClient:
    """A handläggare of some units (of all, when none is named), signed in."""
    user = make_user(email)
    for unit in held or ("Socialförvaltningen",):
        give_role(user, Role.CASE_OFFICER, make_unit(unit), clock.now(), date(2015, 1, 1))
    db.session.commit()
    visitor = PageClient(app)
    visitor.sign_in(email, PASSWORD)
    return visitor


def figures_on(page) -> list[int]:
    """The numbers at the top."""
    spans = [e for e in page.tree.iter("span") if "figure" in (e.get("class") or "").split()]
    return [int(text_of(element)) for element in spans]


def notice(page, element_id: str) -> str:
    """What a part of the page says."""
    return text_of(next(element for element in page.tree.iter() if element.get("id") == element_id))


class TestPart:
    """A reader of a part of the organisation sees its figures, and the page says which part."""

    @pytest.fixture
    def organisation(self, today):
        for name, above in (("Vuxen", None), ("Vuxen 1", "Vuxen"), ("Vuxen 2", "Vuxen"), ("Barn", None),
                            ("Barn 1", "Barn")):  # fmt: skip
            make_unit(name, above)
        units = ["Vuxen", "Vuxen 1", "Vuxen 1", "Vuxen 2", "Barn", "Barn 1", "Socialförvaltningen"]
        make_decisions(
            [{"ref": f"{unit}:{n}", "enhet": unit} | NEW for n, unit in enumerate(units)]
            + [{"ref": f"{unit}:m{n}", "enhet": unit} | MISSED for n, unit in enumerate(units[1:])],
            today=TODAY,
        )
        return today

    @pytest.mark.parametrize(
        ("held", "new", "missed", "place"),
        [
            (["Socialförvaltningen"], 7, 6, None),
            (["Vuxen"], 4, 3, "Vuxen"),
            (["Vuxen 1"], 2, 2, "Vuxen 1"),
            (["Barn 1"], 1, 1, "Barn 1"),
            (["Vuxen 1", "Vuxen 2"], 3, 3, "Vuxen 1, Vuxen 2"),
            (["Barn", "Vuxen"], 6, 5, "Barn, Vuxen"),
        ],
    )
    def test_the_figures_and_the_place_are_the_readers(self, organisation, held, new, missed, place):
        visitor = signed_in(organisation, *held)
        page = visitor.get(QUARTER)
        assert figures_on(page) == [0, 0, 0, new]
        assert notice(page, "saknas").startswith(f"{missed} saknas i rapporterna")
        assert len(page.table(MISSED_CAPTION).rows) == missed
        lead = next(text_of(e) for e in page.tree.iter("p") if e.get("class") == "lead-line")
        assert lead.endswith(f"utkast · {place}" if place else "utkast")
        assert csv_rows(visitor.get(f"{QUARTER}/export.csv"))[0]["klass"] == "Ny rapportering"
        assert len(csv_rows(visitor.get(f"{QUARTER}/export.csv"))) == new

    def test_a_reader_of_units_at_different_heights_is_told_all_of_them(self, organisation):
        page = signed_in(organisation, "Barn", "Vuxen 1").get(QUARTER)
        assert figures_on(page) == [0, 0, 0, 4]
        lead = next(text_of(e) for e in page.tree.iter("p") if e.get("class") == "lead-line")
        assert "Barn" in lead
        assert "Vuxen 1" in lead

    def test_a_class_page_says_and_holds_the_readers_part_too(self, organisation):
        page = signed_in(organisation, "Vuxen 1").get(f"{QUARTER}?klass=new")
        assert page.table("Nya att rapportera").column("Beslut") == ["Vuxen 1:1", "Vuxen 1:2"]
        assert "Vuxen 1" in next(text_of(e) for e in page.tree.iter("p") if e.get("class") == "lead-line")

    def test_the_file_of_a_part_is_that_of_the_command_in_the_readers_name(self, organisation):
        page = signed_in(organisation, "Vuxen").get(f"{QUARTER}/export.json?{DAYS}")
        assert page.data == run(organisation, *COMMAND, "--by", "eva@kommun.example").raw

    @pytest.mark.parametrize("audience", AUDIENCES[1:])
    def test_a_reader_of_a_part_has_no_file_for_others(self, organisation, audience):
        """Figures of a part beside those of the whole would give away what has been hidden in them."""
        visitor = signed_in(organisation, "Vuxen")
        visitor.get(f"{QUARTER}/export.json?{DAYS}&mottagare={audience}", status=403)
        assert [text for text, _ in options_of(visitor.get(QUARTER), "mottagare")] == ["Eget arbete"]
        refused = run(organisation, *COMMAND, "--audience", audience, "--by", "eva@kommun.example")
        assert (refused.code, refused.out) == (1, "")


class TestMissed:
    """What no report has held is a warning with its rows."""

    def test_it_is_warned_of_with_its_rows_and_stands_in_no_class(self, today):
        make_decisions([{"ref": "M-1"} | MISSED], today=TODAY)
        visitor = signed_in(today)
        page = visitor.get(QUARTER)
        assert figures_on(page) == [0, 0, 0, 0]
        assert page.table(MISSED_CAPTION).rows == [["M-1", "Beslut", "2021-03-01", "2021-06-01", "2021-08-15"]]
        assert "verkställdes 15 augusti 2021" in visitor.click("M-1").text
        assert "det saknas i rapporterna" in visitor.page.text

    def test_one_that_is_reported_with_this_report_only_is_missed_as_well(self, today):
        """First reported on the cut-off itself: no report before it held the clock."""
        make_decisions([{"ref": "M-1", "forst_rapporterad": "2021-12-31"} | MISSED], today=TODAY)
        page = signed_in(today).get(QUARTER)
        assert page.table(MISSED_CAPTION).column("Beslut") == ["M-1"]

    def test_the_first_twenty_five_are_listed_and_the_rest_counted(self, today):
        rows = [{"ref": f"M-{n:02}"} | MISSED | {"verkstalld": f"2021-08-{n:02}"} for n in range(1, 29)]
        make_decisions(rows, today=TODAY)
        page = signed_in(today).get(QUARTER)
        assert notice(page, "saknas").startswith("28 saknas i rapporterna")
        assert page.table(MISSED_CAPTION).column("Beslut") == [f"M-{n:02}" for n in range(1, 26)]
        assert "De 25 första visas." in page.text

    def test_there_is_no_warning_where_nothing_is_missed(self, today):
        make_decisions([{"ref": "N-1"} | NEW], today=TODAY)
        assert "saknas" not in signed_in(today).get(QUARTER).text


class TestProtected:
    """Decisions of persons with protected identity are counted and told, and not listed."""

    @pytest.mark.parametrize(("hidden", "told"), [(1, "1 skyddad visas inte"), (2, "2 skyddade visas inte")])
    def test_they_are_counted_and_told_but_not_listed(self, today, hidden, told):
        make_decisions([{"ref": f"N-{n}"} | NEW for n in range(4)], today=TODAY)
        protect(*[f"N-{n}" for n in range(hidden)])
        page = signed_in(today).get(QUARTER)
        assert figures_on(page) == [0, 0, 0, 4]
        assert page.table("Nya att rapportera").column("Beslut") == [f"N-{n}" for n in range(hidden, 4)]
        assert f"{told}, men räknas med i talen." in page.text

    def test_a_missed_one_is_counted_and_told_but_not_listed(self, today):
        make_decisions([{"ref": f"M-{n}"} | MISSED for n in range(2)], today=TODAY)
        protect("M-0")
        page = signed_in(today).get(QUARTER)
        assert page.table(MISSED_CAPTION).column("Beslut") == ["M-1"]
        assert notice(page, "saknas").startswith("2 saknas i rapporterna")
        assert "1 skyddad visas inte" in page.text

    def test_where_all_are_protected_the_class_lists_none(self, today):
        make_decisions([{"ref": "N-1"} | NEW, {"ref": "M-1"} | MISSED], today=TODAY)
        protect("N-1", "M-1")
        page = signed_in(today).get(QUARTER)
        assert figures_on(page) == [0, 0, 0, 1]
        assert not [ref for ref in ("N-1", "M-1") if ref in page.links]
        assert not [table for table in page.tree.iter("table") if not list(table.iter("td"))], "no empty table"

    def test_a_class_page_tells_them_too(self, today):
        make_decisions([{"ref": f"N-{n}"} | NEW for n in range(3)], today=TODAY)
        protect("N-1")
        page = signed_in(today).get(f"{QUARTER}?klass=new")
        assert page.table("Nya att rapportera").column("Beslut") == ["N-0", "N-2"]
        assert "1 skyddad visas inte" in page.text

    @pytest.mark.parametrize("audience", AUDIENCES[1:])
    @pytest.mark.parametrize("extension", ["csv", "json"])
    def test_no_file_for_others_lists_them(self, today, audience, extension):
        make_decisions([{"ref": f"N-{n}", "insats": f"Insats {n}"} | NEW for n in range(3)], today=TODAY)
        protect("N-1")
        page = taken_out(signed_in(today), f"{QUARTER}/export.{extension}?mottagare={audience}")
        if extension == "json":
            found = json.loads(page.data)
            assert found["counts"]["new"] == 3
            assert "Insats 1" not in {row["insats"] for row in found["rows"]}
        elif audience != "fullmaktige":
            assert {row["insats"] for row in csv_rows(page)} == {"Insats 0", "Insats 2"}
        assert b"N-1" not in page.data


class TestFiles:
    """The page's files are those of the command."""

    @pytest.fixture
    def published(self, today):
        assert run(today, "import", "decisions", PUBLISHED).code == 0
        return today

    @pytest.mark.parametrize("audience", AUDIENCES)
    @pytest.mark.parametrize("extension", ["csv", "json", "xlsx", "docx", "pdf"])
    def test_each_file_holds_what_the_command_gives(self, published, audience, extension):
        visitor = signed_in(published)
        page = taken_out(visitor, f"{QUARTER}/export.{extension}?{DAYS}&mottagare={audience}")
        by_command = run(published, *COMMAND, "--audience", audience, "--format", extension)
        assert by_command.code == 0, by_command.err
        assert page.data == by_command.raw
        name = f"ej-verkstallda-beslut-2021-kvartal-4-{audience}.{extension}"
        assert name in page.response.headers["Content-Disposition"]

    def test_the_form_sends_the_days_that_the_page_shows(self, published):
        visitor = signed_in(published)
        visitor.get(f"{QUARTER}?{DAYS}")
        page = visitor.submit({"mottagare": "namnd"}, form="mottagare")
        assert page.heading == "Sekretessprövning"
        page = taken_out(visitor, f"{QUARTER}/export.xlsx?{DAYS}&mottagare=namnd")
        assert sheets(page.data) == sheets(run(published, *COMMAND, "--audience", "namnd", "--format", "xlsx").raw)
        assert {text for text, _ in options_of(visitor.get(QUARTER), "mottagare")} == {
            "Eget arbete", "IVO, med identiteter", "Nämnden", "Revisorerna", "Kommunfullmäktige"
        }  # fmt: skip

    def test_without_a_reader_named_it_is_the_internal_file(self, published):
        page = signed_in(published).get(f"{QUARTER}/export.json?{DAYS}")
        assert json.loads(page.data)["audience"] == "intern"

    @pytest.mark.parametrize(
        "path", ["export.odt", "export.xls", "export.CSV", "export.csv?mottagare=IVO", "export.csv?mottagare=",
                 "export.json?mottagare=borta", "export.xlsx?mottagare=INTERN"],
    )  # fmt: skip
    def test_an_unknown_reader_or_format_is_not_found(self, published, path):
        assert signed_in(published).get(f"{QUARTER}/{path}", status=404).heading == "Sidan finns inte"

    @pytest.mark.parametrize("query", ["avstamning=fel", "foregaende=2021-02-30", "foregaende=2022-01-01"])
    def test_days_that_cannot_be_used_give_no_file(self, published, query):
        page = signed_in(published).get(f"{QUARTER}/export.csv?{query}", status=400)
        assert page.heading == "Begäran gick inte att läsa"

    @pytest.mark.parametrize("audience", AUDIENCES)
    def test_an_empty_register_gives_files_of_zero(self, today, audience):
        found = json.loads(taken_out(signed_in(today), f"{QUARTER}/export.json?mottagare={audience}").data)
        assert set(found["counts"].values()) == {0}
        assert (found["groups"], found["rows"]) == ([], [])


def sheets(data: bytes) -> dict[str, list[list[object]]]:
    """A workbook's sheets, each with its cells."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def options_of(page, name: str) -> list[tuple[str, str]]:
    """The texts and values of a select."""
    (select,) = (element for element in page.tree.iter("select") if element.get("name") == name)
    return [(text_of(option), option.get("value")) for option in select.iter("option")]
