"""Writing the trail: what a service has done becomes a link of the chain in the same transaction."""

from collections.abc import Collection, Mapping

from tracker.audit.acting import Actor
from tracker.rules.trail import Action, TargetKind

Changes = Mapping[str, tuple[object, object]]
NO_CHANGES: Changes = {}


def record(
    action: Action,
    *,
    record_id: int | None = None,
    target: tuple[TargetKind, int] | None = None,
    changes: Changes = NO_CHANGES,
    personal: Collection[str] = (),
    reason: str = "",
    actor: Actor | None = None,
) -> None:
    """Notes what is being done; it is written and chained as the session commits, and gone if it rolls back.

    `changes` is field → (old, new); those named in `personal`, and the reason, are kept under the record's own key.
    `actor` is who acts unless another is given.
    """
