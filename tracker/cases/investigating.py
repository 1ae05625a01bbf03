"""Writing and reading an investigation, heading by heading: several write at once, and nobody over another's words."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from tracker import clock
from tracker.accounts.queries import user_names
from tracker.audit import trail
from tracker.cases.models import CaseInvestigator, LexSarahReport
from tracker.cases.services import PERSON_NUMBER
from tracker.cases.texts import INVESTIGATION, Section, Words, list_words, write_words
from tracker.database import db
from tracker.records.models import Record
from tracker.records.versions import StaleVersion
from tracker.rules.case_workflow import CaseState
from tracker.rules.errors import RuleViolation
from tracker.rules.identity import holds_person_number
from tracker.rules.trail import Action

HEADINGS = frozenset(section.value for section in INVESTIGATION)
NOT_NOW = "Utredningen är inte öppen längre. Be den som är lex Sarah-ansvarig att skicka tillbaka ärendet."
NOT_YOURS = "Du utreder inte ärendet. Be den som är lex Sarah-ansvarig om det."
NEEDS_WORDS = "Skriv något under rubriken."


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands under a heading: every edition, the first first, and the names of those who wrote them."""

    section: Section
    editions: tuple[Words, ...]
    names: dict[int, str]

    @property
    def newest(self) -> Words | None:
        """What stands now; None where nothing is written."""
        return self.editions[-1] if self.editions else None

    @property
    def edition(self) -> int:
        """The number of what stands now, 0 where nothing does."""
        return self.editions[-1].edition if self.editions else 0

    def who(self, words: Words) -> str:
        """Who wrote an edition; empty for what came in a file."""
        return self.names.get(words.written_by or 0, "")


def headings_of(words: list[Words]) -> list[Heading]:
    """The twelve headings in their order, with what is written under each; `words` as `list_words` gives them."""
    names = user_names({one.written_by for one in words if one.written_by is not None})
    return [Heading(section, tuple(one for one in words if one.section is section), names) for section in INVESTIGATION]


def find_heading(record_id: int, section: Section) -> Heading:
    """One heading of a case, as it stands."""
    return next(one for one in headings_of(list_words(record_id)) if one.section is section)


def save_heading(record_id: int, section: Section, seen: int, body: str, actor_id: int, now: datetime) -> int:
    """Writes a heading of an investigation within the caller's transaction, and gives the number of its edition; the
    same words again are no new edition. `seen` is the edition that the writer started from, 0 where nothing stood.

    Raises StaleVersion when another edition has come since, RuleViolation when the case is not investigated now, or not
    by this person, and for an empty text or one with a personnummer. The record's version stays: two headings are two
    places.
    """
    db.session.execute(select(Record.id).where(Record.id == record_id).with_for_update())  # one at a time
    state = db.session.scalar(select(LexSarahReport.state).where(LexSarahReport.record_id == record_id))
    if state != CaseState.INVESTIGATING:
        raise RuleViolation("not_investigating", NOT_NOW)
    own = select(CaseInvestigator.user_id).where(
        CaseInvestigator.record_id == record_id, CaseInvestigator.user_id == actor_id
    )
    if db.session.scalar(own) is None:
        raise RuleViolation("not_investigator", NOT_YOURS)
    if not body.strip():
        raise RuleViolation("empty", NEEDS_WORDS, "body")
    if holds_person_number(body):
        raise RuleViolation("person_number", PERSON_NUMBER, "body")
    heading = find_heading(record_id, section)
    if heading.edition != seen:
        raise StaleVersion
    before = heading.newest.body if heading.newest else None
    if before == body:
        return heading.edition
    edition = write_words(record_id, section, body, actor_id, now)
    c, today = LexSarahReport, clock.day_of(now)  # somebody works with it: it does not stand still
    moved = update(c).where(c.record_id == record_id, c.moved_on < today).values(moved_on=today)
    db.session.execute(moved, execution_options={"synchronize_session": False})
    trail.record(
        Action.RECORD_CHANGED, record_id=record_id, changes={section.value: (before, body)}, personal={section.value}
    )
    return edition
