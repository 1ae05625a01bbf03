"""How does a clock stand in an update round: said to be right, mended, or still missing?

A round is asked on a version of each decision. A change made after that counts as mended; who said that a row is right
said it of the version they saw, and a later change outdates it.
"""

from enum import StrEnum


class Answer(StrEnum):
    """What has become of one row of a round."""

    CONFIRMED = "stammer"
    MENDED = "rattad"
    MISSING = "saknas"


def answer_of(asked_version: int, confirmed_version: int | None, version: int | None) -> Answer:
    """The answer for one row; `version` is the decision's now, None when the clock itself has been taken away.

    Asked on version 3: (3, None, 3) is missing, (3, 3, 3) confirmed, (3, None, 4) mended, (3, 3, 4) mended,
    (3, 4, 4) confirmed again.
    """
    if version is None:
        return Answer.MENDED
    if confirmed_version == version:
        return Answer.CONFIRMED
    return Answer.MISSING if version == asked_version else Answer.MENDED
