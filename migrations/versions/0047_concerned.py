"""Whom a case concerns is kept when it is no longer closed to them: they never learn who reported it."""

import sqlalchemy as sa
from alembic import op

revision = "0047_concerned"
down_revision = "0046_search"
branch_labels = None
depends_on = None

CLOSED_NOW = """
    INSERT INTO case_concerned (record_id, user_id, since)
    SELECT g.record_id, g.user_id, g.given_at FROM record_grant AS g JOIN record AS r ON r.id = g.record_id
    WHERE g.kind = 'closed' AND r.kind IN ('deviation', 'lex_sarah', 'complaint')
"""


def upgrade():
    op.create_table(
        "case_concerned",
        sa.Column("record_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_case_concerned_record_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_case_concerned_user_id")),
        sa.PrimaryKeyConstraint("record_id", "user_id", name=op.f("pk_case_concerned")),
    )
    op.execute(sa.text(CLOSED_NOW))


def downgrade():
    op.drop_table("case_concerned")
