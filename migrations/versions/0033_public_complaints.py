"""Codes by which a synpunkt is followed without an account, and how often a visitor has come."""

import sqlalchemy as sa
from alembic import op

revision = "0033_public_complaints"
down_revision = "0032_actions"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "case_code",
        sa.Column("record_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_case_code_record_id")),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_case_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_case_code_code_hash")),
    )
    op.create_table(
        "visit_count",
        sa.Column("key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_visit_count")),
    )
    op.create_table(
        "case_origin",
        sa.Column("record_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("from_id <> record_id", name=op.f("ck_case_origin_other")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_case_origin_record_id")),
        sa.ForeignKeyConstraint(["from_id"], ["record.id"], name=op.f("fk_case_origin_from_id")),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_case_origin")),
    )
    op.create_index(op.f("ix_case_origin_from_id"), "case_origin", ["from_id"])


def downgrade():
    op.drop_table("case_origin")
    op.drop_table("visit_count")
    op.drop_table("case_code")
