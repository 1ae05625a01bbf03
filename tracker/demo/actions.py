"""Filling the demonstration with actions of its cases and risks: late, soon, going on, to be followed up, and done."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Select, select

from tracker.accounts.models import User
from tracker.actions.services import add_action, tell_effect, tell_progress
from tracker.cases.models import Deviation, LexSarahReport
from tracker.database import db
from tracker.records.models import Record
from tracker.records.yearly import Importer
from tracker.risk.models import Risk
from tracker.rules.actions import Effect
from tracker.rules.case_workflow import CaseState
from tracker.rules.permissions import Role

MANAGER, LEAD, OFFICER = Role.MANAGER, Role.QUALITY_LEAD, Role.LEX_SARAH_OFFICER


class Planned(NamedTuple):
    """An action: of which kind of record and which of them, what, whose, decided so many days ago, due so many days
    from now, carried out so many days ago (None: not yet), and what it gave as another told.
    """

    source: str
    place: int
    text: str
    owner: Role
    decided: int
    due: int
    done: int | None = None
    effect: Effect | None = None


ACTIONS = (
    Planned("deviation", 0, "Gå igenom rutinen för larm med alla arbetslag", MANAGER, 50, -9),
    Planned("deviation", 0, "Skriv in larmprovet i introduktionen för nya", MANAGER, 50, 6),
    Planned("deviation", 1, "Ordna två nycklar till varje lägenhet", MANAGER, 40, -2),
    Planned("deviation", 2, "Följ upp signeringslistorna varje vecka", LEAD, 30, 20),
    Planned("lex_sarah", 0, "Fördela ärenden varje morgon, också under semestrar", MANAGER, 35, 11),
    Planned("lex_sarah", 1, "Ny checklista för överlämning mellan utförare", OFFICER, 60, -20, 25),
    Planned("lex_sarah", 2, "Utbilda arbetsledarna i rapporteringsskyldigheten", OFFICER, 90, -30, 40, Effect.ACHIEVED),
    Planned("risk", 0, "Ta fram vikarielista för kvällar och helger", MANAGER, 70, 25),
    Planned("risk", 1, "Byt till attest av två i faktureringen", LEAD, 120, -45, 60, Effect.PARTLY),
)  # fmt: skip
WAITING = (CaseState.ACTING, CaseState.FOLLOWED_UP, CaseState.INVESTIGATING)
DECIDED = (CaseState.DECIDED, CaseState.ACTING, CaseState.FOLLOWED_UP)


def load_actions(top_id: int, today: date) -> int:
    """All of them, in the caller's transaction; the same for one day. Gives how many."""
    sources = {
        "deviation": _ids(select(Deviation.record_id).where(Deviation.state.in_(WAITING)).order_by(Deviation.ref)),
        "lex_sarah": _ids(
            select(LexSarahReport.record_id).where(LexSarahReport.state.in_(DECIDED)).order_by(LexSarahReport.ref)
        ),
        "risk": _ids(select(Risk.record_id).where(Risk.year == today.year).order_by(Risk.ref)),
    }
    users = {Role(email.split("@")[0]): (uid, name) for uid, email, name in db.session.execute(_USERS)}
    made = 0
    for planned in ACTIONS:
        found = sources[planned.source]
        if found:
            _make(planned, found[planned.place % len(found)], Importer(home_unit_id=top_id), users, today)
            made += 1
    return made


_USERS = select(User.id, User.email, User.name)


def _ids(statement: Select[Any]) -> list[int]:
    return list(db.session.scalars(statement))


def _make(
    planned: Planned, source_id: int, importer: Importer, users: dict[Role, tuple[int, str]], today: date
) -> None:
    decided = today - timedelta(days=planned.decided)
    said = {
        "text": planned.text, "responsible_name": users[planned.owner][1], "decided_on": decided,
        "due_on": today + timedelta(days=planned.due),
    }  # fmt: skip
    action_id = add_action(source_id, said, importer, decided, _at(decided))
    owner_id = users[planned.owner][0]
    if planned.done is not None:
        done = today - timedelta(days=planned.done)
        tell_progress(action_id, _version(action_id), "Klart.", done, owner_id, done, _at(done))
    if planned.effect is not None:
        other = next(uid for role, (uid, _) in users.items() if role in {MANAGER, LEAD} and uid != owner_id)
        _tell(action_id, planned.effect, other, today)


def _tell(action_id: int, effect: Effect, by: int, today: date) -> None:
    words = "Två av tre enheter gör som det var tänkt." if effect is Effect.PARTLY else ""
    tell_effect(action_id, _version(action_id), effect, words, by, today, _at(today))


def _version(action_id: int) -> int:
    return db.session.scalars(select(Record.version).where(Record.id == action_id)).one()


def _at(day: date) -> datetime:
    return datetime.combine(day, time(10), UTC)
