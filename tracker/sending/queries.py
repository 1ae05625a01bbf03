"""Which individrapporter does a quarter need, which of them are sent, and who works on the others?

The newest locked version tells which clocks stood in it and as what; what has become of each individrapport stands in
its own row. An end is sent once for a clock, whichever quarter that was in, everything else once a quarter.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, select

from tracker.database import database_key, db, is_sqlite
from tracker.frozen.models import FrozenReport, FrozenRow
from tracker.frozen.quarters import KIND
from tracker.kept import Kept
from tracker.records.models import Mark
from tracker.records.scope import Scope
from tracker.rules.quarters import Quarter
from tracker.rules.sending import IvoType
from tracker.sending.filtering import MINE, NOW, Asked, Standing
from tracker.sending.statements import STANDINGS, TALLIES, Part, Piece, Shape, choices_statement, work_statement

VOIDED = "Makulerat efter att det rapporterats"
VOIDED_UNSENT = "Makulerat innan det sändes"
REMOVED = "Klockan är borttagen efter att den rapporterats"
NOT_SO = "Sänd, men står inte så i den låsta rapporten"


class Locked(NamedTuple):
    """The locked version that counts; `stood_as` is the class of the clock that was asked about, None without one."""

    id: int
    version: int
    cutoff_on: date
    previous_on: date
    stood_as: str | None


class WorkRow(NamedTuple):
    """One individrapport in the work view; `why` says what has happened to the clock since it stood in the report."""

    clock_id: int
    record_id: int
    ref: str
    kind: str
    started_on: str
    intervention_id: int
    handler: str
    ivo_type: IvoType
    quarter: Quarter
    standing: Standing
    why: str
    afterwards: bool
    taken_by: int | None
    sent_on: date | None


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be sent for a quarter: a page of the individrapporter that the filter holds (`count` of them), the
    first ends to send now (of `now_count`), how many stand how, and how many are hidden.

    `handlers` and `interventions` are those of all of it, whatever the filter; `version` and `cutoff_on` those of the
    locked version that counts, None while the quarter is not locked.
    """

    rows: list[WorkRow]
    count: int
    now: list[WorkRow]
    now_count: int
    hidden: int
    standings: Mapping[Standing, int]
    handlers: list[str]
    interventions: list[int]
    version: int | None
    cutoff_on: date | None


_NEWEST = (
    select(
        FrozenReport.id, FrozenReport.version, FrozenReport.cutoff_on, FrozenReport.previous_on, FrozenRow.stood_as
    )
    .outerjoin(FrozenRow, and_(FrozenRow.report_id == FrozenReport.id, FrozenRow.item_id == bindparam("clock_id")))
    .where(
        FrozenReport.kind == KIND, FrozenReport.year == bindparam("year"),
        FrozenReport.number == bindparam("number"),
    )
    .order_by(FrozenReport.version.desc())
    .limit(1)
)  # fmt: skip


def locked_for(quarter: Quarter, clock_id: int = 0) -> Locked | None:
    """The locked version of the quarter that counts, and as what a clock stood in it; None while it is not locked."""
    values = {"year": quarter.year, "number": quarter.number, "clock_id": clock_id}
    found = db.session.execute(_NEWEST, values).first()
    return Locked(*found) if found else None


def work_of(quarter: Quarter, scope: Scope, asked: Asked, reader_id: int) -> Work:
    """The quarter's work within the scope's reach, after its newest locked version.

    One statement, whatever the size, and one for the filter's choices unless they are remembered. The ends to send now
    are left out on further pages and where they are the list.
    """
    with_now = asked.shown != NOW and not asked.first
    shape = Shape(asked.shown, bool(asked.handler), asked.intervention_id is not None, with_now, scope, is_sqlite())
    place = {"year": quarter.year, "number": quarter.number}
    values: dict[str, Any] = place | scope.values | {"first": asked.first}
    values |= {"mine": reader_id} if asked.shown == MINE else {}
    values |= {"handler": asked.handler} if shape.by_handler else {}
    values |= {"intervention_id": asked.intervention_id} if shape.by_intervention else {}
    pieces: dict[int, list[Any]] = {piece: [] for piece in Piece}
    for row in db.session.execute(work_statement(shape), values):
        pieces[row[0]].append(row)
    (counts,) = pieces[Piece.COUNT]
    tallies = {what: getattr(counts, column) for what, column in TALLIES.items()}
    handlers, interventions = _choices_of(scope, place)
    head = pieces[Piece.HEAD][0] if pieces[Piece.HEAD] else None
    return Work(
        sorted((_row(row, quarter) for row in pieces[Piece.ROW]), key=_place), tallies["fitting"],
        sorted((_row(row, quarter) for row in pieces[Piece.NOW]), key=_place), tallies["now"],
        tallies["hidden"], {standing: tallies[standing] for standing in STANDINGS}, handlers, interventions,
        head and head.record_id, head and head.started_on,
    )  # fmt: skip


CHOICES_KEPT_SECONDS = 10.0
_choices: Kept[tuple[list[str], list[int]]] = Kept(CHOICES_KEPT_SECONDS, 200)


def _choices_of(scope: Scope, place: dict[str, int]) -> tuple[list[str], list[int]]:
    """The handlers whose clocks are to be sent, by name, and the insatser, for the selects: as they were at most ten
    seconds ago, asked anew for a reader to whom something has been given or closed.
    """

    def ask() -> tuple[list[str], list[int]]:
        rows = db.session.execute(choices_statement(scope, is_sqlite()), place | scope.values).all()
        return sorted(row[0] for row in rows if row[0]), sorted(row[1] for row in rows if row[1])

    if scope.named or scope.closed:
        return ask()
    return _choices.get((database_key(), scope, scope.reach.tree, *place.values()), ask)


def _row(row: Any, quarter: Quarter) -> WorkRow:  # noqa: ANN401 - a row of the statement
    (
        _, part, place, clock_id, record_id, mark, ref, kind, started_on, intervention_id, ivo_type, ended_on,
        year, number, afterwards, taken_by, sent_on, handler,
    ) = row  # fmt: skip
    standing, why = STANDINGS[place], ""
    if part == Part.OTHER and not afterwards:
        why = NOT_SO
    elif standing not in {Standing.LEFT, Standing.SENT}:
        why = VOIDED_UNSENT if standing is Standing.DROPPED else VOIDED
        if mark != Mark.VOIDED:
            why = REMOVED
    own = Quarter.holding(ended_on) if part == Part.NOW else quarter
    return WorkRow(
        clock_id, record_id, ref, kind or "", str(started_on or ""), intervention_id, handler or "", IvoType(ivo_type),
        Quarter(year, number) if year else own, standing, why, bool(afterwards), taken_by, sent_on,
    )  # fmt: skip


_STANDING_PLACES = {standing: place for place, standing in enumerate(Standing)}
_TYPE_PLACES = {ivo_type: place for place, ivo_type in enumerate(IvoType)}


def _place(row: WorkRow) -> tuple[object, ...]:
    return _STANDING_PLACES[row.standing], _TYPE_PLACES[row.ivo_type], row.started_on, row.ref, row.clock_id
