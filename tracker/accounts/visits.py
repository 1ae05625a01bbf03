"""How often may one visitor do what needs no sign-in? So many times in a window, for each host and for all together.

A host is known by a keyed hash, kept no longer than its window is of use; of IPv6 the first 64 bits count, as a
household has them all.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil

from sqlalchemy import DateTime, LargeBinary, select
from sqlalchemy.orm import Mapped, mapped_column

from tracker.accounts.reader import in_utc
from tracker.database import Base, db, insert_if_new, writer

LONGEST_WINDOW = timedelta(hours=1)


class VisitCount(Base):
    """How many times something has been done since the window began; `key` is a keyed hash of what and by whom."""

    __tablename__ = "visit_count"

    key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    since: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    count: Mapped[int]


@dataclass(frozen=True, slots=True)
class VisitLimit:
    """No more than `most` within `window`; `shared`: for all visitors together, else for each host."""

    name: str
    most: int
    window: timedelta
    shared: bool = False


def count_visit(limits: tuple[VisitLimit, ...], host: str, now: datetime, key: bytes) -> int:
    """Counts one visit, or gives the seconds to wait when it would be one too many; then nothing is counted.

    `key` hashes the host. In a transaction of its own: ends the request's, so that a refused visit is counted too.
    """
    named = {_name(limit, host, key): limit for limit in limits}
    db.session.rollback()
    with writer():
        db.session.execute(insert_if_new(VisitCount), [{"key": one, "since": now, "count": 0} for one in sorted(named)])
        locked = select(VisitCount).where(VisitCount.key.in_(list(named))).order_by(VisitCount.key).with_for_update()
        rows = list(db.session.scalars(locked))
        for row in rows:
            if in_utc(row.since) + named[row.key].window <= now:
                row.since, row.count = now, 0
        full = [row for row in rows if row.count >= named[row.key].most]
        if full:
            until = max(in_utc(row.since) + named[row.key].window for row in full)
            db.session.rollback()
            return max(1, ceil((until - now).total_seconds()))
        for row in rows:
            row.count += 1
        db.session.commit()
    return 0


def _name(limit: VisitLimit, host: str, key: bytes) -> bytes:
    who = "" if limit.shared else network_of(host)
    return hmac.digest(key, f"visit:{limit.name}:{who}".encode(), "sha256")


def network_of(host: str) -> str:
    """What of an address stands for one visitor: all of IPv4, the first half of IPv6."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(ip_network((address, 64), strict=False))
    return str(getattr(address, "ipv4_mapped", None) or address)
