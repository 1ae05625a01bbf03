"""The base of every form: Swedish messages beside the field, text trimmed, nothing typed lost."""

from flask import request
from flask_wtf import FlaskForm
from flask_wtf.form import SUBMIT_METHODS, _Auto
from werkzeug.datastructures import MultiDict
from wtforms import DateField, Field, HiddenField, IntegerField, SelectField
from wtforms.validators import DataRequired, ValidationError

from tracker.rules.errors import RuleViolation
from tracker.web.typed import typed_for


def required(message: str) -> DataRequired:
    """The field must hold something; the message says what to write."""
    return DataRequired(message=message)


def trimmed(value: str | None) -> str | None:
    """Text without the space around it."""
    return value.strip() if value else value


class DayField(DateField):  # type: ignore[misc] # WTForms has no types
    """A day, written ÅÅÅÅ-MM-DD."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Reads the day; raises ValueError with what to write."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("Datumet går inte att läsa. Skriv det som 2026-03-31.") from None


class Choice(SelectField):  # type: ignore[misc] # as above
    """One of several choices."""

    def pre_validate(self, form: FlaskForm) -> None:
        """Refuses what is not among the choices."""
        try:
            super().pre_validate(form)
        except ValidationError:
            raise ValidationError("Välj ett av alternativen i listan.") from None

    def process_formdata(self, valuelist: list[str]) -> None:
        """Reads the choice; raises ValueError with what to do."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("Välj ett av alternativen i listan.") from None


class WholeNumber(IntegerField):  # type: ignore[misc] # WTForms has no types
    """A whole number."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Reads the number; raises ValueError with what to write."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("Skriv ett helt tal med siffror.") from None


class Form(FlaskForm):  # type: ignore[misc] # Flask-WTF has no types
    """A form whose errors can also come from a rule that refused; `restored`: it holds what was typed before."""

    restored = False

    class Meta(FlaskForm.Meta):  # type: ignore[misc] # as above
        """WTForms' own messages in Swedish, where we have not written one; fields begin with what was typed before."""

        locales = ("sv",)

        def wrap_formdata(self, form: FlaskForm, formdata: object) -> MultiDict[str, str] | None:
            """What the form is filled with: what is being sent, or what was typed when it could not be taken in."""
            if formdata is _Auto and request.method not in SUBMIT_METHODS:
                typed = typed_for([field.name for field in form])
                form.restored = typed is not None
                return typed
            found: MultiDict[str, str] | None = super().wrap_formdata(form, formdata)
            return found

    def refuse(self, violation: RuleViolation) -> None:
        """Puts a rule's message beside the field it names, or over the form."""
        field: Field | None = self._fields.get(violation.field or "")
        if field is None:
            self.form_errors.append(violation.message)
        else:
            field.errors = [*field.errors, violation.message]


class Versioned(Form):
    """A form of a page that somebody else may have changed meanwhile."""

    version = HiddenField()

    @property
    def seen_version(self) -> int:
        """The version that the page showed; 0, which none has, when it is no number."""
        text = str(self.version.data or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
