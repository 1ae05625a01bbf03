"""Which Swedish words do the states and effects of actions carry?"""

from tracker.actions.register import ActionList
from tracker.actions.several import Several
from tracker.records.models import RecordKind
from tracker.rules.actions import ActionState, Effect

STATE_LABELS = {
    ActionState.PROPOSED: "Föreslagen",
    ActionState.DECIDED: "Beslutad",
    ActionState.DONE: "Genomförd",
    ActionState.FOLLOWED_UP: "Uppföljd",
}
EFFECT_LABELS = {
    Effect.ACHIEVED: "Uppnådd",
    Effect.PARTLY: "Delvis uppnådd",
    Effect.NOT: "Ej uppnådd",
}
SOURCE_NAMES = {
    RecordKind.RISK: "Risk",
    RecordKind.CONTROL: "Kontrollmoment",
    RecordKind.DEVIATION: "Avvikelse",
    RecordKind.LEX_SARAH: "Lex Sarah",
    RecordKind.DECISION: "Beslut",
    RecordKind.COMPLAINT: "Synpunkt",
}
SEVERAL_LABELS = {
    Several.DONE: "Klarmarkera",
    Several.DAY: "Ge ny dag",
    Several.OWNER: "Lämna över",
}
LIST_LABELS = {
    ActionList.OPEN: "Pågår",
    ActionList.LATE: "Försenade",
    ActionList.SOON: "Klara inom 14 dagar",
    ActionList.TO_CHECK: "Att följa upp",
    ActionList.CHECKED_LATER: "Följs upp senare",
    ActionList.FINISHED: "Klara",
    ActionList.ALL: "Alla",
}
