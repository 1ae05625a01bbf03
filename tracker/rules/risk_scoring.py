"""What does a risk weigh? Sannolikhet × konsekvens, and the level that the plan's scale gives the cell.

No law prescribes a scale; it follows from the municipality's own rules, and belongs to the plan that was adopted with
it. A level belongs to a cell and not to a value: some never let the worst consequence be green.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tracker.rules.errors import RuleViolation

SIZES = (4, 5)
LONGEST_LABEL = 40


@dataclass(frozen=True, slots=True)
class Level:
    """A level of risk: its key in files and reports, its word, and the colour it is shown with (never alone)."""

    key: str
    label: str
    colour: str


@dataclass(frozen=True, slots=True)
class Scale:
    """The steps of sannolikhet and konsekvens from 1 up, by label, and the level of each cell.

    `cells[s - 1][k - 1]` is the key of a level.
    """

    likelihoods: tuple[str, ...]
    consequences: tuple[str, ...]
    levels: tuple[Level, ...]
    cells: tuple[tuple[str, ...], ...]

    @property
    def size(self) -> int:
        """How many steps each of the two has."""
        return len(self.likelihoods)

    def level(self, likelihood: int, consequence: int) -> Level:
        """The level of a cell; on the default scale 3 × 4 is orange."""
        key = self.cells[likelihood - 1][consequence - 1]
        return next(level for level in self.levels if level.key == key)

    def written(self) -> dict[str, Any]:
        """As plain lists and texts, for JSON."""
        return {
            "likelihoods": list(self.likelihoods),
            "consequences": list(self.consequences),
            "levels": [[level.key, level.label, level.colour] for level in self.levels],
            "cells": [list(row) for row in self.cells],
        }

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> "Scale":
        """The scale that was written so. Raises RuleViolation as `check_scale` does."""
        scale = cls(
            tuple(given["likelihoods"]),
            tuple(given["consequences"]),
            tuple(Level(*level) for level in given["levels"]),
            tuple(tuple(row) for row in given["cells"]),
        )
        check_scale(scale)
        return scale


def check_scale(scale: Scale) -> None:
    """Raises RuleViolation for a scale with a hole: a step without a label, a cell without a level."""
    size = scale.size
    if size not in SIZES or len(scale.consequences) != size:
        raise RuleViolation("scale_size", "Skalan ska ha lika många steg åt båda hållen: fyra eller fem.", "size")
    for labels, field in ((scale.likelihoods, "likelihoods"), (scale.consequences, "consequences")):
        if not all(label.strip() and len(label) <= LONGEST_LABEL for label in labels):
            raise RuleViolation("scale_label", f"Ge varje steg ett ord på högst {LONGEST_LABEL} tecken.", field)
        if (twice := _twice(labels)) is not None:
            raise RuleViolation("scale_twice", f"Två steg heter {twice}. Ge dem olika ord.", field)
    keys = {level.key for level in scale.levels}
    if len(keys) != len(scale.levels) or not all(level.label.strip() for level in scale.levels):
        raise RuleViolation("level_label", "Ge varje nivå ett eget namn.", "levels")
    if len(scale.cells) != size or any(len(row) != size for row in scale.cells):
        raise RuleViolation("scale_hole", "Någon ruta i matrisen saknar nivå. Välj en nivå för varje ruta.", "cells")
    for s, row in enumerate(scale.cells, start=1):
        for k, key in enumerate(row, start=1):
            if key not in keys:
                raise RuleViolation(
                    "scale_hole",
                    f"Rutan med sannolikhet {s} och konsekvens {k} saknar nivå. Välj en nivå för varje ruta.",
                    "cells",
                )


def _twice(labels: Iterable[str]) -> str | None:
    return next((label for label, times in Counter(labels).items() if times > 1), None)


def by_value(likelihoods: tuple[str, ...], consequences: tuple[str, ...], upper: Mapping[int, Level]) -> Scale:
    """A scale whose levels go by the value: `upper` is the highest value of each level, from the lowest up.

    Raises RuleViolation as `check_scale` does, also when the highest value lies above the last level.
    """
    size = len(likelihoods)
    cells = tuple(
        tuple(next((level.key for high, level in upper.items() if s * k <= high), "") for k in range(1, size + 1))
        for s in range(1, size + 1)
    )
    scale = Scale(likelihoods, consequences, tuple(upper.values()), cells)
    check_scale(scale)
    return scale


GREEN = Level("gron", "Låg", "green")
YELLOW = Level("gul", "Måttlig", "yellow")
ORANGE = Level("orange", "Hög", "orange")
RED = Level("rod", "Kritisk", "red")
FOUR = by_value(
    ("Osannolik", "Mindre sannolik", "Möjlig", "Sannolik"),
    ("Försumbar", "Lindrig", "Kännbar", "Allvarlig"),
    {3: GREEN, 8: YELLOW, 12: ORANGE, 16: RED},
)
FIVE = by_value(
    ("Mycket låg", "Låg", "Medel", "Hög", "Mycket hög"),
    ("Försumbar", "Lindrig", "Kännbar", "Allvarlig", "Mycket allvarlig"),
    {4: GREEN, 9: YELLOW, 16: ORANGE, 25: RED},
)
GIVEN = {scale.size: scale for scale in (FOUR, FIVE)}


def score(likelihood: int, consequence: int) -> int:
    """The riskvärde: 3 × 4 = 12."""
    return likelihood * consequence


def wrong_steps(scale: Scale, likelihood: int, consequence: int) -> list[RuleViolation]:
    """What is wrong with an assessment: each of the two that is no step of the scale."""
    return [
        RuleViolation("no_step", f"{value} finns inte i planens skala. Skriv 1–{scale.size}.", field)
        for value, field in ((likelihood, "sannolikhet"), (consequence, "konsekvens"))
        if not 1 <= value <= scale.size
    ]
