"""While a large file is worked out others go on writing: what they change is neither lost nor overwritten unseen."""

from datetime import date

import pytest
from sqlalchemy import func, select

from tests.audit.trails import entries, verdict
from tests.decisions.running import clock as only_clock
from tests.decisions.running import clocks, decision
from tests.factories import make_decisions, make_unit
from tracker import clock
from tracker.accounts.reader import EVERYTHING
from tracker.database import db, writer
from tracker.decisions import happenings, planning
from tracker.decisions.correcting import Correction, correct_clock, correct_decision, void_decision
from tracker.decisions.importing import COLUMNS, ParsedFile, parse_rows
from tracker.decisions.models import Decision, DecisionClock
from tracker.decisions.planning import Importer, Plan
from tracker.decisions.services import import_meanwhile
from tracker.exchange.errors import Collector, ImportRefused
from tracker.exchange.reading import read_table
from tracker.records.models import Record

REASON = "skrevs fel"


def saved(change):
    """What somebody else does, in a transaction of its own."""
    with writer():
        change()
        db.session.commit()


def correction(ref):
    version = db.session.scalars(
        select(Record.version).join(Decision, Decision.record_id == Record.id).where(Decision.ref == ref)
    ).one()
    record_id = db.session.scalars(select(Decision.record_id).where(Decision.ref == ref)).one()
    return Correction(record_id, version, REASON, EVERYTHING, EVERYTHING, date(2026, 3, 31))


class Import:
    """Imports a file; after each plan that is made, the next of `meanwhile` is done by somebody else."""

    def __init__(self, content, *meanwhile):
        self.content, self.meanwhile = content, list(meanwhile)
        self.read, self.planned = 0, 0
        self.home = make_unit("Barn").id

    def run(self):
        def read():
            self.read += 1
            collector = Collector()
            table = read_table(
                self.content.encode(), filename="b.csv", encoding=None, known=tuple(COLUMNS), collector=collector
            )
            return ParsedFile(parse_rows(table, collector), collector)

        def plan_for(file):
            plan = Plan(file, Importer(self.home, makes_units=True), date(2026, 3, 31), clock.now())
            self.planned += 1
            if self.meanwhile:
                db.session.rollback()  # the snapshot ends here, as it does before the lock is taken
                saved(self.meanwhile.pop(0))
            return plan

        result = import_meanwhile(read, plan_for)
        db.session.rollback()
        return result


@pytest.fixture
def register(app):
    make_decisions([{"ref": "B-01"}, {"ref": "B-02"}, {"ref": "B-03"}])


HEAD = "ref;insats;beslutsdatum;verkstalld"
FILE = f"{HEAD}\nB-01;Kontaktperson;2021-01-07;2021-02-01\nB-04;Kontaktperson;2021-03-07;\n"


def test_a_file_is_planned_once_when_nobody_else_writes(register):
    done = Import(FILE)
    result = done.run()
    assert (result.new, result.changed, result.unchanged) == (1, 1, 0)
    assert (done.read, done.planned) == (1, 1)
    assert only_clock("B-01").executed_on == date(2021, 2, 1)
    assert verdict().whole


def test_sign_ins_and_readings_meanwhile_do_not_matter(register):
    from tests.audit.trails import note
    from tracker.audit.reads import note_read, seal_reads
    from tracker.rules.trail import Action, ReadKind

    def others():
        note_read(ReadKind.LOG)
        seal_reads()
        note(Action.SIGNED_IN)

    done = Import(FILE, others)
    assert done.run().new == 1
    assert (done.read, done.planned) == (1, 1)


def test_a_correction_meanwhile_stands_where_the_file_says_nothing_else(register):
    done = Import(FILE, lambda: correct_decision(correction("B-01"), {"utforare": "Nära omsorg"}))
    result = done.run()
    assert (result.new, result.changed) == (1, 1)
    assert (done.read, done.planned) == (2, 1), "the part that the decision is in was worked out anew, under the lock"
    assert decision("B-01").provider == "Nära omsorg"
    assert only_clock("B-01").executed_on == date(2021, 2, 1)
    versions = db.session.scalars(select(Record.version).where(Record.number == "B-01")).one()
    assert versions == 3, "made, corrected and imported"
    assert verdict().whole


def test_a_correction_meanwhile_of_what_the_file_does_not_hold_changes_nothing_for_it(register):
    done = Import(FILE, lambda: correct_decision(correction("B-03"), {"utforare": "Nära omsorg"}))
    assert done.run().changed == 1
    assert (done.read, done.planned) == (1, 1)
    assert decision("B-03").provider == "Nära omsorg"


def test_a_part_without_the_corrected_decision_is_kept_as_it_was_worked_out(register, monkeypatch):
    monkeypatch.setattr(planning, "CHUNK_REFS", 2)
    made = []
    monkeypatch.setattr(planning.Plan, "_part", lambda self, refs, file, made_by=planning.Plan._part: (
        made.append(list(refs)), made_by(self, refs, file))[1])  # fmt: skip
    content = f"{HEAD}\n" + "".join(f"B-0{n};Kontaktperson;2021-01-07;2021-02-0{n}\n" for n in range(1, 6))
    result = Import(content, lambda: correct_decision(correction("B-03"), {"kon": "man"})).run()
    assert made == [["B-01", "B-02"], ["B-03", "B-04"], ["B-05"], ["B-03", "B-04"]]
    assert (result.new, result.changed) == (2, 3)
    assert db.session.scalar(select(func.count()).select_from(DecisionClock)) == 5
    assert [only_clock(f"B-0{n}").executed_on.day for n in range(1, 6)] == [1, 2, 3, 4, 5]
    assert (decision("B-03").sex, verdict().whole) == ("man", True)
    told = [entry.parts for entry in entries() if entry.action == "records.imported"]
    assert told == [3, 5]


def test_what_the_correction_makes_impossible_refuses_the_file(register):
    def close_it():
        clock_id = only_clock("B-01").id
        correct_clock(correction("B-01"), clock_id, {"avslutad": date(2021, 4, 1)})

    with pytest.raises(ImportRefused) as refused:
        Import(FILE, close_it).run()
    db.session.rollback()
    assert "både verkställd och avslutad" in "\n".join(refused.value.lines())
    assert db.session.scalar(select(func.count()).select_from(Decision)) == 3


def test_a_decision_voided_meanwhile_refuses_its_row(register):
    def void_it():
        made = correction("B-01")
        void_decision(made.record_id, made.seen, REASON, clock.now())

    with pytest.raises(ImportRefused) as refused:
        Import(FILE, void_it).run()
    db.session.rollback()
    assert "makulerat" in "\n".join(refused.value.lines())


@pytest.mark.parametrize(
    "change",
    [
        lambda: make_decisions([{"ref": "B-04", "kon": "man"}]),
        lambda: correct_decision(correction("B-03"), {"ref": "B-04", "kon": "man"}),
    ],
)
def test_a_ref_taken_meanwhile_is_found_as_the_file_is_worked_out_again(register, change):
    done = Import(FILE, change)
    result = done.run()
    assert (result.new, result.changed) == (0, 2)
    assert (done.read, done.planned) == (2, 2)
    assert decision("B-04").sex == "man"
    assert db.session.scalar(select(func.count()).where(Decision.ref == "B-04")) == 1
    assert verdict().whole


def test_an_interruption_entered_meanwhile_keeps_its_number(register):
    make_decisions([{"ref": "B-03", "verkstalld": "2021-02-01"}])

    def interrupt():
        made, clock_id = correction("B-03"), only_clock("B-03").id
        happenings.interrupt(
            happenings.Happening(made.record_id, clock_id, made.seen, EVERYTHING, date(2026, 3, 31)), date(2021, 5, 1)
        )

    done = Import(FILE, interrupt)
    result = done.run()
    assert (result.new, result.changed, done.planned) == (1, 1, 2)
    assert len(clocks("B-03")) == 2
    assert len({clock.id for ref in ("B-01", "B-02", "B-03", "B-04") for clock in clocks(ref)}) == 5
    assert verdict().whole


def test_a_unit_and_an_insats_made_meanwhile_are_not_made_twice(register):
    content = f"{HEAD};enhet\nB-09;Boendestöd;2021-01-07;;Natt\n"
    done = Import(content, lambda: make_decisions([{"ref": "B-08", "insats": "Boendestöd", "enhet": "Natt"}]))
    assert done.run().new == 1
    assert done.planned == 2
    assert decision("B-09").unit_id == decision("B-08").unit_id
    assert decision("B-09").intervention_id == decision("B-08").intervention_id


def test_a_new_unit_and_insats_are_made_with_the_rows(register):
    result = Import(f"{HEAD};enhet\nB-09;Boendestöd;2021-01-07;;Natt\n").run()
    assert result.warnings == ["ny enhet: Natt"]
    assert decision("B-09").unit_id == make_unit("Natt").id
    told = [entry.action for entry in entries()]
    assert (told.count("unit.created"), "code.added" in told, verdict().whole) == (3, True, True)


def test_somebody_who_never_stops_writing_is_kept_waiting_at_last(register):
    done = Import(FILE, *[lambda n=n: make_unit(f"Enhet {n}") for n in range(2)])
    assert done.run().new == 1
    assert (done.read, done.planned) == (3, 3)
    assert only_clock("B-01").executed_on == date(2021, 2, 1)
