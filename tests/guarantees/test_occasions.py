"""What becomes of an occasion: begun, ended, prolonged, cancelled, corrected; and the guarantees themselves."""

from datetime import date
from importlib import import_module

import pytest
from sqlalchemy import select, text

from tests.audit.trails import entries, parts, verdict
from tests.guarantees.making import cancelled, cause, done, ended, prolonged, stands, started, stored, who
from tracker.cases.models import Deviation
from tracker.database import db, writer
from tracker.guarantees.models import Guarantee, GuaranteeOccasion
from tracker.guarantees.queries import find_guarantee, guarantee_of, list_guarantees
from tracker.guarantees.services import add_guarantee, change_guarantee, correct_occasion
from tracker.records.models import Record
from tracker.records.versions import StaleVersion
from tracker.rules.errors import RuleViolation
from tracker.rules.guarantees import DEFAULTS, GuaranteeKind, Limit, LimitUnit

OWN = {
    "name": "Stadigvarande serveringstillstånd", "starts_with": "Ansökan var komplett", "ends_with": "Beslut",
    "number": 2, "unit": "månader", "target": 100, "roll": True,
}  # fmt: skip


def test_the_five_that_the_program_knows_have_the_limits_of_the_rules(day):
    found = {row.slug: row for row in list_guarantees()}
    assert list(found) == ["synpunkt", "kontakt", "forhandsbedomning", "barnutredning", "overvagande"]
    assert {row.kind: row.limit for row in found.values()} == {
        kind: limit for kind, limit in DEFAULTS.items() if kind is not GuaranteeKind.LEX_SARAH
    }
    assert [slug for slug, row in found.items() if row.statutory] == [
        "forhandsbedomning", "barnutredning", "overvagande",
    ]  # fmt: skip
    assert found["barnutredning"].law == "20 kap. 3 § SoL"


@pytest.mark.parametrize(
    ("slug", "start", "due"),
    [
        # Working days after Monday 22 December: 23, 29, 30, 2 (a Friday), 5, 7, 8.
        ("kontakt", date(2025, 12, 22), date(2026, 1, 8)),
        ("forhandsbedomning", date(2025, 12, 24), date(2026, 1, 7)),
        ("barnutredning", date(2025, 10, 31), date(2026, 2, 28)),
        ("barnutredning", date(2023, 10, 31), date(2024, 2, 29)),
        ("overvagande", date(2025, 8, 31), date(2026, 2, 28)),
    ],
)
def test_the_last_day_is_stored_as_it_begins(day, slug, start, due):
    row = stored(started(slug, start))
    assert (row.limit_on, row.due_on, row.ended_on, row.excess) == (due, due, None, None)


def test_it_is_a_record_with_a_number_of_its_own_and_its_reference_sealed_in_the_trail(day):
    record_id = started("forhandsbedomning", date(2026, 5, 25), ref="BoU 12/26")
    started("forhandsbedomning", date(2026, 5, 25), ref="BoU 13/26")
    record = db.session.get_one(Record, record_id)
    assert (record.kind, record.number, record.title) == ("guarantee", "G-2026-0001", "Garanti G-2026-0001")
    entry = next(one for one in entries() if one.action == "record.created")
    [part] = parts(entry.id)
    assert "BoU 12/26" not in part.open_values
    assert "2026-05-25" in part.open_values
    assert verdict().whole


@pytest.mark.parametrize(
    ("ref", "start", "at"),
    [
        ("19121212-1212", date(2026, 5, 25), "referens"),
        ("SN-1", date(2026, 6, 2), "startdatum"),
    ],
)
def test_a_personnummer_and_a_day_to_come_are_refused(day, ref, start, at):
    with pytest.raises(RuleViolation) as refused:
        started("kontakt", start, ref=ref)
    assert refused.value.field == at
    db.session.rollback()


def test_the_same_reference_on_the_same_day_is_one_occasion(day):
    started("kontakt", date(2026, 5, 25))
    started("kontakt", date(2026, 5, 26))
    started("forhandsbedomning", date(2026, 5, 25))
    with pytest.raises(RuleViolation) as refused:
        started("kontakt", date(2026, 5, 25))
    assert refused.value.field == "referens"
    db.session.rollback()


def test_one_that_ends_on_its_last_day_is_in_time_and_no_avvikelse(officer):
    record_id = done("forhandsbedomning", date(2026, 3, 2), date(2026, 3, 16), officer)
    assert stored(record_id).excess == 0
    assert db.session.scalars(select(Deviation)).all() == []


def test_the_next_overvagande_begins_with_the_end_of_the_last(officer):
    record_id = started("overvagande", date(2025, 8, 31), ref="F-7")
    came = ended(record_id, date(2026, 2, 27), officer, begins_next=True)
    following = stored(came.next_id)
    assert (following.ref, following.started_on, following.due_on) == ("F-7", date(2026, 2, 27), date(2026, 8, 27))
    other = done("forhandsbedomning", date(2026, 5, 4), date(2026, 5, 5), officer)
    assert stored(other).ended_on == date(2026, 5, 5)


class TestProlonging:
    def test_it_counts_against_the_prolonged_day_and_is_told_as_prolonged(self, officer):
        record_id = started("barnutredning", date(2025, 12, 1))
        prolonged(record_id, date(2026, 5, 15), date(2026, 3, 30), officer)
        row = stored(record_id)
        assert (row.limit_on, row.due_on, row.prolonged_to) == (date(2026, 4, 1), date(2026, 5, 15), date(2026, 5, 15))
        ended(record_id, date(2026, 5, 15), officer)
        assert stored(record_id).excess == 0

    @pytest.mark.parametrize("slug", ["kontakt", "overvagande"])
    def test_only_what_the_law_lets(self, officer, slug):
        record_id = started(slug, date(2026, 5, 1))
        with pytest.raises(RuleViolation):
            prolonged(record_id, date(2026, 12, 24), date(2026, 5, 4), officer)
        db.session.rollback()


def test_a_cancelled_one_is_in_no_state_but_its_own(officer):
    record_id = started("forhandsbedomning", date(2026, 3, 2))
    cancelled(record_id, date(2026, 3, 4), officer)
    assert stored(record_id).cancelled_for == "Flyttade"
    with pytest.raises(RuleViolation):
        ended(record_id, date(2026, 3, 5), officer)
    db.session.rollback()


def test_of_two_who_end_it_at_once_one_is_refused(officer):
    record_id = started("forhandsbedomning", date(2026, 5, 25))
    row = stands(record_id)
    ended(record_id, date(2026, 5, 26), officer)
    with pytest.raises(StaleVersion):
        correct_occasion(
            guarantee_of(row.guarantee_id), row, row.version, {"ended_on": date(2026, 5, 27)}, None, "Fel", who(officer)
        )
    db.session.rollback()
    assert stored(record_id).ended_on == date(2026, 5, 26)


def test_a_corrected_start_counts_by_the_limit_that_it_began_with(officer):
    record_id = started("kontakt", date(2026, 5, 4))
    guarantee = find_guarantee("kontakt")
    with writer():
        change_guarantee(guarantee, guarantee.version, {"number": 3})
        db.session.commit()
    row = stands(record_id)
    with writer():
        correct_occasion(
            find_guarantee("kontakt"), row, row.version, {"started_on": date(2026, 5, 5)}, None, "Fel", who(officer)
        )
        db.session.commit()
    # From Tuesday 5 May: 6, 7, 8, 11, 12, 13 and, past Ascension on the 14th, 15.
    assert stored(record_id).due_on == date(2026, 5, 15)
    assert stored(started("kontakt", date(2026, 5, 5), ref="SN-2")).due_on == date(2026, 5, 8)
    assert entries()[-2].action == "record.corrected"


class TestGuarantees:
    def test_one_of_our_own_is_laid_up_and_runs(self, day):
        with writer():
            slug = add_guarantee(OWN | {"active_from": date(2026, 1, 1)})
            db.session.commit()
        found = find_guarantee(slug)
        assert (slug, found.kind) == ("stadigvarande-serveringstillstand", None)
        assert found.limit == Limit(2, LimitUnit.MONTHS, 100, roll=True)
        # 31 May 2026 is a Sunday: the last day rolls to Monday.
        assert stored(started(slug, date(2026, 3, 31))).due_on == date(2026, 6, 1)
        with pytest.raises(RuleViolation) as refused:
            started(slug, date(2025, 12, 31))
        assert refused.value.field == "startdatum"
        db.session.rollback()

    def test_two_with_one_name_are_refused_and_two_alike_get_addresses_of_their_own(self, day):
        with writer():
            add_guarantee(OWN)
            assert add_guarantee(OWN | {"name": "Stadigvarande serveringstillstand"}).endswith("-2")
            with pytest.raises(RuleViolation):
                add_guarantee(OWN)
        db.session.rollback()

    @pytest.mark.parametrize("slug", ["forhandsbedomning", "barnutredning", "overvagande", "synpunkt"])
    def test_what_the_law_limits_keeps_its_limit_and_may_have_another_target(self, day, slug):
        guarantee = find_guarantee(slug)
        with pytest.raises(RuleViolation):
            change_guarantee(guarantee, guarantee.version, {"number": 30})
        db.session.rollback()
        with writer():
            assert change_guarantee(guarantee, guarantee.version, {"target": 90})
            db.session.commit()
        assert find_guarantee(slug).limit.target == 90
        with pytest.raises(StaleVersion):
            change_guarantee(guarantee, guarantee.version, {"target": 95})
        db.session.rollback()


def test_the_migration_seeds_what_the_rules_say(day):
    seeded = import_module("migrations.versions.0039_guarantees").GUARANTEES
    assert {row[1]: (row[5], row[6], row[7]) for row in seeded} == {
        kind.value: (limit.number, limit.unit.value, limit.target)
        for kind, limit in DEFAULTS.items()
        if kind is not GuaranteeKind.LEX_SARAH
    }
    assert db.session.scalar(select(Guarantee.version).where(Guarantee.slug == "kontakt")) == 1
    assert db.session.scalar(text("SELECT count(*) FROM guarantee_occasion")) == 0
    assert cause("Samverkan") > 0
    assert GuaranteeOccasion.__tablename__ == "guarantee_occasion"
