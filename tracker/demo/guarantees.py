"""Filling the demonstration with three years of three guarantees, by the program's own services: most are kept, the
missed ones have become avvikelser and been looked into, one runs late and waits to be registered.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from sqlalchemy import select

from tracker.accounts.models import Unit, User
from tracker.audit.acting import Actor, acting_as
from tracker.cases.missed import find_miss
from tracker.cases.registers import DEVIATIONS
from tracker.cases.services import Finding, Given, assess_deviation, take_step
from tracker.cases.single import find_case
from tracker.database import db
from tracker.demo.case_words import CAUSES, LATE_INQUIRY
from tracker.demo.cases import office_days
from tracker.demo.municipality import MANAGED_UNIT
from tracker.guarantees.queries import GuaranteeRow, find_guarantee, find_occasion
from tracker.guarantees.services import Who, end_occasion, prolong_occasion, start_occasion
from tracker.records.models import CodeList
from tracker.records.scope import EVERY_RECORD
from tracker.records.services import code_ids
from tracker.rules.calendar import add_months
from tracker.rules.case_workflow import CaseStep
from tracker.rules.guarantees import due_day
from tracker.rules.permissions import Role
from tracker.rules.trail import ActorKind

YEARS_BACK = 3
CHILDREN, ADULTS = "Barn och unga", "Vuxna och boende"
LOOKED_INTO = timedelta(days=40)  # an older avvikelse has been closed
LATE_FOR = timedelta(days=20)
TOLD = "Tack för rapporten. Vi fördelar ärenden varje dag nu, också under ledigheter."


@dataclass(frozen=True, slots=True)
class Course:
    """How a guarantee is used: of which units in turn, every how many days, how many days it takes (at least, at most),
    and every which of them is missed.
    """

    slug: str
    units: tuple[str, ...]
    every: int
    takes: tuple[int, int]
    missed: int


COURSES = (
    Course("kontakt", (ADULTS, MANAGED_UNIT), 37, (1, 7), 15),
    Course("forhandsbedomning", (CHILDREN,), 31, (3, 13), 11),
    Course("barnutredning", (CHILDREN,), 45, (60, 112), 8),
)


def load_guarantees(today: date) -> None:
    """All of it, in the caller's transaction; the same for one day."""
    telling = _Telling(today)
    for course in COURSES:
        telling.tell(course)
    telling.late_one()
    telling.prolonged_one()


class _Telling:
    """The users and units of the demonstration, and its dice."""

    def __init__(self, today: date) -> None:
        self._today = today
        self._dice = Random(f"egenkoll {today} garantier")  # noqa: S311 - a demonstration is the same each time
        self._units = {name: unit_id for unit_id, name in db.session.execute(select(Unit.id, Unit.name))}
        users = db.session.execute(select(User.id, User.email))
        self._users = {Role(email.split("@")[0]): user_id for user_id, email in users}
        self._causes = sorted(code_ids(CodeList.DEVIATION_CAUSE).values())
        self._category = code_ids(CodeList.DEVIATION_CATEGORY)[LATE_INQUIRY]
        self._number = 0

    def tell(self, course: Course) -> None:
        """Begins and ends the occasions of a guarantee; what would end after today runs."""
        guarantee = _guarantee(course.slug)
        for index, start in enumerate(self._starts(course)):
            record_id = self._start(guarantee, course.units[index % len(course.units)], start)
            due = due_day(start, guarantee.limit)
            if index % course.missed == course.missed // 2:
                end = self._after(due, self._dice.randint(1, 18))
            else:
                end = min(self._after(start, self._dice.randint(*course.takes)), due)
            if end <= self._today:
                self._end(guarantee, record_id, end, late=end > due)

    def late_one(self) -> None:
        """A förhandsbedömning whose last day has passed, and which nobody has registered."""
        self._start(_guarantee("forhandsbedomning"), CHILDREN, self._before(self._today - LATE_FOR))

    def prolonged_one(self) -> None:
        """A barnutredning that runs, and has been prolonged by two months."""
        guarantee, start = _guarantee("barnutredning"), self._before(add_months(self._today, -4) - timedelta(days=7))
        record_id, day = self._start(guarantee, CHILDREN, start), self._after(start, 100)
        row = find_occasion(record_id, EVERY_RECORD)
        if row is not None:
            grounds = "Utlåtande från barn- och ungdomspsykiatrin väntas"
            prolong_occasion(
                guarantee, row, row.version, add_months(start, 6), day, grounds, self._who(Role.CASE_OFFICER, day)
            )  # fmt: skip

    def _starts(self, course: Course) -> Iterator[date]:
        day = add_months(self._today, -12 * YEARS_BACK) + timedelta(days=self._dice.randint(0, course.every))
        while day < self._today:
            yield self._before(day)
            day += timedelta(days=course.every)

    def _start(self, guarantee: GuaranteeRow, unit: str, day: date) -> int:
        self._number += 1
        with acting_as(self._actor(Role.CASE_OFFICER)):
            record_id, _ = start_occasion(
                guarantee,
                f"{day.year}-{4_000 + self._number}",
                self._units[unit],
                day,
                self._who(Role.CASE_OFFICER, day),
            )
        return record_id

    def _end(self, guarantee: GuaranteeRow, record_id: int, day: date, *, late: bool) -> None:
        row = find_occasion(record_id, EVERY_RECORD)
        if row is None:
            raise LookupError(record_id)
        cause = self._dice.choice(self._causes) if late else None
        with acting_as(self._actor(Role.CASE_OFFICER)):
            end_occasion(guarantee, row, row.version, day, cause, self._who(Role.CASE_OFFICER, day))
        if late and day < self._today - LOOKED_INTO:
            self._look_into(record_id, day)

    def _look_into(self, record_id: int, day: date) -> None:
        """The avvikelse of a missed one is received, investigated and closed by the quality lead."""
        miss = find_miss(record_id)
        if miss is None:
            raise LookupError(record_id)
        by = self._users[Role.QUALITY_LEAD]
        for days, step in ((2, CaseStep.RECEIVE), (6, CaseStep.INVESTIGATE), (30, CaseStep.CLOSE)):
            on, row = self._after(day, days), find_case(DEVIATIONS, miss.deviation_id, EVERY_RECORD)
            if row is None:
                raise LookupError(miss.deviation_id)
            comment = TOLD if step is CaseStep.CLOSE else ""
            with acting_as(self._actor(Role.QUALITY_LEAD)):
                if step is CaseStep.CLOSE:
                    finding = Finding({"category_id": self._category, "severity": 2}, self._dice.choice(CAUSES))
                    assess_deviation(row, row["version"], finding, by, _at(on))
                    row |= {"version": row["version"] + 1, **finding.columns}
                take_step(DEVIATIONS, row, row["version"], step, Given(on, comment), by, _at(on), on)

    def _before(self, day: date) -> date:
        """The office day itself, or the nearest before it."""
        return office_days(day - timedelta(days=14), day)[-1]

    def _after(self, day: date, days: int) -> date:
        """The first office day so many days after another."""
        return office_days(day + timedelta(days=days), day + timedelta(days=days + 14))[0]

    def _who(self, role: Role, day: date) -> Who:
        return Who(self._users[role], _at(day), day)

    def _actor(self, role: Role) -> Actor:
        return Actor(ActorKind.USER, self._users[role])


def _guarantee(slug: str) -> GuaranteeRow:
    found = find_guarantee(slug)
    if found is None:
        raise LookupError(slug)
    return found


def _at(day: date) -> datetime:
    return datetime.combine(day, time(10), UTC)
