"""Writing plans and checks of the log: planning, drawing, grading, signing. What is signed is never written again."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from tracker.audit import trail
from tracker.audit.chain import trail_keys
from tracker.clock import as_utc
from tracker.database import db
from tracker.log_review import checks
from tracker.log_review.models import LogCheck, LogDraw, LogDrawItem, LogPlan
from tracker.log_review.packing import pack, unpack
from tracker.log_review.queries import Event, list_reads
from tracker.rules import drawing
from tracker.rules.errors import RuleViolation
from tracker.rules.log_checks import (
    Grade,
    Result,
    SampleBy,
    check_amount,
    check_drawable,
    check_grader,
    check_grading,
    check_periods,
    check_signable,
    sample_size,
)
from tracker.rules.trail import Action, ReadKind, TargetKind

SIGNED = "Kontrollen är signerad. Ingenting i den kan ändras."
STALE = "Någon annan har ändrat medan du hade sidan öppen. Läs igenom hur det ser ut nu, och spara igen."
PLANNED = ("reviewer_id", "sample_by", "amount", "kinds")


@dataclass(frozen=True, slots=True)
class PlanWish:
    """What a plan is to say."""

    year: int
    unit_id: int
    checks: int
    sample_by: SampleBy
    amount: int
    kinds: tuple[ReadKind, ...]
    reviewer_id: int

    def columns(self) -> dict[str, object]:
        """What a plan's row holds of it and can be changed later."""
        kinds = " ".join(kind.value for kind in ReadKind if kind in self.kinds)
        return {
            "reviewer_id": self.reviewer_id,
            "sample_by": self.sample_by.value,
            "amount": self.amount,
            "kinds": kinds,
        }


def plan_checks(wish: PlanWish, today: date, now: datetime) -> LogPlan:
    """The plan of a year for a unit, with its checks. Raises RuleViolation when it is bad or there is one already."""
    periods = check_periods(wish.year, wish.checks)
    _check_wish(wish, today)
    plan = LogPlan(
        year=wish.year, unit_id=wish.unit_id, checks=wish.checks, version=1, created_at=now, **wish.columns()
    )
    taken = RuleViolation("plan_taken", "Det finns redan en plan för året och enheten. Ändra den i stället.", "year")
    if db.session.scalar(select(LogPlan.id).where(LogPlan.year == wish.year, LogPlan.unit_id == wish.unit_id)):
        raise taken
    try:
        with db.session.begin_nested():
            db.session.add(plan)
            db.session.flush()
    except IntegrityError:
        raise taken from None
    for period in periods:
        check = LogCheck(
            plan_id=plan.id, number=period.number, from_on=period.from_on, to_on=period.to_on, due_on=period.due_on,
            version=1,
        )  # fmt: skip
        db.session.add(check)
        db.session.flush()
        said = {"from_on": period.from_on, "to_on": period.to_on, "due_on": period.due_on} | wish.columns()
        _note(Action.LOG_CHECK_PLANNED, check.id, {name: (None, value) for name, value in said.items()})
    return plan


def change_plan(plan: LogPlan, wish: PlanWish, seen_version: int, today: date) -> None:
    """Another reviewer, size or kinds for the plan's checks that are not drawn yet. Raises RuleViolation."""
    _check_wish(wish, today)
    before = {name: getattr(plan, name) for name in PLANNED}
    taken = update(LogPlan).where(LogPlan.id == plan.id, LogPlan.version == seen_version)
    values = wish.columns() | {"version": seen_version + 1}
    if db.session.execute(taken.values(values).returning(LogPlan.id)).first() is None:
        raise RuleViolation("stale", STALE)
    changes = {name: (before[name], new) for name, new in wish.columns().items() if before[name] != new}
    drawn = select(LogDraw.check_id).where(LogDraw.check_id == LogCheck.id).exists()
    waiting = select(LogCheck.id).where(LogCheck.plan_id == plan.id, ~drawn).order_by(LogCheck.number)
    for check_id in db.session.scalars(waiting) if changes else ():
        _note(Action.LOG_CHECK_PLANNED, check_id, changes)


def _check_wish(wish: PlanWish, today: date) -> None:
    check_amount(wish.sample_by, wish.amount)
    if not wish.kinds:
        raise RuleViolation("kinds", "Välj minst ett slag av läsningar.", "kinds")
    if not checks.may_review(wish.reviewer_id, wish.unit_id, today):
        raise RuleViolation("reviewer", "Personen är inte loggranskare för hela enheten. Välj någon annan.", "reviewer")


def draw_sample(check_id: int, seen_version: int, reason: str, drawer: int, today: date, now: datetime) -> LogDraw:
    """Fixes the readings there are to draw from, then makes the seed, then draws; what was drawn before stays.

    Raises RuleViolation: the period runs, no reason for drawing again, signed, or written by somebody meanwhile.
    """
    check = _take(check_id, seen_version)
    plan = db.session.get_one(LogPlan, check.plan_id)
    before = checks.list_draws(check_id)
    check_drawable(check.to_on, today, drawn_before=bool(before), reason=reason)
    found = checks.population(check.from_on, check.to_on, plan.kinds, plan.unit_id)
    fixed = drawing.population_hash(found)
    size = sample_size(SampleBy(plan.sample_by), plan.amount, len(found))
    seed = secrets.token_bytes(drawing.SEED_BYTES)  # only now: nobody could choose the population by it
    draw = LogDraw(
        check_id=check_id, number=len(before) + 1, algorithm=drawing.ALGORITHM, seed=seed, population=pack(found),
        population_count=len(found), population_hash=fixed, sample_size=size, unit_id=plan.unit_id, kinds=plan.kinds,
        reason=reason.strip() or None, drawn_by=drawer, drawn_at=now,
    )  # fmt: skip
    db.session.add(draw)
    db.session.flush()
    drawn = drawing.draw(seed, found, size)
    db.session.add_all(
        LogDrawItem(draw_id=draw.id, position=position, read_id=read_id)
        for position, read_id in enumerate(drawn, start=1)
    )
    db.session.flush()
    kept = ("algorithm", "seed", "population_count", "population_hash", "sample_size")
    changes = {"draw": (None, draw.number)} | {name: (None, getattr(draw, name)) for name in kept}
    _note(Action.LOG_CHECK_DRAWN, check_id, changes, reason=reason.strip())
    return draw


def grade_reads(
    check_id: int, seen_version: int, wanted: Mapping[int, tuple[Grade | None, str]], grader: int, now: datetime
) -> int:
    """Grades readings of the latest draw, by the items' numbers; gives how many were changed.

    Raises RuleViolation: somebody's own reading, a doubtful grade without a comment, signed, written meanwhile.
    """
    _take(check_id, seen_version)
    draws = checks.list_draws(check_id)
    items = {item.id: item for item in checks.list_items(draws[-1].id)} if draws else {}
    readers = {item_id: read.actor_id for item_id, read in _reads_of(items).items()}
    changes: dict[str, tuple[object, object]] = {}
    changed = 0
    for item_id, (grade, comment) in wanted.items():
        item = items.get(item_id)
        if item is None:
            raise RuleViolation("stale", STALE)  # drawn again meanwhile
        new = (grade.value if grade else None, comment.strip() or None)
        if new == (item.grade, item.comment):
            continue
        if readers[item_id] is not None:
            check_grader(readers[item_id] or 0, grader)
        check_grading(grade, comment)
        if new[0] != item.grade:
            changes[f"grade_{item.position}"] = (item.grade, new[0])
        if new[1] != item.comment:
            changes[f"comment_{item.position}"] = (item.comment, new[1])
        item.grade, item.comment, item.graded_by, item.graded_at = *new, grader, now
        changed += 1
    db.session.flush()
    if changes:
        personal = {name for name in changes if name.startswith("comment_")}
        _note(Action.LOG_CHECK_NOTED, check_id, changes, personal=personal)
    return changed


def sign_check(check_id: int, seen_version: int, result: Result, conclusion: str, signer: int, now: datetime) -> None:
    """Gives the check its result and signs it; from then on nothing in it can be changed. Raises RuleViolation."""
    check = _take(check_id, seen_version)
    draws = checks.list_draws(check_id)
    items = checks.list_items(draws[-1].id) if draws else []
    check_signable([Grade(item.grade) if item.grade else None for item in items], result, drawn=bool(draws))
    check.result, check.conclusion = result.value, conclusion.strip() or None
    check.signed_by, check.signed_at = signer, now
    db.session.flush()
    check.digest = signed_digest(check)
    db.session.flush()
    said = {"result": check.result, "conclusion": check.conclusion, "digest": check.digest}
    _note(
        Action.LOG_CHECK_SIGNED,
        check_id,
        {name: (None, value) for name, value in said.items()},
        personal={"conclusion"},
    )


def signed_digest(check: LogCheck) -> bytes:
    """A keyed digest over all that a signature stands for: the check, every draw, every grade, the result."""
    draws = []
    for draw in checks.list_draws(check.id):
        items = [
            [item.position, item.read_id, item.grade, item.comment, item.graded_by, _moment(item.graded_at)]
            for item in checks.list_items(draw.id)
        ]
        draws.append(
            [draw.number, draw.algorithm, draw.seed.hex(), draw.population_count, draw.population_hash.hex(),
             draw.sample_size, draw.unit_id, draw.kinds, draw.reason, draw.drawn_by, _moment(draw.drawn_at), items]
        )  # fmt: skip
    days = [day.isoformat() for day in (check.from_on, check.to_on, check.due_on)]
    signature = [check.result, check.conclusion, check.signed_by, _moment(check.signed_at)]
    return trail_keys.digest(json.dumps([check.id, check.plan_id, check.number, *days, draws, signature]))


def is_as_signed(check: LogCheck) -> bool:
    """Whether a signed check still says what was signed."""
    return check.digest is not None and secrets.compare_digest(check.digest, signed_digest(check))


@dataclass(frozen=True, slots=True)
class Verification:
    """Whether a draw can be made again: its population is the one that was fixed, and the sample comes out the same.

    `as_in_log`: the log of today holds the same readings to draw from (a unit that was moved since changes that).
    """

    population_kept: bool
    same_sample: bool
    as_in_log: bool

    @property
    def holds(self) -> bool:
        """Whether the draw stands."""
        return self.population_kept and self.same_sample


def verify_draw(draw: LogDraw) -> Verification:
    """Draws again from what is stored, and compares."""
    check = db.session.get_one(LogCheck, draw.check_id)
    now = checks.population(check.from_on, check.to_on, draw.kinds, draw.unit_id)
    as_in_log = drawing.population_hash(now) == draw.population_hash
    try:
        kept = unpack(draw.population)
    except ValueError:
        return Verification(False, False, as_in_log)
    whole = drawing.population_hash(kept) == draw.population_hash and len(kept) == draw.population_count
    taken = [item.read_id for item in checks.list_items(draw.id)]
    known = draw.algorithm == drawing.ALGORITHM
    same = known and whole and drawing.draw(draw.seed, kept, draw.sample_size) == taken
    return Verification(whole, same, as_in_log)


def check_unchanged(check: LogCheck, seen_version: int) -> None:
    """Raises RuleViolation when the check is signed, or is no longer as it was seen."""
    if check.signed_at:
        raise RuleViolation("signed", SIGNED)
    if check.version != seen_version:
        raise RuleViolation("stale", STALE)


def _take(check_id: int, seen_version: int) -> LogCheck:
    """The check, taken for writing by who has seen its present version; others wait, and are then told."""
    unseen = update(LogCheck).where(
        LogCheck.id == check_id, LogCheck.version == seen_version, LogCheck.signed_at.is_(None)
    )
    raised = unseen.values(version=seen_version + 1).returning(LogCheck.id)
    taken = db.session.execute(raised, execution_options={"synchronize_session": False}).first()
    check = db.session.get_one(LogCheck, check_id, populate_existing=True)
    if taken is None:
        check_unchanged(check, seen_version)
        raise RuleViolation("stale", STALE)
    return check


def _reads_of(items: Mapping[int, LogDrawItem]) -> dict[int, Event]:
    found = list_reads([item.read_id for item in items.values()])
    return {item_id: found[item.read_id] for item_id, item in items.items()}


def _moment(moment: datetime | None) -> str | None:
    return as_utc(moment).isoformat() if moment else None


def _note(
    action: Action, check_id: int, changes: trail.Changes, *, personal: set[str] | frozenset[str] = frozenset(),
    reason: str = "",
) -> None:  # fmt: skip
    trail.record(action, target=(TargetKind.LOG_CHECK, check_id), changes=changes, personal=personal, reason=reason)
