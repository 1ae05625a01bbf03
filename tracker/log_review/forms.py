"""Forms of the log checks. Each carries the version that its page showed, so that nobody overwrites another unseen."""

from wtforms import (
    BooleanField,
    HiddenField,
    SelectChoice,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length

from tracker.labels import READ_LABELS
from tracker.log_review.labels import GRADE_LABELS, RESULT_LABELS, SAMPLE_LABELS
from tracker.rules.errors import RuleViolation
from tracker.rules.identity import holds_person_number
from tracker.rules.log_checks import CHECKS_A_YEAR, Grade, Result, SampleBy, check_grading
from tracker.rules.trail import ReadKind
from tracker.web.forms import Choice, Versioned, WholeNumber, required, trimmed

PERSON_NUMBER = "Texten ser ut att innehålla ett personnummer. Ta bort det, eller kryssa i att det ska stå kvar."
LONGEST_COMMENT, LONGEST_CONCLUSION, LONGEST_REASON = 1_000, 2_000, 500


def _at_most(signs: int) -> Length:
    return Length(max=signs, message=f"Skriv högst {signs} tecken.")


class PlanForm(Versioned):
    """What a plan says and can be changed later."""

    sample_by = Choice("Stickprovet är", choices=[SelectChoice(by.value, SAMPLE_LABELS[by]) for by in SampleBy])
    amount = WholeNumber(
        "Hur många, eller hur många procent",
        [required("Skriv hur många läsningar, eller hur många procent, som ska granskas.")],
        description="Ett antal från 1 till 500, eller procent från 1 till 100. Högst 500 läsningar dras.",
    )
    kinds = SelectMultipleField(
        "Slag av läsningar",
        choices=[SelectChoice(kind.value, READ_LABELS[kind]) for kind in ReadKind],
        validate_choice=False,
    )
    reviewer = Choice("Utförs av", coerce=int)

    @property
    def chosen_kinds(self) -> tuple[ReadKind, ...]:
        """The kinds of reading that are ticked."""
        return tuple(kind for kind in ReadKind if kind.value in (self.kinds.data or ()))


class NewPlanForm(PlanForm):
    """A plan that does not stand yet."""

    year = WholeNumber("År", [required("Skriv året, som 2026.")])
    unit = Choice("Enhet, med allt under den", coerce=int)
    checks = Choice(
        "Kontroller om året",
        coerce=int,
        choices=[SelectChoice(number, str(number)) for number in CHECKS_A_YEAR],
        description="Året delas i lika långa perioder. Varje kontroll ska vara klar en månad efter sin period.",
    )


class DrawForm(Versioned):
    """Why a sample is drawn again."""

    reason = StringField(
        "Varför dras stickprovet om?", [_at_most(LONGEST_REASON)], filters=[trimmed],
        description="Den förra dragningen står kvar bredvid den nya.",
    )  # fmt: skip


class Guarded(Versioned):
    """A form with free text, in which a personnummer is pointed out before it is saved."""

    keep = BooleanField("Numret måste stå kvar")

    def validate(self, extra_validators: object = None) -> bool:
        """As any form, and points out what looks like the number of a person."""
        fine: bool = super().validate(extra_validators=extra_validators)
        for field in self:
            text = isinstance(field, StringField) and not isinstance(field, HiddenField)
            if text and not self.keep.data and holds_person_number(field.data or ""):
                field.errors = [*field.errors, PERSON_NUMBER]
                fine = False
        return fine

    @property
    def pointed_out(self) -> bool:
        """Whether something looks like the number of a person; the box to keep it is shown then."""
        return any(PERSON_NUMBER in field.errors for field in self)


class SignForm(Guarded):
    """The result of a check."""

    result = Choice("Resultat", choices=[SelectChoice(result.value, RESULT_LABELS[result]) for result in Result])
    conclusion = TextAreaField(
        "Slutsats", [_at_most(LONGEST_CONCLUSION)], filters=[trimmed],
        description="Vad kontrollen visade och vad som händer nu. Skriv inga personnummer.",
    )  # fmt: skip


class GradeForm(Guarded):
    """Grades and comments of some readings, by the numbers of the drawn items; made by `grade_form`."""

    item_ids: tuple[int, ...] = ()

    def grades(self) -> dict[int, tuple[Grade | None, str]]:
        """Item → (grade, comment)."""
        return {
            item_id: (
                Grade(self[f"grade_{item_id}"].data) if self[f"grade_{item_id}"].data else None,
                self[f"comment_{item_id}"].data or "",
            )
            for item_id in self.item_ids
        }

    def validate(self, extra_validators: object = None) -> bool:
        """As any form, and asks for a comment where a grade needs one."""
        if not super().validate(extra_validators):
            return False
        fine = True
        for item_id, (grade, comment) in self.grades().items():
            try:
                check_grading(grade, comment)
            except RuleViolation as violation:
                self[f"comment_{item_id}"].errors = [violation.message]
                fine = False
        return fine


def grade_form(item_ids: tuple[int, ...], given: dict[str, object]) -> GradeForm:
    """A form with a grade and a comment for each item, filled with what is given."""
    choices = [SelectChoice("", "Inte bedömd"), *(SelectChoice(grade.value, GRADE_LABELS[grade]) for grade in Grade)]
    fields: dict[str, object] = {"item_ids": item_ids}
    for item_id in item_ids:
        fields[f"grade_{item_id}"] = Choice("Bedömning", choices=choices)
        fields[f"comment_{item_id}"] = StringField("Kommentar", [_at_most(LONGEST_COMMENT)], filters=[trimmed])
    made: GradeForm = type("GradeFormOfItems", (GradeForm,), fields)(data=given)
    return made
