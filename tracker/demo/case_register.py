"""Filling the demonstration with three years of avvikelser, lex Sarah-rapporter and synpunkter: what is older from
files, what is newer by the steps that the demonstration's users have taken.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select

from tracker.accounts.models import Unit, User
from tracker.audit.acting import Actor, acting_as
from tracker.cases.bringing_in import import_cases
from tracker.cases.importing import (
    COMPLAINT_COLUMNS,
    DEVIATION_COLUMNS,
    LEX_SARAH_COLUMNS,
    CaseLine,
    parse_complaints,
    parse_deviations,
    parse_lex_sarah,
)
from tracker.cases.registers import COMPLAINTS, DEVIATIONS, LEX_SARAH, REGISTERS, CaseRegister
from tracker.cases.services import Finding, Given, Report, assess_deviation, report_case, take_step
from tracker.cases.single import find_case
from tracker.cases.texts import INVESTIGATION, Section, write_words
from tracker.database import db
from tracker.demo.case_rows import Row, complaint_rows, deviation_rows, lex_sarah_rows
from tracker.demo.case_stories import STORIES, Story, Taken
from tracker.demo.case_words import ANSWERS, CAUSES, FOLLOWED_UP, INVESTIGATION_WORDS, MOTIVATIONS
from tracker.demo.cases import office_days
from tracker.demo.municipality import MANAGED_UNIT
from tracker.demo.tables import as_table
from tracker.exchange.errors import Collector
from tracker.exchange.table import Table
from tracker.records.models import CodeList, RecordKind
from tracker.records.scope import EVERY_RECORD
from tracker.records.services import code_ids
from tracker.records.yearly import Importer
from tracker.rules.case_workflow import CaseKind, CaseStep
from tracker.rules.permissions import Role
from tracker.rules.trail import ActorKind

SHUT_DAYS = timedelta(days=14)  # an office is never shut for longer
RECEIVER = {"receiver_kind": "utforare", "receiver": "Solgården Omsorg AB", "sent_by": "post"}
COMMENTS = {
    CaseStep.MAKE_LEX_SARAH: "Den boende for illa, och det hade kunnat bli värre. Det kan vara ett missförhållande.",
    CaseStep.HAND_OVER: "Verksamheten drivs av en privat utförare, som utreder själv. Skickat till utföraren.",
    CaseStep.NOTIFY_IVO: "Dnr 3.1.2-08114",
    CaseStep.INFORM_PERSON: "Samtal hemma hos den enskilde, med en närstående på dennes begäran.",
    CaseStep.TELL_REPORTER: "Det var ett missförhållande. Rutinen är ändrad och gruppen går igenom den tillsammans.",
    CaseStep.CLOSE: "Tack för rapporten. Rutinen är ändrad, och alla i gruppen har gått igenom den.",
    CaseStep.CLOSE_UNANSWERED: "Anonym, och ingen väg att svara. Fastighetsägaren är underrättad.",
}
_FILES: tuple[tuple[CaseRegister, Callable[[date], list[Row]], Sequence[str], Callable[..., list[CaseLine]]], ...] = (
    (DEVIATIONS, deviation_rows, tuple(DEVIATION_COLUMNS), parse_deviations),
    (LEX_SARAH, lex_sarah_rows, tuple(LEX_SARAH_COLUMNS), parse_lex_sarah),
    (COMPLAINTS, complaint_rows, tuple(COMPLAINT_COLUMNS), parse_complaints),
)


def load_cases(home_unit_id: int, today: date, now: datetime) -> None:
    """The three registers, in the caller's transaction; the same for one day."""
    for register, rows, columns, parse in _FILES:
        collector = Collector()
        table: Table = as_table(rows(today), columns)
        lines = parse(table, collector)
        import_cases(register, lines, Importer(home_unit_id), collector, now, today, makes_units=False)
    _Telling(today).tell(STORIES)


class _Telling:
    """The users and units of the demonstration, and its stories as these have lived them."""

    def __init__(self, today: date) -> None:
        self._today = today
        self._units = {name: unit_id for unit_id, name in db.session.execute(select(Unit.id, Unit.name))}
        users = db.session.execute(select(User.id, User.email))
        self._users = {Role(email.split("@")[0]): user_id for user_id, email in users}
        self._categories = code_ids(CodeList.DEVIATION_CATEGORY)
        self._causes = sorted(code_ids(CodeList.DEVIATION_CAUSE).values())

    def tell(self, stories: Sequence[Story]) -> None:
        """Reports each and takes its steps."""
        for number, story in enumerate(stories):
            record_id = self._report(story, number)
            self._go_through(story, record_id, number)

    def _day(self, story: Story, after: int = 0) -> date:
        """The office day on which something was done, or the nearest before it."""
        day = min(self._today - timedelta(days=story.days_ago - after), self._today)
        return office_days(day - SHUT_DAYS, day)[-1]

    def _report(self, story: Story, number: int) -> int:
        day = self._day(story)
        columns: dict[str, object] = {}
        if story.kind is CaseKind.DEVIATION:
            columns = {"category_id": self._categories[story.sort], "severity": story.severity, "kind": "händelse"}
            columns["law_area"] = "LSS" if story.unit == MANAGED_UNIT else "SoL"
        elif story.kind is CaseKind.LEX_SARAH:
            columns = {"law": story.sort}
        else:
            columns = {"kind": story.sort}
        words = {Section.WHAT: story.what, Section.AT_ONCE: story.at_once}
        outside = story.kind is CaseKind.COMPLAINT
        happened_on = None if outside else day - timedelta(days=number % 2)
        by = None if outside else self._users[Role.EMPLOYEE if story.unit == MANAGED_UNIT else Role.CASE_OFFICER]
        register = REGISTERS[RecordKind(story.kind.value)]
        persons = (story.person,) if story.person else ()
        given = Report(register, self._units[story.unit], happened_on, words, persons, columns)
        with acting_as(_actor(by)):
            record_id, _ = report_case(given, by, story.contact, _at(day, 8), day)
        return record_id

    def _go_through(self, story: Story, record_id: int, number: int) -> None:
        headings = INVESTIGATION[: story.written]
        for hour, taken in enumerate(story.steps, start=9):
            if taken.step is CaseStep.COMPLETE:
                self._write(record_id, headings, number, _at(self._day(story, taken.after), hour))
                headings = ()
            self._step(story, record_id, taken, number, hour)
        if headings:
            self._write(record_id, headings, number, _at(self._day(story, story.steps[-1].after + 3), 14))

    def _write(self, record_id: int, headings: Sequence[Section], number: int, at: datetime) -> None:
        for section in headings:
            said = INVESTIGATION_WORDS[section]
            write_words(record_id, section, said[number % len(said)], self._users[Role.INVESTIGATOR], at)

    def _step(self, story: Story, record_id: int, taken: Taken, number: int, hour: int) -> None:
        register = REGISTERS[RecordKind(story.kind.value)]
        row = find_case(register, record_id, EVERY_RECORD)
        if row is None:
            raise LookupError(record_id)
        day, by = self._day(story, taken.after), self._users[_role(story, taken.step)]
        if (
            story.kind is CaseKind.DEVIATION
            and taken.step in {CaseStep.ACT, CaseStep.CLOSE}
            and row["cause_id"] is None
        ):
            cause = self._causes[number % len(self._causes)]
            finding = Finding({"cause_id": cause, "likelihood": 1 + number % 4}, CAUSES[number % len(CAUSES)])
            with acting_as(_actor(by)):
                assess_deviation(row, row["version"], finding, by, _at(day, hour))
            row |= {"version": row["version"] + 1, **finding.columns}
        comment = COMMENTS.get(taken.step, "")
        if taken.step is CaseStep.ANSWER:
            comment = ANSWERS[number % len(ANSWERS)]
        if taken.step is CaseStep.FOLLOW_UP:
            comment = FOLLOWED_UP[number % len(FOLLOWED_UP)]
        given = Given(
            day, comment, taken.degree, MOTIVATIONS[taken.degree] if taken.degree else "",
            self._users[Role.INVESTIGATOR] if taken.step is CaseStep.ASSIGN else None, other=RECEIVER,
        )  # fmt: skip
        with acting_as(_actor(by)):
            take_step(register, row, row["version"], taken.step, given, by, _at(day, hour), day)


def _actor(user_id: int | None) -> Actor:
    return Actor(ActorKind.ANONYMOUS) if user_id is None else Actor(ActorKind.USER, user_id)


def _role(story: Story, step: CaseStep) -> Role:
    """Who takes a step: of a lex Sarah-rapport the ansvarig, or the utredare; of others the unit's manager where there
    is one in the demonstration, else the quality lead.
    """
    if story.kind is CaseKind.LEX_SARAH:
        return Role.INVESTIGATOR if step in {CaseStep.COMPLETE, CaseStep.INFORM_PERSON} else Role.LEX_SARAH_OFFICER
    return Role.MANAGER if story.unit == MANAGED_UNIT else Role.QUALITY_LEAD


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(min(hour, 20)), UTC)
