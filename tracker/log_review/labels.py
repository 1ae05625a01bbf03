"""Which Swedish words do the values of log checks carry?"""

from tracker.log_review.queries import Tab
from tracker.rules.log_checks import CheckState, Grade, Result, SampleBy

SAMPLE_LABELS = {SampleBy.NUMBER: "Ett antal läsningar", SampleBy.SHARE: "En andel i procent"}
GRADE_LABELS = {
    Grade.AUTHORISED: "Behörig",
    Grade.UNCLEAR: "Oklar",
    Grade.UNAUTHORISED: "Obehörig",
}
RESULT_LABELS = {
    Result.WITHOUT_REMARK: "Utan anmärkning",
    Result.FOLLOWED_UP: "Oklarheter följs upp",
    Result.UNAUTHORISED_ACCESS: "Obehörig åtkomst",
}
CHECK_STATE_LABELS = {
    CheckState.PLANNED: "Planerad",
    CheckState.TO_DO: "Att göra",
    CheckState.LATE: "Försenad",
    CheckState.DONE: "Klar",
}
TAB_LABELS = {
    Tab.ALL: "Allt",
    Tab.CHANGES: "Händelser",
    Tab.READS: "Läsningar",
    Tab.EXPORTS: "Exporter som kan ha innehållit posten",
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
}
