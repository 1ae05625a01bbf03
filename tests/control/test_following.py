"""What a failed control asks for: an avvikelse, a new assessment of its risk, seen from both ends."""

import pytest

from tests.audit.trails import entries
from tests.control.making import asked_for
from tests.control.office import hide, moment, risk
from tests.factories import PASSWORD, make_unit, make_user
from tests.support.pages import PageClient
from tracker.accounts.queries import find_user
from tracker.database import db
from tracker.records.links import list_links_from, list_links_to
from tracker.records.models import RecordLink
from tracker.records.scope import EVERY_RECORD
from tracker.rules.following import LinkKind

EVA, BO, UNA = "eva@kommun.example", "bo@kommun.example", "una@kommun.example"
WORDS = "Attest saknas på var tredje"


@pytest.fixture
def failed(office):
    """An office with two kontrollmoment: K1 fails (50 of 100), K2 does well (95 of 100)."""
    office.imports("risks", "ar;ref;risk;sannolikhet;konsekvens\n2021;R1;Fel belopp;3;4\n2021;R2;Jäv;2;2\n")
    office.imports("controls", "ar;ref;risk_ref;kontrollmoment\n2021;K1;R1;Attest\n2021;K2;R2;Bisysslor\n")
    office.imports("samples", "ar;kontroll_ref;ref;utvalda;avvikelser\n2021;K1;P1;100;50\n2021;K2;P1;100;5\n")
    for email in (EVA, BO):
        make_user(email, "internkontroll")
    return office


def signed_in(office, email):
    visitor = PageClient(office.app)
    visitor.sign_in(email, PASSWORD)
    return visitor


def ask_on_page(visitor, kind, words=WORDS, ref="K1", status=200):
    visitor.get(f"/internkontroll/moment/{moment(ref).record_id}/foljd")
    return visitor.submit({"kind": kind, "words": words}, status=status)


def test_a_new_assessment_is_asked_for_on_the_control_seen_on_the_risk_and_settled(failed):
    eva = signed_in(failed, EVA)
    page = ask_on_page(eva, "assessment")
    assert (page.heading, WORDS in page.text, "Skriv vad det blev" in page.text) == (
        "Kontrollmoment K1, 2021", True, True,
    )  # fmt: skip
    assert "2021/R1" in page.text
    page = eva.get(f"/risker/{risk('R1').record_id}")
    assert WORDS in page.text
    assert "2021/K1" in page.text
    assert WORDS not in eva.get(f"/risker/{risk('R2').record_id}").text
    eva.get(f"/risker/{risk('R1').record_id}")
    eva.click("Skriv vad det blev")
    page = eva.submit({"words": "Sannolikheten höjd till 4 i årets lista"})
    assert page.heading == "Kontrollmoment K1, 2021"
    assert "Klart 2022-02-15: Sannolikheten höjd till 4 i årets lista" in page.text
    assert "Skriv vad det blev" not in page.text


def test_an_avvikelse_is_asked_for_and_waits_without_a_record_of_its_own(failed):
    page = ask_on_page(signed_in(failed, EVA), "deviation")
    assert "Avvikelse, 2022-02-15" in page.text
    (link,) = list_links_from(moment("K1").record_id, EVERY_RECORD)
    assert (link.kind, link.other_id, link.asked, link.settled) == (LinkKind.DEVIATION, None, WORDS, None)
    assert list_links_to(risk("R1").record_id, EVERY_RECORD) == []


def test_what_is_sent_twice_is_asked_for_once_and_again_when_it_has_been_settled(failed):
    eva = signed_in(failed, EVA)
    for _ in range(2):
        ask_on_page(eva, "deviation")
    (first,) = list_links_from(moment("K1").record_id, EVERY_RECORD)
    eva.get(f"/internkontroll/foljd/{first.link_id}")
    eva.submit({"words": "Avvikelse 14"})
    ask_on_page(eva, "deviation")
    settled = [link.settled for link in list_links_from(moment("K1").record_id, EVERY_RECORD)]
    assert settled == ["Avvikelse 14", None]


def test_what_is_wrong_is_told_beside_its_field_and_nothing_is_lost(failed):
    eva = signed_in(failed, EVA)
    page = ask_on_page(eva, "assessment", " ", status=422)
    assert "Skriv vad som gäller, så att nästa person förstår." in page.text
    page = ask_on_page(eva, "assessment", "Gäller 20000101-2384", status=422)
    assert "Gäller 20000101-2384" in page.text
    db.session.rollback()
    assert db.session.query(RecordLink).count() == 0


def test_a_control_that_did_not_fail_asks_for_nothing(failed):
    eva = signed_in(failed, EVA)
    record_id = moment("K2").record_id
    assert "Vad följer av kontrollen?" not in eva.get(f"/internkontroll/moment/{record_id}").text
    page = eva.get(f"/internkontroll/moment/{record_id}/foljd")
    assert "Bedömningen är inte Ej godkänd, så inget följer av kontrollen." in page.text
    page = eva.post(f"/internkontroll/moment/{record_id}/foljd", {"kind": "deviation", "words": WORDS}, status=422)
    assert list_links_from(record_id, EVERY_RECORD) == []


def test_it_is_settled_once(failed):
    by = find_user(EVA).id
    link_id = asked_for(moment("K1").record_id, LinkKind.DEVIATION, None, by)
    eva, bo = signed_in(failed, EVA), signed_in(failed, BO)
    for visitor in (eva, bo):
        visitor.get(f"/internkontroll/foljd/{link_id}")
    eva.submit({"words": "Avvikelse 2022-14"})
    page = bo.submit({"words": "Ingen avvikelse"}, status=422)
    assert "Någon annan har redan skrivit vad det blev av det." in page.text
    assert "Ingen avvikelse" in page.text
    (link,) = list_links_from(moment("K1").record_id, EVERY_RECORD)
    assert link.settled == "Avvikelse 2022-14"


@pytest.mark.parametrize("way", ["closed", "protected"])
def test_neither_end_tells_of_the_other_to_whom_it_is_hidden(failed, way):
    asked_for(moment("K1").record_id, LinkKind.ASSESSMENT, risk("R1").record_id, find_user(EVA).id, WORDS)
    hide(risk("R1"), way, seer=EVA, other=BO)
    bo = signed_in(failed, BO)
    page = bo.get(f"/internkontroll/moment/{moment('K1').record_id}")
    assert WORDS in page.text
    assert "2021/R1" not in page.text
    hide(moment("K1"), way, seer=EVA, other=BO)
    bo = signed_in(failed, BO)
    assert WORDS not in bo.get(f"/risker/{risk('R1').record_id}", status=404).text
    eva = signed_in(failed, EVA)
    assert WORDS in eva.get(f"/risker/{risk('R1').record_id}").text


def test_a_reader_of_another_unit_neither_sees_nor_settles_it(failed):
    link_id = asked_for(moment("K1").record_id, LinkKind.DEVIATION, None, find_user(EVA).id)
    make_unit("Vuxen")
    make_user(UNA, "internkontroll", unit="Vuxen")
    signed_in(failed, UNA).get(f"/internkontroll/foljd/{link_id}", status=404)
    assert list_links_from(moment("K1").record_id, EVERY_RECORD)[0].settled is None


def test_the_trail_tells_of_it_on_both_records_and_the_words_lie_sealed(failed):
    link_id = asked_for(moment("K1").record_id, LinkKind.ASSESSMENT, risk("R1").record_id, find_user(EVA).id, WORDS)
    told = [entry for entry in entries() if "link_asked" in str(entry.fields)]
    assert {entry.record_id for entry in told} == {moment("K1").record_id, risk("R1").record_id}
    stored = db.session.get_one(RecordLink, link_id).asked
    assert WORDS.encode() not in stored
    db.session.rollback()
