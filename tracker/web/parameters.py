"""What does a parameter of an address say? One that means nothing is left out rather than refused."""

from datetime import date

LENGTH_OF_DAY = len("2026-03-31")


def printable(text: str) -> str:
    """The text without signs that no page and no ref can hold."""
    return "".join(sign for sign in text if sign.isprintable()).strip()


def day_of(text: str) -> date | None:
    """The day, None for what is none; only as ÅÅÅÅ-MM-DD, so that an address says it in one way."""
    try:
        return date.fromisoformat(text) if len(text) == LENGTH_OF_DAY else None
    except ValueError:
        return None


def number_of(text: str) -> int | None:
    """The number of a row, None for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
