"""What a person writes when something happens: one small form each, read with the import's own parsers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from wtforms import SelectChoice, TextAreaField
from wtforms.validators import Length

from tracker.decisions.correction_forms import day_field, delay_reason, text_field
from tracker.decisions.importing import parse_typed, parse_typed_day
from tracker.decisions.life import ClockLife
from tracker.decisions.models import DecisionClock
from tracker.decisions.notes import open_note
from tracker.labels import ANSWER_LABELS, EVENT_LABELS
from tracker.records.forms import ChangeForm
from tracker.records.models import CodeList
from tracker.records.queries import code_labels, offered_codes
from tracker.rules.errors import RuleViolation
from tracker.rules.life import EventKind, OfferAnswer
from tracker.web.forms import Choice, trimmed

LONGEST_TEXT = 2_000
NO_ANSWER = SelectChoice("", "Inget svar än")
ANSWERS = [SelectChoice(answer.value, ANSWER_LABELS[answer]) for answer in OfferAnswer]


def _free_text(label: str, description: str = "") -> TextAreaField:
    longest = Length(max=LONGEST_TEXT, message="Skriv högst 2000 tecken.")
    return TextAreaField(label, [longest], filters=[trimmed], description=description)


def _day(value: date | None) -> str:
    return value.isoformat() if value else ""


@dataclass(frozen=True, slots=True)
class Standing:
    """A clock as it stands when something is to be noted of it."""

    clock: DecisionClock
    life: ClockLife

    @property
    def reason_label(self) -> str:
        """The label of the code for its reason for delay, empty where there is none."""
        number = self.clock.delay_reason_id
        return code_labels(CodeList.DELAY_REASON).get(number, "") if number else ""


class HappeningForm(ChangeForm):
    """Something that happens needs no reason, but carries the version that was seen."""

    FREE_TEXTS: ClassVar[tuple[str, ...]] = ()
    reason = None

    def prepare(self, _today: date, _at: Standing) -> None:
        """Fills the choices."""

    def standing(self, _at: Standing) -> dict[str, str]:
        """What stands now, for the fields that change what is said already."""
        return {}

    def put(self, now: dict[str, str], version: int) -> None:
        """Begins with what stands now; a form that has come back with what was typed keeps it, and its version."""
        if self.restored:
            return
        for name, text in now.items():
            self[name].data = text
        self.see(version)

    @property
    def visible(self) -> list[Any]:
        """The fields that a person fills in, in their order."""
        return [field for field in self if field.name not in {"version", "anyway", "csrf_token"}]

    def said(self) -> tuple[Any, ...] | None:
        """What was written, as its service takes it; None when some of it cannot be read, which is told beside it."""
        found = self.read()
        return None if self.errors else found

    def read(self) -> tuple[Any, ...]:
        """As `said`; tells by `attempt` what cannot be read."""
        raise NotImplementedError

    def attempt(self, read: Callable[[], Any]) -> Any:  # noqa: ANN401 - days, texts and choices
        """What can be read, None (told beside its field) when it cannot."""
        try:
            return read()
        except RuleViolation as violation:
            self.refuse(violation)
            return None

    def day(self, name: str) -> Any:  # noqa: ANN401 - a day, or nothing with the form's errors
        """A day that must be there, in a field that bears no name of the import."""
        return self.attempt(lambda: _needed_day(name, self[name].data or ""))

    def text(self, name: str, missing: str) -> str:
        """A text that must be there."""
        text: str = self[name].data or ""
        if not text:
            self.refuse(RuleViolation("empty", missing, name))
        return text


def _needed_day(name: str, text: str) -> date:
    day = parse_typed_day(name, text)
    if day is None:
        raise RuleViolation("no_day", "Skriv vilken dag det var, som 2026-03-31.", name)
    return day


class ExecutedForm(HappeningForm):
    """The whole has been executed."""

    verkstalld = day_field("Verkställt", "Den dag då hela insatsen började, inte när den erbjöds eller bokades.")

    def read(self) -> tuple[Any, ...]:
        """(day,)."""
        return (self.attempt(lambda: parse_typed("verkstalld", self.verkstalld.data or "")),)


class PartlyForm(HappeningForm):
    """A part has been executed."""

    FREE_TEXTS: ClassVar[tuple[str, ...]] = ("vad",)
    dag = day_field("Sedan")
    vad = _free_text("Vad är verkställt?", "Till exempel: tre av fem timmar hemtjänst i veckan.")

    def standing(self, at: Standing) -> dict[str, str]:
        """The part that is executed already."""
        return {"dag": _day(at.life.partly_on), "vad": at.life.partly}

    def read(self) -> tuple[Any, ...]:
        """(day, what)."""
        return self.day("dag"), self.text("vad", "Skriv vilken del som är verkställd.")


class ClosedForm(HappeningForm):
    """The decision is closed without execution."""

    avslutad = day_field("Avslutat")
    avslutsorsak = Choice("Orsak")

    def prepare(self, today: date, _at: Standing) -> None:
        """The causes that can be chosen today."""
        labels = [choice.label for choice in offered_codes(CodeList.CLOSE_REASON, today)]
        self.avslutsorsak.choices = [SelectChoice("", "Välj orsak"), *(SelectChoice(label, label) for label in labels)]

    def read(self) -> tuple[Any, ...]:
        """(day, cause)."""
        cause = self.text("avslutsorsak", "Välj varför beslutet avslutas.")
        return self.attempt(lambda: parse_typed("avslutad", self.avslutad.data or "")), cause


class InterruptedForm(HappeningForm):
    """What had begun has stopped."""

    avbrottsdatum = day_field("Avbrottsdatum", "Den första dagen utan insatsen.")

    def read(self) -> tuple[Any, ...]:
        """(day,)."""
        return (self.day("avbrottsdatum"),)


class AnswerForm(HappeningForm):
    """The answer to an offer."""

    svar = Choice("Svar", choices=[NO_ANSWER, *ANSWERS])
    svarsdag = day_field("Svaret kom", "Lämna tomt om inget svar har kommit.")

    def read(self) -> tuple[Any, ...]:
        """(answer, its day)."""
        answer = OfferAnswer(self.svar.data) if self.svar.data else None
        return answer, self.attempt(lambda: parse_typed_day("svarsdag", self.svarsdag.data or ""))


class OfferForm(HappeningForm):
    """An insats has been offered."""

    FREE_TEXTS: ClassVar[tuple[str, ...]] = ("vad",)
    dag = day_field("Erbjudandet gavs")
    vad = _free_text("Vad erbjöds?", "Till exempel: plats på Björkens gruppbostad från 1 maj.")
    svar = Choice("Svar", choices=[NO_ANSWER, *ANSWERS])
    svarsdag = day_field("Svaret kom", "Lämna tomt om inget svar har kommit.")

    def read(self) -> tuple[Any, ...]:
        """(day, what, answer, its day)."""
        return self.day("dag"), self.text("vad", "Skriv vad som erbjöds."), *AnswerForm.read(self)


class ContactForm(HappeningForm):
    """A contact or a follow-up."""

    FREE_TEXTS: ClassVar[tuple[str, ...]] = ("hur",)
    slag = Choice("Vad?", choices=[
        SelectChoice(EventKind.CONTACT.value, EVENT_LABELS[EventKind.CONTACT]),
        SelectChoice(EventKind.FOLLOW_UP.value, "Uppföljning av behovet"),
    ])  # fmt: skip
    dag = day_field("Dag")
    hur = _free_text("Hur, och vad kom fram?", "Till exempel: telefonsamtal, vill fortfarande ha insatsen.")

    def read(self) -> tuple[Any, ...]:
        """(kind, day, how)."""
        return EventKind(self.slag.data), self.day("dag"), self.text("hur", "Skriv hur kontakten var.")


class PlanForm(HappeningForm):
    """The day for which the execution is planned."""

    planerat = day_field("Planerat verkställighetsdatum", "Töm fältet om ingen dag är planerad längre.")

    def standing(self, at: Standing) -> dict[str, str]:
        """The day that is planned."""
        return {"planerat": _day(at.life.planned_on)}

    def read(self) -> tuple[Any, ...]:
        """(day or None,)."""
        return (self.attempt(lambda: parse_typed_day("planerat", self.planerat.data or "")),)


class MeanwhileForm(HappeningForm):
    """What the person has while they wait, and what the wait leads to."""

    FREE_TEXTS: ClassVar[tuple[str, ...]] = ("under_tiden", "konsekvenser")
    under_tiden = _free_text("Vad har personen under tiden?", "Andra insatser i väntan, till exempel boendestöd.")
    konsekvenser = _free_text("Vilka konsekvenser får väntan?")

    def standing(self, at: Standing) -> dict[str, str]:
        """Both texts."""
        return {"under_tiden": at.life.meanwhile, "konsekvenser": at.life.consequences}

    def read(self) -> tuple[Any, ...]:
        """(meanwhile, consequences)."""
        return self.under_tiden.data or "", self.konsekvenser.data or ""


class ReasonForm(HappeningForm):
    """The reason for the delay."""

    FREE_TEXTS: ClassVar[tuple[str, ...]] = ("eget_skal",)
    skal = Choice("Skäl till dröjsmålet")
    eget_skal = _free_text(
        "Annat skäl, med egna ord", "Skriv så att den som inte känner ärendet förstår varför det dröjer."
    )

    def prepare(self, today: date, at: Standing) -> None:
        """The reasons that can be chosen today, and the one that has been."""
        labels = dict.fromkeys(choice.label for choice in offered_codes(CodeList.DELAY_REASON, today))
        if at.reason_label:
            labels[at.reason_label] = None
        self.skal.choices = [SelectChoice("", "Inget valt"), *(SelectChoice(label, label) for label in labels)]

    def standing(self, at: Standing) -> dict[str, str]:
        """The reason as it stands."""
        return {"skal": at.reason_label, "eget_skal": open_note(at.clock.delay_note, at.clock.id) or ""}

    def read(self) -> tuple[Any, ...]:
        """(reason,)."""
        return (self.attempt(lambda: delay_reason(self.skal.data or "", self.eget_skal.data or "")),)


class ReplacesForm(HappeningForm):
    """Which earlier decision this one replaces."""

    ersatter = text_field("Ersätter beslut", "Det tidigare beslutets ref. Töm fältet om det inte ersätter något.")

    def read(self) -> tuple[Any, ...]:
        """(ref,)."""
        return (self.ersatter.data or "",)
