"""Writing plans and risks: the only place that does."""

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from tracker.audit import trail
from tracker.database import db
from tracker.exchange.errors import Collector
from tracker.exchange.rows import Imported
from tracker.records.models import RecordKind
from tracker.records.yearly import Importer, Line, Register, Stored, bring_in, lock_table, take_one
from tracker.risk.models import ControlPlan, Risk
from tracker.risk.queries import scale_kept
from tracker.risk.tallying import tally
from tracker.rules.control_grading import Limits
from tracker.rules.plan_workflow import PlanState, is_open
from tracker.rules.risk_assessment import wrong_before_controls, wrong_on_net_list
from tracker.rules.risk_scoring import FOUR, Scale, score, wrong_steps
from tracker.rules.trail import Action, TargetKind

REGISTER = Register(
    Risk, RecordKind.RISK, "Risk", {"text": "risk", "likelihood": "sannolikhet", "consequence": "konsekvens"},
    frozenset({
        "text", "motivation", "cause", "effect", "likelihood_motivation", "consequence_motivation",
        "existing_controls", "owner", "net_reason",
    }),
)  # fmt: skip


CLOSED = "planen för {year} är föreslagen eller fastställd. Öppna den för ändring först, eller ta bort raden."


def ensure_plans(years: set[int], like: ControlPlan | None = None) -> dict[int, ControlPlan]:
    """The plan of each year; one that lacks is begun as a draft with the scale and limits of `like`, None: default."""
    wanted = select(ControlPlan).where(ControlPlan.year.in_(years))
    found = {plan.year: plan for plan in db.session.scalars(wanted)}
    if years - found.keys():
        lock_table(ControlPlan)  # two who begin the same year wait for each other here
        found = {plan.year: plan for plan in db.session.scalars(wanted)}
    limits = Limits() if like is None else Limits(like.good_limit, like.acceptable_limit)
    scale = json.dumps(FOUR.written(), ensure_ascii=False) if like is None else like.scale
    for year in sorted(years - found.keys()):
        found[year] = ControlPlan(
            year=year, scale=scale, good_limit=limits.good, acceptable_limit=limits.acceptable,
        )  # fmt: skip
        db.session.add(found[year])
        trail.record(Action.PLAN_BEGUN, target=(TargetKind.PLAN, year), changes={"state": (None, "draft")})
    db.session.flush()
    return found


def check_open(plan: ControlPlan, row: int, collector: Collector) -> None:
    """Notes that a row would change a plan that the committee is deciding or has decided about."""
    if not is_open(PlanState(plan.state)):
        collector.add(row, "ar", CLOSED.format(year=plan.year))


def scale_of(plan: ControlPlan) -> Scale:
    """The scale that lies with a plan."""
    return scale_kept(plan.scale)


def import_risks(lines: list[Line], importer: Importer, collector: Collector, now: datetime) -> Imported:
    """Saves the rows of a file of risks within the caller's transaction.

    Raises ImportRefused with every place that is wrong; the caller then rolls back.
    """
    lock_table(Risk)  # before the plans are asked for their state: nobody takes them further meanwhile
    plans = ensure_plans({line.year for line in lines})
    scales = {year: scale_of(plan) for year, plan in plans.items()}

    def finish(before: Stored | None, row: Stored, line: Line) -> None:
        if before != row:
            check_open(plans[line.year], line.number, collector)
        scale, row["in_net"] = scales[row["year"]], row["in_net"] is not False
        for violation in (
            *wrong_before_controls(scale, row["gross_likelihood"], row["gross_consequence"]),
            *wrong_on_net_list(row["in_net"], row["net_reason"]),
        ):
            collector.add(line.number, violation.field or "ref", violation.message)
        if row["likelihood"] is None or row["consequence"] is None:
            return
        wrong = wrong_steps(scale, row["likelihood"], row["consequence"])
        for violation in wrong:
            collector.add(line.number, violation.field, violation.message)
        if wrong:
            return
        row["score"] = score(row["likelihood"], row["consequence"])
        row["rank"] = -row["score"]

    result, changes = bring_in(REGISTER, lines, importer, collector, now, finish)
    tally(changes)
    return result


def save_risk(
    year: int, ref: str, said: Mapping[str, object], known: tuple[int, int] | None, importer: Importer, now: datetime
) -> int:
    """Saves one risk within the caller's transaction; gives its record. `known`: the record and the version that was
    seen, None for a new one.

    Raises RuleViolation when the ref is taken, StaleVersion when somebody has changed the risk since, ImportRefused
    as a file's row does.
    """
    take_one(REGISTER, year, ref, known)
    import_risks([Line(1, year, ref, said)], importer, Collector(), now)
    return db.session.scalars(select(Risk.record_id).where(Risk.year == year, Risk.ref == ref)).one()
