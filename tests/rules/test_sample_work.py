"""What may be done with a stickprov at each of its states, and what its items come to."""

import pytest

from tracker.rules import sample_work
from tracker.rules.errors import RuleViolation
from tracker.rules.sample_work import Figures, SampleState, Verdict, figures_of, read_criteria

APPROVED, DEVIATING, DROPOUT = Verdict.APPROVED, Verdict.DEVIATING, Verdict.DROPOUT
LOCKED, DRAWN, PROPOSED, ACCEPTED, RETURNED = SampleState


def allowed(check, *arguments) -> bool:
    try:
        check(*arguments)
    except RuleViolation:
        return False
    return True


@pytest.mark.parametrize(
    ("verdicts", "figures"),
    [
        ([], Figures(0, 0, 0)),
        ([None, None], Figures(2, 0, 0)),
        ([DROPOUT, DROPOUT], Figures(2, 2, 0)),
        ([*[APPROVED] * 8, DEVIATING, DEVIATING, DROPOUT], Figures(11, 1, 2)),
    ],
)
def test_figures_are_counted(verdicts, figures):
    assert figures_of(verdicts) == figures


@pytest.mark.parametrize(
    ("state", "drawable", "at_work", "proposable", "decidable"),
    [
        (LOCKED, True, False, False, False),
        (DRAWN, True, True, True, False),
        (PROPOSED, False, False, False, True),
        (ACCEPTED, False, False, False, False),
        (RETURNED, True, True, True, False),
    ],
)
def test_what_may_be_done_in_each_state(state, drawable, at_work, proposable, decidable):
    assert allowed(sample_work.check_drawable, state) is drawable
    assert allowed(sample_work.check_at_work, state) is at_work
    assert allowed(sample_work.check_proposable, state, [APPROVED]) is proposable
    assert not allowed(sample_work.check_proposable, state, [APPROVED, None])
    assert allowed(sample_work.check_proposed, state) is decidable


def test_criteria_are_read_one_a_line_and_once_each():
    assert read_criteria("\n Attest \r\nDeltagarlista\nAttest\n") == ["Attest", "Deltagarlista"]
    assert len(read_criteria("\n".join(map(str, range(20))))) == 20
    assert read_criteria("x" * 60) == ["x" * 60]


@pytest.mark.parametrize("comment", ["", "…", "1 2"])
def test_what_is_sent_back_tells_why(comment):
    assert not allowed(sample_work.check_comment, comment)
    assert allowed(sample_work.check_comment, f"{comment} fel")
