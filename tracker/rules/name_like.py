"""Does a text seem to name somebody? It is pointed out, never refused: a name cannot be told from other words."""

import re

# Two words in a row that begin with a capital, as `Anna Berg`.
_PAIR = re.compile(
    r"\b([A-ZÅÄÖÉ][a-zåäöé]{2,})(?= ([A-ZÅÄÖÉ][a-zåäöé]{2,}(?:-[A-ZÅÄÖÉ][a-zåäöé]+)?)\b)"
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
})  # fmt: skip


def name_like(text: str) -> str | None:
    """The first two words that look like a name, `Anna Berg`; None when nothing does."""
    for match in _PAIR.finditer(text):
        found = f"{match[1]} {match[2]}"
        if found not in _NEVER and match[1] not in _BEGINS:
            return found
    return None
