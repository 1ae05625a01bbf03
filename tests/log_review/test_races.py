"""Two reviewers at the same moment: one is kept, the other is told; on both engines, with real transactions."""

from threading import Barrier, Thread

from sqlalchemy import select

from tests.factories import make_user
from tests.log_review.checking import all_authorised, draw, items, wish
from tests.log_review.events import at, read
from tracker import clock
from tracker.database import db, writer
from tracker.log_review import services
from tracker.log_review.checks import list_draws
from tracker.log_review.models import LogCheck, LogPlan
from tracker.rules.errors import RuleViolation
from tracker.rules.log_checks import Grade, Result
from tracker.rules.permissions import Role


def at_once(app, *acts):
    """What became of each act, done in threads that begin together: "done", or the refusal's code."""
    start, outcomes = Barrier(len(acts)), []

    def run(act):
        with app.app_context(), writer():
            start.wait()
            try:
                act()
                db.session.commit()
                outcomes.append("done")
            except RuleViolation as violation:
                db.session.rollback()
                outcomes.append(violation.code)

    db.session.commit()
    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    db.session.remove()
    db.engine.dispose()  # the threads' connections remember triggers that emptying the tables takes away for a moment
    return sorted(outcomes)


def test_two_draws_at_once_make_one(app, plan):
    read(at("2026-08-01"))
    today, now = clock.today(), clock.now()
    acts = [lambda: services.draw_sample(3, 1, "", 1, today, now)] * 2
    assert at_once(app, *acts) == ["done", "stale"]
    assert len(list_draws(3)) == 1


def test_grading_and_signing_at_once_never_both(app, plan):
    read(at("2026-08-01"))
    draw()
    item_id, now = items()[0].id, clock.now()
    with writer():
        services.grade_reads(3, 2, all_authorised(), 1, now)
        db.session.commit()
    outcome = at_once(
        app,
        lambda: services.sign_check(3, 3, Result.WITHOUT_REMARK, "", 1, now),
        lambda: services.grade_reads(3, 3, {item_id: (Grade.UNAUTHORISED, "Inget ärende")}, 1, now),
    )
    assert outcome in (["done", "signed"], ["done", "stale"])
    check = db.session.get_one(LogCheck, 3)
    assert (items()[0].grade == "obehorig") is (check.signed_at is None)


def test_two_plans_for_one_year_and_unit_make_one(app, today):
    reviewer = make_user("granskare@kommun.example", Role.LOG_REVIEWER).id
    wanted, day, now = wish(reviewer), clock.today(), clock.now()
    assert at_once(app, *[lambda: services.plan_checks(wanted, day, now)] * 3) == ["done", "plan_taken", "plan_taken"]
    assert len(list(db.session.scalars(select(LogPlan)))) == 1
