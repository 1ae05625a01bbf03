"""A warning when somebody stands too near a case: what is said to whom, and what is kept of it."""

from datetime import date

import pytest

from tests.audit.trails import verdict
from tests.cases.making import reported, stands, step, unit_id_of
from tests.factories import PASSWORD, make_user
from tests.support.pages import PageClient
from tracker import clock
from tracker.accounts.queries import find_unit, get_user
from tracker.accounts.services import give_role
from tracker.cases.registers import LEX_SARAH
from tracker.cases.single import list_investigators, list_steps
from tracker.cases.texts import INVESTIGATION, write_words
from tracker.database import db, writer
from tracker.rules.case_workflow import Assessment
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Role

DAY = date(2026, 3, 2)
BOSS, MANAGER, TELLER, FREE = (f"{name}@kommun.example" for name in ("ansvarig", "chef", "rapport", "fri"))


@pytest.fixture(autouse=True)
def day(app, frozen_day):
    """It is Monday 2 March 2026."""
    frozen_day(DAY)
    unit_id_of("Vuxen")
    db.session.commit()
    return frozen_day


def make_manager(user_id):
    """Makes somebody manager of Vuxen."""
    with writer():
        give_role(get_user(user_id), Role.MANAGER, find_unit("Vuxen"), clock.now(), DAY)
        db.session.commit()


@pytest.fixture
def case():
    """A received case of Vuxen: (record, boss, and three utredare: its manager, who reported it, somebody else)."""
    boss = make_user(BOSS, "ansvarig").id
    manager = make_user(MANAGER, "utredare", name="Marta Chef").id
    teller = make_user(TELLER, "utredare", name="Rut Rapport").id
    free = make_user(FREE, "utredare", name="Frida Fri").id
    make_manager(manager)
    record_id = reported("lex-sarah", "Vuxen", by=teller)
    step("lex-sarah", record_id, "receive", boss)
    return record_id, boss, manager, teller, free


def boss_of(app):
    """The ansvarig, signed in."""
    client = PageClient(app)
    client.sign_in(BOSS, PASSWORD)
    return client


def comments(record_id, name):
    """What was said at the steps of this name."""
    db.session.rollback()
    return [one.comment for one in list_steps(record_id) if one.step == name]


def test_the_choices_tell_who_stands_near_before_one_is_chosen(app, case):
    record_id, *_ = case
    page = boss_of(app).get(f"/lex-sarah/{record_id}/steg/ge-till-utredare")
    names = [(option.text or "").strip() for option in page.tree.iter("option")]
    assert {"Marta Chef (chef för enheten)", "Rut Rapport (har rapporterat)", "Frida Fri"} <= set(names)


def test_a_manager_who_is_to_investigate_needs_a_tick_and_it_is_kept(app, case):
    record_id, _, manager, *_ = case
    client = boss_of(app)
    client.get(f"/lex-sarah/{record_id}/steg/ge-till-utredare")
    page = client.submit({"investigator": str(manager)}, status=422)
    assert "Risk för jäv: chef för enheten. Välj någon annan" in page.text
    assert list_investigators(record_id) == {}
    client.submit({"investigator": str(manager), "near": "y"})
    db.session.rollback()
    assert list_investigators(record_id) == {manager: "Marta Chef"}
    assert comments(record_id, "assign") == ["Risken för jäv är prövad: chef för enheten."]
    assert verdict().whole


def test_that_somebody_reported_is_said_to_who_may_know_and_never_kept(app, case):
    record_id, _, _, teller, _ = case
    client = boss_of(app)
    client.get(f"/lex-sarah/{record_id}/steg/ge-till-utredare")
    page = client.submit({"investigator": str(teller)}, status=422)
    assert "Risk för jäv: har rapporterat." in page.text
    client.submit({"investigator": str(teller), "near": "y"})
    assert list_investigators(record_id) == {teller: "Rut Rapport"}
    assert comments(record_id, "assign") == [""]


def test_who_may_not_know_who_reported_cannot_find_out_by_trying(case):
    record_id, boss, manager, teller, _ = case
    with pytest.raises(RuleViolation, match="chef för enheten"):
        step("lex-sarah", record_id, "assign", boss, investigator_id=manager)
    db.session.rollback()
    step("lex-sarah", record_id, "assign", boss, investigator_id=teller)  # without knows_reporter: as anybody else
    assert list_investigators(record_id) == {teller: "Rut Rapport"}


def test_a_tick_for_one_person_does_not_let_another_in(app, case):
    record_id, _, manager, teller, free = case
    client = boss_of(app)
    client.get(f"/lex-sarah/{record_id}/steg/ge-till-utredare")
    client.submit({"investigator": str(manager)}, status=422)
    page = client.submit({"investigator": str(teller), "near": "y"}, status=422)  # ticked beside the other's name
    assert "Risk för jäv: har rapporterat." in page.text
    assert [box.get("checked") for box in page.tree.iter("input") if box.get("name") == "near"] == [None]
    assert list_investigators(record_id) == {}
    client.submit({"investigator": str(free), "near": ""})
    assert list_investigators(record_id) == {free: "Frida Fri"}


def test_nobody_near_needs_no_tick(app, case):
    record_id, *_, free = case
    client = boss_of(app)
    client.get(f"/lex-sarah/{record_id}/steg/ge-till-utredare")
    client.submit({"investigator": str(free)})
    assert list_investigators(record_id) == {free: "Frida Fri"}
    assert comments(record_id, "assign") == [""]


def test_who_decides_and_manages_the_unit_is_warned_on_the_page(app, case):
    record_id, boss, *_, free = case
    step("lex-sarah", record_id, "assign", boss, investigator_id=free)
    with writer():
        for section in INVESTIGATION:
            write_words(record_id, section, f"Om {section}", free, clock.now())
        db.session.commit()
    make_manager(boss)
    step("lex-sarah", record_id, "complete", free)
    client = boss_of(app)
    page = client.get(f"/lex-sarah/{record_id}/steg/besluta")
    assert "Risk för jäv: chef för enheten." in page.text
    decision = {"assessment": "risk", "motivation": "Det kunde ha hänt igen"}
    page = client.submit(decision, status=422)
    assert "Det kunde ha hänt igen" in page.text
    assert stands(LEX_SARAH, record_id)["assessment"] is None
    client.submit(decision | {"near": "y"})
    assert stands(LEX_SARAH, record_id)["assessment"] == Assessment.RISK
    assert comments(record_id, "decide") == [
        "Det kunde ha hänt igen\nRisken för jäv är prövad: chef för enheten.",
    ]  # fmt: skip
