"""One row for each thing that can be linked, and who may see it."""
