"""The form in which the texts of the follow-up of internal control are written."""

import hashlib
from typing import Any

from wtforms import HiddenField, TextAreaField
from wtforms.validators import Length

from tracker.records.forms import PERSON
from tracker.reports.control_texts import Written
from tracker.rules.control_texts import LONGEST_TEXT, SECTION_LABELS, SUGGESTIONS, TextSection
from tracker.rules.identity import holds_person_number
from tracker.web.filters import whole_number
from tracker.web.forms import Form, trimmed

SEEN = "seen_{}"
LONGEST_REASON = 1_000
SHORT = {TextSection.DECISION, *SUGGESTIONS, TextSection.ATTACHMENTS}  # seldom more than a few lines
OFFERED = "offered"  # in place of what was seen: the field held a suggestion
HINTS = {
    TextSection.DECISION: "Det skrivs ut av sig självt. Skriv det som ska stå efter, som att den skickas vidare.",
    TextSection.SUMMARY: "Årets mening med antal för varje bedömning skrivs ut av sig själv före texten.",
    TextSection.MATTER: "Bakgrunden, som när planen antogs.",
    TextSection.ATTACHMENTS: "En bilaga på varje rad.",
    TextSection.RECIPIENTS: "En mottagare på varje rad.",
}
SUGGESTED = (
    "Det här är ett förslag. Det sparas när du sparar texterna. Ändra det, eller töm fältet om det inte ska stå."
)
TOO_LONG = f"Skriv högst {whole_number(LONGEST_TEXT)} tecken."


def _plain(value: str | None) -> str:
    """The text with line breaks as they are kept, without the space around it."""
    return (value or "").replace("\r\n", "\n").replace("\r", "\n").strip()


class TextsForm(Form):
    """A text for each section, and beside it which version of it was seen, and what that said."""

    def show(self, section: TextSection, written: Written) -> None:
        """The section's field holds this."""
        self[section.value].data = written.text
        self.note_seen(section, written)
        if not written.version and section in SUGGESTIONS:
            self[section.value].data = SUGGESTIONS[section]
            self[SEEN.format(section.value)].data = f"0.{OFFERED}"

    def note_seen(self, section: TextSection, written: Written) -> None:
        """The person sees this version; what is typed is left as it is."""
        self[SEEN.format(section.value)].data = f"{written.version}.{_digest(written.text)}"

    def typed(self) -> dict[TextSection, Written]:
        """The sections that do not say what was seen, each with the version that was seen (-1: none can be read)."""
        found = {}
        for section in TextSection:
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

    def hint(self, section: TextSection, generated: str = "") -> str:
        """What is said above the section's field; `generated`: what the report says there by itself."""
        offered = str(self[SEEN.format(section.value)].data or "").endswith(OFFERED)
        return " ".join(filter(None, (generated, HINTS.get(section), SUGGESTED if offered else "")))

    def pairs(self) -> list[tuple[TextSection, Any, Any]]:
        """(section, its text's field, its hidden field), in the order of the paper."""
        return [(section, self[section.value], self[SEEN.format(section.value)]) for section in TextSection]


class ControlLockForm(Form):
    """What is locked; `reason` is asked for when it replaces a locked version; `digest`: what the person saw."""

    digest = HiddenField()
    reason = TextAreaField(
        "Varför rättas uppföljningen?",
        [Length(max=LONGEST_REASON, message=f"Skriv högst {LONGEST_REASON} tecken.")],
        filters=[trimmed],
        description="Skälet står vid den nya versionen och läses av alla som får läsa den. Skriv inga personuppgifter.",
    )


for _section in TextSection:
    setattr(
        TextsForm,
        _section.value,
        TextAreaField(
            SECTION_LABELS[_section], [Length(max=LONGEST_TEXT, message=TOO_LONG)], filters=[_plain],
            render_kw={"rows": 3 if _section in SHORT else 8},
        ),
    )  # fmt: skip
    setattr(TextsForm, SEEN.format(_section.value), HiddenField())


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
