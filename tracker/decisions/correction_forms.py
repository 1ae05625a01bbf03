"""What can be set right of a decision and of a clock, as texts in the words of the import."""

from collections.abc import Mapping
from typing import ClassVar

from wtforms import BooleanField, SelectChoice, StringField, TextAreaField

from tracker.decisions.importing import AREAS, Value, parse_typed
from tracker.exchange.columns import CLEAR
from tracker.records.forms import NOW, ChangeForm, CorrectionForm, Difference
from tracker.rules.errors import RuleViolation
from tracker.rules.identity import contradicts_sex, normalise_person
from tracker.web.forms import Choice, trimmed

NOT_GIVEN = SelectChoice("", "Ej angivet")
CONTRADICTED = (
    "Numret säger ett annat kön än det du har valt. Kontrollera båda, eller kryssa i Spara ändå om det ska vara så."
)


def text_field(label: str, description: str = "") -> StringField:
    return StringField(label, filters=[trimmed], description=description)


def day_field(label: str, description: str = "") -> StringField:
    shape = {"inputmode": "numeric", "placeholder": "ÅÅÅÅ-MM-DD"}
    return StringField(label, filters=[trimmed], description=description, render_kw=shape)


def delay_reason(code: str, own: str) -> Value:
    """The reason for delay that stands in two fields, of which one may hold something. Raises RuleViolation."""
    if code and own:
        raise RuleViolation("two_reasons", "Välj ett skäl i listan eller skriv ett eget, inte båda.", "eget_skal")
    return parse_typed("skal", code or own)


class SaidForm(CorrectionForm):
    """A form whose fields bear the names of the import's columns."""

    def said(self, now: Mapping[str, str]) -> dict[str, Value] | None:
        """What was written that differs, read as the import reads it; None when some of it cannot be read."""
        found: dict[str, Value] = {}
        for name, text in self.changed(now).items():
            try:
                found |= self.read(name, text)
            except RuleViolation as violation:
                self.refuse(violation)
        return None if self.errors else found

    def warns(self, _said: Mapping[str, Value]) -> bool:
        """Whether something that can be saved must be insisted on first; told beside its field."""
        return False

    def read(self, name: str, text: str) -> dict[str, Value]:
        """One field by the import's name; raises RuleViolation."""
        return {name: parse_typed(name, text)}


class DecisionForm(SaidForm):
    """Every field of a decision. A person's number is never shown: an empty field leaves it as it is."""

    CORRECTED: ClassVar[tuple[str, ...]] = (
        "ref", "enhet", "insats", "beslutsdatum", "lagrum", "grund", "omrade", "kon", "handlaggare", "utforare",
        "diarienummer",
    )  # fmt: skip
    FREE_TEXTS: ClassVar[tuple[str, ...]] = ("handlaggare", "utforare", "diarienummer", "reason")

    ref = text_field("Ref")
    enhet = Choice("Enhet")
    insats = StringField("Insats", filters=[trimmed], render_kw={"list": "insatser"})
    beslutsdatum = day_field("Beslutsdatum")
    lagrum = text_field("Lagrum", "Till exempel SoL 11:1 eller LSS 9:6.")
    grund = Choice("Grund", choices=[SelectChoice("beslut", "Beslut"), SelectChoice("dom", "Dom")])
    omrade = Choice("Område", choices=[NOT_GIVEN, *(SelectChoice(area, area) for area in AREAS)])
    kon = Choice("Kön", choices=[NOT_GIVEN, SelectChoice("kvinna", "Kvinna"), SelectChoice("man", "Man")])
    handlaggare = text_field("Handläggare")
    utforare = text_field("Utförare")
    diarienummer = text_field("Diarienummer")
    person = text_field("Nytt personnummer", "Lämna tomt om numret ska stå kvar. Det som är sparat visas inte här.")
    person_bort = BooleanField("Ta bort personnumret")
    kon_anda = BooleanField("Spara ändå, fast numret säger ett annat kön")

    contradicted = False

    def leave_out_person(self) -> None:
        """For those who may not handle identities in the decision's unit."""
        if self.person is not None:
            del self.person, self.person_bort, self.kon_anda

    def warns(self, said: Mapping[str, Value]) -> bool:
        """As for any form: a number that says another sex than the one that is given."""
        person = said.get("person")
        return isinstance(person, str) and self.contradicts(person)

    def contradicts(self, person: str) -> bool:
        """Whether a number says another sex than the one chosen, and nobody insists; told beside the sex."""
        if not person or not contradicts_sex(normalise_person(person), self.kon.data or None):
            return False
        self.contradicted = True
        if self.kon_anda.data:
            return False
        self.refuse(RuleViolation("sex", CONTRADICTED, "kon"))
        return True

    def differences(self, now: Mapping[str, str], sent: Mapping[str, str]) -> list[Difference]:
        """As for any form; a number is never compared on the page, so it is asked about whenever one was written."""
        found = super().differences(now, sent)
        if self.person is not None and (self.person.data or self.person_bort.data):
            mine = "Ta bort numret" if self.person_bort.data else "Det nummer som du skrev"
            found.append(self.difference("person", mine, "Det nummer som är sparat nu (visas inte)", sent))
        return found

    def settle(self, differences: list[Difference], now: Mapping[str, str]) -> None:
        """As for any form; the number that is saved stays when that was chosen."""
        super().settle([found for found in differences if found.name != "person"], now)
        if any(found.name == "person" and found.chosen == NOW for found in differences):
            self.person.data, self.person_bort.data = "", False

    def said(self, now: Mapping[str, str]) -> dict[str, Value] | None:
        """As for any form, and the person."""
        if self.person is None:
            return super().said(now)
        number = self.person.data or ""
        if number and self.person_bort.data:
            self.person.errors = ["Skriv ett nytt nummer eller ta bort det som finns, inte båda."]
        found = super().said(now)
        if found is None:
            return None
        try:
            if number or self.person_bort.data:
                found["person"] = CLEAR if self.person_bort.data else parse_typed("person", number)
        except RuleViolation as violation:
            self.refuse(violation)
            return None
        return found


class ClockForm(SaidForm):
    """Every field of a clock."""

    CORRECTED: ClassVar[tuple[str, ...]] = (
        "avbrottsdatum", "verkstalld", "avslutad", "avslutsorsak", "skal", "eget_skal", "forst_rapporterad",
        "slutrapporterad",
    )  # fmt: skip
    FREE_TEXTS: ClassVar[tuple[str, ...]] = ("avslutsorsak", "eget_skal", "reason")

    avbrottsdatum = day_field("Avbrottsdatum")
    verkstalld = day_field("Verkställt")
    avslutad = day_field("Avslutat utan verkställighet")
    avslutsorsak = text_field("Avslutsorsak")
    skal = Choice("Skäl till dröjsmålet")
    eget_skal = TextAreaField("Annat skäl, med egna ord", filters=[trimmed])
    forst_rapporterad = day_field("Först rapporterat", "Avstämningsdatum för den rapport där klockan först stod.")
    slutrapporterad = day_field("Slutrapporterat", "Avstämningsdatum för den rapport där slutet stod.")
    ta_bort = BooleanField("Ta bort klockan: den skulle aldrig ha funnits")

    def read(self, name: str, text: str) -> dict[str, Value]:
        """As above; the reason for delay stands in two fields, of which one may hold something."""
        if name == "avbrottsdatum" and not text:
            raise RuleViolation("empty", "Skriv den dag då insatsen avbröts.", name)
        if name not in {"skal", "eget_skal"}:
            return super().read(name, text)
        return {"skal": delay_reason(self.skal.data or "", self.eget_skal.data or "")}


class VoidForm(ChangeForm):
    """Why a decision is voided."""
