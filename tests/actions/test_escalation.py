"""A late action goes to the next manager after a set time, and to nobody who may not see it."""

from datetime import date

import pytest

from tests.actions.stored import HEAD, action, record_id
from tests.actions.test_pages import ADA, BO, EVA, eva
from tests.control.test_scale import signed_in
from tests.factories import make_unit, make_user
from tests.records.granting import version_of
from tracker import clock
from tracker.accounts.queries import find_user
from tracker.actions.escalation import count_escalated_to, list_escalated
from tracker.actions.times import times
from tracker.cases.case_access import change_access
from tracker.database import db, writer
from tracker.records.access_steps import Act, Step

__all__ = ["eva"]
TODAY = date(2022, 2, 15)
LINES = """
Å-1;avvikelse;A-1;Fjorton dagar;Ada Alm;2021-04-01;2022-02-01;;
Å-2;avvikelse;A-1;Tretton dagar;Ada Alm;2021-04-01;2022-02-02;;
Å-3;avvikelse;A-1;Förslag;Ada Alm;;2022-01-01;;
Å-4;avvikelse;A-1;Gjord;Ada Alm;2021-04-01;2022-01-01;2022-01-02;
Å-5;synpunkt;S-1;Annan enhet;;2021-04-01;2021-12-31;;
Å-6;risk;2021/R1;Högst upp;;2021-04-01;2021-12-30;;
Å-7;avvikelse;A-1;Utan dag;Ada Alm;2021-04-01;;;
""".strip()


@pytest.fixture
def boss(eva, office):
    """The manager over all units, where Vuxen 2 has Eva and Vuxen 3 nobody."""
    office.imports("actions", f"{HEAD}\n{LINES}\n")
    return make_user(BO, "chef", name="Bo Ask")


def refs(pairs):
    by_id = {action(f"Å-{n}").record_id: f"Å-{n}" for n in range(1, 8)}
    return [(by_id[action_id], user_id) for action_id, user_id in pairs]


def test_each_goes_to_the_nearest_manager_above_when_its_days_have_passed(boss):
    assert refs(list_escalated(TODAY)) == [("Å-5", boss.id), ("Å-1", boss.id)]
    assert refs(list_escalated(date(2022, 2, 16))) == [("Å-5", boss.id), ("Å-1", boss.id), ("Å-2", boss.id)]
    assert (count_escalated_to(boss.id, TODAY), count_escalated_to(find_user(EVA).id, TODAY)) == (2, 0)


def test_the_days_are_a_setting_and_the_last_day_itself_is_in_time(boss, monkeypatch):
    monkeypatch.setattr(times, "escalation_days", 0)
    assert refs(list_escalated(date(2022, 2, 2))) == [("Å-5", boss.id), ("Å-1", boss.id)]


def test_without_a_manager_above_it_goes_to_nobody(eva, office):
    office.imports("actions", f"{HEAD}\n{LINES}\n")
    assert list_escalated(TODAY) == []


def test_a_manager_whose_role_or_account_has_ended_gets_nothing(boss):
    with writer():
        boss.active = False
        db.session.commit()
    assert list_escalated(TODAY) == []


def test_past_a_manager_to_whom_it_is_closed_it_goes_on_upwards(boss, office):
    make_unit("Natt", under="Vuxen 2")
    office.run_import("deviations", "ref;enhet;rapporterad\nA-2;Natt;2021-03-02\n")
    office.imports("actions", f"{HEAD}\nÅ-8;avvikelse;A-2;Natten;;2021-04-01;2021-12-01;;\n")
    found = action("Å-8").record_id
    assert (found, find_user(EVA).id) in list_escalated(TODAY)
    of_case = record_id("deviation", "A-2")
    act = Act(of_case, version_of(of_case), boss.id, sees=True, reason="Jäv", now=clock.now())
    with writer():
        change_access(act, Step.CLOSE, find_user(EVA).id)
        db.session.commit()
    assert [user_id for action_id, user_id in list_escalated(TODAY) if action_id == found] == [boss.id]


def test_the_page_shows_a_manager_theirs(boss, office):
    bo = signed_in(office, BO)
    bo.get("/atgarder")
    page = bo.click("Eskalerade till mig")
    assert page.heading == "Eskalerade till mig"
    assert page.table("Åtgärder").column("Nummer") == ["Å-5", "Å-1"]
    assert "Inga åtgärder här" in signed_in(office, EVA).get("/atgarder/eskalerade").text
    assert "Eskalerade till mig" not in signed_in(office, ADA).get("/atgarder").links


def test_what_the_manager_may_not_see_does_not_go_to_them(boss, office):
    officer = make_user("q@kommun.example", "ansvarig", name="Lo Lind")
    of_case = record_id("deviation", "A-1")

    def change(step, person):
        act = Act(of_case, version_of(of_case), officer.id, sees=True, reason="Hotbild", now=clock.now())
        with writer():
            change_access(act, step, person)
            db.session.commit()

    change(Step.CLOSE, boss.id)
    assert refs(list_escalated(TODAY)) == [("Å-5", boss.id)]
    change(Step.WITHDRAW, boss.id)
    change(Step.PROTECT, None)
    assert refs(list_escalated(TODAY)) == [("Å-5", boss.id)]
    change(Step.NAME, boss.id)
    assert refs(list_escalated(TODAY)) == [("Å-5", boss.id), ("Å-1", boss.id)]
    assert signed_in(office, BO).get("/atgarder/eskalerade").table("Åtgärder").column("Nummer") == ["Å-5", "Å-1"]
