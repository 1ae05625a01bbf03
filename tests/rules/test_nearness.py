"""Who stands too near a case, by hand."""

import pytest

from tracker.rules.nearness import Near, Nearness, nearness, written_down

M, C, V, R = Nearness.MANAGES, Nearness.CONCERNED, Nearness.INVESTIGATED, Nearness.REPORTED
NEAR = Near(frozenset({7, 8}), frozenset({8, 9}), frozenset({5, 7}), 3)


@pytest.mark.parametrize(
    ("person", "investigating", "deciding"),
    [
        (1, (), ()),
        (3, (R,), (R,)),
        (5, (), (V,)),
        (7, (M,), (M, V)),
        (8, (M, C), (M, C)),
        (9, (C,), (C,)),
    ],
)
def test_each_ground_is_found(person, investigating, deciding):
    assert nearness(person, NEAR, deciding=False) == investigating
    assert nearness(person, NEAR, deciding=True) == deciding


def test_a_reporter_is_no_ground_for_who_may_not_know_of_it():
    assert nearness(3, Near(reporter=None), deciding=True) == ()


def test_that_somebody_reported_is_never_written_down():
    assert written_down((M, R)) == (M,)
    assert written_down((R,)) == ()
