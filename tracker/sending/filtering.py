"""What can the work view be filtered by, and how does an individrapport stand?"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

NOW, MINE = "nu", "mina"


class Standing(StrEnum):
    """What is to be done about an individrapport, in the order of the list."""

    CORRECT = "ratta"
    LEFT = "kvar"
    SENT = "sand"
    DROPPED = "struken"


SHOWN = ("", Standing.LEFT.value, MINE, Standing.SENT.value, Standing.CORRECT.value, NOW)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the work view is filtered by; empty means everything. `first` is the place of the page's first row.

    `shown` is one of SHOWN: a standing, what the reader has taken and is left, or the ends that can be sent now.
    """

    shown: str = ""
    handler: str = ""
    intervention_id: int | None = None
    first: int = 0

    @classmethod
    def of(cls, arguments: Mapping[str, str]) -> "Asked":
        """The filter in an address; what makes no sense is left out."""
        shown = arguments.get("visa", "")
        numbers = [arguments.get(name, "") for name in ("insats", "rad")]
        insats, first = (int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None for text in numbers)
        return cls(shown if shown in SHOWN else "", arguments.get("handlaggare", ""), insats or None, first or 0)

    @property
    def parameters(self) -> dict[str, str]:
        """The filter as parameters of an address, without the place."""
        named = {"visa": self.shown, "handlaggare": self.handler, "insats": str(self.intervention_id or "")}
        return {name: value for name, value in named.items() if value}
