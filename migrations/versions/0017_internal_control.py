"""Plans, risks with the counts of their matrix, kontrollmoment and the figures of their stickprov."""

import sqlalchemy as sa
from alembic import op

revision = "0017_internal_control"
down_revision = "0016_versions_at_locking"
branch_labels = None
depends_on = None

KEY = sa.String(length=220).with_variant(sa.String(length=220, collation="C"), "postgresql")


def _of_record(table):
    return (
        sa.ForeignKeyConstraint(
            ["record_id", "unit_id"],
            ["record.id", "record.unit_id"],
            name=op.f(f"fk_{table}_record_id"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(["year"], ["control_plan.year"], name=op.f(f"fk_{table}_year")),
        sa.PrimaryKeyConstraint("record_id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("record_id", "unit_id", name=op.f(f"uq_{table}_record_id_unit_id")),
        sa.UniqueConstraint("year", "ref", name=op.f(f"uq_{table}_year_ref")),
    )


def _key_columns():
    return (
        sa.Column("record_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=40), nullable=False),
        sa.Column("ref_key", KEY, nullable=False),
    )


def upgrade():
    op.create_table(
        "control_plan",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("scale", sa.Text(), nullable=False),
        sa.Column("good_limit", sa.SmallInteger(), nullable=False),
        sa.Column("acceptable_limit", sa.SmallInteger(), nullable=False),
        sa.Column("adopted_on", sa.Date(), nullable=True),
        sa.Column("paragraph", sa.String(length=20), nullable=True),
        sa.Column("case_number", sa.String(length=60), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("acceptable_limit <= good_limit", name=op.f("ck_control_plan_limits")),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_control_plan")),
    )
    op.create_table(
        "risk",
        *_key_columns(),
        sa.Column("area", sa.String(length=120), nullable=True),
        sa.Column("level", sa.String(length=20), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("likelihood", sa.SmallInteger(), nullable=False),
        sa.Column("consequence", sa.SmallInteger(), nullable=False),
        sa.Column("score", sa.SmallInteger(), nullable=False),
        sa.Column("rank", sa.SmallInteger(), nullable=False),
        sa.Column("motivation", sa.Text(), nullable=True),
        sa.Column("handling", sa.String(length=12), nullable=True),
        sa.Column("mark", sa.SmallInteger(), server_default="0", nullable=False),
        sa.CheckConstraint("level IN ('kommunövergripande', 'nämnd', 'enhet')", name=op.f("ck_risk_level")),
        sa.CheckConstraint(
            "handling IN ('acceptera', 'bevaka', 'kontrollera', 'åtgärda')", name=op.f("ck_risk_handling")
        ),
        sa.CheckConstraint("score = likelihood * consequence AND rank = -score", name=op.f("ck_risk_score")),
        *_of_record("risk"),
    )
    op.create_index("ix_risk_list", "risk", ["year", "rank", "ref_key", "record_id"])
    op.create_index(op.f("ix_risk_ref_year"), "risk", ["ref", "year"])
    op.create_index("ix_risk_cell", "risk", ["year", "likelihood", "consequence", "ref_key", "record_id"])
    op.create_table(
        "risk_tally",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("unit_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("likelihood", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("consequence", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_risk_tally_unit_id")),
        sa.PrimaryKeyConstraint("year", "unit_id", "likelihood", "consequence", name=op.f("pk_risk_tally")),
    )
    op.create_table(
        "control_moment",
        *_key_columns(),
        sa.Column("risk_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("method", sa.String(length=60), nullable=True),
        sa.Column("frequency", sa.String(length=60), nullable=True),
        sa.Column("responsible", sa.String(length=120), nullable=True),
        sa.Column("good_limit", sa.SmallInteger(), nullable=True),
        sa.Column("acceptable_limit", sa.SmallInteger(), nullable=True),
        sa.Column("not_done", sa.Text(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("mark", sa.SmallInteger(), server_default="0", nullable=False),
        sa.CheckConstraint(
            "good_limit BETWEEN 0 AND 100 AND acceptable_limit BETWEEN 0 AND 100",
            name=op.f("ck_control_moment_limits"),
        ),
        sa.ForeignKeyConstraint(["risk_id"], ["risk.record_id"], name=op.f("fk_control_moment_risk_id")),
        *_of_record("control_moment"),
    )
    op.create_index("ix_control_moment_list", "control_moment", ["year", "ref_key", "record_id"])
    op.create_index(op.f("ix_control_moment_risk_id"), "control_moment", ["risk_id"])
    op.create_index(op.f("ix_control_moment_ref_year"), "control_moment", ["ref", "year"])
    op.create_table(
        "control_sample",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("moment_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=40), nullable=False),
        sa.Column("ref_key", KEY, nullable=False),
        sa.Column("period", sa.String(length=10), nullable=True),
        sa.Column("population", sa.Integer(), nullable=True),
        sa.Column("selected", sa.Integer(), nullable=False),
        sa.Column("dropouts", sa.Integer(), nullable=False),
        sa.Column("deviations", sa.Integer(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.CheckConstraint("dropouts BETWEEN 0 AND selected", name=op.f("ck_control_sample_dropouts")),
        sa.CheckConstraint("deviations BETWEEN 0 AND selected - dropouts", name=op.f("ck_control_sample_deviations")),
        sa.CheckConstraint("population >= selected", name=op.f("ck_control_sample_population")),
        sa.ForeignKeyConstraint(["moment_id"], ["control_moment.record_id"], name=op.f("fk_control_sample_moment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_control_sample")),
        sa.UniqueConstraint("moment_id", "ref", name=op.f("uq_control_sample_moment_id_ref")),
    )


def downgrade():
    for table in ("control_sample", "control_moment", "risk_tally", "risk", "control_plan"):
        op.drop_table(table)
    # The trail points at these records and is never taken back; their numbers are free to be used again.
    op.execute(
        "UPDATE record SET number = kind || ' ' || id, title = kind || ' ' || id, voided_at = CURRENT_TIMESTAMP"
        " WHERE kind IN ('risk', 'control')"
    )
