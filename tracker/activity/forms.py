"""The forms with which an activity is written, told of, and voided."""

from wtforms import SelectChoice, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import TextInput

from tracker.activity.queries import ActivityRow
from tracker.activity.words import STATUS_LABELS
from tracker.records.forms import YearlyForm, at_most
from tracker.records.natural import LONGEST_REF
from tracker.rules.activities import ActivityStatus
from tracker.web.forms import Choice, DayField, required, trimmed

LONGEST_TEXT, LONGEST_NAME = 2_000, 120
SLASH = "Skriv beteckningen utan snedstreck, som A1."


class PlanningForm(YearlyForm):
    """What is to be done, about what, by whom and until when. `version` is that of the record the page showed."""

    ref = StringField(
        "Beteckning", [required("Skriv en beteckning, som A1."), at_most(LONGEST_REF)], filters=[trimmed],
        description="Som A1.",
    )  # fmt: skip
    beskrivning = TextAreaField(
        "Vad ska göras", [required("Skriv vad som ska göras."), at_most(LONGEST_TEXT)], filters=[trimmed]
    )
    risk = StringField("Risk", [at_most(LONGEST_REF)], filters=[trimmed], description="Riskens beteckning, som R1.")
    kontroll = StringField(
        "Följer av kontrollmoment", [at_most(LONGEST_REF)], filters=[trimmed],
        description="Kontrollmomentets beteckning, som K1. Tomt om aktiviteten inte följer av en kontroll.",
    )  # fmt: skip
    ansvarig = StringField(
        "Ansvarig", [required("Skriv vem som ansvarar, helst en roll."), at_most(LONGEST_NAME)], filters=[trimmed],
        description="Helst en roll, som verksamhetschef.",
    )  # fmt: skip
    senast = DayField(
        "Återrapporteras senast", [InputRequired("Skriv dagen då aktiviteten senast ska återrapporteras.")],
        widget=TextInput(), description="Som 2026-10-31.",
    )  # fmt: skip

    def validate(self, extra_validators: object = None) -> bool:
        """Points at a slash in what an activity is known by as well."""
        fine = super().validate(extra_validators)
        if "/" in (self.ref.data or ""):
            self.ref.errors = [*self.ref.errors, SLASH]
            fine = False
        return fine

    def said(self, before: ActivityRow | None) -> dict[str, object]:
        """What was written, by the register's columns. What it points at is told only where the field was changed: one
        that the writer does not see stays.
        """
        found: dict[str, object] = {
            "text": self.beskrivning.data, "responsible": self.ansvarig.data, "due_on": self.senast.data,
        }  # fmt: skip
        shown = (before.risk_ref or "", before.moment_ref or "") if before else ("", "")
        for name, was in zip(("risk", "kontroll"), shown, strict=True):
            if (self[name].data or "") != was:
                found[f"{name}_ref"] = self[name].data or None
        return found


class ProgressForm(YearlyForm):
    """How far an activity has come, and what came of it."""

    status = Choice("Status", choices=[SelectChoice(one.value, label) for one, label in STATUS_LABELS.items()])
    genomford = DayField(
        "Genomförd den",
        [Optional()],
        widget=TextInput(),
        description="Bara för en genomförd aktivitet. Som 2026-03-31.",
    )
    analys = TextAreaField(
        "Analys", [at_most(LONGEST_TEXT)], filters=[trimmed],
        description="Vad aktiviteten ledde till. Om den avbröts: varför.",
    )  # fmt: skip

    def said(self, _before: ActivityRow | None) -> dict[str, object]:
        """What was written, by the register's columns."""
        return {
            "status": ActivityStatus(self.status.data).value, "done_on": self.genomford.data,
            "analysis": self.analys.data or None,
        }  # fmt: skip


def planned_with(row: ActivityRow, version: int) -> dict[str, object]:
    """What the form of what an activity is begins with."""
    return {
        "version": version, "ref": row.ref, "beskrivning": row.text, "risk": row.risk_ref, "kontroll": row.moment_ref,
        "ansvarig": row.responsible, "senast": row.due_on,
    }  # fmt: skip


def progressed_with(row: ActivityRow, version: int) -> dict[str, object]:
    """What the form of how an activity goes begins with."""
    return {"version": version, "status": row.status.value, "genomford": row.done_on, "analys": row.analysis}
