"""The form with which a kontrollmoment is written; its fields bear the names of a file's columns where it has them."""

from collections.abc import Sequence

from wtforms import BooleanField, SelectChoice, StringField, TextAreaField
from wtforms.validators import Optional

from tracker.control.importing import LONGEST_NAME, LONGEST_PERSON, LONGEST_TEXT, LONGEST_WORD
from tracker.control.models import ControlMoment
from tracker.exchange.columns import LEAVE
from tracker.records.forms import YearlyForm, at_most
from tracker.records.natural import LONGEST_REF
from tracker.web.forms import Choice, WholeNumber, required, trimmed

MOST_CHOICES = 200  # of more risks the ref is written
LONGEST_LABEL = 90


class MomentForm(YearlyForm):
    """A kontrollmoment. `version` is that of the record the page showed; a new one has none."""

    ref = StringField(
        "Beteckning", [required("Skriv en beteckning, som K1."), at_most(LONGEST_REF)], filters=[trimmed],
        description="Som K1. Samma beteckning ett annat år är samma kontrollmoment då.",
    )  # fmt: skip
    kontrollmoment = StringField(
        "Kontrollmoment", [required("Skriv vad kontrollmomentet heter."), at_most(LONGEST_NAME)], filters=[trimmed],
        description="Som: Stickprov på fakturor för representation.",
    )  # fmt: skip
    risk_ref = StringField(
        "Risk", [at_most(LONGEST_REF)], filters=[trimmed],
        description="Riskens beteckning, som R1. Får vara tom.",
    )  # fmt: skip
    kontrolleras = TextAreaField("Vad som kontrolleras", [at_most(LONGEST_TEXT)], filters=[trimmed])
    kriterier = TextAreaField(
        "Kriterier", [at_most(LONGEST_TEXT)], filters=[trimmed],
        description="Vad varje post granskas mot, ett på varje rad. Till exempel Attest, Deltagarlista, Syfte, Belopp."
        " Ett nytt stickprov börjar med dem.",
    )  # fmt: skip
    metod = StringField(
        "Metod", [at_most(LONGEST_WORD)], filters=[trimmed], description="Som stickprov eller intervju."
    )
    frekvens = StringField(
        "Frekvens", [at_most(LONGEST_WORD)], filters=[trimmed],
        description="Löpande, månad, kvartal, tertial, halvår eller år.",
    )  # fmt: skip
    kontrollerad = StringField(
        "Vem som kontrolleras", [at_most(LONGEST_PERSON)], filters=[trimmed],
        description="Enheten eller rollen vars arbete kontrolleras.",
    )  # fmt: skip
    utforare = StringField(
        "Utförare", [at_most(LONGEST_PERSON)], filters=[trimmed],
        description="Vem som utför kontrollen. Bör vara någon annan än den som kontrolleras.",
    )  # fmt: skip
    ansvarig = StringField("Ansvarig", [at_most(LONGEST_PERSON)], filters=[trimmed])
    rapporteras_till = StringField("Rapporteras till", [at_most(LONGEST_PERSON)], filters=[trimmed])
    god_grans = WholeNumber("God från, procent", [Optional()], description="Tomt betyder planens gräns.")
    godtagbar_grans = WholeNumber("Godtagbar från, procent", [Optional()], description="Tomt betyder planens gräns.")
    samma = BooleanField("Den som kontrolleras ska utföra eller ansvara för kontrollen")

    asks_about_same = False
    keeps_risk = False  # it points at a risk that the reader does not see: none chosen leaves it so

    @property
    def said(self) -> dict[str, object]:
        """What was written, by the register's columns; an empty field is none."""
        return {
            "name": self.kontrollmoment.data, "risk_ref": self.risk_ref.data or (LEAVE if self.keeps_risk else None),
            "subject": self.kontrolleras.data or None, "criteria": self.kriterier.data or None,
            "method": self.metod.data or None, "frequency": self.frekvens.data or None,
            "controlled_party": self.kontrollerad.data or None, "performer": self.utforare.data or None,
            "responsible": self.ansvarig.data or None, "reported_to": self.rapporteras_till.data or None,
            "good_limit": self.god_grans.data, "acceptable_limit": self.godtagbar_grans.data,
        }  # fmt: skip

    def validate(self, extra_validators: object = None) -> bool:
        """As any row, with limits within 0–100."""
        fine: bool = super().validate(extra_validators)
        for field in (self.god_grans, self.godtagbar_grans):
            if field.data is not None and not 0 <= field.data <= 100:
                field.errors = [*field.errors, "Skriv ett tal från 0 till 100."]
                fine = False
        return fine


def moment_form(risks: Sequence[tuple[str, str]], data: dict[str, object]) -> MomentForm:
    """The form with the risks, (ref, text), to choose among; where they are too many for a list the ref is written."""
    if len(risks) > MOST_CHOICES:
        return MomentForm(data=data)
    choices = [SelectChoice("", "Ingen"), *(SelectChoice(ref, f"{ref} {_short(text)}") for ref, text in risks)]
    made: MomentForm = type("MomentFormOfRisks", (MomentForm,), {"risk_ref": Choice("Risk", choices=choices)})(
        data=data
    )
    return made


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_LABEL else f"{line[: LONGEST_LABEL - 1]}…"


def filled_with(moment: ControlMoment, risk_ref: str | None, version: int) -> dict[str, object]:
    """What the form of a kontrollmoment begins with."""
    return {
        "version": version, "ref": moment.ref, "kontrollmoment": moment.name, "risk_ref": risk_ref or "",
        "kontrolleras": moment.subject, "kriterier": moment.criteria, "metod": moment.method,
        "frekvens": moment.frequency, "kontrollerad": moment.controlled_party, "utforare": moment.performer,
        "ansvarig": moment.responsible, "rapporteras_till": moment.reported_to, "god_grans": moment.good_limit,
        "godtagbar_grans": moment.acceptable_limit,
    }  # fmt: skip
