"""Changing code lists: what is chosen from changes, what has been chosen keeps its meaning."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import InstrumentedAttribute

from tracker.audit import trail
from tracker.audit.chain import trail_keys
from tracker.database import db, is_sqlite
from tracker.kept import forget_everything
from tracker.records.models import CodeItem, CodeList
from tracker.records.services import add_codes
from tracker.rules.errors import RuleViolation
from tracker.rules.identity import holds_person_number
from tracker.rules.trail import Action, TargetKind

LONGEST_LABEL = 200


@dataclass(frozen=True, slots=True)
class CodeUse:
    """A column that points at a list's entries, or (`by_label`) holds their text; `one`, `many`: its rows' noun."""

    column: Any
    one: str
    many: str
    by_label: bool


_uses: dict[CodeList, list[CodeUse]] = {}


def register_code_use(
    code_list: CodeList, column: InstrumentedAttribute[Any], one: str, many: str, *, by_label: bool = False
) -> None:
    """A register tells, as it is loaded, where it uses a list: what is merged or renamed is then changed there too."""
    uses = _uses.setdefault(code_list, [])
    if all(use.column is not column for use in uses):
        uses.append(CodeUse(column, one, many, by_label))


def _condition(use: CodeUse, item: CodeItem) -> Any:  # noqa: ANN401 - a comparison with a column of any type
    return use.column == (item.label if use.by_label else item.id)


def count_uses(item: CodeItem) -> list[tuple[int, str]]:
    """How many rows use an entry, with their noun, for each place that can."""
    found = []
    for use in _uses.get(CodeList(item.list), []):
        table = use.column.class_.__table__
        count = db.session.scalar(select(func.count()).select_from(table).where(_condition(use, item))) or 0
        found.append((count, use.one if count == 1 else use.many))
    return found


def _lock(code_list: CodeList) -> None:
    """Nobody else writes where the list is used until the transaction ends; what was read of the list is read anew."""
    if not is_sqlite():
        tables = sorted({"code_item", *(use.column.class_.__tablename__ for use in _uses.get(code_list, []))})
        # The registers first, as an import does: two that wait for each other would both fail.
        tables.remove("code_item")
        db.session.execute(text(f"LOCK TABLE {', '.join([*tables, 'code_item'])} IN SHARE ROW EXCLUSIVE MODE"))
    db.session.expire_all()


def _check_label(code_list: CodeList, label: str, item: CodeItem | None = None) -> CodeItem | None:
    """Gives the entry's own former name, where the label is that. Raises RuleViolation when it cannot be used."""
    if not label or len(label) > LONGEST_LABEL:
        raise RuleViolation("code_label", f"Skriv texten med högst {LONGEST_LABEL} tecken.", "label")
    if holds_person_number(label):
        raise RuleViolation(
            "code_person", "Texten ser ut att innehålla ett personnummer. Skriv utan personuppgifter.", "label"
        )
    found = db.session.scalar(select(CodeItem).where(CodeItem.list == code_list, CodeItem.label == label))
    if found is None or (item is not None and found.merged_into_id == item.id):
        return found
    if found.merged_into_id is not None:
        of = db.session.get_one(CodeItem, found.merged_into_id).label
        raise RuleViolation("code_taken", f"{label} räknas redan som {of}.", "label")
    raise RuleViolation("code_taken", f"{label} finns redan i listan. Slå ihop dem om de betyder samma sak.", "label")


def add_by_hand(code_list: CodeList, labels: Iterable[str]) -> list[int]:
    """New entries, last in the list; all or none. Gives their numbers."""
    _lock(code_list)
    wanted = list(dict.fromkeys(label.strip() for label in labels if label.strip()))
    for label in wanted:
        _check_label(code_list, label)
    ids = add_codes(code_list, wanted)
    forget_everything()
    return [ids[label] for label in wanted]


def change_code(item: CodeItem, label: str, valid_from: date | None, valid_until: date | None) -> bool:
    """Another text, or other days. The text from before stays as another name, so that files may go on saying it."""
    code_list = CodeList(item.list)
    _lock(code_list)
    label = label.strip()
    if valid_from is not None and valid_until is not None and valid_until < valid_from:
        raise RuleViolation("code_days", "Slutdagen måste vara samma dag som startdagen eller senare.", "valid_until")
    changes: dict[str, tuple[object, object]] = {
        name: (old, new)
        for name, old, new in (
            ("label", item.label, label),
            ("valid_from", item.valid_from, valid_from),
            ("valid_until", item.valid_until, valid_until),
        )
        if old != new
    }
    if not changes:
        return False
    if "label" in changes:
        changes |= _rename(code_list, item, label)
    item.valid_from, item.valid_until = valid_from, valid_until
    db.session.flush()
    trail.record(Action.CODE_CHANGED, target=(TargetKind.CODE, item.id), changes=changes)
    forget_everything()
    return True


def _rename(code_list: CodeList, item: CodeItem, label: str) -> dict[str, tuple[object, object]]:
    """Renames, and gives what the trail says of the rows that hold the text."""
    former = _check_label(code_list, label, item)
    old = item.label
    changed = [_set(use, old, label) for use in _uses.get(code_list, []) if use.by_label]
    if former is not None:
        db.session.delete(former)
        db.session.flush()
    item.label = label
    db.session.flush()
    db.session.add(CodeItem(list=code_list.value, label=old, position=item.position, merged_into_id=item.id))
    db.session.flush()
    return _rows_changed(changed) if any(rows for rows, _ in changed) else {}


def _set(use: CodeUse, old: object, new: object) -> tuple[int, str]:
    """Puts the new value where the old one stands; how many rows, and which: what the trail's digest is made from."""
    table = use.column.class_.__table__
    column, (key,) = table.c[use.column.key], table.primary_key.columns
    ids = sorted(db.session.scalars(select(key).where(column == old)))
    db.session.execute(update(table).where(column == old).values({column: new}))
    return len(ids), f"{table.name}.{column.name} {json.dumps([old, new])} {','.join(map(str, ids))}"


def _rows_changed(changed: list[tuple[int, str]]) -> dict[str, tuple[object, object]]:
    """What the trail says of rows changed in bulk: how many, and a keyed digest over each one's key, old and new."""
    digest = trail_keys.digest("\n".join(text for _, text in changed)).hex()
    return {"rows": (None, sum(rows for rows, _ in changed)), "digest": (None, digest)}


def move_code(item: CodeItem, *, up: bool) -> bool:
    """One place up or down in the list; False at its end."""
    code_list = CodeList(item.list)
    _lock(code_list)
    order = list(
        db.session.scalars(
            select(CodeItem)
            .where(CodeItem.list == code_list, CodeItem.merged_into_id.is_(None))
            .order_by(CodeItem.position, CodeItem.label)
        )
    )
    place = order.index(item)
    other = place + (-1 if up else 1)
    if not 0 <= other < len(order):
        return False
    order[place], order[other] = order[other], order[place]
    for position, one in enumerate(order, start=1):
        one.position = position
    db.session.flush()
    trail.record(Action.CODE_CHANGED, target=(TargetKind.CODE, item.id), changes={"position": (place + 1, other + 1)})
    forget_everything()
    return True


def merge_codes(item: CodeItem, into: CodeItem) -> int:
    """Every row that uses `item` uses `into` instead, and `item` is another name of it from now on; gives the rows.

    Raises RuleViolation when the two cannot be one.
    """
    code_list = CodeList(item.list)
    _lock(code_list)
    if item.id == into.id or into.list != item.list or item.merged_into_id or into.merged_into_id:
        raise RuleViolation("code_merge", "Välj en annan text i samma lista.", "into")
    changed = [
        _set(use, item.label, into.label) if use.by_label else _set(use, item.id, into.id)
        for use in _uses.get(code_list, [])
    ]
    db.session.execute(update(CodeItem).where(CodeItem.merged_into_id == item.id).values(merged_into_id=into.id))
    item.merged_into_id = into.id
    db.session.flush()
    trail.record(
        Action.CODES_MERGED,
        target=(TargetKind.CODE, item.id),
        changes={"merged_into_id": (None, into.id), "label": (item.label, into.label)} | _rows_changed(changed),
    )
    forget_everything()
    return sum(rows for rows, _ in changed)
