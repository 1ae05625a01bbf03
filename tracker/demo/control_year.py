"""Filling the demonstration with three years of internal control, as its office would have: two told, one under way."""

from dataclasses import replace
from datetime import UTC, date, datetime

from sqlalchemy import select

from tracker.accounts.models import User
from tracker.activity.services import save_activity
from tracker.control.bringing_in import import_controls, import_samples
from tracker.control.drawn import DrawnSample
from tracker.control.importing import CONTROL_COLUMNS, SAMPLE_COLUMNS, parse_controls, parse_samples
from tracker.control.models import ControlMoment
from tracker.control.services import Wish, step_plan
from tracker.database import db
from tracker.demo.internal_control import (
    ACTIVITIES,
    NOT_DONE_NEXT,
    WAITING_MOMENT,
    DemoActivity,
    moment_rows,
    risk_rows,
    sample_rows,
    waiting_period,
    years_told,
)
from tracker.demo.tables import as_table
from tracker.exchange.columns import LEAVE
from tracker.exchange.errors import Collector
from tracker.records.yearly import Importer
from tracker.reports.control_texts import save_texts
from tracker.reports.year_texts import Written
from tracker.risk.importing import COLUMNS, parse_risks
from tracker.risk.models import ControlPlan
from tracker.risk.services import import_risks
from tracker.rules.activities import ActivityStatus
from tracker.rules.control_texts import SUGGESTIONS, TextSection
from tracker.rules.permissions import Role
from tracker.rules.plan_workflow import Decision, PlanStep
from tracker.rules.sample_work import Verdict
from tracker.rules.sampling import SelectBy, Selection, read_population
from tracker.stickprov import services as stickprov
from tracker.stickprov.queries import list_draws, list_items

TEXTS = SUGGESTIONS | {
    TextSection.DECISION: "Nämnden skickar uppföljningen till kommunstyrelsen och revisorerna.",
    TextSection.SUMMARY: "Rutinerna följs i de flesta fall. Det som brister tas med när nästa plan görs.",
    TextSection.MATTER: "Nämnden fastställde planen i december året före. Förvaltningen har gjort kontrollerna under "
    "året och redovisar här vad de visar.",
    TextSection.ATTACHMENTS: "Internkontrollplanen",
    TextSection.INTRODUCTION: "Uppföljningen gäller alla kontrollmoment i planen och årets aktiviteter.",
}
PAYMENTS, TAKEN, WRONG = 1_100, 30, frozenset({3, 11, 12, 20})


def load_internal_control(home_unit_id: int, today: date, now: datetime) -> None:
    """Risks, kontrollmoment, stickprov and the committee's decisions, in the caller's transaction."""
    importer, collector = Importer(home_unit_id), Collector()
    import_risks(parse_risks(as_table(risk_rows(today), COLUMNS), collector), importer, collector, now)
    moments = as_table(moment_rows(today), CONTROL_COLUMNS)
    lines = parse_controls(moments, collector)
    import_controls(lines, importer, collector, now)
    untold = [line for line in lines if isinstance(line.said["not_done"], str)]
    next_year = {"risk_ref": LEAVE, "not_done_next": NOT_DONE_NEXT}
    import_controls([replace(line, said=next_year) for line in untold], importer, collector, now)
    samples = as_table(sample_rows(today), SAMPLE_COLUMNS)
    import_samples(parse_samples(samples, collector), importer, collector)
    for activity in ACTIVITIES:
        _decide_activity(activity, importer, today, now)
    for year in years_told(today):
        _decide(year, PlanStep.PROPOSE, date(year - 1, 12, 1), today)
        _decide(year, PlanStep.ADOPT, date(year - 1, 12, 15), today)
        if year < today.year:
            _decide(year, PlanStep.FOLLOW_UP, min(date(year + 1, 1, 31), today), today)
            save_texts(year, {section: Written(text, 0) for section, text in TEXTS.items()})
    if (period := waiting_period(today)) is not None:
        _hand_over(today.year, period, now)


def _decide_activity(activity: DemoActivity, importer: Importer, today: date, now: datetime) -> None:
    year = today.year - activity.years_back
    due_on = date(year, *activity.due)
    said = {"text": activity.text, "responsible": activity.responsible, "due_on": due_on, "risk_ref": activity.risk_ref,
            "status": activity.status.value, "analysis": activity.analysis or None,
            "done_on": min(due_on, today) if activity.status is ActivityStatus.DONE else None}  # fmt: skip
    save_activity(year, activity.ref, said, None, importer, today, now)


def _hand_over(year: int, period: str, now: datetime) -> None:
    """The unit has drawn a stickprov, checked it, and waits for somebody else to accept it."""
    by = _user(Role.MANAGER)
    wanted = (ControlMoment.year == year, ControlMoment.ref == WAITING_MOMENT)
    moment_id = db.session.scalars(select(ControlMoment.record_id).where(*wanted)).one()
    population = read_population(f"EB-{year}-{number:04}" for number in range(1, PAYMENTS + 1))
    wish = stickprov.Wish("S1", population, "Ansökan finns\nRätt belopp\nAttest", period)
    sample_id = stickprov.lock_population(moment_id, wish, by, now)
    stickprov.draw(sample_id, _version(sample_id), Selection(SelectBy.NUMBER, TAKEN), "", by, now)
    entries = {}
    for place, found in enumerate(list_items(list_draws(sample_id)[-1].id)):
        failed = ("Rätt belopp",) if place in WRONG else ()
        verdict = Verdict.DEVIATING if failed else Verdict.APPROVED
        entries[found.item.id] = stickprov.Entry(found.item.version, verdict, failed)
    stickprov.note_results(sample_id, entries, by)
    stickprov.propose(sample_id, _version(sample_id), by)


def _version(sample_id: int) -> int:
    return db.session.scalars(select(DrawnSample.version).where(DrawnSample.sample_id == sample_id)).one()


def _user(role: Role) -> int:
    return db.session.scalars(select(User.id).where(User.email.startswith(f"{role}@"))).one()


def _decide(year: int, step: PlanStep, day: date, today: date) -> None:
    """Takes a step on a day, as the one whose it is."""
    role = Role.SECRETARY if step in {PlanStep.ADOPT, PlanStep.APPROVE} else Role.CONTROL_COORDINATOR
    by = _user(role)
    seen = db.session.scalars(select(ControlPlan.version).where(ControlPlan.year == year)).one()
    decision = Decision(day, f"§ {100 + year % 50}", f"SN {day.year}/{year % 100 * 7:04}")
    step_plan(year, Wish(step, seen, decision), by, today, datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
