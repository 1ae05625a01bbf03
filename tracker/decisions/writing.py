"""How do changed rows reach the tables? One writer for the import and for corrections."""

from collections.abc import Iterator
from itertools import islice
from operator import itemgetter
from typing import Any

from sqlalchemy import Table, bindparam, select, text, update

from tracker.database import db, insert_rows, is_sqlite
from tracker.decisions.importing import Value
from tracker.decisions.models import Decision, DecisionClock
from tracker.decisions.notes import open_note, seal_note
from tracker.decisions.saving import Stored
from tracker.exchange.columns import CLEAR
from tracker.records.models import Mark, Record
from tracker.records.numbers import Numbers
from tracker.rules.unexecuted import NEVER
from tracker.vault import SealedColumn, vault

PERSON = "decision.person"
UPDATED_AT_ONCE = 5_000
IMPORTS = 20_250_701  # the advisory lock that imports take
vault.register(SealedColumn("decision", "record_id", "person_encrypted", PERSON, "person_hash"))


def lock_decisions(*, alone: bool = False) -> None:
    """Waits for an import to end, and keeps the next one waiting; `alone`: other writers of decisions too.

    Taken before anything else is written, so that nobody waits for somebody who waits for them. SQLite's write lock is
    held already; readers go on on either engine.
    """
    if not is_sqlite():
        mode = "SHARE ROW EXCLUSIVE" if alone else "ROW EXCLUSIVE"
        db.session.execute(text(f"LOCK TABLE decision IN {mode} MODE"))


def wait_for_imports() -> None:
    """Waits for other imports to end, and keeps the next one waiting; nobody else. Taken before anything is written."""
    if not is_sqlite():
        db.session.execute(text(f"SELECT pg_advisory_xact_lock({IMPORTS})"))


def table_of(model: Any) -> Table:  # noqa: ANN401 - SQLAlchemy types a model's table more loosely than it is
    """The table behind a model."""
    table: Table = model.__table__
    return table


class _Rows:
    """Rows of one table with the same columns."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names, self._values = names, itemgetter(*names)
        self._rows: list[tuple[Any, ...]] = []

    def add(self, row: Stored) -> None:
        self._rows.append(self._values(row))

    def drain(self) -> Iterator[tuple[Any, ...]]:
        """The rows in their order; each is let go of as it is given."""
        self._rows.reverse()
        while self._rows:
            yield self._rows.pop()


class Changes:
    """Rows to insert and to update, by table, held as tuples; those of one table and kind give the same columns."""

    def __init__(self, numbers: Numbers | None = None) -> None:
        self._numbers = numbers or Numbers()
        self._inserts: dict[Table, _Rows] = {}
        self._updates: dict[Table, _Rows] = {}

    def insert(self, model: Any, row: Stored) -> None:  # noqa: ANN401 - as in table_of
        """A row that is new; a clock gets its number here."""
        if model is DecisionClock:
            row["id"] = self._numbers.take(DecisionClock)
        self._put(self._inserts, model, row)

    def update(self, model: Any, row: Stored) -> None:  # noqa: ANN401 - as in table_of
        """A row that has changed, with its key."""
        self._put(self._updates, model, row)

    def _put(self, into: dict[Table, _Rows], model: Any, row: Stored) -> None:  # noqa: ANN401 - as in table_of
        table = table_of(model)
        rows = into.get(table)
        if rows is None:
            rows = into[table] = _Rows(tuple(row))
        if model is DecisionClock and row["delay_note"] is not None:
            row = row | {"delay_note": seal_note(row["delay_note"], row["id"])}
        rows.add(row)

    def write(self, *, raise_versions: bool = True) -> None:
        """Writes the rows, and holds them no more: records first, so that keys exist before they are pointed at.

        `raise_versions`: every record that is updated gets its next version; not where the caller has raised it.
        """
        for model in (Record, Decision, DecisionClock):
            table = table_of(model)
            if inserts := self._inserts.pop(table, None):
                insert_rows(table, inserts.names, inserts.drain())
        for model in (Record, Decision, DecisionClock):
            table = table_of(model)
            if updates := self._updates.pop(table, None):
                names = [f"new_{name}" for name in updates.names]
                statement = _update_by_key(table, updates.names, raise_versions)
                waiting = updates.drain()
                while some := [dict(zip(names, row, strict=True)) for row in islice(waiting, UPDATED_AT_ONCE)]:
                    db.session.execute(statement, some)


def _update_by_key(table: Table, names: tuple[str, ...], raise_versions: bool) -> Any:  # noqa: ANN401 - an UPDATE
    (key,) = table.primary_key.columns
    statement = update(table).where(key == bindparam(f"new_{key.name}"))
    values: dict[str, object] = {name: bindparam(f"new_{name}") for name in names if name != key.name}
    if table.name == Record.__tablename__ and raise_versions:
        values["version"] = table.c.version + 1
    return statement.values(**values)


def put_person(decision: Stored, person: Value) -> None:
    """Puts a person's number, or nobody's, into a decision's columns; the same number again changes nothing."""
    if person is CLEAR:
        decision["person_encrypted"] = decision["person_hash"] = None
        return
    if decision["person_hash"] not in vault.search_hashes(str(person)):
        decision["person_hash"] = vault.search_hash(str(person))
        decision["person_encrypted"] = vault.encrypt(str(person), decision["record_id"], PERSON)


def person_of(decision: Stored) -> str | None:
    """The plain number behind a decision's columns."""
    sealed = decision["person_encrypted"]
    return None if sealed is None else vault.decrypt(sealed, decision["record_id"], PERSON)


def keep_marks(record_id: int, mark: Mark) -> None:
    """Makes the decision's and its clocks' marks equal to what has become of their record.

    A voided clock leaves the quarter's index, and with it every figure, for good.
    """
    options = {"synchronize_session": False}
    db.session.execute(
        update(Decision).where(Decision.record_id == record_id).values(mark=mark.value), execution_options=options
    )
    clocks = update(DecisionClock).where(DecisionClock.decision_id == record_id).values(mark=mark.value)
    if mark is Mark.VOIDED:
        clocks = clocks.values(alive_until=NEVER)
    db.session.execute(clocks, execution_options=options)


def stored_decision(record_id: int) -> Stored:
    """The decision's columns as they are, with its record's case number."""
    return stored_decisions([record_id])[record_id]


def stored_decisions(record_ids: list[int]) -> dict[int, Stored]:
    """The same of some decisions, by record."""
    decision = table_of(Decision)
    statement = (
        select(decision, Record.case_number)
        .join(Record, Record.id == decision.c.record_id)
        .where(decision.c.record_id.in_(record_ids))
    )
    return {row["record_id"]: dict(row) for row in db.session.execute(statement).mappings()}


def stored_clocks(record_ids: list[int]) -> list[Stored]:
    """The clocks' columns of some decisions as they are, their notes opened; `Changes.write` seals them."""
    clock = table_of(DecisionClock)
    statement = select(clock).where(clock.c.decision_id.in_(record_ids))
    return [_opened(dict(row)) for row in db.session.execute(statement).mappings()]


def _opened(clock: Stored) -> Stored:
    if clock["delay_note"] is not None:
        clock["delay_note"] = open_note(clock["delay_note"], clock["id"])
    return clock
