"""A clock's own words on the delay are sealed at rest, as the person is; needs the data encryption key."""

import sqlalchemy as sa
from alembic import op

from tracker.vault import vault

revision = "0009_notes"
down_revision = "0008_log_review"
branch_labels = None
depends_on = None

FIELD = "clock.delay_note"
PLAIN, SEALED = sa.String(length=2000), sa.LargeBinary()


def _alter():
    """Alters the table in place: SQLite could not drop one with these keys, and make it anew."""
    return op.batch_alter_table("decision_clock", recreate="never")


def _change(old, new, convert):
    """Fills a column of the new type from the old one, and takes its place."""
    with _alter() as batch:
        batch.add_column(sa.Column("new_note", new, nullable=True))
    table = sa.table("decision_clock", sa.column("id", sa.Integer()), sa.column("delay_note", old),
                     sa.column("new_note", new))  # fmt: skip
    connection = op.get_bind()
    rows = connection.execute(sa.select(table.c.id, table.c.delay_note).where(table.c.delay_note.is_not(None))).all()
    fill = table.update().where(table.c.id == sa.bindparam("row_id")).values(new_note=sa.bindparam("note"))
    if rows:
        connection.execute(fill, [{"row_id": row_id, "note": convert(note, row_id)} for row_id, note in rows])
    with _alter() as batch:
        batch.drop_column("delay_note")
    with _alter() as batch:
        batch.alter_column("new_note", new_column_name="delay_note")


def upgrade():
    _change(PLAIN, SEALED, lambda note, row_id: vault.encrypt(note, row_id, FIELD))


def downgrade():
    _change(SEALED, PLAIN, lambda note, row_id: vault.decrypt(note, row_id, FIELD))
