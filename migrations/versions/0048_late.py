"""Indexes for what the start page counts: what is, or was, late, and what stands open in each unit."""

import sqlalchemy as sa
from alembic import op

revision = "0048_late"
down_revision = "0047_concerned"
branch_labels = None
depends_on = None

EXCEEDED = sa.text("excess > 0")
TO_DO = sa.text("stage = 0")
CASES = ("deviation", "lex_sarah_report", "complaint")
ANSWERED_LATE = sa.text("answered_on > due_on")


def upgrade():
    op.create_index(
        "ix_guarantee_occasion_exceeded", "guarantee_occasion", ["unit_id", "mark", "record_id", "excess"],
        sqlite_where=EXCEEDED, postgresql_where=EXCEEDED,
    )  # fmt: skip
    op.create_index(
        "ix_complaint_answered_late", "complaint", ["unit_id", "mark", "kind", "record_id", "answered_on", "due_on"],
        sqlite_where=ANSWERED_LATE, postgresql_where=ANSWERED_LATE,
    )  # fmt: skip
    op.create_index(
        "ix_complaint_waits", "complaint",
        ["due_on", "unit_id", "mark", "kind", "record_id", "answered_on", "is_open"],
        sqlite_where=sa.text("answered_on IS NULL AND is_open = 1"),
        postgresql_where=sa.text("answered_on IS NULL AND is_open"),
    )  # fmt: skip
    for table in CASES:
        op.create_index(
            f"ix_{table}_standing", table, ["unit_id", "state", "mark", "record_id", "listed_on", "is_open"],
            sqlite_where=sa.text("is_open = 1"), postgresql_where=sa.text("is_open"),
        )  # fmt: skip
    op.create_index(
        "ix_action_to_do", "action", ["unit_id", "mark", "listed_on", "decided_on", "record_id", "stage"],
        sqlite_where=TO_DO, postgresql_where=TO_DO,
    )  # fmt: skip


def downgrade():
    op.drop_index("ix_action_to_do", table_name="action")
    for table in CASES:
        op.drop_index(f"ix_{table}_standing", table_name=table)
    op.drop_index("ix_complaint_waits", table_name="complaint")
    op.drop_index("ix_complaint_answered_late", table_name="complaint")
    op.drop_index("ix_guarantee_occasion_exceeded", table_name="guarantee_occasion")
