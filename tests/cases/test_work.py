"""The work lists over the register of lex Sarah: what each role is told to do, and that each list holds just that."""

from datetime import date

import pytest

from tests.cases.making import reported, step, unit_id_of
from tests.factories import PASSWORD, make_user
from tests.support.checks import text_of
from tests.support.pages import PageClient
from tracker import clock
from tracker.cases.texts import INVESTIGATION, write_words
from tracker.database import db, writer
from tracker.rules.case_workflow import Assessment

DAY = date(2026, 3, 2)


@pytest.fixture
def house(app, frozen_day):
    """Monday 2 March 2026: two to receive, three investigated (one of them notified on the last day of January), one to
    decide, one decided and one acted on; the first utredare has one of those that are investigated.
    """
    frozen_day(date(2026, 1, 31))
    for name in ("Vuxen", "Barn"):
        unit_id_of(name)
    db.session.commit()
    boss = make_user("ansvarig@kommun.example", "ansvarig").id
    one = make_user("ett@kommun.example", "utredare").id
    two = make_user("tva@kommun.example", "utredare").id

    def case(*, to=None, complete=False, decide=False):
        record_id = reported("lex-sarah", "Vuxen")
        if to is None:
            return record_id
        step("lex-sarah", record_id, "receive", boss)
        step("lex-sarah", record_id, "assign", boss, investigator_id=to)
        if complete or decide:
            with writer():
                for section in INVESTIGATION:
                    write_words(record_id, section, f"Om {section}", to, clock.now())
                db.session.commit()
            step("lex-sarah", record_id, "complete", to)
        if decide:
            step("lex-sarah", record_id, "decide", boss, assessment=Assessment.RISK, motivation="Så")
        return record_id

    notified = case(to=one)
    step("lex-sarah", notified, "notify_ivo", boss)
    case(), case(), case(to=two), case(to=two), case(to=two, complete=True), case(to=two, decide=True)
    step("lex-sarah", case(to=two, decide=True), "act", boss)
    frozen_day(DAY)


def work_of(page):
    """(text, address) of each work list."""
    lists = [element for element in page.tree.iter("ul") if "figures" in (element.get("class") or "")]
    return [(text_of(link), link.get("href")) for found in lists for link in found.iter("a")]


def visitor(app, mail):
    """Somebody signed in."""
    client = PageClient(app)
    client.sign_in(mail, PASSWORD)
    return client


def test_who_decides_has_every_list_and_each_holds_just_that_many(app, house):
    client = visitor(app, "ansvarig@kommun.example")
    found = work_of(client.get("/lex-sarah"))
    assert [text for text, _ in found] == [
        "2 att ta emot", "3 utreds", "1 att besluta", "2 att följa upp", "1 utredning till IVO, senast 31 mars 2026",
    ]  # fmt: skip
    for (_, address), count in zip(found, (2, 3, 1, 2, 1), strict=True):
        assert len(client.get(address).table("Lex Sarah").rows) == count
    assert work_of(client.get("/lex-sarah?status=oppna")) == []


def test_an_utredare_has_what_is_theirs(app, house):
    client = visitor(app, "ett@kommun.example")
    found = work_of(client.get("/lex-sarah"))
    assert [text for text, _ in found] == ["1 utreds", "1 utredning till IVO, senast 31 mars 2026"]
    assert [len(client.get(address).table("Lex Sarah").rows) for _, address in found] == [1, 1]


def test_who_sees_cases_in_short_has_no_work_and_no_filter_of_what_is_not_told(app, house):
    make_user("chef@kommun.example", "chef", unit="Vuxen")
    client = visitor(app, "chef@kommun.example")
    assert work_of(client.get("/lex-sarah")) == []
    assert "LS-2026" not in client.get("/lex-sarah?status=utredning-till-ivo").text
