"""Where the register's pages hang: they stand in several files."""

from flask import Blueprint

blueprint = Blueprint("decisions", __name__)
