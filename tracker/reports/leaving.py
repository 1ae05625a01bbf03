"""What is about to leave the house? A locked version's document for a reader, or the draft's."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tracker.frozen.quarters import key_of
from tracker.frozen.queries import LockedVersion, get_file, list_versions
from tracker.records.scope import Scope
from tracker.reports.audiences import Document
from tracker.reports.closing import period_of
from tracker.reports.files import reader_document
from tracker.reports.quarter import quarter_figures
from tracker.reports.rendering import ReportFormat
from tracker.rules.closing import Audience
from tracker.rules.errors import RuleViolation
from tracker.rules.quarters import Period, Quarter

LENGTH_OF_DAY = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for: a locked version, or (None) the draft over some days."""

    locked: LockedVersion | None
    period: Period


@dataclass(frozen=True, slots=True)
class Leaving:
    """A reader's document, of which version (None: the draft) and over which days."""

    document: Document
    version: int | None
    period: Period


def locked_or_draft(quarter: Quarter, parameters: Mapping[str, str]) -> Asked:
    """`version=N` asks for that locked version, `utkast=1` or days that are not its own for the draft; else the newest.

    Raises RuleViolation for days that cannot be used, and (code `no_version`) for a version that there is not.
    """
    versions = {version.version: version for version in list_versions(key_of(quarter))}
    asked = parameters.get("version", "")
    if asked:
        if not (asked.isascii() and asked.isdigit() and int(asked[:6]) in versions):
            raise RuleViolation("no_version", "Den versionen finns inte.", "version")
        chosen = versions[int(asked[:6])]
        return Asked(chosen, Period.of(quarter, chosen.cutoff_on, chosen.previous_on))
    cutoff_on = day_asked_for(parameters, "avstamning")
    previous_on = day_asked_for(parameters, "foregaende")
    period = period_of(quarter, cutoff_on, previous_on)
    newest = versions[max(versions)] if versions else None
    if newest is None or parameters.get("utkast") == "1":
        return Asked(None, period)
    if cutoff_on not in {None, newest.cutoff_on} or previous_on not in {None, newest.previous_on}:
        return Asked(None, period)
    return Asked(newest, Period.of(quarter, newest.cutoff_on, newest.previous_on))


def leaving_document(audience: Audience, asked: Asked, scope: Scope) -> Leaving:
    """An audience's document: of the locked version as its bytes say it, of the draft as this reader would take it."""
    if asked.locked is not None:
        data = get_file(asked.locked.id, audience.value, ReportFormat.JSON.value)
        document: Document = json.loads(data or b"{}")
        return Leaving(document, asked.locked.version, asked.period)
    document, _ = reader_document(quarter_figures(asked.period, scope.reach), scope, audience)
    return Leaving(document, None, asked.period)


def day_asked_for(parameters: Mapping[str, str], field: str) -> date | None:
    """The day in a field of an address, None when it is empty; only as ÅÅÅÅ-MM-DD. Raises RuleViolation."""
    text = parameters.get(field, "")
    if not text:
        return None
    try:
        if len(text) != LENGTH_OF_DAY:
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise RuleViolation("date", "Datumet går inte att läsa. Skriv det som 2026-03-31.", field) from None
