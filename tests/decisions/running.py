"""Runs the project's commands as a terminal would, and looks at what they left in the database."""

from contextvars import Context
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from tests.exchange.files import workbook
from tracker.database import db
from tracker.decisions.models import Decision, DecisionClock

HEAD = "ref;insats;beslutsdatum;avbrottsdatum;verkstalld;avslutad;forst_rapporterad;slutrapporterad"


@dataclass(frozen=True)
class Ran:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str
    raw: bytes

    @property
    def last(self) -> str:
        """The last line on standard output."""
        return self.out.strip().splitlines()[-1]

    @property
    def errors(self) -> list[str]:
        return self.err.strip().splitlines()


def run(app, *arguments: object, given: str | None = None) -> Ran:
    """Runs a command in a context of its own, so that it shares nothing with the test but the database."""
    db.session.commit()
    runner = app.test_cli_runner()
    result = Context().run(runner.invoke, args=[str(argument) for argument in arguments], input=given)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Ran(result.exit_code, result.stdout, result.stderr, result.stdout_bytes)


def snapshot() -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, to see that nothing has changed."""
    db.session.rollback()
    found = {}
    for table in db.metadata.sorted_tables:
        rows = db.session.execute(select(table).order_by(*table.primary_key.columns))
        found[table.name] = [tuple(row) for row in rows]
    db.session.rollback()
    return found


class Office:
    """Writes files and imports them; `refused` also sees that a refusal leaves everything as it was."""

    def __init__(self, app, folder: Path) -> None:
        self.app, self.folder = app, folder

    def file(self, content: str | bytes | list[list[object]], name: str = "") -> Path:
        """A file in the folder: a text as UTF-8, bytes as they are, a list of rows as a workbook."""
        path = self.folder / (name or ("beslut.xlsx" if isinstance(content, list) else "beslut.csv"))
        if isinstance(content, list):
            content = workbook(content, formats={"day": "yyyy-mm-dd", "moment": "yyyy-mm-dd hh:mm"})
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def run_import(self, content: str | bytes | list[list[object]], *options: object) -> Ran:
        return run(self.app, "import", "decisions", self.file(content), *options)

    def imports(self, content: str | bytes | list[list[object]], *options: object) -> str:
        """Imports a file and gives the last line."""
        ran = self.run_import(content, *options)
        assert ran.code == 0, ran.err
        return ran.last

    def refused(self, content: str | bytes | list[list[object]], *options: object) -> list[str]:
        """Imports a file that must be refused, with the database as before; gives what was said."""
        before = snapshot()
        ran = self.run_import(content, *options)
        assert (ran.code, ran.out) == (1, ""), ran
        assert snapshot() == before
        assert ran.errors[-1] == "Inget har lästs in."
        return ran.errors[:-1]


def decision(ref: str) -> Decision:
    """The stored decision, read anew."""
    db.session.rollback()
    return db.session.scalars(select(Decision).where(Decision.ref == ref)).one()


def clocks(ref: str) -> list[DecisionClock]:
    """The stored clocks of a decision: its own first, then the interruptions by day."""
    found = decision(ref)
    statement = select(DecisionClock).where(DecisionClock.decision_id == found.record_id)
    return sorted(db.session.scalars(statement), key=lambda clock: (clock.kind != "beslut", clock.started_on))


def clock(ref: str) -> DecisionClock:
    """The stored clock of a decision that has only one."""
    (only,) = clocks(ref)
    return only
