"""How is a state shown? By a word, a shape and a colour, never by the colour alone."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StateMark:
    """A state as word, shape and colour: `css` names the colour."""

    word: str
    shape: str
    css: str


@dataclass(frozen=True, slots=True)
class LevelMark:
    """A level of a scale as word and colour."""

    word: str
    colour: str
