"""IVO's own diarienummer of a lex Sarah-rapport."""

import sqlalchemy as sa
from alembic import op

revision = "0037_ivo_case_number"
down_revision = "0036b_autosaved"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("lex_sarah_report", sa.Column("ivo_case_number", sa.String(length=60), nullable=True))


def downgrade():
    op.drop_column("lex_sarah_report", "ivo_case_number")
