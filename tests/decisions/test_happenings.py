"""What happens is noted on a page of its own: saved on the version that was seen, refused beside its field."""

from datetime import date, time

import pytest

from tests.decisions.happening import life_of, make_offer
from tests.decisions.lists import number_of
from tests.decisions.running import clocks, decision
from tests.decisions.test_correcting import errors_on
from tests.decisions.test_history import history
from tests.factories import PASSWORD, make_decisions, make_unit, make_user
from tests.records.granting import close, version_of, void
from tests.support.checks import text_of
from tests.support.overhearing import overhear
from tests.support.pages import PageClient
from tests.support.traces import traces_left
from tracker.audit import trail
from tracker.decisions.life import Contact, Offer
from tracker.decisions.notes import open_note
from tracker.rules.life import OfferAnswer
from tracker.rules.permissions import Role
from tracker.rules.trail import Action

TODAY = date(2022, 2, 15)
NUMBER = "19121212-1212"


@pytest.fixture
def noted(monkeypatch):
    """What the trail is told, as (action, what with)."""
    return overhear(
        monkeypatch, trail, "record", lambda action, **more: (action, more) if "record_id" in more else None
    )


@pytest.fixture
def officer(app, client, frozen_day):
    """A handläggare of Vuxen, with a decision that waits and one that was executed in March."""
    frozen_day(TODAY)
    make_unit("Barn")
    make_decisions(
        [
            {"ref": "B-01", "enhet": "Vuxen", "beslutsdatum": "2021-10-01"},
            {"ref": "B-02", "enhet": "Vuxen", "verkstalld": "2021-03-01"},
        ],
        today=TODAY,
    )
    client.sign_in(make_user("eva@kommun.example", Role.CASE_OFFICER, unit="Vuxen").email, PASSWORD)
    return client


def open_step(visitor: PageClient, what: str, ref: str = "B-01", place: int = 0, status: int = 200):
    clock = clocks(ref)[place]
    return visitor.get(f"/beslut/{clock.decision_id}/klocka/{clock.id}/{what}", status=status)


def do(visitor: PageClient, what: str, ref: str = "B-01", place: int = 0, status: int = 200, **typed: str):
    open_step(visitor, what, ref, place)
    return visitor.submit(typed, status=status)


class TestEnds:
    """Verkställt, avslutat, avbrott."""

    def test_an_execution_stops_the_clock_with_all_that_follows(self, officer, noted):
        page = do(officer, "verkstall", verkstalld="2022-01-02")
        assert "Verkställigheten är noterad." in page.text
        (clock,) = clocks("B-01")
        assert (clock.executed_on, clock.state, clock.ended_value >> 5) == (date(2022, 1, 2), "executed", 93)
        assert version_of(number_of("B-01")) == 2
        ((action, more),) = noted
        assert (action, more.get("reason", "")) == (Action.RECORD_CHANGED, "")
        assert more["changes"] == {"clock_id": (clock.id, clock.id), "executed_on": (None, date(2022, 1, 2))}

    @pytest.mark.parametrize(
        ("day", "told"),
        [("2021-09-30", "ligger före beslutsdatum"), ("2022-02-16", "ligger i framtiden"), ("", "Skriv vilken dag"),
         ("220102", "saknar bindestreck")],
    )  # fmt: skip
    def test_a_day_that_cannot_be_is_told_beside_it(self, officer, noted, day, told):
        page = do(officer, "verkstall", verkstalld=day, status=422)
        assert told in errors_on(page)
        assert (clocks("B-01")[0].executed_on, version_of(number_of("B-01")), noted) == (None, 1, [])

    def test_what_has_ended_does_not_end_again(self, officer):
        page = do(officer, "verkstall", "B-02", verkstalld="2021-03-02", status=422)
        assert "Klockan har stannat" in errors_on(page)

    def test_a_closing_takes_its_cause_from_the_list(self, officer):
        page = do(officer, "avsluta", avslutad="2022-01-10", avslutsorsak="", status=422)
        assert "Välj varför" in errors_on(page)
        officer.submit({"avslutsorsak": "Flyttat"})
        (clock,) = clocks("B-01")
        assert (clock.closed_on, clock.close_reason, clock.state) == (date(2022, 1, 10), "Flyttat", "closed")

    def test_an_interruption_has_a_clock_of_its_own(self, officer, noted):
        do(officer, "avbrott", "B-02", avbrottsdatum="2022-01-31")
        own, interruption = clocks("B-02")
        assert (own.executed_on, own.state) == (date(2021, 3, 1), "executed")
        assert (interruption.started_on, interruption.due_on) == (date(2022, 1, 31), date(2022, 4, 30))
        assert (interruption.unit_id, interruption.ref, interruption.state) == (own.unit_id, "B-02", "open")
        assert noted[0][1]["changes"] == {
            "clock_id": (interruption.id, interruption.id), "started_on": (None, date(2022, 1, 31)),
        }  # fmt: skip
        page = do(officer, "avbrott", "B-02", avbrottsdatum="2022-02-01", status=422)
        assert "redan avbruten då, sedan 2022-01-31" in errors_on(page)

    def test_what_never_began_is_not_interrupted_until_a_part_of_it_has(self, officer):
        assert "Bara det som har börjat" in errors_on(do(officer, "avbrott", avbrottsdatum="2022-01-31", status=422))
        do(officer, "delvis", dag="2021-12-01", vad="Två av fem timmar")
        do(officer, "avbrott", avbrottsdatum="2022-01-31")
        assert [clock.state for clock in clocks("B-01")] == ["open", "open"]


class TestOnTheWay:
    """What ends nothing: partial executions, offers, contacts, plans and words."""

    def test_a_part_that_is_executed_lets_the_clock_run_on(self, officer):
        do(officer, "delvis", dag="2021-12-01", vad="Två av fem timmar")
        life = life_of("B-01")
        assert (life.partly_on, life.partly) == (date(2021, 12, 1), "Två av fem timmar")
        assert (clocks("B-01")[0].state, clocks("B-01")[0].executed_on) == ("open", None)
        page = do(officer, "verkstall", verkstalld="2021-11-30", status=422)
        assert "före den dag då en del verkställdes" in errors_on(page)

    def test_a_declined_offer_ends_nothing(self, officer, noted):
        do(officer, "erbjudande", dag="2021-11-01", vad="Plats på Björken", svar="tackat-nej", svarsdag="2021-11-05")
        (offer,) = life_of("B-01").offers
        assert offer == Offer(offer.id, date(2021, 11, 1), date(2021, 11, 5), OfferAnswer.DECLINED, "Plats på Björken")
        assert clocks("B-01")[0].state == "open"
        assert set(noted[0][1]["personal"]) == {"what"}
        assert traces_left(["Björken"]) == set()

    def test_an_offer_gets_its_answer_afterwards_and_only_one(self, officer):
        offer_id = make_offer("B-01", date(2021, 11, 1))
        page = officer.get(f"/beslut/{number_of('B-01')}")
        assert "Erbjudandet 1 november 2021 har inget svar än." in page.text
        page = do(officer, f"erbjudande/{offer_id}", svar="", svarsdag="", status=422)
        assert "Välj vad svaret var" in errors_on(page)
        officer.submit({"svar": "accepterat", "svarsdag": "2021-11-02"})
        (offer,) = life_of("B-01").offers
        assert (offer.answer, offer.answered_on) == (OfferAnswer.ACCEPTED, date(2021, 11, 2))
        page = do(officer, f"erbjudande/{offer_id}", svar="tackat-nej", svarsdag="2021-11-03", status=422)
        assert "har redan ett svar" in errors_on(page)

    def test_an_offer_of_another_clock_is_not_found(self, officer):
        offer_id = make_offer("B-01", date(2021, 11, 1))
        assert open_step(officer, f"erbjudande/{offer_id}", "B-02", status=404).heading == "Sidan finns inte"

    def test_contacts_and_follow_ups_stand_by_day(self, officer):
        do(officer, "kontakt", slag="uppfoljning", dag="2022-01-10", hur="Hembesök")
        do(officer, "kontakt", slag="kontakt", dag="2021-12-10", hur="Ringde")
        first, second = life_of("B-01").contacts
        assert (first, second) == (
            Contact(first.id, date(2021, 12, 10), "Ringde"),
            Contact(second.id, date(2022, 1, 10), "Hembesök", follow_up=True),
        )

    def test_a_plan_lies_ahead_and_can_be_taken_back(self, officer):
        page = do(officer, "planera", planerat="2022-02-14", status=422)
        assert "har redan varit" in errors_on(page)
        officer.submit({"planerat": "2022-03-01"})
        assert life_of("B-01").planned_on == date(2022, 3, 1)
        open_step(officer, "planera")
        assert "Det står redan så" in officer.submit({"planerat": "2022-03-01"}, status=422).text
        officer.submit({"planerat": ""})
        assert life_of("B-01").planned_on is None

    def test_what_there_is_meanwhile_is_kept_sealed_and_shown(self, officer):
        do(officer, "under-tiden", under_tiden="Boendestöd", konsekvenser="Klarar inte att handla")
        life = life_of("B-01")
        assert (life.meanwhile, life.consequences) == ("Boendestöd", "Klarar inte att handla")
        assert traces_left(["Klarar inte", "Boendestöd"]) == set()
        assert "Klarar inte att handla" in officer.page.text

    def test_the_reason_for_the_delay_is_a_code_or_own_words(self, officer):
        page = do(officer, "skal", skal="Enskild har tackat nej", eget_skal="Annat", status=422)
        assert "inte båda" in errors_on(page)
        officer.submit({"skal": "", "eget_skal": "Huset byggs om"})
        (clock,) = clocks("B-01")
        assert open_note(clock.delay_note, clock.id) == "Huset byggs om"

    @pytest.mark.parametrize(
        ("what", "typed"),
        [
            ("delvis", {"dag": "2021-12-01", "vad": f"Timmar åt {NUMBER}"}),
            ("erbjudande", {"dag": "2021-12-01", "vad": f"Plats åt {NUMBER}"}),
            ("kontakt", {"dag": "2021-12-01", "hur": f"Ringde {NUMBER}"}),
            ("under-tiden", {"konsekvenser": f"Om {NUMBER}"}),
            ("skal", {"eget_skal": f"Om {NUMBER}"}),
        ],
    )
    def test_a_persons_number_is_pointed_out_and_saved_only_if_it_must_stand_there(self, officer, what, typed):
        page = do(officer, what, status=422, **typed)
        assert "ser ut att innehålla ett personnummer" in errors_on(page)
        assert version_of(number_of("B-01")) == 1
        officer.submit({"anyway": "y"})
        assert version_of(number_of("B-01")) == 2


def test_who_is_second_is_told_what_stands_now_and_keeps_what_was_typed(officer, app):
    open_step(officer, "planera")
    other = PageClient(app)
    other.sign_in(make_user("bo@kommun.example", Role.CASE_OFFICER, unit="Vuxen").email, PASSWORD)
    do(other, "planera", planerat="2022-04-01")
    page = officer.submit({"planerat": "2022-05-01"}, status=409)
    assert "Någon annan har ändrat beslutet" in page.text
    (standing,) = (part for part in page.tree.iter("dl"))
    assert [text_of(part) for part in standing] == ["Nu står, planerat verkställighetsdatum", "2022-04-01"]
    assert life_of("B-01").planned_on == date(2022, 4, 1)
    officer.submit({}, form="planerat")
    assert life_of("B-01").planned_on == date(2022, 5, 1)


def test_beyond_the_unit_closed_or_voided_there_is_no_page(officer, app):
    barn = PageClient(app)
    barn.sign_in(make_user("barn@kommun.example", Role.CASE_OFFICER, unit="Barn").email, PASSWORD)
    open_step(barn, "verkstall", status=404)
    biased = PageClient(app)
    biased.sign_in(make_user("jav@kommun.example", Role.CASE_OFFICER, unit="Vuxen").email, PASSWORD)
    close("B-01", "jav@kommun.example")
    open_step(biased, "kontakt", status=404)
    open_step(officer, "verkstall")
    void("B-01")
    officer.submit({"verkstalld": "2022-01-02"}, status=404)
    assert decision("B-01").mark == 2
    assert clocks("B-01")[0].executed_on is None


def test_a_clock_that_is_taken_away_takes_along_what_happened_and_the_trail_keeps_it(officer, noted):
    do(officer, "avbrott", "B-02", avbrottsdatum="2022-01-31")
    do(officer, "kontakt", "B-02", place=1, slag="kontakt", dag="2022-02-01", hur="Ringde")
    do(officer, "planera", "B-02", place=1, planerat="2022-03-01")
    open_step(officer, "ratta", "B-02", place=1)
    officer.submit({"ta_bort": "y", "reason": "Fel person"})
    assert len(clocks("B-02")) == 1
    changes, personal = noted[-1][1]["changes"], noted[-1][1]["personal"]
    assert changes["planned_on"] == (date(2022, 3, 1), None)
    ((name, values),) = [(name, values) for name, values in changes.items() if name.endswith(" how")]
    assert (name.startswith("kontakt 2022-02-01"), values, name in personal) == (True, ("Ringde", None), True)


def test_the_history_tells_what_happened_in_words(officer, frozen_day):
    frozen_day(TODAY, time(12, 0))
    do(officer, "erbjudande", dag="2021-11-01", vad="Plats på Björken", svar="tackat-nej", svarsdag="2021-11-05")
    do(officer, "kontakt", slag="uppfoljning", dag="2022-01-10", hur="Hembesök")
    do(officer, "verkstall", verkstalld="2022-01-20")
    executed, followed_up, offered, _ = history(officer)
    when = "2022-02-15 kl. 13.00, Eva"
    assert executed == ["Verkställt: Beslut 2021-10-01", when, "Verkställd: – → 2022-01-20"]
    assert followed_up == ["Uppföljning: Beslut 2021-10-01", when, "Uppföljning: – → 2022-01-10", "Hur: – → Hembesök"]
    assert offered == [
        "Erbjudande: Beslut 2021-10-01", when, "Svar: – → Tackat nej", "Svar kom: – → 2021-11-05",
        "Erbjudande: – → 2021-11-01", "Vad som erbjöds: – → Plats på Björken",
    ]  # fmt: skip


def test_who_may_not_see_identities_reads_in_the_history_that_words_changed(officer, app):
    do(officer, "under-tiden", under_tiden="Boendestöd hos Anna")
    lead = PageClient(app)
    lead.sign_in(make_user("kva@kommun.example", Role.QUALITY_LEAD).email, PASSWORD)
    assert history(lead)[0][2:] == ["Under tiden: ändrad"]


def test_an_import_afterwards_leaves_what_happened_as_it_was(officer):
    do(officer, "planera", planerat="2022-03-01")
    do(officer, "erbjudande", dag="2021-11-01", vad="Plats på Björken")
    before = life_of("B-01")
    row = {"ref": "B-01", "enhet": "Vuxen", "beslutsdatum": "2021-10-01"}
    assert make_decisions([row], today=TODAY).unchanged == 1
    assert make_decisions([row | {"utforare": "Nytt AB"}], today=TODAY).changed == 1
    assert life_of("B-01") == before
