"""The words of an individrapport, that it is sent, and why it is not or was not before."""

from collections.abc import Mapping
from typing import ClassVar

from wtforms import SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Length

from tracker.records.forms import ChangeForm, CorrectionForm
from tracker.rules.sending import Field, IvoType
from tracker.web.forms import trimmed

LONGEST = 4_000
SAVE, SEND, TAKE, RELEASE = "spara", "sand", "ta", "slapp"


def _words(label: str, description: str = "") -> TextAreaField:
    most = Length(max=LONGEST, message="Skriv högst 4000 tecken.")
    return TextAreaField(label, [most], filters=[_with_plain_breaks], description=description)


def _with_plain_breaks(text: str | None) -> str | None:
    """Browsers send each new line as two signs; what is kept has one."""
    return trimmed(text.replace("\r\n", "\n")) if text else text


class SheetForm(CorrectionForm):
    """What can be written in an individrapport; no reason is asked for."""

    reason = None
    CORRECTED: ClassVar[tuple[str, ...]] = (Field.INFORMATION.value,)
    FREE_TEXTS: ClassVar[tuple[str, ...]] = CORRECTED

    upplysning = _words("Upplysningar", "Det som ska stå i informationsrutan.")
    sand_den = StringField(
        "Sänd den", filters=[trimmed], render_kw={"inputmode": "numeric", "placeholder": "ÅÅÅÅ-MM-DD"}
    )
    gor = StringField()

    @property
    def texts(self) -> dict[str, str]:
        """What was written, by field."""
        return {name: self[name].data or "" for name in self.CORRECTED}

    def left_out(self, now: Mapping[str, str]) -> list[tuple[str, str]]:
        """(label, words) of what was written and does not stand in what is sent already."""
        return [(self[name].label.text, text) for name, text in self.changed(now).items() if text]


class WaitingForm(SheetForm):
    """Of a clock that still runs: why, what has been done, and what the wait leads to."""

    CORRECTED: ClassVar[tuple[str, ...]] = (
        Field.DELAY.value, Field.MEASURES.value, Field.MEANWHILE.value, Field.INFORMATION.value,
    )  # fmt: skip
    FREE_TEXTS: ClassVar[tuple[str, ...]] = CORRECTED

    skal = _words("Skäl till dröjsmålet", "Kort, så att orsaken framgår.")
    atgarder = _words("Åtgärder och erbjudanden", "Vilka dagar något har erbjudits, och vad som har följts upp.")
    konsekvenser = _words("Konsekvenser och insatser i väntan")


def form_for(ivo_type: IvoType) -> SheetForm:
    """The form of an individrapport of this type."""
    return SheetForm() if ivo_type.is_final else WaitingForm()


class UndoForm(ChangeForm):
    """Why an individrapport was not sent after all."""


class AfterwardsForm(ChangeForm):
    """Which clocks are sent afterwards, and why. Each choice carries the version of its record that was seen."""

    version = None
    klocka = SelectMultipleField("Klockor", choices=[], validate_choice=False)

    @property
    def chosen(self) -> list[tuple[int, int]]:
        """(clock, version) of what was ticked."""
        found = []
        for text in self.klocka.data or ():
            clock_id, _, version = text.partition(".")
            if all(part.isascii() and part.isdigit() for part in (clock_id, version)):
                found.append((int(clock_id), int(version)))
        return found
