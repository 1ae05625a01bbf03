"""Kontrollmoment on pages: what is controlled, by which criteria, by whom, what happens next; a grade set by hand."""

import sqlalchemy as sa
from alembic import op

revision = "0024_moment_pages"
down_revision = "0023_record_links"
branch_labels = None
depends_on = None

COLUMNS = {
    "subject": sa.Text(),
    "criteria": sa.Text(),
    "performer": sa.String(length=120),
    "controlled_party": sa.String(length=120),
    "reported_to": sa.String(length=120),
    "not_done_next": sa.Text(),
}


def upgrade():
    for name, kind in COLUMNS.items():
        op.add_column("control_moment", sa.Column(name, kind, nullable=True))
    op.create_table(
        "control_override",
        sa.Column("moment_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("grade", sa.String(length=12), nullable=False),
        sa.Column("computed", sa.String(length=12), nullable=False),
        sa.Column("motivation", sa.Text(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "grade IN ('god', 'godtagbar', 'ej_godkand') AND grade <> computed", name=op.f("ck_control_override_grade")
        ),
        sa.ForeignKeyConstraint(
            ["moment_id"], ["control_moment.record_id"], name=op.f("fk_control_override_moment_id")
        ),
        sa.ForeignKeyConstraint(["by"], ["user_account.id"], name=op.f("fk_control_override_by")),
        sa.PrimaryKeyConstraint("moment_id", name=op.f("pk_control_override")),
    )


def downgrade():
    op.drop_table("control_override")
    for name in reversed(COLUMNS):
        op.drop_column("control_moment", name)
