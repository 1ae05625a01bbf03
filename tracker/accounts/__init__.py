"""People, roles, units and their sign-in sessions."""
