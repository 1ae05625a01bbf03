"""Guarantees, each occasion of them, and the avvikelse that a missed one has become."""

import sqlalchemy as sa
from alembic import op

revision = "0039_guarantees"
down_revision = "0038_case_retention"
branch_labels = None
depends_on = None

REF = sa.String(length=60).with_variant(sa.String(length=60, collation="C"), "postgresql")
# slug, kind, name, starts with, ends with, number, unit, target, law
GUARANTEES = (
    ("synpunkt", "complaint_answer", "Svar på synpunkt eller klagomål", "Synpunkten kom in", "Svaret gavs",
     10, "dagar", 100, None),
    ("kontakt", "first_contact", "Kontakt efter beslut att inleda utredning", "Beslut att inleda utredning",
     "Första kontakten", 7, "arbetsdagar", 95, None),
    ("forhandsbedomning", "preliminary_assessment", "Förhandsbedömning", "Anmälan kom in",
     "Beslut att inleda utredning eller inte", 14, "dagar", 100, "20 kap. 2 § SoL"),
    ("barnutredning", "child_investigation", "Barnutredning", "Utredningen inleddes", "Utredningen blev klar",
     4, "månader", 100, "20 kap. 3 § SoL"),
    ("overvagande", "care_consideration", "Övervägande om vård", "Vården började, eller det förra övervägandet",
     "Övervägandet gjordes", 6, "månader", 100, "22 kap. 13 § SoL"),
)  # fmt: skip


def upgrade():
    table = op.create_table(
        "guarantee",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=True),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("starts_with", sa.String(length=120), nullable=False),
        sa.Column("ends_with", sa.String(length=120), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("unit", sa.String(length=12), nullable=False),
        sa.Column("target", sa.SmallInteger(), nullable=False),
        sa.Column("roll", sa.Boolean(), nullable=False),
        sa.Column("law", sa.String(length=120), nullable=True),
        sa.Column("active_from", sa.Date(), nullable=True),
        sa.Column("active_to", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("unit IN ('dagar', 'arbetsdagar', 'veckor', 'månader')", name=op.f("ck_guarantee_unit")),
        sa.CheckConstraint("number BETWEEN 1 AND 999 AND target BETWEEN 0 AND 100", name=op.f("ck_guarantee_limit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guarantee")),
        sa.UniqueConstraint("slug", name=op.f("uq_guarantee_slug")),
        sa.UniqueConstraint("kind", name=op.f("uq_guarantee_kind")),
        sa.UniqueConstraint("name", name=op.f("uq_guarantee_name")),
    )
    names = ("slug", "kind", "name", "starts_with", "ends_with", "number", "unit", "target", "law")
    rows = [dict(zip(names, row, strict=True)) for row in GUARANTEES]
    op.bulk_insert(table, [row | {"roll": False, "version": 1} for row in rows])
    op.create_table(
        "guarantee_occasion",
        sa.Column("record_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("guarantee_id", sa.Integer(), nullable=False),
        sa.Column("ref", REF, nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("roll", sa.Boolean(), nullable=False),
        sa.Column("limit_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("prolonged_to", sa.Date(), nullable=True),
        sa.Column("prolonged_on", sa.Date(), nullable=True),
        sa.Column("prolonged_for", sa.String(length=200), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("excess", sa.Integer(), nullable=True),
        sa.Column("cancelled_on", sa.Date(), nullable=True),
        sa.Column("cancelled_for", sa.Text(), nullable=True),
        sa.Column("mark", sa.SmallInteger(), server_default="0", nullable=False),
        sa.CheckConstraint("(ended_on IS NULL) = (excess IS NULL)", name=op.f("ck_guarantee_occasion_excess")),
        sa.CheckConstraint("ended_on IS NULL OR cancelled_on IS NULL", name=op.f("ck_guarantee_occasion_one_end")),
        sa.CheckConstraint(
            "(prolonged_to IS NULL) = (prolonged_on IS NULL)", name=op.f("ck_guarantee_occasion_prolonged")
        ),
        sa.ForeignKeyConstraint(
            ["record_id", "unit_id"], ["record.id", "record.unit_id"],
            name=op.f("fk_guarantee_occasion_record_id_unit_id"), onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(["guarantee_id"], ["guarantee.id"], name=op.f("fk_guarantee_occasion_guarantee_id")),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_guarantee_occasion")),
        sa.UniqueConstraint("record_id", "unit_id", name=op.f("uq_guarantee_occasion_record_id_unit_id")),
        sa.UniqueConstraint(
            "guarantee_id", "ref", "started_on", name=op.f("uq_guarantee_occasion_guarantee_id_ref_started_on")
        ),
    )  # fmt: skip
    for name, columns in (
        ("list", ["guarantee_id", "started_on", "record_id", "unit_id", "mark"]),
        ("unit", ["guarantee_id", "unit_id", "started_on", "record_id", "mark"]),
        ("ended", ["guarantee_id", "ended_on", "excess", "mark", "unit_id"]),
        ("open", ["ended_on", "cancelled_on", "due_on", "guarantee_id", "mark", "unit_id"]),
    ):
        op.create_index(f"ix_guarantee_occasion_{name}", "guarantee_occasion", columns)
    op.create_table(
        "missed_promise",
        sa.Column("record_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("deviation_id", sa.Integer(), nullable=False),
        sa.Column("cause_id", sa.Integer(), nullable=False),
        sa.Column("noted_on", sa.Date(), nullable=False),
        sa.Column("righted_on", sa.Date(), nullable=True),
        sa.CheckConstraint("deviation_id <> record_id", name=op.f("ck_missed_promise_other")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_missed_promise_record_id")),
        sa.ForeignKeyConstraint(["deviation_id"], ["record.id"], name=op.f("fk_missed_promise_deviation_id")),
        sa.ForeignKeyConstraint(["cause_id"], ["code_item.id"], name=op.f("fk_missed_promise_cause_id")),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_missed_promise")),
        sa.UniqueConstraint("deviation_id", name=op.f("uq_missed_promise_deviation_id")),
    )


def downgrade():
    for table in ("missed_promise", "guarantee_occasion", "guarantee"):
        op.drop_table(table)
