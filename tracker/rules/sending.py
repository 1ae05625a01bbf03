"""What is told IVO of one clock, in how many individrapporter, and which days can belong to them?

Sources: 34 kap. 1 and 2 §§ socialtjänstlagen (2025:400), 28 f and 28 g §§ lagen (1993:387): what has not been executed
within three months is reported, and when it has been executed that is told too. IVO on its e-service: an individrapport
for each decision or interruption, of one of four types; executions and closings can be sent on any day.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum

from tracker.rules.calendar import in_words
from tracker.rules.errors import RuleViolation
from tracker.rules.identity import sex_of
from tracker.rules.unexecuted import ClockKind, ClockState, ReportClass


class IvoType(StrEnum):
    """The types of an individrapport, in the order in which they are worked through."""

    NEW = "ny"
    STILL = "fortfarande"
    EXECUTED = "verkstalld"
    CLOSED = "avslutad"

    @property
    def is_final(self) -> bool:
        """Whether IVO asks no more about the clock once this has been sent."""
        return self in {IvoType.EXECUTED, IvoType.CLOSED}


class MatterKind(StrEnum):
    """What IVO, or a court, sends back about a decision."""

    REQUEST = "yttrande"
    DECISION = "beslut"
    FEE = "avgift"
    JUDGMENT = "dom"
    OTHER = "annat"


class Field(StrEnum):
    """A field of the individrapport, in the order of IVO's form."""

    MUNICIPALITY = "kommun"
    COMMITTEE = "namnd"
    TYPE = "rapporttyp"
    QUARTER = "kvartal"
    PERSON = "person"
    SEX = "kon"
    PROTECTED = "skyddad"
    LEGAL_BASIS = "lagrum"
    AREA = "omrade"
    INTERVENTION = "insats"
    DECIDED_ON = "beslutsdatum"
    INTERRUPTED_ON = "avbrottsdatum"
    DELAY = "skal"
    MEASURES = "atgarder"
    MEANWHILE = "konsekvenser"
    PLANNED_ON = "planerat"
    EXECUTED_ON = "verkstalld"
    CLOSED_ON = "avslutad"
    CLOSE_REASON = "avslutsorsak"
    INFORMATION = "upplysning"


OF_PERSON = (
    Field.MUNICIPALITY, Field.COMMITTEE, Field.TYPE, Field.QUARTER, Field.PERSON, Field.SEX, Field.PROTECTED,
)  # fmt: skip
OF_DECISION = (Field.LEGAL_BASIS, Field.AREA, Field.INTERVENTION, Field.DECIDED_ON)
OF_WAITING = (Field.DELAY, Field.MEASURES, Field.MEANWHILE, Field.PLANNED_ON)
FREE_TEXTS = frozenset({Field.DELAY, Field.MEASURES, Field.MEANWHILE, Field.INFORMATION})

_TYPES = {
    ReportClass.NEW: (IvoType.NEW,),
    ReportClass.STILL_UNEXECUTED: (IvoType.STILL,),
    ReportClass.EXECUTED: (IvoType.EXECUTED,),
    ReportClass.CLOSED: (IvoType.CLOSED,),
    ReportClass.LATE_EXECUTED: (IvoType.NEW, IvoType.EXECUTED),
    ReportClass.LATE_CLOSED: (IvoType.NEW, IvoType.CLOSED),
}


def types_of(stood_as: ReportClass) -> tuple[IvoType, ...]:
    """The individrapporter that a clock needs which stood so in the quarterly report, in the order of sending.

    IVO takes an execution of what it knows: a clock that ended late without having been reported is sent as new first.
    `late_executed` gives (ny, verkstalld).
    """
    return _TYPES[stood_as]


def types_afterwards(state: ClockState) -> tuple[IvoType, ...]:
    """The individrapporter of a clock that no report has held and that has ended; an open one gives only (ny,)."""
    if state is ClockState.OPEN:
        return (IvoType.NEW,)
    return (IvoType.NEW, IvoType.EXECUTED if state is ClockState.EXECUTED else IvoType.CLOSED)


def fields_of(ivo_type: IvoType, clock: ClockKind) -> tuple[Field, ...]:
    """The fields that IVO asks for in such an individrapport, in the form's order; the last is the box for other words.

    Of an interruption both days are asked for: 34 kap. 1 § wants the decision's day whichever clock runs.
    """
    interrupted = (Field.INTERRUPTED_ON,) if clock is ClockKind.INTERRUPTION else ()
    if ivo_type is IvoType.EXECUTED:
        own: tuple[Field, ...] = (Field.EXECUTED_ON,)
    elif ivo_type is IvoType.CLOSED:
        own = (Field.CLOSED_ON, Field.CLOSE_REASON)
    else:
        own = OF_WAITING
    return (*OF_PERSON, *OF_DECISION, *interrupted, *own, Field.INFORMATION)


def check_sent_on(sent_on: date, earliest: date, today: date) -> None:
    """Raises RuleViolation for a day on which the individrapport cannot have been sent.

    `earliest` is the day of what it tells: the decision's or interruption's, or the execution's or closing's. Decided
    2021-07-29: sent on 2021-07-28 is refused, on 2021-07-29 it is not; tomorrow always is.
    """
    if sent_on > today:
        raise RuleViolation("sent_future", "Datumet ligger i framtiden. Skriv den dag då rapporten sändes.", "sand_den")
    if sent_on < earliest:
        raise RuleViolation(
            "sent_before",
            f"Datumet ligger före {in_words(earliest)}, då det som rapporten säger hände. Rätta datumet.",
            "sand_den",
        )


def matter_contradictions(
    received_on: date, answer_by: date | None, answered_on: date | None, decided_on: date, today: date
) -> Iterator[RuleViolation]:
    """What cannot be about a matter's days: each violation names its field (mottagen, svara_senast, besvarad)."""
    if received_on > today:
        yield RuleViolation("received_future", "Datumet ligger i framtiden. Rätta datumet.", "mottagen")
    elif received_on < decided_on:
        yield RuleViolation(
            "received_before", f"Datumet ligger före beslutsdatum {in_words(decided_on)}. Rätta datumet.", "mottagen"
        )
    if answer_by is not None and answer_by < received_on:
        yield RuleViolation(
            "answer_before", "Sista dag att svara ligger före den dag då det kom. Rätta det som är fel.", "svara_senast"
        )
    if answered_on is not None and answered_on > today:
        yield RuleViolation("answered_future", "Datumet ligger i framtiden. Rätta datumet.", "besvarad")
    elif answered_on is not None and answered_on < received_on:
        yield RuleViolation(
            "answered_before", "Svaret ligger före den dag då det kom. Rätta det som är fel.", "besvarad"
        )


def remarks(ivo_type: IvoType, fields: Mapping[Field, str], sex: str | None) -> Iterator[tuple[Field, str]]:
    """What IVO would ask about in an individrapport: the field, and in Swedish what to do.

    `fields` holds the texts as they are to be sent, `sex` is the register's. Without a personnummer or T-number IVO
    takes none; its right sign tells the sex.
    """
    person = fields.get(Field.PERSON, "")
    if not person:
        yield Field.PERSON, "Personnummer saknas. Skriv in det i beslutet, eller ge personen ett T-nummer."
    elif sex is not None and sex_of(person) != sex:
        yield Field.SEX, f"Numret säger {sex_of(person)} men registret {sex}. Kontrollera vilket som är fel."
    asked = {
        Field.LEGAL_BASIS: "Lagrum saknas i beslutet.",
        Field.AREA: "Verksamhetsområde saknas i beslutet.",
        Field.DELAY: "Skäl till dröjsmålet saknas. Skriv kort varför beslutet inte är verkställt.",
        Field.EXECUTED_ON: "Registret säger inte att beslutet är verkställt. Kontrollera innan du sänder.",
        Field.CLOSED_ON: "Registret säger inte att beslutet är avslutat. Kontrollera innan du sänder.",
        Field.CLOSE_REASON: "Anledningen till avslutet saknas.",
    }
    own = {IvoType.EXECUTED: {Field.EXECUTED_ON}, IvoType.CLOSED: {Field.CLOSED_ON, Field.CLOSE_REASON}}
    wanted = {Field.LEGAL_BASIS, Field.AREA} | own.get(ivo_type, {Field.DELAY})
    for field, message in asked.items():
        if field in wanted and not fields.get(field):
            yield field, message
