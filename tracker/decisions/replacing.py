"""Which decision does a decision replace, and for how long has the person waited in all?

A chain is followed for as long as the reader sees its decisions: what they may not see is neither named nor counted.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, delete, insert, literal, or_, select, update

from tracker.accounts.reader import Reach
from tracker.audit import trail
from tracker.database import db
from tracker.decisions.correcting import CorrectionRefused, load_to_change
from tracker.decisions.models import Decision, DecisionClock, DecisionReplacement
from tracker.decisions.writing import lock_decisions
from tracker.records.models import Mark
from tracker.records.scope import Scope, visible
from tracker.rules.errors import RuleViolation
from tracker.rules.replacing import LONGEST_CHAIN, ChainClock, TotalWait, check_replacement, total_wait
from tracker.rules.trail import Action
from tracker.rules.unexecuted import ClockKind

Link = DecisionReplacement
NOT_FOUND = "Det finns inget beslut med den ref som du når. Kontrollera ref."
UNCHANGED = "Det står redan så. Ändra ref, eller gå tillbaka."
UNSEEN = "Beslutet ersätter redan ett beslut som du inte ser. Den som ser båda kan ändra det."
QUIET = {"synchronize_session": False}


_LINKS = select(Link.record_id, Link.replaces_id).where(
    or_(Link.record_id == bindparam("record_id"), Link.replaces_id == bindparam("record_id"))
)


@dataclass(frozen=True, slots=True)
class Linked:
    """A decision in a chain, as a link to it is shown."""

    record_id: int
    ref: str
    decided_on: date


@dataclass(frozen=True, slots=True)
class Chain:
    """What a decision replaces, the latest first, and what has replaced it, as far as the reader sees.

    `unseen`: there is an earlier decision that the reader does not see.
    """

    earlier: tuple[Linked, ...]
    later: tuple[Linked, ...]
    unseen: bool
    wait: TotalWait


def chain_of(decision: Decision, clocks: list[DecisionClock], scope: Scope, today: date) -> Chain:
    """The chain around a decision: one statement where there is none, at most five whatever its length."""
    links = db.session.execute(_LINKS, {"record_id": decision.record_id}).all()
    ids = _above(decision.record_id) if any(newer == decision.record_id for newer, _ in links) else []
    seen = _linked(ids, scope) if ids else {}
    earlier = []
    for record_id in ids:
        if record_id not in seen:
            break
        earlier.append(seen[record_id])
    own = next((clock for clock in clocks if clock.kind == ClockKind.DECISION), None)
    ended_on = (own.executed_on or own.closed_on) if own else None
    wait = total_wait(decision.decided_on, ended_on, _clocks_of(earlier), today)
    unseen = len(earlier) < len(ids)
    replaced = any(older == decision.record_id for _, older in links)
    later = _replaced_by(decision.record_id, scope) if replaced else ()
    return Chain(tuple(earlier), later, unseen, wait)


def replaced_ref(record_id: int, scope: Scope) -> str:
    """The ref of the decision that this one replaces, empty where it replaces none that the reader sees."""
    statement = select(Decision.ref).join(Link, Link.replaces_id == Decision.record_id)
    seen = visible(Decision.record_id, Decision.unit_id, Decision.mark, scope)
    return db.session.scalar(statement.where(Link.record_id == record_id, seen), scope.values) or ""


def replace_decision(record_id: int, seen: int, reach: Reach, ref: str, scope: Scope) -> None:
    """From now on a decision replaces the one with this ref, or (empty) none.

    Raises StaleVersion, and CorrectionRefused where the rules refuse or `scope` does not hold the other decision.
    """
    decision, _ = load_to_change(record_id, seen, reach, alone=True)
    before = replaced_ref(record_id, scope)
    if not before and _replaces_any(record_id, but_voided=True):
        raise CorrectionRefused([RuleViolation("unseen", UNSEEN, "ersatter")])
    if ref == before:
        raise CorrectionRefused([RuleViolation("unchanged", UNCHANGED, "ersatter")])
    put_replacement(record_id, decision["decided_on"], ref, scope)
    changes = {"replaces": (before or None, ref or None)}
    trail.record(Action.RECORD_CHANGED, record_id=record_id, changes=changes, personal=set(changes))


def put_replacement(record_id: int, decided_on: date, ref: str, scope: Scope) -> None:
    """Puts which decision another replaces; the caller holds the table's lock alone, and notes it."""
    lock_decisions(alone=True)
    if not ref:
        db.session.execute(delete(Link).where(Link.record_id == record_id), execution_options=QUIET)
        return
    found = db.session.execute(
        select(Decision.record_id, Decision.decided_on).where(
            Decision.ref == ref, visible(Decision.record_id, Decision.unit_id, Decision.mark, scope)
        ),
        scope.values,
    ).first()
    if found is None:
        raise CorrectionRefused([RuleViolation("not_found", NOT_FOUND, "ersatter")])
    replaced_id, replaced_on = found
    try:
        check_replacement(record_id, replaced_id, _above(replaced_id), decided_on, replaced_on)
    except RuleViolation as violation:
        raise CorrectionRefused([violation]) from None
    if _replaces_any(record_id):
        statement = update(Link).where(Link.record_id == record_id).values(replaces_id=replaced_id)
        db.session.execute(statement, execution_options=QUIET)
    else:
        db.session.execute(insert(Link).values(record_id=record_id, replaces_id=replaced_id))


def _replaces_any(record_id: int, *, but_voided: bool = False) -> bool:
    statement = select(Link.record_id).where(Link.record_id == record_id)
    if but_voided:
        statement = statement.join(Decision, Decision.record_id == Link.replaces_id).where(
            Decision.mark != Mark.VOIDED.value
        )
    return db.session.scalar(statement) is not None


def _above(record_id: int) -> list[int]:
    """The records that a decision replaces, directly and through others, the nearest first."""
    first = select(Link.replaces_id.label("id"), literal(1).label("step")).where(Link.record_id == record_id)
    above = first.cte("above", recursive=True)
    further = select(Link.replaces_id, above.c.step + 1).where(Link.record_id == above.c.id)
    above = above.union_all(further.where(above.c.step < LONGEST_CHAIN))
    return list(db.session.scalars(select(above.c.id).order_by(above.c.step)))


def _linked(record_ids: list[int], scope: Scope) -> dict[int, Linked]:
    statement = select(Decision.record_id, Decision.ref, Decision.decided_on).where(
        Decision.record_id.in_(record_ids), visible(Decision.record_id, Decision.unit_id, Decision.mark, scope)
    )
    return {row[0]: Linked(*row) for row in db.session.execute(statement, scope.values)}


def _replaced_by(record_id: int, scope: Scope) -> tuple[Linked, ...]:
    statement = (
        select(Decision.record_id, Decision.ref, Decision.decided_on)
        .join(Link, Link.record_id == Decision.record_id)
        .where(Link.replaces_id == record_id, visible(Decision.record_id, Decision.unit_id, Decision.mark, scope))
        .order_by(Decision.decided_on, Decision.record_id)
        .limit(LONGEST_CHAIN)
    )
    return tuple(Linked(*row) for row in db.session.execute(statement, scope.values))


def _clocks_of(earlier: list[Linked]) -> list[list[ChainClock]]:
    clocks: dict[int, list[ChainClock]] = {link.record_id: [] for link in earlier}
    if clocks:
        clock = DecisionClock
        statement = select(clock.decision_id, clock.started_on, clock.executed_on, clock.kind)
        for number, started_on, executed_on, kind in db.session.execute(statement.where(clock.decision_id.in_(clocks))):
            clocks[number].append(ChainClock(started_on, executed_on, kind == ClockKind.DECISION))
    return list(clocks.values())
