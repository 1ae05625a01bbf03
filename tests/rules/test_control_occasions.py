"""What a frequency makes of the year, worked out by hand for 2026."""

from datetime import date

import pytest

from tracker.rules.control_occasions import Frequency, OccasionState, months_of, occasions_of, read_frequency, states_of

F, DONE, LATE, COMING = Frequency, OccasionState.DONE, OccasionState.LATE, OccasionState.COMING


@pytest.mark.parametrize(
    ("text", "frequency"),
    [
        ("löpande", F.CONTINUOUS), ("Löpande under året", F.CONTINUOUS), ("Kontinuerligt", F.CONTINUOUS),
        ("månad", F.MONTH), ("Varje månad", F.MONTH), ("månadsvis", F.MONTH), ("en gång i månaden", F.MONTH),
        ("1 gång/månad", F.MONTH), ("12 gånger per år", F.MONTH), ("tolv ggr/år", F.MONTH),
        ("kvartal", F.QUARTER), (" KVARTALSVIS. ", F.QUARTER), ("per kvartal", F.QUARTER), ("4 ggr per år", F.QUARTER),
        ("fyra gånger om året", F.QUARTER), ("varje  kvartal", F.QUARTER),
        ("tertial", F.TERTIAL), ("tertialvis", F.TERTIAL), ("3 gånger per år", F.TERTIAL),
        ("halvår", F.HALF_YEAR), ("varje halvår", F.HALF_YEAR), ("två gånger per år", F.HALF_YEAR),
        ("år", F.YEAR), ("Årligen", F.YEAR), ("1 gång per år", F.YEAR), ("en gång om året", F.YEAR),
        ("varje år", F.YEAR),
        (None, None), ("", None), ("vid behov", None), ("5 gånger per år", None), ("2 gånger per månad", None),
        ("kvartal 1", None), ("varannan månad", None), ("varje löpande", None), ("0 gånger per år", None),
    ],
)  # fmt: skip
def test_words_become_a_frequency_or_none(text, frequency):
    assert read_frequency(text) is frequency


def test_a_month_falls_due_its_last_day_or_the_next_working_day():
    found = [(occasion.period, occasion.due_on.isoformat()) for occasion in occasions_of(F.MONTH, 2026)]
    assert found == [
        ("2026-01", "2026-02-02"), ("2026-02", "2026-03-02"), ("2026-03", "2026-03-31"), ("2026-04", "2026-04-30"),
        ("2026-05", "2026-06-01"), ("2026-06", "2026-06-30"), ("2026-07", "2026-07-31"), ("2026-08", "2026-08-31"),
        ("2026-09", "2026-09-30"), ("2026-10", "2026-11-02"), ("2026-11", "2026-11-30"), ("2026-12", "2027-01-04"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("frequency", "expected"),
    [
        (F.QUARTER, [("2026-K1", "03-31"), ("2026-K2", "06-30"), ("2026-K3", "09-30"), ("2026-K4", "01-04")]),
        (F.TERTIAL, [("2026-T1", "04-30"), ("2026-T2", "08-31"), ("2026-T3", "01-04")]),
        (F.HALF_YEAR, [("2026-H1", "06-30"), ("2026-H2", "01-04")]),
        (F.YEAR, [("2026", "01-04")]),
        (F.CONTINUOUS, [("2026", "01-04")]),
    ],
)
def test_longer_periods_end_with_their_last_month(frequency, expected):
    found = [(occasion.period, f"{occasion.due_on:%m-%d}") for occasion in occasions_of(frequency, 2026)]
    assert found == expected


@pytest.mark.parametrize(
    ("period", "months"),
    [("2026", range(1, 13)), ("2026-03", [3]), ("2026-12", [12]), ("2026-K1", [1, 2, 3]), ("2026-K4", [10, 11, 12]),
     ("2026-T2", [5, 6, 7, 8]), ("2026-H2", range(7, 13))],
)  # fmt: skip
def test_a_period_spans_its_months(period, months):
    assert months_of(period) == set(months)


def states(frequency, periods, today, *, dropped=False):
    return [state for _, state in states_of(frequency, 2026, periods, date.fromisoformat(today), dropped=dropped)]


def test_an_occasion_is_late_the_day_after_it_falls_due():
    assert states(F.QUARTER, [], "2026-03-31") == [COMING] * 4
    assert states(F.QUARTER, [], "2026-04-01") == [LATE, COMING, COMING, COMING]
    assert states(F.QUARTER, [], "2027-01-04") == [LATE, LATE, LATE, COMING]
    assert states(F.QUARTER, [], "2027-01-05") == [LATE] * 4


@pytest.mark.parametrize(
    ("frequency", "periods", "expected"),
    [
        (F.QUARTER, ["2026-K2"], [LATE, DONE, LATE, LATE]),
        (F.QUARTER, ["2026-01", "2026-02"], [LATE] * 4),
        (F.QUARTER, ["2026-01", "2026-02", "2026-03"], [DONE, LATE, LATE, LATE]),
        (F.QUARTER, ["2026-H1"], [DONE, DONE, LATE, LATE]),
        (F.QUARTER, ["2026"], [DONE] * 4),
        (F.QUARTER, [None], [LATE] * 4),
        (F.YEAR, [None], [DONE]),
        (F.YEAR, ["2026-K1"], [LATE]),
        (F.YEAR, ["2026-H1", "2026-H2"], [DONE]),
        (F.CONTINUOUS, ["2026-05"], [DONE]),
        (F.CONTINUOUS, [None], [DONE]),
        (F.CONTINUOUS, [], [LATE]),
        (F.TERTIAL, ["2026-K1", "2026-04"], [DONE, LATE, LATE]),
    ],
)
def test_it_is_done_when_every_month_of_it_is_covered(frequency, periods, expected):
    assert states(frequency, periods, "2027-06-01") == expected


def test_of_what_is_not_carried_out_nothing_is_waited_for():
    assert states(F.HALF_YEAR, ["2026-H1"], "2027-06-01", dropped=True) == [DONE, OccasionState.DROPPED]
