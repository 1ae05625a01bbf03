"""Is what the comparison leaves alone really the same? Held against every row's digest, read and made anew."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select, update

from tests.decisions.lists import number_of
from tests.decisions.running import clock as only_clock
from tests.factories import make_decisions, make_user
from tests.frozen.locking import CUTOFF, PREVIOUS, Q4, lock
from tests.records.granting import protect, version_of, void
from tracker import clock
from tracker.accounts.reader import EVERYTHING
from tracker.database import db, writer
from tracker.decisions import happenings
from tracker.decisions.correcting import Correction, correct_decision
from tracker.decisions.forgetting import forget_person
from tracker.decisions.happenings import Happening
from tracker.frozen.models import FrozenRow
from tracker.frozen.queries import list_stood, list_versions
from tracker.kept import forget_everything
from tracker.records.codes import add_by_hand, change_code, merge_codes
from tracker.records.models import CodeItem, CodeList
from tracker.records.scope import EVERY_RECORD
from tracker.reports.comparing import Comparison, compare
from tracker.reports.locking import key_of, stood_row
from tracker.reports.quarter import quarter_rows
from tracker.rules.permissions import Role
from tracker.rules.quarters import Period, Quarter

pytestmark = pytest.mark.usefixtures("quick_papers")

NOTHING: dict[str, list[str]] = {"come": [], "gone": [], "moved": [], "altered": []}
PERIOD = Period.of(Q4, CUTOFF, PREVIOUS)


@pytest.fixture
def register(lead):
    """Two that wait, for a companion; one that was executed late; one within its three months."""
    make_decisions(
        [
            {"ref": "VÄNTAR", "beslutsdatum": "2021-08-01", "skal": "Vi söker någon"},
            {"ref": "VÄNTAR-2", "beslutsdatum": "2021-08-02", "insats": "Ledsagning", "skal": "Personalbrist"},
            {"ref": "SENT", "beslutsdatum": "2021-07-01", "verkstalld": "2021-12-01"},
            {"ref": "INOM", "beslutsdatum": "2022-01-01"},
        ]
    )
    lock(lead, 2021, 4, CUTOFF, PREVIOUS)
    return lead


def found(period: Period = PERIOD) -> Comparison:
    """The comparison with the newest version of the fourth quarter's report, held against all the digests."""
    db.session.rollback()
    forget_everything()
    version = list_versions(key_of(Q4))[0]
    made = compare(version, period, EVERY_RECORD)
    assert _sorted(made) == by_digests(version.id, period)
    db.session.rollback()
    return made


def by_digests(report_id: int, period: Period) -> dict[str, list[int]]:
    """The same by another way: the digest of every row of the draft beside that of every row that stood."""
    before = {row.item_id: row for row in list_stood(report_id)}
    now = {row.clock_id: stood_row(row) for row in quarter_rows(period, EVERY_RECORD)}
    both = before.keys() & now.keys()
    same_class = {number for number in both if before[number].stood_as == now[number].stood_as}
    kinds = {
        "come": now.keys() - before.keys(),
        "gone": before.keys() - now.keys(),
        "moved": both - same_class,
        "altered": {number for number in same_class if before[number].digest != now[number].digest},
    }
    rows = before | now
    return {kind: sorted(rows[number].record_id for number in numbers) for kind, numbers in kinds.items()} | {
        "same": [len(same_class) - len(kinds["altered"])]
    }


def _sorted(made: Comparison) -> dict[str, list[int]]:
    kinds = {kind: sorted(row.record_id for row in getattr(made, kind)) for kind in NOTHING}
    return kinds | {"same": [made.same]}


def refs(made: Comparison) -> dict[str, list[str]]:
    """What the page lists, by kind; of a voided one no ref is shown."""
    return {kind: [row.ref for row in getattr(made, kind)] for kind in NOTHING}


def code(label: str) -> CodeItem:
    return db.session.scalars(select(CodeItem).where(CodeItem.label == label)).one()


def happen(ref: str, what: Callable[..., object], *values: object) -> None:
    at = Happening(number_of(ref), only_clock(ref).id, version_of(number_of(ref)), EVERYTHING, date(2022, 2, 15))
    with writer():
        what(at, *values)
        db.session.commit()


def correct(of: str, **said: str) -> None:
    number = number_of(of)
    with writer():
        correct_decision(Correction(number, version_of(number), "fel", EVERYTHING, EVERYTHING, date(2022, 2, 15)), said)
        db.session.commit()


def written(what: Callable[..., object], *values: object) -> None:
    with writer():
        what(*values)
        db.session.commit()


def test_as_it_was_locked_nothing_differs(register):
    made = found()
    assert (refs(made), made.same, made.differs) == (NOTHING, 3, False)


def test_another_ref_another_insats_and_another_reason_are_told(register):
    correct("VÄNTAR", ref="HETTE-VÄNTAR")
    make_decisions([{"ref": "VÄNTAR-2", "beslutsdatum": "2021-08-02", "insats": "Ledsagning", "skal": "Ingen ledig"}])
    correct("SENT", insats="Ledsagning")
    assert refs(found()) == NOTHING | {"altered": ["HETTE-VÄNTAR", "VÄNTAR-2", "SENT"]}


def test_what_the_report_does_not_say_makes_no_difference(register):
    correct("VÄNTAR", handlaggare="Eva Ek", diarienummer="SN-1")
    happen("VÄNTAR-2", happenings.plan, date(2022, 3, 1))
    happen("VÄNTAR-2", happenings.tell, "Hemtjänst", "Oro")
    made = found()
    assert (refs(made), made.same) == (NOTHING, 3)


def test_back_again_is_the_same(register):
    correct("VÄNTAR", insats="Ledsagning")
    assert refs(found())["altered"] == ["VÄNTAR"]
    correct("VÄNTAR", insats="Kontaktperson")
    assert refs(found()) == NOTHING


def test_what_has_come_gone_and_changed_class(register):
    happen("VÄNTAR", happenings.execute, date(2022, 1, 20))
    void("VÄNTAR-2")
    make_decisions([{"ref": "NY", "beslutsdatum": "2021-09-01"}])
    made = found()
    assert refs(made) == {"come": ["NY"], "gone": [""], "moved": ["VÄNTAR"], "altered": []}
    assert made.same == 1


def test_protected_since_is_hidden_and_counted(register):
    protect("VÄNTAR", make_user("anna@kommun.example", Role.CASE_OFFICER).email)
    db.session.rollback()
    made = compare(list_versions(key_of(Q4))[0], PERIOD, EVERY_RECORD)
    assert (refs(made), made.hidden, made.same) == (NOTHING, 1, 2)


def test_a_forgotten_person_is_told_of_by_the_new_ref(register):
    number = number_of("SENT")
    written(forget_person, number, "Gallring", clock.now())
    assert refs(found())["altered"] == [f"GLÖMD-{number}"]


class TestWords:
    """Texts of the code lists stand in every row; none of the rows is changed when they are."""

    def test_another_text_is_told_and_the_old_one_again_is_not(self, register):
        written(lambda: change_code(code("Ledsagning"), "Ledsagarservice", None, None))
        assert refs(found()) == NOTHING | {"altered": ["VÄNTAR-2"]}
        written(lambda: change_code(code("Ledsagarservice"), "Ledsagning", None, None))
        assert refs(found()) == NOTHING

    def test_two_that_are_made_one_are_told(self, register):
        written(lambda: merge_codes(code("Ledsagning"), code("Kontaktperson")))
        assert refs(found()) == NOTHING | {"altered": ["VÄNTAR-2"]}

    def test_a_new_entry_makes_no_difference(self, register):
        written(add_by_hand, CodeList.INTERVENTION, ["Boendestöd"])
        assert refs(found()) == NOTHING


def test_a_report_locked_before_versions_were_kept_is_compared_by_its_digests(register):
    db.session.execute(update(FrozenRow).values(record_version=None))
    db.session.commit()
    correct("VÄNTAR", insats="Ledsagning")
    made = found()
    assert (refs(made), made.same) == (NOTHING | {"altered": ["VÄNTAR"]}, 2)


def test_beside_the_next_quarter(register):
    make_decisions([{"ref": "SENARE", "beslutsdatum": "2021-12-01"}])
    made = found(Period.of(Quarter(2022, 1), date(2022, 4, 30), CUTOFF))
    assert refs(made) == {
        "come": ["INOM", "SENARE"], "gone": ["SENT"], "moved": ["VÄNTAR", "VÄNTAR-2"], "altered": [],
    }  # fmt: skip


def test_the_next_quarter_locked_on_top_leaves_the_first_as_it_was(register):
    lock(register, 2022, 1, date(2022, 2, 14), CUTOFF)
    made = found()
    assert (refs(made), made.same) == (NOTHING, 3)
