"""The form with which a risk is written; its fields bear the names of a file's columns."""

from typing import Any

from wtforms import SelectChoice, StringField, TextAreaField

from tracker.records.forms import YearlyForm, at_most
from tracker.records.natural import LONGEST_REF
from tracker.risk.importing import (
    HANDLING_LABELS,
    HANDLINGS,
    LEVELS,
    LONGEST_AREA,
    LONGEST_TEXT,
    REGISTER_NAMES,
    RISK_LEVEL_LABELS,
)
from tracker.risk.queries import RiskRow
from tracker.rules.risk_scoring import Scale
from tracker.web.forms import Choice, required, trimmed

NONE = SelectChoice("", "Inte valt")


# WTForms has a method that is called process.
COLUMNS = {"processen" if name == "process" else name: column for name, column in REGISTER_NAMES.items()}
NUMBERS = ("likelihood", "consequence", "gross_likelihood", "gross_consequence")
STEPS = (("sannolikhet", "likelihoods"), ("konsekvens", "consequences"))


def _long(label: str, description: str = "") -> TextAreaField:
    return TextAreaField(label, [at_most(LONGEST_TEXT)], filters=[trimmed], description=description)


def _short(label: str, description: str = "") -> StringField:
    return StringField(label, [at_most(LONGEST_AREA)], filters=[trimmed], description=description)


class RiskForm(YearlyForm):
    """A risk. `version` is that of the record the page showed; a new one has none."""

    ref = StringField(
        "Beteckning", [required("Skriv en beteckning, som R1."), at_most(LONGEST_REF)], filters=[trimmed],
        description="Som R1. Samma beteckning ett annat år är samma risk då.",
    )  # fmt: skip
    risk = TextAreaField(
        "Vad kan hända, och vad leder det till", [required("Skriv vad som kan hända."), at_most(LONGEST_TEXT)],
        filters=[trimmed], description="Som: Avtal följs inte, vilket leder till högre kostnader.",
    )  # fmt: skip
    omrade = _short("Område")
    processen = _short("Process", "Som: inköp, eller utbetalning av ekonomiskt bistånd.")
    orsak = _long("Orsak", "Varför det kan hända.")
    leder_till = _long("Leder till", "Följderna, om de behöver beskrivas mer än ovan.")
    niva = Choice("Nivå", choices=[NONE, *(SelectChoice(name, RISK_LEVEL_LABELS[name]) for name in LEVELS)])
    sannolikhet = Choice("Sannolikhet", [required("Välj hur sannolikt det är.")])
    konsekvens = Choice("Konsekvens", [required("Välj hur allvarligt det blir.")])
    motivering = _long("Motivering", "Av bedömningen i stort.")
    motivering_sannolikhet = _long("Motivering av sannolikheten")
    motivering_konsekvens = _long("Motivering av konsekvensen")
    befintliga_kontroller = _long("Befintliga kontroller", "Det som redan görs för att det inte ska hända.")
    sannolikhet_fore = Choice("Sannolikhet före kontroller")
    konsekvens_fore = Choice("Konsekvens före kontroller")
    riskagare = _short("Riskägare", "Rollen som ansvarar för risken, som enhetschef.")
    hantering = Choice("Hantering", choices=[NONE, *(SelectChoice(name, HANDLING_LABELS[name]) for name in HANDLINGS)])
    nettolista = Choice(
        "Är risken med på nettolistan?", choices=[SelectChoice("ja", "Ja"), SelectChoice("nej", "Nej")],
        description="Nettolistan är de risker som går vidare till planen. Bruttolistan är alla.",
    )  # fmt: skip
    nettolista_skal = _long("Skäl", "Måste skrivas när risken inte är med.")

    def on_scale(self, scale: Scale) -> None:
        """Offers the steps of the year's scale."""
        for name, labels in STEPS:
            steps = [
                SelectChoice(str(step), f"{step} {label}") for step, label in enumerate(getattr(scale, labels), start=1)
            ]
            self[name].choices = [SelectChoice("", "Välj"), *steps]
            self[f"{name}_fore"].choices = [SelectChoice("", "Inte bedömd"), *steps]

    @property
    def said(self) -> dict[str, object]:
        """What was written, by the register's columns; an empty field is none."""
        said: dict[str, Any] = {column: self[name].data or None for name, column in COLUMNS.items()}
        for column in NUMBERS:
            said[column] = int(said[column]) if said[column] else None
        return said | {"in_net": self.nettolista.data == "ja"}


def filled_with(risk: RiskRow, version: int) -> dict[str, object]:
    """What the form of a risk begins with."""
    said = {name: getattr(risk, column) for name, column in COLUMNS.items()}
    texts = {name: "" if value is None else str(value) for name, value in said.items()}
    return texts | {"version": version, "ref": risk.ref, "nettolista": "ja" if risk.in_net else "nej"}
