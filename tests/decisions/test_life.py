"""What has happened while clocks ran, as others read it: a fixed number of statements, texts only where asked for."""

from datetime import date

import pytest

from tests.decisions.running import clock
from tests.decisions.test_register import statements
from tests.factories import make_decisions
from tests.support.traces import traces_left
from tracker.database import db, writer
from tracker.decisions.life import ClockLife, Contact, Offer, lives
from tracker.decisions.models import ClockEvent
from tracker.decisions.models import ClockLife as LifeRow
from tracker.decisions.notes import EVENT_FIELD, life_field, seal_text
from tracker.rules.life import EventKind, OfferAnswer


@pytest.fixture
def clock_id(app):
    """A clock with a plan, a part executed, two offers, a contact and a follow-up, put straight into the tables."""
    make_decisions([{"ref": "B-01"}])
    number = clock("B-01").id
    texts = {"partly": "Tre av fem timmar", "meanwhile": "Boendestöd", "consequences": "Bodil är ensam"}
    happened = [
        (1, EventKind.OFFER, date(2021, 5, 2), date(2021, 5, 9), OfferAnswer.DECLINED, "Lägenhet på Storgatan"),
        (2, EventKind.OFFER, date(2021, 5, 1), None, None, "Plats på Björken"),
        (3, EventKind.CONTACT, date(2021, 4, 1), None, None, "Ringde"),
        (4, EventKind.FOLLOW_UP, date(2021, 3, 1), None, None, "Hembesök"),
    ]
    with writer():
        sealed = {name: seal_text(text, number, life_field(name)) for name, text in texts.items()}
        db.session.add(LifeRow(clock_id=number, planned_on=date(2022, 3, 1), partly_on=date(2021, 2, 1), **sealed))
        for event_id, kind, on, answered_on, answer, what in happened:
            text = seal_text(what, event_id, EVENT_FIELD)
            db.session.add(
                ClockEvent(id=event_id, clock_id=number, kind=kind, happened_on=on, answered_on=answered_on,
                           answer=answer, what=text)
            )  # fmt: skip
        db.session.commit()
    return number


def test_a_life_is_told_with_offers_and_contacts_by_day(clock_id):
    assert lives([clock_id], with_texts=True) == {
        clock_id: ClockLife(
            clock_id, date(2022, 3, 1), date(2021, 2, 1), "Tre av fem timmar", "Boendestöd", "Bodil är ensam",
            (Offer(2, date(2021, 5, 1), None, None, "Plats på Björken"),
             Offer(1, date(2021, 5, 2), date(2021, 5, 9), OfferAnswer.DECLINED, "Lägenhet på Storgatan")),
            (Contact(4, date(2021, 3, 1), "Hembesök", follow_up=True), Contact(3, date(2021, 4, 1), "Ringde")),
        )
    }  # fmt: skip


def test_without_texts_the_days_stay(clock_id):
    life = lives([clock_id], with_texts=False)[clock_id]
    assert (life.partly, life.meanwhile, life.consequences) == ("", "", "")
    assert [(offer.offered_on, offer.what) for offer in life.offers] == [(date(2021, 5, 1), ""), (date(2021, 5, 2), "")]
    assert [contact.how for contact in life.contacts] == ["", ""]
    assert life.planned_on == date(2022, 3, 1)


def test_a_clock_of_which_nothing_is_said_has_an_empty_life(clock_id):
    make_decisions([{"ref": "B-02"}])
    other = clock("B-02").id
    assert lives([other], with_texts=True) == {other: ClockLife(other)}
    assert lives([], with_texts=True) == {}


def test_the_statements_do_not_follow_the_clocks(clock_id):
    make_decisions([{"ref": f"C-{number}"} for number in range(40)])
    ids = [clock_id, *(clock(f"C-{number}").id for number in range(40))]
    with statements() as said:
        found = lives(ids, with_texts=True)
    assert (len(found), len(said)) == (41, 2)


def test_no_word_of_it_stands_in_plain_sight(clock_id):
    words = ("Tre av fem", "Boendestöd", "Bodil", "Storgatan", "Björken", "Ringde", "Hembesök")
    assert traces_left(words) == set()
