"""The occasions of kontrollmoment on their pages, and what is late in a year."""

from datetime import date

import pytest

from tests.control.office import hide, moment, sample, tell_next
from tests.control.test_moment_pages import signed_in
from tests.control.test_plan import step
from tests.decisions.test_register import statements
from tests.factories import make_user
from tests.stickprov.making import Drawer
from tracker.control.occasions import LateOccasion, late_occasions
from tracker.control.queries import list_standings
from tracker.database import db
from tracker.records.scope import EVERY_RECORD
from tracker.rules.control_grading import Limits
from tracker.rules.plan_workflow import PlanStep

EVA, BO = "eva@kommun.example", "bo@kommun.example"
CONTROLS = "ar;ref;kontrollmoment;frekvens;ej_genomford\n"
SAMPLES = "ar;kontroll_ref;ref;period;utvalda;avvikelser\n"


@pytest.fixture
def filled(office):
    """2021, seen on 15 February 2022: by quarter with two of them done, by year, by nothing that counts, not done."""
    office.imports("controls", f"{CONTROLS}2021;K1;Avtal;kvartalsvis;\n2021;K2;Jäv;1 gång per år;\n"
                   "2021;K3;Tips;vid behov;\n2021;K4;Webb;månad;Hanns inte\n2021;K5;Logg;;\n")  # fmt: skip
    office.imports("samples", f"{SAMPLES}2021;K1;P1;2021-K1;10;0\n2021;K1;P2;2021-K3;10;0\n")
    make_user(EVA, "internkontroll")
    return office


def late(scope=EVERY_RECORD, today=date(2022, 2, 15)) -> list[LateOccasion]:
    db.session.rollback()
    found, number = late_occasions(2021, list_standings(2021, scope, Limits()), today)
    assert number == len(found)
    return found


def told(today=date(2022, 2, 15)) -> list[tuple[str, str, str]]:
    return [(one.moment.ref, one.occasion.period, one.occasion.due_on.isoformat()) for one in late(today=today)]


def test_what_has_passed_without_a_stickprov_is_late_the_longest_first(filled):
    # 31 December 2021 is nyårsafton; then a Saturday and a Sunday
    assert told() == [("K1", "2021-K2", "2021-06-30"), ("K1", "2021-K4", "2022-01-03"), ("K2", "2021", "2022-01-03")]
    assert told(date(2022, 1, 3)) == [("K1", "2021-K2", "2021-06-30")]
    assert told(date(2021, 6, 30)) == []


def test_a_drawn_one_counts_when_it_is_accepted_and_a_retest_never(filled):
    drawer = Drawer(moment("K1").record_id, make_user(BO, "internkontroll").id)
    drawer.drawn("S1", period="2021-K2")
    assert len(told()) == 3
    drawer.accepted("S2", period="2021-K2")
    assert [period for _, period, _ in told()] == ["2021-K4", "2021"]
    drawer.accepted("S3", period="2021-K4", retest_of=sample("K1", "P2").id)
    assert [period for _, period, _ in told()] == ["2021-K4", "2021"]


def test_the_years_page_lists_them_until_the_plan_is_followed_up(filled):
    eva = signed_in(filled, EVA)
    page = eva.get("/internkontroll/2021")
    assert "Försenat, 3" in page.text
    assert page.table("Försenade tillfällen").rows == [
        ["Avtal K1", "2021-K2", "2021-06-30"], ["Avtal K1", "2021-K4", "2022-01-03"], ["Jäv K2", "2021", "2022-01-03"],
    ]  # fmt: skip
    filled.imports("controls", f"{CONTROLS}2021;K2;;;Hanns inte\n2021;K3;;;Inga tips\n2021;K5;;;Hanns inte\n")
    tell_next("K2", "K3", "K4", "K5")
    for one in (PlanStep.PROPOSE, PlanStep.ADOPT, PlanStep.FOLLOW_UP):
        step(one)
    assert "Försenat" not in eva.get("/internkontroll/2021").text


def test_a_kontrollmoments_page_shows_its_year(filled):
    eva = signed_in(filled, EVA)
    page = eva.get(f"/internkontroll/moment/{moment('K1').record_id}")
    assert [[*row[:2], row[2].split()[-1]] for row in page.table("Tillfällen för K1").rows] == [
        ["2021-K1", "2021-03-31", "Gjord"], ["2021-K2", "2021-06-30", "Sen"], ["2021-K3", "2021-09-30", "Gjord"],
        ["2021-K4", "2022-01-03", "Sen"],
    ]  # fmt: skip
    assert "”vid behov” går inte att räkna om" in eva.get(f"/internkontroll/moment/{moment('K3').record_id}").text
    assert "har ingen frekvens" in eva.get(f"/internkontroll/moment/{moment('K5').record_id}").text
    page = eva.get(f"/internkontroll/moment/{moment('K4').record_id}")
    assert {row[2].split()[-1] for row in page.table("Tillfällen för K4").rows} == {"Utgår"}


@pytest.mark.parametrize("way", ["closed", "protected"])
def test_of_a_hidden_one_nothing_is_told(filled, way):
    make_user(BO, "internkontroll")
    hide(moment("K1"), way, seer=EVA, other=BO)
    page = signed_in(filled, BO).get("/internkontroll/2021")
    assert page.table("Försenade tillfällen").column("Kontrollmoment") == ["Jäv K2"]


def test_a_year_of_500_is_asked_for_at_once(office):
    office.imports("controls", CONTROLS + "".join(f"2021;K{n};Moment {n};månad;\n" for n in range(1, 501)))
    rows = "".join(f"2021;K{n};P{m};2021-{m:02};10;0\n" for n in range(1, 501) for m in (1, 2, 3, 4, 5))
    office.imports("samples", SAMPLES + rows)
    with statements() as said:
        found = late()
    assert len([one for one in said if "control_moment" in one]) == 1
    assert len(found) == 500 * 7
    ends = [(one.moment.ref, one.occasion.period) for one in (found[0], found[-1])]
    assert ends == [("K1", "2021-06"), ("K500", "2021-12")]
