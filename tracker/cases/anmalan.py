"""What does the anmälan to IVO hold? All that its form asks for, from what the case holds, and what lacks.

The list follows what is known of the form and of SOSFS 2011:5 chapter 5 (not verified): who runs the activity, the law,
what happened, how it was noticed, its consequences, what was done at once, the degree, and the investigation when it is
done. Who reported is never in it: a text that holds their name is pointed out, and no file is made of it.
"""

from dataclasses import dataclass
from datetime import date

from tracker.cases.registers import Stored, days_of
from tracker.cases.retention import is_cleared
from tracker.cases.single import find_reporter, own_case_number
from tracker.cases.texts import INVESTIGATION, SECTION_LABELS, Section, list_words
from tracker.cases.words import ASSESSMENT_LABELS, IVO_LABELS
from tracker.rules.calendar import in_words
from tracker.rules.case_workflow import Assessment, CaseState
from tracker.rules.lex_sarah import Law, ivo_state, paragraphs, supplement_day
from tracker.rules.name_like import holds_name

NAMED = "Texten innehåller namnet på den som rapporterade. Skriv funktionen i stället."
NOT_BEFORE = frozenset({CaseState.REPORTED, CaseState.HANDED_OVER})


@dataclass(frozen=True, slots=True)
class Field:
    """A line of the anmälan; `lacks` tells what to do when it is empty or must be changed. `stops`: no file is made."""

    label: str
    value: str
    lacks: str = ""
    stops: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the anmälan under its heading."""

    heading: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Anmalan:
    """The whole of it, of a case with this number."""

    number: str
    parts: tuple[Part, ...]

    @property
    def lacking(self) -> list[Field]:
        """What lacks or must be changed."""
        return [field for part in self.parts for field in part.fields if field.lacks]

    @property
    def stops(self) -> bool:
        """Whether no file may be made of it as it stands."""
        return any(field.stops for field in self.lacking)


def may_be_notified(row: Stored) -> bool:
    """From any state after receipt, also before the investigation is done; not once it is handed over, or gallrad."""
    begun = CaseState(row["state"]) not in NOT_BEFORE and row["received_on"] is not None
    return begun and not is_cleared(row["record_id"])


def anmalan_of(row: Stored, municipality: str, committee: str, unit: str) -> Anmalan:
    """The anmälan of a case as it stands today; nothing is guessed for what lacks."""
    words = {one.section: one.body for one in list_words(row["record_id"])}
    reporter = find_reporter(row["record_id"])
    name = (reporter.name or reporter.contact or "") if reporter else ""
    own = own_case_number(row["record_id"])

    def text(label: str, *sections: Section) -> Field:
        found = next((words[section] for section in sections if words.get(section)), "")
        if name and holds_name(found, name):
            return Field(label, found, NAMED, stops=True)
        return Field(label, found, "" if found else f"Skriv under {SECTION_LABELS[sections[0]]}.")

    def day(label: str, value: date | None, lacks: str = "") -> Field:
        return Field(label, in_words(value) if value else "", "" if value else lacks)

    degree = Assessment(row["assessment"]) if row["assessment"] else None
    done = row["completed_on"] is not None
    law = paragraphs(Law(row["law"]), row["happened_on"]) if row["law"] and row["happened_on"] else None
    parts = [
        Part("Den som anmäler", (
            Field("Kommun", municipality, "" if municipality else "Den som sköter driften ställer in namnet."),
            Field("Nämnd", committee, "" if committee else "Nämndens namn skrivs under Administration."),
            Field("Verksamhet eller enhet", unit),
            Field("Eget diarienummer", own, "" if own else "Skriv diarienumret nedan."),
            Field("Rapportens nummer", row["number"]),
        )),
        Part("Händelsen", (
            Field("Lagrum", f"{law.notify} (anmälan), {law.report} (rapport)" if law else "",
                  "" if law else "Lagrummet följer av SoL eller LSS och av händelsens dag. Rätta dem i registret."),
            day("Hände", row["happened_on"], "Händelsens dag är inte känd."),
            text("Vad som hände", Section.EVENT, Section.WHAT),
            day("Uppmärksammades", row["noticed_on"]),
            text("När, var och hur det uppmärksammades", Section.NOTICED),
            day("Rapporterades", row["reported_on"]),
            day("Kom till nämnden", row["received_on"]),
            text("Konsekvenser för den enskilde", Section.CONSEQUENCES),
            text("Omedelbara åtgärder", Section.MEASURES_AT_ONCE, Section.AT_ONCE),
        )),
        Part("Bedömning och anmälan", (
            Field("Bedömning", ASSESSMENT_LABELS[degree] if degree else "", "" if degree else "Gör en bedömning."),
            *_ivo(row, degree, done=done),
        )),
    ]  # fmt: skip
    if done:
        parts.append(Part("Utredning", tuple(text(SECTION_LABELS[section], section) for section in INVESTIGATION)))
    return Anmalan(row["number"], tuple(parts))


def _ivo(row: Stored, degree: Assessment | None, *, done: bool) -> list[Field]:
    state, notified = ivo_state(degree, days_of(row).ivo), row["ivo_notified_on"]
    found = [
        Field("Läge hos IVO", IVO_LABELS[state]),
        Field("Utredningen bifogas", "Ja" if done else "Nej, den pågår"),
    ]
    if notified:
        found.append(Field("Anmäld till IVO", in_words(notified)))
    if row["ivo_investigation_sent_on"]:
        found.append(Field("Utredningen skickad", in_words(row["ivo_investigation_sent_on"])))
    elif notified:
        found.append(Field("Utredningen skickas senast", in_words(supplement_day(notified))))
    elif not done:
        found.append(Field("Utredningen skickas senast", "Två månader efter dagen för anmälan"))
    told = (("IVO:s diarienummer", row["ivo_case_number"]), ("IVO:s beslut", row["ivo_outcome"]))
    found += [Field(label, value) for label, value in told if value]
    return found
