"""Forms of sign-in, passwords and users."""

from wtforms import EmailField, PasswordField, SelectChoice, StringField
from wtforms.validators import EqualTo, Optional

from tracker.rules.permissions import TABLE, Role
from tracker.web.forms import Choice, DayField, Form, required, trimmed

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


class RoleForm(Form):
    """A role for a unit, from a day to a day."""

    role = Choice("Roll", choices=[SelectChoice(role.value, TABLE[role].label) for role in Role])
    unit = Choice("Enhet, med allt under den", coerce=int)
    to_on = DayField("Till och med", [Optional()], description="Lämna tomt om rollen gäller tills vidare.")


class NewUserForm(RoleForm):
    """A new user with a first role."""

    name = StringField("Namn", [required("Skriv personens namn.")], filters=[trimmed])
    email = EmailField("E-postadress", [required("Skriv personens e-postadress.")], filters=[trimmed])


class EmptyForm(Form):
    """Only the token that shows that the request came from our own page."""
