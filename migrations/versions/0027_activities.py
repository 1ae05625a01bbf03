"""Activities of the internal control plan."""

import sqlalchemy as sa
from alembic import op

revision = "0027_activities"
down_revision = "0026_control_report"
branch_labels = None
depends_on = None

KEY = sa.String(length=220).with_variant(sa.String(length=220, collation="C"), "postgresql")


def upgrade():
    op.create_table(
        "activity",
        sa.Column("record_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=40), nullable=False),
        sa.Column("ref_key", KEY, nullable=False),
        sa.Column("risk_id", sa.Integer(), nullable=True),
        sa.Column("moment_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("responsible", sa.String(length=120), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("analysis", sa.Text(), nullable=True),
        sa.Column("in_plan", sa.Boolean(), nullable=False),
        sa.Column("mark", sa.SmallInteger(), server_default="0", nullable=False),
        sa.CheckConstraint(
            "status IN ('ej_paborjad', 'pagar', 'genomford', 'avbruten')", name=op.f("ck_activity_status")
        ),
        sa.CheckConstraint("(status = 'genomford') = (done_on IS NOT NULL)", name=op.f("ck_activity_done_on")),
        sa.ForeignKeyConstraint(
            ["record_id", "unit_id"], ["record.id", "record.unit_id"], name=op.f("fk_activity_record_id"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(["year"], ["control_plan.year"], name=op.f("fk_activity_year")),
        sa.ForeignKeyConstraint(["risk_id"], ["risk.record_id"], name=op.f("fk_activity_risk_id")),
        sa.ForeignKeyConstraint(["moment_id"], ["control_moment.record_id"], name=op.f("fk_activity_moment_id")),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_activity")),
        sa.UniqueConstraint("record_id", "unit_id", name=op.f("uq_activity_record_id_unit_id")),
        sa.UniqueConstraint("year", "ref", name=op.f("uq_activity_year_ref")),
    )  # fmt: skip
    op.create_index("ix_activity_list", "activity", ["year", "ref_key", "record_id"])
    op.create_index(op.f("ix_activity_risk_id"), "activity", ["risk_id"])
    op.create_index(op.f("ix_activity_moment_id"), "activity", ["moment_id"])


def downgrade():
    op.drop_table("activity")
    # The trail points at these records and is never taken back; their numbers are free to be used again.
    op.execute(
        "UPDATE record SET number = kind || ' ' || id, title = kind || ' ' || id, voided_at = CURRENT_TIMESTAMP"
        " WHERE kind = 'activity'"
    )
