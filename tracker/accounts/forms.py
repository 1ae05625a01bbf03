"""Forms of sign-in and passwords."""

from wtforms import EmailField, PasswordField, StringField
from wtforms.validators import EqualTo

from tracker.web.forms import Form, required, trimmed

SAME = EqualTo("password", message="Lösenorden är inte lika. Skriv samma lösenord två gånger.")
HOW_TO_CHOOSE = "Minst 12 tecken. Flera ord efter varandra är lätta att minnas och svåra att gissa."


class SignInForm(Form):
    """Address and password."""

    email = EmailField("E-postadress", [required("Skriv din e-postadress.")], filters=[trimmed])
    password = PasswordField("Lösenord", [required("Skriv ditt lösenord.")])


class CodeForm(Form):
    """The one-time code itself."""

    code = StringField("Engångskod", [required("Skriv engångskoden som du har fått.")], filters=[trimmed])


class ChoosePasswordForm(Form):
    """A first password, by a one-time code."""

    password = PasswordField("Nytt lösenord", [required("Välj ett lösenord.")], description=HOW_TO_CHOOSE)
    again = PasswordField("Lösenordet igen", [required("Skriv lösenordet en gång till."), SAME])


class FirstAdministratorForm(ChoosePasswordForm):
    """Who the first administrator is."""

    name = StringField("Namn", [required("Skriv ditt namn.")], filters=[trimmed])
    email = EmailField("E-postadress", [required("Skriv din e-postadress.")], filters=[trimmed])


class ChangePasswordForm(ChoosePasswordForm):
    """A new password in place of the present one."""

    present = PasswordField("Nuvarande lösenord", [required("Skriv ditt nuvarande lösenord.")])
