"""IVO's own diarienummer of a lex Sarah-rapport, and an index of what has been notified."""

import sqlalchemy as sa
from alembic import op

revision = "0035_ivo_case_number"
down_revision = "0034_autosaved"
branch_labels = None
depends_on = None

NOTIFIED = "ivo_notified_on IS NOT NULL"


def upgrade():
    op.add_column("lex_sarah_report", sa.Column("ivo_case_number", sa.String(length=60), nullable=True))
    op.create_index(
        "ix_lex_sarah_report_supplement", "lex_sarah_report",
        ["ivo_notified_on", "ivo_investigation_sent_on", "is_open", "unit_id", "mark", "record_id"],
        sqlite_where=sa.text(NOTIFIED), postgresql_where=sa.text(NOTIFIED),
    )  # fmt: skip


def downgrade():
    op.drop_index("ix_lex_sarah_report_supplement", "lex_sarah_report")
    op.drop_column("lex_sarah_report", "ivo_case_number")
