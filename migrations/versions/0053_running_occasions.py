"""A long list of a guarantee's running occasions can be walked in the order of their last days."""

from alembic import op
from sqlalchemy import text

revision = "0053_running_occasions"
down_revision = "0052_late_actions"
branch_labels = None
depends_on = None

RUNS = text("ended_on IS NULL AND cancelled_on IS NULL")


def upgrade():
    op.create_index(
        "ix_guarantee_occasion_runs", "guarantee_occasion", ["guarantee_id", "due_on", "record_id", "unit_id", "mark"],
        sqlite_where=RUNS, postgresql_where=RUNS,
    )  # fmt: skip


def downgrade():
    op.drop_index("ix_guarantee_occasion_runs", table_name="guarantee_occasion")
