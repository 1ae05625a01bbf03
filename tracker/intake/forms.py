"""The forms of the steps. Each carries the version of what waits, so that two windows do not read each other's file."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from flask_wtf.file import FileField
from wtforms import HiddenField, IntegerField, RadioField, SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError
from wtforms.widgets import HiddenInput

from tracker.exchange.date_forms import DATE_FORM_LABELS, OfferedForm
from tracker.exchange.foreign import ForeignColumn
from tracker.exchange.sheets import ENCODINGS
from tracker.intake.choices import AS_IT_STANDS, LEFT_EMPTY
from tracker.intake.fields import FIELD_TITLES, REQUIRED
from tracker.intake.questions import TAKES_ANY_TEXT, DayQuestion, Questions, ValueQuestion, shown
from tracker.web.forms import Choice, Form

SKIPPED = ""
UNCHOSEN = "?"
ENCODING_LABELS = {"utf-8": "UTF-8", "cp1252": "Windows (cp1252)"}
LARGEST_ROW = 1_048_576


class FileForm(Form):
    """A file to read in."""

    file = FileField("Fil", description="CSV eller Excel (.xlsx), högst 50 MB och 150 000 rader.")


class StepForm(Form):
    """A step's answer to what waits, as it stood when the page was opened."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired("Ladda om sidan och försök igen.")])


class Options(RadioField):  # type: ignore[misc] # WTForms has no types
    """One of several, all of them shown."""

    def pre_validate(self, form: Form) -> None:
        """Refuses what is not among the choices."""
        try:
            super().pre_validate(form)
        except ValidationError:
            raise ValidationError("Välj ett av alternativen.") from None


class TableForm(StepForm):
    """Where the table stands."""

    sheet = HiddenField()
    head_row = Options("Vilken rad är rubrikraden?", coerce=int, validate_choice=True)
    last_row = IntegerField(
        "Sista raden i tabellen",
        [
            Optional(),
            NumberRange(1, LARGEST_ROW, "Skriv radens nummer, eller lämna tomt."),
        ],
        description="Lämna tomt om tabellen går till slutet. Skriv radens nummer om summor eller annat står under den.",
    )
    encoding = Choice(
        "Teckenkodning",
        choices=[SelectChoice(name, ENCODING_LABELS[name]) for name in ENCODINGS],
        description="Byt om å, ä och ö ser fel ut nedan.",
    )

    def leave_out_encoding(self) -> None:
        """A workbook has none."""
        del self.encoding


class SaveForm(StepForm):
    """The last step: `seen` is what the preview showed."""

    seen = HiddenField()


def _form(base: type[StepForm], fields: dict[str, Any]) -> Any:  # noqa: ANN401 - made with its fields
    return type(base.__name__, (base,), fields)()


def columns_form(columns: Iterable[ForeignColumn], allowed: Collection[str], proposed: Mapping[int, str]) -> StepForm:
    """One choice of field for each column, `kolumn_3` for the fourth, with what is proposed."""
    choices = [SelectChoice(SKIPPED, "– hoppa över –")] + [
        SelectChoice(name, title) for name, title in FIELD_TITLES.items() if name in allowed
    ]
    fields = {
        column_name(column.index): Choice(
            column.name, choices=choices, default=proposed.get(column.index, SKIPPED), description=_described(column)
        )
        for column in columns
    }
    form: StepForm = _form(StepForm, fields)
    return form


def column_name(index: int) -> str:
    """The form's field for a column."""
    return f"kolumn_{index}"


def _described(column: ForeignColumn) -> str:
    samples = " · ".join(shown(sample, 40) for sample in column.samples)
    hidden = ", dold i Excel" if column.hidden else ""
    return f"Kolumn {column.letter}{hidden}. {f'Till exempel: {samples}' if samples else 'Tom.'}"


def chosen_columns(form: StepForm, columns: Iterable[ForeignColumn]) -> dict[str, int]:
    """Field → column of a form that has been sent; what is wrong is told beside the column, or over the form."""
    found: dict[str, ForeignColumn] = {}
    for column in columns:
        choice = form[column_name(column.index)]
        name = choice.data or SKIPPED
        if name == SKIPPED or choice.errors:
            continue
        if name in found:
            title = FIELD_TITLES[name]
            choice.errors = [*choice.errors, f"{title} är vald för {found[name].name} också. Behåll en av dem."]
        else:
            found[name] = column
    for name in REQUIRED:
        if name not in found:
            title = FIELD_TITLES[name]
            form.form_errors.append(f"Ingen kolumn är vald för {title}. Den måste finnas i filen.")
    return {name: column.index for name, column in found.items()}


def questions_form(questions: Questions) -> StepForm:
    """One answer for each question."""
    fields: dict[str, Any] = {day.name: _day_field(day) for day in questions.days}
    for value in questions.values:
        fields[value.name] = _value_field(value, questions.known[value.field])
    form: StepForm = _form(StepForm, fields)
    return form


def _day_field(question: DayQuestion) -> Options:
    choices = [SelectChoice(offer.form.value, offer_text(offer)) for offer in question.offers]
    return Options(f"Hur är datumen i {question.head} skrivna?", choices=choices, default=question.chosen)


def offer_text(offer: OfferedForm) -> str:
    """A form of days with what it makes of the column's own cells."""
    read = ", ".join(f"{text} blir {day}" for text, day in offer.examples if day)
    unread = ", ".join(shown(text, 20) for text, day in offer.examples if day is None)
    more = f". {offer.unread} olika värden går inte att läsa så: {unread}" if offer.unread else ""
    return f"{DATE_FORM_LABELS[offer.form]} – {read}{more}"


def _value_field(question: ValueQuestion, known: list[str]) -> Choice:
    choices = [] if question.chosen is not None else [SelectChoice(UNCHOSEN, "Välj …")]
    if question.field in TAKES_ANY_TEXT:
        own = "Lägg till som ny insats" if question.field == "insats" else "Behåll texten som den står"
        choices.append(SelectChoice(AS_IT_STANDS, own))
    choices += [SelectChoice(value, value) for value in known]
    if question.field != "insats":
        choices.append(SelectChoice(LEFT_EMPTY, "Räkna cellen som tom"))
    rows = "1 rad" if question.count == 1 else f"{question.count} rader"
    default = UNCHOSEN if question.chosen is None else question.chosen
    return Choice(shown(question.cell), choices=choices, default=default, description=rows)


def answers(form: StepForm, questions: Questions) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """(forms of days, values) of a form that has been sent; what is not answered is told beside it."""
    values: dict[str, dict[str, str]] = {}
    for value in questions.values:
        field = form[value.name]
        if field.data == UNCHOSEN:
            field.errors = [f"Välj vad {shown(value.cell)} betyder."]
        values.setdefault(value.field, {})[value.cell] = field.data or LEFT_EMPTY
    return {day.field: form[day.name].data for day in questions.days}, values
