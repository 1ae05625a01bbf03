"""The forms with which it is noted who has been informed of the duty to report."""

from wtforms import SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired
from wtforms.widgets import TextInput

from tracker.cases.duty_models import LONGEST_BY, LONGEST_LABEL
from tracker.cases.forms import choices_of
from tracker.records.forms import YearlyForm, at_most
from tracker.rules.duty_information import HOW_LABELS
from tracker.web.forms import Choice, DayField, WholeNumber, required, trimmed

MOST_AT_ONCE = 200
NEEDS_DAY = "Skriv dagen som 2026-03-31."


class InformForm(YearlyForm):
    """Who was informed, on which day, how and by whom."""

    person = SelectMultipleField("Vilka", choices=[], validate_choice=False)
    dag = DayField("Vilken dag?", [InputRequired(NEEDS_DAY)], widget=TextInput())
    hur = Choice("Hur?", choices=choices_of({how.value: label for how, label in HOW_LABELS.items()}))
    av = StringField("Av vem?", [required("Skriv vem som informerade."), at_most(LONGEST_BY)], filters=[trimmed])


class OthersForm(YearlyForm):
    """People of a unit who have no account, one to a line."""

    vilka = TextAreaField(
        "Vilka?", [required("Skriv minst en, en per rad.")], render_kw={"rows": 8},
        description="En per rad: anställningsnummer eller en beteckning, som Timvikarie 3. Aldrig personnummer.",
    )  # fmt: skip
    fran = DayField("Första arbetsdag", [InputRequired(NEEDS_DAY)], widget=TextInput())

    @property
    def labels(self) -> list[str]:
        """What was written, a label for each line."""
        return [line.strip() for line in (self.vilka.data or "").splitlines() if line.strip()]

    def validate(self, extra_validators: object = None) -> bool:
        """Points at a label that is too long, and at too many."""
        fine = super().validate(extra_validators)
        if any(len(label) > LONGEST_LABEL for label in self.labels):
            self.vilka.errors = [*self.vilka.errors, f"Skriv högst {LONGEST_LABEL} tecken på varje rad."]
            fine = False
        if len(self.labels) > MOST_AT_ONCE:
            self.vilka.errors = [*self.vilka.errors, f"Skriv högst {MOST_AT_ONCE} rader åt gången."]
            fine = False
        return fine


class EndForm(YearlyForm):
    """The last day of one who has no account."""

    slutar = DayField("Sista arbetsdag", [InputRequired(NEEDS_DAY)], widget=TextInput())


class IntervalForm(YearlyForm):
    """How often staff are informed."""

    manader = WholeNumber("Månader mellan gångerna", [InputRequired("Skriv antalet månader, 1 till 36.")])
    dagar = WholeNumber(
        "Dagar för den som är ny", [InputRequired("Skriv antalet dagar, 0 till 90.")],
        description="Så många dagar efter sin första dag ska en ny ha fått informationen.",
    )  # fmt: skip

    def validate(self, extra_validators: object = None) -> bool:
        """Points at a number outside its limits."""
        fine = super().validate(extra_validators)
        for field, low, high in ((self.manader, 1, 36), (self.dagar, 0, 90)):
            if field.data is not None and not low <= field.data <= high:
                field.errors = [*field.errors, f"Skriv ett tal från {low} till {high}."]
                fine = False
        return fine
