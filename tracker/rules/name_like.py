"""Does a text seem to name somebody? It is pointed out, never refused: a name cannot be told from other words.
Whether it holds one name that is known can be told.
"""

import re
import unicodedata

# Two words in a row that begin with a capital, as `Anna Berg`.
_PAIR = re.compile(
    r"\b([A-ZÅÄÖÉ][a-zåäöé]+)(?= ([A-ZÅÄÖÉ][a-zåäöé]+(?:-[A-ZÅÄÖÉ][a-zåäöé]+)?)\b)"
)  # fmt: skip
_NEVER = frozenset({"Lex Sarah", "Lex Maria", "Vård Omsorg"})
# What a sentence begins with before the name of a place or a unit: the capital is the sentence's own.
_BEGINS = frozenset({
    "Alla", "Att", "Bakom", "Bara", "Boende", "Boendet", "Bredvid", "Både", "Den", "Denna", "Dessa", "Det",
    "Detta", "Där", "Därför", "Efter", "Eftersom", "Enheten", "Enligt", "Fast", "Från", "Före", "Förra", "Genom",
    "Hela", "Hemma", "Hos", "Idag", "Igår", "Inför", "Ingen", "Inget", "Innan", "Inne", "Inom", "Kring", "Kvar",
    "Med", "Medan", "Mellan", "Mitt", "Mot", "När", "Nära", "Nästan", "Någon", "Något", "Också", "Ovanför",
    "Samtidigt", "Sedan", "Som", "Strax", "Såväl", "Tack", "Till", "Trots", "Undan", "Under", "Utan", "Utanför",
    "Ute", "Var", "Varför", "Varje", "Varken", "Vart", "Vid", "Vilken", "Även", "Åter", "Över",
    "Av", "De", "Du", "En", "Ett", "Han", "Hen", "Hon", "Jag", "Ja", "Men", "Min", "Nej", "Ni", "Nu", "Och", "Om", "På",
    "Så", "Vi", "Är",
})  # fmt: skip


def name_like(text: str) -> str | None:
    """The first two words that look like a name, `Anna Berg`; None when nothing does."""
    for match in _PAIR.finditer(text):
        found = f"{match[1]} {match[2]}"
        if found not in _NEVER and match[1] not in _BEGINS:
            return found
    return None


_WORD = re.compile(r"\w+")
NEAR = 3  # words from one part of a name to the next, as in `Anna, som heter Berg`
SHORTEST_PART = 3


def holds_name(text: str, name: str) -> bool:
    """Whether a text names this person, however it is written: two parts of the name near each other, in any order.

    Of Anna Maria Berg: `Anna (Berg)`, `Berg, Anna`, `ANNA  BERGS rapport` and `Maria Berg` do, `Anna` alone and `Berg`
    alone do not. A name of one word is that word.
    """
    words, parts = _folded(text), dict.fromkeys(_folded(name))
    long = [part for part in parts if len(part) >= SHORTEST_PART]
    sought = long if len(long) > 1 else list(parts)
    at = [(place, part) for place, word in enumerate(words) for part in sought if word in {part, f"{part}s"}]
    if len(sought) < 2:
        return bool(at)
    pairs = ((one, other) for number, one in enumerate(at) for other in at[number + 1 :])
    return any(one[1] != other[1] and other[0] - one[0] <= NEAR for one, other in pairs)


def _folded(text: str) -> list[str]:
    """The words of a text, without capitals and accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _WORD.findall("".join(sign for sign in plain if not unicodedata.combining(sign)))
