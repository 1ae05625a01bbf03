"""The index of what is to be sent to IVO holds just that: it was read whole for the counts over the register."""

import sqlalchemy as sa
from alembic import op

revision = "0037_supplement_index"
down_revision = "0036_case_indexes"
branch_labels = None
depends_on = None

NAME, TABLE = "ix_lex_sarah_report_supplement", "lex_sarah_report"
BEFORE = sa.text("ivo_notified_on IS NOT NULL")
WAITING = "ivo_notified_on IS NOT NULL AND ivo_investigation_sent_on IS NULL AND {}"


def upgrade():
    op.drop_index(NAME, table_name=TABLE)
    op.create_index(
        NAME, TABLE, ["ivo_notified_on", "unit_id", "mark", "record_id"],
        sqlite_where=sa.text(WAITING.format("is_open = 1")), postgresql_where=sa.text(WAITING.format("is_open")),
    )  # fmt: skip


def downgrade():
    op.drop_index(NAME, table_name=TABLE)
    op.create_index(
        NAME, TABLE, ["ivo_notified_on", "ivo_investigation_sent_on", "is_open", "unit_id", "mark", "record_id"],
        sqlite_where=BEFORE, postgresql_where=BEFORE,
    )  # fmt: skip
