"""A plan on its way to the committee: proposed, adopted, changed, followed up and approved."""

from datetime import date, time

import pytest
from sqlalchemy import select

from tests.audit.trails import entries, verdict
from tests.control.locking import lock_year
from tests.control.office import hide, moment, risk, tell_next
from tests.factories import PASSWORD, make_unit, make_user
from tests.support.pages import PageClient
from tracker import clock
from tracker.control.models import PlanEvent, PlanVersion
from tracker.control.plan_queries import find_version
from tracker.control.services import Wish, step_plan
from tracker.database import db, writer
from tracker.records.scope import EVERY_RECORD
from tracker.risk.models import ControlPlan
from tracker.rules.errors import RuleViolation
from tracker.rules.plan_workflow import Decision, PlanState, PlanStep

EVA, BO, SVEN = "eva@kommun.example", "bo@kommun.example", "sven@kommun.example"
TODAY = date(2022, 2, 15)
CLOSED = "planen för 2021 är föreslagen eller fastställd. Öppna den för ändring först, eller ta bort raden."
DECISION = {"decided_on": "2022-02-15", "paragraph": "§ 14", "case_number": "SN 2021/7"}
RISK, MOMENT = "ar;ref;risk;sannolikhet;konsekvens\n", "ar;ref;risk_ref;kontrollmoment;ej_genomford;kommentar\n"


@pytest.fixture
def filled(office):
    """An office with two risks and two kontrollmoment of 2021, the second without a result."""
    office.imports("risks", f"{RISK}2021;R1;Avtal saknas;3;4\n2021;R2;Jäv;2;2\n")
    office.imports("controls", f"{MOMENT}2021;K1;R1;Avtal;;\n2021;K2;R2;Bisysslor;;\n")
    office.imports("samples", "ar;kontroll_ref;ref;utvalda;avvikelser\n2021;K1;P1;10;1\n")
    return office


def step(name: PlanStep, reason: str = "Skäl", day: date = date(2022, 2, 1)) -> PlanState:
    """Takes a step on the version that stands."""
    with writer():
        seen = db.session.scalars(select(ControlPlan.version).where(ControlPlan.year == 2021)).one()
        state = step_plan(2021, Wish(name, seen, Decision(day, "§ 14", "SN 2021/7"), reason), None, TODAY, clock.now())
        db.session.commit()
    return state


def numbers() -> list[tuple[int, str | None]]:
    db.session.rollback()
    statement = select(PlanVersion.number, PlanVersion.decided).order_by(PlanVersion.number)
    return [(row[0], row[1]) for row in db.session.execute(statement)]


class TestVersions:
    """What is kept of a plan, and what can be changed when."""

    def test_what_is_proposed_is_kept_as_it_stood(self, filled):
        assert step(PlanStep.PROPOSE) is PlanState.PROPOSED
        part = find_version(2021, 1, EVERY_RECORD)
        assert [(row["ref"], row["text"], row["likelihood"], row["consequence"]) for row in part.content["risks"]] == [
            ("R1", "Avtal saknas", 3, 4), ("R2", "Jäv", 2, 2),
        ]  # fmt: skip
        assert [(row["ref"], row["risk_ref"], row["name"]) for row in part.content["moments"]] == [
            ("K1", "R1", "Avtal"), ("K2", "R2", "Bisysslor"),
        ]  # fmt: skip
        assert (part.content["limits"], part.decided, part.left_out) == ([90, 60], None, 0)
        assert part.content["scale"]["consequences"][3] == "Allvarlig"

    @pytest.mark.parametrize("steps", [[PlanStep.PROPOSE], [PlanStep.PROPOSE, PlanStep.ADOPT]])
    def test_a_plan_that_is_decided_about_is_not_changed_by_files(self, filled, steps):
        for one in steps:
            step(one)
        for kind, row in (
            ("risks", f"{RISK}2021;R1;Ny text;3;4\n"),
            ("risks", f"{RISK}2021;R3;En till;1;1\n"),
            ("controls", f"{MOMENT}2021;K1;;Nytt namn;;\n"),
            ("controls", f"{MOMENT}2021;K3;R1;Ett till;;\n"),
        ):
            assert filled.refused(kind, row) == [f"rad 2, kolumn ar: {CLOSED}"]

    def test_rows_that_change_nothing_results_and_stickprov_come_in_all_the_same(self, filled):
        step(PlanStep.PROPOSE)
        step(PlanStep.ADOPT)
        assert filled.imports("risks", f"{RISK}2021;R1;Avtal saknas;3;4\n") == "0 nya, 0 ändrade, 1 oförändrade"
        filled.imports("controls", f"{MOMENT}2021;K2;;;Hanns inte;Kommer nästa år\n")
        filled.imports("samples", "ar;kontroll_ref;ref;utvalda;avvikelser\n2021;K1;P2;10;0\n")
        assert moment("K2").not_done == "Hanns inte"

    def test_another_year_is_open_all_the_same(self, filled):
        step(PlanStep.PROPOSE)
        assert filled.imports("risks", f"{RISK}2022;R1;Avtal saknas;3;4\n") == "1 nya, 0 ändrade, 0 oförändrade"

    def test_a_change_is_a_new_version_and_the_first_stays(self, filled):
        step(PlanStep.PROPOSE)
        step(PlanStep.ADOPT)
        step(PlanStep.CHANGE)
        filled.imports("risks", f"{RISK}2021;R1;Avtal saknas;4;4\n")
        step(PlanStep.PROPOSE)
        assert numbers() == [(1, "adopted"), (2, None)]
        step(PlanStep.ADOPT)
        assert numbers() == [(1, "adopted"), (2, "adopted")]
        assert [find_version(2021, n, EVERY_RECORD).content["risks"][0]["likelihood"] for n in (1, 2)] == [3, 4]

    def test_what_is_withdrawn_or_sent_back_stays_to_be_read(self, filled):
        step(PlanStep.PROPOSE)
        step(PlanStep.WITHDRAW)
        step(PlanStep.PROPOSE)
        step(PlanStep.SEND_BACK)
        assert numbers() == [(1, "withdrawn"), (2, "sent_back")]

    def test_an_opened_plan_is_kept_only_when_nothing_has_changed(self, filled):
        for one in (PlanStep.PROPOSE, PlanStep.ADOPT, PlanStep.CHANGE):
            step(one)
        assert step(PlanStep.KEEP) is PlanState.ADOPTED
        step(PlanStep.CHANGE)
        filled.imports("risks", f"{RISK}2021;R2;Jäv;3;2\n")
        with pytest.raises(RuleViolation):
            step(PlanStep.KEEP)
        db.session.rollback()
        assert step(PlanStep.PROPOSE) is PlanState.PROPOSED

    def test_it_is_followed_up_when_each_moment_has_a_result_or_a_reason(self, filled):
        step(PlanStep.PROPOSE)
        step(PlanStep.ADOPT)
        with pytest.raises(RuleViolation) as refused:
            step(PlanStep.FOLLOW_UP)
        assert "skäl: K2." in refused.value.message
        db.session.rollback()
        filled.imports("controls", f"{MOMENT}2021;K2;;;Hanns inte;\n")
        with pytest.raises(RuleViolation) as refused:
            step(PlanStep.FOLLOW_UP)
        assert "Ej genomförda utan vad som händer nu: K2. Skriv det under Resultat" in refused.value.message
        db.session.rollback()
        tell_next("K2")
        assert step(PlanStep.FOLLOW_UP) is PlanState.FOLLOWED_UP
        with pytest.raises(RuleViolation) as refused:
            step(PlanStep.APPROVE)
        assert refused.value.code == "not_locked"
        lock_year(make_user(EVA, "internkontroll").id)
        with pytest.raises(RuleViolation) as refused:
            step(PlanStep.APPROVE, "", date(2022, 2, 14))
        assert refused.value.message.startswith(
            "Beslutsdagen ligger före den dag då uppföljningen låstes här, 2022-02-15."
        )
        db.session.rollback()
        assert step(PlanStep.APPROVE) is PlanState.APPROVED
        assert db.session.scalars(select(PlanEvent.report_version).order_by(PlanEvent.id)).all()[-1] == 1

    def test_what_has_been_opened_again_is_locked_anew_before_it_is_approved(self, filled, frozen_day):
        eva = make_user(EVA, "internkontroll").id
        filled.imports("controls", f"{MOMENT}2021;K2;;;Hanns inte;\n")
        tell_next("K2")
        for one in (PlanStep.PROPOSE, PlanStep.ADOPT, PlanStep.FOLLOW_UP):
            step(one)
        lock_year(eva)
        frozen_day(TODAY, time(12))
        for one in (PlanStep.REOPEN, PlanStep.FOLLOW_UP):
            step(one)
        with pytest.raises(RuleViolation) as refused:
            step(PlanStep.APPROVE)
        assert refused.value.code == "not_locked"
        frozen_day(TODAY, time(13))
        lock_year(eva, reason="Fel siffra i K1.")
        step(PlanStep.APPROVE)
        assert db.session.scalars(select(PlanEvent.report_version).order_by(PlanEvent.id)).all()[-1] == 2

    @pytest.mark.parametrize("steps", [[PlanStep.FOLLOW_UP], [PlanStep.FOLLOW_UP, PlanStep.APPROVE]])
    def test_no_result_changes_after_the_year_has_been_followed_up(self, filled, steps):
        filled.imports("controls", f"{MOMENT}2021;K2;;;Hanns inte;\n")
        tell_next("K2")
        eva = make_user(EVA, "internkontroll").id
        for one in [PlanStep.PROPOSE, PlanStep.ADOPT, *steps]:
            if one is PlanStep.APPROVE:
                lock_year(eva)
            step(one)
        why = "Planen är uppföljd, så resultaten går inte att ändra. Öppna uppföljningen igen först."
        closed = f"rad 2, kolumn ar: {why}"
        sample = "ar;kontroll_ref;ref;utvalda;avvikelser\n"
        assert filled.refused("controls", f"{MOMENT}2021;K2;;;Annat skäl;\n") == [closed]
        assert filled.refused("samples", f"{sample}2021;K1;P1;10;0\n") == [closed]
        assert filled.refused("samples", f"{sample}2021;K1;P2;10;0\n") == [closed]
        assert filled.imports("samples", f"{sample}2021;K1;P1;10;1\n") == "0 nya, 0 ändrade, 1 oförändrade"
        if steps == [PlanStep.FOLLOW_UP]:
            step(PlanStep.REOPEN)
            assert filled.imports("samples", f"{sample}2021;K1;P1;10;0\n") == "0 nya, 1 ändrade, 0 oförändrade"

    def test_who_saw_an_older_plan_takes_no_step(self, filled):
        step(PlanStep.PROPOSE)
        with writer(), pytest.raises(RuleViolation) as refused:
            step_plan(2021, Wish(PlanStep.WITHDRAW, 1, reason="Skäl"), None, TODAY, clock.now())
        assert refused.value.code == "plan_state"
        db.session.rollback()
        assert numbers() == [(1, None)]

    def test_each_step_is_in_the_trail_with_the_decision(self, filled):
        step(PlanStep.PROPOSE)
        step(PlanStep.ADOPT)
        steps = [entry for entry in entries() if entry.action == "plan.stepped"]
        assert [(entry.target_kind, entry.target_id) for entry in steps] == [("plan", 2021)] * 2
        assert verdict().whole
        proposed, event = db.session.scalars(select(PlanEvent).order_by(PlanEvent.id))
        assert (proposed.step, proposed.decided_on, proposed.reason) == ("propose", None, None)
        assert (event.decided_on, event.paragraph, event.case_number) == (date(2022, 2, 1), "§ 14", "SN 2021/7")

    @pytest.mark.parametrize("way", ["closed", "protected"])
    def test_a_version_leaves_out_what_its_reader_may_not_see(self, filled, way):
        eva, bo = make_user(EVA, "internkontroll"), make_user(BO, "internkontroll")
        step(PlanStep.PROPOSE)
        hide(risk("R1"), way, seer=EVA, other=BO)
        page = signed_in(filled, BO).get("/internkontroll/2021/plan/version/1")
        assert "Avtal saknas" not in page.text
        assert "1 rader visas inte för dig" in page.text
        assert page.table("Versionens kontrollmoment").rows[0][2] == "–"
        assert "Avtal saknas" in signed_in(filled, EVA).get("/internkontroll/2021/plan/version/1").text
        assert eva.id != bo.id


def signed_in(office, email: str) -> PageClient:
    """A client in this user's name."""
    visitor = PageClient(office.app)
    visitor.sign_in(email, PASSWORD)
    return visitor


class TestPages:
    """The way to the committee, as the coordinator and the secretary walk it."""

    @pytest.fixture
    def eva(self, filled):
        """The coordinator."""
        make_user(EVA, "internkontroll")
        return signed_in(filled, EVA)

    @pytest.fixture
    def sven(self, filled):
        """The secretary."""
        make_user(SVEN, "sekreterare")
        return signed_in(filled, SVEN)

    def test_from_draft_to_adopted_and_changed(self, filled, eva, sven):
        eva.get("/internkontroll/2021")
        eva.click("Planen är utkast")
        eva.click("Föreslå för nämnden")
        page = eva.submit({}, form="version")
        assert page.path == "/internkontroll/2021/plan"
        assert [row[:2] for row in page.table("Planens versioner").rows] == [["Version 1", "Föreslagen"]]
        sven.get("/internkontroll/2021/plan")
        sven.click("För in att nämnden fastställde")
        page = sven.submit(DECISION)
        assert "Fastställd 2022-02-15, § 14, SN 2021/7" in page.text
        eva.get("/internkontroll/2021/plan")
        eva.click("Öppna för ändring")
        eva.submit({"reason": "Ny risk"})
        filled.imports("risks", f"{RISK}2021;R1;Avtal saknas;4;4\n2021;R3;Hot;1;2\n")
        eva.get("/internkontroll/2021/plan/steg/foresla")
        eva.submit({}, form="version")
        eva.click("Version 2")
        page = eva.click("Jämför med version 1")
        assert page.table("Skillnader i risker").rows == [
            ["R1", "Ändrad", "Sannolikhet", "3", "4"], ["R3", "Ny", "hela raden", "", ""],
        ]  # fmt: skip

    def test_what_was_typed_stays_when_something_lacks(self, filled, eva, sven):
        eva.get("/internkontroll/2021/plan/steg/foresla")
        eva.submit({}, form="version")
        sven.get("/internkontroll/2021/plan/beslut/faststall")
        page = sven.submit(DECISION | {"decided_on": "2022-02-16"}, status=422)
        assert "Beslutet kan inte ligga i framtiden. Rätta dagen." in page.text
        (typed,) = (one for one in page.form("case_number").iter() if one.get("name") == "case_number")
        assert typed.get("value") == "SN 2021/7"
        page = sven.submit(DECISION | {"decided_on": "i går"}, status=422)
        assert "Datumet går inte att läsa." in page.text
        assert numbers() == [(1, None)]

    def test_a_step_that_somebody_else_has_taken_is_told(self, filled, eva):
        eva.get("/internkontroll/2021/plan/steg/foresla")
        step(PlanStep.PROPOSE)
        page = eva.submit({}, form="version", status=422)
        assert "Planen har kommit till ett annat läge." in page.text
        assert numbers() == [(1, None)]

    def test_the_secretary_decides_and_the_coordinator_proposes_and_not_the_other_way(self, filled, eva, sven):
        sven.get("/internkontroll/2021/plan/steg/foresla", status=403)
        eva.get("/internkontroll/2021/plan/beslut/faststall", status=403)
        eva.get("/internkontroll/2021/plan/steg/faststall", status=404)
        sven.get("/internkontroll/2021/plan/beslut/foresla", status=404)
        eva.get("/internkontroll/2021/plan/steg/nagot", status=404)
        eva.get("/internkontroll/2020/plan", status=404)
        eva.get("/internkontroll/2021/plan/version/9", status=404)
        assert numbers() == []

    def test_the_secretary_finds_the_plan_from_the_menu(self, filled, sven):
        assert sven.click("Intern kontroll").path == "/internkontroll/2021/plan"

    def test_where_there_is_no_plan_the_secretary_is_told(self, office):
        make_user(SVEN, "sekreterare")
        page = signed_in(office, SVEN).get("/internkontroll")
        assert (page.path, "Det finns ingen internkontrollplan än." in page.text) == ("/", True)

    def test_a_role_at_one_unit_does_not_take_the_whole_plan_further(self, filled):
        make_unit("Barn")
        make_user(BO, "internkontroll", unit="Barn")
        bo = signed_in(filled, BO)
        assert "Inget för dig just nu." in bo.get("/internkontroll/2021/plan").text
        bo.get("/internkontroll/2021/plan/steg/foresla", status=403)
