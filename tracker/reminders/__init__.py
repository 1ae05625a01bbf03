"""Reminders: what falls due is told once to whose it is, by mail, in a calendar and on a page."""
