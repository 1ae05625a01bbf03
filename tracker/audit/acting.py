"""In whose name does the program act just now? One answer for each request, command and thread.

It is kept beside the work rather than handed through every call: an act without an actor cannot be written then, and
no service can be given somebody else's name by mistake.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from tracker.rules.trail import ActorKind


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a user with the sign-in's number and the request's id, or one of the other kinds without a user."""

    kind: ActorKind
    user_id: int | None = None
    session_id: int | None = None
    request_id: str | None = None


COMMAND_LINE = Actor(ActorKind.COMMAND)
PROGRAM = Actor(ActorKind.PROGRAM)
_acting: ContextVar[Actor] = ContextVar("acting", default=COMMAND_LINE)


def acting() -> Actor:
    """The present actor; the command line unless another has been set."""
    return _acting.get()


def act_as(actor: Actor) -> None:
    """From here on, in this request or command, this actor acts."""
    _acting.set(actor)


@contextmanager
def acting_as(actor: Actor) -> Iterator[None]:
    """This actor acts inside the block."""
    token = _acting.set(actor)
    try:
        yield
    finally:
        _acting.reset(token)
