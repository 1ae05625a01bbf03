"""A gallrad case no longer tells to whom it was handed over, neither on its page nor in its trail."""

from datetime import date

import pytest

from tests.audit.trails import verdict
from tests.cases.clearing import clear, keep
from tests.cases.making import reported, step, unit_id_of
from tests.factories import PASSWORD, make_user
from tests.support.pages import PageClient
from tracker.audit.history import list_history
from tracker.cases.provider_models import CaseHandover
from tracker.cases.registers import LEX_SARAH
from tracker.database import db
from tracker.rules.case_workflow import Assessment

RECEIVER = "Anna Berg på Solgården"


@pytest.fixture
def handed(app, frozen_day):
    """A lex Sarah case that was handed over on 2 March 2026; its record and who did it."""
    frozen_day(date(2026, 3, 2))
    unit_id_of("Vuxen")
    officer = make_user("ansvarig@kommun.example", "ansvarig").id
    record_id = reported("lex-sarah")
    step("lex-sarah", record_id, "receive", officer)
    step("lex-sarah", record_id, "assess", officer, assessment=Assessment.RISK, motivation="Kunde ha gått illa")
    given = {"receiver_kind": "utforare", "receiver": RECEIVER, "sent_by": "post"}
    step("lex-sarah", record_id, "hand_over", officer, comment="Hände där", other=given)
    return record_id, officer


def facts(app, record_id):
    client = PageClient(app)
    client.sign_in("ansvarig@kommun.example", PASSWORD)
    return client.get(f"/lex-sarah/{record_id}").text


def test_the_receiver_is_gone_and_the_kind_and_the_days_stay(app, handed, frozen_day):
    record_id, officer = handed
    assert f"Överlämnad till{RECEIVER} (privat utförare)" in facts(app, record_id)
    keep(lex_sarah=12)
    frozen_day(date(2027, 3, 3))
    assert clear(LEX_SARAH, officer) == 1
    page = facts(app, record_id)
    assert ("Anna Berg" in page, "Överlämnad tillPrivat utförare" in page) == (False, True)
    row = db.session.get(CaseHandover, record_id, populate_existing=True)
    assert (row.receiver, row.receiver_kind, row.sent_by, row.handed_on) == ("", "utforare", "post", date(2026, 3, 2))


def test_the_trail_holds_the_receiver_sealed_and_forgets_them(handed, frozen_day):
    record_id, officer = handed
    before = {change.field: change for event in list_history(record_id, with_personal=True) for change in event.changes}
    assert (before["receiver"].new, before["receiver"].personal) == (RECEIVER, True)
    keep(lex_sarah=12)
    frozen_day(date(2027, 3, 3))
    assert clear(LEX_SARAH, officer) == 1
    after = list_history(record_id, with_personal=True)
    assert RECEIVER not in str(after)
    assert verdict().whole
