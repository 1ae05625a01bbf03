"""Requests for roles, names of units over time, and the steps of the first start."""

revision = "0006_administration"
down_revision = "0005_scope"
branch_labels = None
depends_on = None


def upgrade():
    pass


def downgrade():
    pass
