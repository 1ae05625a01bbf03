"""The texts that somebody writes for the follow-up of the internal control plan."""

import sqlalchemy as sa
from alembic import op

revision = "0019_control_texts"
down_revision = "0018_plan_decisions"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "control_text",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("section", sa.String(length=30), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["year"], ["control_plan.year"], name=op.f("fk_control_text_year")),
        sa.PrimaryKeyConstraint("year", "section", name=op.f("pk_control_text")),
    )


def downgrade():
    op.drop_table("control_text")
