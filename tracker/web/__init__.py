"""The shared HTTP toolkit."""
