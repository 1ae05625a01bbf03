"""How do changed rows reach the tables? One writer for the import and for corrections."""

from itertools import chain
from typing import Any

from sqlalchemy import Table, bindparam, select, text, update

from tracker.database import db, insert_many, is_sqlite
from tracker.decisions.importing import Value
from tracker.decisions.models import Decision, DecisionClock
from tracker.decisions.notes import open_note, seal_note
from tracker.decisions.saving import Stored
from tracker.exchange.columns import CLEAR
from tracker.records.models import Mark, Record
from tracker.records.services import reserve_ids
from tracker.rules.unexecuted import NEVER
from tracker.vault import SealedColumn, vault

PERSON = "decision.person"
vault.register(SealedColumn("decision", "record_id", "person_encrypted", PERSON, "person_hash"))


def lock_decisions(*, alone: bool = False) -> None:
    """Waits for an import to end, and keeps the next one waiting; `alone`: other writers of decisions too.

    Taken before anything else is written, so that nobody waits for somebody who waits for them. SQLite's write lock is
    held already; readers go on on either engine.
    """
    if not is_sqlite():
        mode = "SHARE ROW EXCLUSIVE" if alone else "ROW EXCLUSIVE"
        db.session.execute(text(f"LOCK TABLE decision IN {mode} MODE"))


def table_of(model: Any) -> Table:  # noqa: ANN401 - SQLAlchemy types a model's table more loosely than it is
    """The table behind a model."""
    table: Table = model.__table__
    return table


class Changes:
    """Rows to insert and to update, by table; those of one table and kind give the same columns."""

    def __init__(self) -> None:
        self.inserts: dict[Table, list[Stored]] = {table_of(m): [] for m in (Record, Decision, DecisionClock)}
        self.updates: dict[Table, list[Stored]] = {table_of(m): [] for m in (Record, Decision, DecisionClock)}

    def insert(self, model: Any, row: Stored) -> None:  # noqa: ANN401 - as in table_of
        """A row that is new."""
        self.inserts[table_of(model)].append(row)

    def update(self, model: Any, row: Stored) -> None:  # noqa: ANN401 - as in table_of
        """A row that has changed, with its key."""
        self.updates[table_of(model)].append(row)

    def write(self, *, raise_versions: bool = True) -> None:
        """Writes the rows: records first, so that keys exist before they are pointed at.

        `raise_versions`: every record that is updated gets its next version; not where the caller has raised it.
        """
        clock = table_of(DecisionClock)
        for row, new_id in zip(self.inserts[clock], reserve_ids(DecisionClock, len(self.inserts[clock])), strict=True):
            row["id"] = new_id
        for row in chain(self.inserts[clock], self.updates[clock]):
            if row["delay_note"] is not None:
                row["delay_note"] = seal_note(row["delay_note"], row["id"])
        for table, rows in self.inserts.items():
            insert_many(table, rows)
        for table, rows in self.updates.items():
            if rows:
                statement = _update_by_key(table, rows[0], raise_versions)
                db.session.execute(statement, [_keyed(table, row) for row in rows])


def _update_by_key(table: Table, row: Stored, raise_versions: bool) -> Any:  # noqa: ANN401 - an UPDATE, typed loosely
    (key,) = table.primary_key.columns
    statement = update(table).where(key == bindparam("old_key"))
    values: dict[str, object] = {name: bindparam(f"new_{name}") for name in row if name != key.name}
    if table.name == Record.__tablename__ and raise_versions:
        values["version"] = table.c.version + 1
    return statement.values(**values)


def _keyed(table: Table, row: Stored) -> Stored:
    (key,) = table.primary_key.columns
    return {"old_key" if name == key.name else f"new_{name}": value for name, value in row.items()}


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
    decision = table_of(Decision)
    statement = (
        select(decision, Record.case_number)
        .join(Record, Record.id == decision.c.record_id)
        .where(decision.c.record_id == record_id)
    )
    return dict(db.session.execute(statement).mappings().one())


def stored_clocks(record_ids: list[int]) -> list[Stored]:
    """The clocks' columns of some decisions as they are, their notes opened; `Changes.write` seals them."""
    clock = table_of(DecisionClock)
    statement = select(clock).where(clock.c.decision_id.in_(record_ids))
    return [_opened(dict(row)) for row in db.session.execute(statement).mappings()]


def _opened(clock: Stored) -> Stored:
    if clock["delay_note"] is not None:
        clock["delay_note"] = open_note(clock["delay_note"], clock["id"])
    return clock
