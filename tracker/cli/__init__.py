"""The commands of the program, thin: they read arguments, call services and say what was done."""

from flask import Flask

from tracker.cli import actions as _actions  # noqa: F401 - adds its commands to `import`
from tracker.cli import administration as _administration  # noqa: F401 - adds its commands to `import`
from tracker.cli import cases as _cases  # noqa: F401 - adds its commands to `import`
from tracker.cli import control as _control  # noqa: F401 - adds its commands to `import` and `report`
from tracker.cli import guarantees as _guarantees  # noqa: F401 - adds its command to `import`
from tracker.cli import quality as _quality  # noqa: F401 - adds its command to `report`
from tracker.cli.audit import audit
from tracker.cli.backup import backup
from tracker.cli.decisions import decisions
from tracker.cli.demo import demo
from tracker.cli.imports import imports
from tracker.cli.keys import keys
from tracker.cli.migrations import migrations
from tracker.cli.reminders import reminders
from tracker.cli.reports import reports
from tracker.cli.samples import sample
from tracker.cli.searching import search
from tracker.cli.users import users


def register_commands(app: Flask) -> None:
    """Adds the commands to `flask`."""
    commands = (users, imports, reports, sample, demo, decisions, reminders, audit, keys, backup, migrations, search)
    for command in commands:
        app.cli.add_command(command)
