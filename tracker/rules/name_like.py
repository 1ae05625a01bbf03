"""Does a text seem to name somebody? It is pointed out, never refused: a name cannot be told from other words."""

import re

# Two words in a row that begin with a capital, neither of them first in its sentence: `med Anna Berg`, not `Anna kom`.
_PAIR = re.compile(
    r"(?<![.!?:\n] )(?<!^)\b([A-ZÅÄÖÉ][a-zåäöé]{2,}) ([A-ZÅÄÖÉ][a-zåäöé]{2,}(?:-[A-ZÅÄÖÉ][a-zåäöé]+)?)\b", re.M
)
_NEVER = frozenset({"Lex Sarah", "Vård Omsorg"})


def name_like(text: str) -> str | None:
    """The first two words that look like a name, `Anna Berg`; None when nothing does."""
    for match in _PAIR.finditer(text):
        if match[0] not in _NEVER:
            return match[0]
    return None
