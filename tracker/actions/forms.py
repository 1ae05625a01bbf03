"""The forms with which an action is written, told of and followed up."""

from datetime import date

from wtforms import SelectChoice, StringField, TextAreaField
from wtforms.validators import Optional
from wtforms.widgets import TextInput

from tracker.actions.importing import LONGEST_TEXT
from tracker.actions.models import LONGEST_NAME
from tracker.actions.queries import ActionRow
from tracker.actions.words import EFFECT_LABELS
from tracker.records.forms import YearlyForm, at_most
from tracker.rules.actions import Effect
from tracker.web.forms import Choice, DayField, required, trimmed


class PlanForm(YearlyForm):
    """What is to be done, by whom and until when. `version` is that of the record the page showed."""

    beskrivning = TextAreaField(
        "Vad ska göras", [required("Skriv vad som ska göras."), at_most(LONGEST_TEXT)], filters=[trimmed],
        description="Skriv inget om den enskilde, och inga personnummer.",
    )  # fmt: skip
    ansvarig = StringField(
        "Ansvarig", [at_most(LONGEST_NAME)], filters=[trimmed],
        description="Namnet på den som ska göra det, så hittar den åtgärden under Mina.",
    )  # fmt: skip
    beslutad = DayField(
        "Beslutad den", [Optional()], widget=TextInput(), description="Tomt så länge åtgärden är ett förslag."
    )
    senast = DayField("Klar senast", [Optional()], widget=TextInput(), description="Som 2026-10-31.")

    def said(self) -> dict[str, object]:
        """What was written, by the register's columns."""
        told = {"text": self.beskrivning.data, "decided_on": self.beslutad.data}
        if "ansvarig" in self:
            told |= {"responsible_name": self.ansvarig.data or None, "due_on": self.senast.data}
        return told

    def keep_what_is_decided(self) -> None:
        """Takes away what is not changed here once the action is decided."""
        del self.ansvarig, self.senast


class ProgressForm(YearlyForm):
    """How an action goes, and when it was carried out."""

    anteckning = TextAreaField(
        "Hur går det?", [at_most(LONGEST_TEXT)], filters=[trimmed],
        description="Sparas med dagens datum och ditt namn. Skriv inget om den enskilde.",
    )  # fmt: skip
    genomford = DayField(
        "Genomförd den", [Optional()], widget=TextInput(), description="Tomt tills åtgärden är genomförd."
    )

    foljs_upp = DayField(
        "Effekten följs upp den", [Optional()], widget=TextInput(),
        description="Av någon annan än den som är ansvarig. Tomt: den vanliga tiden efter att åtgärden genomfördes.",
    )  # fmt: skip

    def wrong(self, before: date | None, check_before: date | None) -> bool:
        """Whether nothing at all was told, or a day to check what is not carried out; said beside the fields."""
        if self.foljs_upp.data and not self.genomford.data:
            lacks = "Skriv också när åtgärden genomfördes, eller lämna den här dagen tom."
            self.foljs_upp.errors = [*self.foljs_upp.errors, lacks]
            return True
        told = bool(self.anteckning.data) or (self.genomford.data, self.foljs_upp.data) != (before, check_before)
        if not told:
            self.anteckning.errors = [*self.anteckning.errors, "Skriv hur det går, eller när åtgärden genomfördes."]
        return not told


class EffectForm(YearlyForm):
    """What an action gave."""

    effekt = Choice(
        "Vad gav åtgärden?",
        choices=[SelectChoice("", "Välj"), *(SelectChoice(one.value, EFFECT_LABELS[one]) for one in Effect)],
        validators=[required("Välj vad åtgärden gav.")],
    )
    ord = TextAreaField(
        "Vad har ni sett?", [at_most(LONGEST_TEXT)], filters=[trimmed],
        description="Behövs när effekten är delvis uppnådd: vad som blev bättre och vad som är kvar. "
        "Skriv inget om den enskilde.",
    )  # fmt: skip


def planned_with(row: ActionRow, version: int) -> dict[str, object]:
    """What the form of what an action is begins with."""
    return {
        "version": version, "beskrivning": row.text, "ansvarig": row.responsible, "beslutad": row.days.decided_on,
        "senast": row.days.due_on,
    }  # fmt: skip
