"""The risks of a unit, the heaviest first and by cell; the counts of a cell side by side."""

from alembic import op

revision = "0021_risk_by_unit"
down_revision = "0020_stickprov"
branch_labels = None
depends_on = None


def upgrade():
    op.create_index("ix_risk_of_unit", "risk", ["year", "unit_id", "rank", "ref_key", "record_id"])
    cell = ["year", "unit_id", "likelihood", "consequence", "ref_key", "record_id"]
    op.create_index("ix_risk_of_unit_cell", "risk", cell)
    op.create_index("ix_risk_tally_cell", "risk_tally", ["year", "likelihood", "consequence", "unit_id", "number"])


def downgrade():
    op.drop_index("ix_risk_tally_cell", "risk_tally")
    op.drop_index("ix_risk_of_unit_cell", "risk")
    op.drop_index("ix_risk_of_unit", "risk")
