"""Actions: what is to be done, what it belongs to, and what is noted on the way."""

import sqlalchemy as sa
from alembic import op

revision = "0032_actions"
down_revision = "0031_cases"
branch_labels = None
depends_on = None

REF = sa.String(length=60).with_variant(sa.String(length=60, collation="C"), "postgresql")


def upgrade():
    op.create_table(
        "action",
        sa.Column("record_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("ref", REF, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("responsible_id", sa.Integer(), nullable=True),
        sa.Column("responsible_name", sa.String(length=120), nullable=True),
        *(sa.Column(name, sa.Date(), nullable=True) for name in ("decided_on", "due_on", "done_on")),
        sa.Column("effect", sa.String(length=8), nullable=True),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("checked_by", sa.Integer(), nullable=True),
        sa.Column("stage", sa.SmallInteger(), nullable=False),
        sa.Column("listed_on", sa.Date(), nullable=False),
        sa.Column("mark", sa.SmallInteger(), server_default="0", nullable=False),
        sa.CheckConstraint("effect IN ('uppnådd', 'delvis', 'ej')", name=op.f("ck_action_effect")),
        sa.CheckConstraint("effect IS NULL OR done_on IS NOT NULL", name=op.f("ck_action_done")),
        sa.CheckConstraint("checked_on IS NULL OR effect IS NOT NULL", name=op.f("ck_action_checked")),
        sa.ForeignKeyConstraint(
            ["record_id", "unit_id"], ["record.id", "record.unit_id"], name=op.f("fk_action_record_id_unit_id"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(["responsible_id"], ["user_account.id"], name=op.f("fk_action_responsible_id")),
        sa.ForeignKeyConstraint(["checked_by"], ["user_account.id"], name=op.f("fk_action_checked_by")),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_action")),
        sa.UniqueConstraint("record_id", "unit_id", name=op.f("uq_action_record_id_unit_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_action_ref")),
    )  # fmt: skip
    op.create_index("ix_action_list", "action", ["stage", "listed_on", "record_id", "unit_id", "mark"])
    op.create_index("ix_action_unit", "action", ["unit_id", "stage", "listed_on", "record_id", "mark"])
    op.create_index("ix_action_mine", "action", ["responsible_id", "stage", "listed_on", "record_id", "mark"])
    op.create_index("ix_action_year", "action", ["decided_on", "done_on", "due_on", "mark", "unit_id"])
    op.create_table(
        "action_source",
        sa.Column("action_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("record_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["action_id"], ["action.record_id"], name=op.f("fk_action_source_action_id")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_action_source_record_id")),
        sa.PrimaryKeyConstraint("action_id", "record_id", name=op.f("pk_action_source")),
    )
    op.create_index(op.f("ix_action_source_record_id_action_id"), "action_source", ["record_id", "action_id"])
    op.create_table(
        "action_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["action_id"], ["action.record_id"], name=op.f("fk_action_note_action_id")),
        sa.ForeignKeyConstraint(["written_by"], ["user_account.id"], name=op.f("fk_action_note_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_note")),
    )
    op.create_index(op.f("ix_action_note_action_id"), "action_note", ["action_id"])


def downgrade():
    for table in ("action_note", "action_source", "action"):
        op.drop_table(table)
