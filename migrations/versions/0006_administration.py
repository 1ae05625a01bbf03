"""Requests between administrators, names of units over time, merged codes, settings, the steps of the first start."""

import sqlalchemy as sa
from alembic import op

revision = "0006_administration"
down_revision = "0005_scope"
branch_labels = None
depends_on = None

NEW_COLUMNS = ("committee_name", "second_administrator", "first_start_ended_at")


def upgrade():
    op.create_table(
        "unit_name",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_name_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_name")),
    )
    op.create_index(op.f("ix_unit_name_unit_id"), "unit_name", ["unit_id"], unique=False)
    op.create_index(op.f("ix_unit_name_name"), "unit_name", ["name"], unique=False)

    op.create_table(
        "admin_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("role", sa.String(length=20), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.CheckConstraint("to_on IS NULL OR to_on >= from_on", name=op.f("ck_admin_request_from_before_to")),
        sa.CheckConstraint(
            "kind <> 'role' OR (user_id IS NOT NULL AND role IS NOT NULL AND unit_id IS NOT NULL "
            "AND from_on IS NOT NULL)",
            name=op.f("ck_admin_request_whole_role"),
        ),
        sa.CheckConstraint(
            "(approved IS NULL) = (decided_at IS NULL) AND (approved IS NULL) = (decided_by_id IS NULL)",
            name=op.f("ck_admin_request_decided"),
        ),
        sa.CheckConstraint("NOT approved OR decided_by_id <> asked_by_id", name=op.f("ck_admin_request_two")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_admin_request_user_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_admin_request_unit_id")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["user_account.id"], name=op.f("fk_admin_request_asked_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user_account.id"], name=op.f("fk_admin_request_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_admin_request")),
    )
    op.create_index(op.f("ix_admin_request_user_id"), "admin_request", ["user_id"], unique=False)

    op.create_table(
        "first_start_step",
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("step", name=op.f("pk_first_start_step")),
    )

    # A key from within: decisions point at this table, so SQLite must not copy and drop it as batch mode does.
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "ALTER TABLE code_item ADD COLUMN merged_into_id INTEGER "
            "CONSTRAINT fk_code_item_merged_into_id REFERENCES code_item (id)"
        )
    else:
        op.add_column("code_item", sa.Column("merged_into_id", sa.Integer(), nullable=True))
        op.create_foreign_key(op.f("fk_code_item_merged_into_id"), "code_item", "code_item", ["merged_into_id"], ["id"])

    with op.batch_alter_table("installation") as batch:
        batch.add_column(sa.Column("committee_name", sa.String(length=120), nullable=True))
        batch.add_column(sa.Column("second_administrator", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("first_start_ended_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("installation") as batch:
        batch.alter_column("second_administrator", existing_type=sa.Boolean(), server_default=None)


def downgrade():
    with op.batch_alter_table("installation") as batch:
        for column in NEW_COLUMNS:
            batch.drop_column(column)
    op.execute("DELETE FROM code_item WHERE merged_into_id IS NOT NULL")
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f("fk_code_item_merged_into_id"), "code_item", type_="foreignkey")
    op.execute("ALTER TABLE code_item DROP COLUMN merged_into_id")
    op.drop_table("first_start_step")
    op.drop_table("admin_request")
    op.drop_table("unit_name")
