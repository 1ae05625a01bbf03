"""In whose name does a request act? A visitor's until its sign-in is known, then the person's."""

from flask import Flask, Response, g, request

from tracker.accounts.reader import Reader
from tracker.audit import trail
from tracker.audit.acting import Actor, act_as, acting
from tracker.database import db, writer
from tracker.rules.trail import Action, ActorKind, TargetKind


def user_actor(user_id: int, session_id: int | None = None) -> Actor:
    """A user in this request; without a sign-in when a one-time code is what shows who it is."""
    return Actor(ActorKind.USER, user_id, session_id, g.request_id)


def now_known(reader: Reader | None) -> Reader | None:
    """From here on the request acts in the reader's name; gives the reader back."""
    if reader is not None:
        act_as(user_actor(reader.user_id, reader.session_id))
    return reader


def init_presence(app: Flask) -> None:
    """Every request begins as a visitor's, and leaves its thread as it was; what is refused to a reader is noted."""

    def begin() -> None:
        g.actor_before = acting()
        act_as(Actor(ActorKind.VISITOR, request_id=g.request_id))

    def note_refusal(response: Response) -> Response:
        actor = acting()
        if response.status_code == 403 and actor.kind is ActorKind.USER and actor.user_id is not None:
            db.session.rollback()  # the request's own work is not kept; that it was refused is
            with writer():
                page = {"page": (None, request.endpoint)}
                trail.record(Action.ACCESS_REFUSED, target=(TargetKind.USER, actor.user_id), changes=page)
                db.session.commit()
        return response

    def leave(_error: BaseException | None) -> None:
        if "actor_before" in g:
            act_as(g.actor_before)

    app.before_request(begin)
    app.after_request(note_refusal)
    app.teardown_request(leave)
