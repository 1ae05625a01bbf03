"""What every form that changes a record carries: the version that was seen, a reason, and the way out of a conflict.

A register's form names its fields in CORRECTED and holds them all as texts, so that what was written and what stands
now can be laid side by side whatever they are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from wtforms import BooleanField, Field, HiddenField, IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import HiddenInput

from tracker.exchange.errors import ImportRefused
from tracker.rules.errors import RuleViolation
from tracker.rules.identity import holds_person_number
from tracker.web.forms import Form, Versioned, required, trimmed

MINE, NOW = "mitt", "nu"
CHOICE_PREFIX = "valj-"
LONGEST_REASON = 1_000
POINTED_OUT = (
    "Texten ser ut att innehålla ett personnummer. Ta bort det, eller kryssa i Spara ändå om det måste stå här."
)
PERSON = "Texten ser ut att innehålla ett personnummer. Skriv utan det."
UNCHOSEN = "Välj vilket som ska gälla."


def at_most(signs: int) -> Length:
    """The field holds no more signs than this."""
    return Length(max=signs, message=f"Skriv högst {signs} tecken.")


class ChangeForm(Form):
    """A change of a record: its version as it was seen, and why."""

    FREE_TEXTS: ClassVar[tuple[str, ...]] = ("reason",)

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired("Ladda om sidan och försök igen.")])
    reason = TextAreaField(
        "Varför?",
        [
            required("Skriv varför."),
            Length(max=LONGEST_REASON, message="Skriv högst 1000 tecken."),
        ],
        filters=[trimmed],
        description="Sparas i loggen tillsammans med ändringen.",
    )
    anyway = BooleanField("Spara ändå, fast texten ser ut att innehålla ett personnummer")

    pointed_out = False

    def see(self, version: int) -> None:
        """The form is an answer to this version from now on, whatever was sent."""
        self.version.data, self.version.raw_data = version, None

    def point_out(self) -> bool:
        """Whether a free text holds a personnummer that nobody has said must stand there; told beside the field."""
        found = [self[name] for name in self.FREE_TEXTS if holds_person_number(self[name].data or "")]
        self.pointed_out = bool(found)
        if not found or self.anyway.data:
            return False
        for field in found:
            field.errors = [*field.errors, POINTED_OUT]
        return True


class YearlyForm(Versioned):
    """A form of what is kept by year and ref, or of the plan: no text of it holds a personnummer."""

    def validate(self, extra_validators: object = None) -> bool:
        """Points at a personnummer in each text as well."""
        fine: bool = super().validate(extra_validators)
        for field in self:
            if isinstance(field, StringField) and holds_person_number(field.data or ""):
                field.errors = [*field.errors, PERSON]
                fine = False
        return fine

    def refuse_cells(self, refused: ImportRefused) -> None:
        """Puts what a row is refused for beside its fields."""
        for error in refused.errors:
            message = error.message[:1].upper() + error.message[1:]
            self.refuse(RuleViolation("cell", message, error.column))


class VoidForm(YearlyForm):
    """Why a record is voided."""

    reason = TextAreaField(
        "Varför", [required("Skriv varför."), at_most(LONGEST_REASON)], filters=[trimmed],
        description="Sparas i loggen.",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    """One field in which what was written is not what stands now; `chosen` is MINE, NOW or empty."""

    name: str
    label: str
    mine: str
    now: str
    chosen: str = ""
    error: str = ""


class CorrectionForm(ChangeForm):
    """A form over fields of a record that others may be changing too."""

    CORRECTED: ClassVar[tuple[str, ...]] = ()

    settling = HiddenField()

    def put(self, values: Mapping[str, str], version: int) -> None:
        """Fills the form with what stands now; one that has come back with what was typed keeps it, and its version."""
        if self.restored:
            self.settling.data = ""
            return
        for name in self.CORRECTED:
            self[name].data = values[name]
        self.see(version)

    def changed(self, now: Mapping[str, str]) -> dict[str, str]:
        """What was written that is not what stands now."""
        typed = {name: self[name].data or "" for name in self.CORRECTED}
        return {name: text for name, text in typed.items() if text != now[name]}

    def differences(self, now: Mapping[str, str], sent: Mapping[str, str]) -> list[Difference]:
        """Both sides of each field that differs, with what has been chosen and what still must be."""
        found = []
        for name, text in self.changed(now).items():
            field = self[name]
            found.append(self.difference(name, _shown(field, text), _shown(field, now[name]), sent))
        return found

    def difference(self, name: str, mine: str, now: str, sent: Mapping[str, str]) -> Difference:
        """Both sides of one field."""
        chosen = sent.get(CHOICE_PREFIX + name, "") if self.settling.data else ""
        chosen = chosen if chosen in {MINE, NOW} else ""
        error = UNCHOSEN if self.settling.data and not chosen else ""
        return Difference(name, self[name].label.text, mine, now, chosen, error)

    def settle(self, differences: list[Difference], now: Mapping[str, str]) -> None:
        """Puts what stands now where that was chosen."""
        for difference in differences:
            if difference.chosen == NOW:
                self[difference.name].data = now[difference.name]

    def ask_to_choose(self, version: int) -> None:
        """From here on the form is an answer to the conflict, on the version that stands now."""
        self.see(version)
        self.settling.data = "1"


def _shown(field: Field, text: str) -> str:
    """A field's text as a person reads it: the words of a choice, a dash for nothing."""
    for value, label, *_ in getattr(field, "iter_choices", tuple)():
        if str(value) == text:
            return str(label).strip() or "–"
    return text or "–"
