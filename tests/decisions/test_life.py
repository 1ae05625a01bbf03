"""What has happened while clocks ran, as others read it: a fixed number of statements, texts only where asked for."""

import base64
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from tests.decisions.happening import life_of
from tests.decisions.lists import number_of
from tests.decisions.running import clock
from tests.decisions.test_register import statements
from tests.factories import make_decisions
from tests.support import databases
from tests.support.traces import traces_left
from tracker.audit.rotation import rotate
from tracker.database import db, writer
from tracker.decisions.forgetting import forget_person
from tracker.decisions.life import ClockLife, Contact, Offer, lives
from tracker.decisions.models import ClockEvent, DecisionReplacement
from tracker.decisions.models import ClockLife as LifeRow
from tracker.decisions.notes import EVENT_FIELD, life_field, seal_text
from tracker.rules.life import EventKind, OfferAnswer
from tracker.settings import decode_keys
from tracker.vault import vault

NEW_KEY = base64.urlsafe_b64encode(b"fedcba9876543210fedcba9876543210").decode()
NOW = datetime(2026, 3, 31, 11, tzinfo=UTC)


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


def test_a_new_key_takes_over_all_of_it(clock_id):
    before = life_of("B-01")
    try:
        vault.configure(decode_keys(f"{NEW_KEY},{databases.TEST_KEY}"))
        assert rotate(NOW) == 7, "three texts, two offers, a contact and a follow-up"
        vault.configure(decode_keys(NEW_KEY))
        assert life_of("B-01") == before
    finally:
        vault.configure(decode_keys(databases.TEST_KEY))


def test_who_is_forgotten_takes_the_words_and_the_links_along_and_the_days_stay(clock_id):
    make_decisions([{"ref": "B-00"}, {"ref": "B-02"}, {"ref": "B-01", "verkstalld": "2021-12-01"}])
    with writer():
        for newer, older in (("B-01", "B-00"), ("B-02", "B-01")):
            db.session.add(DecisionReplacement(record_id=number_of(newer), replaces_id=number_of(older)))
        db.session.flush()
        forget_person(number_of("B-01"), "Gallras", NOW)
        db.session.commit()
    life = lives([clock_id], with_texts=True)[clock_id]
    assert (life.partly, life.meanwhile, life.consequences) == ("", "", "")
    assert [(offer.offered_on, offer.answer, offer.what) for offer in life.offers] == [
        (date(2021, 5, 1), None, ""), (date(2021, 5, 2), OfferAnswer.DECLINED, ""),
    ]  # fmt: skip
    assert (life.partly_on, [contact.how for contact in life.contacts]) == (date(2021, 2, 1), ["", ""])
    assert db.session.scalars(select(DecisionReplacement.record_id)).all() == []
