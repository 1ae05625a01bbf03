"""A long list of cases or actions of one state, or of a year's risks, can be walked in the order of their numbers."""

from alembic import op

revision = "0051_orders"
down_revision = "0050_export_jobs"
branch_labels = None
depends_on = None

CASES = ("deviation", "lex_sarah_report", "complaint")


def upgrade():
    for table in CASES:
        columns = ["is_open", "ref", "record_id", "unit_id", "mark", "state"]
        op.create_index(f"ix_{table}_ref", table, columns)
    op.create_index("ix_action_ref", "action", ["stage", "ref", "record_id", "unit_id", "mark"])
    op.create_index("ix_risk_ref", "risk", ["year", "ref_key", "record_id", "in_net", "unit_id", "mark"])


def downgrade():
    op.drop_index("ix_risk_ref", table_name="risk")
    op.drop_index("ix_action_ref", table_name="action")
    for table in CASES:
        op.drop_index(f"ix_{table}_ref", table_name=table)
