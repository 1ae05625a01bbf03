"""How are personal fields kept secret at rest, and still found? AES-256-GCM, and a keyed hash to search by.

A stored value is: format (1 byte) · key id (4) · nonce (12) · ciphertext with tag. The record's id and the field's name
are bound in as associated data, so that a value moved to another row does not open.
"""

import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FORMAT = b"\x01"
KEY_ID_BYTES = 4
NONCE_BYTES = 12
_HEAD = len(FORMAT) + KEY_ID_BYTES


class VaultError(Exception):
    """A stored value cannot be opened: another key, another record, or damage."""


class Vault:
    """Encrypts and finds personal values. `configure` must have been called first."""

    def __init__(self) -> None:
        self._cipher: AESGCM | None = None
        self._key_id = b""
        self._search_key = b""

    def configure(self, key: bytes) -> None:
        """Takes the 32-byte data encryption key; the search key is derived from it."""
        self._cipher = AESGCM(key)
        self._key_id = hashlib.sha256(b"egenkoll key id" + key).digest()[:KEY_ID_BYTES]
        self._search_key = hmac.digest(key, b"egenkoll search", "sha256")

    def _ready(self) -> AESGCM:
        if self._cipher is None:
            raise VaultError("no data encryption key has been given")
        return self._cipher

    def encrypt(self, text: str, record_id: int, field: str) -> bytes:
        """The text, sealed for this record and field."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = self._ready().encrypt(nonce, text.encode(), _bound_to(record_id, field))
        return FORMAT + self._key_id + nonce + sealed

    def decrypt(self, value: bytes, record_id: int, field: str) -> str:
        """The text behind a stored value. Raises VaultError when it does not open."""
        cipher = self._ready()
        if value[: len(FORMAT)] != FORMAT or value[len(FORMAT) : _HEAD] != self._key_id:
            raise VaultError("the value was sealed with another key")
        nonce, sealed = value[_HEAD : _HEAD + NONCE_BYTES], value[_HEAD + NONCE_BYTES :]
        try:
            return cipher.decrypt(nonce, sealed, _bound_to(record_id, field)).decode()
        except (InvalidTag, ValueError):
            raise VaultError("the value is damaged or belongs to another record") from None

    def search_hash(self, text: str) -> bytes:
        """32 bytes that are equal for equal texts and tell nothing without the key."""
        self._ready()
        return hmac.digest(self._search_key, text.encode(), "sha256")


def _bound_to(record_id: int, field: str) -> bytes:
    return f"{field}:{record_id}".encode()


vault = Vault()
