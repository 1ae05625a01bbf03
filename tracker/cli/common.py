"""What the commands share: in whose name, how a refusal is told, and one transaction for all of it."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

import click
from flask import current_app
from sqlalchemy.exc import OperationalError, ProgrammingError

from tracker import clock
from tracker.accounts.reader import Reader, reader_by_email
from tracker.audit.acting import COMMAND_LINE, Actor, act_as
from tracker.audit.acting import acting_as as acting_as_actor
from tracker.database import db, writer
from tracker.exchange.errors import ImportRefused
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission
from tracker.rules.trail import ActorKind

DATE = click.DateTime(["%Y-%m-%d"])


class Command(click.Command):
    """A command whose misuse is told in Swedish and, as nothing was done, ends with 1."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,  # noqa: ANN401 - as click has it
    ) -> click.Context:
        """Reads the arguments."""
        try:
            return super().make_context(info_name, args, parent, **extra)
        except click.UsageError as error:
            fail(_misuse(error))

    def invoke(self, ctx: click.Context) -> object:
        """Runs the command; a database that is not there or not ready is told as what to do about it."""
        try:
            with acting_as_actor(COMMAND_LINE):
                return super().invoke(ctx)
        except (OperationalError, ProgrammingError) as error:
            db.session.rollback()
            name = type(error.orig).__name__
            fail(f"Databasen svarar inte som den ska ({name}). Kontrollera DATABASE_URL och kör flask db upgrade.")


class Group(click.Group):
    """A group of such commands."""

    command_class = Command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Finds the command."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError:
            known = ", ".join(self.list_commands(ctx))
            fail(f"Kommandot {ctx.info_name} {args[0]} finns inte. Det som finns: {known}.")


def _misuse(error: click.UsageError) -> str:
    """What to do about a wrong argument."""
    see = "Kör kommandot med --help för att se hur det skrivs."
    if isinstance(error, click.MissingParameter):
        name = error.param.make_metavar(error.ctx) if error.param and error.ctx else ""
        names = "/".join(error.param.opts) if error.param and error.param.param_type_name == "option" else name
        return f"{names} saknas. {see}"
    if isinstance(error, click.BadParameter) and error.param is not None:
        names = "/".join(error.param.opts)
        if isinstance(error.param.type, click.Choice):
            return f"Värdet för {names} går inte att välja. Välj bland {', '.join(map(str, error.param.type.choices))}."
        if isinstance(error.param.type, click.DateTime):
            return f"Värdet för {names} är inget datum. Skriv det som 2026-03-31."
        return f"Värdet för {names} går inte att använda. {see}"
    if isinstance(error, click.NoSuchOption):
        return f"Valet {error.option_name} finns inte. {see}"
    return f"Kommandot är inte rätt skrivet. {see}"


def import_options(command: Callable[..., None]) -> Callable[..., None]:
    """The arguments that every import takes."""
    for decorate in (
        click.option("--by", help="E-postadressen till den i vars namn filen läses in."),
        click.option("--encoding", help="Filens teckenkodning, till exempel cp1252. Annars UTF-8."),
        click.option("--dry-run", is_flag=True, help="Kontrollera och räkna, men spara inget."),
        click.argument("file", type=click.Path(path_type=Path)),
    ):
        command = decorate(command)
    return command


def read_file(path: Path) -> bytes:
    """The file's bytes; ends the command when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError:
        fail(f"Filen {path} går inte att läsa. Kontrollera namnet och att du får läsa den.")


def fail(message: str) -> NoReturn:
    """Ends the command with exit code 1; the message, one or more lines, goes to standard error."""
    click.echo(message, err=True)
    sys.exit(1)


@contextmanager
def all_or_nothing() -> Iterator[None]:
    """Runs the block in one writing transaction; a refusal is told in Swedish and leaves the database as it was."""
    with refusals_told(), writer():
        yield
        db.session.commit()


@contextmanager
def refusals_told() -> Iterator[None]:
    """A refusal in the block is told in Swedish, what it had begun is rolled back, and the command ends."""
    try:
        yield
    except RuleViolation as violation:
        db.session.rollback()
        fail(violation.message)
    except ImportRefused as refused:
        db.session.rollback()
        fail("\n".join([*refused.lines(), "Inget har lästs in."]))


def acting_as(email: str | None, permission: Permission, *, needed: bool = False) -> Reader | None:
    """The user in whose name a command runs, None for the command line itself.

    Ends the command when the user is unknown, lacks the permission, or a name is needed and none was given.
    """
    if email is None:
        if needed or current_app.config["PRODUCTION"]:
            fail("Ange i vems namn det görs: --by E-POST.")
        return None
    reader = reader_by_email(email, clock.today())
    if reader is None:
        fail(f"Det finns ingen aktiv användare med adressen {email}.")
    if not reader.allows(permission):
        fail(f"{email} har ingen roll som får göra det.")
    act_as(Actor(ActorKind.USER, reader.user_id))
    return reader


def as_day(value: object) -> date | None:
    """The day of a click date argument."""
    return value.date() if hasattr(value, "date") else None


def write_report(data: bytes, output: Path | None, done: str) -> None:
    """Writes a report's file, or to standard output; the last line says what it holds."""
    if output is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        click.echo(f"Skrev rapporten: {done}", err=True)
        return
    try:
        output.write_bytes(data)
    except OSError as error:
        fail(f"Filen {output} gick inte att skriva: {error.strerror}. Välj en annan plats.")
    click.echo(f"Skrev {output}: {done}")
