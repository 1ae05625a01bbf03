"""Writing one kontrollmoment of a plan from a page, by the writer that files use, and voiding it."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select, update

from tracker.audit import trail
from tracker.control.bringing_in import REGISTER, import_controls
from tracker.control.models import ControlMoment, ControlSample
from tracker.database import db
from tracker.exchange.errors import Collector
from tracker.records.models import Mark, Record
from tracker.records.yearly import Importer, Line, record_of, take_one
from tracker.risk.models import ControlPlan
from tracker.rules.control_parties import controlling_themselves
from tracker.rules.errors import RuleViolation
from tracker.rules.plan_workflow import PlanState, is_open
from tracker.rules.sample_work import read_criteria
from tracker.rules.trail import Action

SAME = "{who} är den som kontrolleras. Välj någon annan, eller kryssa i att det ska vara så."
HAS_SAMPLES = "Kontrollmomentet har stickprov, så det makuleras inte. Skriv i stället varför det inte genomförs."
PLAN_CLOSED = "Planen är föreslagen eller fastställd. Öppna den för ändring först."
WHO = {"utforare": "Utföraren", "ansvarig": "Den ansvariga"}


def save_moment(
    year: int,
    ref: str,
    said: Mapping[str, object],
    known: tuple[int, int] | None,
    importer: Importer,
    now: datetime,
    *,
    same_is_meant: bool = False,
) -> int:
    """Saves one kontrollmoment within the caller's transaction; gives its record. `known`: the record and the version
    that was seen, None for a new one. `same_is_meant`: somebody has said that whoever is controlled may control.

    Raises RuleViolation when the ref is taken, the criteria cannot be, or somebody controls themselves and nobody has
    said that it is meant; StaleVersion when somebody has changed it since; ImportRefused as a file's row does.
    """
    take_one(REGISTER, year, ref, known)
    parties = (said.get(name) for name in ("controlled_party", "performer", "responsible"))
    same = controlling_themselves(*(name if isinstance(name, str) else None for name in parties))
    if same and not same_is_meant:
        raise RuleViolation("same_party", SAME.format(who=WHO[same[0]]), same[0])
    criteria = _criteria(said.get("criteria"))
    import_controls([Line(1, year, ref, {**said, "criteria": criteria})], importer, Collector(), now)
    record_id = record_of(REGISTER, year, ref)
    if record_id is None:
        raise LookupError(ref)
    if same:
        trail.record(Action.RECORD_CHANGED, record_id=record_id, changes={"same_party_meant": (None, ", ".join(same))})
    return record_id


def _criteria(text: object) -> str | None:
    """The criteria one a line, as a stickprov takes them; None for none."""
    try:
        found = read_criteria(text) if isinstance(text, str) else []
    except RuleViolation as violation:
        raise RuleViolation(violation.code, violation.message, "kriterier") from None
    return "\n".join(found) or None


def void_moment(moment: ControlMoment, seen: int, reason: str, now: datetime) -> None:
    """Takes a kontrollmoment out of lists, plan and files for good, within the caller's transaction; its ref stays
    taken, and the trail keeps it.

    Raises StaleVersion, RuleViolation when it has stickprov, or the plan is not a draft.
    """
    record_id = moment.record_id
    take_one(REGISTER, moment.year, moment.ref, (record_id, seen))  # from here on no step is taken with the plan
    # Whoever locks a population takes this row first: either they see the mark, or this sees their stickprov.
    db.session.execute(select(ControlMoment.mark).where(ControlMoment.record_id == record_id).with_for_update())
    state = db.session.scalars(select(ControlPlan.state).where(ControlPlan.year == moment.year)).one()
    if not is_open(PlanState(state)):
        raise RuleViolation("plan_closed", PLAN_CLOSED)
    if db.session.scalar(select(ControlSample.id).where(ControlSample.moment_id == record_id).limit(1)) is not None:
        raise RuleViolation("has_samples", HAS_SAMPLES)
    gone = update(Record).where(Record.id == record_id).values(voided_at=now, version=Record.version + 1)
    marked = update(ControlMoment).where(ControlMoment.record_id == record_id).values(mark=Mark.VOIDED.value)
    for statement in (gone, marked):
        db.session.execute(statement, execution_options={"synchronize_session": False})
    trail.record(Action.RECORD_VOIDED, record_id=record_id, changes={"voided_at": (None, now)}, reason=reason)
