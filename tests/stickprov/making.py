"""Locks, draws and checks stickprov as the pages do, each act committed at once."""

from dataclasses import dataclass, replace

import pytest

from tests.factories import make_user
from tracker import clock
from tracker.accounts.queries import find_user
from tracker.control.queries import find_moment
from tracker.database import db, writer
from tracker.records.scope import EVERY_RECORD
from tracker.rules.control_grading import Outcome
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Role
from tracker.rules.sample_work import Verdict
from tracker.rules.sampling import Population, SelectBy, Selection, numbered, read_population
from tracker.stickprov import attaching, services
from tracker.stickprov.queries import ItemRow, SampleRow, find_sample, list_draws, list_items

DECIDER = "godkanner@kommun.example"
CAROL = "carol@kommun.example"
TWELVE = read_population(f"F-{number:02}" for number in range(1, 13))
SEED = bytes(range(32))  # of the worked example in rules/sampling.py: places 8, 3, 11, 4, 0, 7, 10, 9, 1, 2, 6, 5
FOUR = Selection(SelectBy.NUMBER, 4)


@dataclass
class Drawer:
    """Somebody who works with the stickprov of a kontrollmoment."""

    moment_id: int
    user_id: int

    def lock(self, ref: str = "S1", population: Population = TWELVE, **others: object) -> int:
        wish = replace(services.Wish(ref, population, "Attest\nDeltagarlista"), **others)
        return done(services.lock_population, self.moment_id, wish, self.user_id, clock.now())

    def draw(self, sample_id: int, selection: Selection = FOUR, reason: str = "") -> None:
        done(services.draw, sample_id, row(sample_id).drawn.version, selection, reason, self.user_id, clock.now())

    def drawn(self, ref: str = "S1", population: Population = TWELVE, **others: object) -> int:
        sample_id = self.lock(ref, population, **others)
        self.draw(sample_id)
        return sample_id

    def propose(self, sample_id: int) -> None:
        done(services.propose, sample_id, row(sample_id).drawn.version, self.user_id)

    def accept(self, sample_id: int) -> None:
        by = decider()
        done(services.accept, sample_id, row(sample_id).drawn.version, by, clock.now())

    def accepted(self, ref: str = "S1", **others: object) -> int:
        """A stickprov of four with one deviation, accepted."""
        sample_id = self.drawn(ref, **others)
        note(sample_id, {1: entry(Verdict.DEVIATING, "Attest"), **dict.fromkeys((2, 3, 4), entry(Verdict.APPROVED))})
        self.propose(sample_id)
        self.accept(sample_id)
        return sample_id

    def outcome(self) -> Outcome:
        db.session.rollback()
        moment, _ = find_moment(self.moment_id, EVERY_RECORD)
        return moment.outcome


def decider() -> int:
    """Somebody else than who draws: nobody accepts what they have handed over."""
    found = find_user(DECIDER)
    return found.id if found else make_user(DECIDER, Role.CONTROL_COORDINATOR).id


def done(act, *arguments):
    """Does it, committed; gives what it gave."""
    with writer():
        result = act(*arguments)
        db.session.commit()
    return result


def refused(act, *arguments) -> RuleViolation:
    """The refusal; nothing of what was begun stays."""
    with pytest.raises(RuleViolation) as violation, writer():
        act(*arguments)
    db.session.rollback()
    return violation.value


def row(sample_id: int) -> SampleRow:
    db.session.rollback()
    return find_sample(sample_id, EVERY_RECORD)


def items(sample_id: int) -> list[ItemRow]:
    db.session.rollback()
    return list_items(list_draws(sample_id)[-1].id)


def figures(sample_id: int) -> tuple[int, int, int]:
    sample = row(sample_id).sample
    return sample.selected, sample.dropouts, sample.deviations


def entry(verdict: Verdict | None, *failed: str, comment: str = "", version: int = 1) -> services.Entry:
    return services.Entry(version, verdict, failed, comment)


def by_item(sample_id: int, entries: dict[int, services.Entry]) -> dict[int, services.Entry]:
    """Entries by position as the service takes them, by number."""
    numbers = {found.item.position: found.item.id for found in items(sample_id)}
    return {numbers[position]: given for position, given in entries.items()}


def note(sample_id: int, entries: dict[int, services.Entry], by: int | None = None) -> int:
    """Notes results, as who drew unless somebody else is named."""
    by = by or list_draws(sample_id)[-1].drawn_by
    return done(services.note_results, sample_id, by_item(sample_id, entries), by)


PDF = b"%PDF-1.7\n% ett kvitto\n%%EOF\n"


def attached(sample_id: int, by: int, data: bytes = PDF, name: str = "kvitto.pdf", position: int = 1) -> int:
    """A file of an item, by its position."""
    item_id = items(sample_id)[position - 1].item.id
    return done(attaching.attach, sample_id, item_id, data, name, by, clock.now())


def thousand() -> Population:
    return numbered(1_000)
