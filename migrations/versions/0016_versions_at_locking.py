"""At which version each record stood in a locked report, and which other names its words had."""

import sqlalchemy as sa
from alembic import op

revision = "0016_versions_at_locking"
down_revision = "0015_ivo"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("frozen_row", sa.Column("record_version", sa.Integer(), nullable=True))
    op.add_column("frozen_report", sa.Column("names_digest", sa.LargeBinary(length=32), nullable=True))


def downgrade():
    op.drop_column("frozen_report", "names_digest")
    op.drop_column("frozen_row", "record_version")
