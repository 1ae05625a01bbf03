"""All of the administrator's pages, on one blueprint."""

from tracker.administration import requests, settings, units, users
from tracker.administration.shared import blueprint

__all__ = ["blueprint", "requests", "settings", "units", "users"]
