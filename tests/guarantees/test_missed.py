"""A missed guarantee becomes one avvikelse, with its excess and its cause, linked both ways; the others wait."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.audit.trails import entries, verdict
from tests.cases.making import reported, step
from tests.cases.making import stands as case_stands
from tests.cases.office import CaseOffice
from tests.guarantees.making import cancelled, cause, done, ended, prolonged, registered_complaint, stands, started, who
from tests.guarantees.test_pages import rows
from tests.records.granting import version_of
from tracker import clock
from tracker.cases.missed import NEEDS_CAUSE, REGISTERED, find_miss, take_step_told
from tracker.cases.missed_models import MissedPromise
from tracker.cases.models import CaseReporter, Deviation
from tracker.cases.registers import COMPLAINTS
from tracker.cases.services import Given
from tracker.cases.texts import list_words
from tracker.database import db, writer
from tracker.guarantees.queries import guarantee_of
from tracker.guarantees.services import correct_occasion, register_late
from tracker.guarantees.work import count_unregistered, list_unregistered
from tracker.records.models import Record
from tracker.records.scope import EVERY_RECORD
from tracker.records.versions import StaleVersion
from tracker.rules.case_workflow import CaseStep
from tracker.rules.errors import RuleViolation

TODAY = date(2026, 6, 1)


def deviations():
    db.session.rollback()
    return list(db.session.scalars(select(Deviation).order_by(Deviation.record_id)))


def said(deviation):
    return [words.body for words in list_words(deviation.record_id)]


def waiting():
    return [(row.number, row.due_on, row.ended_on) for row in list_unregistered(EVERY_RECORD, EVERY_RECORD, TODAY)]


def corrected(record_id, by, cause_id=None, **told):
    row = stands(record_id)
    with writer():
        number = correct_occasion(
            guarantee_of(row.guarantee_id), row, row.version, told, cause_id, "Skrevs fel", who(by)
        )  # fmt: skip
        db.session.commit()
    return number


def registered(record_id, by, cause_id, seen=None):
    row = stands(record_id)
    with writer():
        number = register_late(guarantee_of(row.guarantee_id), row, seen or row.version, cause_id, who(by))
        db.session.commit()
    return number


class TestEndedTooLate:
    def test_it_becomes_an_avvikelse_that_tells_by_how_much_and_why(self, officer):
        # From Thursday 7 May: 8, 11, 12, 13, 15 (Ascension is on the 14th), 18, 19. Then 20, 21, 22.
        record_id = started("kontakt", date(2026, 5, 7), ref="SN 88")
        came = ended(record_id, date(2026, 5, 24), officer, cause())
        [found] = deviations()
        assert (came.deviation, found.ref) == ("A-2026-0001", "A-2026-0001")
        assert said(found) == [
            "Kontakt efter beslut att inleda utredning: sista dagen var 2026-05-19. Det blev klart 2026-05-24, "
            "3 arbetsdagar efter sista dagen. Referens: SN 88. Orsaksområde: Samverkan."
        ]
        assert (found.happened_on, found.reported_on, found.kind, found.law_area, found.cause_id, found.state) == (
            date(2026, 5, 20), TODAY, "händelse", None, cause(), "reported",
        )  # fmt: skip
        assert db.session.get_one(CaseReporter, found.record_id).user_id == officer
        miss = find_miss(record_id)
        assert (miss.deviation_id, miss.number, miss.righted_on) == (found.record_id, "A-2026-0001", None)
        assert stands(record_id).unit_id == found.unit_id
        assert verdict().whole

    def test_what_the_law_limits_is_of_sol(self, officer):
        done("barnutredning", date(2025, 10, 31), date(2026, 3, 2), officer, cause_id=cause())
        [found] = deviations()
        assert found.law_area == "SoL"
        assert "sista dagen var 2026-02-28. Det blev klart 2026-03-02, 2 dagar efter" in said(found)[0]

    def test_without_a_cause_nothing_is_written(self, officer):
        record_id = started("kontakt", date(2026, 5, 7))
        with pytest.raises(RuleViolation) as refused:
            ended(record_id, date(2026, 5, 20), officer)
        assert (refused.value.message, refused.value.field) == (NEEDS_CAUSE, "cause")
        assert (stands(record_id).days.ended_on, deviations()) == (None, [])
        with pytest.raises(RuleViolation):
            ended(record_id, date(2026, 5, 20), officer, 10**6)  # no cause of the list
        assert deviations() == []

    def test_a_prolonged_one_is_missed_by_its_prolonged_day(self, officer):
        record_id = started("forhandsbedomning", date(2026, 4, 1))
        prolonged(record_id, date(2026, 5, 1), date(2026, 4, 10), officer)
        ended(record_id, date(2026, 5, 1), officer)
        assert deviations() == []
        other = started("forhandsbedomning", date(2026, 4, 2))
        prolonged(other, date(2026, 5, 1), date(2026, 4, 10), officer)
        ended(other, date(2026, 5, 4), officer, cause())
        assert "3 dagar efter sista dagen" in said(deviations()[0])[0]


class TestOpenOnes:
    def test_they_stand_in_the_work_list_until_they_are_registered(self, officer):
        late = started("forhandsbedomning", date(2026, 5, 4))  # by 18 May
        started("forhandsbedomning", date(2026, 5, 18), ref="SN-2")  # by today
        gone = started("forhandsbedomning", date(2026, 4, 1), ref="SN-3")
        cancelled(gone, date(2026, 4, 2), officer)
        assert waiting() == [("G-2026-0001", date(2026, 5, 18), None)]
        assert registered(late, officer, cause()) == "A-2026-0001"
        assert said(deviations()[0]) == [
            "Förhandsbedömning: sista dagen var 2026-05-18. Den 2026-06-01 är det inte klart, 14 dagar efter sista "
            "dagen. Referens: SN-1. Orsaksområde: Samverkan."
        ]
        assert (waiting(), count_unregistered(EVERY_RECORD, None, TODAY)) == ([], 0)

    def test_no_more_are_counted_than_asked_for(self, officer):
        for number in (1, 2):
            started("forhandsbedomning", date(2026, 5, 4), ref=f"SN-{number}")
        assert [count_unregistered(EVERY_RECORD, None, TODAY, most) for most in (None, 1, 2, 3)] == [2, 1, 2, 2]

    def test_the_end_tells_the_avvikelse_anew_and_never_doubles_it(self, officer):
        record_id = started("forhandsbedomning", date(2026, 5, 4))
        registered(record_id, officer, cause())
        other = cause("Kompetens och utbildning")
        assert ended(record_id, date(2026, 5, 30), officer, other).deviation is None
        [found] = deviations()
        assert said(found)[1] == (
            "Förhandsbedömning: sista dagen var 2026-05-18. Det blev klart 2026-05-30, 12 dagar efter sista dagen. "
            "Referens: SN-1. Orsaksområde: Kompetens och utbildning."
        )
        assert (found.cause_id, find_miss(record_id).cause_id) == (other, other)

    def test_of_two_who_register_it_at_once_one_does(self, officer):
        record_id = started("forhandsbedomning", date(2026, 5, 4))
        seen = stands(record_id).version
        registered(record_id, officer, cause(), seen)
        with pytest.raises(StaleVersion):
            registered(record_id, officer, cause(), seen)
        with pytest.raises(RuleViolation) as refused:
            registered(record_id, officer, cause())
        assert refused.value.message == REGISTERED
        assert len(deviations()) == len(db.session.scalars(select(MissedPromise)).all()) == 1

    def test_one_that_is_not_late_is_no_avvikelse(self, officer):
        record_id = started("forhandsbedomning", date(2026, 5, 18))  # by today
        with pytest.raises(RuleViolation):
            registered(record_id, officer, cause())
        assert deviations() == []


class TestCorrected:
    def test_to_in_time_the_avvikelse_stays_and_both_pages_say_so(self, officer, person):
        record_id = done("forhandsbedomning", date(2026, 5, 4), date(2026, 5, 19), officer, cause_id=cause())
        assert corrected(record_id, officer, ended_on=date(2026, 5, 18)) is None
        [found] = deviations()
        assert said(found)[1].startswith(
            "Förhandsbedömning: sista dagen var 2026-05-18. Dagarna är rättade: det blev klart 2026-05-18, i tid."
        )
        assert find_miss(record_id).righted_on == TODAY
        lead = person("kvalitet")
        page = lead.get(f"/garantier/tillfallen/{record_id}")
        assert "Dagarna rättades 1 juni 2026, och garantin hölls. Avvikelsen A-2026-0001 står kvar." in page.text
        page = lead.get(f"/avvikelser/{found.record_id}")
        assert "Garanti G-2026-0001, vars tid den 1 juni 2026 inte längre var överskriden" in page.text
        assert corrected(record_id, officer, ended_on=date(2026, 5, 20)) is None  # late after all: the same avvikelse
        assert (len(deviations()), find_miss(record_id).righted_on) == (1, None)

    def test_to_too_late_it_asks_for_the_cause_and_becomes_one(self, officer):
        record_id = done("forhandsbedomning", date(2026, 5, 4), date(2026, 5, 18), officer)
        with pytest.raises(RuleViolation) as refused:
            corrected(record_id, officer, ended_on=date(2026, 5, 19))
        assert refused.value.field == "cause"
        assert corrected(record_id, officer, cause(), ended_on=date(2026, 5, 19)) == "A-2026-0001"
        assert len(deviations()) == 1


def answer(record_id, by, day=TODAY, cause_id=None):
    """Answers a synpunkt as its page does; gives the number of the avvikelse, or None."""
    given = Given(day, "Vi har ändrat rutinen", cause_id=cause_id)
    row = case_stands(COMPLAINTS, record_id)
    with writer():
        _, number = take_step_told(
            COMPLAINTS, row, version_of(record_id), CaseStep.ANSWER, given, by, clock.now(), clock.today()
        )
        db.session.commit()
    return number


class TestSynpunkter:
    """The days of a synpunkt that came on 20 May run out on the 30th."""

    def test_an_answer_on_the_last_day_is_no_avvikelse(self, complaint, officer):
        assert answer(complaint, officer, date(2026, 5, 30)) is None
        assert deviations() == []

    def test_a_late_answer_asks_why_and_becomes_one(self, complaint, officer):
        with pytest.raises(RuleViolation) as refused:
            answer(complaint, officer, date(2026, 5, 31))
        assert refused.value.field == "cause"
        assert case_stands(COMPLAINTS, complaint)["answered_on"] is None
        assert answer(complaint, officer, date(2026, 5, 31), cause()) == "A-2026-0001"
        assert said(deviations()[0]) == [
            "Svar på synpunkt eller klagomål: sista dagen var 2026-05-30. Det blev klart 2026-05-31, 1 dag efter sista "
            "dagen. Referens: S-2026-0001. Orsaksområde: Samverkan."
        ]
        assert find_miss(complaint).number == "A-2026-0001"

    def test_one_that_waits_is_registered_from_the_work_list_and_not_doubled_by_its_answer(self, complaint, officer):
        assert waiting() == [("S-2026-0001", date(2026, 5, 30), None)]
        registered_complaint(complaint, officer)
        assert waiting() == []
        assert answer(complaint, officer) is None
        [found] = deviations()
        assert "Det blev klart 2026-06-01, 2 dagar efter" in said(found)[1]

    def test_praise_is_promised_no_answer(self, officer):
        record_id = reported("complaints", received_on=date(2026, 5, 20), kind="beröm")
        step("complaints", record_id, "receive", officer)
        assert waiting() == []
        assert answer(record_id, officer) is None

    def test_a_late_one_from_a_file_waits_to_be_registered(self, app, tmp_path, officer):
        CaseOffice(app, tmp_path).imports(
            "complaints", "ref;enhet;typ;mottagen;besvarad\nS-1;Vuxen;klagomål;2026-03-02;2026-03-13\n"
            "S-2;Vuxen;klagomål;2026-03-02;2026-03-12\n",
        )  # fmt: skip
        assert (deviations(), waiting()) == ([], [("S-1", date(2026, 3, 12), date(2026, 3, 13))])

    def test_one_that_is_protected_is_not_named_by_its_avvikelse(self, complaint, officer):
        with writer():
            db.session.get_one(Record, complaint).access = "protected"
            db.session.commit()
        answer(complaint, officer, TODAY, cause())
        assert "Referens: en skyddad synpunkt." in said(deviations()[0])[0]

    def test_its_page_asks_why_and_shows_the_avvikelse(self, complaint, person):
        lead = person("kvalitet")
        lead.get(f"/synpunkter/{complaint}/steg/besvara")
        page = lead.submit({"comment": "Vi har ändrat rutinen"}, form="comment", status=422)
        assert NEEDS_CAUSE in page.text
        page = lead.submit({"cause": str(cause())}, form="comment")
        assert "Avvikelse A-2026-0001" in page.text
        [found] = deviations()
        page = lead.get(f"/avvikelser/{found.record_id}")
        assert "Synpunkt S-2026-0001" in page.text

    def test_its_page_asks_for_no_cause_in_time(self, officer, person):
        record_id = reported("complaints", received_on=TODAY - timedelta(days=10))
        step("complaints", record_id, "receive", officer)
        page = person("kvalitet").get(f"/synpunkter/{record_id}/steg/besvara")
        assert page.form("comment").find(".//select[@name='cause']") is None


def test_the_work_list_leads_to_each_and_holds_no_more_than_the_reader_sees(person, officer):
    mine = started("forhandsbedomning", date(2026, 5, 4))
    started("forhandsbedomning", date(2026, 5, 4), unit="Barn", ref="SN-2")
    complaint = reported("complaints", received_on=date(2026, 5, 1))
    chef = person("chef", "Vuxen")
    page = chef.get("/garantier/overskridna")
    assert [row[0] for row in rows(page)[1:]] == ["S-2026-0001", "G-2026-0001"]
    chef.get(f"/garantier/tillfallen/{mine}/avvikelse")
    page = chef.submit({"cause": ""}, form="cause", status=422)
    assert "Välj varför garantin inte hölls." in page.text
    page = chef.submit({"cause": str(cause())}, form="cause")
    assert "Det är registrerat som avvikelse A-2026-0001." in page.text
    chef.get(f"/garantier/synpunkter/{complaint}/avvikelse")
    page = chef.submit({"cause": str(cause())}, form="cause")
    assert "Avvikelse A-2026-0002" in page.text
    assert "Inget väntar" in chef.get("/garantier/overskridna").text
    assert "1 garanti vars" in person("handlaggare").get("/garantier/overskridna").text
    assert entries()[-1].action
