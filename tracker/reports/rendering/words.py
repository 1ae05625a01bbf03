"""What does a report say about itself? What it is, how time is counted, what is left out and why."""

from collections.abc import Iterator
from datetime import date

from tracker.labels import CLASS_LABELS
from tracker.reports.audiences import Audience, Document
from tracker.rules.calendar import in_words
from tracker.rules.closing import NAMING
from tracker.rules.unexecuted import ReportClass, statute_of_reports
from tracker.web.filters import counted

READERS = {
    Audience.INTERNAL: "Underlag för eget arbete",
    Audience.IVO: "Underlag för individrapporterna till IVO",
    Audience.COMMITTEE: "Sammanställning för nämnden",
    Audience.AUDITORS: "Rapport till revisorerna",
    Audience.COUNCIL: "Statistikrapport till kommunfullmäktige",
}
SUPPRESSION_NOTE = (
    "Ett streck står där ett antal mellan 1 och 4 har dolts, eller där talet skulle avslöja ett sådant antal."
)
CLASS_WORDS = {
    ReportClass.EXECUTED: "Har rapporterats tidigare. Hela insatsen har börjat senast avstämningsdatum.",
    ReportClass.CLOSED: "Har rapporterats tidigare. Beslutet har avslutats av annat skäl än att insatsen har börjat, "
    "senast avstämningsdatum.",
    ReportClass.STILL_UNEXECUTED: "Har rapporterats tidigare. Insatsen har inte börjat och beslutet är inte avslutat "
    "på avstämningsdatum.",
    ReportClass.NEW: "Rapporteras för första gången. Mer än tre månader har gått, insatsen har inte börjat och "
    "beslutet är inte avslutat på avstämningsdatum.",
    ReportClass.LATE_EXECUTED: "Har inte rapporterats tidigare. Hela insatsen började efter de tre månaderna, sedan "
    "föregående avstämningsdatum.",
    ReportClass.LATE_CLOSED: "Har inte rapporterats tidigare. Beslutet avslutades efter de tre månaderna, sedan "
    "föregående avstämningsdatum, utan att insatsen hade börjat.",
}
WAITING = (
    "Hela dagar från beslutsdatum, eller från avbrottsdatum för ett avbrott, till den dag då insatsen verkställdes "
    "eller beslutet avslutades, annars till avstämningsdatum."
)
THREE_MONTHS = (
    "Den dag då tre månader har gått från beslutet eller avbrottet. En tid i månader slutar på den dag som har samma "
    "nummer i månaden, annars på månadens sista dag (1 § lagen 1930:173). Rapporteringen börjar dagen efter. Tre "
    "månader är gränsen för rapporteringen, inte en tid som det är tillåtet att vänta."
)
MONTHS = "Väntetiden i hela kalendermånader, i sex grupper."
CLOCK = (
    "Beslut: tiden räknas från beslutsdatum. Avbrott: insatsen hade börjat men upphörde, och tiden räknas från den "
    "dagen. Ett avbrott räknas för sig."
)
REASON_OF_OTHERS = "Bara skäl ur nämndens kodlista skrivs ut. Det som någon har skrivit med egna ord står inte här."
MISSED = (
    "Verkställdes eller avslutades efter de tre månaderna, senast föregående avstämningsdatum, utan att ha stått i "
    "någon rapport. De står inte i någon klass."
)


def introduction(document: Document) -> list[str]:
    """The paragraphs that begin the report: what it is and which days it looks at."""
    cutoff, previous = (date.fromisoformat(document[name]) for name in ("cutoff", "previous_cutoff"))
    return [
        "Rapporten gäller gynnande beslut om insatser som inte har verkställts inom tre månader från beslutet, och "
        "insatser som har avbrutits och inte har kommit igång igen inom tre månader. De rapporteras varje kvartal "
        "till Inspektionen för vård och omsorg (IVO) och till kommunens revisorer, och kommunfullmäktige får en "
        f"statistikrapport ({statute_of_reports(cutoff)}).",
        f"Den visar läget den {in_words(cutoff)}, avstämningsdatum. Föregående avstämningsdatum var den "
        f"{in_words(previous)}. Det som har hänt senare finns inte med.",
    ]


def left_out(document: Document) -> list[str]:
    """What the report does not hold, and why."""
    audience = Audience(document["audience"])
    found = ["Domar rapporteras inte. Makulerade beslut räknas inte."]
    if audience is Audience.COUNCIL:
        found.append(
            "Enskilda beslut listas inte. " + SUPPRESSION_NOTE + " Summorna för hela rapporten är alltid fullständiga."
        )
    elif audience not in NAMING:
        found.append(
            "Namn, personnummer och ärendebeteckningar finns inte med, för att ingen ska kunna pekas ut. "
            + REASON_OF_OTHERS
        )
    if document.get("rows_left_out"):
        found.append(protected_note(document["rows_left_out"]) + ", men räknas med i alla tal.")
    return found


def protected_note(count: int) -> str:
    """`2 skyddade visas inte`: how many are counted but not listed."""
    return f"{counted(count, 'skyddad', 'skyddade')} visas inte"


def missed_note(count: int) -> str:
    """What is said of clocks that no report has held; empty when there are none."""
    return f"{counted(count, 'klocka', 'klockor')} saknas i rapporterna. {MISSED}" if count else ""


def explanations(document: Document) -> Iterator[tuple[str, str]]:
    """(word, what it means) for the classes and the ways of counting."""
    for item in ReportClass:
        yield CLASS_LABELS[item], CLASS_WORDS[item]
    yield "Tre månader", THREE_MONTHS
    yield "Väntetid", WAITING
    yield "Median", "Den mittersta väntetiden: hälften har väntat kortare, hälften längre."
    yield "Hela månader", MONTHS
    yield "Klocka", CLOCK
    if document["counts"]["missed"]:
        yield "Saknas i rapporterna", MISSED
    for text in left_out(document):
        yield "Finns inte med", text
