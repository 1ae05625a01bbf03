"""A register's filter, as it stands in the address."""

from dataclasses import dataclass
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from tracker.cases.filtering import STATUSES, CaseFilter, Status
from tracker.cases.importing import ASSESSMENTS, COMPLAINT_KINDS
from tracker.cases.narrowing import more_of, more_words
from tracker.records.models import RecordKind
from tracker.web.parameters import day_of, number_of, printable

LONGEST_REF = 60
CHOICE_NAMES = {
    RecordKind.DEVIATION: "kategori",
    RecordKind.LEX_SARAH: "bedomning",
    RecordKind.COMPLAINT: "typ",
}
CHOICES = {RecordKind.LEX_SARAH: frozenset(ASSESSMENTS.values()), RecordKind.COMPLAINT: frozenset(COMPLAINT_KINDS)}


@dataclass(frozen=True, slots=True)
class AskedFor:
    """What an address asks a register for; a value that means nothing is left out rather than refused."""

    kind: RecordKind
    filter: CaseFilter
    unit_id: int | None

    @property
    def active(self) -> bool:
        """Whether anything narrows the list."""
        return self.unit_id is not None or self.filter != CaseFilter()

    @property
    def cause(self) -> int | None:
        """The cause that the list is filtered by."""
        return next((int(value) for name, value in self.filter.more if name == "orsak"), None)

    @property
    def beside(self) -> dict[str, str]:
        """What the form has no field for, kept as it is filtered further."""
        return {name: str(value) for name, value in self.filter.more if name != "orsak"}

    @property
    def beside_words(self) -> str:
        """The same in words."""
        return more_words(self.filter.more)

    def parameters(self) -> dict[str, str]:
        """The filter as parameters of an address, only those in use."""
        wanted = self.filter
        found = {
            "status": wanted.status.value if wanted.status else "",
            "enhet": str(self.unit_id or ""),
            CHOICE_NAMES[self.kind]: str(wanted.choice or ""),
            "fran": wanted.from_on.isoformat() if wanted.from_on else "",
            "till": wanted.to_on.isoformat() if wanted.to_on else "",
            "ref": wanted.ref,
        } | {name: str(value) for name, value in wanted.more}
        return {name: value for name, value in found.items() if value}

    def selection(self) -> str:
        """The filter as it may be written down: a number can point somebody out, and is only said to be there."""
        return urlencode({name: "…" if name == "ref" else value for name, value in self.parameters().items()})


def asked_for(kind: RecordKind, parameters: MultiDict[str, str]) -> AskedFor:
    """The filter in an address's parameters: status, enhet, kategori (bedomning, typ), fran, till, ref."""
    status = parameters.get("status", "")
    return AskedFor(
        kind,
        CaseFilter(
            Status(status) if status in set(STATUSES[kind]) else None,
            _choice(kind, parameters.get(CHOICE_NAMES[kind], "")),
            day_of(parameters.get("fran", "")),
            day_of(parameters.get("till", "")),
            printable(parameters.get("ref", ""))[:LONGEST_REF],
            more_of(parameters) if kind is RecordKind.DEVIATION else (),
        ),
        number_of(parameters.get("enhet", "")),
    )


def _choice(kind: RecordKind, given: str) -> str | int | None:
    if kind is RecordKind.DEVIATION:
        return number_of(given)
    return given if given in CHOICES[kind] else None
