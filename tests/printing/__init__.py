"""Templates from outside: what they may say, what they may be, and what becomes of those that want more."""
