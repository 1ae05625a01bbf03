"""The trail: its entries, their parts, the reads, the head, the records' keys, and the triggers that keep them.

A later migration that alters one of these tables in batch mode must make its triggers again: SQLite drops them with the
table it copies.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004_trail"
down_revision = "0003_decisions"
branch_labels = None
depends_on = None

APPEND_ONLY = ("audit_entry", "audit_part", "audit_read")
KEPT = ("audit_head", "record_key")


def upgrade():
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.String(length=10), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("session_id", sa.Integer(), nullable=True),
        sa.Column("request_id", sa.String(length=12), nullable=True),
        sa.Column("action", sa.String(length=30), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=True),
        sa.Column("target_kind", sa.String(length=12), nullable=True),
        sa.Column("target_id", sa.Integer(), nullable=True),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.Column("first_read_id", sa.Integer(), nullable=True),
        sa.Column("last_read_id", sa.Integer(), nullable=True),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name=op.f("fk_audit_entry_actor_id")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_audit_entry_record_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    op.create_index("ix_audit_entry_at", "audit_entry", ["at", "id"])
    op.create_index("ix_audit_entry_actor", "audit_entry", ["actor_id", "id"])
    op.create_index("ix_audit_entry_record", "audit_entry", ["record_id", "id"])
    op.create_index("ix_audit_entry_target", "audit_entry", ["target_kind", "target_id", "id"])

    op.create_table(
        "audit_part",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=True),
        sa.Column("open_values", sa.Text(), nullable=True),
        sa.Column("sealed_values", sa.LargeBinary(), nullable=True),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["audit_entry.id"], name=op.f("fk_audit_part_entry_id")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_audit_part_record_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_part")),
    )
    op.create_index("ix_audit_part_entry", "audit_part", ["entry_id", "id"])
    op.create_index("ix_audit_part_record", "audit_part", ["record_id", "id"])

    head = op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("chain", sa.String(length=16), nullable=False),
        sa.Column("last_id", sa.Integer(), nullable=False),
        sa.Column("last_mac", sa.LargeBinary(length=32), nullable=False),
        sa.Column("last_read_id", sa.Integer(), nullable=False),
        sa.Column("seal", sa.LargeBinary(length=32), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_head_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.bulk_insert(
        head, [{"id": 1, "chain": "", "last_id": 0, "last_mac": bytes(32), "last_read_id": 0, "seal": bytes(32)}]
    )

    op.create_table(
        "audit_read",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("actor_kind", sa.String(length=10), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("session_id", sa.Integer(), nullable=True),
        sa.Column("request_id", sa.String(length=12), nullable=True),
        sa.Column("record_id", sa.Integer(), nullable=True),
        sa.Column("what", sa.String(length=40), nullable=True),
        sa.Column("selection", sa.String(length=300), nullable=True),
        sa.Column("row_count", sa.Integer(), nullable=True),
        sa.Column("purpose", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name=op.f("fk_audit_read_actor_id")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_audit_read_record_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_read")),
    )
    op.create_index("ix_audit_read_at", "audit_read", ["at", "id"])
    op.create_index("ix_audit_read_actor", "audit_read", ["actor_id", "id"])
    op.create_index("ix_audit_read_record", "audit_read", ["record_id", "id"])

    op.create_table(
        "record_key",
        sa.Column("record_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("destroyed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_record_key_record_id")),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_record_key")),
    )
    op.create_table(
        "data_key",
        sa.Column("key_id", sa.LargeBinary(length=4), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_data_key")),
    )
    if op.get_bind().dialect.name == "sqlite":
        _sqlite_triggers()
    else:
        _postgresql_triggers()


def _sqlite_triggers():
    for table in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END"
            )
    for table in KEPT:
        op.execute(
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
            "BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END"
        )
    op.execute(
        "CREATE TRIGGER audit_head_forward BEFORE UPDATE ON audit_head "
        "WHEN NEW.last_id <= OLD.last_id OR NEW.last_read_id < OLD.last_read_id "
        "OR (OLD.last_id > 0 AND NEW.chain <> OLD.chain) "
        "BEGIN SELECT RAISE(ABORT, 'the head of the trail moves forward only'); END"
    )


def _postgresql_triggers():
    op.execute(
        "CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the trail is append-only'; END $$"
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
        )
    for table in KEPT:
        op.execute(
            f"CREATE TRIGGER {table}_kept BEFORE DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
        )
    op.execute(
        "CREATE TRIGGER audit_head_forward BEFORE UPDATE ON audit_head FOR EACH ROW "
        "WHEN (NEW.last_id <= OLD.last_id OR NEW.last_read_id < OLD.last_read_id "
        "OR (OLD.last_id > 0 AND NEW.chain <> OLD.chain)) EXECUTE FUNCTION audit_refuse()"
    )


def downgrade():
    for table in ("data_key", "record_key", "audit_read", "audit_head", "audit_part", "audit_entry"):
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION audit_refuse()")
