"""The HTTP toolkit, the security of every answer, and who may open what."""
