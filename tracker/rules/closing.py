"""Who may take which step as a report is closed, and who reads which reader's file?

Source: the committee's own order (two persons stand behind a report that is sent) and 26 kap. offentlighets- och
sekretesslagen (2009:400): what leaves the house is reviewed first. 34 kap. 1 och 3 §§ socialtjänstlagen (2025:400) and
28 f och 28 h §§ LSS say who gets a report.
"""

import re
from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Role

_WORD = re.compile(r"\w(?:[\w/.:-]*\w)?")
SHORTEST_NAME = 5


class Audience(StrEnum):
    """For whom a report is made."""

    INTERNAL = "intern"
    IVO = "ivo"
    COMMITTEE = "namnd"
    AUDITORS = "revisor"
    COUNCIL = "fullmaktige"


# What leaves the house only after a sekretessprövning; IVO's reports are asked for by law.
REVIEWED = frozenset({Audience.COMMITTEE, Audience.AUDITORS, Audience.COUNCIL})
# What names a person or a reference, and is emptied when the person is forgotten.
NAMING = frozenset({Audience.INTERNAL, Audience.IVO})
_READ_BY: dict[Audience, frozenset[Role]] = {
    Audience.INTERNAL: frozenset({Role.CASE_OFFICER, Role.QUALITY_LEAD}),
    Audience.IVO: frozenset({Role.CASE_OFFICER}),
    Audience.COMMITTEE: frozenset({Role.QUALITY_LEAD, Role.SECRETARY, Role.COMMITTEE_MEMBER}),
    Audience.AUDITORS: frozenset({Role.QUALITY_LEAD, Role.AUDITOR}),
    Audience.COUNCIL: frozenset({Role.QUALITY_LEAD, Role.SECRETARY}),
}


def audiences_of(roles: Iterable[Role]) -> tuple[Audience, ...]:
    """The readers' files that somebody with these roles (each held for the whole house) may open when locked."""
    held = set(roles)
    return tuple(audience for audience in Audience if held & _READ_BY[audience])


def check_title(title: str, refs: Iterable[str]) -> None:
    """Raises RuleViolation when a report's own title names one of its decisions: it stands in every reader's file.

    "Kvartal 4, utan B-31" names B-31. A short one of digits or letters alone is no name: "Kvartal 4" would
    name 4.
    """
    words = {word.casefold() for word in _WORD.findall(title)}
    for ref in refs:
        mixed = any(sign.isdigit() for sign in ref) and not ref.isdecimal()
        if ref.casefold() in words and (mixed or len(ref) >= SHORTEST_NAME):
            raise RuleViolation(
                "title_ref", f"Rubriken nämner beslutet {ref}. Skriv den utan: den står i alla läsares filer.", "rubrik"
            )


def check_cutoff(cutoff_on: date, today: date, locked_on: date | None) -> None:
    """Raises RuleViolation unless a report can be locked with this cut-off; `locked_on`: that of what it replaces.

    What happens after today is not known: a cut-off of 2026-03-31 can be locked from that day on. A correction has the
    same cut-off or an earlier one: with a later one all that stood in the report would count as reported before it.
    """
    if cutoff_on > today:
        raise RuleViolation(
            "cutoff_ahead",
            f"Avstämningsdatum {cutoff_on} har inte varit än. Vänta till dess, eller välj ett tidigare datum.",
            "avstamning",
        )
    if locked_on is not None and cutoff_on > locked_on:
        raise RuleViolation(
            "later_cutoff",
            f"Rapporten är låst med avstämningsdatum {locked_on}. En rättelse kan ha samma datum eller ett tidigare: "
            "det som har hänt senare hör till nästa rapport.",
            "avstamning",
        )


def check_locker(ready_by: int | None, is_still_so: bool, locker_id: int) -> None:
    """Raises RuleViolation unless somebody else has marked the report ready, and it still says what it said then.

    `is_still_so`: nothing in it has changed since. User 7 has marked it ready: 8 may lock it, 7 may not.
    """
    if ready_by is None:
        raise RuleViolation("not_ready", "Rapporten är inte markerad som klar. Granska den och markera den klar först.")
    if not is_still_so:
        raise RuleViolation(
            "changed_since_ready",
            "Registret har ändrats sedan rapporten markerades klar. Granska den och markera den klar på nytt.",
        )
    if ready_by == locker_id:
        raise RuleViolation(
            "same_person",
            "Du har själv markerat rapporten klar. Be någon annan låsa den: två ska stå bakom den.",
        )
