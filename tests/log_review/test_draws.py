"""The sample of a check: drawn from what was fixed before, repeated, drawn again with a reason."""

import secrets
from datetime import date

import pytest
from sqlalchemy import update

from tests.log_review.checking import THIRD, draw, items, refused
from tests.log_review.events import at, make_record, read, unit_id
from tracker import clock
from tracker.accounts.queries import find_top_unit
from tracker.database import db
from tracker.log_review import services
from tracker.log_review.checks import list_draws, list_items, population
from tracker.log_review.models import LogDraw, LogDrawItem
from tracker.log_review.packing import pack, unpack
from tracker.rules import drawing
from tracker.rules.trail import Action, TargetKind


class TestDraw:
    """The population is fixed, then the seed is made, then the sample drawn."""

    def test_it_draws_from_the_readings_of_the_period_and_the_kinds(self, third):
        made = draw()
        assert (made.number, made.population_count, made.sample_size, made.algorithm) == (1, 5, 3, "hmac-sha256-1")
        assert unpack(made.population) == third
        assert made.population_hash == drawing.population_hash(third)
        assert [item.read_id for item in items()] == drawing.draw(made.seed, third, 3)

    def test_a_plan_of_a_part_draws_what_is_about_its_records(self, third, people):
        other = make_record("B-2", "Barn")
        there = read(at("2026-08-20"), people["anna"], record_id=other)
        quarter = (date(2026, 7, 1), date(2026, 9, 30), "record export")
        assert population(*quarter, unit_id("Barn")) == [there]
        assert population(*quarter, unit_id("Vuxen")) == [third[0], third[1], third[3], third[4]]
        assert population(*quarter, find_top_unit().id) == sorted([*third, there])

    def test_the_draw_is_noted_with_all_it_takes_to_repeat_it(self, third, trailed):
        made = draw()
        (call,) = trailed
        assert (call["action"], call["target"]) == (Action.LOG_CHECK_DRAWN, (TargetKind.LOG_CHECK, 3))
        assert call["changes"] == {
            "draw": (None, 1), "algorithm": (None, "hmac-sha256-1"), "seed": (None, made.seed),
            "population_count": (None, 5), "population_hash": (None, made.population_hash), "sample_size": (None, 3),
        }  # fmt: skip

    def test_it_can_be_repeated(self, third, granskare):
        draw()
        assert services.verify_draw(list_draws(3)[0]) == services.Verification(True, True, True)
        page = granskare.get(f"{THIRD}/dragning/1")
        assert "gav samma läsningar i samma ordning" in page.text
        assert list_draws(3)[0].seed.hex() in page.text
        assert granskare.get(f"{THIRD}/dragning/2", status=404).status == 404

    @pytest.mark.parametrize(
        ("values", "kept"), [({"seed": bytes(32)}, True), ({"algorithm": "other-1"}, True),
                             ({"population": pack([1, 2])}, False), ({"population": b"damaged"}, False),
                             ({"population_hash": bytes(32)}, False), ({"sample_size": 2}, True)],
    )  # fmt: skip
    def test_a_draw_that_was_tampered_with_is_found(self, third, values, kept, monkeypatch):
        # of the sixty samples in order that are possible, this seed and the one of zeros give two different ones
        monkeypatch.setattr(secrets, "token_bytes", lambda size: b"\x01" * size)
        draw()
        db.session.execute(update(LogDraw).values(**values))
        db.session.commit()
        db.session.expire_all()
        found = services.verify_draw(list_draws(3)[0])
        assert not found.holds
        assert found.population_kept is kept

    def test_another_sample_than_the_drawn_is_found(self, third, granskare):
        draw()
        left = next(number for number in third if number not in {item.read_id for item in items()})
        db.session.execute(update(LogDrawItem).where(LogDrawItem.position == 1).values(read_id=left))
        db.session.commit()
        assert not services.verify_draw(list_draws(3)[0]).same_sample
        assert "ger den andra läsningar" in granskare.get(f"{THIRD}/dragning/1").text

    def test_what_the_log_holds_now_is_told_apart_from_what_was_drawn(self, third, people):
        made = draw()
        read(at("2026-08-21"), people["anna"])
        found = services.verify_draw(made)
        assert (found.holds, found.as_in_log) == (True, False)

    def test_a_period_that_runs_cannot_be_drawn(self, plan, granskare):
        assert refused(services.draw_sample, 4, 1, "", 1, clock.today(), clock.now()).code == "period_runs"
        page = granskare.get("/logg/kontroller/4/dra")
        assert "tidigast 2027-01-01" in page.text

    def test_a_period_without_readings_is_drawn_empty_and_can_be_signed(self, plan, granskare):
        granskare.get(f"{THIRD}/dra")
        page = granskare.submit({}, form="Dra stickprovet")
        assert "Stickprovet är draget: 0 av 0 läsningar." in page.text
        granskare.click("Signera")
        page = granskare.submit({"result": "utan-anmarkning"})
        assert "Kontrollen är signerad." in page.text

    def test_drawing_again_needs_a_reason_and_both_draws_stay(self, third, granskare, trailed):
        draw()
        first = [item.read_id for item in items()]
        granskare.get(f"{THIRD}/dra")
        page = granskare.submit({"reason": " "}, status=422)
        assert "Skriv varför stickprovet dras om" in page.text
        page = granskare.submit({"reason": "Planen gällde fel enhet"})
        assert page.table("Dragningar").column("Varför den drogs om") == ["–", "Planen gällde fel enhet"]
        assert trailed[-1]["reason"] == "Planen gällde fel enhet"
        draws = list_draws(3)
        assert [made.number for made in draws] == [1, 2]
        assert [item.read_id for item in list_items(draws[0].id)] == first
        assert draws[0].seed != draws[1].seed
        assert services.verify_draw(draws[1]).holds

    def test_two_who_draw_at_once_draw_once(self, third):
        draw()
        assert refused(services.draw_sample, 3, 1, "", 1, clock.today(), clock.now()).code == "stale"
        assert len(list_draws(3)) == 1


def test_numbers_are_packed_small_and_come_out_as_they_went_in():
    numbers = [7, 3, 1_000_000, 4]
    assert unpack(pack(numbers)) == [3, 4, 7, 1_000_000]
    assert unpack(pack([])) == []
    assert len(pack(range(1, 100_001))) < 1_000
    with pytest.raises(ValueError, match="damaged"):
        unpack(b"nonsense")
