"""What is searched for? Words, as the index splits them, and where they stand in a text. No sign of a query language
that an engine has is ever let through: all but letters and digits is what stands between words.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

LONGEST_SEARCH, MOST_WORDS, SHORTEST_BEGINNING = 200, 12, 3
SHOWN, BEFORE_HIT = 180, 50
_WORD = re.compile(r"[^\W_]+")


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


@lru_cache(maxsize=20_000)
def _kept(label: str) -> tuple[str, ...]:
    return tuple(split(label))


def holds(label: str, word: str, *, beginning: bool) -> bool:
    """Whether the word stands in a label (of a unit, a code), or one that begins so."""
    return any(one.startswith(word) if beginning else one == word for one in _kept(label))


def marked(text: str, wanted: Asked) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether it is what was searched for."""
    places = [found.span() for found in _places(text, wanted)]
    edges = [0, *(edge for place in places for edge in place), len(text)]
    pieces = [(text[start:end], number % 2 == 1) for number, (start, end) in enumerate(pairwise(edges))]
    return [piece for piece in pieces if piece[0]]


def _places(text: str, wanted: Asked) -> Iterable[re.Match[str]]:
    small, words = text.lower(), list(map(re.escape, wanted.words))
    if not words or len(small) != len(text):  # a letter that is two when small: nothing is marked rather than wrong
        return ()
    whole = [rf"{word}(?![^\W_])" for word in words]
    last = words[-1] if wanted.beginning else whole[-1]
    return re.finditer(rf"(?<![^\W_])(?:{'|'.join(sorted([*whole[:-1], last], key=len, reverse=True))})", small)


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
