"""Forms of cases: what is reported, and what a step needs."""

from collections.abc import Mapping
from typing import ClassVar

from wtforms import BooleanField, HiddenField, SelectChoice, StringField, TextAreaField
from wtforms.validators import Optional

from tracker.cases.importing import COMPLAINT_KINDS, LONGEST_NAME
from tracker.cases.provider_models import LONGEST_PROVIDER
from tracker.cases.texts import LONGEST_WORDS
from tracker.cases.words import ANSWER_LABELS, ASSESSMENT_LABELS
from tracker.records.forms import LONGEST_REASON, YearlyForm, at_most
from tracker.rules.case_workflow import StepRow
from tracker.rules.handing_over import RECEIVER_LABELS, SENT_LABELS
from tracker.web.forms import Choice, DayField, required, trimmed

UNCHOSEN = ""
SUSPECTED = {"nej": "Nej, eller vet inte", "ja": "Ja, någon kan ha farit illa eller riskerat det"}
LAW_AREAS = {UNCHOSEN: "Vet inte", "SoL": "Socialtjänst (SoL)", "LSS": "LSS", "HSL": "Hälso- och sjukvård (HSL)"}
ASSESSMENTS = {degree.value: label for degree, label in ASSESSMENT_LABELS.items()}
LEX_SARAH_LAWS = {name: LAW_AREAS[name] for name in (UNCHOSEN, "SoL", "LSS")}
IVO_ANSWERS = {answer.value: label for answer, label in ANSWER_LABELS.items()}
SEVERITIES = {UNCHOSEN: "Inte bedömt", "1": "1 Mindre", "2": "2 Måttligt", "3": "3 Betydande", "4": "4 Katastrofalt"}
LIKELIHOODS = {UNCHOSEN: "Inte bedömt", "1": "1 Mycket liten", "2": "2 Liten", "3": "3 Stor", "4": "4 Mycket stor"}
RECEIVERS = {kind.value: label for kind, label in RECEIVER_LABELS.items()}
SENT = {way.value: label for way, label in SENT_LABELS.items()}
EVENT_KINDS = {"händelse": "Det hände", "tillbud": "Det höll på att hända (tillbud)"}


def choices_of(labels: Mapping[str, str]) -> list[SelectChoice]:
    """The choices of a field, by value and label."""
    return [SelectChoice(value, label) for value, label in labels.items()]


class ReportForm(YearlyForm):
    """What an employee reports. Four things must be written; a suspicion makes it a lex Sarah-rapport."""

    what = TextAreaField(
        "Vad hände?", [required("Skriv vad som hände."), at_most(LONGEST_WORDS)], filters=[trimmed],
        description="Skriv med egna ord. Skriv inga namn och inget personnummer.",
    )  # fmt: skip
    happened_on = DayField("Vilken dag hände det?", [required("Skriv dagen som 2026-03-31.")])
    enhet = Choice("I vilken enhet?", [required("Välj en enhet.")])
    where = StringField(
        "Var hände det?", [at_most(LONGEST_NAME)], filters=[trimmed], description="Till exempel i köket, eller på väg."
    )
    persons = StringField(
        "Vem berördes?", [at_most(LONGEST_NAME)], filters=[trimmed],
        description="Skriv akt- eller ärendereferensen, aldrig namn eller personnummer. Lämna tomt om du inte vet.",
    )  # fmt: skip
    at_once = TextAreaField(
        "Vad gjordes genast?", [required("Skriv vad som gjordes, eller att inget gjordes."), at_most(LONGEST_WORDS)],
        filters=[trimmed],
    )  # fmt: skip
    suggestion = TextAreaField("Vad skulle hindra att det händer igen?", [at_most(LONGEST_WORDS)], filters=[trimmed])
    kind = Choice("Hände det?", choices=choices_of(EVENT_KINDS))
    law_area = Choice("Vilket område?", choices=choices_of(LAW_AREAS))
    suspected = Choice(
        "Misstänker du ett missförhållande?", choices=choices_of(SUSPECTED),
        description="Ett missförhållande är när någon får illa vara, eller riskerar det, för att något görs eller inte "
        "görs. Då blir det en lex Sarah-rapport, som alltid utreds.",
    )  # fmt: skip
    about_managers = BooleanField(
        "Rapporten gäller min chef, eller någon som tar emot avvikelser i enheten",
        description="Då blir den stängd för enhetens chefer, och går till kvalitetsledare och lex Sarah-ansvarig.",
    )
    anyway = BooleanField("Skicka ändå, fast texten kan innehålla ett namn")

    WORDS: ClassVar[tuple[str, ...]] = ("what", "where", "at_once", "suggestion")


class AssessForm(YearlyForm):
    """What the nearest manager finds out of an avvikelse."""

    category = Choice("Kategori", [required("Välj en kategori.")])
    cause = Choice("Orsaksområde", [required("Välj ett orsaksområde.")])
    severity = Choice("Hur allvarligt var det?", choices=choices_of(SEVERITIES))
    likelihood = Choice("Hur troligt är det att det händer igen?", choices=choices_of(LIKELIHOODS))
    kind = Choice("Händelse eller tillbud?", choices=choices_of(EVENT_KINDS))
    law_area = Choice("Område", choices=choices_of(LAW_AREAS))
    causes = TextAreaField(
        "Varför blev det så?", [at_most(LONGEST_WORDS)], filters=[trimmed],
        description="De direkta och de bakomliggande orsakerna. Skriv inga namn och inget personnummer.",
    )  # fmt: skip


class StepForm(YearlyForm):
    """What a step needs; fields that it does not ask for are taken away by `for_step`."""

    day = DayField("Vilken dag?", [Optional()])
    assessment = Choice("Bedömning", choices=choices_of({UNCHOSEN: "Välj"} | ASSESSMENTS))
    motivation = TextAreaField("Vad grundas bedömningen på?", [at_most(LONGEST_WORDS)], filters=[trimmed])
    investigator = Choice("Vem ska utreda?")
    receiver_kind = Choice("Vem tar över?", choices=choices_of(RECEIVERS))
    receiver = StringField(
        "Vilken nämnd eller utförare?", [at_most(LONGEST_PROVIDER)], filters=[trimmed],
        description="Till exempel Socialnämnden i Solstad, eller Solgården AB.",
    )  # fmt: skip
    sent_by = Choice("Hur skickades den?", choices=choices_of(SENT))
    ivo_answer = Choice("Vad svarade IVO?", choices=choices_of(IVO_ANSWERS))
    comment = TextAreaField("Varför?", [at_most(LONGEST_WORDS)], filters=[trimmed])
    cause = Choice(
        "Varför hölls inte tiden?",
        description="Sista dagen för svaret har passerat. Ett svar efter den blir en avvikelse.",
    )
    near = BooleanField("Vi har prövat risken för jäv, och det finns inget hinder")
    near_person = HiddenField()  # whom the tick is about

    def for_step(self, row: StepRow, investigators: Mapping[str, str], comment: str) -> None:
        """Keeps the fields that the step asks for; `comment`: what its text is called, empty where it has none."""
        wanted = {"day": row.day, "assessment": row.decision, "motivation": row.decision}
        wanted |= {"investigator": row.investigator, "comment": bool(comment), "ivo_answer": row.answer}
        wanted |= dict.fromkeys(("receiver_kind", "receiver", "sent_by"), row.receiver)
        for name, kept in wanted.items():
            if not kept:
                del self[name]
        if row.investigator:
            self.investigator.choices = choices_of({UNCHOSEN: "Välj"} | dict(investigators))
        if comment:
            self.comment.label.text = comment


class CorrectForm(YearlyForm):
    """What of a case is put right; fields of what it does not hold are taken away by `keep`."""

    handelsedatum = DayField("När det hände", [Optional()])
    uppmarksammad = DayField("När det uppmärksammades", [Optional()])
    rapporterad = DayField("När det rapporterades", [Optional()])
    mottagen = DayField("När det togs emot", [Optional()])
    utredd = DayField("När utredningen var klar", [Optional()])
    beslutad = DayField("När det beslutades", [Optional()])
    besvarad = DayField("När den besvarades", [Optional()])
    avslutad = DayField("När det avslutades", [Optional()])
    ivo_anmald = DayField("När det anmäldes till IVO", [Optional()])
    ivo_utredning_sand = DayField("När utredningen skickades till IVO", [Optional()])
    ivo_beslut = DayField("När IVO beslutade", [Optional()])
    lagrum = Choice("Område", choices=choices_of(LEX_SARAH_LAWS))
    typ = Choice("Typ", choices=choices_of({name: name.capitalize() for name in COMPLAINT_KINDS}))
    enhet = Choice("Enhet", [required("Välj en enhet.")])
    reason = TextAreaField(
        "Varför?", [required("Skriv varför."), at_most(LONGEST_REASON)], filters=[trimmed],
        description="Till exempel att dagen var felskriven, eller att rapporten hör till en annan enhet.",
    )  # fmt: skip

    def keep(self, names: set[str]) -> None:
        """Keeps these fields, and those that every case has."""
        for name in [field.short_name for field in self if field.short_name not in names | self.ALWAYS]:
            del self[name]

    ALWAYS: ClassVar[frozenset[str]] = frozenset({"csrf_token", "version", "enhet", "reason"})


class HeadingForm(YearlyForm):
    """What stands under a heading of an investigation; `version` carries the edition that it was opened with."""

    body = TextAreaField(
        "Text", [required("Skriv något under rubriken."), at_most(LONGEST_WORDS)], filters=[trimmed],
        render_kw={"rows": 14},
    )  # fmt: skip


class CaseNumbersForm(YearlyForm):
    """The numbers under which a lex Sarah case is kept here and at IVO."""

    own = StringField("Eget diarienummer", [at_most(60)], filters=[trimmed], description="Till exempel SN 2026/123.")
    ivo = StringField(
        "IVO:s diarienummer", [at_most(60)], filters=[trimmed], description="Kommer i IVO:s bekräftelse eller brev."
    )
