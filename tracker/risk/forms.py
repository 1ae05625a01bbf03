"""The form with which a risk is written; its fields bear the names of a file's columns."""

from wtforms import SelectChoice, StringField, TextAreaField
from wtforms.validators import Length

from tracker.exchange.errors import ImportRefused
from tracker.records.natural import LONGEST_REF
from tracker.risk.importing import HANDLING_LABELS, HANDLINGS, LEVELS, LONGEST_AREA, LONGEST_TEXT, RISK_LEVEL_LABELS
from tracker.risk.queries import RiskRow
from tracker.rules.errors import RuleViolation
from tracker.rules.identity import holds_person_number
from tracker.rules.risk_scoring import Scale
from tracker.web.forms import Choice, Versioned, required, trimmed

NONE = SelectChoice("", "Inte valt")
PERSON = "Texten ser ut att innehålla ett personnummer. Skriv utan det."


def _at_most(signs: int) -> Length:
    return Length(max=signs, message=f"Skriv högst {signs} tecken.")


class RiskForm(Versioned):
    """A risk. `version` is that of the record the page showed; a new one has none."""

    ref = StringField(
        "Beteckning", [required("Skriv en beteckning, som R1."), _at_most(LONGEST_REF)], filters=[trimmed],
        description="Som R1. Samma beteckning ett annat år är samma risk då.",
    )  # fmt: skip
    risk = TextAreaField(
        "Vad kan hända, och vad leder det till", [required("Skriv vad som kan hända."), _at_most(LONGEST_TEXT)],
        filters=[trimmed], description="Som: Avtal följs inte, vilket leder till högre kostnader.",
    )  # fmt: skip
    omrade = StringField("Område", [_at_most(LONGEST_AREA)], filters=[trimmed])
    niva = Choice("Nivå", choices=[NONE, *(SelectChoice(name, RISK_LEVEL_LABELS[name]) for name in LEVELS)])
    sannolikhet = Choice("Sannolikhet", [required("Välj hur sannolikt det är.")])
    konsekvens = Choice("Konsekvens", [required("Välj hur allvarligt det blir.")])
    motivering = TextAreaField("Motivering", [_at_most(LONGEST_TEXT)], filters=[trimmed])
    hantering = Choice("Hantering", choices=[NONE, *(SelectChoice(name, HANDLING_LABELS[name]) for name in HANDLINGS)])

    def on_scale(self, scale: Scale) -> None:
        """Offers the steps of the year's scale."""
        for field, labels in ((self.sannolikhet, scale.likelihoods), (self.konsekvens, scale.consequences)):
            steps = (SelectChoice(str(step), f"{step} {label}") for step, label in enumerate(labels, start=1))
            field.choices = [SelectChoice("", "Välj"), *steps]

    def validate(self, extra_validators: object = None) -> bool:
        """Points at a personnummer in the free texts as well."""
        fine: bool = super().validate(extra_validators)
        for field in (self.ref, self.risk, self.omrade, self.motivering):
            if holds_person_number(field.data or ""):
                field.errors = [*field.errors, PERSON]
                fine = False
        return fine

    @property
    def said(self) -> dict[str, object]:
        """What was written, by the register's columns; an empty field is none."""
        return {
            "text": self.risk.data, "area": self.omrade.data or None, "level": self.niva.data or None,
            "likelihood": int(self.sannolikhet.data), "consequence": int(self.konsekvens.data),
            "motivation": self.motivering.data or None, "handling": self.hantering.data or None,
        }  # fmt: skip

    def refuse_cells(self, refused: ImportRefused) -> None:
        """Puts what a row is refused for beside its fields."""
        for error in refused.errors:
            message = error.message[:1].upper() + error.message[1:]
            self.refuse(RuleViolation("cell", message, error.column))


def filled_with(risk: RiskRow, version: int) -> dict[str, object]:
    """What the form of a risk begins with."""
    return {
        "version": version, "ref": risk.ref, "risk": risk.text, "omrade": risk.area, "niva": risk.level or "",
        "sannolikhet": str(risk.likelihood), "konsekvens": str(risk.consequence), "motivering": risk.motivation,
        "hantering": risk.handling or "",
    }  # fmt: skip
