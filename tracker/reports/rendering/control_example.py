"""What is a Word template of the follow-up tried on? A made-up year in which every field holds something, and an empty
one; and which fields are there?
"""

from datetime import date

from tracker.activity.queries import ActivityRow
from tracker.control.queries import MomentRow
from tracker.reports.rendering.control import Cover, activities_paper, control_paper
from tracker.reports.rendering.paper import MOST_ROWS, Paper
from tracker.risk.queries import Plan, RiskRow
from tracker.rules.activities import ActivityStatus
from tracker.rules.control_grading import Grade, Limits, Outcome, grade
from tracker.rules.control_texts import TextSection
from tracker.rules.risk_scoring import FOUR

YEAR = 2025
TITLE = f"Uppföljning av internkontrollplan {YEAR}"
COVER = Cover("Exempelstads kommun", "Socialnämnden i Exempelstad", date(2026, 2, 10))
_RISK = RiskRow(
    1, "R1", "Ekonomi", "nämnd", "Avtal följs inte, vilket leder till högre kostnader.", 3, 4, 12, "Stora inköp.", None
)
_ACTIVITY = ActivityRow(
    1, YEAR, "A1", "Nya rutiner för inköp", "ekonomichef", date(YEAR, 10, 31), ActivityStatus.DONE, date(YEAR, 9, 1),
    "Alla har gått utbildningen.", True, 1, "R1", None, None, False,
)  # fmt: skip
_RESULTS = {"K1": (20, 20, None), "K2": (20, 15, None), "K3": (20, 5, None), "K4": (0, 0, "Hanns inte.")}
CONTROL_FIELDS = (
    ("Om uppföljningen", "", (
        ("rubrik", "Rapportens rubrik"),
        ("kommun", "Kommunens namn, tomt om det inte är angivet"),
        ("namnd", "Nämndens namn, tomt om det inte är angivet"),
        ("lage", "UTKAST eller Låst version"),
        ("ar", "Året"),
        ("avstamning", "Dagen då filen gjordes eller låstes, som 2026-02-10"),
        ("avstamning_i_ord", "Samma dag i ord"),
        ("sammanfattning", "Lista med sammanfattningens stycken, årets mening först. De står i försättsbladet också"),
        ("alla", "Hur många kontrollmoment"),
        ("ar_rubriker", "Lista med de tre åren"),
        ("risker_not", "En mening om risker som inte visas, tom om alla visas"),
        ("brutto_not", "En mening om risker som inte är med på nettolistan, tom om alla är det"),
        ("aktiviteter_not", "En mening om aktiviteter som inte visas, tom om alla visas"),
        ("konsekvenser", "Lista med konsekvenserna, matrisens kolumner"),
        ("slutlig", "Lista med den slutliga analysens stycken"),
    )),
    ("Försättsbladet: for del in forsattsblad", "forsattsblad", (
        ("rubrik", "Avsnittets rubrik: Beslut, Sammanfattning, Ärendet och så vidare"),
        ("stycken", "Lista med avsnittets stycken"),
    )),
    ("Bedömningarna som tal: for rad in antal", "antal", (
        ("bedomning", "Bedömning med form och ord"),
        ("antal", "Hur många kontrollmoment som har den"),
    )),
    ("Tre år: for rad in trend", "trend", (
        ("moment", "Kontrollmoment"),
        ("ar", "Lista med bedömningen för vart och ett av åren"),
    )),
    ("Skrivna avsnitt: for del in delar", "delar", (
        ("rubrik", "Avsnittets rubrik"),
        ("stycken", "Lista med avsnittets stycken"),
    )),
    ("Riskerna: for rad in risker", "risker", (
        ("ref", "Beteckning"),
        ("risk", "Vad som kan hända"),
        ("s", "Sannolikhet"),
        ("k", "Konsekvens"),
        ("varde", "Riskvärde"),
        ("niva", "Nivå"),
        ("hantering", "Hantering"),
        ("motivering", "Motivering"),
    )),
    ("Riskmatrisen: for rad in matris", "matris", (
        ("sannolikhet", "Radens sannolikhet"),
        ("celler", "Lista med antal och nivå för varje konsekvens"),
    )),
    ("Årets kontroller risk för risk: for del in kontroller", "kontroller", (
        ("rubrik", "Risken med värde och nivå"),
        ("stycken", "Lista med riskens text i stycken, tom för kontrollmoment utan angiven risk"),
        ("moment", "Lista med riskens kontrollmoment, med samma fält som raderna i moment"),
    )),
    ("Årets kontroller i en lista: for rad in moment", "moment", (
        ("ref", "Beteckning"),
        ("moment", "Kontrollmoment"),
        ("risk", "Riskens beteckning"),
        ("granskade", "Antal granskade"),
        ("godkanda", "Antal godkända"),
        ("procent", "Följsamhet i procent"),
        ("bedomning", "Bedömning med form och ord"),
        ("noter", "Skäl och kommentar"),
    )),
    ("Årets aktiviteter: for rad in aktiviteter", "aktiviteter", (
        ("ref", "Beteckning"),
        ("aktivitet", "Vad som ska göras"),
        ("risk", "Riskens beteckning"),
        ("ansvarig", "Ansvarig"),
        ("senast", "Återrapporteras senast, som 2026-10-31"),
        ("status", "Status med form och ord"),
        ("analys", "Analys"),
    )),
    ("Analys: for del in analys", "analys", (
        ("rubrik", "Bedömningen och hur många som har den"),
        ("moment", "Lista med dess kontrollmoment"),
        ("stycken", "Lista med analysens stycken"),
    )),
)  # fmt: skip


def full_control_paper() -> Paper:
    """A kontrollmoment of each grade, a risk more than are listed, and a text in every section."""
    moments = [_moment(ref, *result) for ref, result in _RESULTS.items()]
    texts = dict.fromkeys(TextSection, "Ett stycke.")
    counts = [[0] * FOUR.size for _ in range(FOUR.size)]
    counts[_RISK.likelihood - 1][_RISK.consequence - 1] = 1
    risks = [_RISK] * (MOST_ROWS + 1) + [_RISK._replace(in_net=False, net_reason="Bevakas")]
    paper = control_paper(_plan(), moments, risks, counts, texts, title=TITLE, cover=COVER)
    paper |= activities_paper([_ACTIVITY] * (MOST_ROWS + 1))
    return paper | {name: paper[name][:1] for name in ("risker", "aktiviteter")}


def bare_control_paper() -> Paper:
    """A year without kontrollmoment, risks, texts, and names."""
    counts = [[0] * FOUR.size for _ in range(FOUR.size)]
    cover = Cover("", "", COVER.day)
    return control_paper(_plan(), [], [], counts, {}, title=TITLE, cover=cover) | activities_paper([])


def _plan() -> Plan:
    return Plan(YEAR, True, "followed_up", FOUR, Limits())


def _moment(ref: str, checked: int, approved: int, not_done: str | None) -> MomentRow:
    outcome, history = Outcome(checked, approved), dict.fromkeys(range(YEAR - 2, YEAR + 1), Grade.GOOD)
    return MomentRow(
        1, ref, "Stickprov av fakturor", 1, "R1", "stickprov", "kvartal", "ekonomichef", Limits(), not_done,
        not_done and "Görs om i höst.", "Se bilaga.", outcome, grade(outcome, Limits(), not_done), None, {**history},
    )  # fmt: skip
