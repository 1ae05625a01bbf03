"""The forms with which it is told how a kontrollmoment came out beside its figures."""

from wtforms import HiddenField, SelectChoice, TextAreaField

from tracker.control.importing import LONGEST_TEXT
from tracker.labels import GRADE_LABELS
from tracker.records.forms import YearlyForm, at_most
from tracker.rules.control_grading import Grade
from tracker.web.forms import Choice, required, trimmed


class OutcomeForm(YearlyForm):
    """Why a kontrollmoment was not carried out and what happens next, and a comment."""

    ej_genomford = TextAreaField(
        "Varför ej genomförd", [at_most(LONGEST_TEXT)], filters=[trimmed],
        description="Lämna tomt när kontrollen är gjord. Står något här är bedömningen Ej genomförd, vad stickproven än"
        " visar.",
    )  # fmt: skip
    harnast = TextAreaField(
        "Vad som händer nu", [at_most(LONGEST_TEXT)], filters=[trimmed],
        description="Som: Kommer omarbetad nästa år. Behövs när kontrollen är ej genomförd.",
    )  # fmt: skip
    kommentar = TextAreaField("Kommentar", [at_most(LONGEST_TEXT)], filters=[trimmed])


class OverrideForm(YearlyForm):
    """A grade in place of the computed one, and why; `beraknad`: what was computed when the page was opened."""

    beraknad = HiddenField()
    bedomning = Choice(
        "Bedömning", [required("Välj den bedömning som ska gälla.")],
        choices=[
            SelectChoice("", "Välj"),
            *(SelectChoice(grade.value, GRADE_LABELS[grade]) for grade in Grade if grade is not Grade.NOT_DONE),
        ],
    )  # fmt: skip
    motivering = TextAreaField(
        "Motivering", [required("Skriv varför bedömningen ändras."), at_most(LONGEST_TEXT)], filters=[trimmed],
        description="Står i uppföljningen bredvid den beräknade bedömningen.",
    )  # fmt: skip
