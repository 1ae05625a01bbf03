"""How has a file like this been read before? Remembered for the installation, without what points at a person."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from tracker.audit import trail
from tracker.database import db
from tracker.exchange.columns import fold
from tracker.exchange.foreign import ForeignColumn
from tracker.intake.choices import AS_IT_STANDS, Choices
from tracker.intake.models import ImportMapping
from tracker.rules.identity import holds_person_number
from tracker.rules.trail import Action, TargetKind

MOST_MAPPINGS = 50
LONGEST_VALUE = 60
MOST_VALUES = 500
LIKE_ENOUGH = 0.5


@dataclass(frozen=True, slots=True)
class Remembered:
    """An earlier reading: field → head, the heads that were skipped, forms of days, values, and when it was saved."""

    columns: Mapping[str, str]
    skipped: tuple[str, ...]
    dates: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]]
    saved_at: datetime
    sheet: str

    def gone(self, heads: Iterable[str]) -> dict[str, str]:
        """Field → head for each column that this file lacks."""
        here = {fold(head) for head in heads}
        return {name: head for name, head in self.columns.items() if fold(head) not in here}

    def field_of(self, head: str) -> str | None:
        """What the column was read as; "" for one that was skipped, None for one that was not there."""
        if fold(head) in {fold(skipped) for skipped in self.skipped}:
            return ""
        return next((name for name, known in self.columns.items() if fold(known) == fold(head)), None)


def shape_of(heads: Iterable[str]) -> str:
    """What tells files with the same heads in the same order from others."""
    return hashlib.sha256("\n".join(fold(head) for head in heads).encode()).hexdigest()


def names_of(columns: Iterable[ForeignColumn]) -> list[str]:
    """The heads of the columns that have one."""
    return [column.name for column in columns if column.named]


def known_shapes() -> dict[str, str]:
    """Shape → sheet of what is remembered."""
    rows = db.session.execute(select(ImportMapping.shape, ImportMapping.content))
    return {shape: str(content.get("sheet", "")) for shape, content in rows}


def find_mapping(heads: list[str]) -> Remembered | None:
    """The reading of a file with the same heads, else of the one most like it that shares half of the columns read."""
    shape, here = shape_of(heads), {fold(head) for head in heads}
    best: tuple[float, datetime, ImportMapping] | None = None
    for mapping in db.session.scalars(select(ImportMapping).order_by(ImportMapping.id)):
        read = {fold(head) for head in mapping.content["columns"].values()}
        alike = 2.0 if mapping.shape == shape else len(read & here) / max(len(read), 1)
        if alike >= LIKE_ENOUGH and (best is None or (alike, mapping.saved_at) > best[:2]):
            best = (alike, mapping.saved_at, mapping)
    if best is None:
        return None
    content = best[2].content
    return Remembered(
        content["columns"], tuple(content["skipped"]), content["dates"], content["values"], best[1], content["sheet"]
    )


def remember(choices: Choices, heads: list[str], sheet: str, user_id: int, now: datetime) -> None:
    """Remembers how a file was read, within the caller's transaction; the trail tells when that is something new."""
    shape, content = shape_of(heads), _content(choices, sheet)
    mapping = db.session.scalar(select(ImportMapping).where(ImportMapping.shape == shape))
    if mapping is None:
        mapping = ImportMapping(shape=shape, content=content, saved_at=now, saved_by=user_id)
        db.session.add(mapping)
        db.session.flush()
        oldest = select(ImportMapping.id).order_by(ImportMapping.saved_at.desc(), ImportMapping.id.desc())
        extra = list(db.session.scalars(oldest.offset(MOST_MAPPINGS)))
        db.session.execute(delete(ImportMapping).where(ImportMapping.id.in_(extra)))
    elif mapping.content == content:
        return
    else:
        mapping.content, mapping.saved_at, mapping.saved_by = content, now, user_id
        db.session.flush()
    trail.record(
        Action.MAPPING_SAVED,
        target=(TargetKind.IMPORT_MAPPING, mapping.id),
        changes={
            "columns": (None, len(content["columns"])),
            "values": (None, sum(map(len, content["values"].values()))),
        },
    )


def _content(choices: Choices, sheet: str) -> dict[str, Any]:
    values = {
        name: {
            cell: code
            for cell, code in sorted(chosen.items())[:MOST_VALUES]
            if code != AS_IT_STANDS and len(cell) <= LONGEST_VALUE and not holds_person_number(cell)
        }
        for name, chosen in (choices.values or {}).items()
    }
    return {
        "columns": {name: head for name, head in choices.heads.items() if not holds_person_number(head)},
        "skipped": [head for head in choices.skipped if not holds_person_number(head)],
        "dates": dict(choices.dates),
        "values": {name: chosen for name, chosen in values.items() if chosen},
        "sheet": "" if holds_person_number(sheet) else sheet,
    }
