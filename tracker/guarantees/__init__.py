"""Guarantees: what is promised or limited by law, each occasion of it, and whether it was kept."""
