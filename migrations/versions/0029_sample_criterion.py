"""How many items of an accepted stickprov failed each criterion. Needs the data encryption key."""

import json
from collections import Counter

import sqlalchemy as sa
from alembic import op

from tracker.vault import vault

revision = "0029_sample_criterion"
down_revision = "0028_risk_net_of_unit"
branch_labels = None
depends_on = None

# The items of the latest draw of each stickprov that is accepted, with what is written about them.
WRITTEN = """
SELECT d.sample_id, i.id, i.words FROM sample_item i JOIN sample_draw d ON d.id = i.draw_id
JOIN drawn_sample s ON s.sample_id = d.sample_id
WHERE s.state = 'accepted' AND i.words IS NOT NULL
AND d.number = (SELECT max(o.number) FROM sample_draw o WHERE o.sample_id = d.sample_id)
"""


def upgrade():
    table = op.create_table(
        "sample_criterion",
        sa.Column("sample_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("criterion", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_sample_criterion_number")),
        sa.ForeignKeyConstraint(["sample_id"], ["drawn_sample.sample_id"], name=op.f("fk_sample_criterion_sample_id")),
        sa.PrimaryKeyConstraint("sample_id", "criterion", name=op.f("pk_sample_criterion")),
    )
    counted = Counter()
    for sample_id, item_id, words in op.get_bind().execute(sa.text(WRITTEN)):
        failed, _ = json.loads(vault.decrypt(bytes(words), item_id, "sample_item.words"))
        counted.update((sample_id, criterion) for criterion in failed)
    rows = [{"sample_id": one, "criterion": name, "number": number} for (one, name), number in counted.items()]
    if rows:
        op.get_bind().execute(table.insert(), rows)


def downgrade():
    op.drop_table("sample_criterion")
