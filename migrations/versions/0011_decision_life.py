"""What happens while a clock runs: plans, partial executions, offers, contacts; and decisions that replace others."""

import sqlalchemy as sa
from alembic import op

revision = "0011_decision_life"
down_revision = "0010_frozen"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "decision_replacement",
        sa.Column("record_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("record_id <> replaces_id", name=op.f("ck_decision_replacement_another")),
        sa.ForeignKeyConstraint(["record_id"], ["decision.record_id"], name=op.f("fk_decision_replacement_record_id")),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["decision.record_id"], name=op.f("fk_decision_replacement_replaces_id")
        ),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_decision_replacement")),
    )
    op.create_index(op.f("ix_decision_replacement_replaces_id"), "decision_replacement", ["replaces_id"], unique=False)

    op.create_table(
        "clock_life",
        sa.Column("clock_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("partly_on", sa.Date(), nullable=True),
        sa.Column("partly", sa.LargeBinary(), nullable=True),
        sa.Column("meanwhile", sa.LargeBinary(), nullable=True),
        sa.Column("consequences", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["clock_id"], ["decision_clock.id"], name=op.f("fk_clock_life_clock_id")),
        sa.PrimaryKeyConstraint("clock_id", name=op.f("pk_clock_life")),
    )

    op.create_table(
        "clock_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("clock_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answer", sa.String(length=12), nullable=True),
        sa.Column("what", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("kind IN ('erbjudande', 'kontakt', 'uppfoljning')", name=op.f("ck_clock_event_kind")),
        sa.CheckConstraint("answer IN ('accepterat', 'tackat-nej')", name=op.f("ck_clock_event_answer")),
        sa.CheckConstraint("answered_on IS NULL OR answer IS NOT NULL", name=op.f("ck_clock_event_answered")),
        sa.ForeignKeyConstraint(["clock_id"], ["decision_clock.id"], name=op.f("fk_clock_event_clock_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_event")),
    )
    op.create_index(op.f("ix_clock_event_clock_id"), "clock_event", ["clock_id"], unique=False)


def downgrade():
    op.drop_table("clock_event")
    op.drop_table("clock_life")
    op.drop_table("decision_replacement")
