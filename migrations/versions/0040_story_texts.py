"""The texts of the kvalitetsberättelse."""

import sqlalchemy as sa
from alembic import op

revision = "0040_story_texts"
down_revision = "0039_guarantees"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "story_text",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("section", sa.String(length=30), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", "section", name=op.f("pk_story_text")),
    )


def downgrade():
    op.drop_table("story_text")
