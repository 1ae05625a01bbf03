"""The scale of a plan: every cell of the given ones worked by hand, and scales with holes, which are refused."""

import json
from dataclasses import replace

import pytest

from tracker.rules.errors import RuleViolation
from tracker.rules.risk_scoring import (
    FIVE,
    FOUR,
    GIVEN,
    GREEN,
    PALETTE,
    RED,
    YELLOW,
    Level,
    Scale,
    by_value,
    check_scale,
    scale_changes,
    scale_faults,
    score,
    wrong_steps,
)

# One row for each sannolikhet from 1 up, one letter for each konsekvens: grön, gul, orange, röd.
FOUR_BY_HAND = (
    "G G G Y",  # 1 2 3 4
    "G Y Y Y",  # 2 4 6 8
    "G Y O O",  # 3 6 9 12
    "Y Y O R",  # 4 8 12 16
)
FIVE_BY_HAND = (
    "G G G G Y",  # 1 2 3 4 5
    "G G Y Y O",  # 2 4 6 8 10
    "G Y Y O O",  # 3 6 9 12 15
    "G Y O O R",  # 4 8 12 16 20
    "Y O O R R",  # 5 10 15 20 25
)
KEYS = {"G": "gron", "Y": "gul", "O": "orange", "R": "rod"}


def refused(scale: Scale) -> tuple[str, str | None, str]:
    with pytest.raises(RuleViolation) as found:
        check_scale(scale)
    return found.value.code, found.value.field, found.value.message


@pytest.mark.parametrize(("scale", "drawn"), [(FOUR, FOUR_BY_HAND), (FIVE, FIVE_BY_HAND)], ids=["4x4", "5x5"])
def test_every_cell_has_the_level_drawn_by_hand(scale, drawn):
    levels = [[scale.level(s, k).key for k in range(1, scale.size + 1)] for s in range(1, scale.size + 1)]
    assert levels == [[KEYS[letter] for letter in row.split()] for row in drawn]


@pytest.mark.parametrize(
    ("value", "cell", "key"),
    [
        (3, (3, 1), "gron"), (4, (2, 2), "gul"), (8, (4, 2), "gul"), (9, (3, 3), "orange"), (12, (3, 4), "orange"),
        (16, (4, 4), "rod"),
    ],
)  # fmt: skip
def test_the_bounds_of_the_levels_of_four(value, cell, key):
    assert score(*cell) == value
    assert FOUR.level(*cell).key == key


def test_levels_have_a_word_beside_their_colour():
    assert [(level.key, level.label, level.colour) for level in FOUR.levels] == [
        ("gron", "Låg", "green"),
        ("gul", "Måttlig", "yellow"),
        ("orange", "Hög", "orange"),
        ("rod", "Kritisk", "red"),
    ]


def test_the_two_given_scales_are_found_by_their_size():
    assert GIVEN == {4: FOUR, 5: FIVE}
    assert (FOUR.size, FIVE.size) == (4, 5)


@pytest.mark.parametrize("scale", [FOUR, FIVE], ids=["4x4", "5x5"])
def test_a_scale_is_the_same_after_json(scale):
    assert Scale.read(json.loads(json.dumps(scale.written()))) == scale


def test_the_level_is_the_cells_and_not_the_values():
    """A municipality that never lets the worst consequence be green: 1 × 4 is red although 2 × 2 is yellow."""
    cells = [list(row) for row in FOUR.cells]
    cells[0][3] = "rod"
    own = Scale.read(FOUR.written() | {"cells": cells})
    assert score(1, 4) == score(2, 2) == score(4, 1) == 4
    assert (own.level(1, 4).key, own.level(2, 2).key, own.level(4, 1).key) == ("rod", "gul", "gul")


@pytest.mark.parametrize("size", [0, 3, 6])
def test_a_scale_has_four_or_five_steps(size):
    steps = tuple(f"Steg {number}" for number in range(size))
    cells = tuple(("gron",) * size for _ in range(size))
    assert refused(Scale(steps, steps, FOUR.levels, cells)) == (
        "scale_size", "size", "Skalan ska ha lika många steg åt båda hållen: fyra eller fem.",
    )  # fmt: skip


def test_both_sides_of_a_scale_are_as_long():
    assert refused(replace(FOUR, consequences=FIVE.consequences))[0] == "scale_size"
    assert refused(replace(FIVE, consequences=FOUR.consequences))[0] == "scale_size"


@pytest.mark.parametrize("field", ["likelihoods", "consequences"])
@pytest.mark.parametrize("label", ["", "   ", "x" * 41])
def test_a_step_without_a_word_or_with_too_long_a_one_is_refused(field, label):
    scale = replace(FOUR, **{field: ("A", "B", "C", label)})
    assert refused(scale) == ("scale_label", f"{field[:-1]}_4", "Ge varje steg ett ord på högst 40 tecken.")


def test_a_word_of_forty_signs_will_do():
    assert check_scale(replace(FOUR, likelihoods=("A", "B", "C", "x" * 40))) is None


@pytest.mark.parametrize("field", ["likelihoods", "consequences"])
def test_two_steps_of_one_name_are_refused(field):
    scale = replace(FOUR, **{field: ("Låg", "Hög", "Mitt", "Hög")})
    assert refused(scale) == ("scale_twice", f"{field[:-1]}_4", "Två steg heter Hög. Ge dem olika ord.")


@pytest.mark.parametrize(
    ("levels", "told"),
    [
        (
            (*FOUR.levels, Level.of("gul", "En till")),
            ("level_colour", "level_5", "Två nivåer har färgen gul. Ge dem olika färger."),
        ),
        (
            (Level.of("gron", " "), *FOUR.levels[1:]),
            ("scale_label", "level_1", "Ge varje nivå ett namn på högst 40 tecken."),
        ),
        (
            (*FOUR.levels[:3], Level.of("rod", "hög ")),
            ("scale_twice", "level_4", "Två nivåer heter hög. Ge dem olika namn."),
        ),
        (
            (*FOUR.levels[:3], Level("rod", "Kritisk", "#f00")),
            ("level_colour", "level_4", "Välj en av färgerna i listan."),
        ),
        ((*FOUR.levels[:3], Level.of("rosa", "Kritisk")), ("level_colour", "level_4", "Välj en av färgerna i listan.")),
        (FOUR.levels[:1], ("level_count", "level_1", "Skalan ska ha 2–6 nivåer. Ge dem färg och namn.")),
        (
            tuple(Level.of(key, key) for key in PALETTE),
            ("level_count", "level_1", "Skalan ska ha 2–6 nivåer. Ge dem färg och namn."),
        ),
    ],
    ids=["one colour twice", "no word", "one word twice", "free colour", "unknown key", "one", "seven"],
)
def test_every_level_has_a_name_and_a_colour_of_its_own(levels, told):
    assert refused(replace(FOUR, levels=levels)) == told


def test_two_levels_and_six_will_do():
    two = replace(FOUR, levels=FOUR.levels[::3], cells=(("gron",) * 4,) * 3 + (("rod",) * 4,))
    assert check_scale(two) is None
    assert check_scale(replace(FOUR, levels=(*FOUR.levels, Level.of("bla", "B"), Level.of("gra", "C")))) is None


def test_everything_that_is_wrong_is_told_at_once_by_its_place():
    cells = [list(row) for row in FOUR.cells]
    cells[0][0] = cells[3][1] = ""
    scale = replace(FOUR, likelihoods=("A", "", "C", "a"), cells=tuple(tuple(row) for row in cells))
    assert [(fault.code, fault.field) for fault in scale_faults(scale)] == [
        ("scale_label", "likelihood_2"), ("scale_twice", "likelihood_4"), ("scale_hole", "cell_1_1"),
        ("scale_hole", "cell_4_2"),
    ]  # fmt: skip


def test_what_differs_between_scales_is_told_in_words():
    cells = [list(row) for row in FOUR.cells]
    cells[0][3] = "bla"
    own = replace(
        FOUR, likelihoods=(*FOUR.likelihoods[:3], "Mycket stor"),
        levels=(*FOUR.levels[:3], Level.of("rod", "Röd"), Level.of("bla", "Allvarlig men osannolik")),
        cells=tuple(tuple(row) for row in cells),
    )  # fmt: skip
    assert scale_changes(FOUR, FOUR) == []
    assert scale_changes(FOUR, own) == [
        ("Sannolikhet 4", "Sannolik", "Mycket stor"), ("Nivån röd", "Kritisk", "Röd"),
        ("Nivån blå", None, "Allvarlig men osannolik"),
        ("Sannolikhet 1, konsekvens 4", "Måttlig", "Allvarlig men osannolik"),
    ]  # fmt: skip
    larger = scale_changes(FOUR, FIVE)
    assert larger[0] == ("Steg åt varje håll", 4, 5)
    assert ("Sannolikhet 5", None, "Mycket hög") in larger
    assert ("Sannolikhet 5, konsekvens 5", None, "Kritisk") in larger
    assert ("Sannolikhet 2, konsekvens 2", "Måttlig", "Låg") in larger  # 4 is gul of four, gron of five


@pytest.mark.parametrize(
    "cells", [FOUR.cells[:3], (*FOUR.cells, FOUR.cells[0]), (*FOUR.cells[:3], FOUR.cells[3][:3]), ()]
)
def test_a_matrix_with_too_few_or_too_many_cells_is_refused(cells):
    code, field, message = refused(replace(FOUR, cells=cells))
    assert (code, field) == ("scale_hole", "cells")
    assert message == "Någon ruta i matrisen saknar nivå. Välj en nivå för varje ruta."


@pytest.mark.parametrize("key", ["", "lila"])
def test_a_hole_in_the_matrix_is_told_by_its_place(key):
    cells = [list(row) for row in FOUR.cells]
    cells[2][1] = key
    with pytest.raises(RuleViolation) as found:
        Scale.read(FOUR.written() | {"cells": cells})
    assert found.value.message == "Rutan med sannolikhet 3 och konsekvens 2 saknar nivå. Välj en nivå för varje ruta."
    assert (found.value.code, found.value.field) == ("scale_hole", "cell_3_2")


def test_levels_by_value_must_reach_the_highest_value():
    with pytest.raises(RuleViolation) as found:
        by_value(FOUR.likelihoods, FOUR.consequences, {3: GREEN, 8: YELLOW, 15: RED})
    assert "sannolikhet 4 och konsekvens 4" in found.value.message
    assert by_value(FOUR.likelihoods, FOUR.consequences, {3: GREEN, 8: YELLOW, 16: RED}).level(4, 4) == RED


@pytest.mark.parametrize(
    ("scale", "likelihood", "consequence", "told"),
    [
        (FOUR, 0, 1, ("sannolikhet", "0 finns inte i planens skala. Skriv 1–4.")),
        (FOUR, 5, 1, ("sannolikhet", "5 finns inte i planens skala. Skriv 1–4.")),
        (FOUR, 4, 5, ("konsekvens", "5 finns inte i planens skala. Skriv 1–4.")),
        (FOUR, 1, -1, ("konsekvens", "-1 finns inte i planens skala. Skriv 1–4.")),
        (FIVE, 6, 5, ("sannolikhet", "6 finns inte i planens skala. Skriv 1–5.")),
    ],
)
def test_a_step_that_the_scale_does_not_have_is_told(scale, likelihood, consequence, told):
    (found,) = wrong_steps(scale, likelihood, consequence)
    assert (found.code, found.field, found.message) == ("no_step", *told)


def test_both_steps_are_told_when_both_are_wrong():
    assert [found.field for found in wrong_steps(FOUR, 9, 0)] == ["sannolikhet", "konsekvens"]


@pytest.mark.parametrize(("scale", "cell"), [(FOUR, (1, 1)), (FOUR, (4, 4)), (FIVE, (5, 1)), (FIVE, (1, 5))])
def test_the_first_and_last_steps_are_there(scale, cell):
    assert wrong_steps(scale, *cell) == []
