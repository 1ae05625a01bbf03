"""What can be pictured, who sees it, and what may it be divided by?"""

from dataclasses import dataclass
from enum import StrEnum

from tracker.accounts.reader import Reader
from tracker.records.scope import Scope, scope_of
from tracker.rules.permissions import Permission


class Measure(StrEnum):
    """What is counted, by the words of an address."""

    DEVIATIONS = "avvikelser"
    LEX_SARAH = "lex-sarah"
    LEX_SARAH_GOAL = "lex-sarah-mal"
    COMPLAINTS = "synpunkter"
    COMPLAINTS_GOAL = "synpunkter-svar"
    ACTIONS = "atgarder"
    ACTIONS_GOAL = "atgarder-i-tid"
    DECISIONS = "beslut"


class Division(StrEnum):
    """What the count is divided by, by the words of an address."""

    UNIT = "enhet"
    CATEGORY = "kategori"


@dataclass(frozen=True, slots=True)
class Words:
    """What a measure is called on the page and in its file: its name, what comes, goes and is open (of a goal: what had
    its last day, and what was kept), what it is divided by, and a sentence on what is counted.
    """

    name: str
    came: str
    went: str
    open: str
    category: str
    told: str


NEEDS = {
    Measure.DEVIATIONS: Permission.READ_DEVIATIONS,
    Measure.LEX_SARAH: Permission.SEE_LEX_SARAH,
    Measure.LEX_SARAH_GOAL: Permission.SEE_LEX_SARAH,
    Measure.COMPLAINTS: Permission.READ_COMPLAINTS,
    Measure.COMPLAINTS_GOAL: Permission.READ_COMPLAINTS,
    Measure.ACTIONS: Permission.READ_ACTIONS,
    Measure.ACTIONS_GOAL: Permission.READ_ACTIONS,
    Measure.DECISIONS: Permission.READ_DECISIONS,
}
MAY_OPEN = tuple(dict.fromkeys(NEEDS.values()))
GOALS = frozenset({Measure.LEX_SARAH_GOAL, Measure.COMPLAINTS_GOAL, Measure.ACTIONS_GOAL})
WORDS = {
    Measure.DEVIATIONS: Words(
        "Avvikelser", "Inkomna", "Avslutade", "Öppna", "Kategori",
        "En avvikelse kommer in den dag den rapporteras och är öppen tills den avslutas.",
    ),
    Measure.LEX_SARAH: Words(
        "Lex Sarah-rapporter", "Inkomna", "Beslutade", "Öppna", "",
        "En rapport kommer in den dag den tas emot och är öppen tills den är beslutad, eller avslutad utan beslut.",
    ),
    Measure.LEX_SARAH_GOAL: Words(
        "Lex Sarah utredda inom två månader (eget mål)", "Två månader gick ut", "Beslutade inom två månader", "", "",
        "En rapport räknas i det kvartal då två månader från mottagandet gick ut, beslutad eller inte.",
    ),
    Measure.COMPLAINTS: Words(
        "Synpunkter och klagomål", "Inkomna", "Besvarade", "Öppna", "Slag",
        "En synpunkt är öppen tills den är besvarad, eller avslutad utan svar. Beröm räknas inte.",
    ),
    Measure.COMPLAINTS_GOAL: Words(
        "Synpunkter besvarade inom löftet", "Sista dagen att svara", "Besvarade senast den dagen", "", "Slag",
        "En synpunkt räknas i det kvartal då dess sista dag att svara låg, besvarad eller inte. Beröm räknas inte.",
    ),
    Measure.ACTIONS: Words(
        "Åtgärder", "Beslutade", "Genomförda", "Pågår", "Hör till",
        "En åtgärd pågår från beslutet tills den är genomförd. Det som bara är föreslaget räknas inte.",
    ),
    Measure.ACTIONS_GOAL: Words(
        "Åtgärder genomförda i tid", "Sista dagen", "Genomförda senast den dagen", "", "Hör till",
        "En åtgärd räknas i det kvartal då dess sista dag låg, genomförd eller inte. En ny sista dag gäller före den "
        "gamla.",
    ),
    Measure.DECISIONS: Words(
        "Beslut som har väntat över tre månader", "Nya över tre månader", "Slutade vänta", "Väntar",
        "Insats",
        "En klocka räknas från dagen efter tre månader tills beslutet är verkställt eller avslutat. Domar räknas inte.",
    ),
}  # fmt: skip
MEASURE_LABELS = {measure: words.name for measure, words in WORDS.items()}
DIVISION_LABELS = {Division.UNIT: "Enhet", Division.CATEGORY: "Kategori"}


def measures_of(reader: Reader) -> list[Measure]:
    """What the reader may see pictured, in the order of the menu."""
    return [measure for measure, permission in NEEDS.items() if reader.allows(permission)]


def scope_of_measure(measure: Measure, reader: Reader) -> Scope:
    """The units over which the reader sees what is counted; what is given to them by name elsewhere is left out."""
    scope = scope_of(reader, NEEDS[measure])
    return scope.within(scope.reach)


def divisions_of(measure: Measure) -> list[Division]:
    """What a measure may be divided by."""
    return list(Division) if WORDS[measure].category else [Division.UNIT]
