"""Saved views: a name for a register's filter, for oneself or for everybody in a unit."""
