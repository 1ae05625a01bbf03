"""Locked reports: what is being put together, versions, their bytes, their rows, and the reviews before files leave."""

import sqlalchemy as sa
from alembic import op

revision = "0010_frozen"
down_revision = "0009_notes"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "report_closing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("cutoff_on", sa.Date(), nullable=False),
        sa.Column("previous_on", sa.Date(), nullable=False),
        sa.Column("local_title", sa.String(length=120), nullable=True),
        sa.Column("ready_by", sa.Integer(), nullable=True),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ready_digest", sa.LargeBinary(length=32), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(ready_at IS NULL) = (ready_digest IS NULL)", name=op.f("ck_report_closing_ready_as_something")
        ),
        sa.ForeignKeyConstraint(["ready_by"], ["user_account.id"], name=op.f("fk_report_closing_ready_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_closing")),
        sa.UniqueConstraint("kind", "year", "number", name=op.f("uq_report_closing_kind_year_number")),
    )
    op.create_table(
        "frozen_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("cutoff_on", sa.Date(), nullable=False),
        sa.Column("previous_on", sa.Date(), nullable=False),
        sa.Column("local_title", sa.String(length=120), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("ready_by", sa.Integer(), nullable=True),
        sa.Column("locked_by", sa.Integer(), nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(version = 1) = (reason IS NULL)", name=op.f("ck_frozen_report_reason_for_replacing")),
        sa.ForeignKeyConstraint(["locked_by"], ["user_account.id"], name=op.f("fk_frozen_report_locked_by")),
        sa.ForeignKeyConstraint(["ready_by"], ["user_account.id"], name=op.f("fk_frozen_report_ready_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frozen_report")),
        sa.UniqueConstraint(
            "kind", "year", "number", "version", name=op.f("uq_frozen_report_kind_year_number_version")
        ),
    )
    op.create_index(op.f("ix_frozen_report_kind_cutoff_on"), "frozen_report", ["kind", "cutoff_on"])
    op.create_table(
        "frozen_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(length=20), nullable=False),
        sa.Column("format", sa.String(length=10), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("checksum", sa.String(length=64), nullable=False),
        sa.Column("emptied_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(content IS NULL) = (emptied_at IS NOT NULL)", name=op.f("ck_frozen_file_emptied")),
        sa.ForeignKeyConstraint(["report_id"], ["frozen_report.id"], name=op.f("fk_frozen_file_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frozen_file")),
        sa.UniqueConstraint("report_id", "audience", "format", name=op.f("uq_frozen_file_report_id_audience_format")),
    )
    op.create_table(
        "frozen_row",
        sa.Column("report_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("item_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("stood_as", sa.String(length=20), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_frozen_row_record_id")),
        sa.ForeignKeyConstraint(["report_id"], ["frozen_report.id"], name=op.f("fk_frozen_row_report_id")),
        sa.PrimaryKeyConstraint("report_id", "item_id", name=op.f("pk_frozen_row")),
    )
    op.create_index(op.f("ix_frozen_row_record_id_report_id"), "frozen_row", ["record_id", "report_id"])
    op.create_index(op.f("ix_frozen_row_item_id_report_id"), "frozen_row", ["item_id", "report_id"])
    op.create_table(
        "secrecy_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("audience", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.LargeBinary(length=32), nullable=False),
        sa.Column("released", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("reviewed_by", sa.Integer(), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["reviewed_by"], ["user_account.id"], name=op.f("fk_secrecy_review_reviewed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_secrecy_review")),
    )
    op.create_index(op.f("ix_secrecy_review_subject_id"), "secrecy_review", ["subject", "id"])
    op.create_index(op.f("ix_secrecy_review_kind_year_number_id"), "secrecy_review", ["kind", "year", "number", "id"])


def downgrade():
    for table in ("secrecy_review", "frozen_row", "frozen_file", "frozen_report", "report_closing"):
        op.drop_table(table)
