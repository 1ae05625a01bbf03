"""Locked reports: versions, their bytes for each reader and format, and who stood in them as what."""
