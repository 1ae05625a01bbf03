"""Avvikelser, lex Sarah-rapporter and synpunkter: their registers, words, steps, reporters and persons."""

import sqlalchemy as sa
from alembic import op

revision = "0031_cases"
down_revision = "0030_sample_item_noted_by"
branch_labels = None
depends_on = None

REF = sa.String(length=60).with_variant(sa.String(length=60, collation="C"), "postgresql")
TAIL = ["listed_on", "record_id", "unit_id", "mark"]
DEVIATION_YEAR = ["reported_on", "closed_on", "mark", "unit_id"]
LEX_SARAH_YEAR = [
    "received_on", "decided_on", "closed_on", "target_on", "ivo_notified_on", "assessment", "mark", "unit_id",
]  # fmt: skip
SEED = {
    "deviation_category": (
        ("HANDLAGGNING", "Handläggning och dokumentation"),
        ("UTREDNINGSTID", "Försenad utredning"),
        ("BESLUT", "Kommunicering av beslut"),
        ("UPPFOLJNING", "Uppföljning"),
        ("KONTINUITET", "Kontinuitet"),
        ("BEMOTANDE", "Bemötande"),
        ("UTFORANDE", "Insatsen blev inte utförd som beslutat"),
        ("LAKEMEDEL", "Läkemedel"),
        ("FALL", "Fall"),
        ("SEKRETESS", "Sekretess"),
        ("OVRIGT", "Övrigt"),
    ),
    "deviation_cause": (
        ("RUTIN", "Processer, rutiner och arbetssätt"),
        ("KOMMUNIKATION", "Kommunikation och information"),
        ("KOMPETENS", "Kompetens och utbildning"),
        ("ORGANISATION", "Organisation och bemanning"),
        ("OMGIVNING", "Omgivning och lokaler"),
        ("TEKNIK", "Teknik, utrustning och IT"),
        ("SAMVERKAN", "Samverkan"),
        ("MANSKLIG", "Mänsklig faktor"),
        ("ENSKILD", "Den enskildes situation"),
    ),
}
COMPLAINT_YEAR = ["received_on", "answered_on", "due_on", "kind", "mark", "unit_id"]


def _register(table, choice, year, *own):
    op.create_table(
        table,
        sa.Column("record_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("ref", REF, nullable=False),
        sa.Column("listed_on", sa.Date(), nullable=False),
        sa.Column("moved_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("mark", sa.SmallInteger(), server_default="0", nullable=False),
        *own,
        sa.ForeignKeyConstraint(
            ["record_id", "unit_id"], ["record.id", "record.unit_id"], name=op.f(f"fk_{table}_record_id_unit_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("record_id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("record_id", "unit_id", name=op.f(f"uq_{table}_record_id_unit_id")),
        sa.UniqueConstraint("ref", name=op.f(f"uq_{table}_ref")),
    )  # fmt: skip
    op.create_index(f"ix_{table}_{choice}", table, [choice, *TAIL, "is_open"])
    op.create_index(f"ix_{table}_list", table, [*TAIL, "is_open"])
    op.create_index(f"ix_{table}_open", table, ["is_open", *TAIL])
    op.create_index(f"ix_{table}_state", table, ["state", *TAIL])
    still = ["is_open", "moved_on", "unit_id", "mark", "record_id", "listed_on"]
    op.create_index(f"ix_{table}_still", table, still)
    op.create_index(f"ix_{table}_unit", table, ["unit_id", "listed_on", "record_id", "mark", "is_open"])
    op.create_index(f"ix_{table}_unit_open", table, ["unit_id", "is_open", "listed_on", "record_id", "mark"])
    op.create_index(f"ix_{table}_year", table, year)


def _of_case(table, *columns, key="id"):
    op.create_table(
        table,
        *([sa.Column("id", sa.Integer(), nullable=False)] if key == "id" else []),
        sa.Column("record_id", sa.Integer(), autoincrement=key == "id", nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f(f"fk_{table}_record_id")),
        sa.PrimaryKeyConstraint(key, name=op.f(f"pk_{table}")),
    )


def upgrade():
    _register(
        "deviation", "category_id", DEVIATION_YEAR,
        sa.Column("reported_on", sa.Date(), nullable=False),
        sa.Column("law_area", sa.String(length=3), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=True),
        sa.Column("category_id", sa.Integer(), nullable=True),
        sa.Column("severity", sa.SmallInteger(), nullable=True),
        sa.Column("likelihood", sa.SmallInteger(), nullable=True),
        sa.Column("cause_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("law_area IN ('SoL', 'LSS', 'HSL')", name=op.f("ck_deviation_law_area")),
        sa.CheckConstraint("kind IN ('händelse', 'tillbud')", name=op.f("ck_deviation_kind")),
        sa.CheckConstraint("severity BETWEEN 1 AND 4 AND likelihood BETWEEN 1 AND 4", name=op.f("ck_deviation_steps")),
        sa.ForeignKeyConstraint(["category_id"], ["code_item.id"], name=op.f("fk_deviation_category_id")),
        sa.ForeignKeyConstraint(["cause_id"], ["code_item.id"], name=op.f("fk_deviation_cause_id")),
    )  # fmt: skip
    _register(
        "lex_sarah_report", "assessment", LEX_SARAH_YEAR,
        sa.Column("law", sa.String(length=3), nullable=True),
        *(
            sa.Column(name, sa.Date(), nullable=True)
            for name in ("noticed_on", "reported_on", "received_on", "target_on", "completed_on")
        ),
        sa.Column("assessment", sa.String(length=16), nullable=True),
        *(
            sa.Column(name, sa.Date(), nullable=True)
            for name in ("decided_on", "ivo_notified_on", "ivo_investigation_sent_on", "ivo_decided_on")
        ),
        sa.Column("ivo_outcome", sa.String(length=200), nullable=True),
        sa.CheckConstraint("law IN ('SoL', 'LSS')", name=op.f("ck_lex_sarah_report_law")),
        sa.CheckConstraint(
            "assessment IN ('inget', 'risk', 'missforhallande', 'risk_allvarligt', 'allvarligt')",
            name=op.f("ck_lex_sarah_report_assessment"),
        ),
    )  # fmt: skip
    _register(
        "complaint", "kind", COMPLAINT_YEAR,
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.CheckConstraint("kind IN ('synpunkt', 'klagomål', 'beröm')", name=op.f("ck_complaint_kind")),
    )  # fmt: skip
    _of_case(
        "case_text",
        sa.Column("section", sa.String(length=24), nullable=False),
        sa.Column("edition", sa.SmallInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["written_by"], ["user_account.id"], name=op.f("fk_case_text_written_by")),
        sa.UniqueConstraint("record_id", "section", "edition", name=op.f("uq_case_text_record_id_section_edition")),
    )
    _of_case(
        "case_step",
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("from_state", sa.String(length=16), nullable=True),
        sa.Column("to_state", sa.String(length=16), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_by", sa.Integer(), nullable=True),
        sa.Column("comment", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["taken_by"], ["user_account.id"], name=op.f("fk_case_step_taken_by")),
    )
    op.create_index(op.f("ix_case_step_record_id"), "case_step", ["record_id"])
    _of_case(
        "case_reporter",
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("contact", sa.LargeBinary(), nullable=True),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_case_reporter_user_id")),
        key="record_id",
    )
    op.create_index(op.f("ix_case_reporter_user_id_record_id"), "case_reporter", ["user_id", "record_id"])
    _of_case(
        "case_person",
        sa.Column("reference", sa.LargeBinary(), nullable=False),
        sa.Column("sex", sa.String(length=6), nullable=True),
        sa.CheckConstraint("sex IN ('kvinna', 'man')", name=op.f("ck_case_person_sex")),
    )
    op.create_index(op.f("ix_case_person_record_id"), "case_person", ["record_id"])
    op.create_table(
        "case_investigator",
        sa.Column("record_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["given_by"], ["user_account.id"], name=op.f("fk_case_investigator_given_by")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_case_investigator_record_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_case_investigator_user_id")),
        sa.PrimaryKeyConstraint("record_id", "user_id", name=op.f("pk_case_investigator")),
    )
    op.create_index(op.f("ix_case_investigator_user_id_record_id"), "case_investigator", ["user_id", "record_id"])
    op.create_table(
        "case_series",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "year", name=op.f("pk_case_series")),
    )
    table = sa.table("code_item", *(sa.column(name) for name in ("list", "code", "label", "position")))
    for name, items in SEED.items():
        rows = [{"list": name, "code": code, "label": label, "position": n} for n, (code, label) in enumerate(items, 1)]
        op.bulk_insert(table, rows)


def downgrade():
    for table in (
        "case_series", "case_investigator", "case_person", "case_reporter", "case_step", "case_text", "complaint",
        "lex_sarah_report", "deviation",
    ):  # fmt: skip
        op.drop_table(table)
    op.execute("DELETE FROM code_item WHERE list IN ('deviation_category', 'deviation_cause')")
