"""Which Swedish words do stored values carry on screen and in files? A test sees that every value has one."""

from datetime import date

from tracker.rules.permissions import Permission
from tracker.rules.reporting_windows import WindowState
from tracker.rules.second_administrator import RequestKind
from tracker.rules.trail import Action, ActorKind, Purpose, ReadKind, TargetKind
from tracker.rules.unexecuted import ClockKind, ClockState, ReportClass
from tracker.rules.update_rounds import Answer
from tracker.rules.warnings import WarningKind

CLOCK_LABELS = {ClockKind.DECISION: "Beslut", ClockKind.INTERRUPTION: "Avbrott"}
SEX_LABELS = {"kvinna": "Kvinna", "man": "Man", None: "Ej angivet"}
STATE_LABELS = {
    ClockState.OPEN: "Ej verkställt",
    ClockState.EXECUTED: "Verkställt",
    ClockState.CLOSED: "Avslutat",
}
CLASS_LABELS = {
    ReportClass.EXECUTED: "Verkställt",
    ReportClass.CLOSED: "Avslutat utan verkställighet",
    ReportClass.STILL_UNEXECUTED: "Ännu inte verkställt",
    ReportClass.NEW: "Ny rapportering",
    ReportClass.LATE_EXECUTED: "Sent verkställt, ej tidigare rapporterat",
    ReportClass.LATE_CLOSED: "Sent avslutat, ej tidigare rapporterat",
}
PERMISSION_LABELS = {
    Permission.READ_DECISIONS: "läser ej verkställda beslut (utan identiteter)",
    Permission.IMPORT_DECISIONS: "läser in beslut",
    Permission.IMPORT_IDENTITIES: "läser in personnummer",
    Permission.CORRECT_DECISIONS: "rättar och makulerar beslut",
    Permission.READ_IDENTITIES: "ser vem beslutet gäller",
    Permission.READ_VOIDED: "läser makulerade beslut",
    Permission.MANAGE_RECORD_ACCESS: "skyddar en post, namnger dem som får se den och stänger ute jäviga",
    Permission.FORGET_PERSONS: "glömmer personer när tiden för bevarande är slut",
    Permission.READ_QUARTER_DRAFT: "läser och exporterar kvartalsrapportens utkast",
    Permission.PREPARE_QUARTER: "ber om uppdatering, granskar kvartalets rapport och markerar den klar",
    Permission.LOCK_REPORTS: "låser rapporter, och rättar dem med en ny version",
    Permission.READ_LOCKED_REPORTS: "läser låsta rapporter",
    Permission.READ_ADMINISTRATION: "läser administrationen",
    Permission.MANAGE_USERS: "lägger upp användare och ger roller, aldrig sina egna",
    Permission.MANAGE_UNITS: "lägger upp, byter namn på, flyttar och avslutar enheter",
    Permission.MANAGE_CODES: "håller kodlistorna",
    Permission.MANAGE_INSTALLATION: "ändrar inställningar",
    Permission.READ_LOG: "läser loggen, aldrig värden",
    Permission.CHECK_LOG: "planerar, gör och signerar loggkontroller",
}
ACTION_LABELS = {
    Action.RECORD_CREATED: "Post upplagd",
    Action.RECORD_CORRECTED: "Post rättad",
    Action.RECORD_VOIDED: "Post makulerad",
    Action.RECORD_ACCESS_CHANGED: "Åtkomst till post ändrad",
    Action.RECORD_FORGOTTEN: "Person glömd",
    Action.RECORDS_IMPORTED: "Fil inläst",
    Action.SIGNED_IN: "Inloggning",
    Action.SIGN_IN_REFUSED: "Inloggning nekad",
    Action.SIGNED_OUT: "Utloggning",
    Action.CONFIRMED: "Lösenord bekräftat",
    Action.ACCESS_REFUSED: "Åtkomst nekad",
    Action.USER_CREATED: "Användare upplagd",
    Action.USER_CHANGED: "Användare ändrad",
    Action.USER_DEACTIVATED: "Användare avslutad",
    Action.PASSWORD_CHANGED: "Lösenord bytt",
    Action.CODE_MADE: "Engångslänk skapad",
    Action.ROLE_ASKED_FOR: "Roll begärd",
    Action.ROLE_REFUSED: "Roll avslagen",
    Action.ROLE_GIVEN: "Roll given",
    Action.ROLE_ENDED: "Roll avslutad",
    Action.UNIT_CREATED: "Enhet upplagd",
    Action.UNIT_RENAMED: "Enhet bytte namn",
    Action.UNIT_MOVED: "Enhet flyttad",
    Action.UNIT_CLOSED: "Enhet avslutad",
    Action.UNIT_REOPENED: "Enhet öppnad igen",
    Action.CODE_ADDED: "Kod tillagd",
    Action.CODE_CHANGED: "Kod ändrad",
    Action.CODES_MERGED: "Koder sammanslagna",
    Action.INSTALLATION_CHANGED: "Inställning ändrad",
    Action.WINDOW_CHANGED: "Rapporteringsperiod ändrad",
    Action.ROUND_ASKED: "Uppdatering begärd",
    Action.ROUND_ASKED_AGAIN: "Uppdatering begärd igen",
    Action.ROUND_CONFIRMED: "Uppgifter stämmer",
    Action.ROUND_CLOSED: "Uppdatering avslutad",
    Action.LOG_CHECK_PLANNED: "Loggkontroll planerad",
    Action.LOG_CHECK_DRAWN: "Stickprov ur loggen draget",
    Action.LOG_CHECK_NOTED: "Loggkontroll bedömd",
    Action.LOG_CHECK_SIGNED: "Loggkontroll signerad",
    Action.READS_SEALED: "Läsningar förseglade",
    Action.KEYS_ROTATED: "Krypteringsnyckel bytt",
}
ACTOR_LABELS = {
    ActorKind.USER: "Användare",
    ActorKind.COMMAND: "Kommandoraden",
    ActorKind.VISITOR: "Ej inloggad",
    ActorKind.PROGRAM: "Programmet",
    ActorKind.REPORTER: "Rapportören",
    ActorKind.ANONYMOUS: "Anonym",
}
TARGET_LABELS = {
    TargetKind.USER: "Användare",
    TargetKind.UNIT: "Enhet",
    TargetKind.ROLE: "Roll",
    TargetKind.CODE: "Kod",
    TargetKind.INSTALLATION: "Inställning",
    TargetKind.LOG_CHECK: "Loggkontroll",
    TargetKind.WINDOW: "Rapporteringsperiod",
    TargetKind.ROUND: "Uppdateringsomgång",
}
READ_LABELS = {
    ReadKind.RECORD: "Öppnade posten",
    ReadKind.IDENTITY: "Såg identiteten",
    ReadKind.EXPORT: "Exporterade en lista",
    ReadKind.REPORT: "Tog ut en rapport",
    ReadKind.LOG: "Läste loggen",
}
PURPOSE_LABELS = {
    Purpose.OWN_WORK: "Eget arbete",
    Purpose.FOLLOW_UP: "Uppföljning",
    Purpose.SUPERVISION: "Tillsyn, IVO",
    Purpose.COMMITTEE: "Till nämnden",
    Purpose.AUDIT: "Till revisorerna",
    Purpose.COUNCIL: "Till fullmäktige",
    Purpose.DISCLOSURE: "Utlämnande på begäran",
    Purpose.NOT_GIVEN: "Ej angivet",
}
REQUEST_LABELS = {
    RequestKind.ROLE: "Roll",
    RequestKind.LINK: "Engångslänk",
    RequestKind.ONE_IS_ENOUGH: "En administratör räcker",
}
WINDOW_LABELS = {
    WindowState.TO_COME: "Öppnar senare",
    WindowState.OPEN: "Öppet",
    WindowState.CLOSED: "Stängt",
}
WARNING_LABELS = {
    WarningKind.THIRTY_DAYS: "når tre månader om 8–30 dagar",
    WarningKind.SEVEN_DAYS: "når tre månader inom 7 dagar",
    WarningKind.REPORTABLE: "har blivit rapporteringspliktiga",
    WarningKind.WINDOW_OPENS: "IVO tar emot rapporterna",
    WarningKind.WINDOW_CLOSES: "IVO:s fönster stänger inom 7 dagar",
    WarningKind.WINDOW_LAST_DAY: "IVO:s fönster stänger i dag eller i morgon",
}
ANSWER_LABELS = {
    Answer.CONFIRMED: "Stämmer",
    Answer.MENDED: "Rättad",
    Answer.MISSING: "Saknas",
}
# Names of fields as entries give them; one that is missing here is shown as it stands.
FIELD_LABELS = {
    "ref": "ref",
    "person": "person",
    "unit_id": "enhet",
    "unit": "enhet",
    "legal_basis": "lagrum",
    "judgment": "grund",
    "area": "område",
    "intervention_id": "insats",
    "sex": "kön",
    "protected": "skyddad identitet",
    "access": "skydd",
    "handler_id": "handläggare",
    "handler_name": "handläggare",
    "provider": "utförare",
    "case_number": "diarienummer",
    "decided_on": "beslutsdatum",
    "interrupted_on": "avbrottsdatum",
    "started_on": "startdag",
    "executed_on": "verkställd",
    "closed_on": "avslutad",
    "close_reason": "avslutsorsak",
    "delay_reason_id": "skäl till dröjsmålet",
    "delay_note": "skäl till dröjsmålet",
    "first_reported_on": "först rapporterad",
    "final_reported_on": "slutrapporterad",
    "name": "namn",
    "email": "e-postadress",
    "role": "roll",
    "from_on": "från",
    "to_on": "till och med",
    "parent_id": "överordnad enhet",
    "valid_until": "giltig till",
    "label": "benämning",
    "position": "ordning",
    "password": "lösenord",
    "reason": "skäl",
    "reviewer_id": "loggranskare",
    "due_on": "ska vara klar",
    "kinds": "slag av läsningar",
    "amount": "stickprovets storlek",
    "sample_by": "stickprovets mått",
    "draw": "dragning",
    "seed": "frö",
    "algorithm": "metod",
    "population_count": "antal läsningar",
    "population_hash": "kontrollsumma",
    "sample_size": "stickprov",
    "result": "resultat",
    "conclusion": "slutsats",
    "digest": "kontrollsumma",
    "clock_id": "klocka",
    "kind": "slag av klocka",
    "voided_at": "makulerad",
    "rows": "rader",
    "named": "namngiven",
    "closed": "utestängd",
    "method": "inloggningssätt",
    "page": "sida",
    "list": "lista",
    "values": "värden",
    "left": "återstår",
    "committee_name": "nämndens namn",
    "second_administrator": "andra administratör",
    "merged_into_id": "räknas som",
    "valid_from": "giltig från",
    "active": "kan logga in",
    "demonstration": "demonstration",
    "mark": "skydd",
    "reporter": "rapportör",
    "quarter": "kvartal",
    "opens_on": "öppnar",
    "closes_on": "stänger",
    "cutoff_on": "avstämningsdatum",
    "last_day": "sista dag att svara",
    "asked_count": "antal klockor",
    "confirmed_version": "version som stämmer",
    "missing": "saknas",
}


def closed_note(valid_until: date | None, today: date) -> str:
    """`, avslutad 2026-03-31` after a unit's last day, `, avslutas …` before it; nothing for one without."""
    if valid_until is None:
        return ""
    return f", {'avslutad' if valid_until < today else 'avslutas'} {valid_until}"
