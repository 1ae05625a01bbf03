"""What private providers tell, what is done about it, and to whom a case is handed over."""

import sqlalchemy as sa
from alembic import op

revision = "0042_from_providers"
down_revision = "0041_duty_information"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "provider_report",
        sa.Column("record_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=20), nullable=False),
        sa.Column("provider", sa.String(length=120), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("came_on", sa.Date(), nullable=False),
        sa.Column("ivo_notified_on", sa.Date(), nullable=True),
        sa.Column("ivo_number", sa.String(length=60), nullable=True),
        sa.Column("description", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("mark", sa.SmallInteger(), server_default="0", nullable=False),
        sa.CheckConstraint("kind IN ('rapport', 'allvarlig')", name=op.f("ck_provider_report_kind")),
        sa.CheckConstraint("state IN ('noterad', 'uppfoljd', 'avslutad')", name=op.f("ck_provider_report_state")),
        sa.CheckConstraint("(state = 'avslutad') = (closed_on IS NOT NULL)", name=op.f("ck_provider_report_closed")),
        sa.ForeignKeyConstraint(
            ["record_id", "unit_id"], ["record.id", "record.unit_id"],
            name=op.f("fk_provider_report_record_id_unit_id"), onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_provider_report")),
        sa.UniqueConstraint("record_id", "unit_id", name=op.f("uq_provider_report_record_id_unit_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_provider_report_ref")),
    )  # fmt: skip
    op.create_index("ix_provider_report_list", "provider_report", ["came_on", "record_id", "unit_id", "mark"])
    op.create_index("ix_provider_report_unit", "provider_report", ["unit_id", "came_on", "record_id", "mark"])
    op.create_table(
        "provider_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=12), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_by", sa.Integer(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_provider_step_record_id")),
        sa.ForeignKeyConstraint(["taken_by"], ["user_account.id"], name=op.f("fk_provider_step_taken_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_step")),
    )
    op.create_index(op.f("ix_provider_step_record_id"), "provider_step", ["record_id"])
    op.create_table(
        "case_handover",
        sa.Column("record_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("receiver_kind", sa.String(length=10), nullable=False),
        sa.Column("receiver", sa.String(length=120), nullable=False),
        sa.Column("sent_by", sa.String(length=10), nullable=False),
        sa.Column("handed_on", sa.Date(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.CheckConstraint("receiver_kind IN ('namnd', 'utforare')", name=op.f("ck_case_handover_receiver_kind")),
        sa.CheckConstraint("sent_by IN ('post', 'bud', 'e-tjanst', 'annat')", name=op.f("ck_case_handover_sent_by")),
        sa.CheckConstraint("answered_on >= handed_on", name=op.f("ck_case_handover_days")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_case_handover_record_id")),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_case_handover")),
    )


def downgrade():
    op.drop_table("case_handover")
    op.drop_table("provider_step")
    op.drop_table("provider_report")
