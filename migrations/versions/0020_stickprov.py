"""Stickprov that are drawn: what was locked, each draw, its items and what they came to."""

import sqlalchemy as sa
from alembic import op

revision = "0020_stickprov"
down_revision = "0019_control_texts"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def _foreign(table, column, target):
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))


def upgrade():
    op.create_table(
        "drawn_sample",
        sa.Column("sample_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("population_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("population_refs", sa.LargeBinary(), nullable=True),
        sa.Column("criteria", sa.Text(), nullable=False),
        sa.Column("retest_of", sa.Integer(), nullable=True),
        sa.Column("locked_by", sa.Integer(), nullable=False),
        sa.Column("locked_at", MOMENT, nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=True),
        sa.Column("accepted_by", sa.Integer(), nullable=True),
        sa.Column("accepted_at", MOMENT, nullable=True),
        sa.Column("returned", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "state IN ('locked', 'drawn', 'proposed', 'accepted', 'returned')", name=op.f("ck_drawn_sample_state")
        ),
        sa.CheckConstraint("retest_of <> sample_id", name=op.f("ck_drawn_sample_retest")),
        sa.CheckConstraint("(state = 'accepted') = (accepted_at IS NOT NULL)", name=op.f("ck_drawn_sample_accepted")),
        _foreign("drawn_sample", "sample_id", "control_sample.id"),
        _foreign("drawn_sample", "retest_of", "control_sample.id"),
        *(_foreign("drawn_sample", name, "user_account.id") for name in ("locked_by", "proposed_by", "accepted_by")),
        sa.PrimaryKeyConstraint("sample_id", name=op.f("pk_drawn_sample")),
    )
    op.create_index(op.f("ix_drawn_sample_retest_of"), "drawn_sample", ["retest_of"])
    op.create_table(
        "sample_draw",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sample_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("algorithm", sa.String(length=40), nullable=False),
        sa.Column("seed", sa.LargeBinary(length=32), nullable=False),
        sa.Column("population_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("select_by", sa.String(length=10), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("each_unit", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("drawn_by", sa.Integer(), nullable=False),
        sa.Column("drawn_at", MOMENT, nullable=False),
        sa.CheckConstraint("number = 1 OR reason IS NOT NULL", name=op.f("ck_sample_draw_reason")),
        _foreign("sample_draw", "sample_id", "drawn_sample.sample_id"),
        _foreign("sample_draw", "drawn_by", "user_account.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_draw")),
        sa.UniqueConstraint("sample_id", "number", name=op.f("uq_sample_draw_sample_id_number")),
    )
    op.create_table(
        "sample_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("reference", sa.LargeBinary(), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=True),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("verdict", sa.String(length=10), nullable=True),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("verdict IN ('approved', 'deviating', 'dropout')", name=op.f("ck_sample_item_verdict")),
        _foreign("sample_item", "draw_id", "sample_draw.id"),
        _foreign("sample_item", "replaces_id", "sample_item.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_item")),
        sa.UniqueConstraint("draw_id", "position", name=op.f("uq_sample_item_draw_id_position")),
        sa.UniqueConstraint("draw_id", "place", name=op.f("uq_sample_item_draw_id_place")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_sample_item_replaces_id")),
    )


def downgrade():
    for table in ("sample_item", "sample_draw", "drawn_sample"):
        op.drop_table(table)
