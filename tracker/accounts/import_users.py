"""Bringing in a file of users: all rows or none; who is new gets a one-time code."""

from datetime import date, datetime

from sqlalchemy import select

from tracker.accounts.granting import change_person, change_role_end, grant_role
from tracker.accounts.importing import UserLine
from tracker.accounts.models import AdminRequest, RoleAssignment, Unit, User
from tracker.accounts.queries import find_user, find_user_by_id, unit_places
from tracker.accounts.reader import Reach
from tracker.accounts.services import create_units, create_user, ensure_top_unit, make_code
from tracker.database import db
from tracker.exchange.columns import LEAVE
from tracker.exchange.errors import Collector
from tracker.exchange.rows import Imported
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Role

COLUMNS = {"email": "epost", "name": "namn", "role": "roll", "unit": "enhet", "from_on": "fran", "to_on": "till"}
UNKNOWN_UNIT = "enheten är okänd eller utanför det du har tillgång till. Skriv en enhet som finns."


class UserImport:
    """One file's rows, saved one after another within the caller's transaction, under its lock."""

    def __init__(
        self, by: int | None, home_unit_id: int | None, reach: Reach, collector: Collector, today: date, now: datetime
    ) -> None:
        self.by, self.reach, self.collector = by, reach, collector
        self.today, self.now = today, now
        self.home = db.session.get_one(Unit, home_unit_id) if home_unit_id else ensure_top_unit()
        self.result = Imported()
        self.seen: dict[tuple[str, Role, int], int] = {}
        self.users: dict[str, User | None] = {}

    def run(self, lines: list[UserLine]) -> Imported:
        """Saves the rows. Raises ImportRefused with every place that is wrong; the caller then rolls back."""
        self._make_units(lines)
        for line in lines:
            try:
                self._row(line)
            except RuleViolation as violation:
                self.collector.add(line.number, COLUMNS.get(violation.field or "", "roll"), violation.message)
        self.collector.raise_if_any()
        return self.result

    def _make_units(self, lines: list[UserLine]) -> None:
        """On the command line, and for who reaches everything, a unit that is not there is made under the top."""
        known = unit_places()
        missing = [line.unit for line in lines if isinstance(line.unit, str) and line.unit not in known]
        if missing and self.reach.everything:
            names = list(dict.fromkeys(missing))
            try:
                create_units(names, ensure_top_unit())
            except RuleViolation as violation:
                self.collector.add(None, "enhet", violation.message)
                self.collector.raise_if_any()
            self.result.warnings += [f"ny enhet: {name}" for name in names]
        self.places = unit_places()

    def _row(self, line: UserLine) -> None:
        unit = self._unit(line)
        is_new, changed = False, False
        if line.email in self.users:
            user = self.users[line.email]
        else:
            user, is_new, changed = self._user(line)
            self.users[line.email] = user
        if user is None or unit is None:
            return
        if isinstance(line.role, Role):
            earlier = self.seen.setdefault((line.email, line.role, unit.id), line.number)
            if earlier != line.number:
                message = f"samma person, roll och enhet står redan på rad {earlier}. Ta bort en av dem."
                self.collector.add(line.number, "roll", message)
                return
            made, moved = self._role(user, line, line.role, unit)
            is_new, changed = is_new or made, changed or moved
        elif is_new:
            self.collector.add(line.number, "roll", "saknas. Skriv vilken roll personen ska ha.")
            return
        self.result.count(is_new, changed)

    def _unit(self, line: UserLine) -> Unit | None:
        if not isinstance(line.unit, str):
            return self.home
        found = self.places.get(line.unit)
        if found is None or not self.reach.covers(found[1]):
            self.collector.add(line.number, "enhet", UNKNOWN_UNIT)
            return None
        return db.session.get_one(Unit, found[0])

    def _user(self, line: UserLine) -> tuple[User | None, bool, bool]:
        """The row's user, whether they are new, and whether their name is; None, and noted, where none can be had."""
        user = find_user(line.email)
        if user is None:
            if not isinstance(line.name, str):
                self.collector.add(line.number, "namn", "saknas. Skriv personens namn.")
                return None, False, False
            user = create_user(line.email, line.name, None, self.now)
            self.result.codes.append((user.email, make_code(user, self.now)))
            return user, True, False
        if find_user_by_id(user.id, self.reach) is None:
            self.collector.add(line.number, "epost", "adressen används redan, utanför det du har tillgång till.")
            return None, False, False
        changed = isinstance(line.name, str) and change_person(user, user.email, line.name)
        return user, False, changed

    def _role(self, user: User, line: UserLine, role: Role, unit: Unit) -> tuple[bool, bool]:
        """Whether the row gave (or asked for) a role, and whether it changed the last day of one."""
        held = db.session.scalars(
            select(RoleAssignment)
            .where(RoleAssignment.user_id == user.id, RoleAssignment.role == role, RoleAssignment.unit_id == unit.id)
            .order_by(RoleAssignment.from_on)
        ).all()
        found = self._same(list(held), line)
        if found is None:
            return self._give(user, line, role, unit), False
        to_on = found.to_on if line.to_on is LEAVE else None
        if isinstance(line.to_on, date):
            to_on = line.to_on
        if to_on == found.to_on:
            return False, False
        if self._asked(user, role, unit):
            return False, False
        if not change_role_end(user, found.id, to_on, self.by, self.now, self.today):
            self._tell_asked(line)
        return False, True

    def _same(self, held: list[RoleAssignment], line: UserLine) -> RoleAssignment | None:
        """The role that the row is about: the one from the same day, else the one that has not ended, else one that
        ended on the row's last day.
        """
        if isinstance(line.from_on, date):
            return next((one for one in held if one.from_on == line.from_on), None)
        live = [one for one in held if one.to_on is None or one.to_on >= self.today]
        return next(iter(live), None) or next((one for one in held if one.to_on == line.to_on), None)

    def _give(self, user: User, line: UserLine, role: Role, unit: Unit) -> bool:
        if self._asked(user, role, unit):
            return False
        from_on = line.from_on if isinstance(line.from_on, date) else self.today
        to_on = line.to_on if isinstance(line.to_on, date) else None
        if not grant_role(user, role, unit, (from_on, to_on), self.by, self.now):
            self._tell_asked(line)
        return True

    def _asked(self, user: User, role: Role, unit: Unit) -> bool:
        """Whether the role has been asked for already and waits: a file that says it again changes nothing."""
        waiting = select(AdminRequest.id).where(
            AdminRequest.approved.is_(None),
            AdminRequest.user_id == user.id,
            AdminRequest.role == role,
            AdminRequest.unit_id == unit.id,
        )
        return self.by is not None and db.session.scalar(waiting.limit(1)) is not None

    def _tell_asked(self, line: UserLine) -> None:
        self.result.warnings.append(f"rad {line.number}: rollen är begärd och väntar på en annan administratör.")
