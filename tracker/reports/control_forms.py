"""The forms of the follow-up of internal control: its texts, and what is locked."""

from wtforms import HiddenField, TextAreaField
from wtforms.validators import Length

from tracker.reports.text_forms import YearTextsForm, add_texts
from tracker.rules.control_texts import LONGEST_TEXT, SECTION_LABELS, SUGGESTIONS, TextSection
from tracker.web.forms import Form, trimmed

LONGEST_REASON = 1_000
SHORT = {TextSection.DECISION, *SUGGESTIONS, TextSection.ATTACHMENTS}


class TextsForm(YearTextsForm):
    """The texts of the follow-up."""

    SECTIONS = TextSection
    SUGGESTIONS = SUGGESTIONS
    HINTS = {  # noqa: RUF012 - typed by the base
        TextSection.DECISION: "Det skrivs ut av sig självt. Skriv det som ska stå efter, som att den skickas vidare.",
        TextSection.SUMMARY: "Årets mening med antal för varje bedömning skrivs ut av sig själv före texten.",
        TextSection.MATTER: "Bakgrunden, som när planen antogs.",
        TextSection.ATTACHMENTS: "En bilaga på varje rad.",
        TextSection.RECIPIENTS: "En mottagare på varje rad.",
    }


class ControlLockForm(Form):
    """What is locked; `reason` is asked for when it replaces a locked version; `digest`: what the person saw."""

    digest = HiddenField()
    reason = TextAreaField(
        "Varför rättas uppföljningen?",
        [Length(max=LONGEST_REASON, message=f"Skriv högst {LONGEST_REASON} tecken.")],
        filters=[trimmed],
        description="Skälet står vid den nya versionen och läses av alla som får läsa den. Skriv inga personuppgifter.",
    )


add_texts(TextsForm, SECTION_LABELS, LONGEST_TEXT, SHORT)
