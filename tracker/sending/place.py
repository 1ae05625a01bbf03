"""What do the addresses of sending lead to? The quarter, and what the reader may see with identities."""

from flask import abort
from flask_login import current_user

from tracker.records.scope import Scope, scope_of
from tracker.rules.errors import RuleViolation
from tracker.rules.permissions import Permission
from tracker.rules.quarters import Quarter
from tracker.web.pagination import LARGEST_ID

ADDRESS = "/rapporter/kvartal/<int:year>/<int:number>/ivo"
SHEET = f"{ADDRESS}/<int(max={LARGEST_ID}):clock_id>/<ivo_type>"
STALE = "Någon annan har ändrat sedan du öppnade sidan. Läs igenom hur det står nu och gör om det som ska göras."


def own_scope() -> Scope:
    """What the reader may see with identities: also what is given by name counts within the reach alone."""
    scope = scope_of(current_user, Permission.READ_IDENTITIES)
    return scope.within(scope.reach)


def quarter_of(year: int, number: int) -> Quarter:
    """The quarter in an address; one that does not exist is not found."""
    try:
        return Quarter(year, number)
    except RuleViolation:
        abort(404)
