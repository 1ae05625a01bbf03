"""The migrations, on both engines."""
