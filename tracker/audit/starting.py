"""Do the keys at hand belong to this database? Asked as the program starts; if not, it does not."""

from sqlalchemy.exc import DBAPIError

from tracker import clock
from tracker.audit.rotation import missing_keys, register_present_key
from tracker.audit.verifying import trail_fits_key
from tracker.database import db


class WrongKeyError(Exception):
    """A key in the settings is not the one that the database was written with; the message is one line."""


def check_keys() -> None:
    """Raises WrongKeyError when a key is wrong or lost. A database that does not answer, or has no trail yet, passes:
    what is wrong with it is told where it is used.
    """
    try:
        if not trail_fits_key():
            raise WrongKeyError(
                "AUDIT_KEY är inte den som spåret i databasen är gjort med. Sätt rätt nyckel. Börja aldrig om spåret "
                "med en ny."
            )
        if missing_keys():
            raise WrongKeyError(
                "DATA_ENCRYPTION_KEY öppnar inte det som är sparat i databasen. Sätt rätt nyckel, eller skriv den "
                "gamla efter den nya med komma emellan och kör flask keys rotate."
            )
        register_present_key(clock.now())
    except DBAPIError:
        db.session.rollback()
    finally:
        db.session.remove()
        db.engine.dispose()  # no connection is shared with processes that are made later
