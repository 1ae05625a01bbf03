"""What more can the register of avvikelser be filtered by, and how does it stand in an address?

`orsak`, `slag`, `allvarlighet` and `sannolikhet` are what they say; `utan` is what has not been said: a category, a
cause, whether it happened, or the two steps of the assessment. `omrade` is the law, `lexmaria=ja` what is notified.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, bindparam, or_, select

from tracker.cases.mas_models import LexMaria
from tracker.web.parameters import number_of

More = tuple[tuple[str, str | int], ...]
MoreShape = tuple[tuple[str, str], ...]
WITHOUT = "utan"
KNOWN = {"slag": frozenset({"händelse", "tillbud"}), "omrade": frozenset({"SoL", "LSS", "HSL"})}
STEPS = {"allvarlighet": range(1, 5), "sannolikhet": range(1, 5)}  # of the assessment, as the table has them
MARIA = "lexmaria"
COLUMNS = {
    "omrade": "law_area",
    "orsak": "cause_id",
    "slag": "kind",
    "allvarlighet": "severity",
    "sannolikhet": "likelihood",
}
UNSAID = {
    "kategori": ("category_id",), "orsak": ("cause_id",), "slag": ("kind",), "bedomning": ("severity", "likelihood"),
}  # fmt: skip
UNSAID_LABELS = {
    "kategori": "utan kategori", "orsak": "utan orsaksområde", "slag": "utan slag", "bedomning": "utan bedömning",
}  # fmt: skip


def more_of(parameters: Mapping[str, str]) -> More:
    """What an address asks for; what means nothing is left out."""
    found: list[tuple[str, str | int]] = []
    for name in COLUMNS:
        value = _value_of(name, parameters.get(name, ""))
        if value is not None:
            found.append((name, value))
    if parameters.get(WITHOUT, "") in UNSAID:
        found.append((WITHOUT, parameters[WITHOUT]))
    if parameters.get(MARIA, "") == "ja":
        found.append((MARIA, "ja"))
    return tuple(found)


def _value_of(name: str, given: str) -> str | int | None:
    if name in KNOWN:
        return given if given in KNOWN[name] else None
    number = number_of(given)
    return number if name not in STEPS or number in STEPS[name] else None


def more_shape(more: More) -> MoreShape:
    """What of it decides how a statement looks."""
    return tuple((name, str(value) if name == WITHOUT else "") for name, value in more)


def more_conditions(model: Any, shape: MoreShape) -> list[ColumnElement[bool]]:  # noqa: ANN401 - the register's table
    """The conditions; their statement runs with `more_values`."""
    found: list[ColumnElement[bool]] = []
    for name, unsaid in shape:
        if name == WITHOUT:
            found.append(or_(*(getattr(model, column).is_(None) for column in UNSAID[unsaid])))
        elif name == MARIA:
            found.append(model.record_id.in_(select(LexMaria.record_id)))
        else:
            found.append(getattr(model, COLUMNS[name]) == bindparam(f"more_{name}"))
    return found


def more_values(more: More) -> dict[str, str | int]:
    """What is bound."""
    return {f"more_{name}": value for name, value in more if name in COLUMNS}


def more_words(more: More) -> str:
    """What the list is also filtered by, but for the cause, which has a select of its own: `tillbud, utan kategori`."""
    found = []
    for name, value in more:
        if name == WITHOUT:
            found.append(UNSAID_LABELS[str(value)])
        elif name == MARIA:
            found.append("anmälda enligt lex Maria")
        elif name != "orsak":
            found.append(str(value) if name in KNOWN else f"{name} {value}")
    return ", ".join(found)
