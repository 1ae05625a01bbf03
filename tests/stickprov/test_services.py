"""Stickprov from locking to acceptance: what counts, what is refused, and what the trail keeps."""

import json
import secrets
import zlib

import pytest
from sqlalchemy import func, select, update

from tests.audit.trails import entries, parts, verdict
from tests.control.office import SAMPLE_HEAD, ControlOffice
from tests.stickprov.making import (
    FOUR,
    SEED,
    TWELVE,
    by_item,
    decider,
    done,
    entry,
    figures,
    items,
    note,
    refused,
    row,
    thousand,
)
from tracker import clock
from tracker.audit.models import AuditPart
from tracker.control.drawn import DrawnSample
from tracker.control.models import ControlSample
from tracker.control.queries import list_samples
from tracker.database import db
from tracker.risk.models import ControlPlan
from tracker.rules.control_grading import Outcome
from tracker.rules.sample_work import SampleState, Verdict
from tracker.rules.sampling import Item, SelectBy, Selection, numbered, population_hash, read_items, read_population
from tracker.stickprov import services
from tracker.stickprov.models import SampleDraw, SampleItem
from tracker.stickprov.queries import list_draws, population_of, reason_of, verify_draw
from tracker.stickprov.sealing import POPULATION
from tracker.vault import vault

APPROVED, DEVIATING, DROPOUT = Verdict.APPROVED, Verdict.DEVIATING, Verdict.DROPOUT


@pytest.fixture
def known_seed(monkeypatch):
    """Each draw gets the seed of the worked example."""
    monkeypatch.setattr(secrets, "token_bytes", lambda size: SEED[:size])


class TestLocking:
    def test_the_population_is_fixed_before_there_is_any_draw(self, drawer):
        found = row(drawer.lock())
        assert found.state is SampleState.LOCKED
        assert found.drawn.population_hash == population_hash(TWELVE)
        assert (found.sample.population, figures(found.sample.id)) == (12, (0, 0, 0))
        assert found.criteria == ["Attest", "Deltagarlista"]
        assert b"F-01" not in found.drawn.population_refs
        assert list_draws(found.sample.id) == []

    def test_a_size_alone_will_do(self, drawer):
        sample_id = drawer.lock(population=thousand())
        assert row(sample_id).drawn.population_refs is None
        drawer.draw(sample_id)
        assert all(1 <= int(found.reference) <= 1_000 for found in items(sample_id))

    def test_personnummer_are_refused_without_being_repeated(self, drawer):
        wish = services.Wish("S1", read_population(["F-1", "19121212-1212", "F-2"]))
        violation = refused(services.lock_population, drawer.moment_id, wish, drawer.user_id, clock.now())
        assert (violation.code, violation.field) == ("population_person", "population")
        assert "1 av referenserna" in violation.message
        assert "1212" not in violation.message

    @pytest.mark.parametrize(
        ("wish", "code", "field"),
        [
            (services.Wish(" ", TWELVE), "sample_ref", "ref"),
            (services.Wish("S" * 41, TWELVE), "sample_ref", "ref"),
            (services.Wish("P1", TWELVE), "sample_taken", "ref"),
            (services.Wish("S1", TWELVE, "\n".join(map(str, range(21)))), "criteria_many", "criteria"),
            (services.Wish("S1", TWELVE, "x" * 61), "criteria_long", "criteria"),
            (services.Wish("S1", TWELVE, "19121212-1212"), "person_number", "criteria"),
            (services.Wish("S1", TWELVE, retest_of=999_999), "retest", "retest_of"),
        ],
    )
    def test_what_cannot_be_locked(self, drawer, wish, code, field):
        violation = refused(services.lock_population, drawer.moment_id, wish, drawer.user_id, clock.now())
        assert (violation.code, violation.field) == (code, field)

    def test_no_retest_of_what_is_not_accepted_yet(self, drawer):
        wish = services.Wish("S2", TWELVE, retest_of=drawer.drawn())
        violation = refused(services.lock_population, drawer.moment_id, wish, drawer.user_id, clock.now())
        assert violation.code == "retest_waits"


class TestDrawing:
    def test_the_worked_example(self, drawer, known_seed):
        sample_id = drawer.drawn()
        assert [found.reference for found in items(sample_id)] == ["F-09", "F-04", "F-12", "F-05"]
        assert figures(sample_id) == (4, 0, 0)
        assert row(sample_id).state is SampleState.DRAWN

    def test_each_seed_is_the_systems_own(self, drawer):
        seeds = set()
        for ref in ("S1", "S2"):
            seeds.add(list_draws(drawer.drawn(ref))[0].seed)
        assert len(seeds) == 2

    def test_drawing_again_needs_a_reason_and_both_stay(self, drawer):
        sample_id = drawer.drawn()
        note(sample_id, {1: entry(DEVIATING, "Attest")})
        version = row(sample_id).drawn.version
        arguments = (sample_id, version, FOUR, "fel", drawer.user_id, clock.now())
        assert refused(services.draw, *arguments).field == "reason"
        drawer.draw(sample_id, reason="Fel period angavs")
        assert [made.number for made in list_draws(sample_id)] == [1, 2]
        assert figures(sample_id) == (4, 0, 0)
        assert db.session.scalar(select(func.count()).select_from(SampleItem)) == 8
        assert all(verify_draw(row(sample_id), made).holds for made in list_draws(sample_id))

    def test_two_who_draw_at_once_draw_once(self, drawer):
        sample_id = drawer.lock()
        drawer.draw(sample_id)
        assert refused(services.draw, sample_id, 1, FOUR, "", drawer.user_id, clock.now()).code == "stale"
        assert len(list_draws(sample_id)) == 1

    def test_more_than_there_is_cannot_be_drawn(self, drawer):
        sample_id = drawer.lock()
        wanted = Selection(SelectBy.NUMBER, 13)
        assert refused(services.draw, sample_id, 1, wanted, "", drawer.user_id, clock.now()).field == "amount"

    def test_months_and_units_are_kept(self, drawer):
        population = read_items(Item(f"F-{n}", f"2021-0{1 + n % 2}", "Åby" if n else "By") for n in range(6))
        sample_id = drawer.lock(population=population)
        drawer.draw(sample_id, Selection(SelectBy.A_MONTH, 1, each_unit=True))
        assert {found.unit for found in items(sample_id)} == {"Åby", "By"}
        assert verify_draw(row(sample_id), list_draws(sample_id)[0]).holds


class TestResults:
    def test_figures_follow_the_items(self, drawer):
        sample_id = drawer.drawn()
        assert note(sample_id, {1: entry(DEVIATING, "Attest"), 2: entry(DROPOUT, comment="Makulerad")}) == 2
        assert figures(sample_id) == (4, 1, 1)
        note(sample_id, {1: entry(APPROVED, version=2), 3: entry(DEVIATING, comment="Fel belopp")})
        assert figures(sample_id) == (4, 1, 1)
        assert [found.words for found in items(sample_id)] == [
            ((), ""),
            ((), "Makulerad"),
            ((), "Fel belopp"),
            ((), ""),
        ]

    def test_the_same_again_changes_nothing(self, drawer):
        sample_id = drawer.drawn()
        note(sample_id, {1: entry(DEVIATING, "Attest")})
        count = len(entries())
        assert note(sample_id, {1: entry(DEVIATING, "Attest"), 2: entry(None)}) == 0
        assert len(entries()) == count

    @pytest.mark.parametrize(
        ("given", "code", "field"),
        [
            (entry(DEVIATING), "deviation_bare", "comment"),
            (entry(DEVIATING, "Annat"), "criteria_unknown", "failed"),
            (entry(APPROVED, "Attest"), "failed_approved", "verdict"),
            (entry(DROPOUT), "dropout_reason", "comment"),
            (entry(None, comment="Ser bra ut"), "no_verdict", "verdict"),
            (entry(APPROVED, comment="Gäller 19121212-1212"), "person_number", "comment"),
            (entry(APPROVED, version=2), "stale", "verdict"),
        ],
    )
    def test_what_cannot_be_noted(self, drawer, given, code, field):
        sample_id = drawer.drawn()
        wanted = by_item(sample_id, {2: entry(APPROVED), 3: given})
        violation = refused(services.note_results, sample_id, wanted, drawer.user_id)
        assert (violation.code, violation.field) == (code, f"{field}_{items(sample_id)[2].item.id}")
        assert figures(sample_id) == (4, 0, 0)
        assert [found.verdict for found in items(sample_id)] == [None] * 4

    def test_items_of_an_earlier_draw_are_not_noted(self, drawer):
        sample_id = drawer.drawn()
        old = by_item(sample_id, {1: entry(APPROVED)})
        drawer.draw(sample_id, reason="Fel period angavs")
        assert refused(services.note_results, sample_id, old, drawer.user_id).code == "stale"

    def test_nothing_is_noted_before_the_draw(self, drawer):
        assert refused(services.note_results, drawer.lock(), {}, drawer.user_id).code == "not_drawn"

    def test_every_item_dropped_gives_no_percentage(self, drawer):
        sample_id = drawer.drawn()
        note(sample_id, {position: entry(DROPOUT, comment="Saknas") for position in (1, 2, 3, 4)})
        drawer.propose(sample_id)
        drawer.accept(sample_id)
        assert figures(sample_id) == (4, 4, 0)
        assert drawer.outcome() == Outcome(10, 9)  # the imported one alone
        assert Outcome(0, 0).percent is None


class TestReplacing:
    def test_the_next_in_the_order_of_the_draw_stands_in(self, drawer, known_seed):
        sample_id = drawer.drawn()
        note(sample_id, {2: entry(DROPOUT, comment="Makulerad")})
        assert done(services.replace_dropouts, sample_id, row(sample_id).drawn.version) == 1
        found = items(sample_id)
        assert [one.reference for one in found] == ["F-09", "F-04", "F-12", "F-05", "F-01"]
        assert found[4].replaces == 2
        assert figures(sample_id) == (5, 1, 0)
        note(sample_id, {5: entry(DROPOUT, comment="Makulerad")})
        done(services.replace_dropouts, sample_id, row(sample_id).drawn.version)
        assert items(sample_id)[5].reference == "F-08"
        assert verify_draw(row(sample_id), list_draws(sample_id)[0]).holds

    def test_a_replaced_dropout_stays_one(self, drawer):
        sample_id = drawer.drawn()
        note(sample_id, {2: entry(DROPOUT, comment="Makulerad")})
        done(services.replace_dropouts, sample_id, row(sample_id).drawn.version)
        wanted = by_item(sample_id, {2: entry(APPROVED, version=2)})
        assert refused(services.note_results, sample_id, wanted, drawer.user_id).code == "replaced"

    def test_nothing_is_left_when_all_were_drawn(self, drawer):
        sample_id = drawer.lock(population=numbered(2))
        drawer.draw(sample_id, Selection(SelectBy.ALL))
        assert refused(services.replace_dropouts, sample_id, 2).code == "no_dropouts"
        note(sample_id, {1: entry(DROPOUT, comment="Makulerad")})
        assert refused(services.replace_dropouts, sample_id, row(sample_id).drawn.version).code == "none_left"


class TestAcceptance:
    def test_it_counts_only_when_it_is_accepted(self, drawer):
        sample_id = drawer.drawn()
        note(sample_id, {1: entry(DEVIATING, "Attest"), **dict.fromkeys((2, 3, 4), entry(APPROVED))})
        assert drawer.outcome() == Outcome(10, 9)
        drawer.propose(sample_id)
        assert drawer.outcome() == Outcome(10, 9)
        drawer.accept(sample_id)
        assert drawer.outcome() == Outcome(14, 12)
        found = row(sample_id)
        assert (found.state, found.drawn.accepted_by) == (SampleState.ACCEPTED, decider())

    def test_nobody_accepts_what_they_have_handed_over(self, drawer):
        sample_id = drawer.drawn()
        note(sample_id, dict.fromkeys((1, 2, 3, 4), entry(APPROVED)))
        drawer.propose(sample_id)
        version = row(sample_id).drawn.version
        violation = refused(services.accept, sample_id, version, drawer.user_id, clock.now())
        assert violation.code == "own_sample"
        assert "en annan internkontrollsamordnare eller kvalitetsledare" in violation.message
        done(services.send_back, sample_id, version, "Titta på post 1 igen")
        assert row(sample_id).state is SampleState.RETURNED

    def test_nobody_accepts_what_they_have_noted_though_another_handed_it_over_or_wrote_over_it(self, drawer):
        sample_id = drawer.drawn()
        note(sample_id, {1: entry(APPROVED)}, by=decider())
        note(sample_id, dict.fromkeys((2, 3, 4), entry(APPROVED)))
        note(sample_id, {1: entry(DEVIATING, "Attest", version=2)})
        drawer.propose(sample_id)
        version = row(sample_id).drawn.version
        violation = refused(services.accept, sample_id, version, decider(), clock.now())
        assert violation.code == "own_sample"
        assert row(sample_id).state is SampleState.PROPOSED

    def test_who_drew_may_accept_what_others_noted(self, drawer):
        sample_id, other = drawer.drawn(), decider()
        note(sample_id, dict.fromkeys((1, 2, 3, 4), entry(APPROVED)), by=other)
        done(services.propose, sample_id, row(sample_id).drawn.version, other)
        done(services.accept, sample_id, row(sample_id).drawn.version, drawer.user_id, clock.now())
        assert row(sample_id).drawn.accepted_by == drawer.user_id

    def test_what_was_noted_before_a_redraw_binds_nobody(self, drawer):
        sample_id = drawer.drawn()
        note(sample_id, {1: entry(APPROVED)}, by=decider())
        drawer.draw(sample_id, reason="Fel period angavs")
        note(sample_id, dict.fromkeys((1, 2, 3, 4), entry(APPROVED)))
        drawer.propose(sample_id)
        drawer.accept(sample_id)
        assert row(sample_id).drawn.accepted_by == decider()

    def test_it_is_proposed_when_all_is_checked(self, drawer):
        sample_id = drawer.drawn()
        note(sample_id, dict.fromkeys((1, 2, 3), entry(APPROVED)))
        violation = refused(services.propose, sample_id, row(sample_id).drawn.version, drawer.user_id)
        assert violation.message.startswith("1 av 4 poster saknar resultat")

    def test_what_is_sent_back_can_be_changed_and_proposed_again(self, drawer):
        sample_id = drawer.drawn()
        note(sample_id, dict.fromkeys((1, 2, 3, 4), entry(APPROVED)))
        drawer.propose(sample_id)
        version = row(sample_id).drawn.version
        assert refused(services.send_back, sample_id, version, " ").field == "comment"
        done(services.send_back, sample_id, version, "Titta på post 1 igen")
        assert (row(sample_id).state, row(sample_id).returned) == (SampleState.RETURNED, "Titta på post 1 igen")
        note(sample_id, {1: entry(DEVIATING, "Attest", version=2)})
        drawer.propose(sample_id)
        drawer.accept(sample_id)
        assert drawer.outcome() == Outcome(14, 12)

    def test_what_is_accepted_stands(self, drawer):
        sample_id = drawer.accepted()
        version = row(sample_id).drawn.version
        again = (sample_id, version, FOUR, "Fel period angavs", drawer.user_id, clock.now())
        assert refused(services.draw, *again).code == "not_drawable"
        assert refused(services.note_results, sample_id, {}, drawer.user_id).code == "not_at_work"
        assert refused(services.accept, sample_id, version, decider(), clock.now()).code == "not_proposed"
        assert refused(services.send_back, sample_id, version, "Ändra dig").code == "not_proposed"

    def test_a_retest_stands_beside_the_first_and_never_counts(self, drawer):
        first = drawer.accepted()
        drawer.accepted("S9")
        drawer.accepted("A1", retest_of=first)
        assert drawer.outcome() == Outcome(18, 15)  # 10 + 4 + 4, 9 + 3 + 3
        found = [(one.ref, one.first_ref) for one in list_samples(drawer.moment_id)]
        assert found == [("P1", None), ("S1", None), ("A1", "S1"), ("S9", None)]

    def test_a_file_never_overwrites_what_was_drawn(self, app, drawer, tmp_path):
        sample_id = drawer.accepted()
        told = ControlOffice(app, tmp_path).refused("samples", f"{SAMPLE_HEAD}\n2021;K1;S1;;;4;;0;")
        assert "är draget här" in told[0]
        assert figures(sample_id) == (4, 0, 1)


class TestSealed:
    """What lies in the database of a stickprov says neither which units nor why it was drawn again."""

    def test_units_and_reasons_are_sealed(self, drawer):
        sample_id = drawer.drawn(population=read_items(Item(f"F-{n}", "2021-05", "Enhet Nord") for n in range(12)))
        drawer.draw(sample_id, reason="Fel period angavs")
        assert {found.unit for found in items(sample_id)} == {"Enhet Nord"}
        told = db.session.execute(select(SampleItem.unit, SampleItem.reference)).all()
        assert len(told) == 8
        assert not any(b"Nord" in unit or b"F-" in reference for unit, reference in told)
        first, second = list_draws(sample_id)
        assert (first.reason, reason_of(first), reason_of(second)) == (None, "", "Fel period angavs")
        assert b"period" not in second.reason
        assert verify_draw(row(sample_id), second).holds

    def test_a_population_that_was_packed_as_before_is_opened(self, drawer):
        sample_id = drawer.lock()
        columns = [TWELVE.references, TWELVE.months, TWELVE.units]
        sealed = vault.seal(zlib.compress(json.dumps(columns).encode()), sample_id, POPULATION)
        done(db.session.execute, update(DrawnSample).values(population_refs=sealed))
        drawer.draw(sample_id)
        assert population_of(row(sample_id)) == TWELVE
        assert verify_draw(row(sample_id), list_draws(sample_id)[0]).holds

    def test_columns_of_different_lengths_are_no_population(self, drawer):
        sample_id = drawer.drawn()
        done(db.session.execute, update(ControlSample).where(ControlSample.id == sample_id).values(population=11))
        assert not verify_draw(row(sample_id), list_draws(sample_id)[0]).holds


class TestFollowedUp:
    @pytest.mark.parametrize("state", ["followed_up", "approved"])
    def test_nothing_is_locked_drawn_or_accepted_after_the_year_has_been_followed_up(self, drawer, state):
        locked, proposed = drawer.lock("S1"), drawer.drawn("S2")
        note(proposed, {position: entry(APPROVED) for position in range(1, 5)})
        drawer.propose(proposed)
        done(db.session.execute, update(ControlPlan).values(state=state))
        wish, now = services.Wish("S3", TWELVE), clock.now()
        for act, *arguments in (
            (services.lock_population, drawer.moment_id, wish, drawer.user_id, now),
            (services.draw, locked, row(locked).drawn.version, FOUR, "", drawer.user_id, now),
            (services.accept, proposed, row(proposed).drawn.version, decider(), now),
        ):
            assert refused(act, *arguments).code == "results_closed"
        assert [row(one).state for one in (locked, proposed)] == [SampleState.LOCKED, SampleState.PROPOSED]


class TestTrail:
    def test_every_step_is_told_and_the_trail_is_whole(self, drawer):
        drawer.accepted()
        told = [found for found in entries() if found.action.startswith("sample.")]
        assert [found.action for found in told] == [
            "sample.locked", "sample.drawn", "sample.noted", "sample.proposed", "sample.accepted",
        ]  # fmt: skip
        assert {found.record_id for found in told} == {drawer.moment_id}
        assert verdict().whole

    def test_references_and_comments_never_stand_open(self, drawer):
        sample_id = drawer.drawn()
        note(sample_id, {1: entry(DEVIATING, "Attest", comment="Hemlig kommentar")})
        texts = [part.open_values or "" for found in entries() for part in parts(found.id)]
        assert not any("Hemlig" in text or "F-0" in text for text in texts)
        assert any('"verdict_1":[null,"deviating"]' in text for text in texts)
        assert db.session.scalar(select(func.count()).select_from(AuditPart)) == len(texts)


@pytest.mark.parametrize(
    ("values", "kept"),
    [({"seed": bytes(32)}, True), ({"algorithm": "other"}, True), ({"amount": 3}, True),
     ({"population_hash": bytes(32)}, False)],
)  # fmt: skip
def test_a_draw_that_was_tampered_with_is_found(drawer, values, kept):
    sample_id = drawer.drawn()
    db.session.execute(update(SampleDraw).values(**values))
    db.session.commit()
    found = verify_draw(row(sample_id), list_draws(sample_id)[0])
    assert (found.holds, found.population_kept) == (False, kept)
