"""Planning, drawing, grading and signing as the tests do it, each committed at once."""

from datetime import date

import pytest

from tests.factories import make_user
from tests.log_review.events import at, entry, read
from tracker import clock
from tracker.accounts.queries import find_top_unit
from tracker.database import db, writer
from tracker.log_review import services
from tracker.log_review.checks import list_checks, list_draws, list_items
from tracker.log_review.models import LogDraw, LogDrawItem
from tracker.rules.errors import RuleViolation
from tracker.rules.log_checks import Grade, Result, SampleBy
from tracker.rules.permissions import Role
from tracker.rules.trail import ReadKind

KINDS = (ReadKind.RECORD, ReadKind.EXPORT)
THIRD = "/logg/kontroller/3"  # the third quarter, 1 July–30 September 2026, due on 30 October


def wish(reviewer: int, **others: object) -> services.PlanWish:
    """Four checks of 2026 for everything, three readings each."""
    given = {"year": 2026, "unit_id": find_top_unit().id, "checks": 4, "sample_by": SampleBy.NUMBER, "amount": 3,
             "kinds": KINDS, "reviewer_id": reviewer}  # fmt: skip
    return services.PlanWish(**given | others)


def draw(check_id: int = 3, version: int = 1, reason: str = "", drawer: int = 1) -> LogDraw:
    with writer():
        made = services.draw_sample(check_id, version, reason, drawer, clock.today(), clock.now())
        db.session.commit()
    return made


def items() -> list[LogDrawItem]:
    return list_items(list_draws(3)[-1].id)


def all_authorised() -> dict[int, tuple[Grade, str]]:
    return {item.id: (Grade.AUTHORISED, "") for item in items()}


def grade(wanted, version: int, grader: int) -> int:
    with writer():
        changed = services.grade_reads(3, version, wanted, grader, clock.now())
        db.session.commit()
    return changed


def sign(version: int, signer: int, result: Result = Result.WITHOUT_REMARK, conclusion: str = "Allt väl.") -> None:
    with writer():
        services.sign_check(3, version, result, conclusion, signer, clock.now())
        db.session.commit()


def refused(act, *arguments, **named) -> RuleViolation:
    """The refusal; nothing of what was begun stays."""
    with pytest.raises(RuleViolation) as violation, writer():
        act(*arguments, **named)
    db.session.rollback()
    return violation.value


def make_reviewed(email: str) -> dict[str, int]:
    """A reviewer of everything, who has planned 2025 and drawn its first check: an own reading and another's."""
    reviewer = make_user(email, Role.LOG_REVIEWER, name="Log Reviewer")
    reader = make_user(f"lasare.{email}", name="Rut Läsare")
    read(at("2025-02-03"), reader.id, "export", what="beslut", row_count=12)
    read(at("2025-02-04"), reviewer.id, "record")
    entry(at("2025-02-05"), reader.id, "sign_in.done", names=[])
    with writer():
        plan = services.plan_checks(wish(reviewer.id, year=2025), date(2026, 1, 1), clock.now())
        check_id = list_checks([plan.id])[0].id
        services.draw_sample(check_id, 1, "", reviewer.id, date(2026, 1, 1), clock.now())
        db.session.commit()
    return {"plan_id": plan.id, "check_id": check_id, "reviewer_id": reviewer.id}
