"""A long list of what is open, of what has ended or of a state can be walked in the order of its numbers."""

from alembic import op

revision = "0050_orders"
down_revision = "0048_late"
branch_labels = None
depends_on = None

CASES = ("deviation", "lex_sarah_report", "complaint")


def upgrade():
    for table in CASES:
        columns = ["is_open", "ref", "record_id", "unit_id", "mark", "state"]
        op.create_index(f"ix_{table}_ref", table, columns)


def downgrade():
    for table in CASES:
        op.drop_index(f"ix_{table}_ref", table_name=table)
