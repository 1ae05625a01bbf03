"""What differs between two lists of risks or of kontrollmoment: ny, ändrad, borttagen."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple


class ChangeKind(StrEnum):
    """How a row stands against the same ref in the other list."""

    NEW = "ny"
    CHANGED = "andrad"
    REMOVED = "borttagen"


class FieldChange(NamedTuple):
    """A field with what it was and what it is."""

    name: str
    old: object
    new: object


class RowChange(NamedTuple):
    """A row that differs; `fields` only of one that has changed."""

    ref: str
    kind: ChangeKind
    fields: tuple[FieldChange, ...] = ()


def compare(
    before: Iterable[Mapping[str, object]], after: Iterable[Mapping[str, object]], fields: Sequence[str]
) -> list[RowChange]:
    """The rows that differ, by their `ref`: new and changed in the order of the later list, then those removed in the
    order of the earlier. Rows that are equal in all of the fields are left out.
    """
    old, new = ({str(row["ref"]): row for row in rows} for rows in (before, after))
    changes = list[RowChange]()
    for ref, row in new.items():
        if ref not in old:
            changes.append(RowChange(ref, ChangeKind.NEW))
            continue
        pairs = ((name, old[ref].get(name), row.get(name)) for name in fields)
        differing = tuple(FieldChange(*pair) for pair in pairs if pair[1] != pair[2])
        if differing:
            changes.append(RowChange(ref, ChangeKind.CHANGED, differing))
    return changes + [RowChange(ref, ChangeKind.REMOVED) for ref in old if ref not in new]
