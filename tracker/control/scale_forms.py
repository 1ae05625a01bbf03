"""The form of a plan's scale and limits: as many fields as the scale has steps, levels and cells."""

from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import Any

from wtforms import Field, HiddenField, SelectChoice, StringField
from wtforms.validators import InputRequired

from tracker.records.forms import YearlyForm
from tracker.rules.control_grading import Limits
from tracker.rules.errors import RuleViolation
from tracker.rules.risk_scoring import MOST_LEVELS, PALETTE, Level, Scale, scale_faults
from tracker.web.forms import Choice, WholeNumber, trimmed

ROWS = range(1, MOST_LEVELS + 1)
NO_COLOUR = "Välj en färg för nivån, eller ta bort namnet."


class ScaleForm(YearlyForm):
    """A scale and limits; `version` is that of the plan the page showed, 0 where there was none. Made for a size by
    `scale_form`. The cells hold the number of a level's row, so that a level can change name and colour.
    """

    steps = 0

    size = HiddenField()
    god_grans = WholeNumber("God från, procent", [InputRequired("Skriv en gräns, som 90.")])
    godtagbar_grans = WholeNumber("Godtagbar från, procent", [InputRequired("Skriv en gräns, som 60.")])

    @property
    def limits(self) -> Limits:
        """The limits as they were typed."""
        return Limits(self.god_grans.data, self.godtagbar_grans.data)

    @property
    def rows(self) -> list[int]:
        """The rows of levels that are filled in."""
        return [row for row in ROWS if self[f"colour_{row}"].data or self[f"level_{row}"].data]

    @property
    def scale(self) -> Scale:
        """The scale as it was typed, holes and all."""
        keys = {str(row): self[f"colour_{row}"].data or "" for row in self.rows}
        numbers = range(1, self.steps + 1)
        return Scale(
            tuple(self[f"likelihood_{s}"].data or "" for s in numbers),
            tuple(self[f"consequence_{k}"].data or "" for k in numbers),
            tuple(Level.of(keys[str(row)], self[f"level_{row}"].data or "") for row in self.rows),
            tuple(tuple(keys.get(self[f"cell_{s}_{k}"].data or "", "") for k in numbers) for s in numbers),
        )

    def offer_levels(self) -> None:
        """Each cell offers the levels by their names; an empty row can be filled in and chosen at once."""
        words = [(str(row), self[f"level_{row}"].data or f"Nivå {row}") for row in ROWS]
        for s, k in product(range(1, self.steps + 1), repeat=2):
            self[f"cell_{s}_{k}"].choices = [SelectChoice("", "Välj"), *(SelectChoice(*word) for word in words)]

    def validate(self, extra_validators: object = None) -> bool:
        """Points at everything that is wrong with the scale, each beside its field."""
        fine = super().validate(extra_validators)
        for fault in [*self._lacking(), *scale_faults(self.scale)]:
            self.refuse(fault)
            fine = False
        return fine

    def _lacking(self) -> Iterator[RuleViolation]:
        for row in self.rows:
            if not self[f"colour_{row}"].data:
                yield RuleViolation("level_colour", NO_COLOUR, f"colour_{row}")

    def refuse(self, violation: RuleViolation) -> None:
        """Puts what is wrong with the second level beside the second row that is filled in; nothing is told twice."""
        name, _, number = (violation.field or "").partition("_")
        if name == "level":
            rows = self.rows or [1]
            row = rows[min(int(number), len(rows)) - 1]
            if violation.code == "level_colour" and not self[f"colour_{row}"].data:
                return
            column = "colour" if violation.code == "level_colour" else "level"
            violation = RuleViolation(violation.code, violation.message, f"{column}_{row}")
        field: Field | None = self._fields.get(violation.field or "")
        if field is None or field.type == "HiddenField":
            self.form_errors.append(violation.message)
        elif violation.message not in field.errors:
            super().refuse(violation)


@cache
def scale_form(steps: int) -> type[ScaleForm]:
    """The form of a scale with so many steps."""
    fields: dict[str, Any] = {"steps": steps}
    for number in range(1, steps + 1):
        fields[f"likelihood_{number}"] = StringField(f"Sannolikhet {number}", filters=[trimmed])
        fields[f"consequence_{number}"] = StringField(f"Konsekvens {number}", filters=[trimmed])
    colours = [SelectChoice("", "Ingen"), *(SelectChoice(key, colour.word) for key, colour in PALETTE.items())]
    for row in ROWS:
        fields[f"colour_{row}"] = Choice(f"Nivå {row}, färg", choices=colours)
        fields[f"level_{row}"] = StringField(f"Nivå {row}, namn", filters=[trimmed])
    for s, k in product(range(1, steps + 1), repeat=2):
        fields[f"cell_{s}_{k}"] = Choice(f"Sannolikhet {s}, konsekvens {k}")
    return type("ScaleFormOfSteps", (ScaleForm,), fields)


def filled_with(scale: Scale, limits: Limits, version: int) -> dict[str, object]:
    """What the form begins with."""
    rows = {level.key: str(row) for row, level in enumerate(scale.levels, start=1)}
    steps = range(1, scale.size + 1)
    shown: dict[str, object] = {
        "version": version, "size": scale.size, "god_grans": limits.good, "godtagbar_grans": limits.acceptable,
    }  # fmt: skip
    for number in steps:
        shown[f"likelihood_{number}"] = scale.likelihoods[number - 1]
        shown[f"consequence_{number}"] = scale.consequences[number - 1]
    for row, level in enumerate(scale.levels, start=1):
        shown |= {f"colour_{row}": level.key, f"level_{row}": level.label}
    for s, k in product(steps, repeat=2):
        shown[f"cell_{s}_{k}"] = rows[scale.cells[s - 1][k - 1]]
    return shown
