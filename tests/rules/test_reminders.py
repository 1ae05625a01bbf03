"""On which days is somebody reminded? Worked out by hand around every boundary."""

from datetime import UTC, date, datetime

import pytest

from tracker.rules.reminders import (
    Often,
    Reason,
    Subject,
    action_points,
    clock_points,
    complaint_points,
    key_of,
    looked_back_to,
    may_mail,
    moment_points,
    next_try,
    standing,
    start_points,
    supplement_points,
    target_points,
)


def day(text: str) -> date:
    return date.fromisoformat(text)


def told(points, today: str, since: str | None = None):
    """(reason, day) of what stands; `since`: else the day itself."""
    found = standing(points, day(today), day(since or today))
    return found and (found.reason.value, str(found.day))


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        ("2026-01-28", None),
        ("2026-01-29", ("30-dagar", "2026-01-29")),
        ("2026-02-20", ("30-dagar", "2026-01-29")),
        ("2026-02-21", ("7-dagar", "2026-02-21")),
        ("2026-02-28", ("7-dagar", "2026-02-21")),
        ("2026-03-01", ("rapporteringspliktig", "2026-03-01")),
        ("2026-03-02", None),
    ],
)
def test_a_clock_that_is_due_on_28_february(today, expected):
    assert told(clock_points(day("2026-02-28")), today) == expected


def test_what_fell_while_nothing_ran_is_told_the_latest_alone():
    points = clock_points(day("2026-02-28"))
    assert told(points, "2026-03-20", since="2026-03-01") == ("rapporteringspliktig", "2026-03-01")
    assert told(points, "2026-03-20", since="2026-03-02") is None


@pytest.mark.parametrize(
    ("today", "received", "expected"),
    [
        ("2026-03-02", False, ("rapport-inkommen", "2026-03-02")),
        ("2026-03-02", True, None),
        ("2026-03-03", True, ("ej-borjad-1", "2026-03-03")),
        ("2026-03-04", False, None),
        ("2026-03-05", False, ("ej-borjad-3", "2026-03-05")),
        ("2026-03-06", True, None),
    ],
)
def test_a_report_that_came_on_2_march(today, received, expected):
    assert told(start_points(day("2026-03-02"), received=received), today) == expected


@pytest.mark.parametrize("points_of", [target_points, supplement_points])
@pytest.mark.parametrize(
    ("today", "fell"),
    [
        ("2026-04-15", None),
        ("2026-04-16", "2026-04-16"),
        ("2026-04-26", "2026-04-16"),
        ("2026-04-27", "2026-04-27"),
        ("2026-04-30", "2026-04-27"),
        ("2026-05-01", None),
    ],
)
def test_fourteen_and_three_days_before_30_april(points_of, today, fell):
    found = told(points_of(day("2026-04-30")), today)
    assert (found and found[1]) == fell


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        ("2026-03-16", None),
        ("2026-03-17", "moment-14"),
        ("2026-03-30", "moment-14"),
        ("2026-03-31", "moment-i-dag"),
        ("2026-04-01", None),
        ("2026-04-07", "moment-sent"),
        ("2026-04-08", None),
    ],
)
def test_a_kontrollmoment_that_is_due_on_31_march(today, expected):
    found = told(moment_points(day("2026-03-31")), today)
    assert (found and found[0]) == expected


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        ("2026-03-08", None),
        ("2026-03-09", ("svar-3", "2026-03-09")),
        ("2026-03-11", ("svar-3", "2026-03-09")),
        ("2026-03-12", ("svar-i-dag", "2026-03-12")),
        ("2026-03-13", None),
    ],
)
def test_a_synpunkt_that_came_on_2_march_on_day_7_and_10(today, expected):
    assert told(complaint_points(day("2026-03-12")), today) == expected


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        ("2026-02-23", None),
        ("2026-02-24", ("atgard-14", "2026-02-24")),
        ("2026-03-10", ("atgard-14", "2026-02-24")),
        ("2026-03-11", ("atgard-sen", "2026-03-11")),
        ("2026-03-17", ("atgard-sen", "2026-03-11")),
        ("2026-03-18", ("atgard-sen", "2026-03-18")),
        ("2026-04-01", ("atgard-sen", "2026-04-01")),
    ],
)
def test_an_action_that_is_due_on_10_march(today, expected):
    points = action_points(day("2026-03-10"), day(today))
    assert told(points, today, since=str(looked_back_to(None, day(today)))) == expected


def test_the_first_run_looks_back_a_week_and_a_later_one_to_the_one_before_it():
    today = day("2026-03-10")
    assert looked_back_to(None, today) == day("2026-03-04")
    assert looked_back_to(day("2026-03-09"), today) == day("2026-03-04")
    assert looked_back_to(day("2026-02-01"), today) == day("2026-02-01")


def test_another_last_day_is_another_reminder():
    first, second = (action_points(day(due), day("2026-03-01"))[0] for due in ("2026-03-10", "2026-03-12"))
    assert first.reason is Reason.ACTION_14
    assert key_of(Subject.ACTION, "12", first) == "action:12:atgard-14:2026-02-24"
    assert key_of(Subject.ACTION, "12", second) == "action:12:atgard-14:2026-02-26"


@pytest.mark.parametrize(
    ("often", "last", "expected"),
    [
        (Often.AT_ONCE, "2026-03-09", True),
        (Often.DAILY, None, True),
        (Often.DAILY, "2026-03-08", True),
        (Often.DAILY, "2026-03-09", False),
        (Often.WEEKLY, None, True),
        (Often.WEEKLY, "2026-03-08", True),  # the Sunday before Monday the 9th
        (Often.WEEKLY, "2026-03-09", False),
        (Often.NEVER, None, False),
    ],
)
def test_who_gets_mail_on_monday_9_march(often, last, expected):
    assert may_mail(often, last and day(last), day("2026-03-09")) is expected


def test_a_week_goes_over_the_turn_of_the_year():
    # Thursday 2026-12-31 and Friday 2027-01-01 are in week 53 of 2026; Monday the 4th begins week 1.
    assert not may_mail(Often.WEEKLY, day("2026-12-31"), day("2027-01-01"))
    assert may_mail(Often.WEEKLY, day("2026-12-31"), day("2027-01-04"))


@pytest.mark.parametrize(("tries", "minutes"), [(1, 10), (2, 20), (3, 40), (6, 320), (7, 360), (99, 360)])
def test_each_try_waits_longer_up_to_six_hours(tries, minutes):
    now = datetime(2026, 3, 9, 6, tzinfo=UTC)
    assert (next_try(tries, now) - now).total_seconds() == minutes * 60
