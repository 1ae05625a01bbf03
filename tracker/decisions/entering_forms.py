"""What a person writes of a new decision: the import's columns, each read by the import's own parser."""

from datetime import date
from typing import ClassVar

from wtforms import HiddenField, SelectChoice

from tracker.decisions.correction_forms import DecisionForm, day_field, text_field
from tracker.decisions.importing import parse_typed, parse_typed_day
from tracker.rules.errors import RuleViolation
from tracker.rules.legal_basis import LSS_NAMES, NAMES, SOL_NAMES, possible_on
from tracker.rules.unexecuted import NEW_LAW_FROM
from tracker.web.forms import Choice

T_NUMBER = "t-nummer"
NOT_GIVEN = SelectChoice("", "Ej angivet")
MISSING = {
    "ref": "Skriv beslutets eget nummer, till exempel B-01.",
    "insats": "Skriv vilken insats beslutet gäller.",
    "beslutsdatum": "Skriv beslutsdatum, till exempel 2026-03-31.",
}


class NewDecisionForm(DecisionForm):
    """Every field of a decision that does not exist yet. It needs no reason."""

    FREE_TEXTS: ClassVar[tuple[str, ...]] = ("handlaggare", "utforare", "diarienummer")
    version = reason = settling = person_bort = None

    lagrum = Choice("Lagrum")
    person = text_field(
        "Person", "Personnummer eller samordningsnummer med tolv siffror. Saknas det: hämta ett T-nummer här nedanför."
    )
    fodd = day_field("Född")
    samma_som = Choice("Finns personen redan?", coerce=int, default=0)
    forslag = HiddenField()
    ersatter = text_field("Ersätter beslut", "Ref för ett tidigare beslut om samma behov, om det finns ett.")

    def begin(self, unit: str, handler: str) -> None:
        """What an empty form begins with."""
        self.enhet.data, self.handlaggare.data = unit, handler

    def leave_out_person(self) -> None:
        """For those who may not bring in identities."""
        if self.person is not None:
            del self.person, self.fodd, self.samma_som, self.forslag, self.kon_anda

    def offer_legal_bases(self) -> None:
        """The provisions that were in force on the decision's day; where that is not known yet, all, by their time."""
        decided_on = _day_or_none(self.beslutsdatum.data or "")
        if decided_on is None:
            new = [name for name in SOL_NAMES if name in possible_on(NEW_LAW_FROM)]
            groups = {
                f"Beslut från {NEW_LAW_FROM}": new,
                f"Beslut före {NEW_LAW_FROM}": [name for name in SOL_NAMES if name not in new],
                "LSS 9 §": list(LSS_NAMES),
            }
        else:
            groups = {f"Lagrum för beslut {decided_on}": list(possible_on(decided_on))}
            if self.lagrum.data in NAMES and self.lagrum.data not in possible_on(decided_on):
                groups["Gällde inte då"] = [self.lagrum.data]
        self.lagrum.choices = [
            NOT_GIVEN,
            *(
                SelectChoice(name, f"{name}, {NAMES[name]}", optgroup=time)
                for time, of in groups.items()
                for name in of
            ),
        ]

    def born_on(self) -> date | None:
        """The birth date, None where none can be read."""
        return None if self.person is None else _day_or_none(self.fodd.data or "")

    def needed_birth(self) -> date | None:
        """The birth date, where a sex is chosen too: what a T-number is made of; None when told what is missing."""
        if not self.kon.data:
            self.refuse(RuleViolation("no_sex", "Välj kvinna eller man: T-numret visar vilket.", "kon"))
        try:
            born_on = parse_typed_day("fodd", self.fodd.data or "")
        except RuleViolation as violation:
            self.refuse(violation)
            return None
        if born_on is None:
            self.refuse(RuleViolation("no_birth", "Skriv den dag då personen är född.", "fodd"))
        return None if self.errors else born_on

    def fill_number(self, number: str) -> None:
        """Puts a T-number that nobody has in the form."""
        for field in (self.person, self.forslag):
            field.data, field.raw_data = number, None

    def free_number(self) -> str:
        """The T-number that was offered as nobody's, where it is still what is written."""
        number: str = self.forslag.data or "" if self.person is not None else ""
        return number if number and self.person.data == number else ""

    def texts(self) -> dict[str, str] | None:
        """What was written, by the import's columns; None when some of it cannot be read, told beside its field."""
        names = [*self.CORRECTED, *(() if self.person is None else ("person",))]
        found: dict[str, str] = {name: self[name].data or "" for name in names}
        for name, text in found.items():
            if self[name].errors:
                continue
            try:
                if text:
                    parse_typed(name, text)
                elif name in MISSING:
                    self.refuse(RuleViolation("empty", MISSING[name], name))
            except RuleViolation as violation:
                self.refuse(violation)
        return None if self.errors else found


def _day_or_none(text: str) -> date | None:
    try:
        return parse_typed_day("dag", text)
    except RuleViolation:
        return None
