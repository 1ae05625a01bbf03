"""Does somebody control their own work? Whoever carries out or answers for a kontrollmoment is warned of it.

No law forbids it; that whoever controls is not the one controlled is what makes a control worth something.
"""


def controlling_themselves(controlled: str | None, performer: str | None, responsible: str | None) -> tuple[str, ...]:
    """Which of `utforare` and `ansvarig` name the same as is controlled, whatever the case and the blanks.

    "Enhet Nord" is controlled by "enhet  nord"; nobody is the same as nobody.
    """
    if not _plain(controlled):
        return ()
    named = {"utforare": performer, "ansvarig": responsible}
    return tuple(field for field, name in named.items() if _plain(name) == _plain(controlled))


def _plain(name: str | None) -> str:
    return " ".join((name or "").casefold().split())
