"""How are a clock's own words kept: why somebody waits, what they have meanwhile, what they were offered?

Sealed, as they tell of a person's life, each bound to its row.
"""

from tracker.vault import SealedColumn, vault

FIELD = "clock.delay_note"
LIFE_TEXTS = ("partly", "meanwhile", "consequences")
EVENT_FIELD = "clock_event.what"
vault.register(SealedColumn("decision_clock", "id", "delay_note", FIELD))
vault.register(SealedColumn("clock_event", "id", "what", EVENT_FIELD))


def life_field(column: str) -> str:
    """What one of LIFE_TEXTS is bound to."""
    return f"clock_life.{column}"


for _column in LIFE_TEXTS:
    vault.register(SealedColumn("clock_life", "clock_id", _column, life_field(_column)))


def seal_note(text: str, clock_id: int) -> bytes:
    """The text, sealed for its clock."""
    return vault.encrypt(text, clock_id, FIELD)


def open_note(sealed: bytes | None, clock_id: int) -> str | None:
    """The text behind a clock's column, None where there is none."""
    return None if sealed is None else vault.decrypt(sealed, clock_id, FIELD)


def seal_text(text: str, row_id: int, field: str) -> bytes | None:
    """The text, sealed for its row and field; None for an empty one."""
    return vault.encrypt(text, row_id, field) if text else None


def open_text(sealed: bytes | None, row_id: int, field: str) -> str:
    """The text behind a column, empty where there is none."""
    return "" if sealed is None else vault.decrypt(sealed, row_id, field)
