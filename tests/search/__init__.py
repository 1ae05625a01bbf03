"""The search, on both engines."""
