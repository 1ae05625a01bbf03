"""How does a template from outside become a Word file, or how is it told what is wrong with it?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tracker.printing.faults import Fault, WordError
from tracker.printing.process import WorkFailed, run

SECONDS = 30
FAILED = "Mallen tar för lång tid eller för mycket minne att fylla i. Förenkla den och försök igen."


@dataclass(frozen=True, slots=True)
class Contents:
    """What a template is filled in with: plain `values`, `pictures` (alternative text → PNG), and the file's own words.

    `made_on` is the day that the file says it was made.
    """

    values: Mapping[str, Any]
    title: str
    made_on: date
    author: str = ""
    pictures: Mapping[str, bytes] = field(default_factory=dict)


def fill(template: bytes, contents: Contents) -> bytes:
    """The Word file; the same arguments give the same bytes. Raises WordError when the template cannot be used."""
    return _worked(template, contents, check=False)


def try_out(template: bytes, example: Contents) -> bytes:
    """The template filled in with an example in which every field stands and every list holds something.

    Raises WordError with all that is wrong with it and where: fields that do not exist, code that is not allowed, and
    what does not belong in a template.
    """
    return _worked(template, example, check=True)


def _worked(template: bytes, contents: Contents, *, check: bool) -> bytes:
    asked = {
        "work": "word",
        "check": check,
        "values": contents.values,
        "pictures": list(contents.pictures),
        "title": contents.title,
        "author": contents.author,
        "made_on": contents.made_on.isoformat(),
    }
    try:
        answer, made = run(asked, [template, *contents.pictures.values()], SECONDS)
    except WorkFailed:
        raise WordError([Fault(FAILED)]) from None
    if answer["faults"]:
        raise WordError(Fault(message, place) for message, place in answer["faults"])
    return made[0]
