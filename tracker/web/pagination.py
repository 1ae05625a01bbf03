"""Where does the next page of a list begin? By the key of the last row seen, opaque in the address."""

import base64
import binascii
from dataclasses import dataclass
from datetime import date
from typing import Self

PAGE_ROWS = 25
LARGEST_ID = 2**31 - 1  # of a row, on either engine; addresses with larger numbers lead nowhere


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


def first_of(given: str | None, total: int) -> int:
    """The number of the first row to show, from 1, of a list that is walked by number; 1 for what is no row of it."""
    if given is None or not given.isascii() or not given.isdigit() or len(given) > 6:
        return 1
    return int(given) if 1 <= int(given) <= total else 1
