"""What is sent to IVO of each clock, and what IVO answers about a decision."""

import sqlalchemy as sa
from alembic import op

revision = "0015_ivo"
down_revision = "0014_windows_and_rounds"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "individual_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("clock_id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("ivo_type", sa.String(length=12), nullable=False),
        sa.Column("afterwards", sa.Boolean(), nullable=False),
        sa.Column("taken_by", sa.Integer(), nullable=True),
        sa.Column("texts", sa.LargeBinary(), nullable=True),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("sent_by", sa.Integer(), nullable=True),
        sa.Column("sent_as", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(sent_on IS NULL) = (sent_by IS NULL)", name=op.f("ck_individual_report_sent_by_somebody")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_individual_report_record_id")),
        sa.ForeignKeyConstraint(["taken_by"], ["user_account.id"], name=op.f("fk_individual_report_taken_by")),
        sa.ForeignKeyConstraint(["sent_by"], ["user_account.id"], name=op.f("fk_individual_report_sent_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_individual_report")),
        sa.UniqueConstraint(
            "clock_id", "year", "number", "ivo_type", name=op.f("uq_individual_report_clock_id_year_number_ivo_type")
        ),
    )
    op.create_index(op.f("ix_individual_report_record_id"), "individual_report", ["record_id"])
    op.create_index(op.f("ix_individual_report_year_number"), "individual_report", ["year", "number"])
    op.create_table(
        "ivo_matter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("ivo_ref", sa.String(length=60), nullable=True),
        sa.Column("own_ref", sa.String(length=60), nullable=True),
        sa.Column("outcome", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_ivo_matter_record_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ivo_matter")),
    )
    op.create_index(op.f("ix_ivo_matter_record_id"), "ivo_matter", ["record_id"])
    op.create_index("ix_ivo_matter_waiting", "ivo_matter", ["answered_on", "answer_by"])


def downgrade():
    for table in ("ivo_matter", "individual_report"):
        op.drop_table(table)
