"""Rätta and Makulera: what can be set right, by the import's rules, with what stood before kept for the trail."""

from datetime import date

import pytest

from tests.decisions.lists import number_of, refs_on
from tests.decisions.running import clock, clocks, decision
from tests.factories import PASSWORD, make_decisions, make_unit, make_user
from tests.records.granting import version_of
from tests.support.overhearing import overhear
from tests.support.pages import PageClient
from tracker.audit import trail
from tracker.decisions.notes import open_note
from tracker.decisions.writing import PERSON
from tracker.rules.permissions import Role
from tracker.rules.trail import Action
from tracker.vault import vault

TODAY = date(2022, 2, 15)
QUARTER = "/rapporter/kvartal/2021/4"
NUMBER, OTHER_NUMBER = "191212121212", "197809072387"
WHY = "Fel i underlaget"


@pytest.fixture
def noted(monkeypatch):
    """What the trail is told, as (action, what with)."""
    return overhear(
        monkeypatch, trail, "record", lambda action, **more: (action, more) if "record_id" in more else None
    )


@pytest.fixture
def officer(app, client, frozen_day):
    """A handläggare of Vuxen, signed in, with one decision there and one interruption of it."""
    frozen_day(TODAY)
    make_unit("Vuxen 1", "Vuxen")
    make_unit("Barn")
    make_decisions(
        [
            {"ref": "B-01", "enhet": "Vuxen", "person": NUMBER, "handlaggare": "Eva Ek", "lagrum": "SoL 11:1"},
            {"ref": "B-01", "enhet": "Vuxen", "avbrottsdatum": "2021-06-01", "verkstalld": "2021-10-01"},
            {"ref": "B-02", "enhet": "Vuxen"},
        ],
        today=TODAY,
    )
    client.sign_in(make_user("eva@kommun.example", Role.CASE_OFFICER, unit="Vuxen").email, PASSWORD)
    return client


def page_of(visitor: PageClient, ref: str, what: str = "/ratta", status: int = 200):
    return visitor.get(f"/beslut/{number_of(ref)}{what}", status=status)


def person_of(ref: str) -> str | None:
    row = decision(ref)
    return row.person_encrypted and vault.decrypt(row.person_encrypted, row.record_id, PERSON)


def errors_on(page) -> str:
    return " ".join("".join(e.itertext()) for e in page.tree.iter("p") if e.get("class") == "field-error")


class TestDecision:
    """The decision's own fields."""

    def test_every_field_is_shown_as_it_stands_but_the_number(self, officer):
        page = page_of(officer, "B-01")
        values = {e.get("name"): e.get("value") for e in page.tree.iter("input") if e.get("type") != "hidden"}
        shown = {"ref": "B-01", "insats": "Kontaktperson", "beslutsdatum": "2021-01-07", "lagrum": "SoL 11:1",
                 "handlaggare": "Eva Ek", "utforare": "", "diarienummer": "", "person": ""}  # fmt: skip
        assert {name: values[name] or "" for name in shown} == shown
        assert NUMBER not in page.response.text

    def test_what_is_changed_is_saved_with_all_that_follows_from_it(self, officer, noted):
        page_of(officer, "B-01")
        page = officer.submit(
            {"beslutsdatum": "2021-02-07", "insats": "Boendestöd", "kon": "man", "ref": "B-77", "enhet": "Vuxen 1",
             "diarienummer": "SN 2021/1", "reason": WHY}
        )  # fmt: skip
        assert page.heading == "Beslut B-77"
        assert "Rättelsen är sparad." in page.text
        own, interruption = clocks("B-77")
        assert (own.started_on, own.due_on, own.sex, own.ref) == (date(2021, 2, 7), date(2021, 5, 7), "man", "B-77")
        assert (interruption.started_on, interruption.decided_on) == (date(2021, 6, 1), date(2021, 2, 7))
        assert own.unit_id == decision("B-77").unit_id == interruption.unit_id
        assert version_of(number_of("B-77")) == 2
        ((action, more),) = noted
        assert (action, more["reason"], more["record_id"]) == (Action.RECORD_CORRECTED, WHY, number_of("B-77"))
        assert more["changes"]["decided_on"] == (date(2021, 1, 7), date(2021, 2, 7))
        assert more["changes"]["ref"] == ("B-01", "B-77")
        assert set(more["changes"]) == {"decided_on", "intervention_id", "sex", "ref", "unit_id", "case_number"}
        assert set(more["personal"]) == {"ref", "case_number"}
        assert "B-77" in refs_on(officer.get("/beslut"))

    def test_a_new_number_is_sealed_and_the_old_one_kept_for_the_trail(self, officer, noted):
        page_of(officer, "B-01")
        officer.submit({"person": OTHER_NUMBER, "reason": WHY})
        assert person_of("B-01") == OTHER_NUMBER
        assert noted[0][1]["changes"] == {"person": (NUMBER, OTHER_NUMBER)}
        assert set(noted[0][1]["personal"]) == {"person"}

    def test_a_new_number_of_another_sex_is_saved_only_if_it_shall_be_so(self, officer):
        page_of(officer, "B-01")
        page = officer.submit({"person": "191212121212", "kon": "kvinna", "reason": WHY}, status=422)
        assert "Numret säger ett annat kön" in errors_on(page)
        assert decision("B-01").sex is None
        officer.submit({"kon_anda": "y"})
        assert (decision("B-01").sex, person_of("B-01")) == ("kvinna", "191212121212")

    def test_the_number_can_be_taken_away(self, officer, noted):
        page_of(officer, "B-01")
        officer.submit({"person_bort": "y", "reason": WHY})
        assert person_of("B-01") is None
        assert noted[0][1]["changes"] == {"person": (NUMBER, None)}

    def test_whoever_may_not_handle_identities_is_not_asked_and_changes_none(self, officer, app):
        visitor = PageClient(app)
        visitor.sign_in(make_user("kva@kommun.example", Role.QUALITY_LEAD).email, PASSWORD)
        page_of(visitor, "B-01")
        with pytest.raises(AssertionError, match="no"):
            visitor.submit({"person": OTHER_NUMBER, "reason": WHY})
        path = f"/beslut/{number_of('B-01')}/ratta"
        fields = {e.get("name"): e.get("value") or "" for e in visitor.page.tree.iter("input")}
        fields |= {"enhet": "Vuxen", "grund": "beslut", "omrade": "", "kon": "", "reason": WHY, "utforare": "Nytt AB"}
        visitor.post(path, fields | {"person": OTHER_NUMBER, "person_bort": "y"})
        assert (person_of("B-01"), decision("B-01").provider) == (NUMBER, "Nytt AB")

    @pytest.mark.parametrize(
        ("typed", "told"),
        [
            ({"beslutsdatum": "2022-02-16"}, "ligger i framtiden"),
            ({"beslutsdatum": "2021-06-02"}, "ligger före beslutsdatum"),  # the interruption's day
            ({"beslutsdatum": ""}, "kan inte vara tomt"),
            ({"lagrum": "ABC"}, "lagrum"),
            ({"insats": ""}, "kan inte vara tomt"),
            ({"ref": "B-02"}, "används redan"),
            ({"ref": "19121212-1212"}, "ser ut som ett personnummer"),
            ({"insats": "Stöd 19121212-1212"}, "ser ut som ett personnummer"),
            ({"person": "191212121213"}, "Kontrollsiffran"),
            ({"utforare": "x" * 121}, "Skriv högst 120 tecken"),
            ({"reason": ""}, "Skriv varför"),
            ({"enhet": "Barn"}, "Välj ett av alternativen"),
        ],
    )
    def test_what_the_rules_refuse_is_told_beside_its_field_and_nothing_is_saved(self, officer, noted, typed, told):
        page_of(officer, "B-01")
        before = decision("B-01").provider
        page = officer.submit({"utforare": "Nytt AB", "reason": WHY} | typed, status=422)
        assert told.casefold() in errors_on(page).casefold()
        assert (decision("B-01").provider, version_of(number_of("B-01")), noted) == (before, 1, [])

    def test_a_correction_that_changes_nothing_is_refused(self, officer, noted):
        page_of(officer, "B-01")
        assert "Inget är ändrat" in officer.submit({"reason": WHY}, status=422).text
        assert version_of(number_of("B-01")) == 1

    def test_a_number_in_a_short_text_is_refused(self, officer):
        page_of(officer, "B-01")
        page = officer.submit({"utforare": "Anna 121212-1212", "reason": WHY}, status=422)
        assert "Ser ut som ett personnummer. Ta bort det" in errors_on(page)
        assert decision("B-01").provider is None

    def test_a_number_in_the_reason_is_pointed_out_too(self, officer):
        page_of(officer, "B-01")
        page = officer.submit({"utforare": "Nytt AB", "reason": "Gällde 121212-1212"}, status=422)
        assert "ser ut att innehålla ett personnummer" in errors_on(page)

    def test_beyond_the_unit_it_is_not_found(self, officer, app):
        visitor = PageClient(app)
        visitor.sign_in(make_user("barn@kommun.example", Role.CASE_OFFICER, unit="Barn").email, PASSWORD)
        for what in ("/ratta", "/makulera", "/atkomst", "/person", f"/klocka/{clocks('B-01')[0].id}/ratta"):
            assert "B-01" not in page_of(visitor, "B-01", what, status=404).text


def note_of(clock):
    return open_note(clock.delay_note, clock.id)


class TestClock:
    """A clock's days and reasons."""

    def test_its_days_are_set_right_with_the_figures(self, officer, noted):
        own = clocks("B-01")[0]
        page_of(officer, "B-01", f"/klocka/{own.id}/ratta")
        officer.submit({"verkstalld": "2021-08-20", "forst_rapporterad": "2021-06-30", "reason": WHY})
        own = clocks("B-01")[0]
        assert (own.executed_on, own.state, own.ended_on) == (date(2021, 8, 20), "executed", date(2021, 8, 20))
        assert own.ended_value >> 5 == 225  # 24 + 28 + 31 + 30 + 31 + 30 + 31 + 20
        changes = noted[0][1]["changes"]
        assert changes["executed_on"] == (None, date(2021, 8, 20))
        assert changes["clock_id"] == (own.id, own.id)
        assert set(changes) == {"clock_id", "executed_on", "first_reported_on"}

    def test_the_day_of_an_interruption_is_set_right(self, officer):
        interruption = clocks("B-01")[1]
        page_of(officer, "B-01", f"/klocka/{interruption.id}/ratta")
        officer.submit({"avbrottsdatum": "2021-07-01", "reason": WHY})
        after = clocks("B-01")[1]
        assert (after.id, after.started_on, after.due_on) == (interruption.id, date(2021, 7, 1), date(2021, 10, 1))

    @pytest.mark.parametrize(
        ("typed", "told"),
        [
            ({"verkstalld": "2021-01-06"}, "ligger före beslutsdatum"),
            ({"verkstalld": "2021-08-20", "avslutad": "2021-08-20"}, "både verkställd och avslutad"),
            ({"slutrapporterad": "2022-02-16"}, "i framtiden"),
            ({"skal": "Enskild har tackat nej", "eget_skal": "Annat"}, "inte båda"),
        ],
    )
    def test_days_that_contradict_each_other_are_refused_beside_their_field(self, officer, noted, typed, told):
        own = clocks("B-01")[0]
        page_of(officer, "B-01", f"/klocka/{own.id}/ratta")
        page = officer.submit({"reason": WHY} | typed, status=422)
        assert told in errors_on(page)
        assert (clocks("B-01")[0].executed_on, noted) == (None, [])

    def test_a_reason_of_the_list_replaces_one_with_own_words(self, officer):
        own = clock("B-02")
        page_of(officer, "B-02", f"/klocka/{own.id}/ratta")
        officer.submit({"eget_skal": "Väntar på anpassning", "reason": WHY})
        assert (note_of(clock("B-02")), clock("B-02").noted) == ("Väntar på anpassning", True)
        page_of(officer, "B-02", f"/klocka/{own.id}/ratta")
        officer.submit({"eget_skal": "", "skal": "Enskild har tackat nej", "reason": WHY})
        after = clock("B-02")
        assert (after.delay_note, after.noted, after.delay_reason_id is not None) == (None, False, True)

    def test_a_clock_that_never_ran_is_taken_away_but_not_the_last(self, officer, noted):
        own, interruption = clocks("B-01")
        page_of(officer, "B-01", f"/klocka/{interruption.id}/ratta")
        officer.submit({"ta_bort": "y", "reason": WHY})
        assert [one.id for one in clocks("B-01")] == [own.id]
        changes = noted[0][1]["changes"]
        assert changes["executed_on"] == (date(2021, 10, 1), None)
        assert changes["started_on"] == (date(2021, 6, 1), None)
        page_of(officer, "B-01", f"/klocka/{own.id}/ratta")
        page = officer.submit({"ta_bort": "y", "reason": WHY}, status=422)
        assert "minst en klocka" in page.text
        assert len(clocks("B-01")) == 1

    def test_a_clock_of_another_decision_is_not_found(self, officer):
        page = page_of(officer, "B-02", f"/klocka/{clocks('B-01')[0].id}/ratta", status=404)
        assert page.heading == "Sidan finns inte"


class TestStale:
    """Who saves on top of another's change sees both and chooses."""

    def meanwhile(self, app, **typed: str) -> None:
        """Somebody else saves, on the version that stands."""
        visitor = PageClient(app)
        visitor.sign_in(make_user("bo@kommun.example", Role.CASE_OFFICER).email, PASSWORD)
        page_of(visitor, "B-01")
        visitor.submit(typed | {"reason": "Bo rättar"})

    def test_nothing_is_overwritten_unseen(self, officer, app, noted):
        page_of(officer, "B-01")
        self.meanwhile(app, utforare="Bos AB", handlaggare="Bo Berg")
        page = officer.submit({"utforare": "Evas AB", "reason": WHY}, status=409)
        assert "Du skrev: Evas AB" in page.text
        assert "Nu står: Bos AB" in page.text
        assert "Nu står: Bo Berg" in page.text
        assert WHY in page.text
        assert not [e for e in page.tree.iter("input") if e.get("checked") is not None], "nothing is chosen beforehand"
        assert decision("B-01").provider == "Bos AB"
        page = officer.submit({"valj-utforare": "mitt"}, form="valj-utforare", status=422)
        assert "Välj vilket som ska gälla." in errors_on(page)
        assert decision("B-01").provider == "Bos AB"
        officer.submit({"valj-utforare": "mitt", "valj-handlaggare": "nu"}, form="valj-utforare")
        assert (decision("B-01").provider, decision("B-01").handler_name) == ("Evas AB", "Bo Berg")
        assert noted[-1][1]["reason"] == WHY
        assert version_of(number_of("B-01")) == 3

    def test_a_second_change_meanwhile_asks_again(self, officer, app):
        page_of(officer, "B-01")
        self.meanwhile(app, utforare="Bos AB")
        officer.submit({"utforare": "Evas AB", "reason": WHY}, status=409)
        make_decisions([{"ref": "B-01", "utforare": "Filens AB", "beslutsdatum": "2021-01-07"}], today=TODAY)
        page = officer.submit({"valj-utforare": "mitt"}, form="valj-utforare", status=409)
        assert "Nu står: Filens AB" in page.text
        assert not [e for e in page.tree.iter("input") if e.get("checked") is not None]
        assert decision("B-01").provider == "Filens AB"

    def test_a_number_written_meanwhile_is_asked_about(self, officer, app):
        page_of(officer, "B-01")
        self.meanwhile(app, person=OTHER_NUMBER)
        page = officer.submit({"person": "198112189876", "reason": WHY}, status=409)
        assert OTHER_NUMBER not in page.response.text
        officer.submit({"valj-person": "nu"}, form="valj-person", status=422)  # then nothing is changed
        assert person_of("B-01") == OTHER_NUMBER

    def test_where_both_wrote_the_same_nothing_is_left_to_save(self, officer, app):
        page_of(officer, "B-01")
        self.meanwhile(app, utforare="Samma AB")
        page = officer.submit({"utforare": "Samma AB", "reason": WHY}, status=409)
        assert "står redan så" in page.text


class TestVoid:
    """Makulera."""

    def test_a_voided_decision_leaves_everything(self, officer, noted):
        assert "B-01" in officer.get(QUARTER).links
        page_of(officer, "B-01")
        page = page_of(officer, "B-01", "/makulera")
        assert "Det går inte att ångra" in page.text
        page = officer.submit({"reason": "Dubblett"})
        assert "Beslut B-01 är makulerat." in page.text
        assert refs_on(page) == ["B-02"]
        assert "B-01" not in officer.get(QUARTER).links
        assert {one.alive_until for one in clocks("B-01")} == {date(1, 1, 1)}
        page_of(officer, "B-01", "", status=404)
        page_of(officer, "B-01", "/ratta", status=404)
        assert [(action, more["reason"]) for action, more in noted] == [(Action.RECORD_VOIDED, "Dubblett")]

    def test_the_quality_lead_finds_it_and_is_told_of_its_reports(self, officer, app):
        own = clocks("B-01")[0]
        page_of(officer, "B-01", f"/klocka/{own.id}/ratta")
        officer.submit({"forst_rapporterad": "2021-09-30", "reason": WHY})
        assert "rapporten med avstämningsdatum 30 september 2021" in page_of(officer, "B-01", "/makulera").text
        officer.submit({"reason": "Dubblett"})
        visitor = PageClient(app)
        visitor.sign_in(make_user("kva@kommun.example", Role.QUALITY_LEAD).email, PASSWORD)
        assert visitor.get("/beslut/makulerade").table("Makulerade").column("Beslut") == ["B-01"]
        page = visitor.click("B-01")
        assert "Makulerat" in page.text
        assert "rapporten med avstämningsdatum 30 september 2021" in page.text
        assert "Rätta" not in page.links
        other = PageClient(app)
        other.sign_in(make_user("barn@kommun.example", Role.QUALITY_LEAD, unit="Barn").email, PASSWORD)
        assert "Inget beslut är makulerat" in other.get("/beslut/makulerade").text
        page_of(other, "B-01", "", status=404)

    def test_the_reason_is_needed_and_an_old_page_is_refused(self, officer, app):
        page_of(officer, "B-01", "/makulera")
        assert "Skriv varför" in errors_on(officer.submit({"reason": ""}, status=422))
        make_decisions([{"ref": "B-01", "utforare": "Filens AB"}], today=TODAY)
        page = officer.submit({"reason": "Dubblett"}, status=409)
        assert "Någon annan har ändrat beslutet" in page.text
        assert decision("B-01").mark == 0
        officer.submit({}, form="reason")
        assert decision("B-01").mark == 2

    def test_the_import_takes_no_row_for_it(self, officer, tmp_path, app):
        page_of(officer, "B-01", "/makulera")
        officer.submit({"reason": "Dubblett"})
        from tests.decisions.running import Office

        told = Office(app, tmp_path).refused("ref;insats;beslutsdatum\nB-01;Kontaktperson;2021-01-07\n")
        assert told == [
            "rad 2, kolumn ref: beslutet är makulerat och ändras inte mer. Ta bort raden, eller ge beslutet en ny "
            "referens."
        ]
