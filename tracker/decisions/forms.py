"""The register's filter, as it stands in the address."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from tracker.decisions.filtering import RegisterFilter, Status
from tracker.rules.unexecuted import ClockKind

LONGEST_REF = 60
LENGTH_OF_DAY = len("2026-03-31")


@dataclass(frozen=True, slots=True)
class AskedFor:
    """What an address asks the register for; a value that means nothing is left out rather than refused."""

    filter: RegisterFilter
    unit_id: int | None

    @property
    def active(self) -> bool:
        """Whether anything narrows the list."""
        return self.unit_id is not None or self.filter != RegisterFilter()

    def parameters(self) -> dict[str, str]:
        """The filter as parameters of an address, only those in use."""
        wanted = self.filter
        found = {
            "status": wanted.status.value if wanted.status else "",
            "enhet": str(self.unit_id or ""),
            "insats": str(wanted.intervention_id or ""),
            "klocka": wanted.kind.value if wanted.kind else "",
            "tidigast": wanted.due_from.isoformat() if wanted.due_from else "",
            "senast": wanted.due_to.isoformat() if wanted.due_to else "",
            "ref": wanted.ref,
        }
        return {name: value for name, value in found.items() if value}

    def selection(self) -> str:
        """The filter as it may be written down: a ref can point somebody out, and is only said to have been there."""
        return urlencode({name: "…" if name == "ref" else value for name, value in self.parameters().items()})


def asked_for(parameters: MultiDict[str, str]) -> AskedFor:
    """The filter in an address's parameters: status, enhet, insats, klocka, tidigast, senast, ref."""
    status, kind = parameters.get("status", ""), parameters.get("klocka", "")
    return AskedFor(
        RegisterFilter(
            Status(status) if status in set(Status) else None,
            _number(parameters.get("insats", "")),
            ClockKind(kind) if kind in set(ClockKind) else None,
            _printable(parameters.get("ref", ""))[:LONGEST_REF],
            _day(parameters.get("tidigast", "")),
            _day(parameters.get("senast", "")),
        ),
        _number(parameters.get("enhet", "")),
    )


def _printable(text: str) -> str:
    """The text without signs that no page and no ref can hold."""
    return "".join(sign for sign in text if sign.isprintable()).strip()


def _day(text: str) -> date | None:
    """The day, None for what is none; only as ÅÅÅÅ-MM-DD, so that an address says it in one way."""
    try:
        return date.fromisoformat(text) if len(text) == LENGTH_OF_DAY else None
    except ValueError:
        return None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
