"""The start page: figures that lead to their lists, what is late, what is next, and those without a register."""

from datetime import date, timedelta

import pytest

from tests.decisions.lists import protect, walk
from tests.factories import PASSWORD, make_decisions, make_unit, make_user
from tests.frozen.locking import lock
from tests.support.checks import text_of
from tests.support.pages import PageClient
from tracker.rules.permissions import Role

TODAY = date(2022, 2, 15)
LATE, NEXT = "Har väntat längst", "Når tre månader härnäst"
NO_REGISTER = [role for role in Role if role not in {Role.CASE_OFFICER, Role.MANAGER, Role.QUALITY_LEAD}]
READS_REPORTS = {Role.CONTROL_COORDINATOR, Role.LEX_SARAH_OFFICER}
READS_LOCKED = {Role.SECRETARY, Role.COMMITTEE_MEMBER, Role.AUDITOR}


@pytest.fixture
def today(app, frozen_day):
    """15 February 2022, with an empty register."""
    frozen_day(TODAY)
    return app


def signed_in(app, *roles, unit: str | None = None) -> PageClient:
    visitor = PageClient(app)
    visitor.sign_in(make_user("eva@kommun.example", *roles, unit=unit).email, PASSWORD)
    return visitor


def figures_on(page) -> dict[str, str]:
    """Each figure's text, and where it leads."""
    (one,) = (element for element in page.tree.iter("ul") if element.get("class") == "figures")
    return {text_of(link): link.get("href") for link in one.iter("a")}


def sums_on(page, heading: str) -> dict[str, str]:
    """The labels and numbers of a quarter's box."""
    for section in page.tree.iter("section"):
        if text_of(next(section.iter("h2"))) == heading:
            (sums,) = section.iter("dl")
            names = [text_of(element) for element in sums if element.tag == "dt"]
            return dict(zip(names, (text_of(e) for e in sums if e.tag == "dd"), strict=True))
    raise AssertionError(f"no box {heading!r}: {page.text}")


def a_register(late: int, soon: int, later: int, ended: int) -> None:
    """Clocks over three months since 1 … days, within 0 … days of them, beyond 30 days, and executed in time."""
    starts = [("L", date(2021, 11, 14) - timedelta(days=n)) for n in range(late)]  # due yesterday and before
    starts += [("S", date(2021, 11, 15) + timedelta(days=n)) for n in range(soon)]  # due today and after
    starts += [("W", date(2021, 12, 18))] * later  # due in 31 days
    rows = [{"ref": f"{kind}-{n:02}", "beslutsdatum": start} for n, (kind, start) in enumerate(starts)]
    rows += [{"ref": f"E-{n:02}", "beslutsdatum": "2021-12-01", "verkstalld": "2021-12-20"} for n in range(ended)]
    make_decisions(rows, today=TODAY)


class TestFigures:
    """Three counts lead to their lists, and one to the report."""

    @pytest.mark.parametrize(("late", "soon", "later", "ended"), [(3, 2, 4, 5), (0, 0, 0, 1), (30, 12, 1, 0)])
    def test_each_figure_leads_to_a_list_with_that_many_rows(self, today, late, soon, later, ended):
        a_register(late, soon, later, ended)
        visitor = signed_in(today, "handlaggare")
        figures = figures_on(visitor.get("/"))
        expected = {
            f"{late} har väntat över tre månader": late,
            f"{soon} når tre månader inom 30 dagar": soon,
            f"{late + soon + later} väntar på att verkställas": late + soon + later,
        }
        assert set(expected) <= set(figures)
        for text, count in expected.items():
            assert sum(len(refs) for refs in walk(visitor, figures[text])) == count, text

    def test_the_report_of_the_quarter_before_is_one_figure_away(self, today):
        # On 31 December 2021: two due 1 November and not ended: new; one executed on 15 November, after its three
        # months: late; one reported before and still waiting; the last missed, in no class.
        make_decisions(
            [
                {"ref": "N-1", "beslutsdatum": "2021-08-01"}, {"ref": "N-2", "beslutsdatum": "2021-08-01"},
                {"ref": "L-1", "beslutsdatum": "2021-08-01", "verkstalld": "2021-11-15"},
                {"ref": "U-1", "beslutsdatum": "2021-05-01", "forst_rapporterad": "2021-09-30"},
                {"ref": "M-1", "beslutsdatum": "2021-03-01", "verkstalld": "2021-08-15"},
            ],
            today=TODAY,
        )  # fmt: skip
        visitor = signed_in(today, "handlaggare")
        page = visitor.get("/")
        assert sums_on(page, "Att rapportera") == {
            "Verkställda sedan förra": "0", "Avslutade utan verkställighet": "0", "Ännu inte verkställda": "1",
            "Nya att rapportera": "2", "Sent verkställda": "1", "Sent avslutade": "0",
        }  # fmt: skip
        assert "1 saknas i rapporterna" in page.text
        assert page.links["◆ 1 saknas i rapporterna"].endswith("#saknas")
        new = visitor.click("Nya att rapportera i kvartal 4: 2")
        assert (new.heading, [row[0] for row in new.table("Nya").rows]) == ("Nya att rapportera", ["N-1", "N-2"])
        visitor.get("/")
        report = visitor.click("4 i rapporten för kvartal 4")
        assert report.heading == "Ej verkställda beslut, kvartal 4 2021"
        listed = [table for table in report.tree.iter("table") if "Skäl till dröjsmålet" in text_of(table)]
        assert sum(len(list(body.iter("tr"))) for table in listed for body in table.iter("tbody")) == 4

    def test_the_quarter_going_on_is_counted_to_today(self, today):
        # Due 14 February and not executed by the 15th: new in the quarter so far, not in the one before.
        make_decisions([{"ref": "N-1", "beslutsdatum": "2021-11-14"}], today=TODAY)
        page = signed_in(today, "handlaggare").get("/")
        assert sums_on(page, "Kvartalet hittills")["Nya att rapportera"] == "1"
        assert sums_on(page, "Att rapportera")["Nya att rapportera"] == "0"
        assert {"Kvartal 1 2022", "Kvartal 4 2021"} <= set(page.links)

    def test_a_number_leads_to_the_register_as_it_is_though_the_quarter_is_locked(self, today):
        make_decisions([{"ref": f"N-{n}", "beslutsdatum": "2021-08-01"} for n in (1, 2)], today=TODAY)
        lead = make_user("las@kommun.example", "kvalitet")
        lock(lead.id, 2021, 4)
        make_decisions([{"ref": "N-3", "beslutsdatum": "2021-08-02"}], today=TODAY)
        visitor = signed_in(today, "kvalitet")
        assert sums_on(visitor.get("/"), "Att rapportera")["Nya att rapportera"] == "3"
        assert visitor.click("Nya att rapportera i kvartal 4: 3").table("Nya").column("Beslut") == ["N-1", "N-2", "N-3"]
        assert visitor.click("Till rapporten").heading == "Ej verkställda beslut, kvartal 4 2021"
        assert "N-3" in visitor.page.text


class TestLists:
    """What has waited longest, and what comes next."""

    def test_the_longest_wait_stands_first_and_the_next_day_first(self, today):
        a_register(3, 2, 4, 1)
        page = signed_in(today, "handlaggare").get("/")
        assert page.table(LATE).column("Beslut") == ["L-02", "L-01", "L-00"]
        assert page.table(LATE).column("Tre månader") == ["2022-02-12", "2022-02-13", "2022-02-14"]
        # 12, 13 and 14 November to 15 February: 18, 17 and 16 days in November, then 31 + 31 + 15.
        assert page.table(LATE).column("Väntetid, dagar") == ["95", "94", "93"]
        assert page.table(LATE).column("Status") == ["■ Över tre månader"] * 3
        assert page.table(NEXT).column("Tre månader") == ["2022-02-15", "2022-02-16"]
        assert page.table(NEXT).column("Status") == ["◆ Snart tre månader"] * 2
        assert not [text for text in page.links if text.startswith("Visa alla")]

    def test_eight_are_shown_and_the_rest_are_one_link_away(self, today):
        a_register(9, 10, 0, 0)
        visitor = signed_in(today, "handlaggare")
        page = visitor.get("/")
        assert (len(page.table(LATE).rows), len(page.table(NEXT).rows)) == (8, 8)
        assert len(visitor.click("Visa alla 9").table("Beslut").rows) == 9
        visitor.get("/")
        assert len(visitor.click("Visa alla 10").table("Beslut").rows) == 10

    def test_a_row_leads_to_its_decision_and_an_interruption_says_so(self, today):
        make_decisions(
            [{"ref": "A-1", "insats": "Boendestöd", "beslutsdatum": "2021-01-01", "avbrottsdatum": "2021-11-01"}],
            today=TODAY,
        )
        visitor = signed_in(today, "handlaggare")
        assert visitor.get("/").table(LATE).column("Insats") == ["Boendestöd, avbrott"]
        assert visitor.click("A-1").heading == "Beslut A-1"

    def test_where_nothing_is_late_or_next_it_says_so(self, today):
        a_register(0, 0, 2, 0)
        text = signed_in(today, "handlaggare").get("/").text
        assert "Inget har väntat över tre månader." in text
        assert "Inget når tre månader inom 30 dagar." in text

    def test_the_day_and_the_place_stand_at_the_top(self, today):
        a_register(1, 0, 0, 0)
        text = signed_in(today, "handlaggare").get("/").text
        assert "Tisdag 15 februari 2022 · Socialförvaltningen" in text

    def test_a_reader_of_one_unit_sees_its_own(self, today):
        make_unit("Vuxen 1", "Vuxen")
        rows = [{"ref": f"{unit}:1", "enhet": unit, "beslutsdatum": "2021-11-01"} for unit in ("Vuxen", "Vuxen 1")]
        make_decisions(rows, today=TODAY)
        page = signed_in(today, "chef", unit="Vuxen 1").get("/")
        assert page.table(LATE).column("Beslut") == ["Vuxen 1:1"]
        assert "1 väntar på att verkställas" in figures_on(page)
        assert sums_on(page, "Kvartalet hittills")["Nya att rapportera"] == "1"


class TestEmpty:
    """A register with nothing in it says how to begin."""

    def test_whoever_may_import_is_told_how(self, today):
        page = signed_in(today, "handlaggare").get("/")
        assert "Börja med er lista" in page.text
        assert "flask import decisions FIL" in page.text
        assert not [element for element in page.tree.iter("ul") if element.get("class") == "figures"]

    def test_whoever_may_not_import_is_told_who_does(self, today):
        page = signed_in(today, "chef").get("/")
        assert "Handläggaren läser in listan." in page.text
        assert "flask import" not in page.text

    def test_a_register_of_others_is_empty_to_the_reader(self, today):
        make_unit("Barn")
        make_decisions([{"ref": "V-1", "enhet": "Vuxen"}], today=TODAY)
        assert "tomt för dina enheter" in signed_in(today, "chef", unit="Barn").get("/").text

    def test_a_register_with_protected_decisions_alone_shows_none_of_them(self, today):
        a_register(1, 0, 0, 0)
        protect("L-00")
        assert "L-00" not in signed_in(today, "handlaggare").get("/").text

    def test_a_register_in_which_all_has_ended_is_not_empty(self, today):
        a_register(0, 0, 0, 2)
        assert "0 väntar på att verkställas" in figures_on(signed_in(today, "handlaggare").get("/"))


class TestWithoutRegister:
    """Roles that hold no register see what they are for."""

    @pytest.mark.parametrize("role", NO_REGISTER)
    def test_the_role_is_named_and_no_figure_shown(self, today, role):
        a_register(2, 2, 2, 2)
        page = signed_in(today, role).get("/")
        assert "Dina roller" in page.text
        assert not [link for link in page.links if link.startswith(("L-", "S-"))]
        assert "väntar på att verkställas" not in page.text
        for told in ("Senast låsta rapporter", "Inga låsta rapporter än"):
            assert (told in page.text) is (role in READS_LOCKED)
        assert ("/rapporter" in page.links.values()) is (role in READS_LOCKED | READS_REPORTS)

    def test_whoever_reads_locked_reports_finds_none_yet(self, today):
        visitor = signed_in(today, "namnd")
        visitor.get("/")
        assert "Inga låsta rapporter än" in visitor.click("Rapporter").text

    def test_several_roles_are_all_named(self, today):
        page = signed_in(today, "medarbetare", "revisor")
        for told in ("Medarbetare", "Anställd i förvaltningen", "Revisor", "Revisorernas låsta rapporter"):
            assert told in page.get("/").text

    def test_without_any_role_it_says_whom_to_ask(self, today):
        assert "Be systemadministratören om den roll du behöver." in signed_in(today).get("/").text

    def test_a_role_beside_the_register_changes_nothing(self, today):
        a_register(2, 0, 0, 0)
        assert "2 har väntat över tre månader" in figures_on(signed_in(today, "revisor", "handlaggare").get("/"))
