"""The form of what IVO or a court has sent about a decision."""

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from wtforms import SelectChoice, StringField, TextAreaField
from wtforms.validators import Length

from tracker.decisions.ivo_matters import Matter
from tracker.labels import MATTER_LABELS
from tracker.records.forms import CorrectionForm
from tracker.rules.errors import RuleViolation
from tracker.rules.sending import MatterKind
from tracker.web.forms import Choice, required, trimmed

DAY = {"inputmode": "numeric", "placeholder": "ÅÅÅÅ-MM-DD"}
SHORT = Length(max=60, message="Skriv högst 60 tecken.")


class MatterForm(CorrectionForm):
    """All that is kept of it; no reason is asked for, as an answer is an ordinary event."""

    reason = None
    CORRECTED: ClassVar[tuple[str, ...]] = (
        "slag", "mottagen", "svara_senast", "besvarad", "ivo_dnr", "eget_dnr", "utfall",
    )  # fmt: skip
    FREE_TEXTS: ClassVar[tuple[str, ...]] = ("ivo_dnr", "eget_dnr", "utfall")

    slag = Choice("Vad har kommit?", choices=[SelectChoice(kind.value, MATTER_LABELS[kind]) for kind in MatterKind])
    mottagen = StringField("Kom den", [required("Skriv den dag då det kom.")], filters=[trimmed], render_kw=DAY)
    svara_senast = StringField(
        "Svara senast", filters=[trimmed], render_kw=DAY, description="Lämna tomt om inget svar begärs."
    )
    besvarad = StringField("Besvarat den", filters=[trimmed], render_kw=DAY)
    ivo_dnr = StringField("IVO:s diarienummer", [SHORT], filters=[trimmed])
    eget_dnr = StringField("Eget diarienummer", [SHORT], filters=[trimmed])
    utfall = TextAreaField(
        "Innehåll och utfall", [Length(max=4_000, message="Skriv högst 4000 tecken.")], filters=[trimmed]
    )

    def matter(self) -> Matter | None:
        """What was written; None when a day cannot be read, which is then told beside its field."""
        days: dict[str, date | None] = {}
        for name in ("mottagen", "svara_senast", "besvarad"):
            try:
                days[name] = date.fromisoformat(self[name].data) if self[name].data else None
            except ValueError:
                self.refuse(RuleViolation("date", "Datumet går inte att läsa. Skriv det som 2026-03-31.", name))
        received_on = days.get("mottagen")
        if self.errors or received_on is None:
            return None
        return Matter(
            MatterKind(self.slag.data), received_on, days["svara_senast"], days["besvarad"],
            self.ivo_dnr.data or "", self.eget_dnr.data or "", self.utfall.data or "",
        )  # fmt: skip


def matter_texts(matter: Matter | None) -> Mapping[str, str]:
    """What stands now, as the texts that the form holds; of a new one nothing."""
    if matter is None:
        return dict.fromkeys(MatterForm.CORRECTED, "") | {"slag": MatterKind.REQUEST.value}
    days = {"mottagen": matter.received_on, "svara_senast": matter.answer_by, "besvarad": matter.answered_on}
    return {name: day.isoformat() if day else "" for name, day in days.items()} | {
        "slag": matter.kind.value, "ivo_dnr": matter.ivo_ref, "eget_dnr": matter.own_ref, "utfall": matter.outcome,
    }  # fmt: skip
