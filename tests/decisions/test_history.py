"""Historik on a decision's page: what was done, when, by whom, and which values the reader may see."""

from datetime import UTC, date, datetime, time

import pytest

from tests.accounts.forms import field_value
from tests.decisions.lists import number_of
from tests.decisions.running import clocks
from tests.decisions.test_access_pages import user_id_of
from tests.decisions.test_register import statements
from tests.factories import PASSWORD, make_decisions, make_unit, make_user
from tests.support.checks import text_of
from tests.support.pages import PageClient
from tracker.audit.keys import destroy_key
from tracker.database import db, writer
from tracker.decisions.forgetting import forget_person
from tracker.kept import forget_everything
from tracker.rules.permissions import Role

DAY = date(2022, 2, 15)  # eleven in UTC is twelve in Sweden
NUMBER, OTHER_NUMBER = "191212121212", "197809072387"
WHY = "Fel i underlaget"


@pytest.fixture
def visit(app, frozen_day):
    """Signs in a user with a role for Vuxen, where B-01 lies with one interruption."""
    frozen_day(DAY)
    make_unit("Vuxen 1", "Vuxen")
    make_decisions(
        [
            {"ref": "B-01", "enhet": "Vuxen", "person": NUMBER, "handlaggare": "Bo Berg"},
            {"ref": "B-01", "enhet": "Vuxen", "avbrottsdatum": "2021-06-01"},
        ],
        today=DAY,
    )
    forget_everything()

    def sign_in(email: str, role: Role, name: str) -> PageClient:
        visitor = PageClient(app)
        visitor.sign_in(make_user(email, role, unit="Vuxen", name=name).email, PASSWORD)
        return visitor

    return sign_in


@pytest.fixture
def eva(visit):
    return visit("eva@kommun.example", Role.CASE_OFFICER, "Eva Ek")


def correct(visitor: PageClient, what: str = "/ratta", **fields: str) -> None:
    visitor.get(f"/beslut/{number_of('B-01')}{what}")
    assert "Rättelsen är sparad." in visitor.submit(fields | {"reason": fields.get("reason", WHY)}).text


def history(visitor: PageClient) -> list[list[str]]:
    """Each event of the page: its head, when and who, and then its fields and reason."""
    page = visitor.get(f"/beslut/{number_of('B-01')}")
    (section,) = (part for part in page.tree.iter("section") if part.get("aria-labelledby") == "historik")
    found = []
    for item in (item for kind in section.iter("ol") for item in kind):
        lines = [text_of(part) for part in item.iter("p")]
        names, values = ([text_of(e) for e in item.iter(tag)] for tag in ("dt", "dd"))
        told = [f"{name}: {value}".replace("→blev", "→") for name, value in zip(names, values, strict=True)]
        found.append([*lines[:2], *told, *lines[2:]])
    return found


CREATED = ["Upplagt av en inläst fil", "2022-02-15 kl. 12.00, Kommandoraden"]


def test_a_decision_that_has_only_been_imported_says_so(eva):
    assert history(eva) == [CREATED]


def test_a_correction_tells_who_when_and_old_and_new_in_words(eva, frozen_day):
    frozen_day(DAY, time(12, 5))
    correct(eva, enhet="Vuxen 1", insats="Boendestöd", beslutsdatum="2021-02-07", grund="dom", handlaggare="Eva Ek")
    assert history(eva) == [
        [
            "Post rättad",
            "2022-02-15 kl. 13.05, Eva Ek",
            "Beslutsdatum: 2021-01-07 → 2021-02-07",
            "Insats: Kontaktperson → Boendestöd",
            "Grund: beslut → dom",
            "Enhet: Vuxen → Vuxen 1",
            "Handläggare: Bo Berg → Eva Ek",
            f"Skäl: {WHY}",
        ],
        CREATED,
    ]


def test_the_persons_number_is_in_no_history_not_even_for_those_who_may_know_it(eva):
    correct(eva, person=OTHER_NUMBER)
    assert history(eva)[0][2:] == ["Person: ändrad", f"Skäl: {WHY}"]
    source = eva.page.data.decode()
    assert NUMBER[2:] not in source.replace("-", "")
    assert OTHER_NUMBER[2:] not in source.replace("-", "")


def test_a_reason_that_holds_a_persons_number_is_not_shown(eva):
    eva.get(f"/beslut/{number_of('B-01')}/ratta")
    eva.submit({"utforare": "Nytt AB", "reason": "Gällde 19121212-1212"}, status=422)  # it is pointed out
    eva.submit({"anyway": "y"})
    assert history(eva)[0][2:] == [
        "Utförare: – → Nytt AB",
        "Skäl: innehåller ett personnummer och visas inte här",
    ]


def test_who_may_not_see_identities_sees_that_personal_fields_changed_but_no_values(eva, visit):
    correct(eva, handlaggare="Eva Ek", person=OTHER_NUMBER, kon="kvinna")
    kva = visit("kva@kommun.example", Role.QUALITY_LEAD, "Kim Kvist")
    assert history(kva)[0][2:] == [
        "Kön: – → kvinna",
        "Handläggare: ändrad",
        "Person: ändrad",
        f"Skäl: {WHY}",
    ]
    assert "Bo Berg" not in kva.page.text


def test_clocks_are_told_by_their_day_and_a_removed_one_by_what_stood_in_it(eva):
    interruption = clocks("B-01")[1]
    correct(eva, f"/klocka/{interruption.id}/ratta", verkstalld="2021-07-01")
    assert history(eva)[0][0:3:2] == ["Post rättad: Avbrott 2021-06-01", "Verkställd: – → 2021-07-01"]
    correct(eva, f"/klocka/{interruption.id}/ratta", ta_bort="y")
    (removed, corrected, _) = history(eva)
    assert removed[0] == "Post rättad: Avbrott 2021-06-01, borttagen"
    assert removed[2:] == ["Verkställd: 2021-07-01 → –", f"Skäl: {WHY}"]
    assert corrected[0] == "Post rättad: En klocka som sedan har tagits bort"


def test_a_file_that_changes_an_interruption_says_which(eva):
    make_decisions(
        [{"ref": "B-01", "enhet": "Vuxen", "avbrottsdatum": "2021-06-01", "verkstalld": "2021-06-20", "kon": "kvinna"}],
        today=DAY,
    )
    assert history(eva)[0] == [
        "Ändrat av en inläst fil",
        "2022-02-15 kl. 12.00, Kommandoraden",
        "Avbrott 2021-06-01: verkställd: – → 2021-06-20",
        "Kön: – → kvinna",
    ]


def test_what_is_forgotten_is_told_as_forgotten(eva):
    correct(eva, handlaggare="Eva Ek", kon="man")
    with writer():
        destroy_key(number_of("B-01"), datetime(2022, 2, 15, tzinfo=UTC))
        db.session.commit()
    assert history(eva)[0][2:] == ["Kön: – → man", "Handläggare: glömd", "Skäl: glömt"]


def test_a_person_who_is_forgotten_leaves_which_fields_were_emptied(eva):
    own, interruption = clocks("B-01")
    for clock in (own, interruption):
        correct(eva, f"/klocka/{clock.id}/ratta", verkstalld="2021-07-01")
    record_id = number_of("B-01")
    with writer():
        forget_person(record_id, "Gallras", datetime(2022, 2, 15, tzinfo=UTC))
        db.session.commit()
    page = eva.get(f"/beslut/{record_id}")
    assert page.heading == f"Beslut GLÖMD-{record_id}"
    (section,) = (part for part in page.tree.iter("section") if part.get("aria-labelledby") == "historik")
    told = text_of(section)
    assert told.startswith("Historik Person glömd")
    assert [text_of(e) for e in section.iter("dd")][:6] == ["glömd"] * 6
    assert "B-01" not in page.text


def test_who_is_named_or_shut_out_is_told_to_those_who_manage_it(visit):
    kva = visit("kva@kommun.example", Role.QUALITY_LEAD, "Kim Kvist")
    bo = visit("bo@kommun.example", Role.CASE_OFFICER, "Bo Ek")
    kva.get(f"/beslut/{number_of('B-01')}/atkomst")
    kva.submit({"step": "stang", "person": str(user_id_of("bo@kommun.example")), "reason": "Granne"})
    assert history(kva)[0][2:] == ["Vem som ser posten: Bo Ek utestängd", "Skäl: Granne"]
    chef = visit("chef@kommun.example", Role.MANAGER, "Ch Ef")
    assert history(chef)[0][2:] == ["Vem som ser posten: ändrat"]
    assert "Granne" not in chef.page.text
    bo.get(f"/beslut/{number_of('B-01')}", status=404)


def test_more_than_three_are_folded_away(eva):
    for number in range(4):
        correct(eva, utforare=f"Utförare {number}")
    assert len(history(eva)) == 5
    (folded,) = (part for part in eva.page.tree.iter("details") if part.get("class") == "older")
    assert text_of(next(folded.iter("summary"))) == "Visa 2 tidigare händelser"


def test_the_statements_of_the_page_do_not_follow_the_events(eva):
    counts = []
    for first, more in ((0, 1), (1, 8)):
        for number in range(first, first + more):
            correct(eva, utforare=f"Utförare {number}", insats=f"Insats {number}", handlaggare=f"Eva {number}")
        eva.get(f"/beslut/{number_of('B-01')}")
        with statements() as said:
            eva.get(f"/beslut/{number_of('B-01')}")
        counts.append(len(said))
    assert counts[0] == counts[1], said


def test_who_was_first_is_told_beside_what_differs(eva, visit, frozen_day):
    path = f"/beslut/{number_of('B-01')}/ratta"
    bo = visit("bo@kommun.example", Role.CASE_OFFICER, "Bo Ek")
    bo.get(path)
    frozen_day(DAY, time(11, 7))
    correct(eva, utforare="Evas AB")
    assert field_value(bo.page, "utforare") == ""
    page = bo.submit({"utforare": "Bos AB", "reason": WHY}, status=409)
    assert "Eva Ek, 15 februari 2022 kl. 12.07: post rättad." in page.text
