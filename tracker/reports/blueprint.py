"""Where the reports' pages hang, which stand in several files, and how they read a quarter in an address."""

from collections.abc import Mapping

from flask import Blueprint, abort

from tracker.rules.errors import RuleViolation
from tracker.rules.quarters import Quarter

blueprint = Blueprint("reports", __name__)
LONGEST_VERSION = 5


def quarter_or_404(year: int, number: int) -> Quarter:
    """The quarter in an address; one that is none is not found."""
    try:
        return Quarter(year, number)
    except RuleViolation:
        abort(404)


def version_asked_for(parameters: Mapping[str, str]) -> int | None:
    """The number in `version=N`, None where there is none; what is no number is not found."""
    text = parameters.get("version", "")
    if text and not (text.isascii() and text.isdigit() and len(text) <= LONGEST_VERSION):
        abort(404)
    return int(text) if text else None
