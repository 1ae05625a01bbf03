"""One decision's page: its clocks, their days, and why each stands as it does, today and in a report."""

from datetime import date

import pytest

from tests.decisions.lists import number_of
from tests.factories import PASSWORD, make_decisions, make_user
from tests.support.checks import text_of
from tracker.kept import forget_everything

TODAY = date(2022, 2, 15)
SOL_2001 = "(16 kap. 6 f § socialtjänstlagen (2001:453); månader räknas enligt 1 § lagen 1930:173)"


@pytest.fixture
def officer(app, client, frozen_day):
    """A handläggare of the whole organisation, signed in on 15 February 2022."""
    frozen_day(TODAY)
    client.sign_in(make_user("handlaggare@kommun.example", "handlaggare").email, PASSWORD)
    return client


def register(rows: list[dict[str, str]], *, today: date) -> None:
    """Puts decisions in, long enough ago for every page to know the names of their insatser."""
    make_decisions(rows, today=today)
    forget_everything()


def page_of(visitor, ref: str, query: str = ""):
    return visitor.get(f"/beslut/{number_of(ref)}{query}")


def clocks_on(page) -> list[dict[str, str]]:
    """Each clock's heading, state, facts and the two sentences of its Varför?."""
    found = []
    for section in page.tree.iter("section"):
        why = [element for element in section.iter("details") if element.get("class") == "why"]
        if not why:
            continue
        (facts,) = section.iter("dl")
        names = [text_of(element) for element in facts if element.tag == "dt"]
        values = [text_of(element) for element in facts if element.tag == "dd"]
        summary, sentences = (text_of(element) for element in why[0])
        mark = next(text_of(e) for e in section.iter("span") if (e.get("class") or "").startswith("mark "))
        found.append(
            dict(zip(names, values, strict=True))
            | {"heading": text_of(next(section.iter("h2"))), "mark": mark, "asked": summary, "why": sentences}
            | {"open": why[0].get("open") is not None}
        )
    return found


def only_clock(page) -> dict[str, str]:
    (clock,) = clocks_on(page)
    return clock


class TestWaiting:
    """A decision of 1 October 2021 that has not been executed."""

    ROW = {  # noqa: RUF012 - nobody changes it
        "ref": "B-01", "lagrum": "SoL 11:1", "omrade": "Äldreomsorg", "insats": "Boendestöd", "kon": "kvinna",
        "enhet": "Vuxen 2", "handlaggare": "Eva Ek", "utforare": "Solgläntan AB", "diarienummer": "SN 2021/17",
        "beslutsdatum": "2021-10-01", "skal": "Väntar på anpassning",
    }  # fmt: skip

    @pytest.fixture
    def waiting(self, officer):
        register([self.ROW], today=TODAY)
        return officer

    def test_the_page_says_what_the_decision_is(self, waiting):
        page = page_of(waiting, "B-01")
        assert page.heading == "Beslut B-01"
        assert "Boendestöd · beslutat 1 oktober 2021 · Vuxen 2" in page.text
        for told in ("SoL 11:1", "Äldreomsorg", "kvinna", "Eva Ek", "Solgläntan AB", "SN 2021/17"):
            assert told in page.text

    def test_its_clock_stands_with_days_as_they_are_written_in_tables(self, waiting):
        clock = only_clock(page_of(waiting, "B-01"))
        assert clock["heading"] == "Beslut 2021-10-01"
        assert clock["mark"] == "■ Över tre månader"
        assert (clock["Beslutsdatum"], clock["Tre månader"]) == ("2021-10-01", "2022-01-01")
        assert (clock["Verkställt"], clock["Avslutat"], clock["Först rapporterat"]) == ("–", "–", "–")
        assert clock["Väntetid"] == "137 dagar"  # 30 + 30 + 31 + 31 + 15
        assert clock["Skäl till dröjsmålet"] == "Väntar på anpassning"

    def test_it_says_why_today(self, waiting):
        clock = only_clock(page_of(waiting, "B-01"))
        assert (clock["asked"], clock["open"]) == ("Varför? I dag", False)
        assert clock["why"] == (
            f"Beslutet fattades 1 oktober 2021 och tre månader gick ut 1 januari 2022 {SOL_2001}. "
            "Per 15 februari 2022 var det inte verkställt, avslutat eller rapporterat tidigare: klass ny rapportering."
        )

    def test_it_says_why_in_the_report_that_led_here(self, waiting):
        clock = only_clock(page_of(waiting, "B-01", "?avstamning=2021-12-31&foregaende=2021-10-31"))
        assert (clock["asked"], clock["open"]) == ("Varför? Avstämningsdatum 2021-12-31", True)
        assert clock["why"].endswith(
            "Per 31 december 2021 hade tre månader inte passerat, därför står det inte i någon klass."
        )

    @pytest.mark.parametrize(
        "query", ["?avstamning=fel&foregaende=2021-10-31", "?avstamning=2021-10-31&foregaende=2021-12-31", "?annat=1",
                  "?avstamning=1999-01-01&foregaende=1998-01-01", "?avstamning=2021-02-30&foregaende=2021-01-01"],
    )  # fmt: skip
    def test_days_that_mean_nothing_are_answered_for_today(self, waiting, query):
        assert only_clock(page_of(waiting, "B-01", query))["asked"] == "Varför? I dag"

    def test_no_identity_stands_anywhere_in_the_page(self, waiting):
        register([{"ref": "B-01", "insats": "", "beslutsdatum": "", "person": "19121212-1212"}], today=TODAY)
        page = page_of(waiting, "B-01")
        source = page.data.decode()
        assert "1212-1212" not in source
        assert "121212" not in source
        assert "Personuppgifter visas inte här." in page.text


@pytest.mark.parametrize(
    ("facts", "mark", "wait", "second"),
    [
        # 2021-07-01 was due 2021-10-01. To 15 October are 31 + 31 + 30 + 14 days.
        ({"verkstalld": "2021-10-15"}, "✓ Verkställt", "106 dagar",
         "Det verkställdes 15 oktober 2021, efter tre månader och utan att ha rapporterats tidigare: klass sent "
         "verkställt, ej tidigare rapporterat."),
        ({"avslutad": "2021-10-02"}, "— Avslutat", "93 dagar",
         "Det avslutades 2 oktober 2021, efter tre månader och utan att ha rapporterats tidigare: klass sent "
         "avslutat, ej tidigare rapporterat."),
        ({"verkstalld": "2021-10-01"}, "✓ Verkställt", "92 dagar",
         "Det verkställdes 1 oktober 2021, inom tre månader, därför står det inte i någon klass."),
        ({"verkstalld": "2021-07-02"}, "✓ Verkställt", "1 dag",
         "Det verkställdes 2 juli 2021, inom tre månader, därför står det inte i någon klass."),
        ({"verkstalld": "2021-10-15", "forst_rapporterad": "2021-09-30"}, "✓ Verkställt", "106 dagar",
         "Det rapporterades första gången per 30 september 2021 och verkställdes 15 oktober 2021: klass verkställt."),
        ({"avslutad": "2021-10-02", "forst_rapporterad": "2021-09-30"}, "— Avslutat", "93 dagar",
         "Det rapporterades första gången per 30 september 2021 och avslutades 2 oktober 2021: klass avslutat utan "
         "verkställighet."),
        ({"forst_rapporterad": "2021-09-30"}, "■ Över tre månader", "229 dagar",
         "Det rapporterades första gången per 30 september 2021 och var varken verkställt eller avslutat per "
         "31 december 2021: klass ännu inte verkställt."),
        ({"verkstalld": "2022-01-10"}, "✓ Verkställt", "193 dagar",
         "Per 31 december 2021 var det inte verkställt, avslutat eller rapporterat tidigare: klass ny rapportering."),
    ],
)  # fmt: skip
def test_the_second_sentence_follows_the_facts_known_at_the_cutoff(officer, facts, mark, wait, second):
    register([{"ref": "B-02", "beslutsdatum": "2021-07-01"} | facts], today=TODAY)
    clock = only_clock(page_of(officer, "B-02", "?avstamning=2021-12-31&foregaende=2021-09-30"))
    assert (clock["mark"], clock["Väntetid"]) == (mark, wait)
    assert clock["why"].endswith(second)


@pytest.mark.parametrize(
    ("lagrum", "cutoff", "paragraph"),
    [
        ("SoL", "2025-06-30", "16 kap. 6 f § socialtjänstlagen (2001:453)"),
        ("SoL", "2025-07-01", "34 kap. 1 § socialtjänstlagen"),
        ("LSS 9:4", "2025-07-01", "28 f § LSS"),
        ("", "2025-07-01", "34 kap. 1 § socialtjänstlagen eller 28 f § LSS"),
    ],
)
def test_the_first_sentence_names_the_paragraph_of_its_day(officer, lagrum, cutoff, paragraph):
    register([{"ref": "B-03", "lagrum": lagrum, "beslutsdatum": "2021-11-30"}], today=TODAY)
    clock = only_clock(page_of(officer, "B-03", f"?avstamning={cutoff}&foregaende=2021-12-31"))
    # 30 November and three months: February has no 30th.
    assert clock["why"].startswith(
        f"Beslutet fattades 30 november 2021 och tre månader gick ut 28 februari 2022 ({paragraph};"
    )


def test_a_judgment_is_told_and_stands_in_no_class(officer):
    register([{"ref": "D-1", "grund": "dom", "beslutsdatum": "2021-07-01"}], today=TODAY)
    page = page_of(officer, "D-1")
    assert "Grunden är en dom." in page.text
    assert only_clock(page)["why"].endswith("En dom rapporteras inte, därför står det inte i någon klass.")


def test_a_decision_that_is_no_judgment_is_not_told_as_one(officer):
    register([{"ref": "D-2", "grund": "beslut"}], today=TODAY)
    assert "dom" not in page_of(officer, "D-2").text.replace("domän", "")


def test_an_interruption_has_a_clock_of_its_own_after_the_decisions(officer):
    register(
        [
            {"ref": "A-1", "beslutsdatum": "2021-03-01", "avbrottsdatum": "2021-11-20"},
            {"ref": "A-1", "beslutsdatum": "2021-03-01", "avbrottsdatum": "2021-09-01", "verkstalld": "2021-09-30"},
            {"ref": "A-1", "beslutsdatum": "2021-03-01", "verkstalld": "2021-05-01"},
        ],
        today=TODAY,
    )
    clocks = clocks_on(page_of(officer, "A-1"))
    assert [clock["heading"] for clock in clocks] == ["Beslut 2021-03-01", "Avbrott 2021-09-01", "Avbrott 2021-11-20"]
    assert [clock["mark"] for clock in clocks] == ["✓ Verkställt", "✓ Verkställt", "◆ Snart tre månader"]
    # 31 + 30 from 1 March to 1 May; 29 within September; 10 + 31 + 31 + 15 from 20 November.
    assert [clock["Väntetid"] for clock in clocks] == ["61 dagar", "29 dagar", "87 dagar"]
    assert clocks[2]["Avbrottsdatum"] == "2021-11-20"
    assert "Beslutsdatum" not in clocks[2]
    assert clocks[2]["why"].startswith("Insatsen avbröts 20 november 2021 och tre månader")


def test_a_closing_is_told_with_its_reason(officer):
    register([{"ref": "C-1", "avslutad": "2021-05-01", "avslutsorsak": "Kontakt har upphört"}], today=TODAY)
    assert only_clock(page_of(officer, "C-1"))["Avslutat"] == "2021-05-01, Kontakt har upphört"


def test_a_row_of_the_register_leads_to_today_and_a_row_of_the_report_to_its_days(officer):
    register([{"ref": "R-1", "beslutsdatum": "2021-08-01"}], today=TODAY)
    officer.get("/beslut")
    assert only_clock(officer.click("R-1"))["asked"] == "Varför? I dag"
    officer.get("/rapporter/kvartal/2021/4?avstamning=2022-01-31&foregaende=2021-10-31")
    assert only_clock(officer.click("R-1"))["asked"] == "Varför? Avstämningsdatum 2022-01-31"


def test_text_from_the_register_is_text_in_the_page(officer):
    given = "<script>alert(1)</script>"
    register([{"ref": "X-<b>", "insats": given, "skal": given, "utforare": given}], today=TODAY)
    assert page_of(officer, "X-<b>").text.count(given) == 3
    assert given in officer.get("/beslut").text


def test_an_insats_that_was_imported_a_moment_ago_is_known_to_every_page(officer):
    register([{"ref": "O-1", "insats": "Boendestöd", "beslutsdatum": "2021-08-01"}], today=TODAY)
    officer.get("/beslut")
    make_decisions([{"ref": "O-2", "insats": "Alldeles ny insats", "beslutsdatum": "2021-08-01"}], today=TODAY)
    assert "Alldeles ny insats" in page_of(officer, "O-2").text
    for path in ("/beslut", "/", "/rapporter/kvartal/2021/4"):
        assert "Alldeles ny insats" in officer.get(path).text
