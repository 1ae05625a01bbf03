"""What does a risk weigh? Sannolikhet × konsekvens, and the level that the plan's scale gives the cell.

No law prescribes a scale; it follows from the municipality's own rules, and belongs to the plan that was adopted with
it. A level belongs to a cell and not to a value: some never let the worst consequence be green.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product, zip_longest
from typing import Any, NamedTuple

from tracker.rules.errors import RuleViolation
from tracker.rules.plan_changes import FieldChange

SIZES = (4, 5)
LONGEST_LABEL = 40
FEWEST_LEVELS, MOST_LEVELS = 2, 6


class Colour(NamedTuple):
    """A colour that a level can be shown with: its name in the style sheet, where its contrast holds, and its word."""

    colour: str
    word: str


# The key of a level in files and reports goes by its colour.
PALETTE = {
    "gron": Colour("green", "Grön"), "gul": Colour("yellow", "Gul"), "orange": Colour("orange", "Orange"),
    "rod": Colour("red", "Röd"), "bla": Colour("blue", "Blå"), "lila": Colour("purple", "Lila"),
    "gra": Colour("grey", "Grå"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Level:
    """A level of risk: its key in files and reports, its word, and the colour it is shown with (never alone)."""

    key: str
    label: str
    colour: str

    @classmethod
    def of(cls, key: str, label: str) -> "Level":
        """The level with a key of the palette; an unknown one has no colour, and `check_scale` refuses it."""
        return cls(key, label, PALETTE[key].colour if key in PALETTE else "")


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
    """Raises RuleViolation with the first of `scale_faults`."""
    for fault in scale_faults(scale):
        raise fault


def scale_faults(scale: Scale) -> Iterator[RuleViolation]:
    """Everything that is wrong with a scale: a step or a level without a word of its own, a cell without a level.

    The fields are `size`, `likelihood_3`, `consequence_3`, `level_2` (the second level), `cell_3_2` (sannolikhet 3 and
    konsekvens 2).
    """
    size = scale.size
    if size not in SIZES or len(scale.consequences) != size:
        yield RuleViolation("scale_size", "Skalan ska ha lika många steg åt båda hållen: fyra eller fem.", "size")
        return
    for labels, name in ((scale.likelihoods, "likelihood"), (scale.consequences, "consequence")):
        yield from _label_faults(labels, name, ("steg", "steg"), "ord")
    yield from _level_faults(scale.levels)
    yield from _cell_faults(scale)


def _label_faults(labels: Sequence[str], name: str, things: tuple[str, str], word: str) -> Iterator[RuleViolation]:
    one, several = things
    before = set[str]()
    for number, label in enumerate(labels, start=1):
        same = label.strip().casefold()
        if not same or len(label) > LONGEST_LABEL:
            text = f"Ge varje {one} ett {word} på högst {LONGEST_LABEL} tecken."
            yield RuleViolation("scale_label", text, f"{name}_{number}")
        elif same in before:
            twice = f"Två {several} heter {label.strip()}. Ge dem olika {word}."
            yield RuleViolation("scale_twice", twice, f"{name}_{number}")
        before.add(same)


def _level_faults(levels: tuple[Level, ...]) -> Iterator[RuleViolation]:
    if not FEWEST_LEVELS <= len(levels) <= MOST_LEVELS:
        text = f"Skalan ska ha {FEWEST_LEVELS}–{MOST_LEVELS} nivåer. Ge dem färg och namn."
        yield RuleViolation("level_count", text, "level_1")
    yield from _label_faults([level.label for level in levels], "level", ("nivå", "nivåer"), "namn")
    before = set[str]()
    for number, level in enumerate(levels, start=1):
        known = PALETTE.get(level.key)
        if known is None or known.colour != level.colour:
            yield RuleViolation("level_colour", "Välj en av färgerna i listan.", f"level_{number}")
        elif level.key in before:
            text = f"Två nivåer har färgen {known.word.lower()}. Ge dem olika färger."
            yield RuleViolation("level_colour", text, f"level_{number}")
        before.add(level.key)


def _cell_faults(scale: Scale) -> Iterator[RuleViolation]:
    keys = {level.key for level in scale.levels}
    if len(scale.cells) != scale.size or any(len(row) != scale.size for row in scale.cells):
        yield RuleViolation("scale_hole", "Någon ruta i matrisen saknar nivå. Välj en nivå för varje ruta.", "cells")
        return
    for s, row in enumerate(scale.cells, start=1):
        for k, key in enumerate(row, start=1):
            if key not in keys:
                text = f"Rutan med sannolikhet {s} och konsekvens {k} saknar nivå. Välj en nivå för varje ruta."
                yield RuleViolation("scale_hole", text, f"cell_{s}_{k}")


def scale_changes(old: Scale, new: Scale) -> list[FieldChange]:
    """What differs between two scales, in words: (`Sannolikhet 3`, `Möjlig`, `Trolig`); None for what is not in one."""
    pairs: list[tuple[str, object, object]] = [("Steg åt varje håll", old.size, new.size)]
    for name, before, after in (
        ("Sannolikhet", old.likelihoods, new.likelihoods), ("Konsekvens", old.consequences, new.consequences),
    ):  # fmt: skip
        both = enumerate(zip_longest(before, after), start=1)
        pairs += [(f"{name} {number}", was, now) for number, (was, now) in both]
    was_called, now_called = ({one.key: one.label for one in scale.levels} for scale in (old, new))
    for key in dict.fromkeys([*now_called, *was_called]):
        pairs.append((f"Nivån {PALETTE[key].word.lower()}", was_called.get(key), now_called.get(key)))
    for s, k in product(range(1, max(old.size, new.size) + 1), repeat=2):
        was, now = ((one.level(s, k) if max(s, k) <= one.size else None) for one in (old, new))
        if (was and was.key) != (now and now.key):
            pairs.append((f"Sannolikhet {s}, konsekvens {k}", was and was.label, now and now.label))
    return [FieldChange(*pair) for pair in pairs if pair[1] != pair[2]]


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


GREEN = Level.of("gron", "Låg")
YELLOW = Level.of("gul", "Måttlig")
ORANGE = Level.of("orange", "Hög")
RED = Level.of("rod", "Kritisk")
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
