"""Where the pages of sending hang; in the menu they stand below the reports."""

from flask import Blueprint

blueprint = Blueprint("sending", __name__)
