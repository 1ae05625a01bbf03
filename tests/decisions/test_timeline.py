"""The page of a decision begins with where it stands, and tells all of it day by day."""

from datetime import date

import pytest

from tests.decisions.happening import make_offer
from tests.decisions.lists import number_of
from tests.decisions.running import clocks
from tests.decisions.test_register import statements
from tests.factories import PASSWORD, make_decisions, make_user
from tests.support.checks import text_of
from tests.support.pages import PageClient
from tracker.kept import forget_everything
from tracker.rules.permissions import Role

TODAY = date(2022, 2, 15)


@pytest.fixture
def officer(app, client, frozen_day):
    frozen_day(TODAY)
    client.sign_in(make_user("eva@kommun.example", Role.CASE_OFFICER).email, PASSWORD)
    return client


def section(page, name: str):
    (found,) = (part for part in page.tree.iter("section") if part.get("aria-labelledby") == name)
    return found


def times(page) -> list[tuple[str, str]]:
    """(day, what) of the timeline, in its order."""
    (found,) = section(page, "tidslinje").iter("ol")
    return [(text_of(next(item.iter("time"))), text_of(item).partition(" ")[2]) for item in found]


def note(visitor: PageClient, what: str, ref: str = "B-01", place: int = 0, **typed: str) -> None:
    clock = clocks(ref)[place]
    visitor.get(f"/beslut/{clock.decision_id}/klocka/{clock.id}/{what}")
    visitor.submit(typed)


def test_the_past_and_what_is_to_come_stand_in_order_with_today_between(officer):
    make_decisions([{"ref": "B-01", "beslutsdatum": "2021-10-01", "forst_rapporterad": "2022-01-31"}], today=TODAY)
    note(officer, "erbjudande", dag="2021-11-01", vad="Plats på Björken", svar="tackat-nej", svarsdag="2021-11-05")
    note(officer, "kontakt", slag="uppfoljning", dag="2021-12-01", hur="Hembesök")
    note(officer, "delvis", dag="2021-12-10", vad="Två timmar")
    note(officer, "planera", planerat="2022-03-01")
    assert times(officer.get(f"/beslut/{number_of('B-01')}")) == [
        ("2021-10-01", "● Beslut"),
        ("2021-11-01", "○ Erbjudande Plats på Björken"),
        ("2021-11-05", "✕ Tackat nej till erbjudandet 1 november 2021"),
        ("2021-12-01", "▫ Uppföljning Hembesök"),
        ("2021-12-10", "◐ Delvis verkställt Två timmar"),
        ("2022-01-01", "◆ Tre månader gick ut"),
        ("2022-01-31", "▸ Rapporterat för första gången"),
        ("2022-02-15", "I dag. Nedanför står det som kommer."),
        ("2022-03-01", "◇ Planerad verkställighet (kommer)"),
    ]


def test_an_interruption_says_so_and_three_months_that_mean_nothing_are_left_out(officer):
    make_decisions(
        [
            {"ref": "A-1", "beslutsdatum": "2021-03-01", "verkstalld": "2021-05-01"},
            {"ref": "A-1", "beslutsdatum": "2021-03-01", "avbrottsdatum": "2021-06-01", "avslutad": "2021-09-02",
             "avslutsorsak": "Flyttat", "slutrapporterad": "2021-09-30"},
        ],
        today=TODAY,
    )  # fmt: skip
    assert times(officer.get(f"/beslut/{number_of('A-1')}")) == [
        ("2021-03-01", "● Beslut"),
        ("2021-05-01", "✓ Verkställt"),
        ("2021-06-01", "▲ Avbrott"),
        ("2021-09-01", "◆ Tre månader gick ut, gäller avbrottet 1 juni 2021"),
        ("2021-09-02", "— Avslutat Flyttat, gäller avbrottet 1 juni 2021"),
        ("2021-09-30", "▸ Slutrapporterat gäller avbrottet 1 juni 2021"),
    ]


def standing(page) -> str:
    return text_of(section(page, "laget"))


def test_the_page_begins_with_where_it_stands_and_what_is_next(officer):
    make_decisions([{"ref": "B-01", "beslutsdatum": "2021-10-01"}], today=TODAY)
    make_offer("B-01", date(2021, 11, 1))
    page = officer.get(f"/beslut/{number_of('B-01')}")
    assert standing(page).startswith("Läget nu ■ Över tre månader Ej verkställt, 137 dagar hittills.")
    assert [text_of(item).partition(".")[0] for item in section(page, "laget").iter("li")] == [
        "Tre månader gick ut 1 januari 2022, för 45 dagar sedan",
        "Erbjudandet 1 november 2021 har inget svar än",
        "Ingen dag är planerad för verkställigheten",
        "Skäl till dröjsmålet saknas",
    ]
    assert page.links["Notera verkställt"].endswith("/verkstall")


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (
            {"beslutsdatum": "2021-11-16"},
            "Ej verkställt, 91 dagar hittills. Tre månader går ut 16 februari 2022, om 1 dag.",
        ),
        ({"beslutsdatum": "2019-01-01"}, "Ej verkställt, 1 141 dagar hittills."),  # 365 + 366 + 365 + 31 + 14
        ({"beslutsdatum": "2021-11-15"}, "Tre månader går ut 15 februari 2022, i dag."),
        ({"verkstalld": "2021-01-08"}, "✓ Verkställt Verkställt 8 januari 2021 efter 1 dag."),
        ({"avslutad": "2021-01-17"}, "Avslutat 17 januari 2021 efter 10 dagar, utan att ha verkställts."),
        ({"verkstalld": "2021-06-01", "forst_rapporterad": "2021-04-30"}, "Slutet ska stå i nästa kvartalsrapport"),
    ],
)
def test_it_is_told_in_words(officer, row, told):
    make_decisions([{"ref": "B-01"} | row], today=TODAY)
    assert told in standing(officer.get(f"/beslut/{number_of('B-01')}"))


def test_who_may_not_change_it_reads_the_same_without_links(officer, app):
    make_decisions([{"ref": "B-01", "beslutsdatum": "2021-10-01"}], today=TODAY)
    chef = PageClient(app)
    chef.sign_in(make_user("chef@kommun.example", Role.MANAGER).email, PASSWORD)
    page = chef.get(f"/beslut/{number_of('B-01')}")
    assert "Skäl till dröjsmålet saknas." in standing(page)
    assert not [address for address in page.links.values() if "/klocka/" in address]


def test_the_statements_of_the_page_do_not_follow_what_has_happened(officer):
    make_decisions([{"ref": "B-01", "beslutsdatum": "2021-10-01"}], today=TODAY)
    forget_everything()  # every page knows the insats
    address, counts = f"/beslut/{number_of('B-01')}", []
    for times_more in (1, 8):
        for _ in range(times_more):
            make_offer("B-01", date(2021, 11, 1))
        officer.get(address)
        with statements() as said:
            officer.get(address)
        counts.append(len(said))
    assert counts[0] == counts[1], said
