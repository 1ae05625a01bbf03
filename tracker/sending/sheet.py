"""What does one individrapport say, field by field, and what has changed since IVO was last told?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from sqlalchemy import Select, bindparam, select

from tracker.accounts.queries import user_names
from tracker.database import db
from tracker.decisions.ivo_models import IndividualReport
from tracker.decisions.ivo_sealing import AFTERWARDS, SENT_AS, TEXTS, open_fields
from tracker.decisions.models import Decision, DecisionClock
from tracker.decisions.notes import open_note
from tracker.decisions.writing import PERSON
from tracker.labels import IVO_TYPE_LABELS, SEX_LABELS
from tracker.records.models import Access, CodeList, Record
from tracker.records.queries import committee_name, kept_label
from tracker.records.scope import Scope, visible
from tracker.rules.identity import sex_of
from tracker.rules.quarters import Quarter
from tracker.rules.sending import FREE_TEXTS, Field, IvoType, fields_of, types_of
from tracker.rules.unexecuted import ClockKind, ClockState, ReportClass
from tracker.sending.queries import locked_for
from tracker.sending.register import waiting_of
from tracker.vault import vault

C, R = DecisionClock, IndividualReport
TEXT_PREFIX = "ord."
TYPE_OF_STATE = {ClockState.EXECUTED: IvoType.EXECUTED, ClockState.CLOSED: IvoType.CLOSED}
# What differs between two reports as they are two.
NOT_COMPARED = frozenset({Field.TYPE, Field.QUARTER, Field.MUNICIPALITY, Field.COMMITTEE})
OF_CLOCK = {ClockKind.DECISION: "ej verkställt beslut", ClockKind.INTERRUPTION: "avbrott"}
PROTECTED = "Personen har skyddade personuppgifter."


@dataclass(frozen=True, slots=True)
class Place:
    """Which individrapport: of which clock, for which quarter, of which type."""

    clock_id: int
    record_id: int
    quarter: Quarter
    ivo_type: IvoType


@dataclass(frozen=True, slots=True)
class Difference:
    """A field whose words in the register are no longer those that IVO was told."""

    field: Field
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Told:
    """An individrapport that has been sent: when, of which type, what the register said, and its words."""

    sent_on: date
    ivo_type: IvoType
    quarter: Quarter
    register: Mapping[str, str]
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One individrapport as it stands.

    `register` is what the register says now, `texts` the words to send: those saved for it, else the last that were
    sent, else the register's. `told` is what IVO was told last: by this one when it is sent, else by one before it.
    `version` is 0 while nothing is kept of it; `earliest` the first day on which it can have been sent.
    """

    place: Place
    ref: str
    kind: ClockKind
    register: dict[Field, str]
    texts: dict[str, str]
    sex: str | None
    told: Told | None
    earliest: date
    version: int = 0
    afterwards: str | None = None
    saved: bool = False
    taken_by: int | None = None
    taken_name: str = ""
    sent_on: date | None = None
    sent_name: str = ""
    new_unsent: bool = False

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields that IVO asks for."""
        return fields_of(self.place.ivo_type, self.kind)

    @property
    def shown(self) -> dict[Field, str]:
        """Each field's words: as they were sent when it is sent, else as they are to be."""
        texts: Mapping[str, str] = self.texts
        register: Mapping[str, str] = {field.value: words for field, words in self.register.items()}
        if self.sent_on and self.told:
            texts, register = self.told.texts, self.told.register
        return {field: (texts if field in FREE_TEXTS else register).get(field, "") for field in self.fields}

    @property
    def differences(self) -> list[Difference]:
        """What the register says otherwise than when IVO was told."""
        if self.told is None:
            return []
        was = self.told.register
        return [
            Difference(field, was[field], self.register[field])
            for field in self.fields
            if field not in NOT_COMPARED and field in was and was[field] != self.register[field]
        ]


def snapshot(register: Mapping[Field, str], texts: Mapping[str, str]) -> dict[str, str]:
    """All that an individrapport said, as it is kept when it is sent."""
    return {field.value: words for field, words in register.items()} | {
        TEXT_PREFIX + name: words for name, words in texts.items()
    }


_KEPT = select(R).where(R.clock_id == bindparam("clock_id")).order_by(R.sent_on, R.id)


@lru_cache(maxsize=200)
def _clock_statement(scope: Scope) -> Select[DecisionClock, Decision, Record]:
    """The clock, its decision and its record, when the reader may see them; bind `clock_id`."""
    return (
        select(C, Decision, Record)
        .join(Decision, Decision.record_id == C.decision_id)
        .join(Record, Record.id == C.decision_id)
        .where(C.id == bindparam("clock_id"), visible(C.decision_id, C.unit_id, C.mark, scope))
    )


def find_sheet(quarter: Quarter, clock_id: int, ivo_type: IvoType, scope: Scope, municipality: str) -> Sheet | None:
    """The individrapport; None when the reader may not see the decision, or nothing of the sort is to be sent."""
    found = db.session.execute(_clock_statement(scope), scope.values | {"clock_id": clock_id}).first()
    if found is None:
        return None
    clock, decision, record = found
    kept = list(db.session.scalars(_KEPT, {"clock_id": clock_id}))
    mine = _mine(kept, quarter, ivo_type)
    needed = _stood_types(quarter, clock_id)
    if mine is None and ivo_type not in needed and not _ends_now(clock, quarter, ivo_type):
        return None
    place = Place(clock_id, decision.record_id, Quarter(mine.year, mine.number) if mine else quarter, ivo_type)
    register = _register(clock, decision, record, place, municipality)
    told = _told_last(kept, mine)
    words = open_fields(mine.texts, mine.id, TEXTS) if mine else None
    saved = {name: text for name, text in (words or {}).items() if name in FREE_TEXTS}
    ready = {field.value: register[field] for field in FREE_TEXTS if field in register}
    if told is not None:
        ready |= {name: text for name, text in told.texts.items() if name in ready}
    people = {one for one in ((mine.taken_by, mine.sent_by) if mine else ()) if one}
    names = user_names(people) if people else {}
    ended_on = clock.executed_on if ivo_type is IvoType.EXECUTED else clock.closed_on if ivo_type.is_final else None
    is_new_sent = any(one.sent_on and one.ivo_type == IvoType.NEW for one in kept)
    return Sheet(
        place, clock.ref, ClockKind(clock.kind), register, saved or ready, clock.sex, told,
        ended_on or clock.started_on,
        version=mine.version if mine else 0,
        afterwards=(words or {}).get(AFTERWARDS, "") if mine and mine.afterwards else None,
        saved=bool(saved),
        taken_by=mine.taken_by if mine else None,
        taken_name=names.get(mine.taken_by or 0, "") if mine else "",
        sent_on=mine.sent_on if mine else None,
        sent_name=names.get(mine.sent_by or 0, "") if mine else "",
        new_unsent=ivo_type.is_final and not is_new_sent and (IvoType.NEW in needed or bool(mine and mine.afterwards)),
    )  # fmt: skip


def _mine(kept: list[IndividualReport], quarter: Quarter, ivo_type: IvoType) -> IndividualReport | None:
    """The row of this individrapport; of an end there is one, whichever quarter it was begun in."""
    of_type = [one for one in kept if one.ivo_type == ivo_type]
    here = [one for one in of_type if (one.year, one.number) == (quarter.year, quarter.number)]
    return next(iter(here or (of_type if ivo_type.is_final else [])), None)


def _stood_types(quarter: Quarter, clock_id: int) -> tuple[IvoType, ...]:
    """The individrapporter that the newest locked version of the quarter asks for of a clock."""
    newest = locked_for(quarter, clock_id)
    return types_of(ReportClass(newest.stood_as)) if newest and newest.stood_as else ()


def _ends_now(clock: DecisionClock, quarter: Quarter, ivo_type: IvoType) -> bool:
    """Whether it is an end that can be sent on any day, of a clock that has been reported."""
    if clock.first_reported_on is None or clock.final_reported_on is not None:
        return False
    of_state = {state.value: found for state, found in TYPE_OF_STATE.items()}
    ended_on = clock.executed_on or clock.closed_on
    return of_state.get(clock.state) is ivo_type and ended_on is not None and Quarter.holding(ended_on) == quarter


def _told_last(kept: list[IndividualReport], mine: IndividualReport | None) -> Told | None:
    """What IVO was told by this individrapport when it is sent, else by the latest of the same clock."""
    sent = [one for one in kept if one.sent_on is not None]
    if mine is not None and mine.sent_on is not None:
        sent = [mine]
    if not sent or sent[-1].sent_on is None:
        return None
    latest = sent[-1]
    words = open_fields(latest.sent_as, latest.id, SENT_AS) or {}
    texts = {name.removeprefix(TEXT_PREFIX): text for name, text in words.items() if name.startswith(TEXT_PREFIX)}
    register = {name: text for name, text in words.items() if not name.startswith(TEXT_PREFIX)}
    quarter = Quarter(latest.year, latest.number)
    return Told(sent[-1].sent_on, IvoType(latest.ivo_type), quarter, register, texts)


def _register(
    clock: DecisionClock, decision: Decision, record: Record, place: Place, municipality: str
) -> dict[Field, str]:
    """What the register says now, of the fields that the type asks for."""
    sealed = decision.person_encrypted
    person = "" if sealed is None else vault.decrypt(sealed, decision.record_id, PERSON)
    sex = sex_of(person) if person else decision.sex
    kind, protected = ClockKind(clock.kind), record.access == Access.PROTECTED
    waiting = waiting_of(clock.id)
    reason = clock.delay_reason_id
    delay = kept_label(CodeList.DELAY_REASON, reason) if reason else open_note(clock.delay_note, clock.id)
    words = {
        Field.MUNICIPALITY: municipality,
        Field.COMMITTEE: committee_name(),
        Field.TYPE: f"{IVO_TYPE_LABELS[place.ivo_type]}, {OF_CLOCK[kind]}",
        Field.QUARTER: f"Kvartal {place.quarter.number} {place.quarter.year}",
        Field.PERSON: person,
        Field.SEX: SEX_LABELS[sex] if sex else "",
        Field.PROTECTED: "Ja" if protected else "Nej",
        Field.LEGAL_BASIS: decision.legal_basis or "",
        Field.AREA: decision.area or "",
        Field.INTERVENTION: kept_label(CodeList.INTERVENTION, decision.intervention_id),
        Field.DECIDED_ON: decision.decided_on.isoformat(),
        Field.INTERRUPTED_ON: clock.started_on.isoformat(),
        Field.DELAY: delay or "",
        Field.MEASURES: waiting.measures,
        Field.MEANWHILE: waiting.meanwhile,
        Field.PLANNED_ON: _iso(waiting.planned_on),
        Field.EXECUTED_ON: _iso(clock.executed_on),
        Field.CLOSED_ON: _iso(clock.closed_on),
        Field.CLOSE_REASON: clock.close_reason or "",
        Field.INFORMATION: PROTECTED if protected else "",
    }
    return {field: words[field] for field in fields_of(place.ivo_type, kind)}


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
