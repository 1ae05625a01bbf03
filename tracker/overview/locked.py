"""The locked reports on the start page of those who read them and keep no register themselves."""

from datetime import datetime
from typing import NamedTuple

from tracker.accounts.reader import Reader
from tracker.frozen.quarters import KIND
from tracker.frozen.queries import list_latest
from tracker.frozen.years import CONTROL, QUALITY
from tracker.rules.closing import audiences_of
from tracker.rules.permissions import Permission

LINES = 5
TITLES = {KIND: "Ej verkställda beslut, kvartal {number} {year}", CONTROL: "Internkontroll {year}",
          QUALITY: "Kvalitet {year}"}  # fmt: skip
ENDPOINTS = {KIND: "reports.quarter", CONTROL: "reports.control", QUALITY: "reports.quality"}


class LockedLine(NamedTuple):
    """A locked report: what it is called, the page that shows it with what its address needs, when it was locked and
    which version it is.
    """

    title: str
    endpoint: str
    address: dict[str, int]
    locked_at: datetime
    version: int


def locked_lines(reader: Reader) -> list[LockedLine]:
    """Those locked last that the reader may open; of the quarters none for who has no file of theirs."""
    if not reader.allows(Permission.READ_LOCKED_REPORTS):
        return []
    mine = audiences_of(held.role for held in reader.held if held.everything)
    kinds = [kind for kind in TITLES if kind != KIND or mine]
    return [
        LockedLine(
            TITLES[one.key.kind].format(year=one.key.year, number=one.key.number), ENDPOINTS[one.key.kind],
            {"year": one.key.year} | ({"number": one.key.number} if one.key.kind == KIND else {}), one.locked_at,
            one.version,
        )
        for one in list_latest(kinds, LINES)
    ]  # fmt: skip
