"""What was typed when a sign-in had ended."""

revision = "0007_sessions"
down_revision = "0006_administration"
branch_labels = None
depends_on = None


def upgrade():
    pass


def downgrade():
    pass
