"""Egenkoll: internal control and reporting for a Swedish social services committee."""
