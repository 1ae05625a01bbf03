"""Taking in a Word template, and choosing which version is in use."""

import hashlib
from datetime import datetime

from sqlalchemy import func, select

from tracker.audit import trail
from tracker.audit.trail import Changes
from tracker.database import db
from tracker.printing.faults import Fault, WordError
from tracker.printing.word import fill, try_out
from tracker.reports.models import ReportTemplate
from tracker.reports.queries import CONTROL_TEMPLATE
from tracker.reports.rendering.control_example import bare_control_paper, full_control_paper
from tracker.reports.rendering.docx import contents_of
from tracker.reports.rendering.example import bare_paper, full_paper
from tracker.rules.errors import RuleViolation
from tracker.rules.trail import Action, TargetKind

LARGEST_TEMPLATE_BYTES = 4_000_000
LONGEST_NAME = 200
EXAMPLES = {CONTROL_TEMPLATE: (full_control_paper, bare_control_paper)}
SIGNATURE = b"PK\x03\x04"


def try_template(data: bytes, audience: str) -> bytes:
    """The template filled in with its report's example; nothing in the database is held while that takes its time.

    Raises WordError with all that is wrong with it.
    """
    if not data.startswith(SIGNATURE) or len(data) > LARGEST_TEMPLATE_BYTES:
        raise WordError([Fault("Filen är ingen Word-fil av typen .docx, eller större än 4 MB.")])
    db.session.rollback()
    full, bare = EXAMPLES.get(audience, (full_paper, bare_paper))
    filled = try_out(data, contents_of(full()))
    fill(data, contents_of(bare()))  # what a condition leaves out of the one may stand in the other
    return filled


def fill_example(data: bytes, audience: str) -> bytes:
    """A template that has been taken in, filled in with the example. Raises WordError."""
    return fill(data, contents_of(EXAMPLES.get(audience, (full_paper, bare_paper))[0]()))


def take_template(data: bytes, name: str, audience: str, user_id: int, now: datetime) -> ReportTemplate:
    """Takes in a template that has been tried, as the audience's newest version, and uses it from now on."""
    latest = select(func.max(ReportTemplate.version)).where(ReportTemplate.audience == audience)
    taken = ReportTemplate(
        audience=audience,
        version=(db.session.scalar(latest) or 0) + 1,
        name=name[:LONGEST_NAME],
        content=data,
        checksum=hashlib.sha256(data).hexdigest(),
        uploaded_by_id=user_id,
        uploaded_at=now,
        active=False,
    )
    db.session.add(taken)
    db.session.flush()
    _note(Action.TEMPLATE_ADDED, taken, {"name": (None, taken.name), "checksum": (None, taken.checksum)})
    use_template(taken)
    return taken


def use_template(template: ReportTemplate) -> None:
    """Uses this version from now on, in place of the one that was in use for the same reader.

    Raises RuleViolation when it is in use already.
    """
    if template.active:
        raise RuleViolation("template_in_use", "Den versionen används redan.")
    in_use = db.session.scalars(
        select(ReportTemplate).where(ReportTemplate.audience == template.audience, ReportTemplate.active)
    ).one_or_none()
    if in_use is not None:
        in_use.active = False
        db.session.flush()  # at most one is in use at any moment
    template.active = True
    db.session.flush()
    _note(Action.TEMPLATE_CHOSEN, template, {"version": (in_use and in_use.version, template.version)})


def stop_template(template: ReportTemplate) -> None:
    """Does not use the version any more. Raises RuleViolation when it is not in use."""
    if not template.active:
        raise RuleViolation("template_not_in_use", "Den versionen används inte längre.")
    template.active = False
    db.session.flush()
    _note(Action.TEMPLATE_CHOSEN, template, {"version": (template.version, None)})


def _note(action: Action, template: ReportTemplate, changes: Changes) -> None:
    trail.record(
        action,
        target=(TargetKind.TEMPLATE, template.id),
        changes={"audience": (template.audience, template.audience), **changes},
        personal={"name"} & set(changes),
    )
