"""The forms of what private providers tell, and of what is done about it."""

from typing import Any

from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import TextInput

from tracker.cases.forms import choices_of
from tracker.cases.provider_models import LONGEST_NUMBER, LONGEST_PROVIDER
from tracker.cases.provider_register import ProviderCase
from tracker.cases.provider_services import Told
from tracker.records.forms import YearlyForm, at_most
from tracker.rules.provider_reports import KIND_LABELS
from tracker.web.forms import Choice, DayField, required, trimmed

LONGEST_TEXT = 2_000
NEEDS_DAY = "Skriv dagen som 2026-03-31."


class ToldForm(YearlyForm):
    """What a private provider tells of a report that it has received."""

    utforare = StringField(
        "Utförare", [required("Skriv vilken utförare."), at_most(LONGEST_PROVIDER)], filters=[trimmed]
    )
    nummer = StringField("Utförarens eget nummer", [at_most(LONGEST_NUMBER)], filters=[trimmed])
    enhet = Choice("Vilken enhet hos oss gäller det?", [required("Välj en enhet.")])
    typ = Choice("Vad gäller det?", choices=choices_of({kind.value: label for kind, label in KIND_LABELS.items()}))
    mottagen = DayField("När tog utföraren emot rapporten?", [Optional()], widget=TextInput())
    kom = DayField("När kom informationen till oss?", [InputRequired(NEEDS_DAY)], widget=TextInput())
    ivo_dag = DayField(
        "När anmälde utföraren till IVO?",
        [Optional()],
        widget=TextInput(),
        description="Bara för det som är allvarligt.",
    )
    ivo_nummer = StringField("IVO:s diarienummer", [at_most(LONGEST_NUMBER)], filters=[trimmed])
    beskrivning = TextAreaField(
        "Vad har utföraren berättat?", [required("Skriv kort vad det gäller."), at_most(LONGEST_TEXT)],
        filters=[trimmed], description="Kort. Skriv inga namn och inget personnummer.",
    )  # fmt: skip

    def told(self) -> Told:
        """What was written, by the register's columns."""
        columns: dict[str, Any] = {
            "unit_id": int(self.enhet.data), "provider": self.utforare.data, "number": self.nummer.data or None,
            "kind": self.typ.data, "received_on": self.mottagen.data, "came_on": self.kom.data,
            "ivo_notified_on": self.ivo_dag.data, "ivo_number": self.ivo_nummer.data or None,
        }  # fmt: skip
        return Told(columns, self.beskrivning.data)


class ProviderStepForm(YearlyForm):
    """The day of a step, and what was done."""

    dag = DayField("Vilken dag?", [InputRequired(NEEDS_DAY)], widget=TextInput())
    gjort = TextAreaField(
        "Vad gjordes?", [required("Skriv vad som gjordes."), at_most(LONGEST_TEXT)], filters=[trimmed]
    )


def told_with(found: ProviderCase) -> dict[str, object]:
    """What the form of one that is noted begins with."""
    row = found.row
    return {
        "version": str(found.version), "utforare": row.provider, "nummer": row.number, "enhet": str(row.unit_id),
        "typ": row.kind, "mottagen": row.received_on, "kom": row.came_on, "ivo_dag": row.ivo_notified_on,
        "ivo_nummer": row.ivo_number, "beskrivning": found.description,
    }  # fmt: skip
