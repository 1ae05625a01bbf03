"""Records given by name or closed, and marks for voided and protected ones."""

revision = "0005_scope"
down_revision = "0004_trail"
branch_labels = None
depends_on = None


def upgrade():
    pass


def downgrade():
    pass
