"""Who is MAS, and what has been notified to IVO under lex Maria."""

import sqlalchemy as sa
from alembic import op

revision = "0043_mas"
down_revision = "0042_from_providers"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "mas_user",
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_mas_user_user_id")),
        sa.ForeignKeyConstraint(["given_by"], ["user_account.id"], name=op.f("fk_mas_user_given_by")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_mas_user")),
    )
    op.create_table(
        "lex_maria",
        sa.Column("record_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("notified_on", sa.Date(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=True),
        sa.Column("notified_by", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_lex_maria_record_id")),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_lex_maria")),
    )


def downgrade():
    op.drop_table("lex_maria")
    op.drop_table("mas_user")
