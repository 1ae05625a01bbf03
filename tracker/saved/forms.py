"""The form of a saved view: what it is called, and whom it is shared with."""

from collections.abc import Iterable
from typing import Any

from wtforms import StringField
from wtforms.validators import Length

from tracker.saved.models import LONGEST_NAME
from tracker.web.forms import Choice, Form, required, trimmed

JUST_ME = "0"


class ViewForm(Form):
    """A name, and a unit to share it with."""

    name = StringField(
        "Vad ska vyn heta?",
        [required("Skriv vad vyn ska heta."), Length(max=LONGEST_NAME, message=f"Skriv högst {LONGEST_NAME} tecken.")],
        filters=[trimmed],
        description="Till exempel: Försenade i mitt område. Skriv inget om den enskilde.",
    )
    unit = Choice(
        "Vem ska ha den?",
        description="Alla som arbetar i enheten eller under den ser namnet och öppnar listan med sin egen behörighet.",
    )

    def __init__(self, units: Iterable[tuple[int, str]], **known: Any) -> None:  # noqa: ANN401 - as WTForms takes it
        super().__init__(**known)
        self.unit.choices = [(JUST_ME, "Bara jag"), *((str(number), label) for number, label in units)]

    @property
    def unit_id(self) -> int | None:
        """The unit that it is shared with, None for its owner alone."""
        return None if self.unit.data in {None, JUST_ME} else int(self.unit.data)
