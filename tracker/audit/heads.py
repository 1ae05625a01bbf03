"""Where has the chain stood? Its head is published outside the database, so that its end cannot be cut off unseen."""

import json
import os
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from tracker.audit.models import AuditHead
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
    last = _last_line(file, row.chain)
    if last and (last["n"] == row.last_id or datetime.fromisoformat(last["at"]) + every > now):
        return None
    head = KnownHead(row.last_id, row.last_mac, row.chain)
    line = {"at": now.isoformat(), "chain": row.chain, "n": row.last_id, "mac": row.last_mac.hex()}
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as stream:
        stream.write(json.dumps(line) + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    log().info("trail_head", head=f"{row.last_id}:{row.last_mac.hex()}")
    return head


def published_heads(file: Path) -> list[KnownHead]:
    """Every head in the file, oldest first. Raises ValueError when a line cannot be read."""
    if not file.exists():
        return []
    lines = (json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip())
    return [KnownHead(int(line["n"]), bytes.fromhex(line["mac"]), line["chain"]) for line in lines]


def parse_head(text: str) -> KnownHead:
    """`N:HASH` as the program prints it. Raises ValueError when it is not that."""
    number, _, mac = text.partition(":")
    head = KnownHead(int(number), bytes.fromhex(mac))
    if head.n < 1 or len(head.mac) != 32:
        raise ValueError(text)
    return head


def _last_line(file: Path, chain: str) -> dict[str, str] | None:
    if not file.exists():
        return None
    for line in reversed(file.read_text(encoding="utf-8").splitlines()):
        if line.strip() and (found := json.loads(line))["chain"] == chain:
            return dict(found)
    return None
