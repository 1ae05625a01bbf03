"""Where has the chain stood? Its head is published outside the database, so that its end cannot be cut off unseen."""

import hashlib
import json
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from tracker.audit.models import AuditEntry, AuditHead
from tracker.audit.verifying import KnownHead
from tracker.database import db
from tracker.logs import log

PUBLISHED_EVERY = timedelta(hours=1)


def publish_head(file: Path, now: datetime, *, every: timedelta = timedelta(0)) -> KnownHead | None:
    """Writes the head to the log and as a line to the file, unless this chain's last line says the same or is younger
    than `every`; returns what was written.
    """
    row = db.session.execute(select(AuditHead.chain, AuditHead.last_id, AuditHead.last_mac)).one()
    db.session.rollback()
    if not row.chain:
        return None
    last = next((line for line in reversed(_lines(file)) if line["chain"] == row.chain), None)
    if last and (last["n"] == row.last_id or datetime.fromisoformat(last["at"]) + every > now):
        return None
    head = KnownHead(row.last_id, row.last_mac, row.chain)
    line = {"at": now.isoformat(), "database": _database(), "chain": row.chain, "n": row.last_id,
            "mac": row.last_mac.hex()}  # fmt: skip
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as stream:
        stream.write(json.dumps(line) + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    log().info("trail_head", head=f"{row.last_id}:{row.last_mac.hex()}")
    return head


def published_heads(file: Path) -> list[KnownHead]:
    """This database's heads in the file, oldest first. Raises ValueError or KeyError when a line cannot be read."""
    return [KnownHead(int(line["n"]), bytes.fromhex(line["mac"]), line["chain"]) for line in _lines(file)]


def set_aside(file: Path, now: datetime) -> Path | None:
    """After a restore: takes the heads of this database that its chain does not hold out of the file.

    They are kept in a file of their own beside it, which is given; None when there are none. Heads of other databases,
    and those that the chain holds, stay.
    """
    chain = db.session.scalars(select(AuditHead.chain)).one()
    held = {number: _mac_of(number) for number in {line["n"] for line in _lines(file)}}
    db.session.rollback()
    gone = [line for line in _lines(file) if line["chain"] != chain or held.get(line["n"]) != line["mac"]]
    if not gone:
        return None
    kept = [line for line in _all_lines(file) if line not in gone]
    beside = file.with_name(f"{file.stem}-{now:%Y%m%dT%H%M%S%f}{file.suffix}")
    for of, lines in ((beside, gone), (file, kept)):
        part = of.with_name(f".{of.name}.part")
        part.touch(0o600)
        part.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        part.replace(of)
    return beside


def parse_head(text: str) -> KnownHead:
    """`N:HASH` as the program prints it. Raises ValueError when it is not that."""
    number, _, mac = text.partition(":")
    head = KnownHead(int(number), bytes.fromhex(mac))
    if head.n < 1 or len(head.mac) != 32:
        raise ValueError(text)
    return head


def _mac_of(number: int) -> str | None:
    mac = db.session.scalar(select(AuditEntry.mac).where(AuditEntry.id == number))
    return None if mac is None else mac.hex()


def _database() -> str:
    """Which database it is, by its address: several may have their heads in one file."""
    address = db.engine.url.render_as_string(hide_password=True)
    return hashlib.sha256(address.encode()).hexdigest()[:16]


def _lines(file: Path) -> list[dict[str, Any]]:
    return [line for line in _all_lines(file) if line["database"] == _database()]


def _all_lines(file: Path) -> list[dict[str, Any]]:
    if not file.exists():
        return []
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
