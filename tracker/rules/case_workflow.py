"""What may be done with an avvikelse, a lex Sarah-rapport or a synpunkt, by whom, and where does it lead?

One table drives permission, buttons, checks and the documentation. What the law asks for: a lex Sarah-rapport is
documented, investigated and remedied at once (27 kap. 5 § SoL, 24 e § LSS), a serious one is notified to IVO, with the
investigation when it is done (27 kap. 6 § SoL, 24 f § LSS). The steps themselves, that somebody else than the
investigator decides, and what closes a case are ours, after how municipalities work.
"""

from dataclasses import dataclass
from enum import StrEnum

from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission
from tracker.rules.retention import cleared


class CaseKind(StrEnum):
    """The three registers of cases; the values are those of `records.models.RecordKind`."""

    DEVIATION = "deviation"
    LEX_SARAH = "lex_sarah"
    COMPLAINT = "complaint"


class CaseState(StrEnum):
    """How far a case has come."""

    REPORTED = "reported"
    RECEIVED = "received"
    ASSESSED = "assessed"
    INVESTIGATING = "investigating"
    INVESTIGATED = "investigated"
    DECIDED = "decided"
    ACTING = "acting"
    FOLLOWED_UP = "followed_up"
    ANSWERED = "answered"
    CLOSED = "closed"
    HANDED_OVER = "handed_over"
    BECAME_LEX_SARAH = "became_lex_sarah"


class CaseStep(StrEnum):
    """What can be done with a case."""

    RECEIVE = "receive"
    ASSESS = "assess"
    REASSESS = "reassess"
    ASSIGN = "assign"
    INVESTIGATE = "investigate"
    COMPLETE = "complete"
    SEND_BACK = "send_back"
    DECIDE = "decide"
    ACT = "act"
    FOLLOW_UP = "follow_up"
    ANSWER = "answer"
    CLOSE = "close"
    CLOSE_UNANSWERED = "close_unanswered"
    REOPEN = "reopen"
    HAND_OVER = "hand_over"
    RECEIVER_ANSWERS = "receiver_answers"
    MAKE_LEX_SARAH = "make_lex_sarah"
    NOTIFY_IVO = "notify_ivo"
    SUPPLEMENT_IVO = "supplement_ivo"
    IVO_ANSWERS = "ivo_answers"
    INFORM_PERSON = "inform_person"
    TELL_REPORTER = "tell_reporter"
    CORRECT = "correct"


class Assessment(StrEnum):
    """The five degrees of a lex Sarah-rapport, as files and other systems name them."""

    NONE = "inget"
    RISK = "risk"
    IRREGULARITY = "missforhallande"
    SERIOUS_RISK = "risk_allvarligt"
    SERIOUS = "allvarligt"


NOTIFIED_TO_IVO = frozenset({Assessment.SERIOUS_RISK, Assessment.SERIOUS})


@dataclass(frozen=True, slots=True)
class StepRow:
    """One row of the table: from where, by which permission, to where (None: the state stays), and what it needs.

    `comment`: a reason in words. `decision`: an assessment with its motivation. `investigator`: a person who is to
    investigate. `day`: the day on which it was done. `receiver`: who takes the case over, and how it was sent.
    `answer`: which of its answers IVO gave.
    """

    kind: CaseKind
    step: CaseStep
    starts: frozenset[CaseState]
    permission: Permission
    end: CaseState | None
    comment: bool = False
    decision: bool = False
    investigator: bool = False
    day: bool = False
    receiver: bool = False
    answer: bool = False


_S, _P, _T, _K = CaseState, Permission, CaseStep, CaseKind
ENDED = frozenset({_S.CLOSED, _S.ANSWERED, _S.HANDED_OVER, _S.BECAME_LEX_SARAH})
_AFTER_RECEIPT = frozenset({
    _S.RECEIVED, _S.ASSESSED, _S.INVESTIGATING, _S.INVESTIGATED, _S.DECIDED, _S.ACTING, _S.FOLLOWED_UP, _S.CLOSED,
})  # fmt: skip
_BEFORE_CLOSING = _AFTER_RECEIPT - {_S.CLOSED}


def _lex(step: CaseStep, starts: set[CaseState] | frozenset[CaseState], end: CaseState | None, *needs: str) -> StepRow:
    own = step in {_T.COMPLETE, _T.INFORM_PERSON}
    permission = _P.INVESTIGATE_LEX_SARAH if own else _P.DECIDE_LEX_SARAH
    return StepRow(_K.LEX_SARAH, step, frozenset(starts), permission, end, **dict.fromkeys(needs, True))


def _dev(step: CaseStep, starts: set[CaseState], end: CaseState | None, *needs: str) -> StepRow:
    return StepRow(
        _K.DEVIATION, step, frozenset(starts), _P.HANDLE_DEVIATIONS, end, **dict.fromkeys(needs, True)
    )  # fmt: skip


def _com(step: CaseStep, starts: set[CaseState], end: CaseState | None, *needs: str) -> StepRow:
    return StepRow(
        _K.COMPLAINT, step, frozenset(starts), _P.HANDLE_COMPLAINTS, end, **dict.fromkeys(needs, True)
    )  # fmt: skip


TABLE: tuple[StepRow, ...] = (
    _lex(_T.RECEIVE, {_S.REPORTED}, _S.RECEIVED, "day"),
    _lex(_T.ASSESS, {_S.RECEIVED}, _S.ASSESSED, "decision"),
    _lex(_T.REASSESS, {_S.ASSESSED, _S.INVESTIGATING, _S.INVESTIGATED}, None, "decision"),
    _lex(_T.ASSIGN, {_S.RECEIVED, _S.ASSESSED, _S.INVESTIGATING}, _S.INVESTIGATING, "investigator"),
    _lex(_T.COMPLETE, {_S.INVESTIGATING}, _S.INVESTIGATED),
    _lex(_T.SEND_BACK, {_S.INVESTIGATED}, _S.INVESTIGATING, "comment"),
    _lex(_T.DECIDE, {_S.INVESTIGATED}, _S.DECIDED, "decision", "day"),
    _lex(_T.ACT, {_S.DECIDED}, _S.ACTING),
    _lex(_T.FOLLOW_UP, {_S.DECIDED, _S.ACTING}, _S.FOLLOWED_UP, "comment"),
    _lex(_T.CLOSE, {_S.FOLLOWED_UP}, _S.CLOSED, "day"),
    _lex(_T.REOPEN, {_S.CLOSED}, _S.INVESTIGATING, "comment"),
    _lex(_T.HAND_OVER, {_S.RECEIVED, _S.ASSESSED}, _S.HANDED_OVER, "comment", "day", "receiver"),
    _lex(_T.RECEIVER_ANSWERS, {_S.HANDED_OVER}, None, "comment", "day"),
    _lex(_T.NOTIFY_IVO, _AFTER_RECEIPT, None, "day"),
    _lex(_T.SUPPLEMENT_IVO, _AFTER_RECEIPT, None, "day"),
    _lex(_T.IVO_ANSWERS, _AFTER_RECEIPT, None, "day", "answer"),
    _lex(_T.INFORM_PERSON, _BEFORE_CLOSING, None, "day"),
    _lex(_T.TELL_REPORTER, _BEFORE_CLOSING, None, "day"),
    _lex(_T.CORRECT, _AFTER_RECEIPT | {_S.REPORTED, _S.HANDED_OVER}, None, "comment"),
    _dev(_T.RECEIVE, {_S.REPORTED}, _S.RECEIVED),
    _dev(_T.SEND_BACK, {_S.RECEIVED, _S.INVESTIGATING}, _S.REPORTED, "comment"),
    _dev(_T.INVESTIGATE, {_S.RECEIVED}, _S.INVESTIGATING),
    _dev(_T.ACT, {_S.INVESTIGATING}, _S.ACTING),
    _dev(_T.FOLLOW_UP, {_S.ACTING}, _S.FOLLOWED_UP, "comment"),
    _dev(_T.CLOSE, {_S.INVESTIGATING, _S.FOLLOWED_UP}, _S.CLOSED, "comment", "day"),
    _dev(_T.REOPEN, {_S.CLOSED}, _S.INVESTIGATING, "comment"),
    _dev(_T.MAKE_LEX_SARAH, {
        _S.REPORTED, _S.RECEIVED, _S.INVESTIGATING, _S.ACTING, _S.FOLLOWED_UP, _S.CLOSED,
    }, _S.BECAME_LEX_SARAH, "comment"),
    _dev(_T.CORRECT, {
        _S.REPORTED, _S.RECEIVED, _S.INVESTIGATING, _S.ACTING, _S.FOLLOWED_UP, _S.CLOSED,
    }, None, "comment"),
    _com(_T.RECEIVE, {_S.REPORTED}, _S.RECEIVED),
    _com(_T.ANSWER, {_S.RECEIVED}, _S.ANSWERED, "comment", "day"),
    _com(_T.CLOSE_UNANSWERED, {_S.RECEIVED}, _S.CLOSED, "comment", "day"),
    _com(_T.REOPEN, {_S.ANSWERED, _S.CLOSED}, _S.RECEIVED, "comment"),
    _com(_T.CORRECT, {_S.REPORTED, _S.RECEIVED, _S.ANSWERED, _S.CLOSED}, None, "comment"),
)  # fmt: skip
_ROWS = {(row.kind, row.step): row for row in TABLE}


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What a step looks at beside the state.

    `assessment`: the degree that was decided, or the first one. `investigators`: who investigates or has. `lacking`:
    what of the investigation is not written. `undecided`, `open_actions`, `unchecked`: how many actions are
    proposed only, not carried out, and without a result of their follow-up. `ivo_notified`, `ivo_complete`: whether the
    anmälan has been made, and the investigation sent. `person_informed`: whether the individual has been told, or it is
    written why not. `reporter_told`: whether who reported has been told, or nobody can be. `cleared`: it is gallrad.
    """

    state: CaseState
    assessment: Assessment | None = None
    investigators: frozenset[int] = frozenset()
    lacking: tuple[str, ...] = ()
    undecided: int = 0
    open_actions: int = 0
    unchecked: int = 0
    ivo_notified: bool = False
    ivo_complete: bool = False
    person_informed: bool = False
    reporter_told: bool = False
    cleared: bool = False


def row_of(kind: CaseKind, step: CaseStep) -> StepRow:
    """The table's row. Raises RuleViolation when there is no such step for the kind."""
    try:
        return _ROWS[kind, step]
    except KeyError:
        raise moved() from None


def possible_steps(kind: CaseKind, state: CaseState) -> list[StepRow]:
    """What the table lets be done from a state, in its order, whoever asks."""
    return [row for row in TABLE if row.kind is kind and state in row.starts]


def moved() -> RuleViolation:
    """That the case has come to another state, or that nothing like this can be done with it."""
    return RuleViolation("case_state", "Ärendet har kommit till ett annat läge. Öppna det igen och se vad som gäller.")


def check_step(kind: CaseKind, step: CaseStep, facts: CaseFacts, actor_id: int | None) -> StepRow:
    """The row of a step that may be taken by this person now.

    Raises RuleViolation, with what to do first, when it may not: from another state; a decision by who investigated;
    an investigation with empty headings; a close with an open action, without the anmälan that a serious case asks
    for, or before the individual and the reporter have been told; anything once the case is gallrad.
    """
    row = row_of(kind, step)
    if facts.cleared:
        raise cleared()
    if facts.state not in row.starts:
        raise moved()
    if step is CaseStep.DECIDE and actor_id is not None and actor_id in facts.investigators:
        raise RuleViolation(
            "own_investigation", "Du har utrett ärendet. Någon annan som är lex Sarah-ansvarig behöver besluta."
        )
    written = {CaseStep.COMPLETE} if kind is CaseKind.LEX_SARAH else {CaseStep.ACT, CaseStep.CLOSE}
    if step in written and facts.lacking:
        raise RuleViolation("lacking", f"Skriv först under {_listed(facts.lacking)}.")
    if step is CaseStep.SUPPLEMENT_IVO:
        _check_supplement(facts)
    if step is CaseStep.IVO_ANSWERS and not facts.ivo_notified:
        raise RuleViolation("not_notified", "Ärendet är inte anmält till IVO. Skriv anmälan först.")
    if step is CaseStep.HAND_OVER and facts.ivo_notified and not facts.ivo_complete:
        raise RuleViolation(
            "ivo_pending", "Ärendet är anmält till IVO. Utred det och skicka utredningen innan det lämnas över."
        )
    if step is CaseStep.NOTIFY_IVO and facts.ivo_notified:
        raise RuleViolation("notified", "Ärendet är redan anmält till IVO. Rätta dagen i stället.")
    if step in {CaseStep.CLOSE, CaseStep.FOLLOW_UP, CaseStep.HAND_OVER}:
        _check_actions(facts, closing=step is not CaseStep.FOLLOW_UP)
    if step is CaseStep.CLOSE and kind is CaseKind.LEX_SARAH:
        _check_close(facts)
    return row


NOT_APPLICABLE = frozenset({"case_state", "cleared", "notified", "not_notified", "complete", "not_investigated"})


def applies(kind: CaseKind, step: CaseStep, facts: CaseFacts) -> bool:
    """Whether a step is to be offered at all: one that lacks something is, with what lacks; one that answers to what
    has not happened, or has happened already, is not.
    """
    try:
        check_step(kind, step, facts, None)
    except RuleViolation as violation:
        return violation.code not in NOT_APPLICABLE
    return True


def _check_supplement(facts: CaseFacts) -> None:
    if not facts.ivo_notified:
        raise RuleViolation("not_notified", "Ärendet är inte anmält till IVO. Skriv anmälan först.")
    if facts.ivo_complete:
        raise RuleViolation("complete", "Utredningen är redan skickad till IVO.")
    if facts.state in {CaseState.RECEIVED, CaseState.ASSESSED, CaseState.INVESTIGATING}:
        raise RuleViolation("not_investigated", "Utredningen är inte klar. Markera den som klar först.")


def _check_actions(facts: CaseFacts, *, closing: bool) -> None:
    if facts.undecided:
        raise RuleViolation(
            "undecided", _actions(facts.undecided, "beslutad", "Besluta om den först.", "Besluta om dem först.")
        )
    if closing and facts.open_actions:
        raise RuleViolation("open_actions", _actions(facts.open_actions, "genomförd"))
    if closing and facts.unchecked:
        raise RuleViolation(
            "unchecked",
            _actions(facts.unchecked, "uppföljd", "Skriv vad den gav för effekt.", "Skriv vad de gav för effekt."),
        )


def _check_close(facts: CaseFacts) -> None:
    if facts.assessment in NOTIFIED_TO_IVO and not facts.ivo_notified:
        raise RuleViolation("ivo", "Ärendet är allvarligt och ska anmälas till IVO innan det avslutas.")
    if facts.ivo_notified and not facts.ivo_complete:
        raise RuleViolation(
            "ivo_supplement", "Utredningen är inte skickad till IVO. Skicka den innan ärendet avslutas."
        )
    if not facts.person_informed:
        raise RuleViolation("person", "Skriv när den enskilde informerades, eller varför det inte går.")
    if not facts.reporter_told:
        raise RuleViolation("reporter", "Skriv när den som rapporterade fick veta vad det blev av rapporten.")


def _actions(count: int, done: str, one: str = "", several: str = "") -> str:
    """That so many actions are not yet what they should be, and what to do about one or about several."""
    told = f"En åtgärd är inte {done}. {one}" if count == 1 else f"{count} åtgärder är inte {_plural(done)}. {several}"
    return told.rstrip()


def _plural(done: str) -> str:
    return {"genomförd": "genomförda", "uppföljd": "uppföljda", "beslutad": "beslutade"}[done]


def _listed(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} och {names[-1]}"
