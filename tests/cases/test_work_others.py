"""The work lists over avvikelser and synpunkter: what waits, and that each list holds just that."""

from datetime import date

import pytest

from tests.actions.making import make_action
from tests.cases.making import reported, step, unit_id_of
from tests.cases.test_work import visitor, work_of
from tests.factories import make_user
from tracker.database import db

DAY = date(2026, 3, 2)
CHEF = "chef@kommun.example"


@pytest.fixture
def house(app, frozen_day):
    """Monday 2 March 2026. Three avvikelser of 30 January: one to receive, two received, of which one is investigated
    and has an action that was to be done on 1 March. One of 31 January is received that day: it stood thirty days. Of
    the synpunkter two are of 19 February and a day before (their last days are 1 March and 28 February, both passed),
    one of 20 February (2 March) and one of 23 February (5 March), the last is of 24 February (6 March).
    """
    frozen_day(date(2026, 1, 30))
    unit_id_of("Vuxen")
    db.session.commit()
    chef = make_user(CHEF, "chef", unit="Vuxen").id
    waits, received, investigated = (reported("deviations", "Vuxen") for _ in range(3))
    for record_id in (received, investigated):
        step("deviations", record_id, "receive", chef)
    step("deviations", investigated, "investigate", chef)
    reported("deviations", "Barn")
    frozen_day(date(2026, 1, 31))
    step("deviations", reported("deviations", "Vuxen"), "receive", chef)
    make_action(investigated, today=date(2026, 1, 31), decided_on=date(2026, 1, 31), due_on=date(2026, 3, 1))
    make_action(received, today=date(2026, 1, 31), decided_on=date(2026, 1, 31), due_on=DAY)
    for day, receive in ((18, True), (19, True), (20, False), (23, True), (24, False)):
        frozen_day(date(2026, 2, day))
        record_id = reported("complaints", "Vuxen")
        if receive:
            step("complaints", record_id, "receive", chef)
    frozen_day(DAY)
    return waits


def test_the_lists_of_avvikelser_hold_just_what_they_say(app, house):
    client = visitor(app, CHEF)
    found = work_of(client.get("/avvikelser"))
    assert [text for text, _ in found] == [
        "1 att ta emot", "1 utreds", "3 står still mer än 30 dagar", "1 med försenad åtgärd",
    ]  # fmt: skip
    for (_, address), count in zip(found, (1, 1, 3, 1), strict=True):
        assert len(client.get(address).table("Avvikelser").rows) == count, address
    assert work_of(client.get("/avvikelser?status=oppna")) == []


def test_the_lists_of_synpunkter_hold_just_what_they_say(app, house):
    client = visitor(app, CHEF)
    found = work_of(client.get("/synpunkter"))
    assert [text for text, _ in found] == [
        "2 att ta emot",
        "3 att besvara",
        "2 ska ha svar inom 3 dagar",
        "2 försenade",
    ]
    for (_, address), count in zip(found, (2, 3, 2, 2), strict=True):
        assert len(client.get(address).table("Synpunkter").rows) == count, address


def test_who_only_reads_has_no_work_here(app, house):
    make_user("ansvarig@kommun.example", "ansvarig")
    assert work_of(visitor(app, "ansvarig@kommun.example").get("/avvikelser")) == []
