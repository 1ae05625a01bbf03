"""Pictures of eight quarters: what came, went and was open, and what was kept in time."""
