"""What is searched for? Words, as the index splits them, and where they stand in a text. No sign of a query language
that an engine has is ever let through: all but letters and digits is what stands between words.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, pairwise, takewhile

LONGEST_SEARCH, MOST_WORDS, SHORTEST_BEGINNING = 200, 12, 3
SHOWN, BEFORE_HIT = 180, 50
# Letters since Unicode 8, which SQLite's index takes for what stands between words.
_WORD = re.compile(r"[^\W_\u19b0-\u19c0\u19c8\u19c9\u1cf2\u1cf3]+")


@dataclass(frozen=True, slots=True)
class Asked:
    """A search: `said` as it is shown again, its words in small letters; `cut`: more was written than is searched for.

    The last word may be the beginning of one, when it is at least three signs and not a number.
    """

    said: str
    words: tuple[str, ...]
    cut: bool = False

    @property
    def beginning(self) -> bool:
        """Whether what begins with the last word is found, too."""
        last = self.words[-1] if self.words else ""
        return len(last) >= SHORTEST_BEGINNING and not last.isdigit()


def split(text: str) -> list[str]:
    """The words of a text, in small letters."""
    return _WORD.findall(unicodedata.normalize("NFC", text).lower())


def asked(given: str) -> Asked:
    """What an address asks for."""
    shown = "".join(sign if sign.isprintable() else " " for sign in given[: LONGEST_SEARCH + 1]).strip()
    said = shown[:LONGEST_SEARCH].strip()
    words = list(dict.fromkeys(split(said)))
    return Asked(said, tuple(words[:MOST_WORDS]), len(given.strip()) > LONGEST_SEARCH or len(words) > MOST_WORDS)


class Names:
    """What many things are called, to be asked which of them hold a word."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self.of = dict(names)
        self._holding: dict[str, list[str]] = {}
        for key, name in names.items():
            for word in dict.fromkeys(split(name)):
                self._holding.setdefault(word, []).append(key)
        self._words = sorted(self._holding)

    def holding(self, word: str, *, beginning: bool) -> list[str]:
        """The keys of the names that the word stands in, or one that begins so."""
        if not beginning:
            return self._holding.get(word, [])
        first = bisect_left(self._words, word)
        begins = takewhile(lambda one: one.startswith(word), islice(self._words, first, None))
        return list(dict.fromkeys(key for one in begins for key in self._holding[one]))


def marked(text: str, wanted: Asked) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether it is what was searched for."""
    places = [found.span() for found in _places(text, wanted)]
    if not places:
        return [(text, False)] if text else []
    edges = [0, *(edge for place in places for edge in place), len(text)]
    pieces = [(text[start:end], number % 2 == 1) for number, (start, end) in enumerate(pairwise(edges))]
    return [piece for piece in pieces if piece[0]]


def _places(text: str, wanted: Asked) -> Iterable[re.Match[str]]:
    small = text.lower()
    if not wanted.words or len(small) != len(text):  # a letter that is two when small: nothing is marked, not wrong
        return ()
    return _pattern(wanted).finditer(small)


@lru_cache(maxsize=200)
def _pattern(wanted: Asked) -> re.Pattern[str]:
    words = list(map(re.escape, wanted.words))
    whole = [rf"{word}(?![^\W_])" for word in words]
    last = words[-1] if wanted.beginning else whole[-1]
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(sorted([*whole[:-1], last], key=len, reverse=True))})")


def shortened(text: str, wanted: Asked) -> str:
    """The part of a text around the first of the words; all of it when it is short."""
    plain = " ".join(text.split())
    if len(plain) <= SHOWN:
        return plain
    first = next(iter(_places(plain, wanted)), None)
    start = max(0, first.start() - BEFORE_HIT) if first else 0
    start = plain.rfind(" ", 0, start) + 1 if start else 0
    end = plain.rfind(" ", start, start + SHOWN) if start + SHOWN < len(plain) else len(plain)
    end = end if end > start else start + SHOWN
    return f"{'… ' if start else ''}{plain[start:end]}{' …' if end < len(plain) else ''}"


def numbers_like(said: str) -> Sequence[str]:
    """How a number that is typed may stand in a register."""
    return tuple(dict.fromkeys((said, said.upper(), said.lower())))
