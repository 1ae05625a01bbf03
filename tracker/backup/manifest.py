"""What does a backup say of itself? Bound with AUDIT_KEY, so that nobody else can have made or changed it.

The manifest lies last in the file, as `manifest.json`, and tells the size and checksum of everything before it. Without
the key it cannot be made: a file that passes was written by this program for this installation.
"""

import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from tracker.audit.chain import canonical, trail_keys
from tracker.rules.errors import RuleViolation
from tracker.vault import VaultError, vault

FORMAT, VERSION = "egenkoll-backup", 1
PROBE, PROBE_FIELD = b"egenkoll", "backup"
_SEAL = "seal"


@dataclass(frozen=True, slots=True)
class Member:
    """One table as it lies in the file: a line for each row, unpacked `size` bytes of them, the longest line too."""

    table: str
    columns: tuple[tuple[str, str], ...]
    rows: int
    size: int
    longest: int
    sha256: str

    @property
    def name(self) -> str:
        """Its name in the archive."""
        return f"tables/{self.table}.jsonl"


@dataclass(frozen=True, slots=True)
class Manifest:
    """When and from what the copy was taken, where the trail stood, under which keys, and every member."""

    taken_at: str
    engine: str
    revision: str
    chain: str
    last_id: int
    last_mac: str
    audit_key: str
    data_keys: tuple[str, ...]
    probe: str
    members: tuple[Member, ...]

    @property
    def head(self) -> str:
        """Where the trail stood, as the program prints it."""
        return f"{self.last_id}:{self.last_mac}"

    @property
    def rows(self) -> int:
        """How many rows the copy holds."""
        return sum(member.rows for member in self.members)

    def as_bytes(self) -> bytes:
        """The manifest as it lies in the file, with its seal."""
        said = {"format": FORMAT, "version": VERSION, **asdict(self)}
        return json.dumps({**said, _SEAL: _seal_of(said)}, ensure_ascii=False, indent=1).encode()

    @classmethod
    def read(cls, data: bytes) -> Self:
        """The manifest in a file, when this installation's AUDIT_KEY has made it. Raises RuleViolation."""
        try:
            said = json.loads(data)
            if said["format"] != FORMAT:
                raise foreign()
            if said["version"] != VERSION:
                raise RuleViolation(
                    "backup_format", "Säkerhetskopian är gjord med en nyare version av programmet. Återläs med den."
                )
            if said["audit_key"] != audit_key_id():
                raise RuleViolation(
                    "backup_audit_key",
                    "AUDIT_KEY är inte den som säkerhetskopian är gjord med. Sätt rätt nyckel, och återläs i en tom "
                    "databas.",
                )
            seal = said.pop(_SEAL)
            if not hmac.compare_digest(seal.encode(), _seal_of(said).encode()):
                raise damaged()
            return cls._of(said)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise damaged() from None

    @classmethod
    def _of(cls, said: Mapping[str, Any]) -> Self:
        names = [name for name in cls.__dataclass_fields__ if name != "members"]
        members = tuple(
            Member(**{**member, "columns": tuple((name, kind) for name, kind in member["columns"])})
            for member in said["members"]
        )
        return cls(**{name: said[name] for name in names}, members=members)

    def check_data_keys(self) -> None:
        """Raises RuleViolation unless everything that lies sealed in the copy can be opened with the keys at hand."""
        missing = set(self.data_keys) - {of.hex() for of in vault.key_ids}
        try:
            opened = vault.open(bytes.fromhex(self.probe), 0, PROBE_FIELD)
        except VaultError:
            opened = b""
        if missing or opened != PROBE:
            raise RuleViolation(
                "backup_data_key",
                "DATA_ENCRYPTION_KEY öppnar inte det som ligger i säkerhetskopian. Sätt den nyckel som gällde när "
                "kopian togs, ensam eller efter den nya med komma emellan, och återläs i en tom databas.",
            )


def audit_key_id() -> str:
    """Tells audit keys apart, and tells nothing of them."""
    return trail_keys.digest("backup key").hex()[:16]


def new_probe() -> str:
    """A few known bytes under the present data encryption key: whoever opens them has the right one."""
    return vault.seal(PROBE, 0, PROBE_FIELD).hex()


def damaged() -> RuleViolation:
    """What is said of a file that is not as it was written."""
    return RuleViolation(
        "backup_damaged", "Säkerhetskopian är skadad, avkapad eller ändrad. Använd en annan. Inget har ändrats."
    )


def foreign() -> RuleViolation:
    """What is said of a file that is something else."""
    return RuleViolation("backup_foreign", "Filen är ingen säkerhetskopia från flask backup create. Inget har ändrats.")


def _seal_of(said: Mapping[str, object]) -> str:
    return trail_keys.digest("backup " + canonical(said).decode()).hex()
