"""The form of a gallring: what it rests on, and which cases were seen."""

from wtforms import BooleanField, HiddenField, StringField, TextAreaField

from tracker.cases.clearing import Basis
from tracker.records.forms import LONGEST_REASON, at_most
from tracker.rules.retention import LONGEST_DECISION
from tracker.web.forms import DayField, Form, required, trimmed


class ClearForm(Form):
    """The decision that the gallring rests on, why, and that somebody has understood that nothing comes back."""

    seen = HiddenField()
    decided_on = DayField("Vilken dag fattades beslutet?", [required("Skriv dagen som 2026-03-31.")])
    decision = StringField(
        "Vilket beslut?",
        [required("Skriv paragraf eller diarienummer, så att beslutet går att hitta."), at_most(LONGEST_DECISION)],
        filters=[trimmed], description="Nämndens eller delegatens beslut om gallring, till exempel § 45, SN 2026/123.",
    )  # fmt: skip
    reason = TextAreaField(
        "Varför gallras de?", [required("Skriv varför ärendena gallras."), at_most(LONGEST_REASON)], filters=[trimmed],
        description="Sparas krypterat, och i loggen. Inga namn och inga personnummer.",
    )  # fmt: skip
    understood = BooleanField(
        "Jag har kontrollerat listan, och vet att det som gallras inte går att få tillbaka",
        [required("Kryssa i att du har kontrollerat listan.")],
    )

    @property
    def basis(self) -> Basis:
        """What the gallring rests on."""
        return Basis(self.decided_on.data, self.decision.data or "", self.reason.data or "")
