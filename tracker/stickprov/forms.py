"""Forms of stickprov: what to draw from, how much, what each item came to, and whether that is accepted."""

import re
from collections.abc import Sequence

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, HiddenField, SelectChoice, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from tracker.labels import SELECT_LABELS, VERDICT_LABELS
from tracker.rules.errors import RuleViolation
from tracker.rules.file_kinds import KINDS_IN_WORDS, LARGEST_ATTACHMENT
from tracker.rules.sample_work import Verdict, check_entry
from tracker.rules.sampling import Item, Population, SelectBy, Selection, numbered, read_items
from tracker.stickprov.population import LARGEST_FILE, read_file
from tracker.stickprov.queries import ItemRow
from tracker.stickprov.services import LONGEST_REASON, Entry, Wish
from tracker.web.forms import Choice, Form, Versioned, WholeNumber, required, trimmed

LONGEST_COMMENT = 1_000
_PARTS = re.compile(r"[\t;]")


def _at_most(signs: int) -> Length:
    return Length(max=signs, message=f"Skriv högst {signs} tecken.")


class LockForm(Form):
    """What a stickprov is to be drawn from."""

    ref = StringField("Beteckning", [required("Skriv en beteckning, som S1.")], filters=[trimmed])
    period = StringField("Period", filters=[trimmed], description="Som 2021, 2021-H1, 2021-T1, 2021-K2 eller 2021-05.")
    population = TextAreaField(
        "Referenser att dra ur",
        description="En på varje rad, till exempel verifikationsnummer. Klistra gärna in ur Excel: efter referensen kan"
        " månad (2021-05) och enhet stå i egna kolumner. Inga personnummer. Referenserna sparas krypterade.",
    )
    file = FileField(
        "Eller en fil med referenserna",
        description=f"CSV eller Excel (.xlsx), högst en miljon rader och {LARGEST_FILE // 1_000_000} MB. En kolumn,"
        " eller flera med namnen referens, manad och enhet på första raden; andra kolumner läses inte.",
    )
    size = WholeNumber(
        "Eller bara hur många de är",
        [Optional()],
        description="Då dras nummer i ordning: nummer 1 är den första posten.",
    )
    criteria = TextAreaField(
        "Kriterier", description="Vad varje post granskas mot, ett på varje rad. Till exempel Attest och Deltagarlista."
    )
    retest_of = Choice("Omtest av", coerce=int, description="Ett omtest visas bredvid det första och räknas inte.")

    def wish(self) -> Wish:
        """What is asked for. Raises RuleViolation."""
        return Wish(
            self.ref.data or "", self._population(), self.criteria.data or "", self.period.data or None,
            self.retest_of.data or None,
        )  # fmt: skip

    def _population(self) -> Population:
        lines = (self.population.data or "").splitlines()
        pasted, file = any(map(str.strip, lines)), self.file.data
        if file and (pasted or self.size.data is not None):
            raise RuleViolation("population_both", "Välj en fil, eller skriv här på sidan. Inte båda.", "file")
        if file:
            return read_file(file.stream.read(), file.filename or "")
        if self.size.data is None:
            return read_items(_item(number, line) for number, line in enumerate(lines, start=1))
        if pasted:
            raise RuleViolation("population_both", "Skriv antalet eller referenserna, inte båda.", "size")
        try:
            return numbered(self.size.data)
        except RuleViolation as violation:
            raise RuleViolation(violation.code, violation.message, "size") from None


def _item(number: int, line: str) -> Item:
    parts = _PARTS.split(line)
    if any(map(str.strip, parts[3:])):
        raise RuleViolation(
            "population_parts",
            f"Rad {number} har fler än tre kolumner. Behåll referens, månad och enhet.",
            "population",
        )
    return Item(*parts[:3])


class DrawForm(Versioned):
    """How much is drawn, and why it is drawn again."""

    by = Choice("Urval", choices=[SelectChoice(by.value, SELECT_LABELS[by]) for by in SelectBy])
    amount = WholeNumber("Hur många, eller hur många procent", [Optional()], description="Tomt när alla ska tas.")
    each_unit = BooleanField("Minst en från varje enhet")
    reason = StringField(
        "Varför dras stickprovet om?", [_at_most(LONGEST_REASON)], filters=[trimmed],
        description="Den förra dragningen står kvar bredvid den nya.",
    )  # fmt: skip

    def selection(self) -> Selection:
        """The plan asked for. Raises RuleViolation."""
        return Selection(SelectBy(self.by.data), self.amount.data or 0, bool(self.each_unit.data))


class DecideForm(Versioned):
    """Accepting, or sending back with a comment."""

    comment = TextAreaField(
        "Vad behöver göras om?", [_at_most(LONGEST_COMMENT)], filters=[trimmed],
        description="Behövs bara när stickprovet lämnas tillbaka. Inga personnummer.",
    )  # fmt: skip


class AttachForm(Form):
    """A file that shows what an item came to."""

    file = FileField(
        "Lägg till underlag",
        [FileRequired("Välj en fil.")],
        description=f"{KINDS_IN_WORDS}, högst {LARGEST_ATTACHMENT // 1_000_000} MB. Den sparas krypterad. Inga"
        " personnummer i namnet, och stryk personuppgifter som inte behövs.",
    )


class DetachForm(Form):
    """Why a file is removed."""

    reason = StringField(
        "Varför tas underlaget bort?", [_at_most(LONGEST_REASON)], filters=[trimmed], description="Inga personnummer."
    )


class ResultForm(Form):
    """What some items came to, by their numbers; made by `result_form`."""

    item_ids: tuple[int, ...] = ()
    criteria: tuple[str, ...] = ()

    def entries(self) -> dict[int, Entry]:
        """Item → what it came to."""
        return {item_id: self._entry(item_id) for item_id in self.item_ids}

    def _entry(self, item_id: int) -> Entry:
        seen = str(self[f"seen_{item_id}"].data or "")
        verdict = self[f"verdict_{item_id}"].data
        chosen = self[f"failed_{item_id}"].data or () if self.criteria else ()
        return Entry(
            int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0,
            Verdict(verdict) if verdict else None,
            tuple(name for name in self.criteria if name in chosen),
            self[f"comment_{item_id}"].data or "",
        )

    def validate(self, extra_validators: object = None) -> bool:
        """As any form, and tells beside every row what contradicts itself."""
        if not super().validate(extra_validators):
            return False
        fine = True
        for item_id, entry in self.entries().items():
            try:
                check_entry(entry.verdict, entry.failed, entry.comment, self.criteria)
            except RuleViolation as violation:
                self[f"{violation.field}_{item_id}"].errors = [violation.message]
                fine = False
        return fine

    def see(self, rows: Sequence[ItemRow]) -> None:
        """The form is an answer to these from now on; where nothing was typed it says what stands."""
        for row in rows:
            item_id = row.item.id
            if self._entry(item_id).untouched:
                for name, value in _given(row).items():
                    if name in self:
                        self[name].data = value
            self[f"seen_{item_id}"].data = str(row.item.version)


def _given(row: ItemRow) -> dict[str, object]:
    item_id = row.item.id
    return {
        f"seen_{item_id}": str(row.item.version), f"verdict_{item_id}": row.item.verdict or "",
        f"failed_{item_id}": list(row.words.failed), f"comment_{item_id}": row.words.comment,
    }  # fmt: skip


def result_form(rows: Sequence[ItemRow], criteria: Sequence[str]) -> ResultForm:
    """A form with a row for each item, filled with what stands."""
    choices = [
        SelectChoice("", "Inte granskad"),
        *(SelectChoice(verdict.value, VERDICT_LABELS[verdict]) for verdict in Verdict),
    ]
    fields: dict[str, object] = {"item_ids": tuple(row.item.id for row in rows), "criteria": tuple(criteria)}
    given: dict[str, object] = {}
    for row in rows:
        item_id, about = row.item.id, f"post {row.item.position}"
        fields[f"seen_{item_id}"] = HiddenField()
        fields[f"verdict_{item_id}"] = Choice(f"Resultat, {about}", choices=choices)
        if criteria:
            fields[f"failed_{item_id}"] = SelectMultipleField(
                f"Kriterier som brast, {about}", choices=[SelectChoice(name, name) for name in criteria],
                widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(), validate_choice=False,
            )  # fmt: skip
        fields[f"comment_{item_id}"] = StringField(
            f"Kommentar, {about}", [_at_most(LONGEST_COMMENT)], filters=[trimmed]
        )
        given |= _given(row)
    made: ResultForm = type("ResultFormOfItems", (ResultForm,), fields)(data=given)
    return made
