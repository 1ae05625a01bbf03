"""Ej verkställda beslut - the register and its import."""
