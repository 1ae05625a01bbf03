"""How a row of an update round stands, by the versions of its decision."""

import pytest

from tracker.rules.update_rounds import Answer, answer_of


@pytest.mark.parametrize(
    ("asked", "confirmed", "now", "answer"),
    [
        (3, None, 3, Answer.MISSING),
        (3, 3, 3, Answer.CONFIRMED),
        (3, None, 4, Answer.MENDED),
        (3, 3, 4, Answer.MENDED),
        (3, 4, 4, Answer.CONFIRMED),
        (3, 4, 5, Answer.MENDED),
        (3, None, None, Answer.MENDED),
        (3, 3, None, Answer.MENDED),
    ],
)
def test_a_row_is_right_mended_or_missing(asked, confirmed, now, answer):
    assert answer_of(asked, confirmed, now) is answer
