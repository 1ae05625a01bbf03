"""What is kept of a year of quality when it is locked: for each audience its figures, and the kvalitetsberättelse.

All that its pages and files are made of is kept as JSON beside the files.
"""

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import cache

from pydantic import TypeAdapter

from tracker.frozen.queries import LockedVersion, get_file
from tracker.records.scope import EVERY_RECORD
from tracker.reports.quality import QualityYear, for_the_public, quality_year
from tracker.reports.rendering.control import Cover
from tracker.reports.rendering.quality import FORMATS, render_quality
from tracker.reports.rendering.story import STORY_FORMATS, render_story
from tracker.reports.story import Story, story_of
from tracker.rules.closing import Audience

WHOLE = "underlag"
AUDIENCES = (Audience.INTERNAL, Audience.COMMITTEE, Audience.AUDITORS)
Files = dict[tuple[str, str], bytes]


@dataclass(frozen=True, slots=True)
class Kept:
    """A year as one audience reads it, and what heads its papers."""

    found: QualityYear
    story: Story
    cover: Cover


@dataclass(frozen=True, slots=True)
class YearNow:
    """A year of the whole house as it is now."""

    found: QualityYear
    story: Story

    @property
    def digest(self) -> str:
        """The SHA-256 in hex of all that it says."""
        return hashlib.sha256(_year().dump_json(self)).hexdigest()


def year_now(year: int, cutoff: date | None) -> YearNow:
    """The whole house. Raises RuleViolation for a cut-off outside the year."""
    return YearNow(quality_year(year, cutoff, EVERY_RECORD), story_of(year, cutoff))


def files_of(now: YearNow, cover: Cover) -> Files:
    """Every file of every audience; what leaves the house is the same for all who read it there.

    Raises as `render_quality` does.
    """
    files: Files = {}
    papers = {story_format(shape): render_story(now.story, shape, cover) for shape in STORY_FORMATS}
    outside = for_the_public(now.found)
    shown = {shape: render_quality(outside, shape, cover) for shape in FORMATS if shape != "json"}
    for audience in AUDIENCES:
        inside = audience is Audience.INTERNAL
        found = now.found if inside else for_the_public(now.found, audience)
        files |= {(audience.value, shape): data for shape, data in papers.items()}
        for shape in FORMATS:
            made = shown.get(shape) if not inside else None
            files[audience.value, shape] = made if made is not None else render_quality(found, shape, cover)
        files[audience.value, WHOLE] = _kept().dump_json(Kept(found, now.story, cover))
    return files


def story_format(shape: str) -> str:
    """Under which format the kvalitetsberättelse lies among a locked version's files."""
    return f"text.{shape}"


def read_kept(version: LockedVersion, audience: Audience) -> Kept:
    """What an audience reads of a locked version."""
    return _kept().validate_json(get_file(version.id, audience.value, WHOLE) or b"")


@cache
def _kept() -> TypeAdapter[Kept]:
    return TypeAdapter(Kept)


@cache
def _year() -> TypeAdapter[YearNow]:
    return TypeAdapter(YearNow)
