"""How are personal fields kept secret at rest, and still found? AES-256-GCM, and a keyed hash to search by.

A stored value is: format (1 byte) · key id (4) · nonce (12) · ciphertext with tag. The record's id and the field's name
are bound in as associated data, so that a value moved to another row does not open. There may be several keys: the
first seals, all of them open. A search has one hash for each, so that values are found while they are sealed anew.
"""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FORMAT = b"\x01"
KEY_ID_BYTES = 4
NONCE_BYTES = 12
_HEAD = len(FORMAT) + KEY_ID_BYTES


class VaultError(Exception):
    """A stored value cannot be opened: another key, another record, or damage."""


@dataclass(frozen=True, slots=True)
class _Key:
    id: bytes
    cipher: AESGCM
    search: bytes


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """Where sealed values stand: table, key column, column and the field bound in; `hash_column` if it is searched.

    `at_once`: how many may be held in memory together.
    """

    table: str
    key_column: str
    column: str
    field: str
    hash_column: str | None = None
    at_once: int = 1_000


class Vault:
    """Seals, opens and finds personal values. `configure` must have been called first."""

    def __init__(self) -> None:
        self._keys: tuple[_Key, ...] = ()
        self.columns: list[SealedColumn] = []

    def configure(self, keys: Sequence[bytes]) -> None:
        """Takes the 32-byte data encryption keys, the present one first; search keys are derived from them."""
        self._keys = tuple(
            _Key(key_id(key), AESGCM(key), hmac.digest(key, b"egenkoll search", "sha256")) for key in keys
        )

    def register(self, column: SealedColumn) -> None:
        """Tells where sealed values stand, so that they can be sealed anew with another key."""
        if column not in self.columns:
            self.columns.append(column)

    @property
    def key_ids(self) -> tuple[bytes, ...]:
        """The ids of the keys at hand, the present one first."""
        return tuple(key.id for key in self._keys)

    @property
    def present_head(self) -> bytes:
        """How every value begins that the present key has sealed."""
        return FORMAT + self._present().id

    def _present(self) -> _Key:
        if not self._keys:
            raise VaultError("no data encryption key has been given")
        return self._keys[0]

    def seal(self, data: bytes, record_id: int, field: str) -> bytes:
        """The bytes, sealed for this record and field."""
        key, nonce = self._present(), secrets.token_bytes(NONCE_BYTES)
        return FORMAT + key.id + nonce + key.cipher.encrypt(nonce, data, _bound_to(record_id, field))

    def open(self, value: bytes, record_id: int, field: str) -> bytes:
        """The bytes behind a stored value. Raises VaultError when it does not open."""
        self._present()
        key = next((key for key in self._keys if value[:_HEAD] == FORMAT + key.id), None)
        if key is None:
            raise VaultError("the value was sealed with another key")
        nonce, sealed = value[_HEAD : _HEAD + NONCE_BYTES], value[_HEAD + NONCE_BYTES :]
        try:
            return key.cipher.decrypt(nonce, sealed, _bound_to(record_id, field))
        except (InvalidTag, ValueError):
            raise VaultError("the value is damaged or belongs to another record") from None

    def encrypt(self, text: str, record_id: int, field: str) -> bytes:
        """The text, sealed for this record and field."""
        return self.seal(text.encode(), record_id, field)

    def decrypt(self, value: bytes, record_id: int, field: str) -> str:
        """The text behind a stored value. Raises VaultError when it does not open."""
        return self.open(value, record_id, field).decode()

    def search_hash(self, text: str) -> bytes:
        """32 bytes that are equal for equal texts and tell nothing without the key; the present key's."""
        return hmac.digest(self._present().search, text.encode(), "sha256")

    def search_hashes(self, text: str) -> tuple[bytes, ...]:
        """The hashes under which the text may be stored, one for each key at hand."""
        self._present()
        return tuple(hmac.digest(key.search, text.encode(), "sha256") for key in self._keys)


def key_id(key: bytes) -> bytes:
    """Four bytes that tell keys apart and tell nothing of them."""
    return hashlib.sha256(b"egenkoll key id" + key).digest()[:KEY_ID_BYTES]


def _bound_to(record_id: int, field: str) -> bytes:
    return f"{field}:{record_id}".encode()


vault = Vault()
