"""What do the pages of an investigation show? Its headings with who wrote what, and the cases that came before."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from tracker import clock
from tracker.cases.addresses import HEADING_SLUGS
from tracker.cases.earlier import EarlierCase
from tracker.cases.investigating import Heading
from tracker.cases.pages import WORDS, choice_words
from tracker.cases.registers import REGISTERS
from tracker.cases.texts import SECTION_LABELS, Section, Words
from tracker.records.models import RecordKind
from tracker.rules.calendar import in_words

HEADING_HINTS = {
    Section.RECEIVED: "Skriv funktionen, aldrig namnet, på den som rapporterade.",
    Section.EVENT: "Skriv sakligt vad som hände, eller kunde ha hänt.",
    Section.CONSEQUENCES: "Vad det fick för följder för den enskilde, eller kunde ha fått.",
    Section.MEASURES_AT_ONCE: "Vad som gjordes genast, när och av vem.",
    Section.CAUSES: "De direkta orsakerna, och de som ligger bakom dem.",
    Section.EARLIER: "Om det har hänt förut i verksamheten: varför hände det igen?",
    Section.MEASURES: "Vad som ska göras, vem som ansvarar, när det är klart och när det följs upp.",
    Section.PERSON: "När och hur den enskilde eller närstående informerades, och hur de ser på det.",
    Section.HEARD: "Skriv funktioner, inte namn, och vilka handlingar som använts.",
    Section.ASSESSMENT: "Vilken grad, och varför.",
}


class EditionLine(NamedTuple):
    """An edition of what is written under a heading."""

    number: int
    body: str
    when: str


class HeadingLine(NamedTuple):
    """A heading: `now` is what stands (None: nothing), `older` what stood before, the latest first."""

    slug: str
    label: str
    now: EditionLine | None
    older: list[EditionLine]


class EarlierLine(NamedTuple):
    """A case that came before, as a row of a table."""

    path: str
    ref: str
    what: str
    day: date
    choice: str
    where: str


def heading_lines(headings: Iterable[Heading]) -> list[HeadingLine]:
    """The headings as the pages show them."""
    return [_line(heading) for heading in headings]


def _line(heading: Heading) -> HeadingLine:
    found = [_edition(heading, words) for words in reversed(heading.editions)]
    return HeadingLine(
        HEADING_SLUGS[heading.section], SECTION_LABELS[heading.section], found[0] if found else None, found[1:]
    )  # fmt: skip


def _edition(heading: Heading, words: Words) -> EditionLine:
    at = clock.as_utc(words.written_at).astimezone(clock.STOCKHOLM)
    when = f"{in_words(at.date())} kl. {at:%H.%M}"
    who = heading.who(words)
    return EditionLine(words.edition, words.body, f"{who}, {when}" if who else when)


def earlier_lines(cases: Iterable[EarlierCase], paths: Mapping[RecordKind, str]) -> Iterator[EarlierLine]:
    """What came before, as rows."""
    for one in cases:
        yield EarlierLine(
            f"{paths[one.kind]}/{one.record_id}", one.ref, WORDS[one.kind].one, one.listed_on,
            choice_words(REGISTERS[one.kind], one.choice), "Samma enhet" if one.same_unit else "Annan enhet",
        )  # fmt: skip
