"""What does the law of lex Sarah ask for, by which paragraph, and when?

Socialtjänstlagen (2025:400) 27 kap. 2–6 §§ for events from 2025-07-01, (2001:453) 14 kap. 3–7 §§ before; LSS
(1993:387) 24 b–24 f §§ for both. To report at once, to investigate at once (LSS: without delay), to notify IVO as soon
as possible: the law has no number of days, so the days after which the program warns are ours. That an investigation
which followed later is to be sent within two months of the anmälan is said of SOSFS 2011:5 and not verified.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.rules.calendar import add_months
from tracker.rules.case_days import Told, wrong_order
from tracker.rules.case_workflow import NOTIFIED_TO_IVO, Assessment, CaseState
from tracker.rules.errors import RuleViolation
from tracker.rules.unexecuted import NEW_LAW_FROM

TARGET_MONTHS = 2  # ours: no length stands in the law
SUPPLEMENT_MONTHS = 2
NO_NOTIFICATION = "kräver dagen för anmälan till IVO. Skriv den också."


class Law(StrEnum):
    """Under which law the activity is run."""

    SOL = "SoL"
    LSS = "LSS"


class IvoState(StrEnum):
    """Where a case stands with IVO, beside its own state."""

    NOT_ASKED = "not_asked"
    TO_NOTIFY = "to_notify"
    WITHOUT_INVESTIGATION = "without_investigation"
    COMPLETE = "complete"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Paragraphs:
    """Where the duties stand."""

    report: str
    investigate: str
    notify: str


_NEW = Paragraphs("27 kap. 2 § SoL", "27 kap. 5 § SoL", "27 kap. 6 § SoL")
_OLD = Paragraphs("14 kap. 3 § SoL (2001:453)", "14 kap. 6 § SoL (2001:453)", "14 kap. 7 § SoL (2001:453)")
_LSS = Paragraphs("24 b § LSS", "24 e § LSS", "24 f § LSS")


def paragraphs(law: Law, happened_on: date) -> Paragraphs:
    """By which paragraphs an event of this day is reported, investigated and notified.

    SoL on 2025-06-30: 14 kap. of the old law; on 2025-07-01: 27 kap. of the new. LSS kept its numbers.
    """
    if law is Law.LSS:
        return _LSS
    return _NEW if happened_on >= NEW_LAW_FROM else _OLD


def target_day(received_on: date) -> date:
    """The last day of the local target of two months: received 2025-12-31 gives 2026-02-28."""
    return add_months(received_on, TARGET_MONTHS)


def supplement_day(notified_on: date) -> date:
    """The last day to send IVO an investigation that was not done when the anmälan was made."""
    return add_months(notified_on, SUPPLEMENT_MONTHS)


class IvoAnswer(StrEnum):
    """What IVO answers: only the first ends the matter."""

    CLOSED = "avslutat"
    SUPPLEMENT = "komplettering"
    INVESTIGATES = "utreder"


@dataclass(frozen=True, slots=True)
class IvoDays:
    """What has passed between the committee and IVO: the anmälan, the investigation sent with it or later, and IVO's
    decision that ends it.
    """

    notified_on: date | None = None
    investigation_sent_on: date | None = None
    decided_on: date | None = None


def ivo_state(assessment: Assessment | None, days: IvoDays) -> IvoState:
    """Where the case stands with IVO; an anmälan stays, whatever the assessment becomes."""
    if days.decided_on is not None:
        return IvoState.ENDED
    if days.notified_on is not None:
        return IvoState.WITHOUT_INVESTIGATION if days.investigation_sent_on is None else IvoState.COMPLETE
    return IvoState.TO_NOTIFY if assessment in NOTIFIED_TO_IVO else IvoState.NOT_ASKED


@dataclass(frozen=True, slots=True)
class LexSarahDays:
    """The days of a case; each is None until it is known or has come."""

    happened_on: date | None = None
    noticed_on: date | None = None
    reported_on: date | None = None
    received_on: date | None = None
    completed_on: date | None = None
    decided_on: date | None = None
    closed_on: date | None = None
    ivo: IvoDays = IvoDays()


def wrong_days(days: LexSarahDays, today: date) -> list[RuleViolation]:
    """What contradicts itself: a day in the future, or one before what must have come first; also towards IVO."""
    found = wrong_order(
        (
            Told("handelsedatum", "händelsen", days.happened_on),
            Told("uppmarksammad", "när det uppmärksammades", days.noticed_on),
            Told("rapporterad", "rapporten", days.reported_on),
            Told("mottagen", "mottagandet", days.received_on),
            Told("utredd", "den klara utredningen", days.completed_on),
            Told("beslutad", "beslutet", days.decided_on),
            Told("avslutad", "avslutet", days.closed_on),
        ),
        today,
    )
    received = Told("mottagen", "mottagandet", days.received_on)
    notified = Told("ivo_anmald", "anmälan till IVO", days.ivo.notified_on)
    sent = Told("ivo_utredning_sand", "utredningen till IVO", days.ivo.investigation_sent_on)
    answered = Told("ivo_beslut", "IVO:s beslut", days.ivo.decided_on)
    if notified.day is None:
        lacking = [one for one in (sent, answered) if one.day is not None]
        return found + [RuleViolation("no_notification", NO_NOTIFICATION, one.field) for one in lacking]
    ivo = [one for one in wrong_order((received, notified, sent), today) if one.field != received.field]
    return found + ivo + [one for one in wrong_order((notified, answered), today) if one.field == answered.field]


def state_of(days: LexSarahDays) -> CaseState:
    """The state that a register kept elsewhere tells by its days alone."""
    if days.closed_on is not None:
        return CaseState.CLOSED
    if days.decided_on is not None:
        return CaseState.DECIDED
    return CaseState.REPORTED if days.received_on is None else CaseState.RECEIVED
