"""What is written of a case under its headings: sealed, and the first words never lost when others come."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import func, select

from tracker.cases.models import BODY, CaseText
from tracker.database import db
from tracker.records.numbers import Numbers
from tracker.vault import vault

LONGEST_WORDS = 10_000
AT_ONCE = 1_000
Row = dict[str, object]


class Section(StrEnum):
    """The headings under which something is written of a case, whoever writes it."""

    WHAT = "what"
    WHERE = "where"
    AT_ONCE = "at_once"
    SUGGESTION = "suggestion"
    ANSWER = "answer"
    RECEIVED = "received"
    EVENT = "event"
    NOTICED = "noticed"
    CONSEQUENCES = "consequences"
    MEASURES_AT_ONCE = "measures_at_once"
    CAUSES = "causes"
    EARLIER = "earlier"
    AGAIN = "again"
    MEASURES = "measures"
    PERSON = "person"
    HEARD = "heard"
    ASSESSMENT = "assessment"


SECTION_LABELS = {
    Section.WHAT: "Vad hände?",
    Section.WHERE: "Var hände det?",
    Section.AT_ONCE: "Vad gjordes genast?",
    Section.SUGGESTION: "Förslag",
    Section.ANSWER: "Svar",
    Section.RECEIVED: "När och från vem rapporten kom",
    Section.EVENT: "Vad missförhållandet eller risken bestod i",
    Section.NOTICED: "När, var och hur det uppmärksammades",
    Section.CONSEQUENCES: "Konsekvenser för den enskilde",
    Section.MEASURES_AT_ONCE: "Omedelbara åtgärder",
    Section.CAUSES: "Orsaker",
    Section.EARLIER: "Om liknande har hänt tidigare",
    Section.AGAIN: "Om liknande kan hända igen",
    Section.MEASURES: "Åtgärder för att det inte ska hända igen",
    Section.PERSON: "Den enskildes och närståendes syn",
    Section.HEARD: "Vilka som har hörts, och underlag",
    Section.ASSESSMENT: "Bedömning",
}
OF_COMPLAINT = {Section.WHAT: "Synpunkten"}
# The headings of an investigation, in their order: SOSFS 2011:5 chapter 5, by what is known of it.
INVESTIGATION = (
    Section.RECEIVED, Section.EVENT, Section.NOTICED, Section.CONSEQUENCES, Section.MEASURES_AT_ONCE, Section.CAUSES,
    Section.EARLIER, Section.AGAIN, Section.MEASURES, Section.PERSON, Section.HEARD, Section.ASSESSMENT,
)  # fmt: skip


class Words(NamedTuple):
    """What stands under a heading: which edition, by whom and when."""

    section: Section
    edition: int
    body: str
    written_by: int | None
    written_at: datetime


def text_row(
    text_id: int, record_id: int, section: Section, edition: int, body: str, by: int | None, now: datetime
) -> Row:
    """A row of `case_text`, sealed and ready to be written."""
    return {
        "id": text_id, "record_id": record_id, "section": section.value, "edition": edition,
        "body": vault.encrypt(body, text_id, BODY), "written_by": by, "written_at": now,
    }  # fmt: skip


def write_words(record_id: int, section: Section, body: str, by: int | None, now: datetime) -> int:
    """Writes what stands under a heading from now on, and gives the number of the edition; what stood stays."""
    newest = select(func.max(CaseText.edition)).filter_by(record_id=record_id, section=section.value)
    edition = (db.session.scalar(newest) or 0) + 1
    row = text_row(Numbers().take(CaseText), record_id, section, edition, body, by, now)
    db.session.add(CaseText(**row))
    db.session.flush()
    return edition


def list_words(record_id: int) -> list[Words]:
    """All that is written of a case, by heading in their order, the first edition first."""
    rows = db.session.scalars(select(CaseText).filter_by(record_id=record_id))
    found = [
        Words(
            Section(row.section), row.edition, vault.decrypt(row.body, row.id, BODY), row.written_by, row.written_at
        )
        for row in rows
    ]  # fmt: skip
    order = {section: place for place, section in enumerate(Section)}
    return sorted(found, key=lambda words: (order[words.section], words.edition))


def newest_words(record_ids: Iterable[int], section: Section) -> dict[int, tuple[int, str]]:
    """Record → (edition, words) of what stands under a heading now, for some cases."""
    ids, found = list(record_ids), dict[int, tuple[int, str]]()
    for start in range(0, len(ids), AT_ONCE):
        statement = (
            select(CaseText.id, CaseText.record_id, CaseText.edition, CaseText.body)
            .where(CaseText.record_id.in_(ids[start : start + AT_ONCE]), CaseText.section == section.value)
            .order_by(CaseText.edition)
        )
        for text_id, record_id, edition, body in db.session.execute(statement):
            found[record_id] = (edition, vault.decrypt(body, text_id, BODY))
    return found
