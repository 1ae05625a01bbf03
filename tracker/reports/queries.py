"""Which Word template is in use, and which have there been?"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import undefer

from tracker.accounts.models import User
from tracker.database import db
from tracker.reports.audiences import Audience
from tracker.reports.models import ReportTemplate

EVERY_AUDIENCE = "alla"
CONTROL_TEMPLATE = "internkontroll"  # the follow-up of internal control has no readers: one template for all


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """A version of a template, without its bytes."""

    id: int
    audience: str
    version: int
    name: str
    checksum: str
    uploaded_by: str
    uploaded_at: datetime
    active: bool


def find_template_in_use(audience: Audience) -> bytes | None:
    """The template for a reader: its own, else the one for all, else None (the program's own is used)."""
    own_first = case((ReportTemplate.audience == audience.value, 0), else_=1)
    return db.session.scalars(
        select(ReportTemplate.content)
        .where(ReportTemplate.active, ReportTemplate.audience.in_((audience.value, EVERY_AUDIENCE)))
        .order_by(own_first)
        .limit(1)
    ).first()


def find_control_template() -> ReportTemplate | None:
    """The follow-up's template in use, with its bytes; None where the program's own is used."""
    return db.session.scalars(
        select(ReportTemplate)
        .where(ReportTemplate.active, ReportTemplate.audience == CONTROL_TEMPLATE)
        .options(undefer(ReportTemplate.content))
    ).first()


def find_template(template_id: int) -> ReportTemplate | None:
    """A version with its bytes."""
    return db.session.get(ReportTemplate, template_id, options=[undefer(ReportTemplate.content)])


def list_templates() -> list[TemplateRow]:
    """Every version, the newest first."""
    rows = db.session.execute(
        select(
            ReportTemplate.id, ReportTemplate.audience, ReportTemplate.version, ReportTemplate.name,
            ReportTemplate.checksum, User.name, ReportTemplate.uploaded_at, ReportTemplate.active,
        )
        .join(User, User.id == ReportTemplate.uploaded_by_id)
        .order_by(ReportTemplate.id.desc())
    )  # fmt: skip
    return [TemplateRow(*row) for row in rows]


def newest_template_id() -> int:
    """The number of the version that was taken in last, 0 when there is none."""
    return db.session.scalar(select(func.max(ReportTemplate.id))) or 0
