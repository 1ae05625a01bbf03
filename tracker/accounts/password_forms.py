"""The form that asks for the present password again."""

from wtforms import PasswordField

from tracker.web.forms import Form, required


class ConfirmForm(Form):
    """The present password; its field is among those that are never kept."""

    present = PasswordField("Lösenord", [required("Skriv ditt lösenord.")])
