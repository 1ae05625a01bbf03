"""Records given by name or closed, and marks for voided and protected ones."""

import sqlalchemy as sa
from alembic import op

revision = "0005_scope"
down_revision = "0004_trail"
branch_labels = None
depends_on = None

# What the clocks' indexes hold before the mark, which stands where `protected` stood.
CLOCK_INDEXES = {
    "ix_clock_due": ["due_on", "id", "unit_id", "kind"],
    "ix_clock_intervention": ["intervention_id", "due_on", "id", "state", "kind", "unit_id"],
    "ix_clock_intervention_state": ["intervention_id", "state", "due_on", "id", "kind", "unit_id"],
    "ix_clock_kind_state": ["kind", "state", "due_on", "id", "unit_id"],
    "ix_clock_state": ["state", "due_on", "id", "unit_id", "kind"],
    "ix_clock_unit": ["unit_id", "due_on", "id", "state", "intervention_id", "kind"],
}
QUARTER = [
    "alive_until", "relevant_until", "started_on", "due_on", "ended_on", "ended_value", "first_reported_on",
    "intervention_id", "kind", "sex", "unit_id", "decision_id", "ref", "decided_on", "delay_reason_id", "noted",
]  # fmt: skip
TABLES = ("decision", "decision_clock")


def _partial(name, table, columns, where):
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def _drop_indexes():
    for name in (*CLOCK_INDEXES, "ix_clock_quarter"):
        op.drop_index(name, table_name="decision_clock")


def _create_indexes(mark):
    for name, columns in CLOCK_INDEXES.items():
        op.create_index(name, "decision_clock", [*columns, mark])
    _partial("ix_clock_quarter", "decision_clock", [*QUARTER, mark, "id"], "alive_until > '0001-01-01'")


def _alter(table):
    """Alters a table in place: SQLite could not drop one that others point at, and make it anew."""
    return op.batch_alter_table(table, recreate="never")


def upgrade():
    _drop_indexes()
    for table in TABLES:
        with _alter(table) as batch:
            batch.add_column(sa.Column("mark", sa.SmallInteger(), nullable=False, server_default="0"))
        columns = sa.table(table, sa.column("mark"), sa.column("protected", sa.Boolean()))
        op.execute(columns.update().where(columns.c.protected.is_(True)).values(mark=1))
        with _alter(table) as batch:
            batch.drop_column("protected")
    _create_indexes("mark")
    protected = ["unit_id", "state", "due_on", "intervention_id", "kind", "decision_id", "mark"]
    _partial("ix_clock_protected", "decision_clock", protected, "mark = 1")
    _partial("ix_decision_marked", "decision", ["mark", "unit_id", "record_id"], "mark > 0")
    op.create_table(
        "record_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("kind IN ('named', 'closed')", name=op.f("ck_record_grant_kind")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_record_grant_record_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_record_grant_user_id")),
        sa.ForeignKeyConstraint(["given_by"], ["user_account.id"], name=op.f("fk_record_grant_given_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_grant")),
        sa.UniqueConstraint("record_id", "user_id", name=op.f("uq_record_grant_record_id_user_id")),
    )
    op.create_index(op.f("ix_record_grant_user_id_kind_record_id"), "record_grant", ["user_id", "kind", "record_id"])


def downgrade():
    """What was voided is kept out of sight as what is protected."""
    op.drop_table("record_grant")
    op.drop_index("ix_decision_marked", table_name="decision")
    op.drop_index("ix_clock_protected", table_name="decision_clock")
    _drop_indexes()
    for table in TABLES:
        with _alter(table) as batch:
            batch.add_column(sa.Column("protected", sa.Boolean(), nullable=False, server_default=sa.false()))
        columns = sa.table(table, sa.column("mark", sa.SmallInteger()), sa.column("protected", sa.Boolean()))
        op.execute(columns.update().where(columns.c.mark > 0).values(protected=True))
        with _alter(table) as batch:
            batch.drop_column("mark")
    _create_indexes("protected")
