"""Plans and checks of the log: the plan of a year, its checks, what each has drawn and how it was graded."""

import sqlalchemy as sa
from alembic import op

revision = "0008_log_review"
down_revision = "0007_sessions"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "log_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("checks", sa.Integer(), nullable=False),
        sa.Column("sample_by", sa.String(length=10), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("kinds", sa.String(length=80), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["reviewer_id"], ["user_account.id"], name=op.f("fk_log_plan_reviewer_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_log_plan_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_plan")),
        sa.UniqueConstraint("year", "unit_id", name=op.f("uq_log_plan_year_unit_id")),
    )
    op.create_index(op.f("ix_log_plan_unit_id"), "log_plan", ["unit_id"])
    op.create_table(
        "log_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("result", sa.String(length=20), nullable=True),
        sa.Column("conclusion", sa.String(length=2000), nullable=True),
        sa.Column("signed_by", sa.Integer(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=True),
        sa.CheckConstraint("(signed_at IS NULL) = (signed_by IS NULL)", name=op.f("ck_log_check_signed_by_somebody")),
        sa.ForeignKeyConstraint(["plan_id"], ["log_plan.id"], name=op.f("fk_log_check_plan_id")),
        sa.ForeignKeyConstraint(["signed_by"], ["user_account.id"], name=op.f("fk_log_check_signed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_check")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_log_check_plan_id_number")),
    )
    op.create_table(
        "log_draw",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("check_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("algorithm", sa.String(length=20), nullable=False),
        sa.Column("seed", sa.LargeBinary(length=32), nullable=False),
        sa.Column("population", sa.LargeBinary(), nullable=False),
        sa.Column("population_count", sa.Integer(), nullable=False),
        sa.Column("population_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("sample_size", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("kinds", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("drawn_by", sa.Integer(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["check_id"], ["log_check.id"], name=op.f("fk_log_draw_check_id")),
        sa.ForeignKeyConstraint(["drawn_by"], ["user_account.id"], name=op.f("fk_log_draw_drawn_by")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_log_draw_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_draw")),
        sa.UniqueConstraint("check_id", "number", name=op.f("uq_log_draw_check_id_number")),
    )
    op.create_table(
        "log_draw_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("read_id", sa.Integer(), nullable=False),
        sa.Column("grade", sa.String(length=10), nullable=True),
        sa.Column("comment", sa.String(length=1000), nullable=True),
        sa.Column("graded_by", sa.Integer(), nullable=True),
        sa.Column("graded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["draw_id"], ["log_draw.id"], name=op.f("fk_log_draw_item_draw_id")),
        sa.ForeignKeyConstraint(["graded_by"], ["user_account.id"], name=op.f("fk_log_draw_item_graded_by")),
        sa.ForeignKeyConstraint(["read_id"], ["audit_read.id"], name=op.f("fk_log_draw_item_read_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_draw_item")),
        sa.UniqueConstraint("draw_id", "position", name=op.f("uq_log_draw_item_draw_id_position")),
        sa.UniqueConstraint("draw_id", "read_id", name=op.f("uq_log_draw_item_draw_id_read_id")),
    )


def downgrade():
    for table in ("log_draw_item", "log_draw", "log_check", "log_plan"):
        op.drop_table(table)
