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
    number: str
    when: str
    unit: str
    others: list[str]
    texts: list[str]
    exact: bool


def hit_lines(hits: Iterable[Hit], asked: Asked) -> list[HitLine]:
    """The hits of a page. Of several texts those that hold a word are shown, else the first."""
    known: dict[str, str] = {}  # names come again and again

    def named(text: str) -> str:
        if text not in known:
            known[text] = _in_html(marked(text, asked))
        return known[text]

    found = []
    for hit in hits:
        kind, address = SHOWN_AS[hit.kind]
        texts = [marked(shortened(text, asked), asked) for text in hit.words]
        shown = [text for text in texts if any(is_hit for _, is_hit in text)] or texts[:1]
        found.append(
            HitLine(
                kind, address.format(hit.record_id), _in_html(marked(hit.number, asked)),
                str(hit.day.year) if hit.kind in YEARLY else hit.day.isoformat(),
                named(hit.unit), [*map(named, hit.labels), *([named(hit.case_number)] if hit.case_number else [])],
                list(map(_in_html, shown)), hit.exact,
            )
        )  # fmt: skip
    return found


def _in_html(pieces: list[tuple[str, bool]]) -> str:
    """The pieces of a text as markup; one that holds no hit as it is, for the page to escape."""
    if len(pieces) == 1 and not pieces[0][1]:
        return pieces[0][0]
    parts = [f"<mark>{escape(text)}</mark>" if is_hit else escape(text) for text, is_hit in pieces]
    return Markup("".join(parts))  # noqa: S704 - each part is escaped
