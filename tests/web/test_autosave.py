"""What is typed is saved while it is typed, for whoever types it alone, also when the sign-in has ended."""

from datetime import date, time

import pytest
from sqlalchemy import func, select

from tests.cases.making import unit_id_of
from tests.factories import PASSWORD, make_unit, make_user
from tests.support.pages import PageClient
from tracker import clock
from tracker.accounts.cleaning import clean_up
from tracker.accounts.drafts import Draft
from tracker.accounts.queries import find_user
from tracker.accounts.services import give_role
from tracker.database import db
from tracker.rules.permissions import Role

DAY, NEXT = date(2026, 3, 30), date(2026, 3, 31)
EVA = "eva@kommun.example"
WORDS = "Larmet svarade inte"


@pytest.fixture
def eva(app, frozen_day):
    """Eva's browser, at the page that reports."""
    frozen_day(DAY)
    unit_id_of("Vuxen")
    make_user(EVA, "medarbetare", unit="Vuxen")
    visitor = PageClient(app)
    visitor.sign_in(EVA, PASSWORD)
    visitor.get("/rapportera")
    return visitor


def save(visitor, status=200, number=None, **fields):
    """What the page's script sends; the number that it is told."""
    sent = {"csrf_token": visitor.token(), "page_path": "/rapportera", "page_query": "", "what": WORDS} | fields
    if number is not None:
        sent["autosaved"] = str(number)
    page = visitor.page
    answer = visitor.post("/utkast", sent, status=status)
    visitor.page = page
    return answer.response.json["kept"] if answer.response.is_json else None


def count_drafts():
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Draft))


def end_sign_in():
    give_role(find_user(EVA), Role.EMPLOYEE, make_unit("Annan"), clock.now(), DAY)
    db.session.commit()


def test_it_is_saved_over_and_over_under_one_number_and_sealed(eva):
    number = save(eva, what="Lar")
    assert save(eva, number=number) == number
    db.session.rollback()
    (draft,) = db.session.scalars(select(Draft))
    assert (draft.path, draft.autosaved) == ("/rapportera", True)
    assert WORDS.encode() not in draft.sealed


def test_whoever_loses_the_sign_in_finds_the_words_after_signing_in_again(eva):
    number = save(eva, what="Lar")
    end_sign_in()
    assert save(eva, number=number) == number, "the page is still theirs"
    eva.signed_in = False
    eva.get("/rapportera")
    page = eva.submit({"email": EVA, "password": PASSWORD})
    eva.signed_in = True
    assert "Det du skrev kl. 13.00 blev inte inskickat. Det är sparat till i morgon kl. 13.00." in page.text
    page = eva.get(f"/rapportera?skrivet={number}")
    assert "Formuläret är ifyllt med det du skrev kl. 13.00." in page.text
    assert WORDS in page.text


@pytest.mark.parametrize("by_address", [True, False])
def test_what_is_sent_in_is_no_longer_offered(eva, by_address):
    number = save(eva)
    page = eva.get(f"/rapportera?skrivet={number}" if by_address else "/rapportera")
    unit = str(unit_id_of("Vuxen"))
    fields = {"csrf_token": eva.token(), "version": "1", "what": WORDS, "happened_on": "2026-03-29", "enhet": unit,
              "at_once": "Nytt larm", "suspected": "nej", "kind": "tillbud", "law_area": ""}  # fmt: skip
    page = eva.post(page.path, fields | ({} if by_address else {"autosaved": str(number)}))
    assert page.heading == "Avvikelse A-2026-0001"
    assert count_drafts() == 0
    assert "blev inte inskickat" not in page.text


def test_what_is_refused_stays(eva):
    number = save(eva)
    eva.post("/rapportera", {"version": "1", "what": "", "autosaved": str(number)}, status=422)
    assert count_drafts() == 1


def test_it_is_kept_for_a_day_and_then_cleaned_away(eva, frozen_day):
    number = save(eva)
    frozen_day(NEXT, time(10, 59))
    eva.sign_in(EVA, PASSWORD)
    page = eva.get("/rapportera")
    assert "Det du skrev i går kl. 13.00 blev inte inskickat. Det är sparat till kl. 13.00." in page.text
    assert WORDS in eva.get(f"/rapportera?skrivet={number}").text
    assert "draft" not in clean_up(clock.now())
    frozen_day(NEXT, time(11))
    assert WORDS not in eva.get(f"/rapportera?skrivet={number}").text
    assert clean_up(clock.now())["draft"] == 1


def test_nobody_else_can_save_over_it_or_read_it(app, eva):
    number = save(eva)
    make_user("bo@kommun.example", "medarbetare", unit="Vuxen")
    bo = PageClient(app)
    bo.sign_in("bo@kommun.example", PASSWORD)
    bo.get("/rapportera")
    assert save(bo, number=number, what="Bos ord") != number
    assert WORDS not in bo.get(f"/rapportera?skrivet={number}").text
    assert WORDS in eva.get(f"/rapportera?skrivet={number}").text


def test_a_visitor_a_page_that_keeps_nothing_and_another_site_save_nothing(app, eva):
    stranger = PageClient(app)
    stranger.get("/logga-in")
    save(stranger, 409)
    for path in ("/logga-in", "/konto", "/finns-inte", "//evil.example/", ""):
        save(eva, 409, page_path=path)
    sent = {"csrf_token": eva.token(), "page_path": "/rapportera", "what": WORDS}
    assert eva.http.post("/utkast", data=sent, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 409
    save(eva, 400, csrf_token="")
    assert count_drafts() == 0


def test_of_more_than_five_the_oldest_goes_and_what_was_refused_is_not_counted_with_them(eva):
    numbers = [save(eva, what=f"{WORDS} {one}") for one in range(6)]
    db.session.rollback()
    assert list(db.session.scalars(select(Draft.id).order_by(Draft.id))) == numbers[1:]


def test_what_is_too_large_is_not_saved_and_the_page_is_told(eva):
    save(eva, 409, what="x" * 100_001)
    assert count_drafts() == 0
