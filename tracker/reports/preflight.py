"""What would IVO ask about in the quarter's individrapporter? Each clock of the draft, examined by the rules."""

from dataclasses import dataclass

from tracker.decisions.life import ClockLife, lives
from tracker.decisions.models import Decision, DecisionClock
from tracker.decisions.single import clocks_with_decisions, get_persons
from tracker.records.models import CodeList
from tracker.records.queries import code_names
from tracker.reports.quarter import ReportRow
from tracker.rules.preflight import Concern, Facts, examine
from tracker.rules.quarters import Period


@dataclass(frozen=True, slots=True)
class ConcernText:
    """A concern as a heading, what to do about it, and which page mends it."""

    heading: str
    advice: str
    step: str


CONCERN_LABELS = {
    Concern.NO_PERSON: ConcernText(
        "Personnummer saknas", "IVO vill ha ett personnummer, ett samordningsnummer eller ett T-nummer.", "decision"
    ),
    Concern.SEX_DIFFERS: ConcernText(
        "Kön och personnummer säger olika", "Kontrollera numret och könet. IVO läser könet ur numret.", "decision"
    ),
    Concern.NO_BASIS: ConcernText("Lagrum saknas", "Skriv lagrummet med paragraf, till exempel SoL 11:1.", "decision"),
    Concern.OLD_BASIS: ConcernText(
        "Lagrummet gällde inte den dagen", "Kontrollera lagrummet mot beslutsdatum.", "decision"
    ),
    Concern.NO_REASON: ConcernText("Skäl till dröjsmålet saknas", "Skriv varför det dröjer.", "skal"),
    Concern.THIN_REASON: ConcernText(
        "Skälet är för tunt", "Skriv så att en utomstående förstår varför det dröjer.", "skal"
    ),
    Concern.DECLINED_WITHOUT_OFFER: ConcernText(
        "Tackat nej, men inget erbjudande är noterat", "Notera vad personen erbjöds, och vilken dag.", "erbjudande"
    ),
    Concern.NO_CONTACT: ConcernText(
        "Ingen kontakt på sex månader", "Notera den senaste kontakten, eller ta en ny.", "kontakt"
    ),
    Concern.PLAN_PASSED: ConcernText(
        "Planerat datum har passerat", "Skriv ett nytt planerat datum, eller att det saknas.", "planera"
    ),
    Concern.NO_CLOSE_REASON: ConcernText("Avslutsorsak saknas", "Skriv varför beslutet avslutades.", "clock"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One clock with a concern: where it is mended."""

    record_id: int
    clock_id: int
    ref: str
    intervention: str


@dataclass(frozen=True, slots=True)
class Preflight:
    """The clocks that need something, by concern in the order of the form; `clean` is how many need nothing."""

    by_concern: dict[Concern, list[Finding]]
    examined: int
    clean: int

    @property
    def to_mend(self) -> int:
        """How many clocks need something."""
        return self.examined - self.clean


def preflight(rows: list[ReportRow], period: Period) -> Preflight:
    """Examines the rows that a reader sees; the caller has noted that they are read."""
    clock_ids = [row.clock_id for row in rows]
    clocks = clocks_with_decisions(clock_ids)
    persons = get_persons({row.record_id for row in rows})
    codes, said = code_names(CodeList.DELAY_REASON), lives(clock_ids, with_texts=False)
    by_concern: dict[Concern, list[Finding]] = {concern: [] for concern in Concern}
    clean = 0
    for row in rows:
        clock, decision = clocks[row.clock_id]
        facts = _facts(row, clock, decision, said[row.clock_id], persons.get(row.record_id), codes)
        found = examine(facts, period.cutoff_on)
        clean += not found
        for concern in found:
            by_concern[concern].append(Finding(row.record_id, row.clock_id, row.ref, row.intervention))
    return Preflight({concern: them for concern, them in by_concern.items() if them}, len(rows), clean)


def _facts(
    row: ReportRow,
    clock: DecisionClock,
    decision: Decision,
    life: ClockLife,
    person: str | None,
    codes: dict[int, str | None],
) -> Facts:
    days = [
        day
        for day in (
            *(offer.offered_on for offer in life.offers),
            *(offer.answered_on for offer in life.offers),
            *(contact.on for contact in life.contacts),
            life.partly_on,
        )
        if day is not None
    ]
    return Facts(
        row.report_class,
        clock.started_on,
        clock.decided_on,
        person,
        decision.sex,
        decision.legal_basis,
        (codes.get(clock.delay_reason_id) or "–") if clock.delay_reason_id else None,
        row.reason_note or "",
        len(life.offers),
        max(days, default=None),
        life.planned_on,
        clock.close_reason,
    )
