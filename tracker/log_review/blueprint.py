"""The one blueprint of all the log's pages, so that the menu marks them as one."""

from flask import Blueprint

blueprint = Blueprint("log_review", "tracker.log_review")
