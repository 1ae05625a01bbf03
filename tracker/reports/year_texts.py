"""The texts that somebody writes for a report over a year: reading them, and writing them.

Nothing else writes them. A section has a version of its own: two who write in different sections never meet.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, NamedTuple, TypeVar

from sqlalchemy import select, update

from tracker.audit import trail
from tracker.database import db, insert_if_new
from tracker.rules.trail import Action, TargetKind

S = TypeVar("S", bound=StrEnum)


class Written(NamedTuple):
    """A section's text and its version; a section that nobody has written in has version 0."""

    text: str
    version: int


UNWRITTEN = Written("", 0)


class StaleTexts(Exception):
    """Somebody else has written in these sections since; the caller rolls back, and nothing is saved."""

    def __init__(self, sections: Collection[StrEnum]) -> None:
        self.sections = frozenset(sections)
        super().__init__(", ".join(sorted(self.sections)))


@dataclass(frozen=True)
class YearTexts(Generic[S]):
    """The texts of one report: where they lie (a table of year, section, text and version), its sections in the order
    of the paper, what the trail says of them, what is offered where nobody has written, and what a year needs first.
    """

    table: Any
    sections: type[S]
    action: Action
    target: TargetKind
    suggestions: Mapping[S, str] = field(default_factory=dict)
    begin: Callable[[set[int]], object] = lambda _years: None

    def read(self, year: int) -> dict[S, Written]:
        """Every section of a year."""
        of = self.table
        rows = db.session.execute(select(of.section, of.text, of.version).where(of.year == year))
        found = {section: Written(text, version) for section, text, version in rows}
        return {section: found.get(section.value, UNWRITTEN) for section in self.sections}

    def save(self, year: int, typed: Mapping[S, Written]) -> int:
        """Saves the sections that were typed, each with the version that was seen, within the caller's transaction.

        Gives how many were changed. Raises StaleTexts when any of them has another version now, unless it says the
        same, or is what was offered and left as it was.
        """
        before = self.read(year)
        changed = {
            section: typed[section]
            for section in before
            if section in typed and self._changes(section, before[section], typed[section])
        }
        if not changed:
            return 0
        self.begin({year})
        stale = [section for section, one in changed.items() if not self._write(year, section, one)]
        if stale:
            raise StaleTexts(stale)
        changes = {section.value: (before[section].text or None, one.text or None) for section, one in changed.items()}
        trail.record(self.action, target=(self.target, year), changes=changes, personal=frozenset(changes))
        return len(changed)

    def _changes(self, section: S, before: Written, typed: Written) -> bool:
        """Whether what was typed is to be written. To empty what was offered says that there shall be nothing."""
        offered = self.suggestions.get(section) if typed.version == 0 else None
        if offered is None:
            return typed.text != before.text
        return not before.version or typed.text not in {offered, before.text}

    def _write(self, year: int, section: S, one: Written) -> bool:
        """Whether the section still had the version that was seen. Of two at once, one waits for the other here."""
        of = self.table
        if one.version == 0:
            row = {"year": year, "section": section.value, "text": one.text, "version": 1}
            return db.session.scalar(insert_if_new(of).values(**row).returning(of.version)) is not None
        mine = (of.year == year, of.section == section.value, of.version == one.version)
        values = {"text": one.text, "version": of.version + 1}
        return db.session.scalar(update(of).where(*mine).values(values).returning(of.version)) is not None
