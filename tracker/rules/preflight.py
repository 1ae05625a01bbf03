"""What would IVO ask about, if a clock's individrapport were sent as it stands?

34 kap. 1 § socialtjänstlagen (2025:400) and 28 f § LSS ask for the decision's day, the kind of insats and short
reasons for the delay. IVO asks for more where reasons are thin, offers are spoken of and not dated, or nobody seems to
have been in touch (ivo.se, frågor och svar om ej verkställda beslut). Six months and fifteen letters are ours.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.rules.calendar import add_months
from tracker.rules.identity import sex_of
from tracker.rules.legal_basis import possible_on
from tracker.rules.unexecuted import ReportClass

DECLINED, OTHER = "NEJ", "OVRIGT"  # codes of delay reasons
SHORTEST_REASON = 15
CONTACT_MONTHS = 6
WAITING = frozenset({ReportClass.NEW, ReportClass.STILL_UNEXECUTED})
CLOSED = frozenset({ReportClass.CLOSED, ReportClass.LATE_CLOSED})


class Concern(StrEnum):
    """What is missing or does not agree."""

    NO_PERSON = "no_person"
    SEX_DIFFERS = "sex_differs"
    NO_REASON = "no_reason"
    THIN_REASON = "thin_reason"
    DECLINED_WITHOUT_OFFER = "declined_without_offer"
    NO_CONTACT = "no_contact"
    PLAN_PASSED = "plan_passed"
    NO_BASIS = "no_basis"
    OLD_BASIS = "old_basis"
    NO_CLOSE_REASON = "no_close_reason"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one clock in the report. `person`: the number, None where none is kept; `reason_code` the code
    of the list's entry, `own_words` what was written instead; `last_contact_on` the last offer, answer, contact or
    follow-up.
    """

    report_class: ReportClass
    started_on: date
    decided_on: date
    person: str | None = None
    sex: str | None = None
    legal_basis: str | None = None
    reason_code: str | None = None
    own_words: str = ""
    offers: int = 0
    last_contact_on: date | None = None
    planned_on: date | None = None
    close_reason: str | None = None


def examine(facts: Facts, cutoff_on: date) -> tuple[Concern, ...]:
    """What IVO would ask about, in the order of the form; empty when nothing is missing.

    Decided 2025-06-30 under SoL 11:1: OLD_BASIS, as that paragraph begins to apply the day after. A start of 2025-08-31
    and nothing since: NO_CONTACT from 2026-03-01, six calendar months having ended on 2026-02-28.
    """
    return tuple(_examine(facts, cutoff_on))


def _examine(facts: Facts, cutoff_on: date) -> Iterator[Concern]:
    if facts.person is None:
        yield Concern.NO_PERSON
    elif facts.sex is not None and sex_of(facts.person) != facts.sex:
        yield Concern.SEX_DIFFERS
    if facts.legal_basis is None or facts.legal_basis in {"SoL", "LSS"}:
        yield Concern.NO_BASIS
    elif facts.legal_basis not in possible_on(facts.decided_on):
        yield Concern.OLD_BASIS
    if facts.report_class in WAITING:
        yield from _waiting(facts, cutoff_on)
    if facts.report_class in CLOSED and not facts.close_reason:
        yield Concern.NO_CLOSE_REASON


def _waiting(facts: Facts, cutoff_on: date) -> Iterator[Concern]:
    said = "".join(sign for sign in facts.own_words if sign.isalpha())
    if facts.reason_code is None and not said:
        yield Concern.NO_REASON
    elif facts.reason_code in {None, OTHER} and len(said) < SHORTEST_REASON:
        yield Concern.THIN_REASON
    if facts.reason_code == DECLINED and not facts.offers:
        yield Concern.DECLINED_WITHOUT_OFFER
    last = max(facts.started_on, facts.last_contact_on or facts.started_on)
    if add_months(last, CONTACT_MONTHS) < cutoff_on:
        yield Concern.NO_CONTACT
    if facts.planned_on is not None and facts.planned_on < cutoff_on:
        yield Concern.PLAN_PASSED
