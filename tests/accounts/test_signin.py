"""Signing in costs more with each failure, and a sign-in ends with whatever changes what its bearer may do."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from tests.factories import PASSWORD, make_unit, make_user
from tests.support.passwords import QUICK
from tracker.accounts import services, signin
from tracker.accounts.models import RoleAssignment, SignInThrottle, User, UserSession
from tracker.accounts.reader import find_reader, list_held_roles
from tracker.accounts.services import (
    deactivate,
    give_role,
    set_password,
    take_role,
)
from tracker.accounts.signin import sign_in, sign_out, wait_after
from tracker.database import db
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Role

NOW = datetime(2026, 3, 31, 9, 0, tzinfo=UTC)
TODAY = date(2026, 3, 31)
KEY = b"a key for tests"
WRONG = "fel lösenord här"
QUICK_HASH = QUICK.hash(PASSWORD)
EVA = "eva@kommun.example"
HOST = "192.0.2.1"


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


def attempt(password: str = WRONG, *, email: str = EVA, host: str = HOST, now: datetime = NOW):
    return sign_in(email, password, host, now, KEY)


def fail_often(times: int, *, host: str = HOST, now: datetime = NOW, email: str = EVA) -> datetime:
    """Fails that many times, each as soon as it is looked at; gives the moment when the next try would be."""
    for _ in range(times):
        answer = attempt(host=host, now=now, email=email)
        assert answer.token is None
        assert answer.wait_seconds == 0, "each of these tries is looked at"
        while (wait := db.session.scalar(select(SignInThrottle.blocked_until).order_by(
            SignInThrottle.blocked_until.desc()).limit(1))) and _utc(wait) > now:  # fmt: skip
            now = _utc(wait)
        db.session.rollback()
    return now


def _utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@pytest.fixture
def eva(app) -> User:
    return make_user(EVA, "handlaggare")


class TestWaiting:
    """The wait grows with the failures of an address, and of a host."""

    @pytest.mark.parametrize(
        ("failures", "wait"),
        [(0, 0), (1, 0), (4, 0), (5, 2), (6, 4), (7, 8), (8, 16), (9, 32), (12, 256), (13, 512), (14, 900), (99, 900)],
    )
    def test_after_four_failures_the_wait_doubles_up_to_a_quarter_of_an_hour(self, failures, wait):
        assert wait_after(failures, signin.FREE_TRIES) == seconds(wait)

    def test_four_failures_cost_no_wait(self, eva):
        assert fail_often(4) == NOW
        assert attempt(PASSWORD).token

    def test_a_try_that_comes_too_early_is_not_looked_at_even_if_it_is_right(self, eva):
        now = fail_often(5)
        assert now == NOW + seconds(2)
        early = attempt(PASSWORD, now=now - seconds(1))
        assert early.token is None
        assert 1 <= early.wait_seconds <= 2
        assert attempt(PASSWORD, now=now).token

    def test_each_further_failure_doubles_the_wait(self, eva):
        moments = [fail_often(5)]
        for _ in range(3):
            moments.append(fail_often(1, now=moments[-1]))
        assert [later - earlier for earlier, later in pairwise(moments)] == [
            seconds(4), seconds(8), seconds(16)
        ]  # fmt: skip

    def test_a_try_that_was_not_looked_at_makes_the_wait_no_longer(self, eva):
        now = fail_often(5)
        for _ in range(20):
            assert attempt(now=now - seconds(1)).wait_seconds
        assert attempt(PASSWORD, now=now).token

    def test_the_wait_follows_the_address_from_host_to_host(self, eva):
        now = fail_often(5)
        assert attempt(PASSWORD, host="198.51.100.7", now=now - seconds(1)).wait_seconds
        assert attempt(PASSWORD, email="  EVA@Kommun.Example ", now=now - seconds(1)).wait_seconds

    def test_another_address_at_the_same_host_does_not_wait(self, eva):
        make_user("bo@kommun.example", "chef")
        now = fail_often(5)
        assert attempt(PASSWORD, email="bo@kommun.example", now=now - seconds(1)).token

    def test_a_host_that_tries_many_addresses_waits_as_well(self, eva):
        for number in range(41):
            assert attempt(email=f"nr{number}@kommun.example").wait_seconds == 0
        assert attempt(PASSWORD).wait_seconds
        assert attempt(PASSWORD, host="198.51.100.7").token

    def test_an_unknown_address_waits_as_a_known_one(self, app):
        now = fail_often(5, email="ingen@kommun.example")
        assert now == NOW + seconds(2)
        assert attempt(email="ingen@kommun.example", now=NOW).wait_seconds

    def test_failures_are_forgotten_a_day_after_the_wait(self, eva):
        now = fail_often(9)
        assert fail_often(4, now=now + timedelta(hours=24, seconds=1)) == now + timedelta(hours=24, seconds=1)

    def test_neither_address_nor_host_is_stored_in_clear(self, eva):
        attempt()
        keys = list(db.session.scalars(select(SignInThrottle.key)))
        assert len(keys) == 2
        assert all(len(key) == 32 and b"eva" not in key and HOST.encode() not in key for key in keys)


class TestSuccess:
    """The right password, in time."""

    def test_it_gives_a_token_of_which_the_row_holds_only_a_hash(self, eva):
        token = attempt(PASSWORD).token
        (row,) = db.session.scalars(select(UserSession))
        assert token.encode() not in row.token_hash
        assert (row.user_id, row.method, row.level, row.ended_at) == (eva.id, "password", 1, None)
        assert _utc(row.expires_at) - _utc(row.created_at) == timedelta(hours=10)
        assert find_reader(token, NOW, TODAY).email == EVA

    def test_it_clears_the_failures_of_the_address(self, eva):
        now = fail_often(6)
        assert attempt(PASSWORD, now=now).token
        assert fail_often(4, now=now + seconds(3600)) == now + seconds(3600)

    def test_it_clears_the_wait_of_the_address(self, eva):
        now = fail_often(8)
        assert attempt(PASSWORD, now=now).token
        assert attempt(PASSWORD, now=now + seconds(1)).token, "a second sign-in need not wait"

    def test_it_does_not_clear_what_others_at_the_host_have_done(self, eva):
        for number in range(40):
            attempt(email=f"nr{number}@kommun.example")
        assert attempt(PASSWORD).token
        attempt(email="nr99@kommun.example", now=NOW + seconds(10))
        assert attempt(PASSWORD, now=NOW + seconds(10)).wait_seconds

    def test_it_leaves_no_wait_to_others_at_the_host(self, eva):
        make_user("bo@kommun.example", "chef")
        for number in range(40):
            attempt(email=f"nr{number}@kommun.example")
        assert attempt(PASSWORD).token
        assert attempt(PASSWORD, email="bo@kommun.example").token

    def test_many_people_at_one_host_sign_in_without_waiting(self, app):
        for number in range(60):
            make_user(f"nr{number}@kommun.example", "chef")
            assert attempt(PASSWORD, email=f"nr{number}@kommun.example").token

    def test_it_renews_a_password_hash_that_is_weaker_than_todays(self, eva, monkeypatch):
        stronger = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
        monkeypatch.setattr(signin, "_hasher", stronger)
        assert attempt(PASSWORD).token
        db.session.expire_all()
        assert eva.password_hash != QUICK_HASH
        assert not stronger.check_needs_rehash(eva.password_hash)
        assert attempt(PASSWORD).token


def test_passwords_are_hashed_by_argon2id_as_slowly_as_its_authors_advise(monkeypatch):
    """RFC 9106, the second recommendation: three passes over 64 MiB in four lanes."""
    monkeypatch.undo()
    for made in (signin._decoy(), services.hash_password(PASSWORD)):
        assert made.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


class TestNobody:
    """Who is not let in, without telling why."""

    def test_an_unknown_address_costs_a_look_at_a_password_that_nobody_has(self, app, monkeypatch):
        seen = []
        matches = signin._matches
        monkeypatch.setattr(signin, "_matches", lambda stored, given: seen.append(stored) or matches(stored, given))
        assert attempt(email="ingen@kommun.example").token is None
        assert seen == [signin._decoy()]
        assert signin._decoy().startswith("$argon2id$")

    @pytest.mark.parametrize("given", ["", "a password that nobody has", PASSWORD])
    def test_no_password_opens_an_address_that_does_not_exist(self, app, given):
        assert attempt(given, email="ingen@kommun.example") == signin.SignIn(None)

    def test_a_user_without_a_password_cannot_sign_in(self, eva):
        eva.password_hash = ""
        db.session.commit()
        for given in ("", "a password that nobody has"):
            assert attempt(given) == signin.SignIn(None)

    def test_a_deactivated_user_cannot_sign_in_with_the_right_password(self, eva):
        deactivate(eva, NOW)
        db.session.commit()
        assert attempt(PASSWORD) == signin.SignIn(None)

    def test_nothing_is_left_in_the_table_of_sign_ins(self, eva):
        attempt()
        attempt(email="ingen@kommun.example")
        assert list(db.session.scalars(select(UserSession))) == []


class TestEnding:
    """A sign-in ends by itself, by its bearer, and by every change of what the bearer may do."""

    @pytest.fixture
    def tokens(self, eva) -> list[str]:
        """Two sign-ins of the same person."""
        return [attempt(PASSWORD).token, attempt(PASSWORD).token]

    def open_ones(self, tokens: list[str], now: datetime = NOW) -> list[bool]:
        db.session.commit()
        return [find_reader(token, now, TODAY) is not None for token in tokens]

    def test_a_token_that_was_never_given_opens_nothing(self, tokens):
        assert self.open_ones([*tokens, "", "påhittad", tokens[0][:-1]]) == [True, True, False, False, False]

    def test_signing_out_ends_that_one_alone(self, tokens, eva):
        sign_out(find_reader(tokens[0], NOW, TODAY).session_id, eva.id, NOW)
        assert self.open_ones(tokens) == [False, True]

    def test_a_sign_in_lasts_ten_hours(self, tokens):
        assert self.open_ones(tokens, NOW + timedelta(hours=10) - seconds(1)) == [True, True]
        assert self.open_ones(tokens, NOW + timedelta(hours=10)) == [False, False]

    def test_a_new_password_ends_all(self, tokens, eva):
        set_password(eva, "nio granar i snö", NOW)
        assert self.open_ones(tokens) == [False, False]
        assert attempt(PASSWORD).token is None
        assert self.open_ones([attempt("nio granar i snö").token]) == [True]

    def test_a_password_is_changed_only_by_who_knows_the_present_one(self, tokens, eva):
        def change(present):
            reader = find_reader(tokens[0], NOW, TODAY)
            return signin.change_password(reader, present, "nio granar i snö", "10.0.0.9", NOW, b"key").token

        assert change(WRONG) is None
        assert self.open_ones(tokens) == [True, True]
        fresh = change(PASSWORD)
        assert self.open_ones([*tokens, fresh]) == [False, False, True]

    @pytest.mark.parametrize("password", ["kort", "aaaaaaaaaaaaaaa", "x" * 201, "abcabcabcabcabc"])
    def test_a_weak_password_is_refused_and_ends_nothing(self, tokens, eva, password):
        with pytest.raises(RuleViolation) as refused:
            set_password(eva, password, NOW)
        assert refused.value.field == "password"
        assert self.open_ones(tokens) == [True, True]

    def test_a_new_role_ends_all(self, tokens, eva):
        give_role(eva, Role.QUALITY_LEAD, make_unit("Vuxen 2"), NOW, TODAY)
        assert self.open_ones(tokens) == [False, False]

    def test_a_role_taken_ends_all(self, tokens, eva):
        assert take_role(eva, db.session.scalars(select(RoleAssignment.id)).one(), NOW)
        assert self.open_ones(tokens) == [False, False]
        assert find_reader(attempt(PASSWORD).token, NOW, TODAY).roles == ()

    def test_a_role_that_another_holds_is_not_taken(self, tokens, eva):
        bo = make_user("bo@kommun.example", "chef")
        of_bo = db.session.scalars(select(RoleAssignment.id).where(RoleAssignment.user_id == bo.id)).one()
        assert not take_role(eva, of_bo, NOW)
        assert not take_role(eva, of_bo + 1_000, NOW)
        assert self.open_ones(tokens) == [True, True]
        assert list_held_roles(bo.id, TODAY)

    def test_deactivation_ends_all(self, tokens, eva):
        deactivate(eva, NOW)
        assert self.open_ones(tokens) == [False, False]

    def test_what_happens_to_another_user_ends_nothing(self, tokens, eva):
        deactivate(make_user("bo@kommun.example", "handlaggare"), NOW)
        assert self.open_ones(tokens) == [True, True]

    def test_a_change_made_beside_the_services_ends_all_through_the_version(self, tokens, eva):
        eva.version += 1
        assert self.open_ones(tokens) == [False, False]
