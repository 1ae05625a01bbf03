"""What follows from a record in other registers."""

import sqlalchemy as sa
from alembic import op

revision = "0023_record_links"
down_revision = "0022_risk_assessment"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
TABLE = "record_link"
POINTS = {"from_id": "record.id", "to_id": "record.id", "asked_by": "user_account.id", "settled_by": "user_account.id"}


def upgrade():
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("asked", sa.LargeBinary(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("settled", sa.LargeBinary(), nullable=True),
        sa.Column("settled_by", sa.Integer(), nullable=True),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.CheckConstraint("kind IN ('deviation', 'assessment')", name=op.f("ck_record_link_kind")),
        sa.CheckConstraint("(settled IS NULL) = (settled_at IS NULL)", name=op.f("ck_record_link_settled")),
        sa.CheckConstraint("to_id <> from_id", name=op.f("ck_record_link_other")),
        *(
            sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{TABLE}_{column}"))
            for column, target in POINTS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_link")),
    )
    for column in ("from_id", "to_id"):
        op.create_index(op.f(f"ix_record_link_{column}"), TABLE, [column])


def downgrade():
    op.drop_table(TABLE)
