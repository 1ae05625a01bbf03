"""Is the trail whole? Every link, every part, every sealed read, the head, and the heads that were published."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import RowMapping, select, text
from sqlalchemy.exc import DBAPIError

from tracker.audit.chain import Link, PartSum, trail_keys
from tracker.audit.models import AuditEntry, AuditHead, AuditPart, AuditRead
from tracker.audit.reads import READ_COLUMNS
from tracker.database import db
from tracker.memory import collector_resting

CHUNK = 10_000
_E, _P = AuditEntry, AuditPart
_ENTRIES = (
    _E.id, _E.at, _E.actor_kind, _E.actor_id, _E.session_id, _E.request_id, _E.action, _E.record_id, _E.target_kind,
    _E.target_id, _E.fields, _E.parts, _E.first_read_id, _E.last_read_id, _E.digest, _E.mac,
)  # fmt: skip
_PARTS = (_P.entry_id, _P.record_id, _P.open_values, _P.sealed_values, _P.digest)
# Tables that hold nothing in an empty installation: an empty trail beside them has been emptied.
WITNESSES = ("user_account", "record", "unit")


@dataclass(frozen=True, slots=True)
class KnownHead:
    """Where the chain stood once: entry `n` had the seal `mac`. With `chain`: as it was published for this database."""

    n: int
    mac: bytes
    chain: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many entries and reads were gone through, the head, and the first broken place (None: whole)."""

    entries: int
    reads: int
    head: str
    problem: str | None

    @property
    def whole(self) -> bool:
        """Whether nothing was found."""
        return self.problem is None


class _BrokenError(Exception):
    """What is wrong, and where."""


def verify(known: Iterable[KnownHead] = ()) -> Verdict:
    """Goes through the whole trail in the session's transaction; the caller has asked for one snapshot of it."""
    walk = _Walk(list(known))
    try:
        with collector_resting():
            walk.run()
    except _BrokenError as broken:
        return Verdict(walk.entries, walk.reads, walk.head, str(broken))
    return Verdict(walk.entries, walk.reads, walk.head, None)


class _Walk:
    """One walk along the chain, remembering where it stands."""

    def __init__(self, known: list[KnownHead]) -> None:
        self._known = known
        self._expected: dict[int, bytes] = {}
        self.entries = self.reads = 0
        self.head = "0:-"
        self._last_read_id = 0

    def run(self) -> None:
        """Raises _BrokenError at the first broken place."""
        head = db.session.execute(select(AuditHead.__table__)).mappings().first()
        if head is None:
            raise _BrokenError("huvudet saknas")
        if not head["chain"]:
            self._check_empty(head)
            return
        self.head = f"{head['last_id']}:{head['last_mac'].hex()}"
        self._expect(head["chain"])
        self._check_head(head)
        mac = trail_keys.first_mac(head["chain"])
        for rows, parts in self._chunks():
            for row in rows:
                mac = self._check_entry(row, parts, mac)
        self._check_end(head, mac)

    def _check_empty(self, head: RowMapping) -> None:
        """An empty trail is whole only where nothing has been done."""
        if head["last_id"] or db.session.scalar(select(AuditEntry.id).limit(1)):
            raise _BrokenError("huvudet är nollställt fast det finns poster")
        if self._known:
            raise _BrokenError("spåret är tömt: det har funnits ett tidigare huvud")
        for table in WITNESSES:
            if db.session.execute(text(f"SELECT 1 FROM {table} LIMIT 1")).first():  # noqa: S608 - a name of our own
                raise _BrokenError("spåret är tömt fast det finns uppgifter i registren")

    def _expect(self, chain: str) -> None:
        for known in self._known:
            if known.chain not in {None, chain}:
                raise _BrokenError(f"spåret har börjat om: tidigare stod kedjan {known.chain} på post {known.n}")
            earlier = self._expected.setdefault(known.n, known.mac)
            if earlier != known.mac:
                raise _BrokenError(f"post {known.n}: två kända huvuden säger olika")

    def _check_head(self, head: RowMapping) -> None:
        seal = trail_keys.seal_head(head["chain"], head["last_id"], head["last_mac"], head["last_read_id"])
        if seal != head["seal"]:
            raise _BrokenError("huvudets försegling stämmer inte")
        beyond = [n for n in self._expected if n > head["last_id"]]
        if beyond:
            raise _BrokenError(f"post {max(beyond)} saknas: huvudet står på {head['last_id']}")

    def _chunks(self) -> Iterator[tuple[list[Any], dict[int, list[Any]]]]:
        last = 0
        while rows := list(db.session.execute(select(*_ENTRIES).where(_E.id > last).order_by(_E.id).limit(CHUNK))):
            first, last = rows[0].id, rows[-1].id
            statement = select(*_PARTS).where(_P.entry_id >= first, _P.entry_id <= last)
            found = db.session.execute(statement.order_by(_P.entry_id, _P.id))
            yield rows, {entry_id: list(of_entry) for entry_id, of_entry in groupby(found, itemgetter(0))}

    def _check_entry(self, row: Any, parts: dict[int, list[Any]], before: bytes) -> bytes:  # noqa: ANN401 - a row
        self.entries += 1
        link = Link(*row[:15])
        if link.id != self.entries:
            raise _BrokenError(f"post {self.entries} saknas")
        mac = trail_keys.mac(before, link)
        if mac != row.mac:
            raise _BrokenError(f"post {link.id} är ändrad")
        if self._expected.get(link.id, mac) != mac:
            raise _BrokenError(f"post {link.id} är en annan än när huvudet skrevs ut")
        if link.last_read_id is not None:
            self._check_reads(link)
        elif self._digest(link.id, parts.get(link.id, [])) != link.digest:
            raise _BrokenError(f"post {link.id}: innehållet är ändrat")
        return mac

    def _digest(self, entry_id: int, parts: list[Any]) -> bytes:
        for _, record_id, opened, sealed, digest in parts:
            has_values = opened is not None or sealed is not None
            if has_values and trail_keys.digest_part(record_id, opened, sealed) != digest:
                raise _BrokenError(f"post {entry_id}: ett värde är ändrat")
        return trail_keys.digest_parts(
            PartSum(record_id, digest, opened is not None, sealed is not None)
            for _, record_id, opened, sealed, digest in parts
        )

    def _check_reads(self, link: Link) -> None:
        first, last = link.first_read_id or 0, link.last_read_id or 0
        if first != self._last_read_id + 1 or last < first:
            raise _BrokenError(f"post {link.id}: läsningarna följer inte på varandra")
        self._last_read_id = last
        statement = select(*READ_COLUMNS).where(AuditRead.id >= first, AuditRead.id <= last).order_by(AuditRead.id)
        rows = db.session.execute(statement).all()
        self.reads += len(rows)
        if trail_keys.digest_reads(rows) != link.digest:
            raise _BrokenError(f"post {link.id}: läsningarna {first}–{last} är ändrade")

    def _check_end(self, head: RowMapping, mac: bytes) -> None:
        if head["last_id"] != self.entries:
            missing = self.entries + 1
            raise _BrokenError(
                f"post {missing} saknas: huvudet står på {head['last_id']}"
                if head["last_id"] > self.entries
                else f"post {head['last_id'] + 1} ligger bortom huvudet"
            )
        if head["last_mac"] != mac:
            raise _BrokenError("huvudet stämmer inte med den sista posten")
        if head["last_read_id"] != self._last_read_id:
            raise _BrokenError("huvudet stämmer inte med de förseglade läsningarna")
        stray = select(_P.entry_id).where(_P.entry_id > self.entries)
        if db.session.scalar(stray.limit(1)):
            raise _BrokenError("det finns innehåll utan post")


def trail_fits_key() -> bool:
    """Whether the chain in the database was begun with the audit key at hand; True where there is none yet.

    A head that has been changed is not asked about here: `verify` finds it, and nothing more is written on top of it.
    """
    try:
        head = db.session.execute(select(AuditHead.__table__)).mappings().first()
    except DBAPIError:  # no such table yet: the schema is older than the trail
        db.session.rollback()
        return True
    if head is None or not head["chain"]:
        return True
    if head["seal"] == trail_keys.seal_head(head["chain"], head["last_id"], head["last_mac"], head["last_read_id"]):
        return True
    first: Any = db.session.execute(select(*_ENTRIES).where(_E.id == 1)).first()
    if first is None:
        return False
    return bool(trail_keys.mac(trail_keys.first_mac(head["chain"]), Link(*first[:15])) == first.mac)
