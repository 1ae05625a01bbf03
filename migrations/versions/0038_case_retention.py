"""How long cases are kept, and what has been gallrat by which decision."""

import sqlalchemy as sa
from alembic import op

revision = "0038_case_retention"
down_revision = "0037_supplement_index"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "case_retention",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("months", sa.SmallInteger(), nullable=True),
        sa.CheckConstraint("months BETWEEN 1 AND 1200", name=op.f("ck_case_retention_months")),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_case_retention")),
    )
    op.create_table(
        "case_clearing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("months", sa.SmallInteger(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("decision", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["done_by"], ["user_account.id"], name=op.f("fk_case_clearing_done_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_clearing")),
    )
    op.create_table(
        "cleared_case",
        sa.Column("record_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("clearing_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_cleared_case_record_id")),
        sa.ForeignKeyConstraint(["clearing_id"], ["case_clearing.id"], name=op.f("fk_cleared_case_clearing_id")),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_cleared_case")),
    )
    op.create_index(op.f("ix_cleared_case_clearing_id"), "cleared_case", ["clearing_id"])


def downgrade():
    op.drop_table("cleared_case")
    op.drop_table("case_clearing")
    op.drop_table("case_retention")
