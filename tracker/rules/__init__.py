"""The law and the arithmetic, as plain Python."""
