"""Days that would run backwards, what has to be told again, and texts that come too late."""

from datetime import date

import pytest

from tests.actions.making import make_action
from tests.cases.making import assessed, reported, stands, step, unit_id_of
from tests.factories import PASSWORD, make_user
from tests.support.pages import PageClient
from tracker import clock
from tracker.accounts.models import Unit, User
from tracker.accounts.services import give_role
from tracker.cases.correcting import correct_case
from tracker.cases.filtering import CaseFilter, Status
from tracker.cases.investigating import save_heading
from tracker.cases.own import find_own
from tracker.cases.register import count_cases
from tracker.cases.registers import COMPLAINTS, DEVIATIONS, LEX_SARAH
from tracker.cases.services import Finding, assess_deviation
from tracker.cases.single import facts_of, list_steps
from tracker.cases.texts import INVESTIGATION, Section, write_words
from tracker.database import db, writer
from tracker.records.scope import EVERY_RECORD
from tracker.rules.case_workflow import Assessment
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Role

MARCH = date(2026, 3, 2)


@pytest.fixture
def people(app, frozen_day):
    """Those who handle cases, by role, on 2 March 2026; and what sets the day."""
    frozen_day(MARCH)
    unit_id_of("Vuxen")
    db.session.commit()
    roles = ("ansvarig", "utredare", "chef", "medarbetare")
    return {role: make_user(f"{role}@kommun.example", role).id for role in roles} | {"day": frozen_day, "app": app}


def refused(*args, **given):
    """(field, message) of a step that is refused."""
    with pytest.raises(RuleViolation) as found:
        step(*args, **given)
    db.session.rollback()
    return found.value.field, found.value.message


def investigated(people, record_id, day):
    """An investigation that is done on a day."""
    people["day"](day)
    with writer():
        for section in INVESTIGATION:
            write_words(record_id, section, f"Om {section}", people["utredare"], clock.now())
        db.session.commit()
    step("lex-sarah", record_id, "complete", people["utredare"])


def given_out(people, **columns):
    """A lex Sarah case that is being investigated, reported by the employee."""
    record_id = reported("lex-sarah", by=people["medarbetare"], **columns)
    step("lex-sarah", record_id, "receive", people["ansvarig"])
    step("lex-sarah", record_id, "assign", people["ansvarig"], investigator_id=people["utredare"])
    return record_id


def decided(people, record_id, day, degree=Assessment.IRREGULARITY):
    """A decision on a day."""
    people["day"](day)
    step("lex-sarah", record_id, "decide", people["ansvarig"], assessment=degree, motivation="Därför")


class TestTheInvestigationToIvo:
    """It goes to IVO when it is done, whenever that is written down."""

    def test_an_anmalan_written_in_late_does_not_take_a_later_investigation_with_it(self, people):
        record_id = given_out(people)
        investigated(people, record_id, date(2026, 4, 10))
        people["day"](date(2026, 4, 15))
        step("lex-sarah", record_id, "notify_ivo", people["ansvarig"], day=date(2026, 3, 5))
        row = stands(LEX_SARAH, record_id)
        assert (row["ivo_notified_on"], row["ivo_investigation_sent_on"]) == (date(2026, 3, 5), None)

    def test_one_that_was_done_that_day_goes_with_it(self, people):
        record_id = given_out(people)
        investigated(people, record_id, date(2026, 4, 10))
        step("lex-sarah", record_id, "notify_ivo", people["ansvarig"])
        assert stands(LEX_SARAH, record_id)["ivo_investigation_sent_on"] == date(2026, 4, 10)

    def test_it_is_not_sent_before_it_was_done(self, people):
        record_id = given_out(people)
        step("lex-sarah", record_id, "notify_ivo", people["ansvarig"])
        investigated(people, record_id, date(2026, 4, 10))
        assert refused("lex-sarah", record_id, "supplement_ivo", people["ansvarig"], day=date(2026, 4, 9)) == (
            "day", "2026-04-09 ligger före 2026-04-10, då utredningen var klar. Rätta dagen."
        )  # fmt: skip
        step("lex-sarah", record_id, "supplement_ivo", people["ansvarig"])
        assert stands(LEX_SARAH, record_id)["ivo_investigation_sent_on"] == date(2026, 4, 10)

    def test_a_case_that_is_notified_is_not_handed_over_with_its_investigation_undone(self, people):
        record_id = reported("lex-sarah")
        step("lex-sarah", record_id, "receive", people["ansvarig"])
        step("lex-sarah", record_id, "notify_ivo", people["ansvarig"])
        given = {"receiver_kind": "namnd", "receiver": "Region Norr", "sent_by": "post"}
        field, message = refused("lex-sarah", record_id, "hand_over", people["ansvarig"], comment="Där", other=given)
        assert (field, message) == (
            None, "Ärendet är anmält till IVO. Utred det och skicka utredningen innan det lämnas över."
        )  # fmt: skip


class TestTold:
    """Who is told what came of it is told of what came of it last."""

    def test_who_was_told_of_an_avvikelse_is_told_again_of_the_lex_sarah_case(self, people):
        record_id = reported("deviations", by=people["medarbetare"])
        for name in ("receive", "investigate"):
            step("deviations", record_id, name, people["chef"])
        with writer():
            row = stands(DEVIATIONS, record_id)
            assess_deviation(row, row["version"], Finding(assessed(), ""), people["chef"], clock.now())
            db.session.commit()
        step("deviations", record_id, "close", people["chef"], comment="Larmen är bytta")
        step("deviations", record_id, "make_lex_sarah", people["chef"], comment="Det var värre")
        assert facts_of(LEX_SARAH, stands(LEX_SARAH, record_id)).reporter_told is False
        assert find_own(record_id, people["medarbetare"]).told_on is None

    def test_after_a_new_decision_they_are_told_anew(self, people):
        record_id = given_out(people)
        investigated(people, record_id, MARCH)
        decided(people, record_id, MARCH)
        for name in ("inform_person", "tell_reporter", "follow_up"):
            step("lex-sarah", record_id, name, people["ansvarig"], comment="Sagt")
        step("lex-sarah", record_id, "close", people["ansvarig"])
        step("lex-sarah", record_id, "reopen", people["ansvarig"], comment="Nya uppgifter")
        facts = facts_of(LEX_SARAH, stands(LEX_SARAH, record_id))
        assert (facts.person_informed, facts.reporter_told) == (False, False)
        assert find_own(record_id, people["medarbetare"]).told == "Sagt"  # what was said stays to be read


class TestDays:
    """What leads on does not lie before what led there."""

    def test_an_avvikelse_is_not_closed_before_it_was_investigated(self, people):
        record_id = reported("deviations")
        people["day"](date(2026, 3, 20))
        for name in ("receive", "investigate"):
            step("deviations", record_id, name, people["chef"])
        with writer():
            row = stands(DEVIATIONS, record_id)
            assess_deviation(row, row["version"], Finding(assessed(), ""), people["chef"], clock.now())
            db.session.commit()
        assert refused("deviations", record_id, "close", people["chef"], comment="Klart", day=date(2026, 3, 3)) == (
            "day", "2026-03-03 ligger före 2026-03-20, då förra steget togs. Rätta dagen."
        )  # fmt: skip
        step("deviations", record_id, "close", people["chef"], comment="Klart")
        assert stands(DEVIATIONS, record_id)["closed_on"] == date(2026, 3, 20)

    def test_what_is_noted_beside_may_lie_earlier(self, people):
        record_id = given_out(people)
        investigated(people, record_id, date(2026, 4, 10))
        step("lex-sarah", record_id, "inform_person", people["utredare"], comment="Ringde", day=date(2026, 3, 9))
        assert stands(LEX_SARAH, record_id)["state"] == "investigated"

    def test_a_synpunkt_was_answered_when_it_was_whenever_it_is_written_in(self, people):
        record_id = reported("complaints")
        people["day"](date(2026, 3, 20))
        step("complaints", record_id, "receive", people["chef"])
        step("complaints", record_id, "answer", people["chef"], comment="Svar", day=date(2026, 3, 9))
        assert stands(COMPLAINTS, record_id)["answered_on"] == date(2026, 3, 9)

    def test_what_became_a_lex_sarah_case_was_reported_when_the_employee_did_and_can_be_put_right(self, people):
        record_id = reported("deviations", happened_on=date(2026, 3, 1))
        people["day"](date(2026, 3, 5))
        for name in ("receive", "investigate"):
            step("deviations", record_id, name, people["chef"])
        people["day"](date(2026, 3, 20))
        step("deviations", record_id, "make_lex_sarah", people["chef"], comment="Det var värre")
        step("lex-sarah", record_id, "receive", people["ansvarig"])
        row = stands(LEX_SARAH, record_id)
        assert (row["reported_on"], row["received_on"]) == (MARCH, date(2026, 3, 20))
        with writer():
            said = {"unit_id": row["unit_id"], "law": "LSS"}
            at = (people["ansvarig"], clock.now(), clock.today())
            assert correct_case(LEX_SARAH, row, row["version"], said, "Fel lag", *at)
            db.session.commit()
        assert stands(LEX_SARAH, record_id)["law"] == "LSS"

    def test_an_avvikelse_was_not_reported_after_it_was_received(self, people):
        record_id = reported("deviations")
        step("deviations", record_id, "receive", people["chef"])
        people["day"](date(2026, 3, 18))
        row = stands(DEVIATIONS, record_id)
        said = {"unit_id": row["unit_id"], "reported_on": date(2026, 3, 18)}
        at = (people["chef"], clock.now(), clock.today())
        with pytest.raises(RuleViolation) as found:
            correct_case(DEVIATIONS, row, row["version"], said, "Fel dag", *at)
        assert (found.value.field, found.value.message) == (
            "rapporterad", "2026-03-18 ligger efter 2026-03-02, då nästa steg togs. Rätta dagen."
        )  # fmt: skip


def test_berom_is_promised_no_answer_and_what_was_answered_is_not_late(people):
    praise, answered, late = reported("complaints", kind="beröm"), reported("complaints"), reported("complaints")
    for record_id in (praise, answered, late):
        step("complaints", record_id, "receive", people["chef"])
    step("complaints", answered, "answer", people["chef"], comment="Svar")
    step("complaints", answered, "reopen", people["chef"], comment="Mer att säga")
    people["day"](date(2026, 3, 20))
    assert count_cases(COMPLAINTS, CaseFilter(Status.LATE), EVERY_RECORD, clock.today()) == 1
    people["day"](date(2026, 3, 10))
    assert count_cases(COMPLAINTS, CaseFilter(Status.SOON), EVERY_RECORD, clock.today()) == 1
    people["day"](date(2026, 3, 20))
    page = visitor(people, "chef").get("/synpunkter")
    marks = dict(zip(page.table("Synpunkter").column("Nummer"), page.table("Synpunkter").column("Status"), strict=True))
    assert marks["S-2026-0001"] == "○ Mottagen"
    assert marks["S-2026-0002"] == "○ Mottagen"
    assert "8 dagar försenad" in marks["S-2026-0003"]


def visitor(people, role):
    """Somebody of a role, signed in."""
    client = PageClient(people["app"])
    client.sign_in(f"{role}@kommun.example", PASSWORD)
    return client


class TestTooLate:
    """Somebody else has taken the case on: what was typed comes back in the answer."""

    def test_an_answer_to_what_another_has_answered_is_given_back(self, people):
        record_id = reported("complaints")
        step("complaints", record_id, "receive", people["chef"])
        client = visitor(people, "chef")
        client.get(f"/synpunkter/{record_id}/steg/besvara")
        step("complaints", record_id, "answer", people["chef"], comment="Först")
        page = client.submit({"comment": "Ett långt svar som tog en timme"}, form="version", status=409)
        assert "Ett långt svar som tog en timme" in page.text
        assert "Ärendet har kommit till ett annat läge." in page.text
        assert stands(COMPLAINTS, record_id)["state"] == "answered"

    def test_what_was_found_out_of_a_closed_avvikelse_is_given_back(self, people):
        record_id = reported("deviations")
        for name in ("receive", "investigate"):
            step("deviations", record_id, name, people["chef"])
        client = visitor(people, "chef")
        client.get(f"/avvikelser/{record_id}/utredning")
        step("deviations", record_id, "make_lex_sarah", people["chef"], comment="Det var värre")
        page = client.submit({"causes": "Larmet låg på ljudlöst"}, form="version", status=409)
        assert "Larmet låg på ljudlöst" in page.text

    def test_the_second_of_two_sees_what_the_first_found_out(self, people):
        record_id = reported("deviations")
        step("deviations", record_id, "receive", people["chef"])
        client = visitor(people, "chef")
        client.get(f"/avvikelser/{record_id}/utredning")
        with writer():
            row = stands(DEVIATIONS, record_id)
            found = Finding(assessed() | {"severity": 4}, "Larmet var trasigt")
            assess_deviation(row, row["version"], found, people["chef"], clock.now())
            db.session.commit()
        codes = {name.removesuffix("_id"): str(number) for name, number in assessed().items()}
        page = client.submit(codes | {"severity": "2", "causes": "Ingen hörde"}, form="version", status=409)
        assert page.heading.startswith("Utredning av avvikelse")
        now = page.text[page.text.index("Det som står nu") :]
        for said in ("Larmet var trasigt", "4 Katastrofalt"):
            assert said in now
        page = client.submit({}, form="version", status=None)
        assert stands(DEVIATIONS, record_id)["severity"] == 2


class TestTheDegree:
    """It can change as more is known, and IVO is told of it from then on."""

    def test_it_is_raised_while_the_case_is_investigated(self, people):
        record_id = given_out(people)  # given out straight from receipt: no degree yet
        step("lex-sarah", record_id, "reassess", people["ansvarig"], assessment=Assessment.RISK, motivation="Först")
        step("lex-sarah", record_id, "reassess", people["ansvarig"], assessment=Assessment.SERIOUS, motivation="Nu")
        row = stands(LEX_SARAH, record_id)
        assert (row["assessment"], row["state"], row["decided_on"]) == ("allvarligt", "investigating", None)


class TestIvoAnswers:
    """Only the answer that ends the matter ends it."""

    @pytest.mark.parametrize("answer", ["komplettering", "utreder"])
    def test_a_question_does_not_end_it(self, people, answer):
        record_id = given_out(people)
        step("lex-sarah", record_id, "notify_ivo", people["ansvarig"])
        given = {"comment": "Vi vill se rutinen", "other": {"ivo_answer": answer}}
        step("lex-sarah", record_id, "ivo_answers", people["ansvarig"], **given)
        row = stands(LEX_SARAH, record_id)
        assert (row["ivo_decided_on"], row["ivo_outcome"]) == (None, None)
        investigated(people, record_id, date(2026, 3, 9))
        step("lex-sarah", record_id, "supplement_ivo", people["ansvarig"])
        assert stands(LEX_SARAH, record_id)["ivo_investigation_sent_on"] == date(2026, 3, 9)

    def test_the_end_does_and_each_stands_in_the_history(self, people):
        record_id = given_out(people)
        step("lex-sarah", record_id, "notify_ivo", people["ansvarig"])
        for answer, comment in (("komplettering", "Rutinen"), ("avslutat", "Ingen åtgärd")):
            given = {"comment": comment, "other": {"ivo_answer": answer}}
            step("lex-sarah", record_id, "ivo_answers", people["ansvarig"], **given)
        row = stands(LEX_SARAH, record_id)
        assert (row["ivo_decided_on"], row["ivo_outcome"]) == (MARCH, "Ingen åtgärd")
        assert [one.comment for one in list_steps(record_id)][-2:] == [
            "IVO begär komplettering\nRutinen", "IVO avslutar ärendet\nIngen åtgärd",
        ]  # fmt: skip


def test_that_it_has_come_in_is_not_what_came_of_it(people):
    record_id = given_out(people)
    step("lex-sarah", record_id, "tell_reporter", people["ansvarig"], comment="Vi har tagit emot den")
    investigated(people, record_id, MARCH)
    decided(people, record_id, MARCH)
    assert facts_of(LEX_SARAH, stands(LEX_SARAH, record_id)).reporter_told is False
    step("lex-sarah", record_id, "tell_reporter", people["ansvarig"], comment="Larmen byts")
    assert facts_of(LEX_SARAH, stands(LEX_SARAH, record_id)).reporter_told is True


def test_a_case_with_an_open_action_is_not_handed_over(people):
    record_id = reported("lex-sarah")
    step("lex-sarah", record_id, "receive", people["ansvarig"])
    make_action(record_id, today=MARCH, decided_on=MARCH, due_on=date(2026, 4, 1))
    given = {"receiver_kind": "namnd", "receiver": "Region Norr", "sent_by": "post"}
    field, message = refused("lex-sarah", record_id, "hand_over", people["ansvarig"], comment="Där", other=given)
    assert (field, message) == (None, "En åtgärd är inte genomförd.")


def test_what_is_worked_with_does_not_stand_still(people):
    record_id, other = given_out(people), reported("deviations")
    step("deviations", other, "receive", people["chef"])
    people["day"](date(2026, 4, 20))
    with writer():
        save_heading(record_id, Section.CAUSES, 0, "Larmet", people["utredare"], clock.now())
        db.session.commit()
    with writer():
        row = stands(DEVIATIONS, other)
        assess_deviation(row, row["version"], Finding(assessed(), ""), people["chef"], clock.now())
        db.session.commit()
    for register in (LEX_SARAH, DEVIATIONS):
        assert count_cases(register, CaseFilter(Status.STILL), EVERY_RECORD, clock.today()) == 0


def test_an_anmalan_that_was_written_in_the_wrong_case_is_taken_back(people):
    record_id = given_out(people)
    step("lex-sarah", record_id, "notify_ivo", people["ansvarig"])
    with writer():
        row = stands(LEX_SARAH, record_id)
        at = (people["ansvarig"], clock.now(), clock.today())
        said = {"unit_id": row["unit_id"], "ivo_notified_on": None}
        assert correct_case(LEX_SARAH, row, row["version"], said, "Fel ärende", *at)
        db.session.commit()
    assert stands(LEX_SARAH, record_id)["ivo_notified_on"] is None
    assert "anmäldes till IVO 2 mars 2026 → inget" in list_steps(record_id)[-1].comment


def test_who_manages_the_unit_is_warned_before_the_case_is_assessed_or_handed_away(people):
    unit = db.session.get_one(Unit, unit_id_of("Vuxen"))
    with writer():
        give_role(db.session.get_one(User, people["ansvarig"]), Role.MANAGER, unit, clock.now(), MARCH)
        db.session.commit()
    record_id = reported("lex-sarah")
    step("lex-sarah", record_id, "receive", people["ansvarig"])
    given = {"assessment": Assessment.NONE, "motivation": "Inget"}
    field, message = refused("lex-sarah", record_id, "assess", people["ansvarig"], **given)
    assert (field, message.startswith("Risk för jäv: chef för enheten.")) == ("near", True)
    step("lex-sarah", record_id, "assess", people["ansvarig"], confirmed_near=True, **given)
    assert stands(LEX_SARAH, record_id)["assessment"] == "inget"
