"""The order of the actions' days holds whether they are decided, so that what is late is counted in it alone."""

from alembic import op

revision = "0052_late_actions"
down_revision = "0051_orders"
branch_labels = None
depends_on = None

COLUMNS = ["stage", "listed_on", "record_id", "unit_id", "mark"]


def upgrade():
    op.drop_index("ix_action_list", table_name="action")
    op.create_index("ix_action_list", "action", [*COLUMNS, "decided_on"])


def downgrade():
    op.drop_index("ix_action_list", table_name="action")
    op.create_index("ix_action_list", "action", COLUMNS)
