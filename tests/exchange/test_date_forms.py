"""What does a text mean as a day, in each form? Worked out by hand; nothing is read that is no day."""

from datetime import date

import pytest

from tracker.exchange.date_forms import DateForm, as_day, needs_form, offer_forms, read_day
from tracker.exchange.errors import BadCell

AUGUST_3 = date(2021, 8, 3)


@pytest.mark.parametrize(
    ("form", "text", "day"),
    [
        (DateForm.ISO, "2021-08-03", AUGUST_3),
        (DateForm.ISO, "2021-8-3", None),
        (DateForm.TIMED, "2021-08-03 00:00:00", AUGUST_3),
        (DateForm.TIMED, "2021-08-03T13:45", AUGUST_3),
        (DateForm.COMPACT, "20210803", AUGUST_3),
        (DateForm.COMPACT, "20210832", None),
        (DateForm.COMPACT, "210803", None),
        (DateForm.SHORT, "210803", AUGUST_3),
        (DateForm.SHORT, "000229", date(2000, 2, 29)),
        (DateForm.SHORT, "010229", None),
        (DateForm.SHORT, "991231", date(2099, 12, 31)),
        (DateForm.SHORT_PARTS, "21-08-03", AUGUST_3),
        (DateForm.SHORT_PARTS, "21/8 3", AUGUST_3),
        (DateForm.YEAR_FIRST, "2021/8/3", AUGUST_3),
        (DateForm.YEAR_FIRST, "2021.08.03", AUGUST_3),
        (DateForm.DAY_FIRST, "3/8 2021", AUGUST_3),
        (DateForm.DAY_FIRST, "3/8-2021", AUGUST_3),
        (DateForm.DAY_FIRST, "03.08.2021", AUGUST_3),
        (DateForm.DAY_FIRST, "3. 8. 2021", AUGUST_3),
        (DateForm.DAY_FIRST, "31/4 2021", None),
        (DateForm.DAY_FIRST, "8/13/2021", None),
        (DateForm.DAY_FIRST_SHORT, "3/8-21", AUGUST_3),
        (DateForm.DAY_FIRST_SHORT, "3/8 21", AUGUST_3),
        (DateForm.MONTH_FIRST, "8/3/2021", AUGUST_3),
        (DateForm.MONTH_FIRST, "3/8/2021", date(2021, 3, 8)),
        (DateForm.MONTH_FIRST_SHORT, "8/3/21", AUGUST_3),
        (DateForm.WORDS, "3 augusti 2021", AUGUST_3),
        (DateForm.WORDS, "den 3:e aug. 2021", AUGUST_3),
        (DateForm.WORDS, "3 Aug 21", AUGUST_3),
        (DateForm.WORDS, "3 ma 2021", None),
        (DateForm.WORDS, "3 mar 2021", date(2021, 3, 3)),
        (DateForm.WORDS, "3 maj 2021", date(2021, 5, 3)),
        (DateForm.SERIAL, "44411", AUGUST_3),
        (DateForm.SERIAL, "99999", None),  # 2173: beyond the years that are read
        (DateForm.SHORT, "٢١٠٨٠٣", None),
        (DateForm.COMPACT, "18991231", None),
    ],
)
def test_a_text_means_a_day_in_its_form_or_none(form, text, day):
    assert read_day(form, text) == day


@pytest.mark.parametrize("form", list(DateForm))
def test_what_is_plain_is_read_whatever_the_form(form):
    assert read_day(form, "2021-08-03") == AUGUST_3


def test_a_column_of_plain_days_needs_no_form():
    assert not needs_form(["2021-08-03", AUGUST_3, "-", ""])
    assert needs_form(["2021-08-03", "210803"])


def test_what_could_be_both_day_and_month_is_offered_both_ways():
    offers = offer_forms(["3/8/2021", "4/5/2021"])
    assert [(offer.form, offer.read, offer.unread) for offer in offers] == [
        (DateForm.DAY_FIRST, 2, 0),
        (DateForm.MONTH_FIRST, 2, 0),
    ]
    assert ("3/8/2021", date(2021, 8, 3)) in offers[0].examples
    assert ("3/8/2021", date(2021, 3, 8)) in offers[1].examples


def test_the_form_that_reads_more_comes_first_and_what_it_does_not_read_is_shown():
    offers = offer_forms(["13/8/2021", "3/8/2021", "oklart"])
    assert [(offer.form, offer.read, offer.unread) for offer in offers] == [
        (DateForm.DAY_FIRST, 2, 1),
        (DateForm.MONTH_FIRST, 1, 2),
    ]
    assert offers[0].examples == (("13/8/2021", date(2021, 8, 13)), ("3/8/2021", AUGUST_3), ("oklart", None))


def test_no_form_is_offered_for_what_none_reads():
    assert offer_forms(["snart", "2021-08-03"]) == []


def test_a_cell_is_converted_and_marks_and_days_pass():
    assert as_day("210803", DateForm.SHORT) == AUGUST_3
    assert as_day(AUGUST_3, DateForm.SHORT) == AUGUST_3
    assert [as_day(cell, DateForm.SHORT) for cell in ("", "-")] == ["", "-"]
    with pytest.raises(BadCell, match='"210832" är inget datum skrivet som 210803'):
        as_day("210832", DateForm.SHORT)
