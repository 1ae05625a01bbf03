"""PostgreSQL finds the newest of a unit in the index of the search; where it has been made since, it stands already."""

from alembic import op

from tracker.search.installing import BY_UNIT

revision = "0054_search_by_unit"
down_revision = "0053_running_occasions"
branch_labels = None
depends_on = None


def upgrade():
    if op.get_bind().dialect.name == "postgresql":
        op.execute(BY_UNIT)


def downgrade():
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP INDEX IF EXISTS ix_search_text_unit")
