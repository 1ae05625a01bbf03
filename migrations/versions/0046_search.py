"""The index of the search, with the triggers that keep it in step with the registers."""

from alembic import op

from tracker.search.definition import FIRST
from tracker.search.installing import install, uninstall

revision = "0046_search"
down_revision = "0045_action_checks"
branch_labels = None
depends_on = None


def upgrade():
    install(op.get_bind(), FIRST)


def downgrade():
    uninstall(op.get_bind(), FIRST)
