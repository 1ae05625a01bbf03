"""Makes bad backups of good ones: with the key, as a faulty program could, or without it, as anybody could."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path

from tracker.backup.manifest import _seal_of

Members = dict[str, bytes]
MANIFEST = "manifest.json"


def parts_of(file: Path) -> tuple[Members, dict]:
    """The members but the manifest, and what the manifest says."""
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    return members, json.loads(members.pop(MANIFEST))


def packed(members: Members | list[tuple[str, bytes]], manifest: bytes, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive of members and a manifest, just as given."""
    out = io.BytesIO()
    pairs = members.items() if isinstance(members, dict) else members
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in pairs:
            archive.writestr(name, data)
        archive.writestr(MANIFEST, manifest)
    return out.getvalue()


def sealed(said: dict) -> bytes:
    """A manifest with a seal that fits it: only the holder of AUDIT_KEY can make one."""
    said = {name: value for name, value in said.items() if name != "seal"}
    return json.dumps({**said, "seal": _seal_of(said)}, ensure_ascii=False).encode()


def forged(file: Path, change: Callable[[Members, dict], None], *, with_key: bool, summed: bool = True) -> bytes:
    """The backup with a change to its members and manifest; sizes and checksums fit again, the seal with the key."""
    members, said = parts_of(file)
    before = deepcopy((members, said))
    change(members, said)
    assert (members, said) != before, "it is another backup now"
    for member in said["members"] if summed else ():
        data = members.get(f"tables/{member['table']}.jsonl")
        if data is not None:
            member |= {
                "rows": data.count(b"\n"), "size": len(data), "sha256": hashlib.sha256(data).hexdigest(),
                "longest": max(map(len, data.splitlines(keepends=True)), default=0),
            }  # fmt: skip
    return packed(members, sealed(said) if with_key else json.dumps(said).encode())


def of_table(said: dict, name: str) -> dict:
    """What the manifest says of a table."""
    return next(member for member in said["members"] if member["table"] == name)
