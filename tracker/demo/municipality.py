"""What is the demonstration municipality made of? Its units, what they grant, and why that is sometimes late.

Everything is invented: no municipality is called Nordmåla, no provider has these names.
"""

from dataclasses import dataclass
from datetime import date

from tracker.rules.unexecuted import NEW_LAW_FROM

MUNICIPALITY = "Nordmåla kommun"
HANDLER = "Demo Handläggare"

# The names below the top unit, each with those below it.
UNITS: dict[str, tuple[str, ...]] = {
    "Äldreomsorg": (
        "Hemtjänst Norr",
        "Hemtjänst Söder",
        "Särskilt boende Ekbacken",
        "Korttidsvård och dagverksamhet",
    ),
    "Funktionsstöd": (
        "Grupp- och servicebostäder",
        "Daglig verksamhet",
        "Korttidsvistelse och avlösning",
        "Ledsagning och kontaktpersoner",
    ),
    "Individ- och familjeomsorg": (
        "Barn och unga",
        "Vuxna och boende",
        "Familjehem och kontaktfamiljer",
        "Ekonomiskt bistånd",
    ),
}
MANAGED_UNIT = "Grupp- och servicebostäder"  # where the demonstration's manager and employee work

HOUSING, ASSIGNMENT, SERVICE = "housing", "assignment", "service"


@dataclass(frozen=True, slots=True)
class Offer:
    """One insats as one unit grants it; the weights tell how common it is among decisions in time and late ones.

    `legal_basis` is empty where the social services act's general provision of the day applies.
    """

    insats: str
    area: str
    unit: str
    kind: str
    in_time: int
    late: int
    legal_basis: str = ""
    providers: tuple[str, ...] = ("Egen regi",)

    def legal_basis_on(self, day: date) -> str:
        """The provision under which it is granted on a day."""
        if self.legal_basis.startswith("LSS"):
            return self.legal_basis
        return (self.legal_basis or "SoL 11:1") if day >= NEW_LAW_FROM else "SoL 4:1"


_OLD, _DISABLED, _FAMILY, _LSS = "Äldreomsorg", "Funktionsnedsättning", "IFO", "LSS"
_HOMES = "Bostad med särskild service"
_HOME_CARE = ("Egen regi", "Egen regi", "Nordmåla Hemtjänstgrupp", "Granmåla Omsorg i Nordmåla")
_ASSISTANCE = ("Nordmåla Assistansgrupp", "Egen regi")
_FOSTER = ("Egen regi", "Nordmåla Familjehemsstöd")
_TREATMENT = ("Nordmåla Behandlingscenter", "Egen regi")

OFFERS = (
    Offer("Hemtjänst", _OLD, "Hemtjänst Norr", SERVICE, 60, 1, providers=_HOME_CARE),
    Offer("Hemtjänst", _OLD, "Hemtjänst Söder", SERVICE, 55, 1, providers=_HOME_CARE),
    Offer("Trygghetslarm", _OLD, "Hemtjänst Norr", SERVICE, 22, 0),
    Offer("Ledsagning", _OLD, "Hemtjänst Söder", ASSIGNMENT, 8, 4),
    Offer("Särskilt boende", _OLD, "Särskilt boende Ekbacken", HOUSING, 28, 24),
    Offer("Korttidsboende", _OLD, "Korttidsvård och dagverksamhet", HOUSING, 22, 3),
    Offer("Dagverksamhet", _OLD, "Korttidsvård och dagverksamhet", SERVICE, 18, 5),
    Offer("Boendestöd", _DISABLED, "Ledsagning och kontaktpersoner", SERVICE, 22, 8),
    Offer("Kontaktperson", _DISABLED, "Ledsagning och kontaktpersoner", ASSIGNMENT, 6, 8),
    Offer("Sysselsättning", _DISABLED, "Daglig verksamhet", SERVICE, 8, 4),
    Offer("Personlig assistans", _LSS, "Ledsagning och kontaktpersoner", SERVICE, 7, 2, "LSS 9:2", _ASSISTANCE),
    Offer("Ledsagarservice", _LSS, "Ledsagning och kontaktpersoner", ASSIGNMENT, 8, 9, "LSS 9:3"),
    Offer("Kontaktperson", _LSS, "Ledsagning och kontaktpersoner", ASSIGNMENT, 8, 20, "LSS 9:4"),
    Offer("Avlösarservice i hemmet", _LSS, "Korttidsvistelse och avlösning", ASSIGNMENT, 6, 6, "LSS 9:5"),
    Offer("Korttidsvistelse", _LSS, "Korttidsvistelse och avlösning", HOUSING, 9, 8, "LSS 9:6"),
    Offer("Korttidstillsyn", _LSS, "Korttidsvistelse och avlösning", SERVICE, 6, 1, "LSS 9:7"),
    Offer(f"{_HOMES} för barn och unga", _LSS, "Grupp- och servicebostäder", HOUSING, 2, 3, "LSS 9:8"),
    Offer(f"{_HOMES} för vuxna", _LSS, "Grupp- och servicebostäder", HOUSING, 14, 26, "LSS 9:9"),
    Offer("Daglig verksamhet", _LSS, "Daglig verksamhet", SERVICE, 20, 7, "LSS 9:10"),
    Offer("Öppenvård", _FAMILY, "Vuxna och boende", SERVICE, 18, 4, providers=_TREATMENT),
    Offer("Träningslägenhet", _FAMILY, "Vuxna och boende", HOUSING, 6, 8),
    Offer("Stödboende", _FAMILY, "Vuxna och boende", HOUSING, 6, 3, providers=("Nordmåla Stödboende", "Egen regi")),
    Offer("Kontaktperson", _FAMILY, "Barn och unga", ASSIGNMENT, 9, 10),
    Offer("Familjebehandling", _FAMILY, "Barn och unga", SERVICE, 14, 3),
    Offer("Kontaktfamilj", _FAMILY, "Familjehem och kontaktfamiljer", ASSIGNMENT, 7, 13, providers=_FOSTER),
    Offer("Familjehem", _FAMILY, "Familjehem och kontaktfamiljer", HOUSING, 7, 4, providers=_FOSTER),
    Offer("Ekonomiskt bistånd", _FAMILY, "Ekonomiskt bistånd", SERVICE, 26, 1, "SoL 12:1", providers=("",)),
)

# Codes of the list of reasons with their weights: those of the kind of insats, then those that fit any.
REASONS: dict[str, dict[str, int]] = {
    HOUSING: {"RES_BOSTAD": 34, "MATCH": 8},
    ASSIGNMENT: {"RES_UPPDRAG": 30, "MATCH": 10, "PERSONAL": 4},
    SERVICE: {"PERSONAL": 20, "RES_UPPDRAG": 8, "ANNAN_INSATS": 4},
}
COMMON_REASONS = {
    "NEJ": 14, "VANTAR_ENSKILD": 10, "HALSA": 6, "SLUTENVARD": 4, "KONTAKT": 5,
    "ADM_FEL": 3, "ANNAN_NAMND": 3, "EXTERN": 2, "OVRIGT": 1,
}  # fmt: skip
FREE_REASONS = {
    HOUSING: (
        "Plats erbjuden, svar inväntas.",
        "Bostaden renoveras och väntas bli ledig nästa kvartal.",
        "Ny bostad byggs, inflyttning planerad.",
        "Tackat nej till två erbjudanden, önskar plats i annan del av kommunen.",
    ),
    ASSIGNMENT: (
        "Rekrytering pågår, två intervjuer genomförda.",
        "Uppdragstagaren lämnade uppdraget före start, ny söks.",
        "Önskar uppdragstagare med särskilda språkkunskaper.",
    ),
    SERVICE: (
        "Uppstartsmöte inbokat men inställt, ny tid söks.",
        "Utföraren har sagt upp avtalet, ny utförare anlitas.",
        "Kö till verksamheten, plats väntas inom två månader.",
    ),
}
CLOSE_REASONS = {
    "Återtagen": 30, "Behovet har upphört": 22, "Ersatt av annan insats": 22,
    "Kontakt har upphört": 8, "Flyttat": 8, "Avliden": 6, "Beslutet har upphört": 4,
}  # fmt: skip
