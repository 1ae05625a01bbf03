"""Who is told of what, on which day, and how does it become mail?"""

import io
import json
import threading
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from tests.actions.making import make_action
from tests.cases.making import reported, step
from tests.decisions.lists import number_of, protect
from tests.decisions.running import run
from tests.factories import make_decisions, make_unit, make_user
from tests.records.granting import close, name, void
from tests.reminders.making import BASE, mails, make, told
from tests.support.office import ImportOffice
from tracker import clock, logs
from tracker.accounts.models import User
from tracker.actions.models import ActionItem
from tracker.audit.models import AuditEntry
from tracker.database import db
from tracker.records.models import GrantKind, Record, RecordGrant
from tracker.reminders.mailing import body_of
from tracker.reminders.models import OutboxMail, ReminderChoice, ReminderNotice
from tracker.reminders.services import Made
from tracker.rules.reminders import Often
from tracker.rules.trail import Action

MONDAY = date(2026, 3, 2)


@pytest.fixture
def house(app, frozen_day):
    """Monday 2 March 2026: Vuxen below the top, each with a manager; a handläggare of Vuxen, an officer of all."""
    frozen_day(MONDAY)
    make_unit("Vuxen")
    make_user("hanna@kommun.example", "handlaggare", unit="Vuxen")
    make_user("chris@kommun.example", "chef", unit="Vuxen")
    make_user("topp@kommun.example", "chef")
    make_user("lova@kommun.example", "ansvarig")
    return frozen_day


def user_id(who: str) -> int:
    return db.session.scalars(select(User.id).where(User.email == f"{who}@kommun.example")).one()


def leave(who: str) -> None:
    db.session.get_one(User, user_id(who)).active = False
    db.session.commit()


def choose(who: str, often: Often) -> None:
    db.session.merge(ReminderChoice(user_id=user_id(who), often=often.value, changed_at=clock.now()))
    db.session.commit()


def action_of(record_id: int, due_on: date, who: str | None = None) -> str:
    """A decided action with a last day, which may have been, given to somebody; its number."""
    action_id = make_action(record_id, today=MONDAY, decided_on=date(2026, 2, 2), due_on=date(2026, 12, 1))
    row = db.session.get_one(ActionItem, action_id)
    row.due_on = row.listed_on = due_on
    row.responsible_id = user_id(who) if who else None
    db.session.commit()
    return row.ref


def test_the_command_tells_the_next_manager_of_what_has_been_late_for_long(app, house):
    """Late since 9 February: 21 days, past the 14 after which it goes on; the seventh day since is today."""
    number = action_of(reported("deviations", "Vuxen"), date(2026, 2, 8), "chris")
    ran = run(app, "reminders", "send", "--today", "2026-03-02")
    assert ran.code == 0
    late = {who for who, ref, reason in told() if ref == number}
    assert late == {"chris", "topp"}


class TestWhom:
    """Whose it is, else the nearest whom it falls to."""

    def test_a_decision_is_told_to_the_handler_of_the_unit(self, house):
        # Due 9 March: seven days before is today.
        make_decisions([{"ref": "B-1", "enhet": "Vuxen", "beslutsdatum": "2025-12-09"}], today=MONDAY)
        assert make(MONDAY) == Made(1, 1, 1)
        assert told() == {("hanna", "B-1", "7-dagar")}

    def test_the_next_is_told_where_the_handler_has_left(self, house):
        make_decisions([{"ref": "B-1", "enhet": "Vuxen", "beslutsdatum": "2025-12-09"}], today=MONDAY)
        leave("hanna")
        make(MONDAY)
        assert told() == {("chris", "B-1", "7-dagar")}

    def test_a_late_action_goes_to_its_owner_or_to_the_manager_when_they_have_left(self, house):
        make_user("erik@kommun.example", "medarbetare", unit="Vuxen")
        case = reported("deviations")
        ref = action_of(case, date(2026, 2, 28), "erik")
        make(MONDAY)
        assert told() == {("erik", ref, "atgard-sen")}
        leave("erik")
        make(MONDAY + timedelta(days=7))
        assert told() == {("erik", ref, "atgard-sen"), ("chris", ref, "atgard-sen")}

    def test_an_action_that_has_gone_on_to_the_next_manager_is_told_there_too(self, house):
        make_user("erik@kommun.example", "medarbetare", unit="Vuxen")
        ref = action_of(reported("deviations"), date(2026, 2, 28), "erik")
        action_id = db.session.scalars(select(ActionItem.record_id)).one()
        make(MONDAY, [(action_id, user_id("topp"))])
        assert told() == {("erik", ref, "atgard-sen"), ("topp", ref, "atgard-sen")}

    def test_a_report_under_lex_sarah_is_told_to_the_officer_and_not_to_the_manager(self, house):
        reported("lex-sarah")
        make(MONDAY)
        assert {(who, why) for who, _, why in told()} == {("lova", "rapport-inkommen")}
        make(MONDAY + timedelta(days=1))
        make(MONDAY + timedelta(days=2))
        make(MONDAY + timedelta(days=3))
        assert {why for _, _, why in told()} == {"rapport-inkommen", "ej-borjad-1", "ej-borjad-3"}

    def test_the_investigator_is_told_with_the_officer_before_the_two_months_end(self, house):
        investigator = make_user("ulf@kommun.example", "utredare").id
        case = reported("lex-sarah")
        step("lex-sarah", case, "receive", user_id("lova"))
        step("lex-sarah", case, "assign", user_id("lova"), investigator_id=investigator)
        house(date(2026, 4, 18))
        make(date(2026, 4, 18))  # two months from 2 March end on 2 May, 14 days before is 18 April
        assert {(who, why) for who, _, why in told() if why.startswith("beslut")} == {
            ("lova", "beslut-14"), ("ulf", "beslut-14"),
        }  # fmt: skip

    def test_a_synpunkt_is_told_to_the_manager_of_its_unit(self, house):
        reported("complaints")
        reported("complaints", kind="beröm")
        for days in range(11):
            make(MONDAY + timedelta(days=days))
        assert {(who, why) for who, _, why in told()} == {("chris", "svar-3"), ("chris", "svar-i-dag")}
        assert len(told()) == 2

    def test_a_protected_decision_is_told_to_those_named_alone(self, house):
        make_user("maja@kommun.example", "handlaggare", unit="Vuxen")
        make_decisions([{"ref": "B-1", "enhet": "Vuxen", "beslutsdatum": "2025-12-09"}], today=MONDAY)
        protect("B-1")
        make(MONDAY)
        assert told() == set()
        name("B-1", "maja@kommun.example")
        make(MONDAY)
        assert told() == {("maja", "B-1", "7-dagar")}

    def test_whoever_a_decision_is_closed_to_is_passed_over(self, house):
        make_decisions([{"ref": "B-1", "enhet": "Vuxen", "beslutsdatum": "2025-12-09"}], today=MONDAY)
        close("B-1", "hanna@kommun.example")
        make(MONDAY)
        assert told() == {("chris", "B-1", "7-dagar")}
        assert db.session.scalars(select(RecordGrant.kind)).all() == [GrantKind.CLOSED]

    def test_a_kontrollmoment_is_told_to_whoever_answers_for_it_else_to_the_coordinator(self, house, app, tmp_path):
        make_user("karin@kommun.example", "internkontroll", name="Karin Ek")
        make_user("otto@kommun.example", "internkontroll", name="Otto Ek")
        office = ImportOffice(app, tmp_path)
        head = "ar;ref;kontrollmoment;frekvens;ansvarig\n"
        office.imports("controls", f"{head}2026;K1;Delegation;kvartal;Karin Ek\n2026;K2;Avtal;kvartal;Någon Annan\n")
        office.imports("samples", "ar;kontroll_ref;ref;period;utvalda;avvikelser\n2026;K2;1;2026-K2;10;0\n")
        make(date(2026, 3, 17))  # 14 days before 31 March
        of_both = {(who, "2026/K2", "moment-14") for who in ("karin", "otto")}
        assert told() == of_both | {("karin", "2026/K1", "moment-14")}
        make(date(2026, 6, 20))  # of K2 the second quarter is done, and the first still lacks
        assert {one for one in told() if one[0] == "otto"} == {
            ("otto", "2026/K2", "moment-14"), ("otto", "2026/K2", "moment-sent"),
        }  # fmt: skip
        of_first = select(ReminderNotice.day).join(Record, Record.id == ReminderNotice.record_id)
        days = {str(day) for day in db.session.scalars(of_first.where(Record.number == "2026/K1"))}
        assert days == {"2026-03-17", "2026-04-07", "2026-06-16"}

    def test_a_window_is_told_to_those_who_prepare_the_report(self, house):
        make_user("kim@kommun.example", "kvalitet")
        make(date(2026, 4, 1))
        assert told() == {(who, "Kvartal 1 2026", "fonstret-oppnar") for who in ("hanna", "kim")}
        make(date(2026, 4, 23))
        assert ("kim", "Kvartal 1 2026", "fonstret-stanger") in told()


class TestOnce:
    """Nothing twice, nothing lost, nothing that no longer holds."""

    def test_a_second_run_of_the_day_makes_nothing(self, house):
        make_decisions([{"ref": "B-1", "enhet": "Vuxen", "beslutsdatum": "2025-12-09"}], today=MONDAY)
        assert make(MONDAY) == Made(1, 1, 1)
        assert make(MONDAY) == Made(0, 0, 0)
        assert len(mails()) == 1
        made = [Action.REMINDERS_MADE]
        assert db.session.scalars(select(AuditEntry.action).where(AuditEntry.action.in_(made))).all() == made

    def test_what_fell_while_nothing_ran_is_told_if_it_holds(self, house):
        # Both due 9 March; one is executed on the 5th. The next run is on 20 March.
        rows = [{"ref": ref, "enhet": "Vuxen", "beslutsdatum": "2025-12-09"} for ref in ("B-1", "B-2")]
        make(MONDAY - timedelta(days=30))
        make_decisions([rows[0], rows[1] | {"verkstalld": "2026-03-05"}], today=date(2026, 3, 20))
        make(date(2026, 3, 20))
        assert {one for one in told() if one[1] != "Kvartal 4 2025"} == {("hanna", "B-1", "rapporteringspliktig")}

    def test_another_last_day_is_told_anew(self, house):
        ref = action_of(reported("deviations"), date(2026, 3, 16))
        make(MONDAY)
        row = db.session.scalars(select(ActionItem)).one()
        row.due_on = row.listed_on = date(2026, 3, 20)
        db.session.commit()
        make(date(2026, 3, 6))
        assert [str(day) for day in db.session.scalars(select(ReminderNotice.day).order_by(ReminderNotice.id))] == [
            "2026-03-02", "2026-03-06",
        ]  # fmt: skip
        assert told() == {("chris", ref, "atgard-14")}

    def test_two_runs_at_once_tell_each_once(self, house, app):
        rows = [{"ref": f"B-{number}", "enhet": "Vuxen", "beslutsdatum": "2025-12-09"} for number in range(40)]
        make_decisions(rows, today=MONDAY)
        found = []

        def one() -> None:
            with app.app_context():
                found.append(make(MONDAY))

        threads = [threading.Thread(target=one) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(found) == [Made(0, 0, 0), Made(40, 1, 1)]
        assert [subject for _, subject, _ in mails()] == ["Egenkoll: 40 påminnelser"]

    def test_what_was_told_a_year_ago_is_let_go(self, house):
        make_decisions([{"ref": "B-1", "enhet": "Vuxen", "beslutsdatum": "2025-12-09"}], today=MONDAY)
        make(MONDAY)
        mails(MONDAY)
        make(date(2027, 3, 2))
        assert ("hanna", "B-1", "7-dagar") in told()
        make(date(2027, 3, 3))
        assert ("hanna", "B-1", "7-dagar") not in told()


class TestMail:
    """Number and link alone, as often as somebody has chosen."""

    def test_one_mail_holds_what_is_new_with_number_and_link(self, house):
        rows = [{"ref": ref, "enhet": "Vuxen", "beslutsdatum": "2025-12-09"} for ref in ("B-1", "B-2")]
        make_decisions(rows, today=MONDAY)
        make(MONDAY)
        (mail,) = mails()
        assert mail[:2] == ("hanna", "Egenkoll: 2 påminnelser")
        assert f"B-1  {BASE}/beslut/{number_of('B-1')}\nB-2  {BASE}/beslut/{number_of('B-2')}\n" in mail[2]
        assert "Kontaktperson" not in mail[2]

    def test_a_weekly_mail_waits_for_monday_and_leaves_out_what_is_done(self, house):
        choose("chris", Often.WEEKLY)
        case = reported("deviations")
        action_of(case, date(2026, 3, 1))
        assert make(MONDAY).mails == 1
        action_of(case, date(2026, 3, 18))
        done = action_of(case, date(2026, 3, 18))
        assert make(date(2026, 3, 4)) == Made(2, 1, 0)
        row = db.session.scalars(select(ActionItem).where(ActionItem.ref == done)).one()
        row.done_on, row.stage = date(2026, 3, 5), 1
        db.session.commit()
        # The late one falls again on Monday, a week after the day after its last day.
        assert make(date(2026, 3, 9)) == Made(1, 1, 1)
        first, second = mails()
        assert (first[1], second[1]) == ("Egenkoll: 1 påminnelse", "Egenkoll: 2 påminnelser")
        assert f"{BASE}/atgarder/{row.record_id}\n" not in second[2]

    def test_whoever_wants_none_gets_none_and_sees_it_on_the_page(self, house):
        choose("hanna", Often.NEVER)
        make_decisions([{"ref": "B-1", "enhet": "Vuxen", "beslutsdatum": "2025-12-09"}], today=MONDAY)
        assert make(MONDAY) == Made(1, 1, 0)
        assert (mails(), told()) == ([], {("hanna", "B-1", "7-dagar")})

    def test_what_is_closed_or_forgotten_meanwhile_does_not_stand_in_a_mail_that_waited(self, house):
        rows = [{"ref": ref, "enhet": "Vuxen", "beslutsdatum": "2025-12-09"} for ref in ("B-1", "B-2", "B-3")]
        make_decisions(rows, today=MONDAY)
        make(MONDAY)
        close("B-1", "hanna@kommun.example")
        void("B-2")
        db.session.scalars(select(Record).where(Record.number == "B-3")).one().number = "glömd-3"
        db.session.commit()
        ((_, subject, body),) = mails()
        assert subject == "Egenkoll: 1 påminnelse"
        assert "glömd-3  " in body
        assert not [ref for ref in ("B-1", "B-2", "B-3") if ref in body]

    def test_a_mail_with_nothing_left_in_it_does_not_go(self, house):
        make_decisions([{"ref": "B-1", "enhet": "Vuxen", "beslutsdatum": "2025-12-09"}], today=MONDAY)
        make(MONDAY)
        void("B-1")
        assert mails() == []
        assert db.session.scalars(select(OutboxMail.last_error)).all() == ["empty"]

    def test_a_mail_names_two_hundred_and_tells_how_many_more(self):
        body = body_of({f"/atgarder/{number}": f"Å-{number}" for number in range(203)}, BASE)
        assert body.count("/atgarder/") == 200
        assert f"… och 3 till: {BASE}/nytt" in body


def test_a_dry_run_counts_and_keeps_nothing(house, app):
    make_decisions([{"ref": "B-1", "enhet": "Vuxen", "beslutsdatum": "2025-12-09"}], today=MONDAY)
    ran = run(app, "reminders", "send", "--today", "2026-03-02", "--dry-run")
    assert (ran.code, ran.last) == (
        0, "Provkörning, inget sparat eller skickat: 1 nya påminnelser till 1 personer, 1 brev",
    )  # fmt: skip
    assert (told(), mails()) == (set(), [])


def test_without_a_mail_server_mail_goes_to_the_log(house, app, monkeypatch):
    written = io.StringIO()
    monkeypatch.setattr(logs, "sys", SimpleNamespace(stderr=written))
    logs.configure_logging()
    make_decisions([{"ref": "B-1", "enhet": "Vuxen", "beslutsdatum": "2025-12-09"}], today=MONDAY)
    ran = run(app, "reminders", "send", "--today", "2026-03-02")
    assert (ran.code, ran.last) == (
        0, "1 nya påminnelser till 1 personer; 1 brev skickade, 0 gick inte att lämna, 0 väntar",
    )  # fmt: skip
    monkeypatch.undo()
    logs.configure_logging()
    (line,) = (json.loads(line) for line in written.getvalue().splitlines())
    assert (line["event"], line["target_id"]) == ("mail", user_id("hanna"))
    assert line["mail"].startswith("Egenkoll: 1 påminnelse\nDet här väntar på dig i Egenkoll:\n\nB-1  /beslut/")
