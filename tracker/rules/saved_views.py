"""Which registers have saved views, what may stand in one, and who sees it? Ours: no law says anything of it.

A view is a filter and never a right: whoever opens one sees of its list what their role lets them see.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from tracker.rules.errors import RuleViolation
from tracker.rules.identity import holds_person_number
from tracker.rules.permissions import Permission

ARRANGED = frozenset({"kolumner", "ordning"})
MOST_OWN = 50
LONGEST_VALUE = 200
PERSON_NUMBER = "Skriv inga personnummer i en vy. Använd något annat att känna igen den på."
_MOMENTS = re.compile(r"/internkontroll/(199[0-9]|20[0-9]{2}|2100)/moment")
_GUARANTEE = re.compile(r"/garantier/(?!overskridna$)[a-z0-9-]{1,60}")


class CodeOf(StrEnum):
    """A parameter that holds the number of a code list's entry."""

    INTERVENTION = "insats"
    CATEGORY = "kategori"
    CAUSE = "orsak"


@dataclass(frozen=True, slots=True)
class ViewedRegister:
    """A register with saved views: what it is called, the parameters of its filter, and the permissions of which one
    opens it.
    """

    label: str
    parameters: frozenset[str]
    opens: frozenset[Permission]


def _register(label: str, parameters: str, *opens: Permission) -> ViewedRegister:
    return ViewedRegister(label, frozenset(parameters.split()) | ARRANGED, frozenset(opens))


REGISTERS: Mapping[str, ViewedRegister] = {
    "/beslut": _register(
        "Ej verkställda beslut", "status enhet insats klocka tidigast senast ref", Permission.READ_DECISIONS
    ),
    "/avvikelser": _register(
        "Avvikelser", "status enhet kategori fran till ref orsak slag allvarlighet sannolikhet utan omrade lexmaria",
        Permission.READ_DEVIATIONS,
    ),
    "/lex-sarah": _register(
        "Lex Sarah", "status enhet bedomning fran till ref",
        Permission.READ_LEX_SARAH, Permission.SEE_LEX_SARAH, Permission.INVESTIGATE_LEX_SARAH,
    ),
    "/synpunkter": _register("Synpunkter", "status enhet typ fran till ref", Permission.READ_COMPLAINTS),
    "/risker": _register("Risker", "ar lista sannolikhet konsekvens", Permission.READ_CONTROL),
    "/atgarder": _register("Åtgärder", "lista vems enhet", Permission.CARRY_OUT_ACTIONS),
}  # fmt: skip
_OF_GUARANTEES = _register("Garantier", "lage enhet manad", Permission.READ_GUARANTEES)
_OF_MOMENTS = _register("Kontrollmoment", "utfall enhet", Permission.READ_CONTROL)


def viewed_register(path: str) -> ViewedRegister | None:
    """The register at an address, None where it has no saved views."""
    of_year = _MOMENTS.fullmatch(path)
    if of_year:
        return replace(_OF_MOMENTS, label=f"{_OF_MOMENTS.label} {of_year[1]}")
    return _OF_GUARANTEES if _GUARANTEE.fullmatch(path) else REGISTERS.get(path)


def kept_filter(path: str, parameters: Iterable[tuple[str, str]]) -> dict[str, str]:
    """What of an address's parameters a view of the register keeps: those of its filter, once each, never the place in
    the list.
    """
    register = viewed_register(path)
    known = register.parameters if register else frozenset()
    return {name: value[:LONGEST_VALUE] for name, value in parameters if name in known and value}


def check_view(name: str, parameters: Mapping[str, str]) -> None:
    """Raises RuleViolation, field `name`, for a personnummer in what a view is called, or in its filter."""
    if any(holds_person_number(text) for text in (name, *parameters.values())):
        raise RuleViolation("person_number", PERSON_NUMBER, "name")


def is_shared_with(unit: tuple[int, int], held: Iterable[tuple[int, int]]) -> bool:
    """Whether a view that is shared with a unit is for somebody who holds roles for some units; each unit as the first
    and last place of its tree. It is for those who work in the unit or below it, not for those above: unit 2-9 with a
    role for 3-3 is, with one for 1-20 is not.
    """
    return any(unit[0] <= first and last <= unit[1] for first, last in held)
