"""Whom a case was closed to before is kept as whom it concerns; of other registers nothing is."""

from datetime import date

from flask_migrate import downgrade, upgrade

from tests.cases.making import reported, unit_id_of
from tests.factories import make_decisions, make_user
from tests.migrations.test_marks import app
from tests.records.granting import close, version_of
from tracker import clock
from tracker.cases.case_access import change_access
from tracker.cases.concerned import concerned_by
from tracker.cases.models import CaseConcerned
from tracker.database import db, writer
from tracker.records.access_steps import Act, Step
from tracker.rules.permissions import Role

__all__ = ["app"]
OLDER = "0046_search"
CHEF = "chef@kommun.example"


def test_the_closings_of_cases_are_kept_as_whom_they_concern(app):
    unit_id_of("Vuxen")
    db.session.commit()
    chef, officer = make_user(CHEF, Role.MANAGER).id, make_user("a@kommun.example", Role.LEX_SARAH_OFFICER).id
    make_decisions([{"ref": "closed"}], today=date(2022, 1, 31))
    close("closed", CHEF)
    cases = {kind: reported(kind, "Vuxen") for kind in ("deviations", "lex-sarah", "complaints")}
    plain = reported("deviations", "Vuxen")
    for record_id in cases.values():
        with writer():
            act = Act(record_id, version_of(record_id), officer, True, "Rör chefen", clock.now())
            change_access(act, Step.CLOSE, chef)
            db.session.commit()
    db.session.remove()
    downgrade(revision=OLDER)
    upgrade()
    kept = db.session.query(CaseConcerned.record_id, CaseConcerned.user_id)
    assert sorted(map(tuple, kept)) == [(record_id, chef) for record_id in sorted(cases.values())]
    assert concerned_by(plain) == frozenset()
    db.session.rollback()
