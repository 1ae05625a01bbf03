"""Two at once: a scale that shrinks while a risk comes in outside it, an activity that changes while it is proposed."""

import pytest
from sqlalchemy import select

from tests.accounts.test_units import at_once
from tests.activity.making import DUE, make_activity
from tests.control.office import versions
from tests.control.test_plan import filled
from tracker import clock
from tracker.accounts.queries import find_top_unit
from tracker.activity.models import Activity
from tracker.activity.queries import activities_content
from tracker.activity.services import save_activity
from tracker.control.plan_queries import find_version
from tracker.control.scaling import Measures, save_measures
from tracker.control.services import Wish, step_plan
from tracker.database import db, writer
from tracker.exchange.errors import Collector, ImportRefused
from tracker.records.scope import EVERY_RECORD
from tracker.records.yearly import Importer, Line
from tracker.risk.models import ControlPlan, Risk
from tracker.risk.queries import plan_of
from tracker.risk.services import import_risks
from tracker.rules.control_grading import Limits
from tracker.rules.errors import RuleViolation
from tracker.rules.plan_workflow import PlanStep
from tracker.rules.risk_scoring import FIVE, FOUR, Scale

__all__ = ["filled"]
REFUSALS = (RuleViolation, ImportRefused)


def measure(scale: Scale) -> str:
    """Saves a scale on the version that stands."""
    try:
        with writer():
            seen = db.session.scalars(select(ControlPlan.version).where(ControlPlan.year == 2021)).one()
            save_measures(2021, Measures(scale, Limits(), seen), EVERY_RECORD)
            db.session.commit()
    except REFUSALS:
        return "refused"
    return "saved"


def assess(ref: str, step: int) -> str:
    """Brings in a risk with this sannolikhet and konsekvens."""
    said = {"text": "Brand", "likelihood": step, "consequence": step}
    try:
        with writer():
            import_risks([Line(1, 2021, ref, said)], Importer(find_top_unit().id), Collector(), clock.now())
            db.session.commit()
    except REFUSALS:
        return "refused"
    return "saved"


@pytest.mark.parametrize("ref", ["R7", "R8", "R9"])
def test_no_risk_stands_outside_a_scale_that_shrinks_meanwhile(filled, ref):
    assert measure(FIVE) == "saved"

    def shrink() -> str:
        with filled.app.app_context():
            return measure(FOUR)

    def bring_in() -> str:
        with filled.app.app_context():
            return assess(ref, 5)

    assert sorted(at_once(filled.app, shrink, bring_in)) == ["refused", "saved"]
    outside = db.session.scalars(select(Risk.ref).where(Risk.year == 2021, Risk.likelihood > 4)).all()
    assert (plan_of(2021).scale.size, outside) in [(4, []), (5, [ref])]


def test_an_activity_that_changes_as_it_is_proposed_is_kept_as_it_stands(filled):
    record_id = make_activity()
    seen = db.session.scalars(select(ControlPlan.version).where(ControlPlan.year == 2021)).one()

    def propose() -> str:
        with filled.app.app_context(), writer():
            step_plan(2021, Wish(PlanStep.PROPOSE, seen), None, clock.today(), clock.now())
            db.session.commit()
        return "proposed"

    def change() -> str:
        said = {"text": "Annan text", "due_on": DUE}
        try:
            with filled.app.app_context(), writer():
                importer = Importer(find_top_unit().id)
                save_activity(2021, "A1", said, (record_id, 1), importer, clock.today(), clock.now())
                db.session.commit()
        except REFUSALS:
            return "refused"
        return "changed"

    proposed, changed = at_once(filled.app, propose, change)
    assert proposed == "proposed"
    kept = find_version(2021, 1, EVERY_RECORD).content["activities"]
    assert kept == activities_content(2021, given=True)
    assert [row["text"] for row in kept] == ["Annan text" if changed == "changed" else "Rutinen ses över"]
    assert versions()["2021/A1"] == (2 if changed == "changed" else 1)
    assert db.session.scalars(select(Activity.in_plan)).all() == [True]
