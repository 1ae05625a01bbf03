"""Which pages stand beside a register of cases, for those who may open them?"""

from typing import NamedTuple

from tracker.accounts.reader import Reader
from tracker.records.models import RecordKind
from tracker.rules.permissions import Permission


class _Page(NamedTuple):
    label: str
    path: str
    permission: Permission


_GUARANTEES = _Page("Garantier", "/garantier", Permission.READ_GUARANTEES)
_PAGES = {
    RecordKind.DEVIATION: (
        _Page("Mönster", "/avvikelser/monster", Permission.READ_DEVIATIONS),
        _Page("Trender", "/trender?matt=avvikelser", Permission.READ_DEVIATIONS),
        _Page("Hälso- och sjukvård", "/avvikelser?omrade=HSL", Permission.READ_DEVIATIONS),
        _Page("Lex Maria", "/avvikelser?lexmaria=ja", Permission.READ_DEVIATIONS),
        _GUARANTEES,
    ),
    RecordKind.COMPLAINT: (_Page("Trender", "/trender?matt=synpunkter", Permission.READ_COMPLAINTS), _GUARANTEES),
    RecordKind.LEX_SARAH: (
        _Page("Trender", "/trender?matt=lex-sarah", Permission.SEE_LEX_SARAH),
        _Page("Från privata utförare", "/lex-sarah/fran-utforare", Permission.READ_LEX_SARAH),
        _Page("Information till personalen", "/lex-sarah/information", Permission.INFORM_STAFF),
        _Page("Skyddade ärenden", "/lex-sarah/skyddade", Permission.MANAGE_CASE_ACCESS),
    ),
}


def beside(kind: RecordKind, reader: Reader) -> list[tuple[str, str]]:
    """(words, address) of each page that the reader may open."""
    return [(page.label, page.path) for page in _PAGES.get(kind, ()) if reader.allows(page.permission)]
