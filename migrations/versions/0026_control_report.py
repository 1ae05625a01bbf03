"""Which locked version of the follow-up the committee approved."""

import sqlalchemy as sa
from alembic import op

revision = "0026_control_report"
down_revision = "0025_sample_files"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("control_plan_event", sa.Column("report_version", sa.Integer(), nullable=True))


def downgrade():
    with op.batch_alter_table("control_plan_event") as table:
        table.drop_column("report_version")
