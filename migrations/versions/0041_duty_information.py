"""Who has been informed of the duty to report, staff without an account, and how often it is done."""

import sqlalchemy as sa
from alembic import op

revision = "0041_duty_information"
down_revision = "0040_story_texts"
branch_labels = None
depends_on = None

HOW = "how IN ('apt', 'introduktion', 'skriftligt', 'webbutbildning')"
VOIDED = "(voided_at IS NULL) = (voided_by IS NULL) AND (voided_at IS NULL) = (void_reason IS NULL)"


def upgrade():
    op.create_table(
        "unit_staff",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("began_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("noted_by", sa.Integer(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ended_on >= began_on", name=op.f("ck_unit_staff_days")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_staff_unit_id")),
        sa.ForeignKeyConstraint(["noted_by"], ["user_account.id"], name=op.f("fk_unit_staff_noted_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_staff")),
        sa.UniqueConstraint("unit_id", "label", name=op.f("uq_unit_staff_unit_id_label")),
    )
    op.create_table(
        "duty_information",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("informed_on", sa.Date(), nullable=False),
        sa.Column("how", sa.String(length=16), nullable=False),
        sa.Column("informed_by", sa.String(length=120), nullable=False),
        sa.Column("noted_by", sa.Integer(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_by", sa.Integer(), nullable=True),
        sa.Column("void_reason", sa.String(length=1000), nullable=True),
        sa.CheckConstraint("(user_id IS NULL) <> (staff_id IS NULL)", name=op.f("ck_duty_information_one_person")),
        sa.CheckConstraint(HOW, name=op.f("ck_duty_information_how")),
        sa.CheckConstraint(VOIDED, name=op.f("ck_duty_information_voided")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_duty_information_user_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["unit_staff.id"], name=op.f("fk_duty_information_staff_id")),
        sa.ForeignKeyConstraint(["noted_by"], ["user_account.id"], name=op.f("fk_duty_information_noted_by")),
        sa.ForeignKeyConstraint(["voided_by"], ["user_account.id"], name=op.f("fk_duty_information_voided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_information")),
    )
    stands = sa.text("voided_at IS NULL")
    for person in ("user", "staff"):
        op.create_index(
            f"ix_duty_information_{person}", "duty_information", [f"{person}_id", "informed_on"], unique=True,
            sqlite_where=stands, postgresql_where=stands,
        )  # fmt: skip
    op.create_table(
        "duty_setting",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("months", sa.SmallInteger(), nullable=False),
        sa.Column("first_days", sa.SmallInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_duty_setting_one_row")),
        sa.CheckConstraint(
            "months BETWEEN 1 AND 36 AND first_days BETWEEN 0 AND 90", name=op.f("ck_duty_setting_limits")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_setting")),
    )


def downgrade():
    op.drop_table("duty_setting")
    op.drop_table("duty_information")
    op.drop_table("unit_staff")
