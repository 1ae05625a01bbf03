"""Plans and checks of the log."""

revision = "0008_log_review"
down_revision = "0007_sessions"
branch_labels = None
depends_on = None


def upgrade():
    pass


def downgrade():
    pass
