"""Every step that the table does not let somebody take is refused by the server: each kind, state, step and role."""

import pytest
from sqlalchemy import update

from tests.cases.making import REGISTERS, reported, stands, unit_id_of
from tests.factories import PASSWORD, make_user
from tests.records.granting import version_of
from tests.support.pages import PageClient
from tracker.cases.addresses import STEP_SLUGS
from tracker.cases.pages import WORDS
from tracker.database import db
from tracker.rules.case_workflow import ENDED, TABLE, CaseKind, CaseState, CaseStep
from tracker.rules.permissions import Permission, Role, allows

NAMES = {"deviations": CaseKind.DEVIATION, "lex-sarah": CaseKind.LEX_SARAH, "complaints": CaseKind.COMPLAINT}
# What an utredare does with a case that has been given to them, whoever decides may do too, but for this.
ONLY_WITH_THE_CASE = {CaseStep.COMPLETE}


def may(role, kind, state, step):
    """Whether the table lets a role, with no case given to it, take a step from a state."""
    row = next((one for one in TABLE if one.kind is kind and one.step is step), None)
    if row is None or state not in row.starts or step in ONLY_WITH_THE_CASE:
        return False
    asked = row.permission
    if asked is Permission.INVESTIGATE_LEX_SARAH:
        asked = Permission.DECIDE_LEX_SARAH
    return allows([role], asked)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("role", Role)
def test_a_forbidden_step_is_refused_and_changes_nothing(app, role, name):
    register, kind = REGISTERS[name], NAMES[name]
    record_id = reported(name, "Vuxen")
    unit_id_of("Vuxen")
    visitor = PageClient(app)
    visitor.sign_in(make_user(f"{role}@kommun.example", role).email, PASSWORD)
    tried = 0
    for state in sorted({start for row in TABLE if row.kind is kind for start in row.starts}):
        put = {"state": state.value, "is_open": state not in ENDED}
        db.session.execute(update(register.model).where(register.model.record_id == record_id).values(put))
        db.session.commit()
        before = stands(register, record_id)
        for step in CaseStep:
            if may(role, kind, CaseState(state), step):
                continue
            end = "ratta" if step is CaseStep.CORRECT else f"steg/{STEP_SLUGS[step]}"
            sent = {"version": str(version_of(record_id)), "comment": "Nej", "reason": "Nej", "day": "2026-03-02"}
            answer = visitor.post(f"{WORDS[register.kind].path}/{record_id}/{end}", sent, status=None)
            assert answer.status in {403, 404, 409}, (state, step, answer.status)
            tried += 1
        assert stands(register, record_id) == before, state
    assert tried > len(CaseStep)
