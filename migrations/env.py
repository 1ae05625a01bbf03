"""Runs the migrations for `flask db` and for the tests, on SQLite and PostgreSQL alike."""

from alembic import context
from flask import current_app

from tracker.database import db
from tracker.search.installing import is_ours


def run() -> None:
    """Upgrades or downgrades within one transaction, on the connection given or on the program's own engine."""
    given = context.config.attributes.get("connection")
    if given is not None:
        _with(given)
        return
    with current_app.app_context(), db.engine.connect() as connection:
        _with(connection)


def _with(connection):
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        render_as_batch=True,
        compare_type=True,
        include_name=is_ours,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
