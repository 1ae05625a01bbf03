"""Who sees the reporter of a report: a table by hand."""

import pytest

from tracker.rules.reporters import Reporting, may_see_reporter

REPORTER, RECEIVER, INVESTIGATOR, SUBJECT, OUTSIDER, REVIEWER = 1, 2, 3, 4, 5, 6
ORDINARY = Reporting(REPORTER, frozenset({RECEIVER}), frozenset({INVESTIGATOR}), frozenset({SUBJECT}))
ABOUT_THE_RECEIVER = Reporting(REPORTER, frozenset({RECEIVER}), frozenset({INVESTIGATOR}), frozenset({RECEIVER}))
ABOUT_THE_INVESTIGATOR = Reporting(
    REPORTER, frozenset({RECEIVER}), frozenset({INVESTIGATOR}), frozenset({INVESTIGATOR})
)
OWN_MISTAKE = Reporting(REPORTER, frozenset({RECEIVER}), frozenset(), frozenset({REPORTER}))
ANONYMOUS = Reporting(None, frozenset({RECEIVER}), frozenset({INVESTIGATOR}), frozenset({SUBJECT}))
EVERYBODY = (REPORTER, RECEIVER, INVESTIGATOR, SUBJECT, OUTSIDER, REVIEWER)


@pytest.mark.parametrize(
    ("report", "seen_by"),
    [
        (ORDINARY, {REPORTER, RECEIVER, INVESTIGATOR}),
        (ABOUT_THE_RECEIVER, {REPORTER, INVESTIGATOR}),
        (ABOUT_THE_INVESTIGATOR, {REPORTER, RECEIVER}),
        (OWN_MISTAKE, {REPORTER, RECEIVER}),
        (ANONYMOUS, set()),
        (Reporting(REPORTER), {REPORTER}),
    ],
)
def test_the_reporter_is_seen_by_those_who_need_it_and_nobody_else(report, seen_by):
    assert {reader for reader in EVERYBODY if may_see_reporter(reader, report)} == seen_by


@pytest.mark.parametrize("report", [ORDINARY, ABOUT_THE_RECEIVER, OWN_MISTAKE, ANONYMOUS])
def test_the_log_shows_the_reporter_to_nobody(report):
    assert not [reader for reader in EVERYBODY if may_see_reporter(reader, report, in_log=True)]
