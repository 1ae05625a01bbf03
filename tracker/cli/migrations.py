"""`flask db`: Flask-Migrate's own commands, loaded when they are asked for."""

from typing import Any

import click


class _Later(click.Group):
    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,  # noqa: ANN401 - as click has it
    ) -> click.Context:
        """Reads the arguments; what is run is Flask-Migrate's group."""
        from flask_migrate.cli import db

        found: click.Context = db.make_context(info_name, args, parent, **extra)
        return found


migrations = _Later("db", short_help="Databasens schema: flask db upgrade gör det till det senaste.")
