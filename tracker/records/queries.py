"""Reading code lists."""

from dataclasses import dataclass

from sqlalchemy import select

from tracker.accounts.models import Installation
from tracker.database import db
from tracker.kept import Kept
from tracker.records.models import CodeItem, CodeList


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a code list, as a select shows it."""

    id: int
    label: str


def code_labels(code_list: CodeList) -> dict[int, str]:
    """Id → label of a code list."""
    rows = db.session.execute(select(CodeItem.id, CodeItem.label).where(CodeItem.list == code_list))
    return {row[0]: row[1] for row in rows}


def list_codes(code_list: CodeList) -> list[Choice]:
    """A code list by label."""
    statement = select(CodeItem.id, CodeItem.label).where(CodeItem.list == code_list).order_by(CodeItem.label)
    return [Choice(item_id, label) for item_id, label in db.session.execute(statement)]


CODES_KEPT_SECONDS = 10.0
_codes: Kept[list[Choice]] = Kept(CODES_KEPT_SECONDS, 50)


def kept_codes(code_list: CodeList) -> list[Choice]:
    """A code list as it was at most ten seconds ago; for selects and labels."""
    return _codes.get((str(db.engine.url), code_list), lambda: list_codes(code_list))


def kept_label(code_list: CodeList, item_id: int) -> str:
    """The label of one entry; read anew when it is younger than what is remembered."""
    for choice in kept_codes(code_list):
        if choice.id == item_id:
            return choice.label
    _codes.forget()
    return code_labels(code_list)[item_id]


_demonstration: Kept[bool] = Kept(CODES_KEPT_SECONDS, 10)


def is_demonstration() -> bool:
    """Whether this installation holds invented data only."""
    return _demonstration.get(str(db.engine.url), lambda: bool(db.session.scalar(select(Installation.demonstration))))
