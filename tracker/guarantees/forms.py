"""The forms of guarantees and their occasions."""

from wtforms import BooleanField, SelectChoice, StringField, TextAreaField
from wtforms.validators import NumberRange, Optional
from wtforms.widgets import TextInput

from tracker.guarantees.models import LONGEST_EVENT, LONGEST_GROUND, LONGEST_LAW, LONGEST_NAME
from tracker.guarantees.queries import GuaranteeRow, OccasionRow
from tracker.records.forms import LONGEST_REASON, YearlyForm, at_most
from tracker.rules.guarantees import LimitUnit
from tracker.web.forms import Choice, DayField, WholeNumber, required, trimmed

LONGEST_REFERENCE = 60
UNITS = [SelectChoice(unit.value, unit.value) for unit in LimitUnit]
CAUSE = "Varför hölls den inte?"
NEEDS_DAY = "Skriv dagen som 2026-03-31."


def _reference() -> StringField:
    return StringField(
        "Referens", [required("Skriv den referens som ärendet har i verksamhetssystemet."), at_most(LONGEST_REFERENCE)],
        filters=[trimmed], description="Ärendets eller aktens beteckning. Aldrig namn eller personnummer.",
    )  # fmt: skip


def _reason() -> TextAreaField:
    return TextAreaField(
        "Varför?", [required("Skriv varför."), at_most(LONGEST_REASON)], filters=[trimmed],
        description="Skriv inget om den enskilde.",
    )  # fmt: skip


class GuaranteeForm(YearlyForm):
    """A guarantee of the municipality's own."""

    name = StringField("Namn", [required("Skriv vad garantin heter."), at_most(LONGEST_NAME)], filters=[trimmed])
    starts_with = StringField(
        "Tiden börjar med", [required("Skriv vad tiden börjar med."), at_most(LONGEST_EVENT)], filters=[trimmed],
        description="Till exempel: Ansökan var komplett.",
    )  # fmt: skip
    ends_with = StringField(
        "Tiden slutar med", [required("Skriv vad tiden slutar med."), at_most(LONGEST_EVENT)], filters=[trimmed],
        description="Till exempel: Beslut om tillståndet.",
    )  # fmt: skip
    number = WholeNumber(
        "Gräns", [NumberRange(1, 999, message="Skriv ett tal från 1 till 999.")],
        widget=TextInput(), render_kw={"inputmode": "numeric"},
    )  # fmt: skip
    unit = Choice("Räknas i", choices=UNITS)
    target = WholeNumber(
        "Mål i procent", [NumberRange(0, 100, message="Skriv ett tal från 0 till 100.")],
        widget=TextInput(), render_kw={"inputmode": "numeric"}, description="Hur stor andel som ska hållas.",
    )  # fmt: skip
    roll = BooleanField("En sista dag som är ledig flyttas till nästa arbetsdag")
    law = StringField("Lagrum eller beslut", [at_most(LONGEST_LAW)], filters=[trimmed])
    active_from = DayField("Gäller från och med", [Optional()], widget=TextInput())
    active_to = DayField("Gäller till och med", [Optional()], widget=TextInput(), description="Tomt tills vidare.")

    FIELDS = ("name", "starts_with", "ends_with", "number", "unit", "target", "law", "active_from", "active_to")

    def for_guarantee(self, guarantee: GuaranteeRow) -> None:
        """Keeps what may be changed of a guarantee: the unit never, and of what the program knows no more than target,
        rolling, and the number of a limit that is the municipality's own.
        """
        dropped = ["unit"]
        if guarantee.kind is not None:
            dropped += ["name", "starts_with", "ends_with", "law"]
        if guarantee.statutory or guarantee.of_complaints:
            dropped += ["number"]
        if guarantee.of_complaints:
            dropped += ["roll", "active_from", "active_to"]
        for name in dropped:
            del self[name]

    def said(self) -> dict[str, object]:
        """What was written, by the columns."""
        found = {name: self[name].data for name in self.FIELDS if name in self}
        found = {name: None if value == "" else value for name, value in found.items()}
        return found | ({"roll": bool(self.roll.data)} if "roll" in self else {})

    def in_order(self) -> bool:
        """Whether the last day does not come before the first; told beside its field."""
        first, last = (self[name].data if name in self else None for name in ("active_from", "active_to"))
        wrong = first is not None and last is not None and last < first
        if wrong:
            self.active_to.errors = [*self.active_to.errors, "Skriv samma dag som den första, eller en senare."]
        return not wrong


class StartForm(YearlyForm):
    """A new occasion."""

    referens = _reference()
    enhet = Choice("Enhet", [required("Välj en enhet.")])
    startdatum = DayField("Startdag", [required(NEEDS_DAY)], widget=TextInput())


class EndForm(YearlyForm):
    """The end of an occasion; `cause` is needed when it comes after the last day."""

    slutdatum = DayField("Vilken dag?", [required(NEEDS_DAY)], widget=TextInput())
    cause = Choice(CAUSE, description="Väljs när dagen kommer efter den sista dagen. Då blir det en avvikelse.")
    again = BooleanField("Nästa tid börjar samma dag, för samma referens")


class CauseForm(YearlyForm):
    """Why something was not done in time."""

    cause = Choice(CAUSE, [required("Välj varför garantin inte hölls.")])


class ProlongForm(YearlyForm):
    """A later last day, by a decision."""

    forlangd_till = DayField("Förlängd till", [required(NEEDS_DAY)], widget=TextInput())
    beslutad = DayField("Beslutad den", [required(NEEDS_DAY)], widget=TextInput())
    skal = StringField(
        "Skäl", [required("Skriv vilka skälen är."), at_most(LONGEST_GROUND)], filters=[trimmed],
        description="I korthet. Skriv inget om den enskilde.",
    )  # fmt: skip


class CancelForm(YearlyForm):
    """That an occasion never came to its end."""

    avbruten = DayField("Vilken dag?", [required(NEEDS_DAY)], widget=TextInput())
    reason = _reason()


class CorrectForm(YearlyForm):
    """What was wrong of an occasion."""

    referens = _reference()
    startdatum = DayField("Startdag", [required(NEEDS_DAY)], widget=TextInput())
    slutdatum = DayField("Slutdag", [Optional()], widget=TextInput(), description="Tomt när det inte är klart.")
    cause = Choice(CAUSE, description="Väljs när slutdagen kommer efter den sista dagen.")
    reason = _reason()

    def said(self) -> dict[str, object]:
        """What was written, by the columns."""
        return {
            "ref": self.referens.data, "started_on": self.startdatum.data, "ended_on": self.slutdatum.data,
        }  # fmt: skip


def corrected_with(row: OccasionRow) -> dict[str, object]:
    """What the form of a correction begins with."""
    days = row.days
    return {
        "version": str(row.version), "referens": row.ref, "startdatum": days.started_on, "slutdatum": days.ended_on,
    }  # fmt: skip
