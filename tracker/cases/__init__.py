"""Avvikelser, lex Sarah-rapporter and synpunkter: one way in, three legal lives."""
