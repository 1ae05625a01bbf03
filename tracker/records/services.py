"""Code lists and numbers that every register's writers need."""

from collections.abc import Iterable, Mapping

from sqlalchemy import func, select, text, update

from tracker.accounts.models import Installation
from tracker.audit import trail
from tracker.database import Base, db, insert_if_new, is_reading, is_sqlite, writer
from tracker.kept import forget_everything
from tracker.records.models import CodeItem, CodeList
from tracker.rules.trail import Action, TargetKind


def reserve_ids(model: type[Base], count: int, after: int = 0) -> range | list[int]:
    """`count` free ids of a table with an integer key, for rows that are written in a batch; none up to `after`, which
    the caller has taken before.

    On SQLite the caller holds the write lock; on PostgreSQL the table's own sequence gives them.
    """
    table = model.__tablename__
    if is_sqlite():
        last = max(db.session.scalar(select(func.max(model.__table__.c.id))) or 0, after)
        return range(last + 1, last + 1 + count)
    numbers = text(f"SELECT nextval(pg_get_serial_sequence('{table}', 'id')) FROM generate_series(1, :n)")  # noqa: S608
    if not is_reading():
        return list(db.session.scalars(numbers, {"n": count}))
    with (
        writer(),
        db.engine.begin() as connection,
    ):  # a preview takes numbers, too, though its own transaction only reads
        return list(connection.execute(numbers, {"n": count}).scalars())


def mark_demonstration() -> None:
    """From now on every page of this installation says that it is a demonstration."""
    db.session.execute(update(Installation).values(demonstration=True))
    trail.record(
        Action.INSTALLATION_CHANGED, target=(TargetKind.INSTALLATION, 1), changes={"demonstration": (False, True)}
    )
    forget_everything()


def code_ids(code_list: CodeList) -> dict[str, int]:
    """Label → id of a code list; what has been merged or renamed gives the entry that it counts as."""
    current = func.coalesce(CodeItem.merged_into_id, CodeItem.id)
    rows = db.session.execute(select(CodeItem.label, current).where(CodeItem.list == code_list))
    return {row[0]: row[1] for row in rows}


def add_codes(code_list: CodeList, labels: Iterable[str], ids: Mapping[str, int] | None = None) -> dict[str, int]:
    """Adds labels to a code list, after what is there; gives the whole list as label → id. `ids`: the free numbers
    that the labels are to have.
    """
    labels = list(labels)
    if labels:
        statement = select(func.max(CodeItem.position)).where(CodeItem.list == code_list)
        last = db.session.scalar(statement) or 0
        rows = [{"list": code_list, "label": label, "position": last + 1 + index} for index, label in enumerate(labels)]
        if ids is not None:
            rows = [row | {"id": ids[str(row["label"])]} for row in rows]
        db.session.execute(insert_if_new(CodeItem), rows)
    found = code_ids(code_list)
    for label in labels:
        trail.record(
            Action.CODE_ADDED,
            target=(TargetKind.CODE, found[label]),
            changes={"list": (None, code_list.value), "label": (None, label)},
        )
    return found
