"""How foreign files are read, and what waits, sealed, to be read in."""

import sqlalchemy as sa
from alembic import op

revision = "0012_import_mapping"
down_revision = "0011_decision_life"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "import_mapping",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("shape", sa.String(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["saved_by"], ["user_account.id"], name=op.f("fk_import_mapping_saved_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_mapping")),
        sa.UniqueConstraint("shape", name=op.f("uq_import_mapping_shape")),
    )
    op.create_table(
        "waiting_import",
        sa.Column("session_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("choices", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["user_session.id"], name=op.f("fk_waiting_import_session_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_waiting_import_user_id")),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_waiting_import")),
    )
    op.create_index(op.f("ix_waiting_import_created_at"), "waiting_import", ["created_at"])
    op.create_table(
        "waiting_piece",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["waiting_import.session_id"], name=op.f("fk_waiting_piece_session_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting_piece")),
        sa.UniqueConstraint("session_id", "number", name=op.f("uq_waiting_piece_session_id_number")),
    )


def downgrade():
    op.drop_table("waiting_piece")
    op.drop_index(op.f("ix_waiting_import_created_at"), table_name="waiting_import")
    op.drop_table("waiting_import")
    op.drop_table("import_mapping")
