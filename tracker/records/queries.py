"""Reading code lists."""

from dataclasses import dataclass

from sqlalchemy import select

from tracker.database import db
from tracker.records.models import CodeItem, CodeList


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a code list, as a select shows it."""

    id: int
    label: str


def code_labels(code_list: CodeList) -> dict[int, str]:
    """Id → label of a code list."""
    rows = db.session.execute(select(CodeItem.id, CodeItem.label).where(CodeItem.list == code_list))
    return {item_id: label for item_id, label in rows}


def list_codes(code_list: CodeList) -> list[Choice]:
    """A code list by label."""
    statement = select(CodeItem.id, CodeItem.label).where(CodeItem.list == code_list).order_by(CodeItem.label)
    return [Choice(item_id, label) for item_id, label in db.session.execute(statement)]
