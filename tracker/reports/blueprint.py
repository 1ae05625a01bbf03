"""Where the reports' pages hang, which stand in several files, and how they read a quarter in an address."""

from flask import Blueprint, abort

from tracker.rules.errors import RuleViolation
from tracker.rules.quarters import Quarter

blueprint = Blueprint("reports", __name__)


def quarter_or_404(year: int, number: int) -> Quarter:
    """The quarter in an address; one that is none is not found."""
    try:
        return Quarter(year, number)
    except RuleViolation:
        abort(404)
