"""Saved views: a register's filter under a name, for its owner or a unit."""

import sqlalchemy as sa
from alembic import op

revision = "0049_saved_views"
down_revision = "0048_late"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("filter", sa.String(length=500), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["user_account.id"], name=op.f("fk_saved_view_owner_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_saved_view_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("owner_id", "path", "name", name=op.f("uq_saved_view_owner_id_path_name")),
    )
    op.create_index(op.f("ix_saved_view_path_unit_id"), "saved_view", ["path", "unit_id"])


def downgrade():
    op.drop_table("saved_view")
