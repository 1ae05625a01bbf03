"""IVO's windows with days of their own, and rounds in which people are asked to look over their clocks."""

import sqlalchemy as sa
from alembic import op

revision = "0014_windows_and_rounds"
down_revision = "0013_report_templates"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "reporting_window",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.SmallInteger(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.CheckConstraint("quarter BETWEEN 1 AND 4", name=op.f("ck_reporting_window_quarter")),
        sa.CheckConstraint("opens_on <= closes_on", name=op.f("ck_reporting_window_days")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reporting_window")),
        sa.UniqueConstraint("year", "quarter", name=op.f("uq_reporting_window_year_quarter")),
    )
    op.create_table(
        "update_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.SmallInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("cutoff_on", sa.Date(), nullable=False),
        sa.Column("previous_on", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.Column("confirmed_count", sa.Integer(), nullable=True),
        sa.Column("mended_count", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("quarter BETWEEN 1 AND 4", name=op.f("ck_update_round_quarter")),
        sa.ForeignKeyConstraint(["asked_by"], ["user_account.id"], name=op.f("fk_update_round_asked_by")),
        sa.ForeignKeyConstraint(["closed_by"], ["user_account.id"], name=op.f("fk_update_round_closed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_update_round")),
        sa.UniqueConstraint("year", "quarter", "number", name=op.f("uq_update_round_year_quarter_number")),
    )
    op.create_table(
        "update_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("clock_id", sa.Integer(), nullable=True),
        sa.Column("asked_version", sa.Integer(), nullable=False),
        sa.Column("confirmed_version", sa.Integer(), nullable=True),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(confirmed_version IS NULL) = (confirmed_by IS NULL) "
            "AND (confirmed_version IS NULL) = (confirmed_at IS NULL)",
            name=op.f("ck_update_item_confirmed"),
        ),
        sa.ForeignKeyConstraint(["round_id"], ["update_round.id"], name=op.f("fk_update_item_round_id")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.record_id"], name=op.f("fk_update_item_decision_id")),
        sa.ForeignKeyConstraint(
            ["clock_id"], ["decision_clock.id"], name=op.f("fk_update_item_clock_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["confirmed_by"], ["user_account.id"], name=op.f("fk_update_item_confirmed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_update_item")),
        sa.UniqueConstraint("round_id", "clock_id", name=op.f("uq_update_item_round_id_clock_id")),
    )
    op.create_index(op.f("ix_update_item_clock_id"), "update_item", ["clock_id"])
    op.create_index(op.f("ix_update_item_decision_id_round_id"), "update_item", ["decision_id", "round_id"])
    where = sa.text("state = 'open' AND alive_until = '0001-01-01'")
    op.create_index("ix_clock_unreportable", "decision_clock", ["id"], sqlite_where=where, postgresql_where=where)


def downgrade():
    op.drop_index("ix_clock_unreportable", table_name="decision_clock")
    for table in ("update_item", "update_round", "reporting_window"):
        op.drop_table(table)
