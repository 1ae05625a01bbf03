"""The year's actions in figures, and what of a record's actions waits."""

from datetime import date

import pytest

from tests.actions.stored import HEAD, action, record_id
from tests.factories import make_user
from tracker.accounts.reader import reader_by_email
from tracker.actions.queries import ActionYear, action_year, standing_of
from tracker.database import db, writer
from tracker.records.models import Access, Mark, Record
from tracker.records.scope import EVERY_RECORD, scope_of
from tracker.rules.actions import Standing
from tracker.rules.permissions import Permission

# Of 2021, cut off on 31 December: Å-1 and Å-2 are carried out; Å-4 to Å-7 are open, Å-5 and Å-6 of them late.
LINES = """
Å-1;avvikelse;A-1;Utbilda;;2020-12-01;2021-02-01;2021-01-01;uppnådd
Å-2;avvikelse;A-1;Utbilda;;2021-12-01;;2021-12-31;
Å-3;avvikelse;A-1;Utbilda;;2020-12-01;2021-02-01;2020-12-31;ej
Å-4;avvikelse;A-1;Utbilda;;2021-12-31;2021-12-31;2022-01-01;
Å-5;avvikelse;A-1;Utbilda;;2021-03-01;2021-12-30;2022-01-31;
Å-6;synpunkt;S-1;Utbilda;;2021-03-01;2021-04-01;;
Å-7;synpunkt;S-1;Utbilda;;2021-03-01;;;
Å-8;synpunkt;S-1;Utbilda;;2022-01-01;2022-01-15;;
Å-9;synpunkt;S-1;Utbilda;;;2021-04-01;;
""".strip()


@pytest.fixture
def actions(office):
    office.imports("actions", f"{HEAD}\n{LINES}\n")
    return office


def test_the_year_by_its_cut_off_day(actions):
    assert action_year(2021, date(2021, 12, 31), EVERY_RECORD) == ActionYear(completed=2, open=4, overdue=2)


def test_facts_after_the_cut_off_do_not_exist_yet(actions):
    # By 30 December Å-2 is decided and not carried out (no last day), Å-4 not decided; Å-5 is on its last day.
    assert action_year(2021, date(2021, 12, 30), EVERY_RECORD) == ActionYear(completed=1, open=4, overdue=1)
    # The next year: Å-4 and Å-5 are carried out in it; Å-6, Å-7 and Å-8 are open, Å-6 and Å-8 late.
    assert action_year(2022, date(2022, 12, 31), EVERY_RECORD) == ActionYear(completed=2, open=3, overdue=2)


def test_only_what_is_within_reach_counts(actions):
    make_user("bo@kommun.example", "kvalitet", unit="Vuxen 3")
    scope = scope_of(reader_by_email("bo@kommun.example", date(2022, 2, 15)), Permission.READ_ACTIONS)
    assert action_year(2021, date(2021, 12, 31), scope) == ActionYear(completed=0, open=2, overdue=1)


def test_protected_ones_count_and_voided_ones_do_not(actions):
    with writer():
        _mark("Å-1", Mark.PROTECTED)
        _mark("Å-2", Mark.VOIDED)
        db.session.commit()
    assert action_year(2021, date(2021, 12, 31), EVERY_RECORD) == ActionYear(completed=1, open=4, overdue=2)
    assert standing_of(record_id("deviation", "A-1")) == Standing(undecided=0, open=0, unchecked=2, fruitless=1)


def _mark(ref, mark):
    found = action(ref)
    found.mark = mark
    record = db.session.get_one(Record, found.record_id)
    if mark is Mark.PROTECTED:
        record.access = Access.PROTECTED
    else:
        record.voided_at = record.created_at
    db.session.flush()


def test_what_of_a_records_actions_waits(actions):
    assert standing_of(record_id("deviation", "A-1")) == Standing(undecided=0, open=0, unchecked=3, fruitless=1)
    assert standing_of(record_id("complaint", "S-1")) == Standing(undecided=1, open=3, unchecked=0, fruitless=0)
    assert standing_of(record_id("lex_sarah", "1948")) == Standing()
