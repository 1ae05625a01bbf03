"""What needs a second administrator: asking for two, approving and refusing what another has asked for.

Whoever calls these holds `authority.lock_administration` and has asked it how far the administrator reaches.
"""

from datetime import date, datetime

from sqlalchemy import select

from tracker.accounts.granting import ask, check_free
from tracker.accounts.models import AdminRequest, Installation, Unit, User
from tracker.accounts.queries import count_administrators, find_top_unit, find_unit
from tracker.accounts.services import TOP_UNIT_NAME, give_role, make_code
from tracker.accounts.units import rename_unit
from tracker.audit import trail
from tracker.database import db
from tracker.kept import forget_everything
from tracker.rules.errors import RuleViolation
from tracker.rules.identity import holds_person_number
from tracker.rules.permissions import Role
from tracker.rules.second_administrator import RequestKind
from tracker.rules.trail import Action, TargetKind


def ask_for_two(today: date) -> None:
    """From now on a role with identities needs two. Raises RuleViolation unless there are two administrators."""
    if count_administrators(today) < 2:
        raise RuleViolation(
            "two_administrators",
            "Det behövs två administratörer för alla enheter. Lägg upp en till först.",
            "administrators",
        )
    _set_two(True)


def ask_for_one(by: int, now: datetime) -> None:
    """Asks that one administrator shall be enough; another has to approve it."""
    pending = select(AdminRequest.id).where(
        AdminRequest.approved.is_(None), AdminRequest.kind == RequestKind.ONE_IS_ENOUGH
    )
    if db.session.scalar(pending.limit(1)) is None:
        ask(RequestKind.ONE_IS_ENOUGH, None, by, now)


def _set_two(value: bool) -> None:
    installation = db.session.get_one(Installation, 1)
    old, installation.second_administrator = installation.second_administrator, value
    db.session.flush()
    trail.record(
        Action.INSTALLATION_CHANGED,
        target=(TargetKind.INSTALLATION, 1),
        changes={"second_administrator": (old, value)},
    )


def approve(asked: AdminRequest, by: int, now: datetime, today: date) -> str | None:
    """What one administrator has asked for takes effect; gives the one-time code that the link or the role goes with.

    Raises RuleViolation: for one's own request, for what concerns oneself, and for what cannot be done any more.
    """
    _decide(asked, True, by, now)
    kind = RequestKind(asked.kind)
    if kind is RequestKind.ONE_IS_ENOUGH:
        _set_two(False)
        return None
    user = db.session.get_one(User, asked.user_id)
    if not user.active:
        raise RuleViolation("user_inactive", "Användaren är avslutad. Avslå begäran.")
    if kind is RequestKind.LINK:
        return make_code(user, now)
    from_on = max(asked.from_on or today, today)
    if asked.to_on is not None and asked.to_on < today:
        raise RuleViolation("role_past", "Rollens sista dag har passerat. Avslå begäran.")
    role, unit = Role(asked.role or ""), db.session.get_one(Unit, asked.unit_id)
    check_free(user, role, unit, from_on, asked.to_on)
    give_role(user, role, unit, now, from_on, asked.to_on)
    # Whoever asked may hold an earlier link, or have used one: the password is chosen anew, by a link that the other
    # administrator hands over.
    user.password_hash = ""
    return make_code(user, now)


def refuse(asked: AdminRequest, reason: str, by: int, now: datetime) -> None:
    """What was asked for does not take effect; who asked for it may take it back so, too."""
    reason = reason.strip()
    if not reason or len(reason) > 500:
        raise RuleViolation("reason", "Skriv varför, med högst 500 tecken.", "reason")
    asked.reason = reason
    _decide(asked, False, by, now)
    trail.record(
        Action.ROLE_REFUSED,
        target=(TargetKind.USER, asked.user_id) if asked.user_id else (TargetKind.INSTALLATION, 1),
        changes={"kind": (asked.kind, None), "role": (asked.role, None), "unit_id": (asked.unit_id, None)},
        reason=reason,
    )


def _decide(asked: AdminRequest, approved: bool, by: int, now: datetime) -> None:
    if asked.approved is not None:
        raise RuleViolation("request_decided", "Begäran är redan avgjord. Öppna sidan på nytt.")
    if approved and asked.asked_by_id == by:
        raise RuleViolation("request_own", "Du har själv begärt det. En annan administratör behöver avgöra det.")
    if asked.user_id == by:
        raise RuleViolation("request_own", "Begäran gäller dig själv. En annan administratör behöver avgöra den.")
    asked.approved, asked.decided_by_id, asked.decided_at = approved, by, now
    db.session.flush()


def name_committee(name: str, today: date) -> bool:
    """What the committee is called; the top unit is called so too while it has its first name. False: no change."""
    name = name.strip()
    installation = db.session.get_one(Installation, 1)
    old = installation.committee_name
    if len(name) > 120 or holds_person_number(name):
        raise RuleViolation(
            "committee_name", "Skriv nämndens namn med högst 120 tecken, utan personuppgifter.", "committee_name"
        )
    if name == (old or ""):
        return False
    installation.committee_name = name or None
    db.session.flush()
    trail.record(
        Action.INSTALLATION_CHANGED,
        target=(TargetKind.INSTALLATION, 1),
        changes={"committee_name": (old, installation.committee_name)},
    )
    forget_everything()
    top = find_top_unit()
    if name and top is not None and top.name == TOP_UNIT_NAME and find_unit(name) is None:
        rename_unit(top, name, today)
    return True
