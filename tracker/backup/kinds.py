"""How does a value of a column lie in a backup, whichever engine it comes from and goes to?

Whole numbers, numbers, texts and truth values as JSON has them; days, moments (in UTC) and bytes (in hexadecimal) as
`audit.chain.plain` writes them.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, Date, DateTime, Float, Integer, LargeBinary, String
from sqlalchemy.types import TypeEngine

LARGEST_BITS = 63  # what either engine's largest whole number holds
Load = Callable[[Any], object]
# The first that fits a column's type is its kind.
_KINDS: tuple[tuple[str, type[TypeEngine[Any]]], ...] = (
    ("truth", Boolean),
    ("moment", DateTime),
    ("day", Date),
    ("bytes", LargeBinary),
    ("integer", Integer),
    ("number", Float),
    ("text", String),
)


def kind_of(of: TypeEngine[Any]) -> str:
    """The kind of a column's type on either engine. Raises TypeError when there is none: add it here, with its test."""
    for name, kind in _KINDS:
        if isinstance(of, kind):
            return name
    raise TypeError(f"a backup has no kind for {of!r}")


def _exactly(*kinds: type) -> Load:
    def load(value: Any) -> object:  # noqa: ANN401 - whatever a file holds
        if type(value) not in kinds:
            raise TypeError(value)
        return value

    return load


def _integer(value: Any) -> int:  # noqa: ANN401 - whatever a file holds
    if type(value) is not int or value.bit_length() > LARGEST_BITS:
        raise TypeError
    return value


def _text(value: Any) -> str:  # noqa: ANN401 - whatever a file holds
    if type(value) is not str:
        raise TypeError
    if not value.isascii():
        value.encode()  # half a sign is none: UnicodeEncodeError, which is a ValueError
    return value


def _moment(value: Any) -> datetime:  # noqa: ANN401 - whatever a file holds
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError(value)
    return moment


# What a value in the file becomes; ValueError or TypeError when it is not of the kind.
LOADS: dict[str, Load] = {
    "truth": _exactly(bool),
    "moment": _moment,
    "day": date.fromisoformat,
    "bytes": bytes.fromhex,
    "integer": _integer,
    "number": _exactly(float, int),
    "text": _text,
}
