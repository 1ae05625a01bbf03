"""Reading guarantees and single occasions of them."""

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Select, select

from tracker.accounts.models import Unit
from tracker.cases.missed_models import MissedPromise
from tracker.database import db
from tracker.guarantees.models import Guarantee, GuaranteeOccasion
from tracker.records.models import Record
from tracker.records.scope import Scope, visible
from tracker.rules.guarantee_occasions import PROLONGED_FOR, RECURS, STATUTORY, OccasionDays
from tracker.rules.guarantees import GuaranteeKind, Limit, LimitUnit

G = GuaranteeOccasion


@dataclass(frozen=True, slots=True)
class GuaranteeRow:
    """A guarantee, with its limit as the rules read it."""

    id: int
    slug: str
    kind: GuaranteeKind | None
    name: str
    starts_with: str
    ends_with: str
    limit: Limit
    law: str | None
    active_from: date | None
    active_to: date | None
    version: int

    @property
    def of_complaints(self) -> bool:
        """Whether its occasions are the synpunkter, which have a register of their own."""
        return self.kind is GuaranteeKind.COMPLAINT_ANSWER

    @property
    def statutory(self) -> bool:
        """Whether the law sets the limit, which then cannot be changed."""
        return self.kind in STATUTORY

    @property
    def recurs(self) -> bool:
        """Whether the end of one occasion may begin the next."""
        return self.kind in RECURS

    @property
    def prolonged_for(self) -> str | None:
        """The grounds on which the law lets it be prolonged, None where it does not."""
        return None if self.kind is None else PROLONGED_FOR.get(self.kind)

    def runs_on(self, day: date) -> bool:
        """Whether something that starts on a day comes under it."""
        return (self.active_from is None or self.active_from <= day) and (
            self.active_to is None or day <= self.active_to
        )


class OccasionRow(NamedTuple):
    """An occasion as lists and pages tell of it; `deviation_id`: the avvikelse that it has become."""

    record_id: int
    number: str
    ref: str
    guarantee_id: int
    unit_id: int
    unit: str
    days: OccasionDays
    excess: int | None
    prolonged_for: str | None
    cancelled_for: str | None
    limit_number: int
    roll: bool
    version: int
    deviation_id: int | None


def list_guarantees() -> list[GuaranteeRow]:
    """All guarantees: those that the program knows first, then the municipality's own by name."""
    rows = db.session.scalars(select(Guarantee).order_by(Guarantee.kind.is_(None), Guarantee.id))
    known = [_guarantee(row) for row in rows]
    return [row for row in known if row.kind] + sorted((row for row in known if not row.kind), key=lambda row: row.name)


def find_guarantee(slug: str) -> GuaranteeRow | None:
    """The guarantee of an address, None when there is none."""
    row = db.session.scalar(select(Guarantee).where(Guarantee.slug == slug))
    return None if row is None else _guarantee(row)


def guarantee_of(guarantee_id: int) -> GuaranteeRow:
    """The guarantee with this number, which is there."""
    return _guarantee(db.session.get_one(Guarantee, guarantee_id))


def _guarantee(row: Guarantee) -> GuaranteeRow:
    return GuaranteeRow(
        row.id, row.slug, GuaranteeKind(row.kind) if row.kind else None, row.name, row.starts_with, row.ends_with,
        Limit(row.number, LimitUnit(row.unit), row.target, row.roll), row.law, row.active_from, row.active_to,
        row.version,
    )  # fmt: skip


def occasions() -> Select[Any]:
    """The statement whose rows `row_of` reads, with the columns of `guarantee_occasion` to go by."""
    columns: tuple[Any, ...] = (G, Record.number, Record.version, Unit.name, MissedPromise.deviation_id)
    return (
        select(*columns)
        .join(Record, Record.id == G.record_id)
        .join(Unit, Unit.id == G.unit_id)
        .outerjoin(MissedPromise, MissedPromise.record_id == G.record_id)
    )


def row_of(row: Any) -> OccasionRow:  # noqa: ANN401 - a row of the statement above
    """An occasion from a row of `occasions`."""
    found, number, version, unit, deviation_id = row
    days = OccasionDays(
        found.started_on, found.limit_on, found.prolonged_to, found.prolonged_on, found.ended_on, found.cancelled_on
    )
    return OccasionRow(
        found.record_id, number, found.ref, found.guarantee_id, found.unit_id, unit, days, found.excess,
        found.prolonged_for, found.cancelled_for, found.number, found.roll, version, deviation_id,
    )  # fmt: skip


def find_occasion(record_id: int, scope: Scope) -> OccasionRow | None:
    """An occasion, None when there is none that the reader sees."""
    seen = visible(G.record_id, G.unit_id, G.mark, scope)
    statement = occasions().where(G.record_id == record_id, seen).execution_options(populate_existing=True)
    row = db.session.execute(statement, scope.values).first()
    return None if row is None else row_of(row)
