"""Writing stickprov that are drawn: locking, drawing, noting what each item came to, proposing, accepting.

The figures in `control_sample` are counted from the items in the same transaction, whatever is written.
"""

import secrets
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from tracker.audit import trail
from tracker.control.drawn import DrawnSample, SampleCriterion
from tracker.control.importing import PERIOD
from tracker.control.models import ControlMoment, ControlSample
from tracker.control.results import require_results_open
from tracker.database import db
from tracker.records.models import Mark
from tracker.records.natural import LONGEST_REF, natural_key
from tracker.records.numbers import Numbers
from tracker.rules import sample_work, sampling
from tracker.rules.drawing import SEED_BYTES
from tracker.rules.errors import RuleViolation
from tracker.rules.sample_work import SampleState, Verdict
from tracker.rules.trail import Action
from tracker.stickprov.models import SampleDraw, SampleItem, SampleItemNoter
from tracker.stickprov.queries import ItemRow, SampleRow, hands_of, list_draws, list_items, population_of, selection_of
from tracker.stickprov.sealing import REASON, REFERENCE, RETURNED, UNIT, pack_population, seal_population, seal_words
from tracker.vault import vault

STALE = "Någon annan har ändrat stickprovet medan du hade sidan öppen. Läs igenom hur det ser ut nu, och spara igen."
STALE_ITEM = "Någon annan har skrivit om posten medan du hade sidan öppen. Läs igenom det som står nu, och spara igen."
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Wish:
    """What a stickprov is to be drawn from, and what its items are checked by."""

    ref: str
    population: sampling.Population
    criteria: str = ""
    period: str | None = None
    retest_of: int | None = None


@dataclass(frozen=True, slots=True)
class Packed:
    """A population made ready to be locked: what it is fixed by, and how it is kept; see `pack`."""

    fixed: bytes
    refs: bytes | None


def pack(population: sampling.Population) -> Packed:
    """Makes a population ready, which of a million takes seconds: do it while nothing is locked.

    Raises RuleViolation for a personnummer among the references.
    """
    sample_work.check_references(population)
    return Packed(sampling.population_hash(population), pack_population(population))


@dataclass(frozen=True, slots=True)
class Entry:
    """What an item came to, in answer to the version of it that was seen; of a dropout the comment is the reason."""

    version: int
    verdict: Verdict | None
    failed: tuple[str, ...] = ()
    comment: str = ""

    @property
    def untouched(self) -> bool:
        """Whether nothing had been written when it was seen, and nothing was then: somebody else's words stay."""
        return self.version == 1 and not (self.verdict or self.failed or self.comment)


def lock_population(moment_id: int, wish: Wish, by: int, now: datetime, packed: Packed | None = None) -> int:
    """Fixes what there is to draw from, before there is any seed; gives the number of the stickprov. `packed`: what
    `pack` made of the wish's population, if that has been done.

    Raises RuleViolation for a personnummer among the references, a ref that is taken, or a retest of another moment's.
    """
    population, ref = wish.population, wish.ref.strip()
    packed = packed or pack(population)
    criteria = sample_work.read_criteria(wish.criteria)
    # One at a time of a moment: two who lock at once are told of each other's.
    alive = select(ControlMoment.record_id).where(
        ControlMoment.record_id == moment_id, ControlMoment.mark != Mark.VOIDED.value
    )
    if db.session.scalar(alive.with_for_update()) is None:
        raise RuleViolation("moment", "Kontrollmomentet finns inte längre.")
    require_results_open(db.session.get_one(ControlMoment, moment_id).year)
    _check_ref(moment_id, ref)
    _check_period(moment_id, wish.period)
    if wish.retest_of is not None:
        _check_retest(moment_id, wish.retest_of)
    sample = ControlSample(
        moment_id=moment_id, ref=ref, ref_key=natural_key(ref), period=wish.period, population=population.size,
        selected=0, dropouts=0, deviations=0,
    )  # fmt: skip
    db.session.add(sample)
    db.session.flush()
    fixed = packed.fixed
    db.session.add(
        DrawnSample(
            sample_id=sample.id, state=SampleState.LOCKED.value, version=1, population_hash=fixed,
            population_refs=seal_population(packed.refs, sample.id), criteria="\n".join(criteria),
            retest_of=wish.retest_of, locked_by=by, locked_at=now,
        )
    )  # fmt: skip
    db.session.flush()
    said = {"sample": ref, "population": population.size, "population_hash": fixed, "criteria": "; ".join(criteria)}
    if wish.retest_of is not None:
        said["retest_of"] = wish.retest_of
    changes = {name: (None, value) for name, value in said.items()}
    trail.record(Action.SAMPLE_LOCKED, record_id=moment_id, changes=changes)
    return sample.id


def _check_ref(moment_id: int, ref: str) -> None:
    if not ref or len(ref) > LONGEST_REF:
        raise RuleViolation("sample_ref", f"Skriv en beteckning på högst {LONGEST_REF} tecken, som P1.", "ref")
    sample_work.check_text(ref, "ref")
    taken = select(ControlSample.id).where(ControlSample.moment_id == moment_id, ControlSample.ref == ref)
    if db.session.scalar(taken) is not None:
        raise RuleViolation(
            "sample_taken", f"Kontrollmomentet har redan stickprovet {ref}. Välj en annan beteckning.", "ref"
        )


def _check_period(moment_id: int, period: str | None) -> None:
    found = PERIOD.fullmatch(period) if period else None
    if period and found is None:
        raise RuleViolation("period", "Skriv perioden som 2021, 2021-K2 eller 2021-05.", "period")
    year = db.session.get_one(ControlMoment, moment_id).year
    if found and int(found[1]) != year:
        raise RuleViolation("period_year", f"Perioden ligger inte i {year}. Rätta den, eller lämna den tom.", "period")


def _check_retest(moment_id: int, sample_id: int) -> None:
    first = select(ControlSample.id).where(ControlSample.id == sample_id, ControlSample.moment_id == moment_id)
    if db.session.scalar(first) is None:
        raise RuleViolation("retest", "Välj ett av kontrollmomentets egna stickprov att göra om.", "retest_of")
    found = db.session.get(DrawnSample, sample_id)
    if found is not None and found.state != SampleState.ACCEPTED.value:
        raise RuleViolation("retest_waits", "Stickprovet är inte godkänt än. Gör klart det först.", "retest_of")


def draw(sample_id: int, seen: int, selection: sampling.Selection, reason: str, by: int, now: datetime) -> SampleDraw:
    """Makes the seed and draws; from the second draw on with a reason, and what was drawn before stays.

    Raises RuleViolation for a plan that asks for more than there is, no reason, or a stickprov that has been proposed.
    """
    row = take_sample(sample_id, seen)
    reason, before = reason.strip(), list_draws(sample_id)
    sample_work.check_drawable(row.state)
    sampling.check_redraw(reason, len(before))
    sample_work.check_text(reason, "reason")
    if len(reason) > LONGEST_REASON:
        raise RuleViolation("reason_long", f"Skriv högst {LONGEST_REASON} tecken.", "reason")
    population = population_of(row)
    if sampling.population_hash(population) != row.drawn.population_hash:
        raise RuleViolation("population_changed", "Populationen är inte den som låstes. Lås en ny, och anmäl felet.")
    seed = secrets.token_bytes(SEED_BYTES)  # only now: nobody could choose the population by it
    places = sampling.take(seed, population, selection)
    numbers = Numbers()
    draw_id = numbers.take(SampleDraw)
    made = SampleDraw(
        id=draw_id, sample_id=sample_id, number=len(before) + 1, algorithm=sampling.ALGORITHM, seed=seed,
        population_hash=row.drawn.population_hash, select_by=selection.by.value, amount=selection.amount,
        each_unit=selection.each_unit, reason=vault.encrypt(reason, draw_id, REASON) if before else None,
        drawn_by=by, drawn_at=now,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    for position, place in enumerate(places, start=1):
        _add_item(numbers, made.id, position, place, population)
    changes: dict[str, tuple[object, object]] = {"draw": (None, made.number)}
    for name in ("algorithm", "seed", "population_hash", "select_by", "amount", "each_unit"):
        changes[name] = (None, getattr(made, name))
    row.drawn.draws = made.number
    _moved(row, SampleState.DRAWN, changes)
    _keep_figures(row, made.id)
    _note(Action.SAMPLE_DRAWN, row, changes, reason=reason)
    return made


def _add_item(
    numbers: Numbers, draw_id: int, position: int, place: int, population: sampling.Population,
    replaces_id: int | None = None,
) -> None:  # fmt: skip
    found, item_id = population.item(place), numbers.take(SampleItem)
    db.session.add(
        SampleItem(
            id=item_id, draw_id=draw_id, position=position, place=place, replaces_id=replaces_id,
            unit=vault.encrypt(found.unit, item_id, UNIT) if found.unit else None,
            reference=vault.encrypt(found.reference, item_id, REFERENCE), version=1,
        )
    )  # fmt: skip


def note_results(sample_id: int, entries: Mapping[int, Entry], by: int) -> int:
    """Notes what items of the latest draw came to, by their numbers; gives how many were changed.

    Raises RuleViolation, its field ending with the item's number: a contradiction, or somebody else wrote meanwhile.
    """
    row = take_sample(sample_id)
    sample_work.check_at_work(row.state)
    draw_id = list_draws(sample_id)[-1].id
    items = {found.item.id: found for found in list_items(draw_id)}
    replaced = {found.item.replaces_id for found in items.values()}
    changes: dict[str, tuple[object, object]] = {}
    changed = 0
    for item_id, entry in entries.items():
        found = items.get(item_id)
        if found is None:
            raise RuleViolation("stale", STALE)  # drawn again meanwhile
        told = _difference(found, entry)
        if not told or entry.untouched:
            continue
        try:
            _check_entry(found, entry, row.criteria, dropped_for_good=item_id in replaced)
        except RuleViolation as violation:
            raise RuleViolation(violation.code, violation.message, f"{violation.field}_{item_id}") from None
        item = found.item
        item.verdict = entry.verdict.value if entry.verdict else None
        item.words = seal_words(entry.failed, entry.comment, item_id)
        item.version += 1
        db.session.merge(SampleItemNoter(item_id=item_id, user_id=by))
        changes |= told
        changed += 1
    _keep_figures(row, draw_id)
    if changes:
        personal = {name for name in changes if not name.startswith("verdict_")}
        _note(Action.SAMPLE_NOTED, row, changes, personal=personal)
    return changed


def _difference(found: ItemRow, entry: Entry) -> dict[str, tuple[object, object]]:
    pairs: dict[str, tuple[object, object]] = {
        "verdict": (found.item.verdict, entry.verdict.value if entry.verdict else None),
        "failed": ("; ".join(found.words.failed), "; ".join(entry.failed)),
        "comment": (found.words.comment, entry.comment),
    }
    return {f"{name}_{found.item.position}": pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _check_entry(found: ItemRow, entry: Entry, criteria: Collection[str], *, dropped_for_good: bool) -> None:
    if found.item.version != entry.version:
        raise RuleViolation("stale", STALE_ITEM, "verdict")
    if dropped_for_good and entry.verdict is not Verdict.DROPOUT:
        raise RuleViolation("replaced", "Posten är ersatt av en annan, så bortfallet står kvar.", "verdict")
    sample_work.check_entry(entry.verdict, entry.failed, entry.comment, criteria)


def replace_dropouts(sample_id: int, seen: int) -> int:
    """Draws the next item in the draw's order for each dropout that has none in its stead; gives how many there were.

    Raises RuleViolation when nothing has dropped out, or nothing is left to take.
    """
    row = take_sample(sample_id, seen)
    sample_work.check_at_work(row.state)
    made = list_draws(sample_id)[-1]
    rows, population = list_items(made.id), population_of(row)
    replaced = {found.item.replaces_id for found in rows}
    waiting = [r.item for r in rows if r.verdict is Verdict.DROPOUT and r.item.id not in replaced]
    taken, numbers, changes = [found.item.place for found in rows], Numbers(), dict[str, tuple[object, object]]()
    for item in waiting:
        place = sampling.replacement(made.seed, population, selection_of(made), taken, item.place)
        if place is None:
            continue
        taken.append(place)
        _add_item(numbers, made.id, len(taken), place, population, item.id)
        changes[f"replaces_{len(taken)}"] = (None, item.position)
    if not waiting:
        raise RuleViolation("no_dropouts", "Inget bortfall väntar på en ersättare.")
    if not changes:
        raise RuleViolation("none_left", "Det finns inget kvar i populationen att ersätta med. Bortfallet står kvar.")
    _keep_figures(row, made.id)
    _note(Action.SAMPLE_DRAWN, row, changes)
    return len(changes)


def propose(sample_id: int, seen: int, by: int) -> None:
    """Hands the results over for acceptance. Raises RuleViolation while an item is not checked."""
    row = take_sample(sample_id, seen)
    draws = list_draws(sample_id)
    sample_work.check_proposable(row.state, [item.verdict for item in list_items(draws[-1].id)] if draws else [])
    row.drawn.proposed_by = by
    changes: dict[str, tuple[object, object]] = {}
    _moved(row, SampleState.PROPOSED, changes)
    _note(Action.SAMPLE_PROPOSED, row, changes)


def accept(sample_id: int, seen: int, by: int, now: datetime) -> None:
    """Accepts the results: from now on they count, and nothing can be changed.

    Raises RuleViolation, also for who handed them over or noted any of them.
    """
    row = take_sample(sample_id, seen)
    sample_work.check_proposed(row.state)
    sample_work.check_four_eyes(hands_of(row), by)
    items = list_items(list_draws(sample_id)[-1].id)
    row.drawn.accepted_by, row.drawn.accepted_at = by, now
    for criterion, number in Counter(failed for found in items for failed in found.words.failed).items():
        db.session.add(SampleCriterion(sample_id=sample_id, criterion=criterion, number=number))
    sample = row.sample
    changes: dict[str, tuple[object, object]] = {
        name: (None, getattr(sample, name)) for name in ("selected", "dropouts", "deviations")
    }
    _moved(row, SampleState.ACCEPTED, changes)
    _note(Action.SAMPLE_ACCEPTED, row, changes)


def send_back(sample_id: int, seen: int, comment: str) -> None:
    """Sends the results back to be worked over. Raises RuleViolation when it is not told why."""
    row, comment = take_sample(sample_id, seen), comment.strip()
    sample_work.check_proposed(row.state)
    sample_work.check_comment(comment)
    row.drawn.returned = vault.encrypt(comment, sample_id, RETURNED)
    changes: dict[str, tuple[object, object]] = {"returned": (None, comment)}
    _moved(row, SampleState.RETURNED, changes)
    _note(Action.SAMPLE_RETURNED, row, changes, personal={"returned"})


def take_sample(sample_id: int, seen: int | None = None) -> SampleRow:
    """The stickprov, taken to its next version. Raises RuleViolation when `seen` is no longer the present one,
    or the plan has been followed up."""
    statement = update(DrawnSample).where(DrawnSample.sample_id == sample_id)
    if seen is not None:
        statement = statement.where(DrawnSample.version == seen)
    statement = statement.values(version=DrawnSample.version + 1).returning(DrawnSample.sample_id)
    if db.session.execute(statement, execution_options={"synchronize_session": False}).first() is None:
        raise RuleViolation("stale", STALE)
    db.session.expire_all()
    drawn = db.session.get_one(DrawnSample, sample_id)
    sample = db.session.get_one(ControlSample, sample_id)
    row = SampleRow(drawn, sample, db.session.get_one(ControlMoment, sample.moment_id))
    require_results_open(row.moment.year)
    return row


def _moved(row: SampleRow, state: SampleState, changes: dict[str, tuple[object, object]]) -> None:
    if row.drawn.state != state.value:
        changes["state"] = (row.drawn.state, state.value)
    row.drawn.state = state.value
    db.session.flush()


def _keep_figures(row: SampleRow, draw_id: int) -> None:
    """What the items say becomes the figures of the stickprov."""
    db.session.flush()
    told = db.session.scalars(select(SampleItem.verdict).where(SampleItem.draw_id == draw_id))
    figures = sample_work.figures_of(Verdict(verdict) if verdict else None for verdict in told)
    row.sample.selected, row.sample.dropouts, row.sample.deviations = figures
    db.session.flush()


def _note(
    action: Action, row: SampleRow, changes: Mapping[str, tuple[object, object]], personal: Collection[str] = (),
    reason: str = "",
) -> None:  # fmt: skip
    said = {"sample": (row.sample.ref, row.sample.ref), **changes}
    trail.record(action, record_id=row.moment.record_id, changes=said, personal=personal, reason=reason)
