"""Reading code lists."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased

from tracker.accounts.models import Installation
from tracker.database import database_key, db
from tracker.kept import Kept
from tracker.records.models import CodeItem, CodeList, Record


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a code list, as a select shows it."""

    id: int
    label: str


_LABELS = select(CodeItem.id, CodeItem.label).where(CodeItem.list.in_(bindparam("lists", expanding=True)))


def code_labels(*lists: CodeList) -> dict[int, str]:
    """Id → label of one code list, or of several."""
    rows = db.session.execute(_LABELS, {"lists": lists})
    return {row[0]: row[1] for row in rows}


@dataclass(frozen=True, slots=True)
class CodeWords:
    """Id → label of every entry of every code list. `names_digest`: 32 bytes that are the same as long as no entry has
    got another text or been merged, as both leave another name behind.
    """

    labels: dict[int, str]
    names_digest: bytes


_WORDS = select(CodeItem.id, CodeItem.list, CodeItem.label, CodeItem.merged_into_id).order_by(CodeItem.id)


def code_words() -> CodeWords:
    """All the words that the code lists have now."""
    labels, other_names = dict[int, str](), []
    for item_id, of_list, label, merged_into_id in db.session.execute(_WORDS):
        labels[item_id] = label
        if merged_into_id is not None:
            other_names.append((item_id, of_list, label, merged_into_id))
    return CodeWords(labels, hashlib.sha256(repr(other_names).encode()).digest())


def code_names(code_list: CodeList) -> dict[int, str | None]:
    """Id → the stable short name of each entry, None where it has none."""
    rows = db.session.execute(select(CodeItem.id, CodeItem.code).where(CodeItem.list == code_list))
    return {row[0]: row[1] for row in rows}


@dataclass(frozen=True, slots=True)
class CodeRow:
    """One entry of a code list, as its page shows it, with what else counts as it."""

    id: int
    label: str
    valid_from: date | None
    valid_until: date | None
    also: tuple[str, ...]

    def offered(self, today: date) -> bool:
        """Whether it can be chosen on a day."""
        return (self.valid_from is None or self.valid_from <= today) and (
            self.valid_until is None or self.valid_until >= today
        )


def list_code_rows(code_list: CodeList) -> list[CodeRow]:
    """A code list in its order, whatever the day."""
    statement = (
        select(CodeItem.id, CodeItem.label, CodeItem.valid_from, CodeItem.valid_until, CodeItem.merged_into_id)
        .where(CodeItem.list == code_list)
        .order_by(CodeItem.position, CodeItem.label)
    )
    rows = db.session.execute(statement).all()
    also: dict[int, list[str]] = {}
    for _, label, _, _, merged_into_id in rows:
        if merged_into_id is not None:
            also.setdefault(merged_into_id, []).append(label)
    return [
        CodeRow(item_id, label, valid_from, valid_until, tuple(sorted(also.get(item_id, ()))))
        for item_id, label, valid_from, valid_until, merged_into_id in rows
        if merged_into_id is None
    ]


def list_codes(code_list: CodeList) -> list[Choice]:
    """A code list in its order, expired entries too: what has been chosen can be found and counted."""
    return [Choice(row.id, row.label) for row in list_code_rows(code_list)]


def offered_codes(code_list: CodeList, today: date) -> list[Choice]:
    """What can be chosen from a code list on a day, in its order."""
    return [Choice(row.id, row.label) for row in list_code_rows(code_list) if row.offered(today)]


def find_code_item(code_list: CodeList, item_id: int) -> CodeItem | None:
    """The entry of the list with this number, None when there is none or it is another's name."""
    statement = select(CodeItem).where(
        CodeItem.id == item_id, CodeItem.list == code_list, CodeItem.merged_into_id.is_(None)
    )
    return db.session.scalar(statement)


def other_names(code_list: CodeList) -> dict[str, str]:
    """Label → the label that it counts as, for what has been merged or renamed."""
    target = aliased(CodeItem)
    statement = (
        select(CodeItem.label, target.label)
        .join(target, target.id == CodeItem.merged_into_id)
        .where(CodeItem.list == code_list)
    )
    return {row[0]: row[1] for row in db.session.execute(statement)}


CODES_KEPT_SECONDS = 10.0
_codes: Kept[list[Choice]] = Kept(CODES_KEPT_SECONDS, 50)


def kept_codes(code_list: CodeList) -> list[Choice]:
    """A code list as it was at most ten seconds ago; for selects and labels."""
    return _codes.get((database_key(), code_list), lambda: list_codes(code_list))


def kept_label(code_list: CodeList, item_id: int) -> str:
    """The label of one entry; read anew when it is younger than what is remembered."""
    for choice in kept_codes(code_list):
        if choice.id == item_id:
            return choice.label
    _codes.forget()
    return code_labels(code_list)[item_id]


_words: Kept[CodeWords] = Kept(CODES_KEPT_SECONDS, 10)


def kept_words(needed: Iterable[int] = ()) -> CodeWords:
    """The code lists' words as they were at most ten seconds ago; read anew when a needed entry is younger."""
    found = _words.get(database_key(), code_words)
    if not found.labels.keys() >= set(needed):
        _words.forget()
        return _words.get(database_key(), code_words)
    return found


def has_records() -> bool:
    """Whether any register holds anything: a bare yes or no, for those who see no content."""
    return db.session.scalar(select(Record.id).limit(1)) is not None


_committee: Kept[str] = Kept(CODES_KEPT_SECONDS, 10)


def committee_name() -> str:
    """What the committee is called in reports, as it was at most ten seconds ago; empty until it has a name."""
    return _committee.get(database_key(), lambda: db.session.scalar(select(Installation.committee_name)) or "")


_demonstration: Kept[bool] = Kept(CODES_KEPT_SECONDS, 10)


def is_demonstration() -> bool:
    """Whether this installation holds invented data only."""
    return _demonstration.get(database_key(), lambda: bool(db.session.scalar(select(Installation.demonstration))))
