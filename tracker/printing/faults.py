"""What is wrong with a template, and where?"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_SPACE = re.compile(r"\s+")
LONGEST_QUOTE = 80


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: what to do about it, and the place in the document (empty for the whole file)."""

    message: str
    place: str = ""

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


class WordError(Exception):
    """A template that cannot be used; `faults` say why, in Swedish."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(map(str, self.faults)))


def place_of(part: str, snippet: str, paragraphs: list[str]) -> str:
    """`brödtexten, stycke 14, «{{ namn }}»`: the first paragraph that holds the snippet, counted from 1."""
    wanted = _SPACE.sub("", snippet)
    number = next((at for at, text in enumerate(paragraphs, start=1) if wanted in _SPACE.sub("", text)), None)
    where = f"{part}, stycke {number}" if number else part
    shown = _SPACE.sub(" ", snippet).strip()
    return f"{where}, «{shown[:LONGEST_QUOTE]}{'…' if len(shown) > LONGEST_QUOTE else ''}»" if shown else where
