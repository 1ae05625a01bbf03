"""Exports that are made in the background: what was asked for, how far it has come, and where the sealed file is."""

import sqlalchemy as sa
from alembic import op

revision = "0050_export_jobs"
down_revision = "0049_saved_views"
branch_labels = None
depends_on = None

RUNNING = sa.text("state = 'running'")


def upgrade():
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "export_job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("register", sa.String(40), nullable=False),
        sa.Column("format", sa.String(4), nullable=False),
        sa.Column("parameters", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("trouble", sa.String(8)),
        sa.Column("rows_done", sa.Integer(), nullable=False),
        sa.Column("rows_total", sa.Integer(), nullable=False),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.Column("claim", sa.String(22)),
        sa.Column("beat_at", moment),
        sa.Column("made_at", moment, nullable=False),
        sa.Column("started_at", moment),
        sa.Column("ended_at", moment),
        sa.Column("lapses_at", moment),
        sa.Column("taken_at", moment),
        sa.Column("file", sa.String(40)),
        sa.Column("name", sa.String(120)),
        sa.Column("size", sa.Integer()),
        sa.Column("sha256", sa.LargeBinary(32)),
        sa.Column("reading", sa.LargeBinary()),
        sa.Column("rights", sa.LargeBinary(32)),
        sa.CheckConstraint(
            "state IN ('waiting', 'running', 'ready', 'failed', 'lapsed')", name=op.f("ck_export_job_state")
        ),
        sa.CheckConstraint("(state = 'running') = (claim IS NOT NULL)", name=op.f("ck_export_job_claimed")),
        sa.ForeignKeyConstraint(["owner_id"], ["user_account.id"], name=op.f("fk_export_job_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_job")),
        sa.UniqueConstraint("public_id", name=op.f("uq_export_job_public_id")),
    )
    op.create_index(op.f("ix_export_job_owner_id_id"), "export_job", ["owner_id", "id"])
    op.create_index(op.f("ix_export_job_state_id"), "export_job", ["state", "id"])
    op.create_index(
        "uq_export_job_running", "export_job", ["owner_id"], unique=True,
        sqlite_where=RUNNING, postgresql_where=RUNNING,
    )  # fmt: skip


def downgrade():
    op.drop_table("export_job")
