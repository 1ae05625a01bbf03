"""Passwords that are looked at quickly: in use it is slow on purpose, and the tests sign in thousands of times."""

from argon2 import PasswordHasher

from tracker.accounts import services, signin

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
DECOY = QUICK.hash("a password that nobody has")


def make_quick(monkeypatch) -> None:
    """Makes and looks at passwords quickly until the test ends."""
    monkeypatch.setattr(signin, "_hasher", QUICK)
    monkeypatch.setattr(services, "_hasher", QUICK)
    monkeypatch.setattr(signin, "_decoy", lambda: DECOY)
