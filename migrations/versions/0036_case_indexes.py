"""Indexes by which the registers of cases are filtered within a unit and by IVO, and counted of a year."""

import sqlalchemy as sa
from alembic import op

revision = "0036_case_indexes"
down_revision = "0035_ivo_case_number"
branch_labels = None
depends_on = None

CHOICES = {"deviation": "category_id", "lex_sarah_report": "assessment", "complaint": "kind"}
COUNTED = {
    "ix_deviation_closed": ("deviation", ["closed_on", "reported_on", "mark", "unit_id"]),
    "ix_lex_sarah_report_waits": (
        "lex_sarah_report", ["decided_on", "closed_on", "received_on", "mark", "unit_id"],
    ),
}  # fmt: skip
NOTIFIED = {
    "ix_lex_sarah_report_ivo": ["listed_on", "record_id", "unit_id", "mark"],
    "ix_lex_sarah_report_unit_ivo": ["unit_id", "listed_on", "record_id", "mark"],
}


def upgrade():
    for table, choice in CHOICES.items():
        columns = ["unit_id", choice, "listed_on", "record_id", "mark", "is_open"]
        op.create_index(f"ix_{table}_unit_{choice}", table, columns)
    for name, (table, columns) in COUNTED.items():
        op.create_index(name, table, columns)
    notified = sa.text("ivo_notified_on IS NOT NULL")
    for name, columns in NOTIFIED.items():
        op.create_index(name, "lex_sarah_report", columns, sqlite_where=notified, postgresql_where=notified)


def downgrade():
    for name in NOTIFIED:
        op.drop_index(name, table_name="lex_sarah_report")
    for name, (table, _) in COUNTED.items():
        op.drop_index(name, table_name=table)
    for table, choice in CHOICES.items():
        op.drop_index(f"ix_{table}_unit_{choice}", table_name=table)
