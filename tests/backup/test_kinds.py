"""Which values does a column's kind let through, and has every column of the schema a kind?"""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import JSON, Interval

from tracker.audit.chain import plain
from tracker.backup import schema
from tracker.backup.kinds import LOADS, kind_of
from tracker.database import db


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("integer", 0), ("integer", -1), ("integer", 2**63 - 1), ("number", 1.5), ("number", 2), ("truth", False),
        ("text", ""), ("text", "Å\n\u2028🙂"), ("day", date(1, 1, 1)), ("day", date(9999, 12, 31)),
        ("day", date(2024, 2, 29)), ("bytes", b""), ("bytes", bytes(range(256))),
        ("moment", datetime(2026, 3, 31, 11, 0, 0, 1, UTC)), ("moment", datetime(2026, 3, 31, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_a_value_comes_back_as_it_was(kind, value):
    found = LOADS[kind](plain(value))
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("integer", True), ("integer", 1.0), ("integer", "1"), ("integer", 2**63), ("number", "1"), ("number", True),
        ("truth", 1), ("truth", "true"), ("text", 1), ("text", "\ud800"), ("text", ["a"]), ("day", "2026-02-30"),
        ("day", 20260331), ("day", ""), ("bytes", "0"), ("bytes", "zz"), ("bytes", 1), ("moment", "2026-03-31T11:00"),
        ("moment", "2026-03-31"), ("moment", 1), ("moment", {}),
    ],
)  # fmt: skip
def test_anything_else_is_refused(kind, value):
    with pytest.raises((TypeError, ValueError)):
        LOADS[kind](value)


@pytest.mark.parametrize("of", [JSON(), Interval()])
def test_a_type_without_a_kind_is_named(of):
    with pytest.raises(TypeError, match="no kind"):
        kind_of(of)


def test_every_table_and_column_of_the_program_has_a_kind_on_both_engines(app):
    """A new type of column fails here: give it a kind, or it is missing from every backup."""
    found = {shape.name: {name for name, _ in shape.columns} for shape in schema.shapes(db.session.connection())}
    db.session.rollback()
    assert found == {name: {column.name for column in table.columns} for name, table in db.metadata.tables.items()}
