"""Figures and the files made from them."""
