"""What can a column of a foreign file be, and what is it commonly called there?"""

from collections.abc import Collection

from tracker.decisions.importing import ALL_FIELDS
from tracker.exchange.columns import fold

FIELD_TITLES = {
    "ref": "Ref: beslutets eget nummer",
    "insats": "Insats",
    "beslutsdatum": "Beslutsdatum",
    "person": "Personnummer",
    "kon": "Kön",
    "enhet": "Enhet",
    "handlaggare": "Handläggare",
    "utforare": "Utförare",
    "diarienummer": "Diarienummer",
    "lagrum": "Lagrum",
    "grund": "Grund: beslut eller dom",
    "omrade": "Område",
    "avbrottsdatum": "Avbrottsdatum",
    "verkstalld": "Verkställd: dag",
    "avslutad": "Avslutad: dag",
    "avslutsorsak": "Avslutsorsak",
    "skal": "Skäl till dröjsmålet",
    "forst_rapporterad": "Först rapporterad: avstämningsdatum",
    "slutrapporterad": "Slutrapporterad: avstämningsdatum",
}
REQUIRED = tuple(field.name for field in ALL_FIELDS if field.required)
DATE_FIELDS = ("beslutsdatum", "avbrottsdatum", "verkstalld", "avslutad", "forst_rapporterad", "slutrapporterad")
CODED_FIELDS = ("kon", "grund", "omrade", "lagrum", "enhet", "insats", "skal", "avslutsorsak")
_SYNONYMS = {
    "ref": "referens,beslutsnr,beslutsnummer,beslut nr,löpnr,löpnummer,nr,id,ärende,ärendenr,ärendenummer,beslutsid,"
    "beslut id,referensnummer",
    "insats": "beslutad insats,insatstyp,typ av insats,insats enligt beslut,beviljad insats,bistånd,typ av bistånd",
    "beslutsdatum": "datum för beslut,beslutsdag,datum beslut,beslut datum,gynnande beslut,datum för gynnande beslut,"
    "beslut fattat,beslutat,besl datum,besl.datum",
    "person": "personnummer,pnr,personnr,pers nr,persnr,person nr,personid",
    "kon": "kön (k/m),k/m,man/kvinna,kvinna/man,könstillhörighet",
    "enhet": "ansvarig enhet,handläggande enhet,avdelning,område/enhet,sektion",
    "handlaggare": "ansvarig handläggare,handl,socialsekreterare,biståndshandläggare,lss handläggare",
    "utforare": "leverantör,verkställare,utförare av insats,anordnare",
    "diarienummer": "dnr,diarienr,diarie nr,dnr.",
    "lagrum": "lag,lagstöd,paragraf,beslut enligt,laglrum",
    "grund": "beslut/dom,typ av beslut,beslutstyp,dom",
    "omrade": "verksamhetsområde,målgrupp,verksamhet",
    "avbrottsdatum": "avbrott,datum för avbrott,avbruten,avbrott datum,avbrott i verkställigheten",
    "verkstalld": "verkställd datum,verkställt,verkställt datum,verkställighetsdatum,datum för verkställighet,"
    "verkställdes,verkst datum,datum verkställt,verkst.",
    "avslutad": "avslut,avslutat,avslutsdatum,datum för avslut,avslutad datum,avslutat utan verkställighet,"
    "datum avslutat",
    "avslutsorsak": "orsak till avslut,avslut orsak,skäl till avslut,anledning till avslut",
    "skal": "skäl,skäl till dröjsmål,orsak,orsak till dröjsmål,orsak till dröjsmålet,anledning,"
    "skäl till ej verkställt,varför ej verkställt,orsak till ej verkställt",
    "forst_rapporterad": "först rapporterat,rapporterad första gången,första rapport,först rapporterad till ivo",
    "slutrapporterad": "slutrapporterat,slutrapport,slutrapporterad till ivo",
}
WORDS = {
    fold(word): name
    for name in FIELD_TITLES
    for word in (name, FIELD_TITLES[name].partition(":")[0], *_SYNONYMS.get(name, "").split(","))
    if word
}


def propose_field(head: str, allowed: Collection[str]) -> str | None:
    """The field that a head's words are commonly written for, among those allowed; None when it says nothing."""
    found = WORDS.get(fold(head)) or WORDS.get(fold(head.replace(".", "").replace(":", "")))
    return found if found in allowed else None
