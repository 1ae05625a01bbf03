"""The net list of a unit or a part of the tree, the heaviest first; its counts of a cell beside those of all."""

from alembic import op

revision = "0028_risk_net_of_unit"
down_revision = "0027_activities"
branch_labels = None
depends_on = None

NET = ["year", "in_net", "rank", "ref_key", "record_id"]
RISK_CELL = ["year", "likelihood", "consequence", "ref_key", "record_id"]
CELL = ["year", "likelihood", "consequence", "unit_id", "number"]


def _anew(index, table, columns):
    op.drop_index(index, table)
    op.create_index(index, table, columns)


def upgrade():
    of_unit = ["year", "unit_id", "in_net", "rank", "ref_key", "record_id"]
    op.create_index("ix_risk_of_unit_net", "risk", of_unit)
    _anew("ix_risk_net", "risk", [*NET, "unit_id", "mark"])
    _anew("ix_risk_cell", "risk", [*RISK_CELL, "in_net", "unit_id", "mark"])
    _anew("ix_risk_tally_cell", "risk_tally", [*CELL, "net_number"])


def downgrade():
    _anew("ix_risk_tally_cell", "risk_tally", CELL)
    _anew("ix_risk_cell", "risk", RISK_CELL)
    _anew("ix_risk_net", "risk", NET)
    op.drop_index("ix_risk_of_unit_net", "risk")
