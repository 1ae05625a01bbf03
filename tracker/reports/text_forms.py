"""The form in which the texts of a report over a year are written."""

import hashlib
from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Any, ClassVar

from wtforms import HiddenField, TextAreaField
from wtforms.validators import Length

from tracker.records.forms import PERSON
from tracker.reports.year_texts import Written
from tracker.rules.identity import holds_person_number
from tracker.web.filters import whole_number
from tracker.web.forms import Form

SEEN = "seen_{}"
OFFERED = "offered"  # in place of what was seen: the field held a suggestion
SUGGESTED = (
    "Det här är ett förslag. Det sparas när du sparar texterna. Ändra det, eller töm fältet om det inte ska stå."
)
FEW_ROWS, MANY_ROWS = 3, 8


def plain(value: str | None) -> str:
    """The text with line breaks as they are kept, without the space around it."""
    return (value or "").replace("\r\n", "\n").replace("\r", "\n").strip()


class YearTextsForm(Form):
    """A text for each section, and beside it which version of it was seen, and what that said."""

    SECTIONS: ClassVar[type[StrEnum]]
    SUGGESTIONS: ClassVar[Mapping[Any, str]] = {}
    HINTS: ClassVar[Mapping[Any, str]] = {}

    def show(self, section: StrEnum, written: Written) -> None:
        """The section's field holds this."""
        self[section.value].data = written.text
        self.note_seen(section, written)
        if not written.version and section in self.SUGGESTIONS:
            self[section.value].data = self.SUGGESTIONS[section]
            self[SEEN.format(section.value)].data = f"0.{OFFERED}"

    def note_seen(self, section: StrEnum, written: Written) -> None:
        """The person sees this version; what is typed is left as it is."""
        self[SEEN.format(section.value)].data = f"{written.version}.{_digest(written.text)}"

    def typed(self) -> dict[Any, Written]:
        """The sections that do not say what was seen, each with the version that was seen (-1: none can be read)."""
        found = {}
        for section in self.SECTIONS:
            text = self[section.value].data or ""
            version, _, digest = (self[SEEN.format(section.value)].data or "").partition(".")
            if digest != _digest(text):
                known = version.isascii() and version.isdigit() and len(version) < 10
                found[section] = Written(text, int(version) if known else -1)
        return found

    def validate(self, extra_validators: object = None) -> bool:
        """Points at a personnummer in what was written, beside its section."""
        fine: bool = super().validate(extra_validators)
        for section, one in self.typed().items():
            if holds_person_number(one.text):
                field = self[section.value]
                field.errors = [*field.errors, PERSON]
                fine = False
        return fine

    def hint(self, section: StrEnum, generated: str = "") -> str:
        """What is said above the section's field; `generated`: what the report says there by itself."""
        offered = str(self[SEEN.format(section.value)].data or "").endswith(OFFERED)
        return " ".join(filter(None, (generated, self.HINTS.get(section), SUGGESTED if offered else "")))

    def pairs(self) -> list[tuple[Any, Any, Any]]:
        """(section, its text's field, its hidden field), in the order of the paper."""
        return [(section, self[section.value], self[SEEN.format(section.value)]) for section in self.SECTIONS]


def add_texts(
    form: type[YearTextsForm], labels: Mapping[Any, str], longest: int, short: Collection[StrEnum] = ()
) -> None:
    """Gives a form its fields; `longest`: how many signs a text may have; `short`: seldom more than a few lines."""
    for section in form.SECTIONS:
        field = TextAreaField(
            labels[section], [Length(max=longest, message=f"Skriv högst {whole_number(longest)} tecken.")],
            filters=[plain], render_kw={"rows": FEW_ROWS if section in short else MANY_ROWS},
        )  # fmt: skip
        setattr(form, section.value, field)
        setattr(form, SEEN.format(section.value), HiddenField())


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
