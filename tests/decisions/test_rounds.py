"""An update round: who is asked about what, what they say, what is mended meanwhile, and who is missing."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update

from tests.decisions.asking import (
    LATER,
    Q4,
    TODAY,
    begin,
    listed,
    make_municipality,
    make_rows,
    say_right,
    ticks,
    visit,
)
from tests.decisions.lists import number_of
from tests.decisions.test_register import statements
from tests.factories import PASSWORD, make_decisions
from tracker import clock
from tracker.accounts.models import UserSession
from tracker.accounts.queries import find_user
from tracker.audit.history import list_history
from tracker.audit.models import AuditEntry, AuditRead
from tracker.database import db, writer
from tracker.decisions import access
from tracker.decisions.models import DecisionClock
from tracker.decisions.round_models import UpdateItem, UpdateRound
from tracker.decisions.round_services import ask, close
from tracker.decisions.rounds import latest_round
from tracker.records.access_steps import Act, Step
from tracker.records.models import Record
from tracker.records.versions import StaleVersion
from tracker.rules.errors import RuleViolation
from tracker.rules.quarters import Period
from tracker.rules.trail import Action


@pytest.fixture
def town(app, frozen_day):
    """The municipality on 15 February 2022."""
    frozen_day(TODAY)
    make_municipality()
    return app


def missing() -> dict[str, tuple[int, int, int]]:
    """Name → how many are missing, how many of them shared, and the longest wait."""
    found = latest_round(Q4, TODAY)
    return {one.name: (one.count, one.shared, one.longest_days) for one in found.missing}


def counts() -> tuple[int, int, int, int]:
    found = latest_round(Q4, TODAY)
    return found.total, found.confirmed, found.mended, found.missing_count


def version_of(ref: str) -> int:
    db.session.rollback()
    return db.session.scalars(select(Record.version).where(Record.number == ref)).one()


def change_access(ref: str, step: Step, who: str, *, by: str = "eva.ek") -> None:
    actor, person = find_user(f"{by}@kommun.example").id, find_user(f"{who}@kommun.example").id
    with writer():
        act = Act(number_of(ref), version_of(ref), actor, True, "Skyddad", clock.now())
        access.change_access(act, step, person)
        db.session.commit()


class TestWhoIsAsked:
    """Each handler gets their own; what has no handler among the users goes to those nearest."""

    def test_every_clock_in_a_class_or_past_three_months_is_asked_about_once(self, town):
        make_rows(
            {"ref": "new"},
            {"ref": "still", "forst_rapporterad": "2021-09-30"},
            {"ref": "executed", "forst_rapporterad": "2021-09-30", "verkstalld": "2021-11-02"},
            {"ref": "late", "verkstalld": "2021-12-01"},
            {"ref": "judgment", "grund": "dom"},
            {"ref": "due-after-the-cutoff", "beslutsdatum": "2021-11-10"},  # due 10 February, no class in December
            {"ref": "not-due", "beslutsdatum": LATER},
            {"ref": "in-time", "verkstalld": "2021-07-01"},
            {"ref": "missed", "verkstalld": "2021-09-20"},
        )
        begin()
        asked = select(DecisionClock.ref).join(UpdateItem, UpdateItem.clock_id == DecisionClock.id)
        assert sorted(db.session.scalars(asked)) == [
            "due-after-the-cutoff", "executed", "judgment", "late", "new", "still",
        ]  # fmt: skip

    def test_a_handler_gets_their_own_and_the_rest_goes_to_the_units_own_managers_and_officers(self, town):
        make_rows(
            {"ref": "A-1", "handlaggare": "Ali Alm"},
            {"ref": "B-1", "handlaggare": "Bo Berg"},
            {"ref": "X-1", "handlaggare": "Någon Annan"},
            {"ref": "Y-1"},
            {"ref": "V-1", "enhet": "Vuxen"},
        )
        begin()
        # 1 June 2021 to 15 February 2022: 29 + 31 + 31 + 30 + 31 + 30 + 31 + 31 + 15 days.
        assert missing() == {
            "Ali Alm": (3, 2, 259), "Bo Berg": (3, 2, 259), "Chris Carlsson": (2, 2, 259), "Doris Dahl": (1, 1, 259),
        }  # fmt: skip
        assert counts() == (5, 0, 0, 5)
        assert listed(visit(town, "ali.alm").get("/beslut/uppdatering")) == ["A-1", "X-1", "Y-1"]
        assert listed(visit(town, "chris.carlsson").get("/beslut/uppdatering")) == ["X-1", "Y-1"]
        assert listed(visit(town, "doris.dahl").get("/beslut/uppdatering")) == ["V-1"]

    def test_a_handler_who_no_longer_sees_the_unit_is_not_asked(self, town):
        make_rows({"ref": "V-1", "enhet": "Vuxen", "handlaggare": "Ali Alm"})
        begin()
        assert list(missing()) == ["Doris Dahl"]
        assert listed(visit(town, "ali.alm").get("/beslut/uppdatering")) == []

    def test_a_handler_who_has_left_hands_over_to_the_unit_while_the_round_goes_on(self, town):
        make_rows({"ref": "A-1", "handlaggare": "Ali Alm"})
        begin()
        assert list(missing()) == ["Ali Alm"]
        find_user("ali.alm@kommun.example").active = False
        db.session.commit()
        assert sorted(missing()) == ["Bo Berg", "Chris Carlsson"]

    def test_what_nobody_may_see_is_told_and_not_forgotten(self, town):
        make_rows({"ref": "T-1", "enhet": "Barn"})
        begin()
        assert missing() == {"Ingen som får se dem": (1, 1, 259)}
        assert counts() == (1, 0, 0, 1)

    def test_a_protected_clock_is_asked_of_those_named_alone_and_counted(self, town):
        make_rows({"ref": "A-1", "handlaggare": "Ali Alm"}, {"ref": "A-2", "handlaggare": "Ali Alm"})
        begin()
        change_access("A-2", Step.PROTECT, "bo.berg")
        assert counts() == (2, 0, 0, 2)  # its version rose, but nothing of what it says was changed
        assert missing() == {"Ali Alm": (1, 0, 259), "Bo Berg": (1, 1, 259)}
        assert listed(visit(town, "ali.alm").get("/beslut/uppdatering")) == ["A-1"]
        assert listed(visit(town, "bo.berg").get("/beslut/uppdatering")) == ["A-2"]

    def test_a_clock_closed_to_its_handler_goes_to_the_others_of_the_unit(self, town):
        make_rows({"ref": "A-1", "handlaggare": "Ali Alm"})
        begin()
        change_access("A-1", Step.CLOSE, "ali.alm")
        assert sorted(missing()) == ["Bo Berg", "Chris Carlsson"]
        assert listed(visit(town, "ali.alm").get("/beslut/uppdatering")) == []


class TestAnswers:
    """Ticked, mended, or still missing."""

    @pytest.fixture
    def asked(self, town):
        make_rows(*({"ref": f"A-{n}", "handlaggare": "Ali Alm"} for n in range(1, 5)))
        begin()
        return town

    def test_several_are_confirmed_in_one_go_and_kept_as_one_goes(self, asked):
        ali = visit(asked, "ali.alm")
        page = ali.get("/beslut/uppdatering")
        assert "Kvartal 4 2021: 4 kvar av 4" in page.text
        page = say_right(ali, page, "A-1", "A-3")
        assert "2 rader är bekräftade." in page.text
        assert listed(page) == ["A-2", "A-4"]
        page = say_right(ali, page, "A-2")
        assert "Kvartal 4 2021: 1 kvar av 4" in page.text
        assert counts() == (4, 3, 0, 1)
        assert "Du har gått igenom alla 4 rader." in say_right(ali, page, "A-4").text
        assert counts() == (4, 4, 0, 0)

    def test_a_change_after_the_question_counts_as_mended(self, asked):
        make_rows({"ref": "A-1", "handlaggare": "Ali Alm", "verkstalld": "2022-02-01"})
        assert counts() == (4, 0, 1, 3)
        assert listed(visit(asked, "ali.alm").get("/beslut/uppdatering")) == ["A-2", "A-3", "A-4"]

    def test_what_was_changed_since_it_was_seen_is_shown_again_and_not_taken(self, asked):
        ali = visit(asked, "ali.alm")
        page = ali.get("/beslut/uppdatering")
        make_rows({"ref": "A-1", "handlaggare": "Ali Alm", "skal": "Svårt att matcha"})
        page = say_right(ali, page, "A-1", "A-2")
        assert "1 rad är bekräftad." in page.text
        assert "1 rad ändrades medan sidan var öppen. Titta på den igen." in page.text
        assert listed(page) == ["A-1", "A-3", "A-4"]
        assert "Ändrad sedan du såg den" in page.table("Rader").dicts()[0]["Status"]
        assert counts() == (4, 1, 1, 2)
        say_right(ali, page, "A-1")
        assert counts() == (4, 2, 0, 2)

    def test_a_row_said_to_be_right_and_changed_later_is_mended(self, asked):
        ali = visit(asked, "ali.alm")
        say_right(ali, ali.get("/beslut/uppdatering"), "A-1")
        make_rows({"ref": "A-1", "handlaggare": "Ali Alm", "verkstalld": "2022-02-01"})
        assert counts() == (4, 0, 1, 3)

    def test_a_confirmed_row_stays_so_when_it_is_protected(self, asked):
        ali = visit(asked, "ali.alm")
        say_right(ali, ali.get("/beslut/uppdatering"), "A-1")
        change_access("A-1", Step.PROTECT, "ali.alm")
        assert counts() == (4, 1, 0, 3)

    def test_a_voided_decision_leaves_the_lists_and_is_counted(self, asked):
        eva = visit(asked, "eva.ek")
        eva.get(f"/beslut/{number_of('A-1')}/makulera")
        eva.submit({"reason": "Dubblett"}, form="reason")
        assert counts() == (4, 0, 1, 3)
        assert listed(visit(asked, "ali.alm").get("/beslut/uppdatering")) == ["A-2", "A-3", "A-4"]

    def test_a_clock_that_is_taken_away_is_counted_as_mended(self, asked):
        make_rows({"ref": "A-1", "avbrottsdatum": "2021-08-01", "handlaggare": "Ali Alm"})
        begin(seen=1)
        clock_id = db.session.scalars(select(DecisionClock.id).where(DecisionClock.kind == "avbrott")).one()
        eva = visit(asked, "eva.ek")
        eva.get(f"/beslut/{number_of('A-1')}/klocka/{clock_id}/ratta")
        eva.submit({"ta_bort": "y", "reason": "Var inget avbrott"}, form="ta_bort")
        assert counts()[0] == 5
        assert db.session.scalar(select(func.count()).where(UpdateItem.clock_id.is_(None))) == 1

    def test_a_shared_row_is_answered_by_whoever_comes_first(self, town):
        make_rows({"ref": "X-1"})
        begin()
        bo, chris = visit(town, "bo.berg"), visit(town, "chris.carlsson")
        seen = chris.get("/beslut/uppdatering")
        say_right(bo, bo.get("/beslut/uppdatering"), "X-1")
        assert "1 rad är bekräftad." in say_right(chris, seen, "X-1").text
        by = db.session.scalars(select(UpdateItem.confirmed_by)).one()
        assert by == find_user("bo.berg@kommun.example").id

    def test_another_persons_row_cannot_be_answered(self, asked):
        ali, bo = visit(asked, "ali.alm"), visit(asked, "bo.berg")
        value = ticks(ali.get("/beslut/uppdatering"), "A-1")
        number = db.session.scalars(select(UpdateRound.id)).one()
        bo.get("/konto")
        page = bo.post("/beslut/uppdatering", {"omgang": number, "rad": value})
        assert "1 rad är inte längre dina att svara för." in page.text
        assert counts() == (4, 0, 0, 4)

    @pytest.mark.parametrize("rows", [[], ["skräp"], ["1.x", "²."], ["99999999999.1"]])
    def test_nothing_ticked_is_told_and_changes_nothing(self, asked, rows):
        ali = visit(asked, "ali.alm")
        page = ali.get("/beslut/uppdatering")
        number = db.session.scalars(select(UpdateRound.id)).one()
        page = ali.post("/beslut/uppdatering", {"omgang": number, "rad": rows}, status=422)
        assert "Kryssa för de rader som stämmer." in page.text
        assert listed(page) == ["A-1", "A-2", "A-3", "A-4"]
        assert counts() == (4, 0, 0, 4)

    def test_ticks_come_back_when_the_sign_in_had_ended(self, asked):
        ali = visit(asked, "ali.alm")
        page = ali.get("/beslut/uppdatering")
        value = ticks(page, "A-2")
        number = db.session.scalars(select(UpdateRound.id)).one()
        db.session.execute(update(UserSession).values(ended_at=clock.now()))
        ali.post("/beslut/uppdatering", {"omgang": number, "rad": value})
        ali.signed_in = False
        back = ali.submit({"email": "ali.alm@kommun.example", "password": PASSWORD})
        ticked = [box.get("value") for box in back.tree.iter("input") if box.get("checked") is not None]
        assert ticked == value


class TestTrailAndReads:
    """What is said stands in the history of each decision; that a list was shown is noted."""

    def test_the_history_tells_who_said_that_it_is_right(self, town):
        make_rows({"ref": "A-1", "handlaggare": "Ali Alm"})
        begin()
        ali = visit(town, "ali.alm")
        say_right(ali, ali.get("/beslut/uppdatering"), "A-1")
        (event,) = [
            one for one in list_history(number_of("A-1"), with_personal=False) if one.action is Action.ROUND_CONFIRMED
        ]
        assert event.actor_id == find_user("ali.alm@kommun.example").id
        assert "Uppgifter stämmer" in ali.get(f"/beslut/{number_of('A-1')}").text

    def test_asking_is_an_entry_and_so_is_closing(self, town):
        make_rows({"ref": "A-1"})
        number = begin()
        with writer():
            close(number, 1, find_user("eva.ek@kommun.example").id, TODAY, clock.now())
            db.session.commit()
        actions = list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))
        assert actions[-2:] == [Action.ROUND_ASKED.value, Action.ROUND_CLOSED.value]

    def test_showing_the_list_is_noted_with_its_number_of_rows(self, town):
        make_rows({"ref": "A-1", "handlaggare": "Ali Alm"}, {"ref": "A-2", "handlaggare": "Ali Alm"})
        begin()
        visit(town, "ali.alm").get("/beslut/uppdatering")
        noted = select(AuditRead.what, AuditRead.selection, AuditRead.row_count)
        assert db.session.execute(noted).all() == [("uppdatering", "2021-K4", 2)]

    def test_an_empty_list_is_no_reading(self, town):
        assert "Ingen har bett dig om uppdatering" in visit(town, "ali.alm").get("/beslut/uppdatering").text
        assert db.session.scalar(select(func.count()).select_from(AuditRead)) == 0


class TestMany:
    """However many rows: as many statements, and a hundred on a page."""

    def statements_for(self, town, visitor) -> int:
        visitor.get("/beslut/uppdatering")  # what is kept some seconds is asked for once
        with statements() as said:
            visitor.get("/beslut/uppdatering")
        return len(said)

    def test_the_list_and_the_summary_cost_the_same_for_many_as_for_few(self, town):
        make_rows(*({"ref": f"A-{n:03}", "handlaggare": "Ali Alm"} for n in range(3)))
        begin()
        ali = visit(town, "ali.alm")
        few = self.statements_for(town, ali)
        with statements() as said:
            latest_round(Q4, TODAY)
        few_of_all = len(said)
        make_rows(*({"ref": f"A-{n:03}", "handlaggare": "Ali Alm"} for n in range(130)))
        begin(seen=1)
        assert self.statements_for(town, ali) == few
        with statements() as said:
            latest_round(Q4, TODAY)
        assert len(said) == few_of_all <= 6

    def test_a_hundred_stand_on_a_page_and_the_rest_one_link_away(self, town):
        make_rows(*({"ref": f"A-{n:03}", "handlaggare": "Ali Alm"} for n in range(130)))
        begin()
        ali = visit(town, "ali.alm")
        assert len(listed(ali.get("/beslut/uppdatering"))) == 100
        page = ali.click("Fler rader")
        assert listed(page) == [f"A-{n:03}" for n in range(100, 130)]
        assert len(listed(ali.click("Föregående rader"))) == 100
        page = ali.get("/beslut/uppdatering?fran=100")
        assert listed(say_right(ali, page, "A-100", "A-129")) == [f"A-{n:03}" for n in range(101, 129)]


class TestRules:
    """What a round refuses."""

    @pytest.mark.parametrize("days", [-1, 367])
    def test_a_last_day_that_has_passed_or_lies_far_off_is_refused(self, town, days):
        make_rows({"ref": "A-1"})
        with pytest.raises(RuleViolation) as refused:
            begin(last_day=TODAY + timedelta(days=days))
        assert refused.value.field == "last_day"

    def test_a_round_about_nothing_is_refused(self, town):
        make_decisions([{"ref": "A-1", "beslutsdatum": LATER}], today=TODAY)
        with pytest.raises(RuleViolation, match="inga klockor"):
            begin()

    def test_of_two_who_ask_at_once_the_second_is_told(self, town):
        make_rows({"ref": "A-1"})
        begin()
        with pytest.raises(RuleViolation, match="Någon annan har bett om uppdatering"):
            begin()
        assert db.session.scalar(select(func.count()).select_from(UpdateRound)) == 1

    def test_a_closed_round_takes_no_answers_and_is_closed_once(self, town):
        make_rows({"ref": "A-1", "handlaggare": "Ali Alm"})
        number = begin()
        ali = visit(town, "ali.alm")
        page = ali.get("/beslut/uppdatering")
        with writer():
            close(number, 1, find_user("eva.ek@kommun.example").id, TODAY, clock.now())
            db.session.commit()
        page = say_right(ali, page, "A-1", status=422)
        assert "Omgången är avslutad, så inget är sparat." in page.text
        with pytest.raises(StaleVersion), writer():
            close(number, 1, find_user("eva.ek@kommun.example").id, TODAY, clock.now())
        db.session.rollback()

    def test_a_new_round_starts_over_and_closes_the_one_before_as_it_stood(self, town):
        make_rows({"ref": "A-1", "handlaggare": "Ali Alm"}, {"ref": "A-2", "handlaggare": "Ali Alm"})
        first = begin()
        ali = visit(town, "ali.alm")
        say_right(ali, ali.get("/beslut/uppdatering"), "A-1")
        begin(seen=1)
        assert counts() == (2, 0, 0, 2)
        stood = db.session.get(UpdateRound, first)
        assert (stood.confirmed_count, stood.mended_count, stood.closed_at is not None) == (1, 0, True)
        assert listed(ali.get("/beslut/uppdatering")) == ["A-1", "A-2"]

    def test_a_cutoff_of_ones_own_decides_which_clocks(self, town):
        make_rows({"ref": "A-1", "beslutsdatum": "2021-08-01", "verkstalld": "2022-01-20"})
        eva = find_user("eva.ek@kommun.example").id
        with writer():
            number = ask(Period.of(Q4, date(2022, 1, 31)), TODAY, eva, 0, TODAY, clock.now())
            db.session.commit()
        assert (latest_round(Q4, TODAY).round_id, latest_round(Q4, TODAY).total) == (number, 1)
        assert latest_round(Q4.before, TODAY) is None
