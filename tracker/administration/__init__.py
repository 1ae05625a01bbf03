"""The administrator's pages: users, units, code lists, settings, and the first start."""
