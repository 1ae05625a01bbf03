"""What does the page of a search show of a hit? Where it stands, and why it was found."""

from collections.abc import Iterable
from dataclasses import dataclass

from tracker.accounts.queries import UnitRow
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
Pieces = list[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class HitLine:
    """A hit as the page tells of it; texts come in pieces, each with whether it is what was searched for."""

    kind: str
    address: str
    number: Pieces
    when: str
    unit: Pieces
    others: list[Pieces]
    texts: list[Pieces]
    exact: bool


def hit_lines(hits: Iterable[Hit], units: Iterable[UnitRow], asked: Asked) -> list[HitLine]:
    """The hits of a page. Of several texts those that hold a word are shown, else the first."""
    names = {unit.id: unit.name for unit in units}
    found = []
    for hit in hits:
        kind, address = SHOWN_AS[hit.kind]
        texts = [marked(shortened(text, asked), asked) for text in hit.words]
        others = [*hit.labels, *([hit.case_number] if hit.case_number else [])]
        found.append(
            HitLine(
                kind, address.format(hit.record_id), marked(hit.number, asked),
                str(hit.day.year) if hit.kind in YEARLY else hit.day.isoformat(),
                marked(names.get(hit.unit_id, ""), asked), [marked(other, asked) for other in others],
                [text for text in texts if any(is_hit for _, is_hit in text)] or texts[:1], hit.exact,
            )
        )  # fmt: skip
    return found
