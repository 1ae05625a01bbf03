"""How far has an action come, when is it late, and who may tell what it gave?

An action is proposed, decided, carried out and followed up. That its effect is told by somebody else than the one who
carried it out, and that one without effect asks for another action, are ours, after how quality work is done
(SOSFS 2011:9, 5 kap.: what is done is to be followed up).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum

from tracker.rules.calendar import add_months
from tracker.rules.case_days import Told, wrong_order
from tracker.rules.errors import RuleViolation


class ActionState(StrEnum):
    """How far an action has come."""

    PROPOSED = "proposed"
    DECIDED = "decided"
    DONE = "done"
    FOLLOWED_UP = "followed_up"


class Stage(IntEnum):
    """What an action waits for, in the order of the list: to be carried out, to be followed up, nothing."""

    TO_DO = 0
    TO_CHECK = 1
    FINISHED = 2


class Effect(StrEnum):
    """What an action gave, as files name it."""

    ACHIEVED = "uppnådd"
    PARTLY = "delvis"
    NOT = "ej"


@dataclass(frozen=True, slots=True)
class ActionDays:
    """The days of an action, and its effect once that is told; from `check_on` on the effect is to be told."""

    decided_on: date | None = None
    due_on: date | None = None
    done_on: date | None = None
    effect: Effect | None = None
    check_on: date | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How many actions of a record wait: proposed only, decided and not carried out, carried out and not followed up;
    `fruitless`: followed up without effect.
    """

    undecided: int = 0
    open: int = 0
    unchecked: int = 0
    fruitless: int = 0


def state_of(days: ActionDays) -> ActionState:
    """How far an action has come, by its days. One that is carried out counts so even if nobody has decided of it."""
    if days.done_on is not None:
        return ActionState.DONE if days.effect is None else ActionState.FOLLOWED_UP
    return ActionState.PROPOSED if days.decided_on is None else ActionState.DECIDED


def stage_of(days: ActionDays) -> Stage:
    """What an action waits for."""
    if days.done_on is None:
        return Stage.TO_DO
    return Stage.TO_CHECK if days.effect is None else Stage.FINISHED


def is_late(days: ActionDays, today: date) -> bool:
    """Whether a decided action has not been carried out though its last day has passed; the day itself is in time."""
    return state_of(days) is ActionState.DECIDED and days.due_on is not None and days.due_on < today


def wrong_action(days: ActionDays, today: date) -> list[RuleViolation]:
    """What contradicts itself in an action, each at its column: carried out before it was decided, a fact in the
    future, an effect of what has not been carried out.
    """
    found = wrong_order(
        (Told("beslutad", "beslutet", days.decided_on), Told("genomford", "genomförandet", days.done_on)), today
    )
    if days.effect is not None and days.done_on is None:
        message = "kräver dagen då åtgärden genomfördes. Skriv den också."
        found.append(RuleViolation("effect", message, "effekt"))
    return found


def asks_for_another(effect: Effect | None) -> bool:
    """Whether an action gave nothing, so that a new one is needed."""
    return effect is Effect.NOT


def check_day(days: ActionDays, months: int) -> date | None:
    """The day from which an action's effect is to be told: the one chosen, else some months after it was carried out;
    none before that, and the day that stood stays when the effect is told.
    """
    if days.done_on is None:
        return None
    if days.check_on is not None or days.effect is not None:
        return days.check_on
    return add_months(days.done_on, months)


def wrong_check_day(days: ActionDays) -> list[RuleViolation]:
    """What is wrong with a chosen day for telling the effect: it lies before the action was carried out."""
    if days.check_on is None or days.done_on is None or days.check_on >= days.done_on:
        return []
    message = f"uppföljningen ({days.check_on}) ligger före genomförandet ({days.done_on}). Rätta dagen."
    return [RuleViolation("check_on", message, "foljs_upp")]


def check_words(effect: Effect, words: str) -> None:
    """Raises RuleViolation when an action helped only partly and nobody tells what is left."""
    if effect is Effect.PARTLY and not words.strip():
        raise RuleViolation("words", "Skriv vad som blev bättre och vad som är kvar.", "ord")


def closed_case(number: str) -> RuleViolation:
    """What a closed case answers to an action that is yet to be done: it stays open until its actions are decided and
    checked.
    """
    message = f"Ärende {number} är avslutat. Öppna det igen innan det får en ny åtgärd."
    return RuleViolation("closed_case", message, "nummer")


def check_checker(responsible_id: int | None, checker_id: int | None) -> None:
    """Raises RuleViolation when who tells the effect is the one responsible (None: the command line itself)."""
    if checker_id is not None and checker_id == responsible_id:
        raise RuleViolation(
            "own_action", "du ansvarar för åtgärden. Någon annan behöver bedöma vad den gav.", "effekt"
        )  # fmt: skip


def wrong_last_day(days: ActionDays, today: date) -> list[RuleViolation]:
    """What is wrong with a last day that is set now: one that has been gives nobody time to act."""
    if days.due_on is None or days.done_on is not None or days.due_on >= today:
        return []
    return [RuleViolation("due", f"{days.due_on} har redan varit. Skriv en dag som kommer.", "senast")]


def is_escalated(days: ActionDays, today: date, after: int) -> bool:
    """Whether a late action goes to the next manager: `after` days have passed since its last day, or more."""
    return is_late(days, today) and days.due_on is not None and (today - days.due_on).days >= after


def next_managers(
    above: Sequence[int], managers: Mapping[int, Collection[int]], responsible_id: int | None
) -> frozenset[int]:
    """Who a late action goes to: whoever manages the nearest unit above its own that has a manager, not counting the
    one responsible. `above`: the units above the action's, the nearest first; nobody when there is none.
    """
    for unit_id in above:
        found = frozenset(managers.get(unit_id, ())) - {responsible_id}
        if found:
            return found
    return frozenset()
