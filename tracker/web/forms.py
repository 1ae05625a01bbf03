"""The base of every form: Swedish messages beside the field, text trimmed."""

from flask_wtf import FlaskForm
from wtforms import Field
from wtforms.validators import DataRequired

from tracker.rules.errors import RuleViolation


def required(message: str) -> DataRequired:
    """The field must hold something; the message says what to write."""
    return DataRequired(message=message)


def trimmed(value: str | None) -> str | None:
    """Text without the space around it."""
    return value.strip() if value else value


class Form(FlaskForm):  # type: ignore[misc] # Flask-WTF has no types
    """A form whose errors can also come from a rule that refused."""

    def refuse(self, violation: RuleViolation) -> None:
        """Puts a rule's message beside the field it names, or over the form."""
        field: Field | None = self._fields.get(violation.field or "")
        if field is None:
            self.form_errors.append(violation.message)
        else:
            field.errors = [*field.errors, violation.message]
