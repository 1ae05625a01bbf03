"""What does the page of a search show of a hit? Where it stands, and why it was found."""

from collections.abc import Iterable
from typing import NamedTuple

from markupsafe import Markup, escape

from tracker.records.models import RecordKind
from tracker.search.queries import Hit
from tracker.search.words import Asked, marked, shortened

YEARLY = frozenset({RecordKind.RISK, RecordKind.CONTROL})
SHOWN_AS = {
    RecordKind.DECISION: ("Beslut", "/beslut/{}"),
    RecordKind.RISK: ("Risk", "/risker/{}"),
    RecordKind.CONTROL: ("Kontrollmoment", "/internkontroll/moment/{}"),
    RecordKind.ACTIVITY: ("Aktivitet", "/internkontroll/aktivitet/{}"),
    RecordKind.DEVIATION: ("Avvikelse", "/avvikelser/{}"),
    RecordKind.LEX_SARAH: ("Lex Sarah", "/lex-sarah/{}"),
    RecordKind.COMPLAINT: ("Synpunkt", "/synpunkter/{}"),
    RecordKind.ACTION: ("Åtgärd", "/atgarder/{}"),
    RecordKind.PROVIDER_REPORT: ("Från utförare", "/lex-sarah/fran-utforare/{}"),
    RecordKind.GUARANTEE: ("Tjänstegaranti", "/garantier/tillfallen/{}"),
}


class HitLine(NamedTuple):
    """A hit as the page tells of it; what was searched for is marked."""

    kind: str
    address: str
    number: Markup
    when: str
    unit: Markup
    others: list[Markup]
    texts: list[Markup]
    exact: bool


def hit_lines(hits: Iterable[Hit], asked: Asked) -> list[HitLine]:
    """The hits of a page. Of several texts those that hold a word are shown, else the first."""
    found = []
    for hit in hits:
        kind, address = SHOWN_AS[hit.kind]
        texts = [marked(shortened(text, asked), asked) for text in hit.words]
        others = [*hit.labels, *([hit.case_number] if hit.case_number else [])]
        shown = [text for text in texts if any(is_hit for _, is_hit in text)] or texts[:1]
        found.append(
            HitLine(
                kind, address.format(hit.record_id), _marked(hit.number, asked),
                str(hit.day.year) if hit.kind in YEARLY else hit.day.isoformat(),
                _marked(hit.unit, asked), [_marked(other, asked) for other in others], list(map(_in_html, shown)),
                hit.exact,
            )
        )  # fmt: skip
    return found


def _marked(text: str, asked: Asked) -> Markup:
    return _in_html(marked(text, asked))


def _in_html(pieces: Iterable[tuple[str, bool]]) -> Markup:
    parts = [f"<mark>{escape(text)}</mark>" if is_hit else escape(text) for text, is_hit in pieces]
    return Markup("".join(parts))  # noqa: S704 - each part is escaped
