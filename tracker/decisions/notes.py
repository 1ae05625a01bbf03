"""How are a clock's own words on why somebody waits kept? Sealed, as they tell of a person's life."""

from tracker.vault import SealedColumn, vault

FIELD = "clock.delay_note"
vault.register(SealedColumn("decision_clock", "id", "delay_note", FIELD))


def seal_note(text: str, clock_id: int) -> bytes:
    """The text, sealed for its clock."""
    return vault.encrypt(text, clock_id, FIELD)


def open_note(sealed: bytes | None, clock_id: int) -> str | None:
    """The text behind a clock's column, None where there is none."""
    return None if sealed is None else vault.decrypt(sealed, clock_id, FIELD)
