"""Who noted what an item of a stickprov came to; of what was noted before this nobody knows."""

import sqlalchemy as sa
from alembic import op

revision = "0030_sample_item_noted_by"
down_revision = "0029_sample_criterion"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "sample_item_noter",
        sa.Column("item_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["sample_item.id"], name=op.f("fk_sample_item_noter_item_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_sample_item_noter_user_id")),
        sa.PrimaryKeyConstraint("item_id", "user_id", name=op.f("pk_sample_item_noter")),
    )


def downgrade():
    op.drop_table("sample_item_noter")
