"""How is an entry bound to all that came before it? Pure reckoning with HMAC-SHA256, without the database.

Three keys are derived from AUDIT_KEY: one for the links, one for digests of what was changed, one for the head's seal.
Who has the database but not the key can break the chain, and cannot mend it.
"""

import hmac
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import NamedTuple

SHA = "sha256"
DIGEST_BYTES = 32


class TrailKeyError(Exception):
    """No audit key has been given, or it is not the one that the chain was made with."""


class Link(NamedTuple):
    """What one entry says, in the order in which it is bound."""

    id: int
    at: datetime
    actor_kind: str
    actor_id: int | None
    session_id: int | None
    request_id: str | None
    action: str
    record_id: int | None
    target_kind: str | None
    target_id: int | None
    fields: str
    parts: int
    first_read_id: int | None
    last_read_id: int | None
    digest: bytes


class PartSum(NamedTuple):
    """What an entry's digest takes of one of its parts."""

    record_id: int | None
    digest: bytes
    has_open: bool
    has_sealed: bool


class TrailKeys:
    """The keys of the chain. `configure` must have been called first."""

    def __init__(self) -> None:
        self._link = self._digest = self._head = b""

    def configure(self, key: bytes) -> None:
        """Takes the 32-byte audit key."""
        self._link, self._digest, self._head = (
            hmac.digest(key, b"egenkoll trail " + purpose, SHA) for purpose in (b"link", b"digest", b"head")
        )

    def _ready(self, key: bytes) -> bytes:
        if not key:
            raise TrailKeyError("no audit key has been given")
        return key

    def first_mac(self, chain: str) -> bytes:
        """What the first entry of a chain is bound to."""
        return hmac.digest(self._ready(self._link), f"begin {chain}".encode(), SHA)

    def mac(self, before: bytes, link: Link) -> bytes:
        """The seal of an entry, given the one before it."""
        return hmac.digest(self._ready(self._link), before + link_bytes(link), SHA)

    def seal_head(self, chain: str, last_id: int, last_mac: bytes, last_read_id: int) -> bytes:
        """What only the holder of the key can write beside the end of the chain."""
        text = f"{chain} {last_id} {last_mac.hex()} {last_read_id}"
        return hmac.digest(self._ready(self._head), text.encode(), SHA)

    def digest(self, text: str) -> bytes:
        """A keyed digest of some text: equal for equal texts, and telling nothing without the key."""
        return hmac.digest(self._ready(self._digest), text.encode(), SHA)

    def digest_part(self, record_id: int | None, open_values: str | None, sealed: bytes | None) -> bytes:
        """The digest of a part that holds its values: of the open ones, and of the sealed ones as they lie."""
        text = f"{record_id}\n{open_values or ''}\n{sealed.hex() if sealed else ''}"
        return hmac.digest(self._ready(self._digest), text.encode(), SHA)

    def digest_parts(self, parts: Iterable[PartSum]) -> bytes:
        """The digest of an entry over its parts, in their order."""
        bound = b"".join([b"%d:%b:%d%d;" % (p[0] or 0, p[1], p[2], p[3]) for p in parts])
        return hmac.digest(self._ready(self._digest), bound, SHA)

    def digest_reads(self, rows: Iterable[Sequence[object]]) -> bytes:
        """The digest of an entry over the reads it seals, in their order."""
        state = hmac.new(self._ready(self._digest), digestmod=SHA)
        for row in rows:
            state.update(canonical([plain(value) for value in row]))
            state.update(b"\n")
        return state.digest()


def link_bytes(link: Link) -> bytes:
    """An entry as the bytes that are bound: its values with a sign between them that stands in none of them."""
    (number, at, actor_kind, actor_id, session_id, request_id, action, record_id, target_kind, target_id, fields, parts,
     first_read_id, last_read_id, digest) = link  # fmt: skip
    moment = (at.astimezone(UTC).replace(tzinfo=None) if at.tzinfo else at).isoformat(timespec="microseconds")
    return (
        f"{number}\x1f{moment}\x1f{actor_kind}\x1f{actor_id}\x1f{session_id}\x1f{request_id!r}\x1f"
        f"{action}\x1f{record_id}\x1f{target_kind!r}\x1f{target_id}\x1f{fields}\x1f{parts}\x1f{first_read_id}\x1f"
        f"{last_read_id}\x1f{digest.hex()}"
    ).encode()


def canonical(values: object) -> bytes:
    """One way only of writing a value as JSON."""
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def plain(value: object) -> object:
    """A value as JSON can hold it: days and moments as text (moments in UTC), bytes as hexadecimal."""
    if isinstance(value, datetime):
        moment = value if value.tzinfo else value.replace(tzinfo=UTC)
        return moment.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    return value


trail_keys = TrailKeys()
