"""Where does the next page of a list begin? By the key of the last row seen, opaque in the address.

A key belongs to what its list is ordered by: one of another order is none, and the list starts at the top.
"""

import base64
import binascii
from dataclasses import dataclass
from datetime import date
from typing import Self

PAGE_ROWS = 25
LONGEST_KEY = 2_000
TEXT_KEY = "t."
LARGEST_ID = 2**31 - 1  # of a row, on either engine; addresses with larger numbers lead nowhere


@dataclass(frozen=True, slots=True)
class Order:
    """By which column of its table a list goes; `falling`: the largest first."""

    column: str
    falling: bool = False

    def descends(self, forward: bool) -> bool:
        """Whether a page is read from the largest down; backwards it is read the other way round."""
        return self.falling == forward


@dataclass(frozen=True, slots=True)
class Key:
    """The place of a row in a list that is ordered by day and id."""

    day: date
    id: int

    def __str__(self) -> str:
        """The key as it stands in an address."""
        return base64.urlsafe_b64encode(f"{self.day.isoformat()}.{self.id}".encode()).decode().rstrip("=")

    @classmethod
    def parse(cls, text: str | None) -> Self | None:
        """The key in an address; None when there is none or it is not one of ours (the list then starts at the top)."""
        if not text:
            return None
        try:
            raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
            day, _, number = raw.partition(".")
            found = cls(date.fromisoformat(day), int(number))
        except (ValueError, binascii.Error):
            return None
        return found if 0 <= found.id <= LARGEST_ID else None

    @property
    def values(self) -> dict[str, date | int]:
        """What a statement is run with that begins at the key."""
        return {"key_first": self.day, "key_id": self.id}


@dataclass(frozen=True, slots=True)
class TextKey:
    """The place of a row in a list that is ordered by a text, as a number of a case, and id."""

    text: str
    id: int

    def __str__(self) -> str:
        """The key as it stands in an address."""
        return base64.urlsafe_b64encode(f"{TEXT_KEY}{self.id}.{self.text}".encode()).decode().rstrip("=")

    @classmethod
    def parse(cls, text: str | None) -> Self | None:
        """The key in an address; None when there is none or it is not one of ours."""
        if not text or len(text) > LONGEST_KEY:
            return None
        try:
            raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
            number, _, ref = raw.removeprefix(TEXT_KEY).partition(".")
            found = cls(ref, int(number))
        except (ValueError, binascii.Error):
            return None
        ours = raw.startswith(TEXT_KEY) and "\x00" not in ref and 0 <= found.id <= LARGEST_ID
        return found if ours else None

    @property
    def values(self) -> dict[str, str | int]:
        """What a statement is run with that begins at the key."""
        return {"key_first": self.text, "key_id": self.id}


def any_key(text: str | None) -> Key | TextKey | None:
    """The key in an address of a list that is ordered in several ways."""
    return Key.parse(text) or TextKey.parse(text)


def first_of(given: str | None, total: int) -> int:
    """The number of the first row to show, from 1, of a list that is walked by number; 1 for what is no row of it."""
    if given is None or not given.isascii() or not given.isdigit() or len(given) > 6:
        return 1
    return int(given) if 1 <= int(given) <= total else 1
