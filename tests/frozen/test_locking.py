"""A locked quarter: bytes that stay, clocks that count as reported, and corrections that keep what was before."""

import hashlib
import json
from datetime import date

import pytest
from sqlalchemy import select

from tests.audit.trails import entries, parts, verdict
from tests.decisions.running import clock as only_clock
from tests.decisions.running import clocks, run
from tests.factories import make_decisions, make_user
from tests.frozen.locking import CUTOFF, PREVIOUS, Q4, document, lock, locked_q4
from tracker import clock
from tracker.database import db, writer
from tracker.decisions.forgetting import forget_person
from tracker.decisions.models import Decision
from tracker.frozen.models import FrozenFile, FrozenRow
from tracker.frozen.queries import EmptiedError, get_file, list_checksums, list_stood, list_versions
from tracker.reports.closing import period_of
from tracker.reports.locking import contents_of, key_of
from tracker.reports.rendering import ReportFormat
from tracker.rules.closing import Audience
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Role
from tracker.rules.quarters import Quarter

pytestmark = pytest.mark.usefixtures("quick_papers")

Q1 = Quarter(2022, 1)
PERSON = "191212121212"


def by_command(app, *options):
    ran = run(app, "report", "quarter", 2021, 4, *options)
    assert ran.code == 0, ran.err
    return ran.raw


class TestLocking:
    def test_the_published_report_is_kept_for_every_reader_in_every_format(self, published):
        version = locked_q4(published)
        assert (version.version, version.cutoff_on, version.previous_on) == (1, CUTOFF, PREVIOUS)
        checksums = list_checksums(version.id)
        assert set(checksums) == {(a.value, f.value) for a in Audience for f in ReportFormat}
        for (audience, file_format), checksum in checksums.items():
            assert hashlib.sha256(get_file(version.id, audience, file_format)).hexdigest() == checksum
        said = document(version)
        assert [said["counts"][name] for name in ("executed", "closed", "still_unexecuted", "new")] == [10, 2, 16, 5]
        assert (said["locked"], said["version"], len(said["rows"])) == (True, 1, 33)

    def test_its_bytes_stay_whatever_is_changed_since(self, app, published):
        version = locked_q4(published)
        before = {key: get_file(version.id, *key) for key in list_checksums(version.id)}
        make_decisions([{"ref": "B-13", "insats": "Boendestöd", "verkstalld": "2022-01-15"}, {"ref": "NY-1"}])
        assert {key: get_file(version.id, *key) for key in before} == before
        assert by_command(app, "--audience", "namnd", "--format", "csv") == before["namnd", "csv"]
        assert by_command(app, "--cutoff", CUTOFF, "--previous", PREVIOUS) == before["intern", "json"]
        draft = json.loads(by_command(app, "--cutoff", "2022-01-30"))
        assert (draft["locked"], draft["cutoff"]) == (False, "2022-01-30")

    def test_the_checksums_stand_in_the_trail(self, published):
        version = locked_q4(published)
        (entry,) = [entry for entry in entries() if entry.action == "report.locked"]
        (part,) = parts(entry.id)
        told = json.loads(part.open_values)
        for (audience, file_format), checksum in list_checksums(version.id).items():
            assert told[f"{audience}.{file_format}"] == [None, checksum]
        assert (entry.target_kind, entry.target_id, verdict().whole) == ("report", version.id, True)

    def test_the_bytes_lie_sealed(self, lead):
        make_decisions([{"ref": "B-01", "person": PERSON, "skal": "Bodil väntar"}])
        version = locked_q4(lead)
        assert PERSON.encode() in get_file(version.id, "ivo", "csv")
        for content in db.session.scalars(select(FrozenFile.content)):
            assert PERSON.encode() not in content
            assert b"Bodil" not in content

    def test_a_report_of_nothing_is_a_report(self, lead):
        version = locked_q4(lead)
        assert (document(version)["rows"], document(version, "fullmaktige")["groups"]) == ([], [])
        assert list_stood(version.id) == []


class TestReported:
    def test_the_clocks_that_stood_in_it_count_as_reported(self, lead):
        make_decisions(
            [
                {"ref": "NY", "beslutsdatum": "2021-09-01"},
                {"ref": "SENT", "beslutsdatum": "2021-07-01", "verkstalld": "2021-12-01"},
                {"ref": "STÄNGD", "beslutsdatum": "2021-07-01", "avslutad": "2021-12-02"},
                {"ref": "INOM", "beslutsdatum": "2022-01-01"},
                {"ref": "FÖRUT", "beslutsdatum": "2021-01-01", "forst_rapporterad": "2021-06-30"},
                {"ref": "KLAR", "beslutsdatum": "2021-01-01", "forst_rapporterad": "2021-06-30",
                 "verkstalld": "2022-01-10"},
            ]
        )  # fmt: skip
        locked_q4(lead)
        days = {ref: (only_clock(ref).first_reported_on, only_clock(ref).final_reported_on) for ref in
                ("NY", "SENT", "STÄNGD", "INOM", "FÖRUT", "KLAR")}  # fmt: skip
        assert days == {
            "NY": (CUTOFF, None),
            "SENT": (CUTOFF, CUTOFF),
            "STÄNGD": (CUTOFF, CUTOFF),
            "INOM": (None, None),
            "FÖRUT": (date(2021, 6, 30), None),
            "KLAR": (date(2021, 6, 30), CUTOFF),
        }
        (entry,) = [entry for entry in entries() if entry.action == "records.reported"]
        assert (entry.parts, verdict().whole) == (4, True)

    def test_the_same_days_give_the_same_figures_after_it_is_locked(self, app, published):
        before = json.loads(by_command(app, "--cutoff", CUTOFF, "--previous", PREVIOUS))
        version = locked_q4(published)
        db.session.rollback()
        after = contents_of(period_of(Q4, CUTOFF, PREVIOUS))
        assert [*after.figures.counts, after.figures.missed] == list(before["counts"].values())
        stood = {row.item_id: row.stood_as for row in list_stood(version.id)}
        assert {row.item_id: row.stood_as for row in after.stood} == stood

    def test_the_next_report_begins_where_the_locked_one_ended(self, app, published):
        locked_q4(published)
        assert period_of(Q1).previous_on == CUTOFF
        said = json.loads(run(app, "report", "quarter", 2022, 1, "--cutoff", "2022-02-15").out)
        assert said["previous_cutoff"] == "2022-01-31"

    def test_a_quarter_before_any_locked_one_begins_after_the_quarter_before_it(self, published):
        locked_q4(published)
        assert period_of(Quarter(2021, 3)).previous_on == date(2021, 6, 30)


class TestSecondQuarter:
    """A second quarter on top of the first: each clock lands where the contract puts it."""

    def test_each_clock_lands_in_its_class(self, app, frozen_day):
        frozen_day(date(2022, 2, 15))
        lead = make_user("kvalitet@kommun.example", Role.QUALITY_LEAD).id
        make_decisions(
            [
                {"ref": "A-VERKSTÄLLS", "beslutsdatum": "2021-09-01"},
                {"ref": "B-AVSLUTAS", "beslutsdatum": "2021-09-02"},
                {"ref": "C-VÄNTAR", "beslutsdatum": "2021-09-03"},
                {"ref": "D-AVBRYTS", "beslutsdatum": "2021-07-01", "verkstalld": "2021-12-01"},
                {"ref": "E-RÄTTAS", "beslutsdatum": "2021-09-05"},
                {"ref": "F-MAKULERAS", "beslutsdatum": "2021-09-06"},
            ]
        )
        locked_q4(lead)
        frozen_day(date(2022, 7, 5))
        make_decisions(
            [
                {"ref": "A-VERKSTÄLLS", "beslutsdatum": "2021-09-01", "verkstalld": "2022-02-20"},
                {"ref": "B-AVSLUTAS", "beslutsdatum": "2021-09-02", "avslutad": "2022-03-01"},
                {"ref": "D-AVBRYTS", "beslutsdatum": "2021-07-01", "avbrottsdatum": "2022-02-01"},
                {"ref": "E-RÄTTAS", "beslutsdatum": "2021-12-05"},  # was wrong: not three months when it was reported
                {"ref": "G-SENT-INLAGD", "beslutsdatum": "2021-08-01", "verkstalld": "2022-01-10"},
                {"ref": "H-NY", "beslutsdatum": "2022-01-03"},
                {"ref": "I-INOM", "beslutsdatum": "2022-04-15", "verkstalld": "2022-05-01"},
            ]
        )
        void("F-MAKULERAS")
        contents = contents_of(period_of(Quarter(2022, 2)))
        assert contents.figures.period.previous_on == CUTOFF
        found = {(row.ref, row.kind): row.report_class.value for row in contents.rows}
        assert found == {
            ("A-VERKSTÄLLS", "beslut"): "executed",
            ("B-AVSLUTAS", "beslut"): "closed",
            ("C-VÄNTAR", "beslut"): "still_unexecuted",
            ("D-AVBRYTS", "avbrott"): "new",  # the decision's own clock was final in the first report
            ("E-RÄTTAS", "beslut"): "still_unexecuted",  # reported once: it stays until IVO has heard how it ended
            ("H-NY", "beslut"): "new",
        }
        assert contents.figures.missed == 1  # G: executed late, before the locked cut-off, and in no report
        second = lock(lead, 2022, 2)
        assert (second.version, second.previous_on, second.cutoff_on) == (1, CUTOFF, date(2022, 6, 30))
        assert [clock.first_reported_on for clock in clocks("D-AVBRYTS")] == [CUTOFF, date(2022, 6, 30)]
        assert only_clock("A-VERKSTÄLLS").final_reported_on == date(2022, 6, 30)
        assert verdict().whole


def void(ref):
    from tests.decisions.test_import_meanwhile import correction
    from tracker.decisions.correcting import void_decision

    made = correction(ref)
    with writer():
        void_decision(made.record_id, made.seen, "två gånger", clock.now())
        db.session.commit()


class TestCorrection:
    def test_it_is_refused_a_second_time_and_nothing_is_written(self, published):
        locked_q4(published)
        with pytest.raises(RuleViolation) as refused:
            locked_q4(published)
        assert refused.value.code == "locked"
        assert "redan låst av" in refused.value.message
        db.session.rollback()
        assert len(list_versions(key_of(Q4))) == 1

    def test_a_correction_needs_something_to_correct(self, lead):
        with pytest.raises(RuleViolation) as refused:
            locked_q4(lead, "fel datum")
        assert refused.value.code == "not_locked"

    def test_a_correction_is_a_version_of_its_own_and_keeps_the_earlier_one(self, app, published):
        first = locked_q4(published)
        before = {key: get_file(first.id, *key) for key in list_checksums(first.id)}
        make_decisions([{"ref": "B-13", "beslutsdatum": "2020-10-26", "verkstalld": "2022-01-15"}])
        second = locked_q4(published, "B-13 var verkställt")
        assert [(v.version, v.newest) for v in list_versions(key_of(Q4))] == [(2, True), (1, False)]
        assert {key: get_file(first.id, *key) for key in before} == before
        said = document(second)
        assert (said["counts"]["executed"], said["counts"]["still_unexecuted"]) == (11, 15)
        assert (said["version"], said["reason"]) == (2, "B-13 var verkställt")
        assert by_command(app) == get_file(second.id, "intern", "json")
        assert only_clock("B-13").final_reported_on == CUTOFF

    def test_what_only_the_replaced_version_held_is_not_reported_any_more(self, lead):
        make_decisions([{"ref": "FEL", "beslutsdatum": "2021-09-01"}, {"ref": "RÄTT", "beslutsdatum": "2021-09-01"}])
        locked_q4(lead)
        assert only_clock("FEL").first_reported_on == CUTOFF
        make_decisions([{"ref": "FEL", "beslutsdatum": "2021-09-01", "verkstalld": "2021-10-01"}])
        locked_q4(lead, "FEL var verkställt i tid")
        assert (only_clock("FEL").first_reported_on, only_clock("FEL").final_reported_on) == (None, None)
        assert only_clock("RÄTT").first_reported_on == CUTOFF
        newest = list_versions(key_of(Q4))[0]
        assert [row["ref"] for row in document(newest)["rows"]] == ["RÄTT"]

    def test_a_personnummer_in_the_reason_is_refused(self, published):
        locked_q4(published)
        with pytest.raises(RuleViolation) as refused:
            locked_q4(published, f"gällde {PERSON}")
        assert refused.value.code == "person_number"


class TestForgetting:
    def test_the_files_that_named_somebody_are_emptied_and_the_others_stay(self, lead):
        make_decisions([{"ref": "B-01", "beslutsdatum": "2021-07-01", "verkstalld": "2021-12-01", "person": PERSON}])
        version = locked_q4(lead)
        kept = {f: get_file(version.id, "namnd", f.value) for f in ReportFormat}
        record_id = db.session.scalars(select(Decision.record_id)).one()
        with writer():
            forget_person(record_id, "gallring", clock.now())
            db.session.commit()
        for audience in ("intern", "ivo"):
            with pytest.raises(EmptiedError):
                get_file(version.id, audience, "json")
        assert {f: get_file(version.id, "namnd", f.value) for f in ReportFormat} == kept
        assert len(list_checksums(version.id)) == len(Audience) * len(ReportFormat)
        assert db.session.query(FrozenRow).count() == 1
        assert verdict().whole


class TestCommand:
    def test_it_locks_in_somebodys_name_and_gives_the_bytes(self, app, published):
        options = ("--cutoff", CUTOFF, "--previous", PREVIOUS, "--lock", "--by", "kvalitet@kommun.example")
        ran = run(app, "report", "quarter", 2021, 4, *options)
        assert ran.code == 0, ran.err
        assert "Låste rapporten som version 1" in ran.err
        (version,) = list_versions(key_of(Q4))
        assert ran.raw == get_file(version.id, "intern", "json")
        again = run(app, "report", "quarter", 2021, 4, *options)
        assert (again.code, again.out) == (1, "")
        assert "redan låst" in again.err
        mended = run(app, "report", "quarter", 2021, 4, *options, "--reason", "fel rubrik")
        assert (mended.code, json.loads(mended.out)["version"]) == (0, 2)

    @pytest.mark.parametrize("by", [(), ("--by", "eva@kommun.example")])
    def test_nobody_else_locks(self, app, published, by):
        make_user("eva@kommun.example", Role.CASE_OFFICER)
        ran = run(app, "report", "quarter", 2021, 4, "--lock", *by)
        assert (ran.code, ran.out, list_versions(key_of(Q4))) == (1, "", [])

    def test_who_may_lock_but_not_know_identities_gets_none_by_locking(self, app, lead):
        make_decisions([{"ref": "B-01", "beslutsdatum": "2021-09-01", "person": PERSON}])
        ran = run(app, "report", "quarter", 2021, 4, "--lock", "--audience", "ivo", "--by", "kvalitet@kommun.example")
        assert (ran.code, ran.out, PERSON in ran.err, list_versions(key_of(Q4))) == (1, "", False, [])

    def test_ivos_report_names_the_persons_to_those_who_may_know_them(self, app, lead):
        make_user("eva@kommun.example", Role.CASE_OFFICER)
        make_decisions([{"ref": "B-01", "beslutsdatum": "2021-09-01", "person": PERSON}, {"ref": "B-02"}])
        ran = run(app, "report", "quarter", 2021, 4, "--audience", "ivo", "--by", "eva@kommun.example")
        assert ran.code == 0, ran.err
        rows = json.loads(ran.out)["rows"]
        assert {(row["ref"], row["person"]) for row in rows} == {("B-01", PERSON), ("B-02", None)}
        for options in ((), ("--by", "kvalitet@kommun.example")):
            refused = run(app, "report", "quarter", 2021, 4, "--audience", "ivo", *options)
            assert (refused.code, refused.out) == (1, "")
