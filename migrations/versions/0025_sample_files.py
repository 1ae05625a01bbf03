"""Files kept with records and with the items of a stickprov; an item's unit and a draw's reason are sealed.

Needs the data encryption key. The two tables are made anew, as SQLite drops no column that a constraint names.
"""

import sqlalchemy as sa
from alembic import op

from tracker.vault import vault

revision = "0025_sample_files"
down_revision = "0024_moment_pages"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
UNIT, REASON = "sample_item.unit", "sample_draw.reason"


def _foreign(table, column, target):
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))


def _draws(reason):
    return (
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sample_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("algorithm", sa.String(length=40), nullable=False),
        sa.Column("seed", sa.LargeBinary(length=32), nullable=False),
        sa.Column("population_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("select_by", sa.String(length=10), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("each_unit", sa.Boolean(), nullable=False),
        sa.Column("reason", reason, nullable=True),
        sa.Column("drawn_by", sa.Integer(), nullable=False),
        sa.Column("drawn_at", MOMENT, nullable=False),
        sa.CheckConstraint("number = 1 OR reason IS NOT NULL", name=op.f("ck_sample_draw_reason")),
        _foreign("sample_draw", "sample_id", "drawn_sample.sample_id"),
        _foreign("sample_draw", "drawn_by", "user_account.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_draw")),
        sa.UniqueConstraint("sample_id", "number", name=op.f("uq_sample_draw_sample_id_number")),
    )


def _items(unit):
    return (
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("reference", sa.LargeBinary(), nullable=False),
        sa.Column("unit", unit, nullable=True),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("verdict", sa.String(length=10), nullable=True),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("verdict IN ('approved', 'deviating', 'dropout')", name=op.f("ck_sample_item_verdict")),
        _foreign("sample_item", "draw_id", "sample_draw.id"),
        _foreign("sample_item", "replaces_id", "sample_item.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_item")),
        sa.UniqueConstraint("draw_id", "position", name=op.f("uq_sample_item_draw_id_position")),
        sa.UniqueConstraint("draw_id", "place", name=op.f("uq_sample_item_draw_id_place")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_sample_item_replaces_id")),
    )


def _make_anew(old, new, convert):
    """Draws and items with the two columns of another type, each value converted with its row's number and field."""
    connection, rows = op.get_bind(), {}
    for name, columns in (("sample_draw", _draws(old)), ("sample_item", _items(old))):
        told = [sa.column(found.name, found.type) for found in columns if isinstance(found, sa.Column)]
        rows[name] = connection.execute(sa.select(*told).select_from(sa.table(name)).order_by(sa.text("id"))).all()
    op.drop_table("sample_item")
    op.drop_table("sample_draw")
    for name, columns, column, field in (
        ("sample_draw", _draws(new), "reason", REASON),
        ("sample_item", _items(new), "unit", UNIT),
    ):
        table = op.create_table(name, *columns)
        values = [dict(row._mapping) for row in rows[name]]
        for value in values:
            if value[column] is not None:
                value[column] = convert(value[column], value["id"], field)
        if values:
            connection.execute(table.insert(), values)
            if connection.dialect.name == "postgresql":
                next_one = f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))"  # noqa: S608
                connection.execute(sa.text(next_one))


def upgrade():
    _make_anew(sa.String(length=500), sa.LargeBinary(), vault.encrypt)
    op.add_column("drawn_sample", sa.Column("draws", sa.Integer(), nullable=False, server_default="0"))
    op.execute(
        "UPDATE drawn_sample SET draws ="
        " (SELECT count(*) FROM sample_draw WHERE sample_draw.sample_id = drawn_sample.sample_id)"
    )
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        _foreign("attachment", "record_id", "record.id"),
        _foreign("attachment", "added_by", "user_account.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sa.UniqueConstraint("record_id", "sha256", name=op.f("uq_attachment_record_id_sha256")),
    )
    op.create_table(
        "sample_item_attachment",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("attachment_id", sa.Integer(), nullable=False),
        _foreign("sample_item_attachment", "item_id", "sample_item.id"),
        _foreign("sample_item_attachment", "attachment_id", "attachment.id"),
        sa.PrimaryKeyConstraint("item_id", "attachment_id", name=op.f("pk_sample_item_attachment")),
    )
    op.create_index(op.f("ix_sample_item_attachment_attachment_id"), "sample_item_attachment", ["attachment_id"])


def downgrade():
    op.drop_table("sample_item_attachment")
    op.drop_table("attachment")
    with op.batch_alter_table("drawn_sample", recreate="never") as batch:
        batch.drop_column("draws")
    _make_anew(sa.LargeBinary(), sa.String(length=500), vault.decrypt)
