"""The forms with which an action is handed over, given another last day, and voided."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from wtforms import HiddenField, SelectChoice, StringField, TextAreaField
from wtforms.validators import InputRequired
from wtforms.widgets import TextInput

from tracker.actions.importing import LONGEST_ACTION_REF, LONGEST_TEXT, SOURCES
from tracker.actions.owners import Owner
from tracker.actions.several import MOST_AT_ONCE
from tracker.actions.words import SOURCE_NAMES
from tracker.records.forms import LONGEST_REASON, YearlyForm, at_most
from tracker.web.forms import Choice, DayField, required, trimmed


def _told(label: str, lacks: str, description: str) -> TextAreaField:
    return TextAreaField(
        label, [required(lacks), at_most(LONGEST_REASON)], filters=[trimmed], description=description
    )  # fmt: skip


def day_field() -> DayField:
    """The field of a new last day."""
    return DayField("Ny sista dag", [InputRequired("Skriv dagen som gäller nu.")], widget=TextInput(),
                    description="Som 2026-10-31.")  # fmt: skip


def reason_field() -> TextAreaField:
    """The field of why the last day is another."""
    return _told("Varför", "Skriv varför dagen ändras.", "Står i åtgärdens historik. Skriv inget om den enskilde.")


def word_field() -> TextAreaField:
    """The field of the word to who takes over."""
    return _told(
        "Några ord till den nya", "Skriv något till den som tar över.",
        "Vad som är gjort och vad som är kvar. Skriv inget om den enskilde.",
    )  # fmt: skip


class HandOverForm(YearlyForm):
    """Who takes over, and a word to them."""

    till = Choice("Vem tar över?", validators=[required("Välj vem som tar över.")])
    ord = word_field()

    def __init__(self, owners: Iterable[Owner], **known: Any) -> None:  # noqa: ANN401 - as WTForms takes it
        super().__init__(**known)
        self.till.choices = owner_choices(owners)


class NewDayForm(YearlyForm):
    """Another last day, and why."""

    senast = day_field()
    reason = reason_field()

    @property
    def day(self) -> date:
        """The day, of a form that has been validated."""
        found: date = self.senast.data
        return found


class ShareForm(YearlyForm):
    """What an action belongs to as well: the kind of record and its number."""

    slag = Choice(
        "Vad",
        choices=[SelectChoice("", "Välj"), *(SelectChoice(word, SOURCE_NAMES[kind]) for word, kind in SOURCES.items())],
        validators=[required("Välj vad det är.")],
    )
    nummer = StringField(
        "Nummer", [required("Skriv numret."), at_most(LONGEST_ACTION_REF)], filters=[trimmed],
        description="För risk och kontrollmoment med året före, som 2026/R1.",
    )  # fmt: skip


class SeveralForm(YearlyForm):
    """What is done with several in one go; `sett`: each as `record:version`, as the page showed them."""

    sett = HiddenField()

    @property
    def picked(self) -> list[tuple[int, int]]:
        """(record, version that was seen) of each; what is no such pair is left out."""
        pairs = (pair.partition(":") for pair in str(self.sett.data or "").split()[:MOST_AT_ONCE])
        return [(int(key), int(seen)) for key, _, seen in pairs if _is_number(key) and _is_number(seen)]

    def show(self, picked: Iterable[tuple[int, int]]) -> None:
        """The form is about these from now on."""
        self.sett.data = " ".join(f"{record_id}:{version}" for record_id, version in picked)


class DoneForm(SeveralForm):
    """When they were carried out, and how it went."""

    genomford = DayField("Genomförda den", [InputRequired("Skriv när de genomfördes.")], widget=TextInput())
    anteckning = TextAreaField(
        "Hur gick det?", [at_most(LONGEST_TEXT)], filters=[trimmed],
        description="Sparas på var och en av åtgärderna. Skriv inget om den enskilde.",
    )  # fmt: skip


class DayForm(SeveralForm):
    """Another last day for all of them, and why."""

    senast = day_field()
    reason = reason_field()


class OwnerForm(SeveralForm):
    """Who takes over all of them, and a word to them."""

    till = Choice("Vem tar över?", validators=[required("Välj vem som tar över.")])
    ord = word_field()


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def owner_choices(owners: Iterable[Owner]) -> list[SelectChoice]:
    """The users to choose among."""
    return [SelectChoice("", "Välj"), *(SelectChoice(str(owner.user_id), owner.shown) for owner in owners)]
