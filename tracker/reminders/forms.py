"""How often somebody wants mail, what to do with the calendar's address, and how far the news have been seen."""

from wtforms import HiddenField

from tracker.cases.forms import choices_of
from tracker.reminders.words import OFTEN_LABELS
from tracker.rules.reminders import Often
from tracker.web.forms import Choice, Form


class OftenForm(Form):
    """How often."""

    ofta = Choice(
        "Hur ofta vill du ha e-post?",
        choices=choices_of({often.value: label for often, label in OFTEN_LABELS.items()}),
    )

    @property
    def often(self) -> Often:
        """What was chosen."""
        return Often(self.ofta.data)


class CalendarForm(Form):
    """A new address, or none any more."""

    END = "avsluta"

    gor = HiddenField()


class SeenForm(Form):
    """The newest that was shown."""

    till = HiddenField()

    @property
    def last_id(self) -> int:
        """Its number; 0 where it is none."""
        text = str(self.till.data or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
