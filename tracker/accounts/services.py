"""Changing units, users and roles. Whatever changes what a person may do ends that person's sign-ins."""

import hashlib
import secrets
import string
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from argon2 import PasswordHasher
from sqlalchemy import select, update

from tracker.accounts.models import OneTimeCode, RoleAssignment, Unit, UnitTree, User, UserSession
from tracker.accounts.queries import find_top_unit, find_unit, find_user, has_administrator
from tracker.audit import trail
from tracker.database import db
from tracker.kept import forget_everything
from tracker.rules.errors import RuleViolation
from tracker.rules.identity import holds_person_number
from tracker.rules.permissions import Role
from tracker.rules.trail import Action, TargetKind
from tracker.web.pagination import LARGEST_ID

PASSWORD_LENGTH = (12, 200)
CODE_HOURS = 72
COMMON_PASSWORDS = frozenset(
    """
    admin administrator administratör asdfghjkl changeme egenkoll göteborg hemligt höst hösten kommun kommunen letmein
    losenord lösenord lösenordet password passwordpassword qwerty qwertyuiop socialförvaltningen socialnämnden
    socialtjänst socialtjänsten sommar sommaren stockholm sverige vinter vintern vår våren välkommen welcome
    """.split()  # noqa: SIM905 - words are read and sorted more easily so
)
TOP_UNIT_NAME = "Socialförvaltningen"
PERSONAL = frozenset({"email", "name"})
INSTALLATION = (TargetKind.INSTALLATION, 1)
_hasher = PasswordHasher()


def check_password(password: str, email: str = "") -> None:
    """Raises RuleViolation unless the password is long enough and not made of the address."""
    shortest, longest = PASSWORD_LENGTH
    if not shortest <= len(password) <= longest:
        raise RuleViolation(
            "password_length", f"Välj ett lösenord med minst {shortest} och högst {longest} tecken.", "password"
        )
    local_part = email.partition("@")[0].casefold()
    core = password.casefold().strip(string.digits + string.punctuation + " ")
    if (
        len(set(password)) < 5
        or not core
        or core in COMMON_PASSWORDS
        or (len(local_part) > 3 and password.casefold().startswith(local_part))
    ):
        raise RuleViolation("password_weak", "Lösenordet är för lätt att gissa. Välj ett annat.", "password")


def hash_password(password: str) -> str:
    """The argon2id hash of a password."""
    return _hasher.hash(password)


# Units --------------------------------------------------------------------------------------------------------------


def ensure_top_unit(name: str = TOP_UNIT_NAME) -> Unit:
    """The top unit, made with this name in an empty database."""
    return find_top_unit() or create_unit(name, None)


def create_unit(name: str, parent: Unit | None) -> Unit:
    """A new unit below another, or at the top of an empty tree. Raises RuleViolation for a bad or taken name."""
    return create_units([name], parent)[0]


def check_unit_name(name: str) -> None:
    """Raises RuleViolation unless the name is short enough, free, and holds nobody's number."""
    if not name or len(name) > 120:
        raise RuleViolation("unit_name", "Skriv enhetens namn med högst 120 tecken.", "enhet")
    if holds_person_number(name):
        raise RuleViolation(
            "unit_person", "Namnet ser ut att innehålla ett personnummer. Skriv ett namn utan personuppgifter.", "enhet"
        )
    if find_unit(name):
        raise RuleViolation("unit_taken", f"Det finns redan en enhet som heter {name}.", "enhet")


def create_units(names: Iterable[str], parent: Unit | None, ids: Mapping[str, int] | None = None) -> list[Unit]:
    """New units below another; the tree is numbered once for all of them. `ids`: the free numbers they are to have."""
    new_tree_version()
    if parent is not None and parent.valid_until is not None:
        raise RuleViolation("unit_closed", f"{parent.name} är avslutad. Välj en annan enhet att lägga under.", "over")
    made = []
    for name in (raw.strip() for raw in names):
        check_unit_name(name)
        unit = Unit(name=name, parent_id=parent.id if parent else None, tree_from=0, tree_to=0)
        if ids is not None:
            unit.id = ids[name]
        db.session.add(unit)
        db.session.flush()
        made.append(unit)
        trail.record(
            Action.UNIT_CREATED,
            target=(TargetKind.UNIT, unit.id),
            changes={"name": (None, unit.name), "parent_id": (None, unit.parent_id)},
        )
    number_tree()
    return made


def new_tree_version() -> None:
    """The tree's next version. It comes before any change of the tree: whoever changes it at the same time waits for
    its row, and then numbers what both have done.
    """
    db.session.execute(update(UnitTree).values(version=UnitTree.version + 1))


def number_tree() -> None:
    """Gives every unit its interval anew, siblings by name."""
    db.session.flush()
    every = select(Unit).order_by(Unit.name, Unit.id).execution_options(populate_existing=True)
    units = list(db.session.scalars(every))
    below: dict[int | None, list[Unit]] = {}
    for unit in units:
        below.setdefault(unit.parent_id, []).append(unit)
    position = 0

    def number(unit: Unit) -> None:
        nonlocal position
        position += 1
        unit.tree_from = position
        for child in below.get(unit.id, []):
            number(child)
        unit.tree_to = position

    for top in below.get(None, []):
        number(top)
    db.session.flush()
    forget_everything()


# Users --------------------------------------------------------------------------------------------------------------


def check_person(email: str, name: str) -> tuple[str, str]:
    """The address and the name as they are stored. Raises RuleViolation for those that cannot be."""
    email, name = email.strip().casefold(), name.strip()
    local_part, at, domain = email.partition("@")
    if not (local_part and at and domain) or len(email) > 254 or any(c.isspace() for c in email):
        raise RuleViolation("email", "Skriv en e-postadress, som namn@kommun.se.", "email")
    if not name or len(name) > 120:
        raise RuleViolation("name", "Skriv namnet, med högst 120 tecken.", "name")
    for field, text in (("name", name), ("email", email)):
        if holds_person_number(text):
            raise RuleViolation("person_number", "Skriv det utan personnummer.", field)
    return email, name


def create_user(email: str, name: str, password: str | None, now: datetime) -> User:
    """A new user; without a password, one that cannot sign in before a one-time code has been used."""
    email, name = check_person(email, name)
    if find_user(email):
        raise RuleViolation("email_taken", "Det finns redan en användare med den e-postadressen.", "email")
    if password is not None:
        check_password(password, email)
    user = User(
        email=email,
        name=name,
        password_hash=hash_password(password) if password is not None else "",
        active=True,
        version=1,
        created_at=now,
    )
    db.session.add(user)
    db.session.flush()
    trail.record(
        Action.USER_CREATED,
        target=(TargetKind.USER, user.id),
        changes={"email": (None, email), "name": (None, name)},
        personal=PERSONAL,
    )
    return user


def set_password(user: User, password: str, now: datetime) -> None:
    """A new password; every sign-in of the user ends."""
    check_password(password, user.email)
    user.password_hash = hash_password(password)
    end_sign_ins(user, now)
    trail.record(Action.PASSWORD_CHANGED, target=(TargetKind.USER, user.id))


def give_role(user: User, role: Role, unit: Unit, now: datetime, from_on: date, to_on: date | None = None) -> None:
    """The user holds the role for the unit and all below it, up to and with `to_on`."""
    if to_on is not None and to_on < from_on:
        raise RuleViolation("role_days", "Slutdagen måste vara samma dag som startdagen eller senare.", "to_on")
    if unit.valid_until is not None and unit.valid_until < from_on:
        raise RuleViolation("unit_closed", f"{unit.name} avslutades {unit.valid_until}. Välj en annan enhet.", "unit")
    db.session.add(RoleAssignment(user_id=user.id, role=role, unit_id=unit.id, from_on=from_on, to_on=to_on))
    end_sign_ins(user, now)
    trail.record(
        Action.ROLE_GIVEN,
        target=(TargetKind.USER, user.id),
        changes={
            "role": (None, role.value),
            "unit_id": (None, unit.id),
            "from_on": (None, from_on),
            "to_on": (None, to_on),
        },
    )


def take_role(user: User, assignment_id: int, now: datetime) -> bool:
    """The user no longer holds the role; False when it was not theirs to begin with."""
    assignment = db.session.get(RoleAssignment, assignment_id) if assignment_id <= LARGEST_ID else None
    if assignment is None or assignment.user_id != user.id:
        return False
    trail.record(
        Action.ROLE_ENDED,
        target=(TargetKind.USER, user.id),
        changes={
            "role": (assignment.role, None),
            "unit_id": (assignment.unit_id, None),
            "from_on": (assignment.from_on, None),
            "to_on": (assignment.to_on, None),
        },
    )
    db.session.delete(assignment)
    end_sign_ins(user, now)
    return True


def deactivate(user: User, now: datetime) -> None:
    """The user cannot sign in any more, nor use a code that was handed out."""
    trail.record(Action.USER_DEACTIVATED, target=(TargetKind.USER, user.id), changes={"active": (user.active, False)})
    user.active = False
    end_codes(user, now)
    end_sign_ins(user, now)


def end_sign_ins(user: User, now: datetime) -> None:
    """Every sign-in of the user ends, and what is remembered of the user's roles."""
    user.version += 1
    db.session.flush()
    db.session.execute(
        update(UserSession).where(UserSession.user_id == user.id, UserSession.ended_at.is_(None)).values(ended_at=now)
    )


def end_all_sign_ins(now: datetime) -> None:
    """Nobody is signed in any more, and no code that was handed out works."""
    for of, ended in ((UserSession, UserSession.ended_at), (OneTimeCode, OneTimeCode.used_at)):
        db.session.execute(update(of).where(ended.is_(None)).values({ended: now}))


# One-time codes -----------------------------------------------------------------------------------------------------


def end_codes(user: User | None, now: datetime) -> None:
    """No code that was handed out for the user (None: the first administrator) works any more."""
    owner = OneTimeCode.user_id.is_(None) if user is None else OneTimeCode.user_id == user.id
    db.session.execute(update(OneTimeCode).where(owner, OneTimeCode.used_at.is_(None)).values(used_at=now))


def _code_hash(code: str) -> bytes:
    return hashlib.sha256(code.strip().encode()).digest()


def make_code(user: User | None, now: datetime) -> str:
    """A code that lets its bearer choose a password once: for the user, or (None) as the first administrator.

    Earlier codes for the same purpose stop working.
    """
    end_codes(user, now)
    code = secrets.token_urlsafe(24)
    db.session.add(
        OneTimeCode(
            code_hash=_code_hash(code),
            user_id=user.id if user else None,
            expires_at=now + timedelta(hours=CODE_HOURS),
            used_at=None,
        )
    )
    db.session.flush()
    trail.record(Action.CODE_MADE, target=(TargetKind.USER, user.id) if user else INSTALLATION)
    return code


def find_code(code: str, now: datetime, today: date) -> OneTimeCode | None:
    """The unused code that still holds, None otherwise; the first administrator's only while there is none."""
    found = db.session.scalar(
        select(OneTimeCode).where(
            OneTimeCode.code_hash == _code_hash(code), OneTimeCode.used_at.is_(None), OneTimeCode.expires_at > now
        )
    )
    return None if found and found.user_id is None and has_administrator(today) else found


def _use_up(code: OneTimeCode, now: datetime) -> None:
    """Marks the code as used; raises RuleViolation when somebody else was first."""
    unused = update(OneTimeCode).where(OneTimeCode.id == code.id, OneTimeCode.used_at.is_(None))
    if db.session.execute(unused.values(used_at=now).returning(OneTimeCode.id)).first() is None:
        raise RuleViolation("code_used", "Koden är redan använd. Be om en ny.")


def use_code_for_password(code: OneTimeCode, password: str, now: datetime) -> User:
    """The code's user gets the password. Raises RuleViolation when the password is not accepted."""
    user = db.session.get_one(User, code.user_id)
    set_password(user, password, now)
    _use_up(code, now)
    return user


def use_code_for_first_administrator(
    code: OneTimeCode, email: str, name: str, password: str, now: datetime, today: date
) -> User:
    """The bearer becomes the first administrator, at the top unit."""
    user = create_user(email, name, password, now)
    give_role(user, Role.ADMINISTRATOR, ensure_top_unit(), now, today)
    _use_up(code, now)
    return user
