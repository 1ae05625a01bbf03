"""In whose name is a file imported, by the command and in the browser, and what is left to do when it has been?"""

from dataclasses import replace

from sqlalchemy.exc import SQLAlchemyError

from tracker import clock
from tracker.accounts.reader import Reach, Reader, list_held_roles
from tracker.accounts.services import ensure_top_unit
from tracker.database import refresh_statistics
from tracker.decisions.planning import Importer, ImportResult
from tracker.rules.permissions import Permission

MANY_ROWS = 1_000


def importer_of(reader: Reader | None, *, makes_units: bool = True) -> Importer:
    """The importer for a user, or for the command line itself, which reaches everything.

    `makes_units`: units that the file names and that are not there are made, where the reader reaches everything.
    """
    home = reader.home_unit(Permission.IMPORT_DECISIONS) if reader else None
    if reader is None or home is None:
        return Importer(home_unit_id=ensure_top_unit().id, makes_units=makes_units)

    def reaches() -> tuple[Reach, Reach]:
        now = replace(reader, held=list_held_roles(reader.user_id, clock.today()))
        return now.reach(Permission.IMPORT_DECISIONS), now.reach(Permission.IMPORT_IDENTITIES)

    everything = reader.reach(Permission.IMPORT_DECISIONS).everything
    return Importer(home.unit_id, makes_units=makes_units and everything, reaches=reaches, reader_id=reader.user_id)


def look_over_tables(result: ImportResult) -> str | None:
    """After many rows: the database's statistics are made anew. What went wrong, if anything: the rows are saved
    whatever becomes of this, and lists are slower until the database does it by itself.
    """
    if result.new + result.changed < MANY_ROWS:
        return None
    try:
        refresh_statistics()
    except SQLAlchemyError as error:
        return type(error).__name__
    return None
