"""When a case takes files, and how many."""

import pytest

from tests.rules.refusing import expect_refusal
from tracker.rules.case_files import check_room, check_takes_files, takes_files
from tracker.rules.case_workflow import CaseKind, CaseState

D, L, C = CaseKind.DEVIATION, CaseKind.LEX_SARAH, CaseKind.COMPLAINT


@pytest.mark.parametrize(
    ("kind", "state", "takes"),
    [
        (D, "reported", True), (D, "followed_up", True), (D, "closed", False), (D, "became_lex_sarah", False),
        (L, "reported", True), (L, "decided", True), (L, "closed", True), (L, "handed_over", False),
        (C, "received", True), (C, "answered", False), (C, "closed", False),
    ],
)  # fmt: skip
def test_files_are_taken_while_a_case_is_open_and_of_a_closed_lex_sarah_case(kind, state, takes):
    assert takes_files(kind, CaseState(state)) is takes
    if not takes:
        with expect_refusal("files_closed", "file", "Ärendet är avslutat."):
            check_takes_files(kind, CaseState(state))


def test_who_reported_adds_nothing_to_a_closed_case():
    with expect_refusal("files_closed", "file", "Ärendet är avslutat."):
        check_takes_files(L, CaseState.CLOSED, reporter=True)
    check_takes_files(L, CaseState.FOLLOWED_UP, reporter=True)
    check_takes_files(L, CaseState.CLOSED)


@pytest.mark.parametrize(("of_case", "of_reporter", "refused"), [
    (29, None, ""), (30, None, "Ärendet har redan 30 filer."), (12, 9, ""), (12, 10, "Du har redan skickat 10 filer."),
    (30, 0, "Ärendet har redan 30 filer."),
])  # fmt: skip
def test_a_case_has_at_most_thirty_files_and_ten_from_who_reported(of_case, of_reporter, refused):
    if refused:
        with expect_refusal("files_many", "file", refused):
            check_room(of_case, of_reporter)
    else:
        check_room(of_case, of_reporter)
