"""Drafts that a page saves as they are typed live longer than those that were sent and refused."""

import sqlalchemy as sa
from alembic import op

revision = "0034_autosaved"
down_revision = "0033_public_complaints"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("draft", sa.Column("autosaved", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade():
    op.drop_column("draft", "autosaved")
