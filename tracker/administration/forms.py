"""Forms of the administrator's pages. `seen…` carries what stood there when the page was opened."""

from flask_wtf.file import FileField, FileRequired
from wtforms import EmailField, HiddenField, SelectChoice, StringField, TextAreaField
from wtforms.validators import Optional

from tracker.rules.permissions import TABLE, Role
from tracker.web.forms import Choice, DayField, Form, required, trimmed

UNTIL_FURTHER = "Lämna tomt om rollen gäller tills vidare."


class RoleForm(Form):
    """A role for a unit, from a day to a day."""

    role = Choice("Roll", choices=[SelectChoice(role.value, TABLE[role].label) for role in Role])
    unit = Choice("Enhet, med allt under den", coerce=int)
    from_on = DayField("Från och med", [Optional()], description="Lämna tomt om rollen gäller från i dag.")
    to_on = DayField("Till och med", [Optional()], description=UNTIL_FURTHER)


class NewUserForm(RoleForm):
    """A new user with a first role."""

    name = StringField("Namn", [required("Skriv personens namn.")], filters=[trimmed])
    email = EmailField("E-postadress", [required("Skriv personens e-postadress.")], filters=[trimmed])


class RoleEndForm(Form):
    """Another last day of a role."""

    to_on = DayField("Till och med", [Optional()], description=UNTIL_FURTHER)
    seen = HiddenField()


class PersonForm(Form):
    """A user's name and address."""

    name = StringField("Namn", [required("Skriv personens namn.")], filters=[trimmed])
    email = EmailField("E-postadress", [required("Skriv personens e-postadress.")], filters=[trimmed])
    seen_name = HiddenField()
    seen_email = HiddenField()


class NewUnitsForm(Form):
    """One or more units below another."""

    enhet = TextAreaField("Enheternas namn, ett på varje rad", [required("Skriv minst ett namn.")])
    over = Choice("Under", coerce=int)


class UnitNameForm(Form):
    """A unit's name."""

    enhet = StringField("Nytt namn", [required("Skriv enhetens namn.")], filters=[trimmed])
    seen = HiddenField()


class MoveUnitForm(Form):
    """Where a unit lies."""

    over = Choice("Under", coerce=int)
    seen = HiddenField()


class CloseUnitForm(Form):
    """A unit's last day."""

    valid_until = DayField("Sista dag", [required("Skriv sista dagen som 2026-03-31.")])
    seen = HiddenField()


class RefuseForm(Form):
    """Why a request is refused."""

    reason = TextAreaField("Varför?", [required("Skriv varför.")], filters=[trimmed])


class SettingsForm(Form):
    """What holds for the whole installation."""

    committee_name = StringField(
        "Nämndens namn",
        [Optional()],
        filters=[trimmed],
        description="Som det ska stå i rapporterna, till exempel Socialnämnden i Sundby.",
    )
    administrators = Choice(
        "Roller med identiteter",
        choices=[
            SelectChoice("en", "En administratör räcker"),
            SelectChoice("tva", "En annan administratör godkänner"),
        ],
        description="Gäller roller som ser eller läser in personnummer, rollen systemadministratör, och engångslänkar "
        "till den som har en sådan roll.",
    )


class CodeForm(Form):
    """One entry of a code list."""

    label = StringField("Text", [required("Skriv texten.")], filters=[trimmed])
    valid_from = DayField("Gäller från och med", [Optional()], description="Lämna tomt om den alltid har gällt.")
    valid_until = DayField("Gäller till och med", [Optional()], description="Lämna tomt om den gäller tills vidare.")
    seen = HiddenField()


class NewCodesForm(Form):
    """One or more new entries of a code list."""

    labels = TextAreaField("Nya texter, en på varje rad", [required("Skriv minst en text.")])


class TemplateForm(Form):
    """A Word template and the reader it is for."""

    audience = Choice("Gäller för")
    file = FileField(
        "Wordfil (.docx)",
        [FileRequired("Välj filen med mallen.")],
        description="Högst 4 MB. Den provas på påhittade uppgifter innan den börjar användas.",
    )
    seen = HiddenField()


class MergeForm(Form):
    """The entry that another becomes a name of."""

    into = Choice("Ska räknas som", coerce=int)
