"""Does somebody stand too near a case to investigate or decide it?

An investigation is to be made impartially, and not by those whose acts it examines (lex Sarah, SOSFS 2011:5 chapter 5,
not verified); jäv in general is förvaltningslagen (2017:900) 16 §. The program knows of a few grounds only, so it
warns and asks, and a person decides. Who reported is part of the question only when the one who asks may know it
(`rules.reporters`): otherwise trying one person after another would tell. For the same reason it is never written down.
"""

from dataclasses import dataclass
from enum import StrEnum


class Nearness(StrEnum):
    """Why somebody stands near a case."""

    MANAGES = "manages"
    CONCERNED = "concerned"
    INVESTIGATED = "investigated"
    REPORTED = "reported"


@dataclass(frozen=True, slots=True)
class Near:
    """Who stands near a case, as user ids: who manages its unit, whom it is closed to since it concerns them, who
    investigates it. `reporter` is None when it is anonymous, and when the one who asks may not know.
    """

    managers: frozenset[int] = frozenset()
    concerned: frozenset[int] = frozenset()
    investigators: frozenset[int] = frozenset()
    reporter: int | None = None


def nearness(person: int, near: Near, *, deciding: bool) -> tuple[Nearness, ...]:
    """On which grounds a person stands near; to investigate a case again is no ground, to decide it is.

    Manager 7, case reported by 3, investigated by 5: to investigate 7 manages, 3 reported (asked by somebody who may
    know), 5 is not near; to decide 5 has investigated.
    """
    grounds = (
        (Nearness.MANAGES, person in near.managers),
        (Nearness.CONCERNED, person in near.concerned),
        (Nearness.INVESTIGATED, deciding and person in near.investigators),
        (Nearness.REPORTED, person == near.reporter),
    )
    return tuple(ground for ground, holds in grounds if holds)


def written_down(grounds: tuple[Nearness, ...]) -> tuple[Nearness, ...]:
    """The grounds that may stand in the case and its trail: never that somebody reported it."""
    return tuple(ground for ground in grounds if ground is not Nearness.REPORTED)
