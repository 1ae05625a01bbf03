"""Which risks, kontrollmoment and stickprov does the demonstration hold? Three years, this one as far as it has come.

Pure: one day gives one list, under the column names of the imports. Everything is invented.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.rules.activities import ActivityStatus

Row = dict[str, str | date]
YEARS_TOLD = 3
WAITING_MOMENT = "K6"
PERIODS = {
    "månad": tuple(f"-{month:02}" for month in range(1, 13)),
    "kvartal": ("-K1", "-K2", "-K3", "-K4"),
    "tertial": ("-T1", "-T2", "-T3"),
    "halvår": ("-H1", "-H2"),
    "år": ("",),
}


@dataclass(frozen=True, slots=True)
class DemoRisk:
    """A risk; `weighed`: (sannolikhet, konsekvens) of each of the three years, None where it was not there."""

    ref: str
    area: str
    level: str
    text: str
    weighed: tuple[tuple[int, int] | None, ...]
    motivation: str
    handling: str


@dataclass(frozen=True, slots=True)
class DemoMoment:
    """A kontrollmoment; `deviating`: the share of each of the three years' checked that deviates, None where it was not
    carried out.
    """

    ref: str
    risk_ref: str
    name: str
    method: str
    frequency: str
    responsible: str
    population: int
    selected: int
    deviating: tuple[float | None, ...]
    dropouts: int = 0


_EXECUTION, _MONEY, _STAFF, _SECRECY = "Myndighetsutövning", "Ekonomi och inköp", "Personal", "Informationssäkerhet"
RISKS = (
    DemoRisk("R1", _EXECUTION, "nämnd", "Beslut verkställs inte i tid, vilket leder till att enskilda blir utan insats",
             ((4, 4), (4, 4), (3, 4)), "Ej verkställda beslut har minskat men finns kvar", "kontrollera"),
    DemoRisk("R2", _EXECUTION, "nämnd", "Journalen brister, vilket leder till att insatsen inte går att följa",
             ((4, 3), (3, 3), (3, 3)), "Återkommande i egenkontrollen", "kontrollera"),
    DemoRisk("R3", _EXECUTION, "enhet", "Beslut följs inte upp, vilket leder till insatser som inte längre passar",
             ((3, 3), (3, 3), (4, 3)), "Vakanser bland handläggarna", "kontrollera"),
    DemoRisk("R4", _STAFF, "kommunövergripande",
             "Registerutdrag begärs inte, vilket leder till att olämpliga anställs",
             ((2, 4), (3, 4), (3, 4)), "Många korta vikariat", "kontrollera"),
    DemoRisk("R5", _MONEY, "kommunövergripande", "Inköp görs utanför avtal, vilket leder till högre kostnader",
             ((3, 3), (3, 3), (2, 3)), "Nytt inköpssystem", "kontrollera"),
    DemoRisk("R6", _MONEY, "nämnd", "Ekonomiskt bistånd betalas ut på fel underlag, vilket leder till felaktiga belopp",
             ((3, 4), (3, 4), (3, 4)), "Hög andel nya handläggare", "kontrollera"),
    DemoRisk("R7", _SECRECY, "nämnd", "Obehöriga läser personakter, vilket leder till att sekretessen bryts",
             ((3, 4), (2, 4), (2, 4)), "Loggar granskas varje månad", "kontrollera"),
    DemoRisk("R8", _EXECUTION, "enhet", "Placerade barn besöks inte enligt plan, vilket leder till att de far illa",
             (None, (2, 4), (3, 4)), "Fler placeringar långt bort", "kontrollera"),
    DemoRisk("R9", _STAFF, "enhet", "Introduktionen uteblir, vilket leder till fel i arbetet",
             ((3, 2), (3, 2), (2, 2)), "Ny introduktion finns", "bevaka"),
    DemoRisk("R10", _MONEY, "nämnd", "Avtal löper ut obevakade, vilket leder till dyra tillfälliga lösningar",
             ((2, 3), (2, 3), None), "Avtalsdatabasen varnar nu", "acceptera"),
)  # fmt: skip
MOMENTS = (
    DemoMoment("K1", "R1", "Beslut som inte är verkställda inom tre månader är rapporterade", "registerkontroll",
               "kvartal", "Kvalitetsansvarig", 120, 20, (0.20, 0.10, 0.05)),
    DemoMoment("K2", "R2", "Journalen är förd utan dröjsmål och går att följa", "stickprov", "kvartal",
               "Metodutvecklare", 600, 25, (0.28, 0.20, 0.16), 1),
    DemoMoment("K3", "R3", "Biståndsbeslut är uppföljda inom ett år", "stickprov", "tertial",
               "Enhetschef myndighet", 480, 30, (0.30, 0.40, 0.43)),
    DemoMoment("K4", "R4", "Registerutdrag finns före anställning", "dokumentgranskning", "halvår",
               "HR-partner", 45, 20, (0.05, 0.10, 0.05), 1),
    DemoMoment("K5", "R5", "Inköp är gjorda inom ramavtal", "stickprov", "tertial", "Controller", 900, 40,
               (0.10, 0.075, 0.05)),
    DemoMoment("K6", "R6", "Utbetalningar av ekonomiskt bistånd har rätt underlag", "stickprov", "kvartal",
               "Enhetschef ekonomiskt bistånd", 1_100, 30, (0.20, 0.17, 0.13)),
    DemoMoment("K7", "R7", "Läsningar av personakter har ett skäl", "loggkontroll", "månad", "Enhetschef", 4_000, 10,
               (0.10, 0.0, 0.0)),
    DemoMoment("K8", "R8", "Placerade barn är besökta enligt plan", "dokumentgranskning", "halvår",
               "Enhetschef familjehem", 38, 15, (None, None, 0.20)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DemoActivity:
    """What is done about a risk beside controlling it. `years_back`: of which year; the day to report back by falls in
    it.
    """

    years_back: int
    ref: str
    risk_ref: str
    text: str
    responsible: str
    due: tuple[int, int]
    status: ActivityStatus
    analysis: str = ""


ACTIVITIES = (
    DemoActivity(1, "A1", "R1", "Väntande beslut gås igenom varje vecka", "Verksamhetschef", (10, 31),
                 ActivityStatus.DONE, "Färre beslut väntar, och ingen har glömts."),
    DemoActivity(1, "A2", "R4", "Mall för registerutdrag vid korta vikariat", "HR-partner", (6, 30),
                 ActivityStatus.STOPPED, "Ersatt av den kommungemensamma rutinen."),
    DemoActivity(0, "A1", "R3", "Påminnelser om uppföljning i verksamhetssystemet", "Systemförvaltare", (9, 30),
                 ActivityStatus.ONGOING),
    DemoActivity(0, "A2", "R6", "Introduktion om underlag för nya handläggare", "Enhetschef ekonomiskt bistånd",
                 (12, 15), ActivityStatus.NOT_STARTED),
)  # fmt: skip
NOT_DONE = "Underlaget gick inte att ta fram i det gamla systemet"
NOT_DONE_NEXT = "Görs om med ny metod nästa år"


def years_told(today: date) -> list[int]:
    """The years that the demonstration tells of, the oldest first."""
    return list(range(today.year - YEARS_TOLD + 1, today.year + 1))


def risk_rows(today: date) -> list[Row]:
    """The risks of the three years."""
    return [
        {
            "ar": str(year), "ref": risk.ref, "omrade": risk.area, "niva": risk.level, "risk": risk.text,
            "sannolikhet": str(weighed[0]), "konsekvens": str(weighed[1]), "motivering": risk.motivation,
            "hantering": risk.handling,
        }
        for place, year in enumerate(years_told(today))
        for risk in RISKS
        if (weighed := risk.weighed[place]) is not None
    ]  # fmt: skip


def moment_rows(today: date) -> list[Row]:
    """The kontrollmoment of the three years, each where its risk is."""
    there = {(row["ar"], row["ref"]) for row in risk_rows(today)}
    return [
        {
            "ar": str(year), "ref": moment.ref, "risk_ref": moment.risk_ref, "kontrollmoment": moment.name,
            "metod": moment.method, "frekvens": moment.frequency, "ansvarig": moment.responsible,
            "ej_genomford": NOT_DONE if moment.deviating[place] is None else "",
        }
        for place, year in enumerate(years_told(today))
        for moment in MOMENTS
        if (str(year), moment.risk_ref) in there
    ]  # fmt: skip


def sample_rows(today: date) -> list[Row]:
    """The stickprov of each period that has ended; of one kontrollmoment the newest is not in yet."""
    return list(_samples(today))


def _samples(today: date) -> Iterator[Row]:
    for place, year in enumerate(years_told(today)):
        for moment in MOMENTS:
            share = moment.deviating[place]
            if share is None:
                continue
            ended = [period for period in PERIODS[moment.frequency] if last_day(year, period) < today]
            if (moment.ref, year) == (WAITING_MOMENT, today.year):
                ended = ended[:-1]  # drawn, and waiting to be accepted
            for number, period in enumerate(ended, start=1):
                checked = moment.selected - moment.dropouts
                yield {
                    "ar": str(year), "kontroll_ref": moment.ref, "ref": f"P{number}", "period": f"{year}{period}",
                    "population": str(moment.population), "utvalda": str(moment.selected),
                    "bortfall": str(moment.dropouts), "avvikelser": str(round(checked * share)),
                }  # fmt: skip


def waiting_period(today: date) -> str | None:
    """The period of this year whose stickprov waits to be accepted: the newest that has ended; None where none has."""
    ended = [period for period in PERIODS["kvartal"] if last_day(today.year, period) < today]
    return f"{today.year}{ended[-1]}" if ended else None


def last_day(year: int, period: str) -> date:
    """The last day of a period as stickprov tell it: "" the year, -H1, -T1, -K1, -01."""
    if not period:
        return date(year, 12, 31)
    months = {"H": 6, "T": 4, "K": 3}.get(period[1])
    month = int(period[1:]) if months is None else int(period[2:]) * months
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
