"""When the effect of an action is checked; actions of protected records are protected as they are."""

import sqlalchemy as sa
from alembic import op

revision = "0045_action_checks"
down_revision = "0044_reminders"
branch_labels = None
depends_on = None

PROTECTED = """
    UPDATE action SET mark = 1 WHERE mark = 0
      AND record_id IN (
        SELECT s.action_id FROM action_source s JOIN record r ON r.id = s.record_id WHERE r.access = 'protected')
      AND record_id NOT IN (
        SELECT s.action_id FROM action_source s JOIN record r ON r.id = s.record_id WHERE r.access <> 'protected')
"""
NAMED = """
    INSERT INTO record_grant (record_id, user_id, kind, given_at)
    SELECT a.record_id, g.user_id, 'named', max(g.given_at)
    FROM action a JOIN action_source s ON s.action_id = a.record_id
    JOIN record_grant g ON g.record_id = s.record_id AND g.kind = 'named'
    WHERE a.mark = 1
      AND NOT EXISTS (SELECT 1 FROM record_grant h WHERE h.record_id = a.record_id AND h.user_id = g.user_id)
    GROUP BY a.record_id, g.user_id
"""
CLOSED = """
    INSERT INTO record_grant (record_id, user_id, kind, given_at)
    SELECT a.record_id, g.user_id, 'closed', max(g.given_at)
    FROM action a JOIN action_source s ON s.action_id = a.record_id
    JOIN record_grant g ON g.record_id = s.record_id AND g.kind = 'closed'
    WHERE a.mark < 2
      AND NOT EXISTS (SELECT 1 FROM record_grant h WHERE h.record_id = a.record_id AND h.user_id = g.user_id)
    GROUP BY a.record_id, g.user_id
    HAVING count(*) = (SELECT count(*) FROM action_source t WHERE t.action_id = a.record_id)
"""


def upgrade():
    op.add_column("action", sa.Column("check_on", sa.Date(), nullable=True))
    # What was carried out before there was such a day can be checked at once.
    op.execute("UPDATE action SET check_on = done_on, listed_on = done_on WHERE stage = 1")
    op.execute(PROTECTED)
    op.execute("UPDATE record SET access = 'protected' WHERE id IN (SELECT record_id FROM action WHERE mark = 1)")
    op.execute(CLOSED)
    op.execute(NAMED)


def downgrade():
    op.execute("UPDATE action SET listed_on = coalesce(due_on, '9999-12-31') WHERE stage = 1")
    op.drop_column("action", "check_on")
