"""What a correction does to the days on which clocks count as reported, and to where the next report begins."""

from datetime import date

import pytest

from tests.decisions.asking import PREPARER, TODAY, begin, make_municipality, make_rows, say_right, visit
from tests.decisions.running import clock as only_clock
from tests.factories import make_decisions
from tests.frozen.locking import CUTOFF, PREVIOUS, Q4, document, lock
from tracker.accounts.queries import find_user
from tracker.database import db
from tracker.decisions.rounds import latest_round
from tracker.frozen.queries import list_versions
from tracker.reports.closing import period_of
from tracker.reports.locking import contents_of, key_of
from tracker.rules.errors import RuleViolation
from tracker.rules.quarters import Quarter

pytestmark = pytest.mark.usefixtures("quick_papers")

MISTAKEN = date(2022, 2, 10)


def days(ref):
    found = only_clock(ref)
    return found.first_reported_on, found.final_reported_on


def classes(period):
    db.session.rollback()
    return {row.ref: row.report_class.value for row in contents_of(period).rows}


class TestAnEarlierCutoff:
    """Locked with a cut-off that was too late, then corrected."""

    def test_the_next_report_begins_where_the_correction_ends(self, lead):
        make_decisions([{"ref": "MITT-I", "beslutsdatum": "2021-09-01", "verkstalld": "2022-02-05"}])
        lock(lead, 2021, 4, MISTAKEN, PREVIOUS)
        lock(lead, 2021, 4, CUTOFF, PREVIOUS, "fel avstämningsdatum")
        assert period_of(Quarter(2022, 1)).previous_on == CUTOFF

    def test_what_only_the_replaced_version_held_is_new_in_the_next(self, lead):
        make_decisions([{"ref": "SEN", "beslutsdatum": "2021-11-05"}, {"ref": "BÅDA", "beslutsdatum": "2021-09-01"}])
        lock(lead, 2021, 4, MISTAKEN, PREVIOUS)
        assert (days("SEN"), days("BÅDA")) == ((MISTAKEN, None), (MISTAKEN, None))
        lock(lead, 2021, 4, CUTOFF, PREVIOUS, "fel avstämningsdatum")
        assert (days("SEN"), days("BÅDA")) == ((None, None), (CUTOFF, None))
        assert classes(period_of(Quarter(2022, 1))) == {"SEN": "new", "BÅDA": "still_unexecuted"}

    def test_an_end_that_only_the_replaced_version_held_is_in_the_next(self, lead):
        make_decisions([{"ref": "MITT-I", "beslutsdatum": "2021-09-01", "verkstalld": "2022-02-05"}])
        lock(lead, 2021, 4, MISTAKEN, PREVIOUS)
        assert days("MITT-I") == (MISTAKEN, MISTAKEN)
        lock(lead, 2021, 4, CUTOFF, PREVIOUS, "fel avstämningsdatum")
        assert days("MITT-I") == (CUTOFF, None)
        assert classes(period_of(Quarter(2022, 1))) == {"MITT-I": "executed"}

    def test_a_later_one_is_refused_since_all_would_count_as_reported_before(self, lead):
        make_decisions([{"ref": "BÅDA", "beslutsdatum": "2021-09-01"}])
        lock(lead, 2021, 4, CUTOFF, PREVIOUS)
        with pytest.raises(RuleViolation) as refused:
            lock(lead, 2021, 4, MISTAKEN, PREVIOUS, "fel avstämningsdatum")
        db.session.rollback()
        assert (refused.value.code, len(list_versions(key_of(Q4)))) == ("later_cutoff", 1)


class TestOtherReports:
    def test_an_older_quarter_that_is_corrected_gives_back_the_newer_ones_day(self, lead):
        make_decisions([{"ref": "BÅDA", "beslutsdatum": "2021-08-01", "verkstalld": "2022-01-10"}])
        lock(lead, 2021, 4, CUTOFF, PREVIOUS)
        assert days("BÅDA") == (CUTOFF, CUTOFF)
        lock(lead, 2021, 3, date(2021, 12, 31), date(2021, 9, 30))
        assert days("BÅDA") == (date(2021, 12, 31), CUTOFF)
        lock(lead, 2021, 3, date(2021, 10, 31), date(2021, 9, 30), "fel avstämningsdatum")
        assert days("BÅDA") == (CUTOFF, CUTOFF)

    def test_of_two_quarters_with_the_same_cutoff_one_that_is_corrected_leaves_the_others_day(self, lead):
        make_decisions([{"ref": "BÅDA", "beslutsdatum": "2021-08-01"}])
        lock(lead, 2021, 3, CUTOFF, PREVIOUS)
        lock(lead, 2021, 4, CUTOFF, PREVIOUS)
        make_decisions([{"ref": "BÅDA", "beslutsdatum": "2021-12-01"}])  # was wrong: within its three months
        lock(lead, 2021, 3, CUTOFF, PREVIOUS, "fel beslutsdatum")
        assert days("BÅDA") == (CUTOFF, None)
        lock(lead, 2021, 4, CUTOFF, PREVIOUS, "fel beslutsdatum")
        assert days("BÅDA") == (None, None)

    def test_what_was_reported_before_its_time_stays_so(self, lead):
        make_decisions(
            [{"ref": "FÖRTID", "beslutsdatum": "2021-08-01", "verkstalld": "2022-02-05",
              "forst_rapporterad": "2021-10-31", "slutrapporterad": "2022-01-31"}]
        )  # fmt: skip
        version = lock(lead, 2021, 4, CUTOFF, PREVIOUS)
        assert [row["class"] for row in document(version)["rows"]] == ["still_unexecuted"]
        assert days("FÖRTID") == (date(2021, 10, 31), CUTOFF)
        assert classes(period_of(Quarter(2022, 1))) == {}


class TestDaysThatCannotBe:
    def test_a_quarter_that_is_not_over_is_not_locked(self, lead):
        make_decisions([{"ref": "NY", "beslutsdatum": "2021-09-01"}])
        with pytest.raises(RuleViolation) as refused:
            lock(lead, 2022, 1)
        db.session.rollback()
        assert (refused.value.code, refused.value.field) == ("cutoff_ahead", "avstamning")
        assert days("NY") == (None, None)


class TestRounds:
    def test_that_a_report_is_locked_answers_nothing_in_a_round(self, app, frozen_day):
        frozen_day(TODAY)
        make_municipality()
        make_rows(*({"ref": f"A-{n}", "handlaggare": "Ali Alm"} for n in (1, 2, 3)))
        begin()
        ali = visit(app, "ali.alm")
        say_right(ali, ali.get("/beslut/uppdatering"), "A-1")
        make_rows({"ref": "A-2", "skal": "Enskild nås inte"})
        before = latest_round(Q4, TODAY)
        assert (before.confirmed, before.mended, before.missing_count) == (1, 1, 1)
        lock(find_user(PREPARER).id, 2021, 4)
        after = latest_round(Q4, TODAY)
        assert (after.confirmed, after.mended, after.missing_count) == (1, 1, 1)
