"""What may be done with an internal control plan, by whom, and where does it lead?

The committee adopts the plan and approves its follow-up (6 kap. 6 § KL; the steps themselves are each municipality's
own rules). What was adopted stands: a change is a new decision. One table drives permission, buttons and checks.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission


class PlanState(StrEnum):
    """How far a plan has come."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    ADOPTED = "adopted"
    FOLLOWED_UP = "followed_up"
    APPROVED = "approved"


class PlanStep(StrEnum):
    """What can be done with a plan."""

    PROPOSE = "propose"
    WITHDRAW = "withdraw"
    ADOPT = "adopt"
    SEND_BACK = "send_back"
    CHANGE = "change"
    KEEP = "keep"
    FOLLOW_UP = "follow_up"
    REOPEN = "reopen"
    APPROVE = "approve"


@dataclass(frozen=True, slots=True)
class StepRow:
    """One row of the table: from where, by which permission, to where, and what it needs."""

    start: PlanState
    permission: Permission
    end: PlanState
    needs_decision: bool = False
    needs_reason: bool = False


_S, _P = PlanState, Permission
TABLE: dict[PlanStep, StepRow] = {
    PlanStep.PROPOSE: StepRow(_S.DRAFT, _P.MANAGE_CONTROL, _S.PROPOSED),
    PlanStep.WITHDRAW: StepRow(_S.PROPOSED, _P.MANAGE_CONTROL, _S.DRAFT, needs_reason=True),
    PlanStep.ADOPT: StepRow(_S.PROPOSED, _P.DECIDE_PLAN, _S.ADOPTED, needs_decision=True),
    PlanStep.SEND_BACK: StepRow(_S.PROPOSED, _P.DECIDE_PLAN, _S.DRAFT, needs_decision=True, needs_reason=True),
    PlanStep.CHANGE: StepRow(_S.ADOPTED, _P.MANAGE_CONTROL, _S.DRAFT, needs_reason=True),
    PlanStep.KEEP: StepRow(_S.DRAFT, _P.MANAGE_CONTROL, _S.ADOPTED, needs_reason=True),
    PlanStep.FOLLOW_UP: StepRow(_S.ADOPTED, _P.MANAGE_CONTROL, _S.FOLLOWED_UP),
    PlanStep.REOPEN: StepRow(_S.FOLLOWED_UP, _P.MANAGE_CONTROL, _S.ADOPTED, needs_reason=True),
    PlanStep.APPROVE: StepRow(_S.FOLLOWED_UP, _P.DECIDE_PLAN, _S.APPROVED, needs_decision=True),
}


@dataclass(frozen=True, slots=True)
class Lacking:
    """The kontrollmoment that lack something: the refs that the reader may know, and how many there are besides."""

    refs: tuple[str, ...] = ()
    hidden: int = 0

    def __bool__(self) -> bool:
        return bool(self.refs or self.hidden)

    @property
    def words(self) -> str:
        """`K3, K10 och 2 som du inte har behörighet att se`."""
        hidden = [f"{self.hidden} som du inte har behörighet att se"] if self.hidden else []
        return " och ".join([", ".join(self.refs)] * bool(self.refs) + hidden)


NONE_LACKING = Lacking()


@dataclass(frozen=True, slots=True)
class Standing:
    """What a step looks at. `in_force`: there is an adopted version; `differs`: the plan is no longer as it says;
    `moments`: how many kontrollmoment it has; `unexplained`: those with neither result nor reason; `no_next`: those
    with a reason that do not tell what happens next; `locked`: the version of the follow-up that was locked since it
    was last opened again, on the day `locked_on`; `adopted_on`: the day of the committee's decision on what is in
    force; `proposed_on`: the day that what waits for the committee was proposed here.
    """

    state: PlanState
    in_force: bool = False
    differs: bool = True
    moments: int = 0
    unexplained: Lacking = NONE_LACKING
    locked: int | None = None
    no_next: Lacking = NONE_LACKING
    adopted_on: date | None = None
    proposed_on: date | None = None
    locked_on: date | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What the committee decided: when, in which paragraph of its minutes, under which diarienummer."""

    decided_on: date | None = None
    paragraph: str = ""
    case_number: str = ""


def is_open(state: PlanState) -> bool:
    """Whether risks and kontrollmoment of the plan can be changed."""
    return state is PlanState.DRAFT


def results_are_open(state: PlanState) -> bool:
    """Whether results can still be handed in: until the plan has been followed up."""
    return state not in {PlanState.FOLLOWED_UP, PlanState.APPROVED}


def check_results_open(state: PlanState) -> None:
    """Raises RuleViolation when results are handed in for a plan that has been followed up: the committee reads what
    they were.
    """
    if not results_are_open(state):
        raise RuleViolation(
            "results_closed", "Planen är uppföljd, så resultaten går inte att ändra. Öppna uppföljningen igen först."
        )


def possible_steps(standing: Standing) -> list[PlanStep]:
    """What can be done next, in the order of the table; KEEP only when what was adopted has not been changed."""
    steps = [step for step, row in TABLE.items() if row.start is standing.state]
    keeps = standing.in_force and not standing.differs
    return [step for step in steps if step is not PlanStep.KEEP or keeps]


def take_step(step: PlanStep, standing: Standing, decision: Decision, reason: str, today: date) -> PlanState:
    """The state that a step leads to.

    Raises RuleViolation when it cannot be taken from here, when a decision lacks its day, paragraph or diarienummer or
    lies in the future, when a reason lacks (also of a decision that is `dated_before`), or when the plan is not ready
    for it.
    """
    row = TABLE[step]
    if step not in possible_steps(standing):
        raise moved()
    if row.needs_decision:
        _check_decision(decision, today)
    if row.needs_reason and not reason.strip():
        raise RuleViolation("reason", "Skriv varför.", "reason")
    if step is PlanStep.PROPOSE and not standing.moments:
        raise RuleViolation("plan_empty", "Planen har inga kontrollmoment. Lägg in dem först.")
    if step is PlanStep.FOLLOW_UP and (told := lacking(standing)):
        raise RuleViolation("unexplained", told)
    if step is PlanStep.APPROVE and standing.locked is None:
        raise RuleViolation(
            "not_locked", "Uppföljningen är inte låst som den är nu. Lås den först: nämnden godkänner en låst version."
        )
    if step is PlanStep.APPROVE:
        _check_after_adoption(decision, standing.adopted_on)
    if (told := dated_before(step, standing, decision)) and not reason.strip():
        raise RuleViolation("dated_before", told, "reason")
    return row.end


def keeps_reason(step: PlanStep, standing: Standing, decision: Decision) -> bool:
    """Whether a step is taken with a written reason."""
    return TABLE[step].needs_reason or bool(dated_before(step, standing, decision))


def dated_before(step: PlanStep, standing: Standing, decision: Decision) -> str:
    """What to do when the committee is said to have decided before the day that what it decided about was proposed or
    locked here; empty when it was not. It can be honest, as for who begins here in the middle of a year, so a reason
    lets it pass.
    """
    what, day = {
        PlanStep.ADOPT: ("planen föreslogs", standing.proposed_on),
        PlanStep.SEND_BACK: ("planen föreslogs", standing.proposed_on),
        PlanStep.APPROVE: ("uppföljningen låstes", standing.locked_on),
    }.get(step, ("", None))
    if day is None or decision.decided_on is None or decision.decided_on >= day:
        return ""
    return f"Beslutsdagen ligger före den dag då {what} här, {day}. Skriv varför."


def _check_after_adoption(decision: Decision, adopted_on: date | None) -> None:
    """The committee's own days follow each other, whatever the reason."""
    if adopted_on is not None and decision.decided_on is not None and decision.decided_on < adopted_on:
        raise RuleViolation(
            "decided_before",
            f"Planen fastställdes {adopted_on}. Nämnden kan inte ha godkänt uppföljningen före den dagen. Rätta dagen.",
            "decided_on",
        )


def lacking(standing: Standing) -> str:
    """What keeps a plan from being followed up, in words; empty when nothing does. What the committee reads tells of
    each kontrollmoment how it went, or why not and what happens next.
    """
    told = []
    if standing.unexplained:
        told.append(
            f"Utan resultat och utan skäl: {standing.unexplained.words}. Lämna resultat, eller skriv varför inte och"
            " vad som händer nu."
        )
    if standing.no_next:
        told.append(
            f"Ej genomförda utan vad som händer nu: {standing.no_next.words}. Skriv det under Resultat på"
            " kontrollmomentets sida."
        )
    return " ".join(told)


def check_followed_up(state: PlanState) -> None:
    """Raises RuleViolation when the year's follow-up is to be locked before the plan has been followed up."""
    if state not in {PlanState.FOLLOWED_UP, PlanState.APPROVED}:
        raise RuleViolation(
            "not_followed_up", "Planen är inte uppföljd. Markera den som uppföljd först, så att inga resultat ändras."
        )


def moved() -> RuleViolation:
    """That somebody else has taken the plan further."""
    return RuleViolation("plan_state", "Planen har kommit till ett annat läge. Öppna den igen och se vad som gäller.")


def _check_decision(decision: Decision, today: date) -> None:
    if decision.decided_on is None:
        raise RuleViolation("decided_on", "Skriv dagen för nämndens beslut.", "decided_on")
    if decision.decided_on > today:
        raise RuleViolation("decided_on", "Beslutet kan inte ligga i framtiden. Rätta dagen.", "decided_on")
    if not decision.paragraph.strip():
        raise RuleViolation("paragraph", "Skriv paragrafen i protokollet.", "paragraph")
    if not decision.case_number.strip():
        raise RuleViolation("case_number", "Skriv diarienumret.", "case_number")
