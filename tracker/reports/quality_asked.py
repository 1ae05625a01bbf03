"""Which version of a year of quality does an address ask for, and as whom does its reader read it?"""

from typing import NamedTuple

from flask import abort, render_template, request
from flask_login import current_user

from tracker.frozen.queries import LockedVersion, list_versions
from tracker.frozen.years import quality_key
from tracker.reports.blueprint import version_asked_for
from tracker.reports.locked_views import readable_audiences
from tracker.reports.pages import AUDIENCE_LABELS
from tracker.reports.quality_kept import AUDIENCES, Kept, read_kept
from tracker.rules.closing import Audience
from tracker.rules.permissions import Permission


class LockedYear(NamedTuple):
    """A locked version as one audience reads it, and which others its reader may read it as."""

    version: LockedVersion
    audience: Audience
    audiences: tuple[Audience, ...]
    kept: Kept

    @property
    def address(self) -> dict[str, object]:
        """What an address says to ask for it again."""
        return {"version": self.version.version, "mottagare": self.audience.value}

    @property
    def labels(self) -> dict[str, str]:
        """The audiences by their words."""
        return {audience.value: AUDIENCE_LABELS[audience] for audience in self.audiences}


def drafts() -> bool:
    """Whether the reader may see the year before it is locked."""
    return bool(current_user.allows(Permission.READ_QUALITY))


def audiences() -> tuple[Audience, ...]:
    """As whom the reader may read it when it is locked: in whole, who reads the figures of the whole house."""
    whole = current_user.reach(Permission.READ_QUALITY).everything
    others = set(readable_audiences()) - {Audience.INTERNAL}
    return tuple(one for one in AUDIENCES if one in others or (whole and one is Audience.INTERNAL))


def find_locked(year: int) -> LockedYear | None:
    """`version=N` asks for that locked version, `utkast=1` or a cut-off day for the draft, else the newest; None: the
    draft, or nothing for who may not see that. 404 for an unknown version, or an audience that is not the reader's.
    """
    number, mine, versions = version_asked_for(request.args), audiences(), list_versions(quality_key(year))
    wants_draft = request.args.get("utkast") == "1" or bool(request.args.get("avstamning"))
    if number is None and (not versions or not mine or (drafts() and wants_draft)):
        return None
    chosen = next((one for one in versions if number in {None, one.version}), None)
    wanted = request.args.get("mottagare") or next((one.value for one in mine), "")
    if chosen is None or wanted not in {one.value for one in mine}:
        abort(404)
    audience = Audience(wanted)
    return LockedYear(chosen, audience, mine, read_kept(chosen, audience))


def not_yet(year: int) -> str:
    """What who reads locked reports alone is told before there is one."""
    return render_template("reports/quality_not_yet.html", year=year)
