"""What the committee decided about a plan, and the plan as it was proposed."""

import sqlalchemy as sa
from alembic import op

revision = "0018_plan_decisions"
down_revision = "0017_internal_control"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "control_plan_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("decided", sa.String(length=12), nullable=True),
        sa.CheckConstraint(
            "decided IN ('adopted', 'sent_back', 'withdrawn')", name=op.f("ck_control_plan_version_decided")
        ),
        sa.ForeignKeyConstraint(["year"], ["control_plan.year"], name=op.f("fk_control_plan_version_year")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_control_plan_version")),
        sa.UniqueConstraint("year", "number", name=op.f("uq_control_plan_version_year_number")),
    )
    op.create_table(
        "control_plan_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=12), nullable=False),
        sa.Column("version_number", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("paragraph", sa.String(length=20), nullable=True),
        sa.Column("case_number", sa.String(length=60), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["by"], ["user_account.id"], name=op.f("fk_control_plan_event_by")),
        sa.ForeignKeyConstraint(["year"], ["control_plan.year"], name=op.f("fk_control_plan_event_year")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_control_plan_event")),
    )
    op.create_index(op.f("ix_control_plan_event_year_id"), "control_plan_event", ["year", "id"])


def downgrade():
    op.drop_table("control_plan_event")
    op.drop_table("control_plan_version")
