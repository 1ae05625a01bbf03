"""Forms of synpunkter: what somebody outside leaves, the code to follow it with, and what came by letter."""

from wtforms import BooleanField, HiddenField, StringField, TextAreaField

from tracker.cases.forms import UNCHOSEN, choices_of
from tracker.cases.importing import COMPLAINT_KINDS, LONGEST_NAME
from tracker.cases.texts import LONGEST_WORDS
from tracker.records.forms import at_most
from tracker.rules.identity import holds_person_number
from tracker.web.forms import Choice, DayField, Form, required, trimmed

LONGEST_CONTACT = 200
ROOMY = {"rows": 8}
KINDS = {name: name.capitalize() for name in COMPLAINT_KINDS}
POINTED_OUT = (
    "Texten ser ut att innehålla ett personnummer. Vi behöver det sällan. Ta bort det, eller kryssa i Skicka ändå."
)
NOT_GIVEN = {UNCHOSEN: "Vet inte"}


class _WithoutCookie(Form):
    """A form whose token stands in the page alone."""

    class Meta(Form.Meta):
        """The token of the session is not asked for."""

        csrf = False

    csrf_token = HiddenField()


class ComplaintFields(Form):
    """What is asked of a synpunkt, whoever writes it down."""

    kind = Choice("Vad vill du lämna?", choices=choices_of(KINDS))
    what = TextAreaField(
        "Vad vill du säga?", [required("Skriv vad du vill säga."), at_most(LONGEST_WORDS)], filters=[trimmed],
        render_kw=ROOMY,
    )  # fmt: skip
    enhet = Choice("Vilken verksamhet gäller det?", choices=choices_of(NOT_GIVEN))
    name = StringField("Ditt namn", [at_most(LONGEST_NAME)], filters=[trimmed])
    reach = StringField(
        "E-post eller telefon", [at_most(LONGEST_CONTACT)], filters=[trimmed],
        description="Hit skickar vi svaret. Lämna tomt om du vill vara anonym.",
    )  # fmt: skip
    anyway = BooleanField("Skicka ändå, fast texten ser ut att innehålla ett personnummer")
    pointed_out = False

    WORDS = ("what", "name", "reach")

    @property
    def contact(self) -> str:
        """Who it is and how they are reached, as it was written; empty for somebody anonymous."""
        return ", ".join(text for text in (self.name.data, self.reach.data) if text)

    def point_out(self) -> bool:
        """Whether a text holds a personnummer that nobody has said is to stand there; told beside the field, once."""
        found = [self[name] for name in self.WORDS if holds_person_number(self[name].data or "")]
        self.pointed_out = bool(found)
        if not found or self.anyway.data:
            return False
        for field in found:
            field.errors = [*field.errors, POINTED_OUT]
        return True


class PublicForm(_WithoutCookie, ComplaintFields):
    """What somebody outside leaves. `webbplats` is for robots, who fill in all that they find."""

    webbplats = StringField("Lämna det här fältet tomt")


class FollowForm(_WithoutCookie):
    """The code that was shown once."""

    code = StringField(
        "Din kod", [required("Skriv koden som du fick när du lämnade synpunkten."), at_most(LONGEST_CONTACT)],
        filters=[trimmed], description="Sexton bokstäver och siffror, till exempel ABCD-EFGH-2345-JKLM.",
    )  # fmt: skip


class EnteredForm(ComplaintFields):
    """What came by letter, telephone or in a meeting."""

    kind = Choice("Typ", choices=choices_of(KINDS))
    received_on = DayField("Vilken dag kom den?", [required("Skriv dagen som 2026-03-31.")])
    enhet = Choice("Vilken enhet ska svara?", [required("Välj en enhet.")])
    what = TextAreaField(
        "Vad säger personen?", [required("Skriv vad personen säger."), at_most(LONGEST_WORDS)], filters=[trimmed],
        render_kw=ROOMY,
    )  # fmt: skip
    name = StringField("Namn", [at_most(LONGEST_NAME)], filters=[trimmed])
    reach = StringField(
        "E-post, telefon eller adress", [at_most(LONGEST_CONTACT)], filters=[trimmed],
        description="Hit skickas svaret. Lämna tomt om personen vill vara anonym.",
    )  # fmt: skip
