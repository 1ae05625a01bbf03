"""Reading what follows from a record in other registers, and what has led to one."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import and_, select

from tracker.clock import day_of
from tracker.database import db
from tracker.records.models import Record, RecordLink
from tracker.records.scope import Scope, visible_records
from tracker.rules.following import LinkKind
from tracker.vault import SealedColumn, vault

LINK_LABELS = {LinkKind.DEVIATION: "Avvikelse", LinkKind.ASSESSMENT: "Ny riskbedömning"}
ASKED, SETTLED = "record_link.asked", "record_link.settled"
vault.register(SealedColumn("record_link", "id", "asked", ASKED))
vault.register(SealedColumn("record_link", "id", "settled", SETTLED))


class LinkRow(NamedTuple):
    """A link as the page of one of its ends tells of it. `other_id`: the record at the other end; None where there is
    none yet, or the reader may not see it.
    """

    link_id: int
    kind: LinkKind
    other_id: int | None
    other_number: str | None
    asked: str
    asked_on: date
    settled: str | None
    settled_on: date | None


def list_links_from(record_id: int, scope: Scope) -> list[LinkRow]:
    """What follows from a record, the first asked first; the record itself is the reader's to see."""
    other = and_(Record.id == RecordLink.to_id, visible_records(scope))
    statement = select(RecordLink, Record.id, Record.number).outerjoin(Record, other)
    rows = db.session.execute(
        statement.where(RecordLink.from_id == record_id).order_by(RecordLink.id), scope.values
    ).all()
    return [_row(link, other_id, number) for link, other_id, number in rows]


def list_links_to(record_id: int, scope: Scope) -> list[LinkRow]:
    """What has led to a record, as far as the reader may see where it comes from."""
    statement = select(RecordLink, Record.id, Record.number).join(Record, Record.id == RecordLink.from_id)
    wanted = (RecordLink.to_id == record_id, visible_records(scope))
    rows = db.session.execute(statement.where(*wanted).order_by(RecordLink.id), scope.values).all()
    return [_row(link, other_id, number) for link, other_id, number in rows]


def find_link(link_id: int, scope: Scope) -> tuple[RecordLink, str] | None:
    """A link and what it asks for; None when there is none, or the reader may not see the record that asks."""
    statement = select(RecordLink).join(Record, Record.id == RecordLink.from_id)
    link = db.session.scalar(statement.where(RecordLink.id == link_id, visible_records(scope)), scope.values)
    return (link, vault.decrypt(link.asked, link.id, ASKED)) if link else None


def _row(link: RecordLink, other_id: int | None, number: str | None) -> LinkRow:
    settled = vault.decrypt(link.settled, link.id, SETTLED) if link.settled else None
    asked = vault.decrypt(link.asked, link.id, ASKED)
    settled_on = day_of(link.settled_at) if link.settled_at else None
    return LinkRow(link.id, LinkKind(link.kind), other_id, number, asked, day_of(link.asked_at), settled, settled_on)
