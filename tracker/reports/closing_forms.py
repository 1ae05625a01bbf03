"""The forms with which a quarter is closed."""

from wtforms import HiddenField, IntegerField, RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput, TextInput

from tracker.records.forms import POINTED_OUT
from tracker.rules.identity import holds_person_number
from tracker.web.forms import DayField, Form, required, trimmed

LONGEST = 1_000


class ReadyForm(Form):
    """The report's days and own title; `version` and `digest` are what the person saw."""

    avstamning = DayField(
        "Avstämningsdatum", [InputRequired("Skriv avstämningsdatum som 2026-03-31.")], widget=TextInput()
    )
    foregaende = DayField(
        "Föregående avstämningsdatum", [InputRequired("Skriv föregående avstämningsdatum.")], widget=TextInput()
    )
    rubrik = StringField(
        "Egen rubrik",
        [Optional(), Length(max=120, message="Skriv högst 120 tecken.")],
        filters=[trimmed],
        description="Om ni kallar kvartalet något annat än IVO, till exempel Kvartal 1 2022. Kan vara tom.",
    )
    version = IntegerField(widget=HiddenInput(), default=0)
    digest = HiddenField()


class TakeBackForm(Form):
    """That the report is not ready after all; `version` is what the person saw."""

    version = IntegerField(widget=HiddenInput(), default=0)

    @property
    def seen(self) -> int:
        """The version that was sent, -1 (which none has) where there is none."""
        return self.version.data or -1


class LockForm(Form):
    """What is locked; `reason` is asked for when it replaces a locked version; `digest`: what the person saw."""

    digest = HiddenField()
    reason = TextAreaField(
        "Varför rättas rapporten?",
        [Length(max=LONGEST, message="Skriv högst 1000 tecken.")],
        filters=[trimmed],
        description="Skälet läses av dem som arbetar med rapporten. Nämnd, revisorer och fullmäktige ser bara "
        "att den är rättad. Skriv inga personuppgifter.",
    )


class ReviewForm(Form):
    """A sekretessprövning: what was found, and what was looked at."""

    result = RadioField(
        "Resultat",
        [InputRequired("Välj vad prövningen kom fram till.")],
        choices=[SelectChoice("ja", "Rapporten får lämnas ut"), SelectChoice("nej", "Rapporten får inte lämnas ut")],
    )
    note = TextAreaField(
        "Vad har du prövat?",
        [
            required("Skriv vad du har prövat och vad du kom fram till."),
            Length(max=LONGEST, message="Skriv högst 1000 tecken."),
        ],
        filters=[trimmed],
        description="Till exempel: inga uppgifter pekar ut någon, inte heller med det som är känt på orten.",
    )
    subject = HiddenField()

    def names_somebody(self) -> bool:
        """Whether the note holds somebody's number; told beside the field."""
        if not holds_person_number(self.note.data or ""):
            return False
        self.note.errors = [*self.note.errors, POINTED_OUT.partition(",")[0] + "."]
        return True
