"""The municipality's own Word templates, with every version kept; at most one is in use for each reader."""

import sqlalchemy as sa
from alembic import op

revision = "0013_report_templates"
down_revision = "0012_import_mapping"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "report_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("checksum", sa.String(length=64), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_report_template"),
        sa.ForeignKeyConstraint(["uploaded_by_id"], ["user_account.id"], name="fk_report_template_uploaded_by_id"),
        sa.UniqueConstraint("audience", "version", name="uq_report_template_audience_version"),
    )
    in_use = sa.text("active")
    op.create_index(
        "ix_report_template_in_use", "report_template", ["audience"], unique=True, sqlite_where=in_use,
        postgresql_where=in_use,
    )  # fmt: skip


def downgrade():
    op.drop_index("ix_report_template_in_use", table_name="report_template")
    op.drop_table("report_template")
