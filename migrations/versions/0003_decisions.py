"""Favourable decisions and their clocks."""

import sqlalchemy as sa
from alembic import op

revision = "0003_decisions"
down_revision = "0002_records"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "decision",
        sa.Column("record_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(60).with_variant(sa.String(60, collation="C"), "postgresql"), nullable=False),
        sa.Column("legal_basis", sa.String(length=12), nullable=True),
        sa.Column("judgment", sa.Boolean(), nullable=False),
        sa.Column("area", sa.String(length=40), nullable=True),
        sa.Column("intervention_id", sa.Integer(), nullable=False),
        sa.Column("sex", sa.String(length=6), nullable=True),
        sa.Column("person_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("person_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("protected", sa.Boolean(), nullable=False),
        sa.Column("handler_id", sa.Integer(), nullable=True),
        sa.Column("handler_name", sa.String(length=120), nullable=True),
        sa.Column("provider", sa.String(length=120), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.CheckConstraint("sex IN ('kvinna', 'man')", name=op.f("ck_decision_sex")),
        sa.ForeignKeyConstraint(["handler_id"], ["user_account.id"], name=op.f("fk_decision_handler_id")),
        sa.ForeignKeyConstraint(["intervention_id"], ["code_item.id"], name=op.f("fk_decision_intervention_id")),
        sa.ForeignKeyConstraint(
            ["record_id", "unit_id"],
            ["record.id", "record.unit_id"],
            name=op.f("fk_decision_record_id_unit_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_decision")),
        sa.UniqueConstraint("record_id", "unit_id", name=op.f("uq_decision_record_id_unit_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_decision_ref")),
    )
    op.create_index(op.f("ix_decision_person_hash"), "decision", ["person_hash"], unique=False)

    op.create_table(
        "decision_clock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(60).with_variant(sa.String(60, collation="C"), "postgresql"), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("executed_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("close_reason", sa.String(length=200), nullable=True),
        sa.Column("delay_reason_id", sa.Integer(), nullable=True),
        sa.Column("delay_note", sa.String(length=2000), nullable=True),
        sa.Column("noted", sa.Boolean(), nullable=False),
        sa.Column("first_reported_on", sa.Date(), nullable=True),
        sa.Column("final_reported_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=False),
        sa.Column("ended_value", sa.Integer(), nullable=False),
        sa.Column("alive_until", sa.Date(), nullable=False),
        sa.Column("relevant_until", sa.Date(), nullable=False),
        sa.Column("intervention_id", sa.Integer(), nullable=False),
        sa.Column("sex", sa.String(length=6), nullable=True),
        sa.Column("protected", sa.Boolean(), nullable=False),
        sa.CheckConstraint("kind IN ('beslut', 'avbrott')", name=op.f("ck_decision_clock_kind")),
        sa.CheckConstraint("executed_on IS NULL OR closed_on IS NULL", name=op.f("ck_decision_clock_one_end")),
        sa.ForeignKeyConstraint(
            ["decision_id", "unit_id"],
            ["decision.record_id", "decision.unit_id"],
            name=op.f("fk_decision_clock_decision_id_unit_id"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(["delay_reason_id"], ["code_item.id"], name=op.f("fk_decision_clock_delay_reason_id")),
        sa.ForeignKeyConstraint(["intervention_id"], ["code_item.id"], name=op.f("fk_decision_clock_intervention_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_clock")),
        sa.UniqueConstraint(
            "decision_id", "kind", "started_on", name=op.f("uq_decision_clock_decision_id_kind_started_on")
        ),
    )
    op.create_index("ix_clock_due", "decision_clock", ["due_on", "id", "unit_id", "kind", "protected"], unique=False)
    op.create_index(
        "ix_clock_intervention",
        "decision_clock",
        ["intervention_id", "due_on", "id", "state", "kind", "unit_id", "protected"],
        unique=False,
    )
    op.create_index(
        "ix_clock_intervention_state",
        "decision_clock",
        ["intervention_id", "state", "due_on", "id", "kind", "unit_id", "protected"],
        unique=False,
    )
    op.create_index(
        "ix_clock_kind_state", "decision_clock", ["kind", "state", "due_on", "id", "unit_id", "protected"], unique=False
    )
    op.create_index(
        "ix_clock_quarter",
        "decision_clock",
        [
            "alive_until",
            "relevant_until",
            "started_on",
            "due_on",
            "ended_on",
            "ended_value",
            "first_reported_on",
            "intervention_id",
            "kind",
            "sex",
            "unit_id",
            "decision_id",
            "ref",
            "decided_on",
            "delay_reason_id",
            "noted",
            "protected",
            "id",
        ],
        unique=False,
        sqlite_where=sa.text("alive_until > '0001-01-01'"),
        postgresql_where=sa.text("alive_until > '0001-01-01'"),
    )
    op.create_index(
        "ix_clock_state",
        "decision_clock",
        ["state", "due_on", "id", "unit_id", "kind", "protected"],
        unique=False,
    )
    op.create_index(
        "ix_clock_unit",
        "decision_clock",
        ["unit_id", "due_on", "id", "state", "intervention_id", "kind", "protected"],
        unique=False,
    )


def downgrade():
    op.drop_table("decision_clock")
    op.drop_table("decision")
