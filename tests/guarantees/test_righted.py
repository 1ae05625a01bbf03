"""When what was missed is not exceeded after all, the avvikelse that it became stays, and both pages say so."""

from datetime import date

import pytest

from tests.audit.trails import entries
from tests.cases.clearing import clear, keep
from tests.cases.making import reported, step
from tests.cases.test_correcting import correct
from tests.guarantees.making import cause, ended, prolonged, registered_complaint, started
from tests.guarantees.test_missed import answer, corrected, deviations, registered, said
from tracker.cases.missed import REGISTERED, find_miss
from tracker.cases.registers import COMPLAINTS, DEVIATIONS
from tracker.database import db, writer
from tracker.guarantees.work import list_unregistered
from tracker.records.scope import EVERY_RECORD
from tracker.rules.errors import RuleViolation

TODAY = date(2026, 6, 1)


class TestSynpunkter:
    """The days of a synpunkt that came on 20 May run out on the 30th."""

    def test_an_answer_that_is_corrected_to_in_time_is_told_on_both_pages(self, complaint, officer, person):
        answer(complaint, officer, date(2026, 5, 31), cause())
        assert correct(COMPLAINTS, complaint, officer, answered_on=date(2026, 5, 30))
        [found] = deviations()
        assert said(found)[1] == (
            "Svar på synpunkt eller klagomål: sista dagen var 2026-05-30. Dagarna är rättade: det blev klart "
            "2026-05-30, i tid. Referens: S-2026-0001. Orsaksområde: Samverkan."
        )
        assert find_miss(complaint).righted_on == TODAY
        lead = person("kvalitet")
        page = lead.get(f"/avvikelser/{found.record_id}")
        assert "Synpunkt S-2026-0001, vars tid den 1 juni 2026 inte längre var överskriden" in page.text
        page = lead.get(f"/synpunkter/{complaint}")
        assert "A-2026-0001, som står kvar fast tiden den 1 juni 2026 inte längre var överskriden" in page.text

    def test_and_late_again_it_says_by_how_much(self, complaint, officer, person):
        answer(complaint, officer, date(2026, 5, 31), cause())
        correct(COMPLAINTS, complaint, officer, answered_on=date(2026, 5, 30))
        correct(COMPLAINTS, complaint, officer, answered_on=date(2026, 6, 1))
        [found] = deviations()
        assert "Det blev klart 2026-06-01, 2 dagar efter sista dagen." in said(found)[2]
        assert find_miss(complaint).righted_on is None
        page = person("kvalitet").get(f"/synpunkter/{complaint}")
        assert ("Avvikelse A-2026-0001" in page.text, "inte längre" in page.text) == (True, False)

    def test_the_day_it_came_counts_too(self, complaint, officer):
        answer(complaint, officer, date(2026, 5, 31), cause())
        correct(COMPLAINTS, complaint, officer, received_on=date(2026, 5, 19))
        assert "sista dagen var 2026-05-29. Det blev klart 2026-05-31, 2 dagar efter" in said(deviations()[0])[1]
        correct(COMPLAINTS, complaint, officer, received_on=date(2026, 5, 20))
        assert "sista dagen var 2026-05-30. Det blev klart 2026-05-31, 1 dag efter" in said(deviations()[0])[2]

    def test_what_has_become_no_avvikelse_and_other_corrections_write_nothing(self, complaint, officer):
        answer(complaint, officer, date(2026, 5, 30))
        correct(COMPLAINTS, complaint, officer, answered_on=date(2026, 5, 29))
        assert deviations() == []
        other = reported("complaints", received_on=date(2026, 5, 20))
        registered_complaint(other, officer)
        correct(COMPLAINTS, other, officer, kind="synpunkt")
        assert len(said(deviations()[0])) == 1

    def test_nothing_is_written_anew_in_an_avvikelse_that_has_been_gallrat(self, complaint, officer, day):
        answer(complaint, officer, date(2026, 5, 31), cause())
        [found] = deviations()
        with writer():
            found.state, found.is_open, found.closed_on = "closed", False, TODAY
            db.session.commit()
        keep(deviation=1)
        day(date(2026, 7, 2))
        assert clear(DEVIATIONS, officer) == 1
        noted = len(entries())
        correct(COMPLAINTS, complaint, officer, answered_on=date(2026, 5, 30))
        assert said(deviations()[0]) == []
        assert [entry.record_id for entry in entries()[noted:]] == [complaint]
        assert find_miss(complaint).righted_on == date(2026, 7, 2)

    def test_nor_of_an_occasion_that_is_corrected(self, officer, day):
        investigation = started("barnutredning", date(2026, 1, 15))
        ended(investigation, date(2026, 5, 20), officer, cause())
        [found] = deviations()
        with writer():
            found.state, found.is_open, found.closed_on = "closed", False, TODAY
            db.session.commit()
        keep(deviation=1)
        day(date(2026, 7, 2))
        assert clear(DEVIATIONS, officer) == 1
        noted = len(entries())
        corrected(investigation, officer, cause("Kommunikation och information"), ended_on=date(2026, 5, 21))
        assert said(deviations()[0]) == []
        assert [entry.record_id for entry in entries()[noted:]] == [investigation]

    def test_what_has_become_a_lex_sarah_rapport_is_told_nothing_more(self, complaint, officer):
        answer(complaint, officer, date(2026, 5, 31), cause())
        [found] = deviations()
        step("deviations", found.record_id, "receive", officer)
        step("deviations", found.record_id, "make_lex_sarah", officer, comment="Kan vara ett missförhållande")
        noted = len(entries())
        answered = said(found)
        correct(COMPLAINTS, complaint, officer, answered_on=date(2026, 5, 30))
        assert said(deviations()[0]) == answered
        assert [entry.record_id for entry in entries()[noted:]] == [complaint]
        assert find_miss(complaint).righted_on == TODAY


class TestRunning:
    """What runs and was registered as late may be given a later last day, and run out once more."""

    @pytest.fixture
    def investigation(self, officer):
        """A barnutredning from 15 January, by 15 May; registered as avvikelse on 1 June."""
        record_id = started("barnutredning", date(2026, 1, 15))
        assert registered(record_id, officer, cause()) == "A-2026-0001"
        return record_id

    def test_one_that_is_prolonged_is_not_exceeded_any_longer_and_both_pages_say_so(
        self, investigation, officer, person
    ):
        prolonged(investigation, date(2026, 7, 15), date(2026, 5, 10), officer)
        [found] = deviations()
        assert said(found)[1] == (
            "Barnutredning: sista dagen är 2026-07-15. Den 2026-06-01 är det inte längre överskridet: tiden är "
            "förlängd genom ett beslut 2026-05-10. Referens: SN-1. Orsaksområde: Samverkan."
        )
        assert find_miss(investigation).righted_on == TODAY
        lead = person("kvalitet")
        page = lead.get(f"/garantier/tillfallen/{investigation}")
        assert "Tiden är inte längre överskriden. En senare sista dag skrevs in 1 juni 2026." in page.text
        assert "Avvikelsen A-2026-0001 står kvar." in page.text
        page = lead.get(f"/avvikelser/{found.record_id}")
        assert "Garanti G-2026-0001, vars tid den 1 juni 2026 inte längre var överskriden" in page.text

    def test_one_that_is_prolonged_too_little_is_late_by_less(self, investigation, officer):
        prolonged(investigation, date(2026, 5, 31), date(2026, 5, 10), officer)
        assert "sista dagen var 2026-05-31. Den 2026-06-01 är det inte klart, 1 dag efter" in said(deviations()[0])[1]
        assert find_miss(investigation).righted_on is None

    def test_and_ended_in_time_it_says_how(self, investigation, officer, person):
        prolonged(investigation, date(2026, 6, 1), date(2026, 5, 10), officer)
        ended(investigation, TODAY, officer)
        assert said(deviations()[0])[2].startswith(
            "Barnutredning: sista dagen var 2026-06-01. Tiden är förlängd genom ett beslut 2026-05-10: det blev klart "
            "2026-06-01, i tid."
        )
        page = person("kvalitet").get(f"/garantier/tillfallen/{investigation}")
        assert "Tiden förlängdes, och garantin hölls. Avvikelsen A-2026-0001 står kvar." in page.text

    def test_when_the_later_day_has_passed_it_waits_to_be_told_again(self, investigation, officer, person, day):
        prolonged(investigation, date(2026, 7, 15), date(2026, 5, 10), officer)
        for today, waiting in ((date(2026, 7, 15), []), (date(2026, 7, 16), ["G-2026-0001"])):
            day(today)
            assert [row.number for row in list_unregistered(EVERY_RECORD, None, today)] == waiting
        lead = person("kvalitet")
        page = lead.get(f"/garantier/tillfallen/{investigation}")
        assert "Garantin är överskriden igen, och avvikelsen A-2026-0001 säger det inte än." in page.text
        assert "står kvar" not in page.text
        assert registered(investigation, officer, cause()) == "A-2026-0001"
        [found] = deviations()
        assert "sista dagen var 2026-07-15. Den 2026-07-16 är det inte klart, 1 dag efter" in said(found)[2]
        assert find_miss(investigation).righted_on is None
        assert list_unregistered(EVERY_RECORD, None, date(2026, 7, 16)) == []
        with pytest.raises(RuleViolation) as refused:
            registered(investigation, officer, cause())
        assert refused.value.message == REGISTERED

    def test_one_whose_start_is_corrected_is_not_late_and_then_late_again(self, officer):
        record_id = started("forhandsbedomning", date(2026, 5, 4))
        registered(record_id, officer, cause())
        corrected(record_id, officer, started_on=date(2026, 5, 18))  # by today
        [found] = deviations()
        assert said(found)[1].startswith(
            "Förhandsbedömning: sista dagen är 2026-06-01. Den 2026-06-01 är det inte längre överskridet: dagarna är "
            "rättade."
        )
        assert find_miss(record_id).righted_on == TODAY
        corrected(record_id, officer, started_on=date(2026, 5, 17))
        assert "sista dagen var 2026-05-31. Den 2026-06-01 är det inte klart, 1 dag efter" in said(found)[2]
        assert find_miss(record_id).righted_on is None

    def test_a_synpunkt_that_came_later_is_not_late_and_then_late_again(self, complaint, officer):
        registered_complaint(complaint, officer)
        correct(COMPLAINTS, complaint, officer, received_on=date(2026, 5, 22))
        [found] = deviations()
        assert "sista dagen är 2026-06-01. Den 2026-06-01 är det inte längre överskridet: dagarna" in said(found)[1]
        assert find_miss(complaint).righted_on == TODAY
        correct(COMPLAINTS, complaint, officer, received_on=date(2026, 5, 21))
        assert "sista dagen var 2026-05-31. Den 2026-06-01 är det inte klart, 1 dag efter" in said(found)[2]
        assert find_miss(complaint).righted_on is None

    def test_a_synpunkt_that_is_not_late_any_longer_is_answered_in_time(self, complaint, officer):
        registered_complaint(complaint, officer)
        correct(COMPLAINTS, complaint, officer, received_on=date(2026, 5, 22))
        assert answer(complaint, officer) is None
        [found] = deviations()
        assert "sista dagen var 2026-06-01. Dagarna är rättade: det blev klart 2026-06-01, i tid." in said(found)[2]
