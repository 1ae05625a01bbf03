"""All of the administrator's pages, on one blueprint."""

from tracker.administration import codes, mas, requests, retention, settings, start, templates, units, users, windows
from tracker.administration.shared import blueprint

__all__ = [
    "blueprint",
    "codes",
    "mas",
    "requests",
    "retention",
    "settings",
    "start",
    "templates",
    "units",
    "users",
    "windows",
]
