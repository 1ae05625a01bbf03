"""`flask sample verify` draws again, and says whether it came out the same."""

from sqlalchemy import update

from tests.decisions.running import run
from tests.stickprov.making import items
from tracker.control.drawn import DrawnSample
from tracker.database import db
from tracker.stickprov.models import SampleItem


def test_the_last_line_says_what_was_done(app, drawer):
    sample_id = drawer.drawn()
    drawer.draw(sample_id, reason="Fel period angavs")
    ran = run(app, "sample", "verify", 2021, "K1", "S1")
    assert (ran.code, ran.err) == (0, "")
    assert ran.last == "Stickprovet S1 av K1 2021 drogs om ur 12 poster: 2 av 2 dragningar stämmer."


def test_it_ends_with_1_where_nothing_is_drawn(app, drawer):
    drawer.lock()
    for refs in (("K1", "S1"), ("K1", "P1"), ("K1", "S2"), ("K2", "S1")):
        ran = run(app, "sample", "verify", 2021, *refs)
        assert (ran.code, ran.out) == (1, "")
        assert "inte draget" in ran.err


def test_it_ends_with_1_when_another_item_stands_there(app, drawer):
    sample_id = drawer.drawn()
    taken = {found.item.place for found in items(sample_id)}
    other = next(place for place in range(12) if place not in taken)
    db.session.execute(update(SampleItem).where(SampleItem.position == 2).values(place=other))
    ran = run(app, "sample", "verify", 2021, "K1", "S1")
    assert ran.code == 1
    assert "1 av 1 dragningar stämmer inte" in ran.err


def test_it_ends_with_1_when_the_population_is_another(app, drawer):
    drawer.drawn()
    db.session.execute(update(DrawnSample).values(population_refs=None))
    ran = run(app, "sample", "verify", 2021, "K1", "S1")
    assert ran.code == 1
    assert "populationen är inte den som låstes" in ran.out
