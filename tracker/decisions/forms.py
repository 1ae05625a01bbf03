"""The register's filter, as it stands in the address."""

from dataclasses import dataclass
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from tracker.decisions.filtering import RegisterFilter, Status
from tracker.rules.unexecuted import ClockKind
from tracker.web.parameters import day_of, number_of, printable

LONGEST_REF = 60


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
            number_of(parameters.get("insats", "")),
            ClockKind(kind) if kind in set(ClockKind) else None,
            printable(parameters.get("ref", ""))[:LONGEST_REF],
            day_of(parameters.get("tidigast", "")),
            day_of(parameters.get("senast", "")),
        ),
        number_of(parameters.get("enhet", "")),
    )
