"""When what was missed is not exceeded after all, the avvikelse that it became stays, and both pages say so."""

from datetime import date

import pytest

from tests.cases.clearing import clear, keep
from tests.cases.making import reported, stands, step
from tests.cases.test_correcting import correct
from tests.guarantees.making import cause
from tests.guarantees.test_missed import answer, deviations, said
from tracker import clock
from tracker.cases.missed import find_miss, register_complaint
from tracker.cases.registers import COMPLAINTS, DEVIATIONS
from tracker.database import db, writer

TODAY = date(2026, 6, 1)


class TestSynpunkter:
    """The days of a synpunkt that came on 20 May run out on the 30th."""

    @pytest.fixture
    def complaint(self, officer):
        record_id = reported("complaints", received_on=date(2026, 5, 20))
        step("complaints", record_id, "receive", officer)
        return record_id

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
        with writer():
            row = stands(COMPLAINTS, other)
            register_complaint(row, row["version"], cause(), officer, clock.now(), TODAY)
            db.session.commit()
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
        correct(COMPLAINTS, complaint, officer, answered_on=date(2026, 5, 30))
        assert said(deviations()[0]) == []
        assert find_miss(complaint).righted_on == date(2026, 7, 2)
