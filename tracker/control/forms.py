"""The forms with which a plan is taken further, and begun from the year before."""

from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import Length, Optional
from wtforms.widgets import TextInput

from tracker.records.forms import YearlyForm
from tracker.rules.plan_workflow import Decision
from tracker.web.forms import Choice, DayField, Form, trimmed

LONGEST_REASON = 1_000


class CopyForm(Form):
    """What to take along from the year before."""

    moment = BooleanField("Kopiera också kontrollmomenten, utan resultat", default=True)


class StepForm(YearlyForm):
    """A step with a plan; `version` is that of the plan the page showed. What a step needs is asked by its rule."""

    decided_on = DayField("Dag för nämndens beslut", [Optional()], widget=TextInput(), description="Som 2026-03-31.")
    paragraph = StringField(
        "Paragraf i protokollet", [Length(max=20, message="Skriv högst 20 tecken.")], filters=[trimmed],
        description="Som § 14.",
    )  # fmt: skip
    case_number = StringField(
        "Diarienummer", [Length(max=60, message="Skriv högst 60 tecken.")], filters=[trimmed],
        description="Som SN 2026/0123.",
    )  # fmt: skip
    reason = TextAreaField(
        "Varför", [Length(max=LONGEST_REASON, message=f"Skriv högst {LONGEST_REASON} tecken.")], filters=[trimmed]
    )

    @property
    def decision(self) -> Decision:
        """The committee's decision as it was typed."""
        return Decision(self.decided_on.data, self.paragraph.data or "", self.case_number.data or "")


class AskForm(Form):
    """What a failed control asks for. What the words must be is the rule's to say."""

    kind = Choice("Vad behövs?")
    words = TextAreaField(
        "Vad behöver göras?", filters=[trimmed],
        description="Skriv vad kontrollen visade och vad du vill ska hända. Inga namn eller personnummer.",
    )  # fmt: skip


class SettleForm(Form):
    """What came of it."""

    words = TextAreaField(
        "Vad blev det av det?", filters=[trimmed],
        description="Skriv till exempel avvikelsens nummer, eller den nya bedömningen. Inga namn eller personnummer.",
    )  # fmt: skip
