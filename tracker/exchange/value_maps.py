"""What may a foreign file mean by its values? Proposals that are shown and can be changed; nothing is decided here."""

import re
import unicodedata
from collections.abc import Collection

from tracker.exchange.columns import fold
from tracker.rules.errors import RuleViolation
from tracker.rules.legal_basis import parse_legal_basis

_SYNONYMS: dict[str, dict[str, str]] = {
    "kon": {
        **dict.fromkeys(("k", "kv", "kvinna", "kvinnor", "kvinnlig", "f", "flicka", "tjej"), "kvinna"),
        **dict.fromkeys(("m", "man", "man.", "manlig", "pojke", "kille"), "man"),
    },
    "grund": {
        **dict.fromkeys(("b", "beslut", "bistandsbeslut", "gynnande_beslut", "namndbeslut"), "beslut"),
        **dict.fromkeys(("d", "dom", "domstol", "dom_i_domstol", "forvaltningsratten"), "dom"),
    },
    "omrade": {
        **dict.fromkeys(("ao", "aldre", "aldreomsorg", "vard_och_omsorg", "vobo"), "Äldreomsorg"),
        **dict.fromkeys(
            ("fn", "ff", "fs", "of", "funktionshinder", "funktionsnedsattning", "funktionsstod", "funktionshindrade"),
            "Funktionsnedsättning",
        ),
        **dict.fromkeys(("ifo", "individ_och_familj", "individ_och_familjeomsorg", "bou", "vuxen"), "IFO"),
        **dict.fromkeys(("lss", "lss_verksamhet"), "LSS"),
    },
}
_NUMBER = re.compile(r"\d+")


def plain(text: str) -> str:
    """A value as values are compared: small letters, without dots at its end; `Kv.` → `kv`."""
    return fold(unicodedata.normalize("NFC", text)).strip("._")


def propose(field: str, text: str, known: Collection[str]) -> str | None:
    """Which of the field's known values a text may mean; None when it could be anything.

    The value itself in other letters, or a word that is commonly written for it: `propose("kon", "Kv.", …)` is
    `kvinna`. Codes that are only a number (`1`) are never proposed.
    """
    word = plain(text)
    for value in known:
        if plain(value) == word:
            return value
    found = propose_legal_basis(text) if field == "lagrum" else _SYNONYMS.get(field, {}).get(word)
    return found if found in known else None


def propose_legal_basis(text: str) -> str | None:
    """The provision that a text names: `4 kap. 1 § SoL` → `SoL 4:1`, `LSS § 9.2` → `LSS 9:2`."""
    try:
        return parse_legal_basis(text)
    except RuleViolation:
        pass
    words = text.casefold()
    numbers = [int(found) for found in _NUMBER.findall(words)]
    name = None
    if "lss" in words and "sol" not in words:
        name = "LSS" if not numbers else _of_lss(numbers)
    elif "sol" in words and "lss" not in words:
        name = f"SoL {numbers[0]}:{numbers[1]}" if len(numbers) == 2 else ("SoL" if not numbers else None)
    try:
        return parse_legal_basis(name) if name else None
    except RuleViolation:
        return None


def _of_lss(numbers: list[int]) -> str | None:
    """The insats of 9 § LSS; `9 § LSS` alone could be any of them, and `LSS 9` the ninth."""
    if len(numbers) == 2 and numbers[0] == 9:
        return f"LSS 9:{numbers[1]}"
    return f"LSS 9:{numbers[0]}" if len(numbers) == 1 and numbers[0] != 9 else None
