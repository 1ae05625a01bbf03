"""What do the pages of a plan's way to the committee show? The words of its steps, and versions side by side."""

from typing import NamedTuple

from tracker.control.plan_queries import ACTIVITY_FIELDS, MOMENT_FIELDS, RISK_FIELDS, Content
from tracker.risk.pages import RISK_LABELS
from tracker.rules.plan_changes import ChangeKind, RowChange, compare
from tracker.rules.plan_workflow import PlanStep
from tracker.rules.risk_scoring import Scale, scale_changes


class StepWords(NamedTuple):
    """A step's place in addresses, what the button says, what was done, and what it means."""

    slug: str
    button: str
    done: str
    means: str


STEP_LABELS = {
    PlanStep.PROPOSE: StepWords(
        "foresla", "Föreslå för nämnden", "Föreslagen",
        "Planen sparas som en version som nämnden beslutar om. Risker och kontrollmoment går sedan inte att ändra, "
        "om inte förslaget dras tillbaka.",
    ),
    PlanStep.WITHDRAW: StepWords(
        "dra-tillbaka", "Dra tillbaka förslaget", "Förslaget tillbakadraget",
        "Planen blir utkast igen. Versionen som föreslogs finns kvar att läsa.",
    ),
    PlanStep.ADOPT: StepWords(
        "faststall", "För in att nämnden fastställde", "Fastställd",
        "Versionen som föreslogs gäller från och med nu. En ändring kräver ett nytt beslut.",
    ),
    PlanStep.SEND_BACK: StepWords(
        "aterremittera", "För in att nämnden återremitterade", "Återremitterad",
        "Planen blir utkast igen, och ditt skäl står i historiken.",
    ),
    PlanStep.CHANGE: StepWords(
        "andra", "Öppna för ändring", "Öppnad för ändring",
        "Planen blir utkast igen och kan ändras. Det fastställda gäller tills nämnden har fastställt en ny version.",
    ),
    PlanStep.KEEP: StepWords(
        "behall", "Behåll det fastställda", "Ändringen avbruten",
        "Ingenting har ändrats sedan planen öppnades. Den blir fastställd igen utan nytt beslut.",
    ),
    PlanStep.FOLLOW_UP: StepWords(
        "folj-upp", "Markera som uppföljd", "Uppföljd",
        "Årets kontroller är klara. Uppföljningen kan låsas och gå till nämnden.",
    ),
    PlanStep.REOPEN: StepWords(
        "oppna", "Öppna uppföljningen igen", "Uppföljningen öppnad igen",
        "Planen blir fastställd igen, och resultat kan lämnas. Det som är låst står kvar och rättas med en ny version.",
    ),
    PlanStep.APPROVE: StepWords(
        "godkann", "För in att nämnden godkände", "Godkänd",
        "Nämnden har godkänt den låsta uppföljningen. Planen är avslutad.",
    ),
}  # fmt: skip
BY_SLUG = {words.slug: step for step, words in STEP_LABELS.items()}
DECIDED = {"adopted": "Fastställd", "sent_back": "Återremitterad", "withdrawn": "Tillbakadragen", None: "Föreslagen"}
CHANGE_LABELS = {ChangeKind.NEW: "Ny", ChangeKind.CHANGED: "Ändrad", ChangeKind.REMOVED: "Borttagen"}
FIELDS = RISK_LABELS | {
    "risk_ref": "Risk", "name": "Kontrollmoment", "subject": "Vad som kontrolleras", "criteria": "Kriterier",
    "method": "Metod", "frequency": "Frekvens", "responsible": "Ansvarig", "performer": "Utförare",
    "controlled_party": "Vem som kontrolleras", "reported_to": "Rapporteras till", "good_limit": "Gräns för god",
    "acceptable_limit": "Gräns för godtagbar", "due_on": "Återrapporteras senast",
    "moment_ref": "Följer av kontrollmoment",
}  # fmt: skip


class ChangeLine(NamedTuple):
    """A row that differs, as it is shown; of one that has changed a line for each field."""

    ref: str
    kind: str
    fields: list[tuple[str, str, str]]


def differences(old: Content, new: Content) -> dict[str, list[ChangeLine]]:
    """What differs in the scale and limits, in the risks, kontrollmoment and activities of two versions, by heading."""
    parts = {"Risker": ("risks", RISK_FIELDS), "Kontrollmoment": ("moments", MOMENT_FIELDS),
             "Aktiviteter": ("activities", ACTIVITY_FIELDS)}  # fmt: skip
    return {"Skala och gränser": _measures(old, new)} | {
        heading: [change_line(change) for change in compare(old[name], new[name], fields)]
        for heading, (name, fields) in parts.items()
    }


def _measures(old: Content, new: Content) -> list[ChangeLine]:
    """The scale and the limits as one row, with a line for each step, level and cell that differs."""
    scale = scale_changes(Scale.read(old["scale"]), Scale.read(new["scale"]))
    fields = [(name, shown(was), shown(now)) for name, was, now in scale]
    for name, was, now in zip(("God från", "Godtagbar från"), old["limits"], new["limits"], strict=True):
        if was != now:
            fields.append((name, f"{was} procent", f"{now} procent"))
    return [ChangeLine("Skala", CHANGE_LABELS[ChangeKind.CHANGED], fields)] if fields else []


def change_line(change: RowChange) -> ChangeLine:
    """A row that differs, in words."""
    fields = [(FIELDS[name], shown(old), shown(new)) for name, old, new in change.fields]
    return ChangeLine(change.ref, CHANGE_LABELS[change.kind], fields)


def shown(value: object) -> str:
    """A value of a plan as it is read: ja or nej, lines side by side, a dash for nothing."""
    if isinstance(value, bool):
        return "ja" if value else "nej"
    return "–" if value is None else ", ".join(str(value).splitlines())
