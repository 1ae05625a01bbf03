"""What is, or was, answered or ended too late is found by an index: the start page counts it."""

import sqlalchemy as sa
from alembic import op

revision = "0048_late"
down_revision = "0047_concerned"
branch_labels = None
depends_on = None

EXCEEDED = sa.text("excess > 0")
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


def downgrade():
    op.drop_index("ix_complaint_waits", table_name="complaint")
    op.drop_index("ix_complaint_answered_late", table_name="complaint")
    op.drop_index("ix_guarantee_occasion_exceeded", table_name="guarantee_occasion")
