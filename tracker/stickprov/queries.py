"""Reading stickprov that are drawn, and drawing them again to see that they come out the same."""

import zlib
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import func, select

from tracker.control.drawn import DrawnSample
from tracker.control.models import ControlMoment, ControlSample
from tracker.database import db
from tracker.records.models import Mark
from tracker.records.scope import Scope, visible
from tracker.rules.errors import RuleViolation
from tracker.rules.sample_work import SampleState, Verdict
from tracker.rules.sampling import ALGORITHM, Population, SelectBy, Selection, population_hash, replacement, take
from tracker.stickprov.models import SampleDraw, SampleItem, SampleItemAttachment, SampleItemNoter
from tracker.stickprov.sealing import REASON, REFERENCE, RETURNED, UNIT, Words, open_population, open_words
from tracker.vault import VaultError, vault

M, S, D = ControlMoment, ControlSample, DrawnSample


class SampleRow(NamedTuple):
    """A stickprov with its kontrollmoment."""

    drawn: DrawnSample
    sample: ControlSample
    moment: ControlMoment

    @property
    def state(self) -> SampleState:
        """How far it has come."""
        return SampleState(self.drawn.state)

    @property
    def criteria(self) -> list[str]:
        """What each item is checked by."""
        return self.drawn.criteria.splitlines()

    @property
    def returned(self) -> str:
        """Why it was sent back; empty when it was not."""
        sealed = self.drawn.returned
        return "" if sealed is None else vault.decrypt(sealed, self.sample.id, RETURNED)


class ItemRow(NamedTuple):
    """An item of a draw with what is sealed about it; `replaces` is the number of the item that it stands for."""

    item: SampleItem
    reference: str
    unit: str
    words: Words
    replaces: int | None

    @property
    def verdict(self) -> Verdict | None:
        """What it came to."""
        return Verdict(self.item.verdict) if self.item.verdict else None


_ROWS = select(D, S, M).join(S, S.id == D.sample_id).join(M, M.record_id == S.moment_id)


def find_sample(sample_id: int, scope: Scope) -> SampleRow | None:
    """A drawn stickprov; None when there is none or the reader may not see its kontrollmoment."""
    seen = visible(M.record_id, M.unit_id, M.mark, scope)
    row = db.session.execute(_ROWS.where(D.sample_id == sample_id, seen), scope.values).first()
    return SampleRow(*row) if row else None


def find_by_refs(year: int, moment_ref: str, sample_ref: str) -> SampleRow | None:
    """A drawn stickprov by what it is called; nothing of a voided kontrollmoment."""
    wanted = (M.year == year, M.ref == moment_ref, S.ref == sample_ref, M.mark != Mark.VOIDED.value)
    row = db.session.execute(_ROWS.where(*wanted)).first()
    return SampleRow(*row) if row else None


def list_refs(moment_id: int) -> list[tuple[int, str]]:
    """(number, ref) of all stickprov of a kontrollmoment, in natural order."""
    rows = db.session.execute(select(S.id, S.ref).where(S.moment_id == moment_id).order_by(S.ref_key, S.ref))
    return [(row[0], row[1]) for row in rows]


def list_draws(sample_id: int) -> list[SampleDraw]:
    """The draws of a stickprov, the first first."""
    return list(db.session.scalars(select(SampleDraw).filter_by(sample_id=sample_id).order_by(SampleDraw.number)))


def list_items(draw_id: int) -> list[ItemRow]:
    """The items of a draw in the order in which they were drawn, replacements last."""
    items = list(db.session.scalars(select(SampleItem).filter_by(draw_id=draw_id).order_by(SampleItem.position)))
    positions = {item.id: item.position for item in items}
    return [
        ItemRow(
            item, vault.decrypt(item.reference, item.id, REFERENCE),
            vault.decrypt(item.unit, item.id, UNIT) if item.unit else "", open_words(item.words, item.id),
            positions.get(item.replaces_id or 0),
        )
        for item in items
    ]  # fmt: skip


def find_item(sample_id: int, item_id: int) -> ItemRow | None:
    """An item of the latest draw of a stickprov."""
    draws = list_draws(sample_id)
    return next((row for row in list_items(draws[-1].id) if row.item.id == item_id), None) if draws else None


def find_read(sample_id: int, item_id: int) -> tuple[ItemRow, SampleDraw] | None:
    """An item of any draw of a stickprov, to be read, and its draw."""
    of = select(SampleDraw).join(SampleItem, SampleItem.draw_id == SampleDraw.id)
    made = db.session.scalars(of.where(SampleDraw.sample_id == sample_id, SampleItem.id == item_id)).one_or_none()
    return None if made is None else (next(row for row in list_items(made.id) if row.item.id == item_id), made)


def count_attachments(draw_id: int) -> dict[int, int]:
    """How many files each item of a draw has; items without any are left out."""
    linked = select(SampleItemAttachment.item_id, func.count()).join(SampleItem)
    rows = db.session.execute(linked.where(SampleItem.draw_id == draw_id).group_by(SampleItemAttachment.item_id))
    return {row[0]: row[1] for row in rows}


def list_noters(draw_id: int) -> list[int]:
    """The users who have noted what any item of a draw came to, whether it stands or another wrote over it."""
    noters = select(SampleItemNoter.user_id).join(SampleItem).where(SampleItem.draw_id == draw_id).distinct()
    return list(db.session.scalars(noters.order_by(SampleItemNoter.user_id)))


def hands_of(row: SampleRow) -> set[int]:
    """Those whose work a stickprov is: who noted items of the latest draw, and who handed it over."""
    draws = list_draws(row.sample.id)
    noters = list_noters(draws[-1].id) if draws else []
    return {user_id for user_id in (row.drawn.proposed_by, *noters) if user_id is not None}


def reason_of(draw: SampleDraw) -> str:
    """Why it was drawn again; empty for the first draw."""
    return vault.decrypt(draw.reason, draw.id, REASON) if draw.reason else ""


def population_of(row: SampleRow) -> Population:
    """What there is to draw from. Raises VaultError or ValueError for what has been damaged."""
    return open_population(row.drawn.population_refs, row.sample.population or 0, row.sample.id)


def selection_of(draw: SampleDraw) -> Selection:
    """The plan that a draw was made by."""
    return Selection(SelectBy(draw.select_by), draw.amount, draw.each_unit)


@dataclass(frozen=True, slots=True)
class Verification:
    """Whether a draw can be made again: its population is the one that was locked, and the same items come out."""

    population_kept: bool
    same_items: bool

    @property
    def holds(self) -> bool:
        """Whether the draw stands."""
        return self.population_kept and self.same_items


def verify_draw(row: SampleRow, draw: SampleDraw) -> Verification:
    """Draws again from what is stored, replacements too, and compares item by item."""
    try:
        population = population_of(row)
    except (VaultError, RuleViolation, ValueError, TypeError, zlib.error):
        return Verification(False, False)
    kept = population_hash(population) == row.drawn.population_hash == draw.population_hash
    try:
        return Verification(kept, draw.algorithm == ALGORITHM and _comes_out_the_same(draw, population))
    except (VaultError, RuleViolation, ValueError, IndexError):
        return Verification(kept, False)


def _comes_out_the_same(draw: SampleDraw, population: Population) -> bool:
    selection, rows = selection_of(draw), list_items(draw.id)
    places = {row.item.id: row.item.place for row in rows}
    drawn = [row.item.place for row in rows if row.item.replaces_id is None]
    if drawn != take(draw.seed, population, selection):
        return False
    taken = list(drawn)
    for row in rows[len(drawn) :]:
        if row.item.replaces_id is None:
            return False
        if replacement(draw.seed, population, selection, taken, places[row.item.replaces_id]) != row.item.place:
            return False
        taken.append(row.item.place)
    return all(
        (row.reference, row.unit) == (found.reference, found.unit or "")
        for row, found in ((row, population.item(row.item.place)) for row in rows)
    )
