"""Bringing in files of kontrollmoment and of stickprov in figures."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from tracker.accounts.models import Unit
from tracker.control.drawn import DrawnSample
from tracker.control.importing import SampleLine
from tracker.control.models import ControlMoment, ControlSample
from tracker.database import db, insert_many
from tracker.exchange.columns import CLEAR, LEAVE
from tracker.exchange.errors import Collector
from tracker.exchange.rows import Imported
from tracker.records.models import Mark, RecordKind
from tracker.records.natural import natural_key
from tracker.records.numbers import Numbers
from tracker.records.yearly import BulkTrail, Importer, Line, Register, Stored, bring_in, lock_table, raise_versions
from tracker.risk.models import ControlPlan, Risk
from tracker.risk.services import check_open, ensure_plans
from tracker.rules.control_grading import Limits, check_limits, outcome_of
from tracker.rules.errors import RuleViolation
from tracker.rules.plan_workflow import PlanState, check_results_open

REGISTER = Register(
    ControlMoment, RecordKind.CONTROL, "Kontrollmoment", {"name": "kontrollmoment"},
    frozenset(
        {
            "name", "responsible", "not_done", "not_done_next", "comment", "subject", "criteria", "performer",
            "controlled_party", "reported_to",
        }
    ),
)  # fmt: skip
OUTCOME = frozenset({"not_done", "not_done_next", "comment"})  # what is said of a kontrollmoment as it is carried out
SAMPLE_PERSONAL = frozenset({"comment"})
SAMPLE_REQUIRED = {"selected": "utvalda", "deviations": "avvikelser"}
DRAWN_HERE = "stickprovet {ref} är draget här, så dess siffror kommer ur posterna. Ta bort raden."
NO_RISK = "risken {ref} finns inte {year}. Läs in riskerna först, eller rätta beteckningen."
NO_MOMENT = "kontrollmomentet {ref} finns inte {year}. Läs in kontrollmomenten först, eller rätta beteckningen."


def import_controls(lines: list[Line], importer: Importer, collector: Collector, now: datetime) -> Imported:
    """Saves the rows of a file of kontrollmoment within the caller's transaction.

    Raises ImportRefused with every place that is wrong; the caller then rolls back.
    """
    lock_table(ControlMoment)  # before the plans are asked for their state: nobody takes them further meanwhile
    years = {line.year for line in lines}
    plans, risks = ensure_plans(years), _seen(Risk, years, importer)
    made = [replace(line, said=_pointing(line, risks, collector)) for line in lines]

    def finish(before: Stored | None, row: Stored, line: Line) -> None:
        plan = plans[row["year"]]
        if row["not_done"] is None:
            row["not_done_next"] = None
        if before is None or any(before[name] != row[name] for name in row if name not in OUTCOME):
            check_open(plan, line.number, collector)
        elif before != row:
            _check_results(plan.state, line.number, collector)
        good, acceptable = row["good_limit"], row["acceptable_limit"]
        try:
            check_limits(
                Limits(
                    plan.good_limit if good is None else good,
                    plan.acceptable_limit if acceptable is None else acceptable,
                )
            )
        except RuleViolation as violation:
            collector.add(line.number, violation.field, violation.message)

    result, _ = bring_in(REGISTER, made, importer, collector, now, finish)
    return result


def _check_results(state: str, row: int, collector: Collector) -> None:
    try:
        check_results_open(PlanState(state))
    except RuleViolation as violation:
        collector.add(row, "ar", violation.message)


def _seen(model: type[Risk] | type[ControlMoment], years: set[int], importer: Importer) -> dict[tuple[int, str], int]:
    """(year, ref) → record of what the importer sees of a register; what is voided can be pointed at by nobody."""
    rows = db.session.execute(
        select(model.year, model.ref, model.record_id, model.mark, Unit.tree_from)
        .join(Unit, Unit.id == model.unit_id)
        .where(model.year.in_(years), model.mark != Mark.VOIDED.value)
    )
    return {(row[0], row[1]): row[2] for row in rows if importer.sees(row[4], row[2], row[3])}


def _pointing(line: Line, risks: dict[tuple[int, str], int], collector: Collector) -> dict[str, object]:
    """What a row says, with the risk's number in place of its ref."""
    said = dict(line.said)
    ref = said.pop("risk_ref")
    if not isinstance(ref, str):
        return said | {"risk_id": ref}
    found = risks.get((line.year, ref))
    if found is None:
        collector.add(line.number, "risk_ref", NO_RISK.format(ref=ref, year=line.year))
    return said | {"risk_id": found}


def import_samples(lines: list[SampleLine], importer: Importer, collector: Collector) -> Imported:
    """Saves the rows of a file of stickprov within the caller's transaction.

    Raises ImportRefused with every place that is wrong; the caller then rolls back.
    """
    lock_table(ControlMoment)
    years = {line.year for line in lines}
    moments, stored, result = _seen(ControlMoment, years, importer), _samples(years), Imported()
    new, changed, told, numbers = list[Stored](), list[Stored](), BulkTrail(SAMPLE_PERSONAL), Numbers()
    drawn = frozenset(db.session.scalars(select(DrawnSample.sample_id)))
    plans = db.session.execute(select(ControlPlan.year, ControlPlan.state).where(ControlPlan.year.in_(years)))
    states = {row[0]: row[1] for row in plans}
    for line in lines:
        moment_id = moments.get((line.year, line.moment_ref))
        if moment_id is None:
            collector.add(line.number, "kontroll_ref", NO_MOMENT.format(ref=line.moment_ref, year=line.year))
        before = None if moment_id is None else stored.get((moment_id, line.ref))
        if before and before["id"] in drawn:
            collector.add(line.number, "ref", DRAWN_HERE.format(ref=line.ref))
            continue
        after = _merged(before, moment_id, line)
        _check(after, line, collector)
        result.count(before is None, after != before)
        if moment_id is None or after == before:
            continue
        _check_results(states[line.year], line.number, collector)
        if before is None:
            after["id"] = numbers.take(ControlSample)
            new.append(after)
        else:
            changed.append(after)
        told.changed(moment_id, _differences(line.ref, before or {}, after))
    collector.raise_if_any()
    insert_many(ControlSample.__table__, new)  # type: ignore[arg-type] # SQLAlchemy types a model's table more loosely
    _update(changed)
    raise_versions(told.records)
    told.note()
    return result


def _differences(ref: str, before: Stored, after: Stored) -> dict[str, tuple[object, object]]:
    """What differs in a stickprov, as its moment's entry in the trail tells of it."""
    return {
        f"stickprov {ref} {name}": (before.get(name), value)
        for name, value in after.items()
        if name not in {"id", "moment_id", "ref", "ref_key"} and before.get(name) != value
    }


def _samples(years: set[int]) -> dict[tuple[int, str], Stored]:
    table: Any = ControlSample.__table__
    rows = db.session.execute(
        select(table)
        .join(ControlMoment, ControlMoment.record_id == table.c.moment_id)
        .where(ControlMoment.year.in_(years))
    )
    return {(row.moment_id, row.ref): dict(row._mapping) for row in rows}


def _merged(before: Stored | None, moment_id: int | None, line: SampleLine) -> Stored:
    key = {"moment_id": moment_id, "ref": line.ref, "ref_key": natural_key(line.ref), "dropouts": 0}
    after: Stored = dict(before) if before else dict.fromkeys(ControlSample.__table__.columns.keys()) | key
    for name, value in line.said.items():
        if value is not LEAVE:
            after[name] = None if value is CLEAR else value
    if after["dropouts"] is None:
        after["dropouts"] = 0
    return after


def _check(after: Stored, line: SampleLine, collector: Collector) -> None:
    lacking = [column for name, column in SAMPLE_REQUIRED.items() if after[name] is None]
    for column in lacking:
        collector.add(line.number, column, "saknas. Den måste finnas.")
    if lacking:
        return
    if after["population"] is not None and after["selected"] > after["population"]:
        collector.add(
            line.number,
            "utvalda",
            f"{after['selected']} är fler än populationen ({after['population']}). Rätta ett av talen.",
        )
    try:
        outcome_of(after["selected"], after["dropouts"], after["deviations"])
    except RuleViolation as violation:
        collector.add(line.number, violation.field, violation.message)


def _update(rows: list[Stored]) -> None:
    if not rows:
        return
    table: Any = ControlSample.__table__
    names = [name for name in table.columns.keys() if name != "id"]  # noqa: SIM118 - of a collection of columns
    statement = update(table).where(table.c.id == bindparam("key"))
    given = [{"key": row["id"]} | {f"new_{name}": row[name] for name in names} for row in rows]
    db.session.connection().execute(statement.values({name: bindparam(f"new_{name}") for name in names}), given)
