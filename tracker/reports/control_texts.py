"""The texts that somebody writes for the follow-up of the internal control plan: reading them, and writing them.

Nothing else writes them. A section has a version of its own: two who write in different sections never meet.
"""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from sqlalchemy import select, update

from tracker.audit import trail
from tracker.database import db, insert_if_new
from tracker.reports.models import ControlText
from tracker.risk.services import ensure_plans
from tracker.rules.control_texts import SUGGESTIONS, TextSection
from tracker.rules.trail import Action, TargetKind


class Written(NamedTuple):
    """A section's text and its version; a section that nobody has written in has version 0."""

    text: str
    version: int


UNWRITTEN = Written("", 0)


class StaleTexts(Exception):
    """Somebody else has written in these sections since; the caller rolls back, and nothing is saved."""

    def __init__(self, sections: Collection[TextSection]) -> None:
        self.sections = frozenset(sections)
        super().__init__(", ".join(sorted(self.sections)))


def read_texts(year: int) -> dict[TextSection, Written]:
    """Every section of a year, in the order of the paper."""
    rows = db.session.execute(
        select(ControlText.section, ControlText.text, ControlText.version).where(ControlText.year == year)
    )
    found = {section: Written(text, version) for section, text, version in rows}
    return {section: found.get(section.value, UNWRITTEN) for section in TextSection}


def save_texts(year: int, typed: Mapping[TextSection, Written]) -> int:
    """Saves the sections that were typed, each with the version that was seen, within the caller's transaction.

    Gives how many were changed. Raises StaleTexts when any of them has another version now, unless it says the same,
    or is what was offered and left as it was.
    """
    before = read_texts(year)
    changed = {
        section: typed[section]
        for section in before
        if section in typed and _changes(section, before[section], typed[section])
    }
    if not changed:
        return 0
    ensure_plans({year})
    stale = [section for section, one in changed.items() if not _write(year, section, one)]
    if stale:
        raise StaleTexts(stale)
    changes = {section.value: (before[section].text or None, one.text or None) for section, one in changed.items()}
    trail.record(
        Action.PLAN_TEXTS_CHANGED, target=(TargetKind.PLAN, year), changes=changes, personal=frozenset(changes)
    )
    return len(changed)


def _changes(section: TextSection, before: Written, typed: Written) -> bool:
    """Whether what was typed is to be written. To empty what was offered is to say that there shall be nothing."""
    offered = SUGGESTIONS.get(section) if typed.version == 0 else None
    if offered is None:
        return typed.text != before.text
    return not before.version or typed.text not in {offered, before.text}


def _write(year: int, section: TextSection, one: Written) -> bool:
    """Whether the section still had the version that was seen. Of two at once, one waits for the other here."""
    version = ControlText.version
    if one.version == 0:
        row = {"year": year, "section": section.value, "text": one.text, "version": 1}
        return db.session.scalar(insert_if_new(ControlText).values(**row).returning(version)) is not None
    statement = update(ControlText).where(
        ControlText.year == year, ControlText.section == section.value, version == one.version
    )
    return db.session.scalar(statement.values(text=one.text, version=version + 1).returning(version)) is not None
