"""The page of the search: what a hit shows, what is marked, what is said of an odd search, and the box in the head."""

import pytest

from tests.actions.making import make_action
from tests.decisions.lists import number_of
from tests.factories import PASSWORD, make_decisions, make_user
from tests.search.conftest import LEAD
from tests.support.checks import text_of
from tests.support.pages import PageClient

CHEF = "chef@kommun.example"


@pytest.fixture
def lead(house):
    return signed_in(house, LEAD)


def signed_in(house, email):
    """A visitor who has signed in."""
    visitor = PageClient(house.app)
    visitor.sign_in(email, PASSWORD)
    return visitor


def hits(page) -> list[str]:
    """The hits of the page, each as one text."""
    listed = [one for one in page.tree.iter("ul") if one.get("class") == "hits"]
    return [" ".join(text_of(item).split()) for one in listed for item in one.iter("li")]


def marks(page) -> list[str]:
    return [text_of(one) for one in page.tree.iter("mark")]


def test_a_hit_shows_where_and_why(lead):
    page = lead.get("/sok?q=kontakt")
    assert page.heading == "Sök"
    assert hits(page) == [
        "Åtgärd Å-2022-1 · 2022-02-01 · Vuxen 3 Rutinen för kontaktperson ses över",
        "Beslut B-17 · 2021-03-05 · Vuxen 3 · Kontaktperson · SN-2021/77",
    ]
    assert marks(page) == ["kontakt", "Kontakt"]
    assert "2 träffar, de nyaste först" in page.text
    assert page.links["Beslut B-17"] == f"/beslut/{number_of('B-17')}"
    assert hits(lead.get("/sok?q=handläggning")) == [
        "Risk 2021/R1 · 2021 · Socialförvaltningen Sen handläggning av älg"
    ]


def test_a_lex_sarah_rapport_in_short_tells_its_number_and_unit(house):
    make_user(CHEF, "chef", unit="Vuxen 2")
    page = signed_in(house, CHEF).get("/sok?q=1948")
    assert hits(page) == ["Lex Sarah 1948 (det nummer du skrev) · 2021-03-03 · Vuxen 2"]


def test_each_link_leads_to_a_page_that_opens(lead):
    for words in ("handläggning", "delegation", "a1", "bemötande", "1948", "beröm", "b-17", "ses"):
        for name, address in lead.get(f"/sok?q={words}").links.items():
            if name.split()[0] in {"Beslut", "Risk", "Kontrollmoment", "Aktivitet", "Avvikelse", "Synpunkt", "Åtgärd"}:
                assert lead.get(address).status == 200


def test_what_is_written_is_a_text_and_no_markup(lead):
    make_action(number_of("B-18"), text="<script>alert(1)</script> rutinboken")
    page = lead.get("/sok?q=<script>")
    assert "<script>alert" not in page.response.text
    assert hits(page) == ["Åtgärd Å-2022-2 · 2022-02-01 · Vuxen 2 <script>alert(1)</script> rutinboken"]
    assert marks(page) == ["script", "script"]


@pytest.mark.parametrize("given", ["", "%20%20", "%22", "%00", "NOT", "*" * 300, "a" * 10_000, "%F0%9F%98%80"])
def test_an_odd_search_gives_the_page(lead, given):
    page = lead.get(f"/sok?q={given}")
    assert (page.status, page.heading, hits(page)) == (200, "Sök", [])


def test_nothing_and_too_much_are_told(lead):
    assert "träff" not in lead.get("/sok").text
    assert "Skriv minst ett ord eller ett nummer." in lead.get("/sok?q=--").text
    assert "Sök på färre ord" in lead.get("/sok?q=finnsinte").text
    cut = lead.get(f"/sok?q={'ord+' * 2_500}")
    assert "Du skrev mer än vad som går att söka på. Här söks det på de första 200 tecknen, högst 12 ord." in cut.text
    assert "krypterat och söks inte" in lead.get("/sok").text


def test_the_pages_follow_each_other(lead):
    make_decisions([{"ref": f"C-{n:03}"} for n in range(30)])
    first = lead.get("/sok?q=c")
    assert (len(hits(first)), "Fler än 25 träffar, de nyaste först" in first.text) == (25, True)
    second = lead.get(first.links["Nästa sida"])
    assert len(hits(second)) == 5
    assert not set(hits(first)) & set(hits(second))
    assert second.links["Från början"] == "/sok?q=c"
    assert lead.get("/sok?q=c&efter=1").path == "/sok?q=c"
    for odd in ("zzz", "-5", "", "ff" * 30, "1_0", "٣"):
        assert len(hits(lead.get(f"/sok?q=c&efter={odd}"))) == 25


@pytest.mark.parametrize(("role", "shown"), [("kvalitet", True), ("medarbetare", True), ("revisor", True),
                                             ("admin", False), ("loggranskare", False), ("namnd", False)])  # fmt: skip
def test_the_box_stands_on_the_pages_of_those_who_have_something_to_search(house, role, shown):
    make_user(CHEF, role)
    page = signed_in(house, CHEF).get("/konto")
    assert any(one.get("action") == "/sok" for one in page.tree.iter("form")) is shown
