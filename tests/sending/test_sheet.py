"""One individrapport: IVO's fields with their words, what has changed since, and that it is sent."""

from datetime import date

import pytest
from sqlalchemy import select, text

from tests.decisions.lists import number_of
from tests.decisions.running import clock, decision
from tests.factories import PASSWORD, make_decisions, make_user
from tests.records.granting import protect
from tests.sending.conftest import BO, EVA, QUARTER, TODAY, WOMAN
from tests.sending.locking import kept, lock
from tests.support.checks import text_of
from tests.support.pages import PageClient
from tests.support.traces import traces_left
from tracker.audit.history import list_history
from tracker.audit.models import AuditRead
from tracker.database import db
from tracker.decisions.ivo_sealing import SENT_AS, TEXTS, open_fields
from tracker.rules.permissions import Role
from tracker.rules.quarters import Quarter
from tracker.rules.trail import Action, ReadKind

WORK = "/rapporter/kvartal/2021/4/ivo"


def address(ref: str, ivo_type: str, quarter: Quarter = QUARTER) -> str:
    return f"/rapporter/kvartal/{quarter.year}/{quarter.number}/ivo/{clock(ref).id}/{ivo_type}"


def fields(page) -> dict[str, str]:
    """What stands in each field that is not written here, without what has changed in it."""
    found = {}
    for row in page.tree.iter("dl"):
        if row.get("class") == "sheet":
            words = [e for e in row.iter("span") if e.get("class") == "to-copy"]
            found[text_of(row.find("dt"))] = text_of(words[0]) if words else ""
    return found


def written(page) -> dict[str, str]:
    """What stands in the fields to write in."""
    return {e.get("name"): "".join(e.itertext()).strip("\n") for e in page.tree.iter("textarea")}


def changes(page) -> list[str]:
    """What is said to have changed in the register."""
    return [text_of(e) for e in page.tree.iter("p") if e.get("class") == "changed"]


def errors_on(page) -> str:
    return " ".join(text_of(e) for e in page.tree.iter("p") if e.get("class") == "field-error")


@pytest.fixture
def bo(app, eva):
    """Another handläggare, signed in."""
    visitor = PageClient(app)
    visitor.sign_in(make_user(BO, Role.CASE_OFFICER, name="Bo Berg").email, PASSWORD)
    return visitor


@pytest.fixture
def known(eva):
    """N with all that the register can say of it."""
    make_decisions(
        [{"ref": "N", "beslutsdatum": "2021-08-02", "person": WOMAN, "lagrum": "SoL 4:1", "omrade": "IFO",
          "kon": "man", "skal": "RES_UPPDRAG"}], today=TODAY,
    )  # fmt: skip
    return eva


class TestFields:
    """What IVO asks for."""

    def test_each_field_stands_with_its_words(self, known):
        page = known.get(address("N", "ny"))
        assert fields(page) == {
            "Kommun": "", "Nämnd": "", "Rapporttyp": "Ny, ej verkställt beslut", "Avser kvartal": "Kvartal 4 2021",
            "Personnummer": WOMAN, "Kön": "Man", "Skyddade uppgifter": "Nej", "Lagrum": "SoL 4:1",
            "Verksamhetsområde": "IFO", "Typ av insats": "Kontaktperson", "Beslutsdatum": "2021-08-02",
            "Planerat verkställighetsdatum": "",
        }  # fmt: skip
        assert set(written(page)) == {"skal", "atgarder", "konsekvenser", "upplysning"}
        assert written(page)["skal"] == "Resursbrist: utförare saknas"
        assert "Inget saknas" in page.text

    def test_an_end_asks_for_its_day_and_cause(self, eva):
        page = eva.get(address("C", "avslutad"))
        assert fields(page)["Avslutsdatum"] == "2021-11-11"
        assert fields(page)["Anledning till avslut"] == "Flyttat"
        assert set(written(page)) == {"upplysning"}
        assert fields(eva.get(address("E", "verkstalld")))["Verkställighetsdatum"] == "2021-11-10"

    def test_what_is_missing_is_pointed_out(self, eva):
        page = eva.get(address("N", "ny"))
        for field in ("Personnummer", "Lagrum", "Verksamhetsområde", "Skäl till dröjsmålet"):
            assert f"{field} saknas" in page.text

    def test_a_number_of_the_other_sex_is_pointed_out(self, known):
        make_decisions([{"ref": "N", "beslutsdatum": "2021-08-02", "kon": "kvinna"}], today=TODAY)
        assert "Numret säger man men registret kvinna" in known.get(address("N", "ny")).text

    def test_an_end_after_a_new_one_says_which_comes_first(self, eva):
        assert "Sänd den nya rapporten om samma beslut först" in eva.get(address("X", "verkstalld")).text
        eva.get(address("X", "ny"))
        eva.submit({"gor": "sand"}, form="sand_den")
        assert "Sänd den nya rapporten" not in eva.get(address("X", "verkstalld")).text

    @pytest.mark.parametrize("ivo_type", ["verkstalld", "avslutad", "fortfarande", "annan"])
    def test_a_type_that_the_report_does_not_ask_for_is_not_found(self, eva, ivo_type):
        assert eva.get(f"{WORK}/{clock('N').id}/{ivo_type}", status=404).status == 404

    def test_it_is_an_identity_read_before_it_is_shown(self, eva):
        eva.get(address("N", "ny"))
        db.session.rollback()
        read = db.session.scalars(select(AuditRead).order_by(AuditRead.id.desc()).limit(1)).one()
        assert (read.kind, read.record_id) == (ReadKind.IDENTITY, number_of("N"))

    def test_what_is_refused_is_an_identity_read_too(self, eva):
        eva.get(address("N", "ny"))
        eva.submit({"gor": "sand", "sand_den": "x"}, form="sand_den", status=422)
        db.session.rollback()
        reads = list(db.session.scalars(select(AuditRead).where(AuditRead.kind == ReadKind.IDENTITY.value)))
        assert [read.record_id for read in reads] == [number_of("N")] * 2


class TestTexts:
    """The words are written here, sealed, and kept apart from the register's."""

    def test_they_are_kept_and_lie_sealed(self, eva):
        eva.get(address("N", "ny"))
        words = {"skal": "Bodil vill vänta", "atgarder": "Rad ett\r\nRad två"}
        page = eva.submit(words | {"gor": "spara"}, form="sand_den")
        assert written(page)["skal"] == "Bodil vill vänta"
        assert written(page)["atgarder"] == "Rad ett\nRad två"
        (row,) = kept("N")
        assert (row.version, row.sent_on, row.year, row.number, row.ivo_type) == (1, None, 2021, 4, "ny")
        assert open_fields(row.texts, row.id, TEXTS)["skal"] == "Bodil vill vänta"
        assert traces_left(["Bodil vill vänta"]) == set()

    def test_the_trail_keeps_them_among_the_personal_values(self, eva):
        eva.get(address("N", "ny"))
        eva.submit({"skal": "Bodil vill vänta", "gor": "spara"}, form="sand_den")
        event, *_ = list_history(number_of("N"), with_personal=True)
        assert event.action is Action.IVO_REPORT_CHANGED
        told = {change.field: (change.new, change.personal) for change in event.changes}
        assert told["skal"] == ("Bodil vill vänta", True)
        assert told["report_type"] == ("ny", False)

    def test_a_personnummer_in_them_is_pointed_out(self, eva):
        eva.get(address("N", "ny"))
        page = eva.submit({"skal": f"Gäller {WOMAN}", "gor": "spara"}, form="sand_den", status=422)
        assert "ser ut att innehålla ett personnummer" in errors_on(page)
        assert kept("N") == []
        eva.submit({"anyway": "y", "gor": "spara"}, form="sand_den")
        assert len(kept("N")) == 1

    def test_one_that_is_protected_has_it_in_the_information(self, eva):
        protect("S", EVA)
        assert written(eva.get(address("S", "fortfarande")))["upplysning"] == "Personen har skyddade personuppgifter."

    def test_too_long_a_text_is_refused(self, eva):
        eva.get(address("N", "ny"))
        page = eva.submit({"skal": "x" * 4001, "gor": "spara"}, form="sand_den", status=422)
        assert "Skriv högst 4000 tecken" in errors_on(page)


class TestSent:
    """The tick with its day."""

    @pytest.mark.parametrize(
        ("day", "told"),
        [
            ("2021-08-01", "ligger före 2 augusti 2021"),
            ("2022-02-16", "ligger i framtiden"),
            ("igår", "Skriv den dag då rapporten sändes"),
            ("", "Skriv den dag då rapporten sändes"),
        ],
    )
    def test_a_day_that_cannot_be_is_told_and_nothing_typed_is_lost(self, eva, day, told):
        eva.get(address("N", "ny"))
        page = eva.submit({"skal": "Kö", "sand_den": day, "gor": "sand"}, form="sand_den", status=422)
        assert told in errors_on(page)
        assert written(page)["skal"] == "Kö"
        assert kept("N") == []

    def test_an_end_is_not_sent_before_it_came(self, eva):
        eva.get(address("E", "verkstalld"))
        page = eva.submit({"sand_den": "2021-11-09", "gor": "sand"}, form="sand_den", status=422)
        assert "ligger före 10 november 2021" in errors_on(page)

    def test_it_keeps_what_was_said_who_and_when(self, known):
        known.get(address("N", "ny"))
        page = known.submit({"skal": "Kö", "sand_den": "2022-01-20", "gor": "sand"}, form="sand_den")
        assert page.path == WORK
        (row,) = kept("N")
        said = open_fields(row.sent_as, row.id, SENT_AS)
        assert (row.sent_on, said["person"], said["ord.skal"]) == (date(2022, 1, 20), WOMAN, "Kö")
        page = known.get(address("N", "ny"))
        assert "Sänd 20 januari 2022 av Eva Ek" in page.text
        assert fields(page)["Skäl till dröjsmålet"] == "Kö"
        assert written(page) == {}

    def test_a_sent_one_says_what_has_changed_since(self, known):
        known.get(address("N", "ny"))
        known.submit({"gor": "sand"}, form="sand_den")
        make_decisions([{"ref": "N", "beslutsdatum": "2021-08-02", "lagrum": "SoL 11:1"}], today=TODAY)
        page = known.get(address("N", "ny"))
        assert changes(page) == ["◆ Ändrat i registret från SoL 4:1 → till SoL 11:1"]
        assert fields(page)["Lagrum"] == "SoL 4:1"

    def test_it_is_undone_with_a_reason_and_its_words_stay(self, eva):
        eva.get(address("N", "ny"))
        eva.submit({"skal": "Kö", "gor": "sand"}, form="sand_den")
        eva.get(address("N", "ny"))
        eva.click("Ångra: den är inte sänd")
        assert "Skriv varför" in errors_on(eva.submit({"reason": ""}, status=422))
        page = eva.submit({"reason": "Fel rapport"})
        assert written(page)["skal"] == "Kö"
        (row,) = kept("N")
        assert (row.sent_on, row.sent_by, row.sent_as, row.version) == (None, None, None, 2)
        event, *_ = list_history(number_of("N"), with_personal=True)
        assert (event.action, event.reason) == (Action.IVO_REPORT_NOT_SENT, "Fel rapport")

    def test_what_is_not_sent_cannot_be_undone(self, eva):
        eva.get(f"{address('N', 'ny')}/angra")
        page = eva.submit({"reason": "Fel"}, status=422)
        assert "inget att ångra" in page.text


class TestStillUnexecuted:
    """The last words that were sent stand ready, and what has changed is marked field by field."""

    @pytest.fixture
    def second(self, known):
        """N was sent as new; the register has changed since; the next quarter is locked with N still unexecuted."""
        known.get(address("N", "ny"))
        known.submit({"skal": "Ingen uppdragstagare", "konsekvenser": "Ensam", "gor": "sand"}, form="sand_den")
        make_decisions(
            [{"ref": "N", "beslutsdatum": "2021-08-02", "insats": "Boendestöd", "skal": "Enskild har tackat nej"}],
            today=TODAY,
        )
        lock(Quarter(2022, 1), {"N": "still_unexecuted"}, cutoff_on=date(2022, 2, 14), previous_on=date(2021, 12, 31))
        return known

    def test_the_last_words_stand_ready(self, second):
        page = second.get(address("N", "fortfarande", Quarter(2022, 1)))
        assert (written(page)["skal"], written(page)["konsekvenser"]) == ("Ingen uppdragstagare", "Ensam")
        assert "IVO fick senast veta det här 15 februari 2022 (ny, kvartal 4 2021)" in page.text

    def test_each_field_that_has_changed_is_marked_with_was_and_is(self, second):
        page = second.get(address("N", "fortfarande", Quarter(2022, 1)))
        assert changes(page) == [
            "◆ Ändrat i registret från Kontaktperson → till Boendestöd",
            "◆ Ändrat i registret från Resursbrist: utförare saknas → till Enskild har tackat nej",
        ]
        assert "2 uppgifter i registret har ändrats" in page.text

    def test_the_words_of_the_sent_one_stay_as_they_were(self, second):
        second.get(address("N", "fortfarande", Quarter(2022, 1)))
        second.submit({"skal": "Tackat nej", "gor": "sand"}, form="sand_den")
        assert fields(second.get(address("N", "ny")))["Skäl till dröjsmålet"] == "Ingen uppdragstagare"
        assert [row.ivo_type for row in kept("N")] == ["ny", "fortfarande"]


class TestShared:
    """Two share the work and nothing is lost."""

    def test_who_took_it_is_told_and_it_can_be_left(self, eva, bo):
        eva.get(address("N", "ny"))
        assert "Du har tagit" in eva.submit({"gor": "ta"}, form="sand_den").text
        page = bo.get(address("N", "ny"))
        assert "Eva Ek har tagit den här rapporten" in page.text
        assert "Du har tagit" in bo.submit({"gor": "ta"}, form="sand_den").text
        assert "har tagit" not in bo.submit({"gor": "slapp"}, form="sand_den").text

    def test_taking_one_with_words_in_it_keeps_them(self, eva):
        eva.get(address("N", "ny"))
        page = eva.submit({"skal": "Kö", "gor": "ta"}, form="sand_den")
        assert (written(page)["skal"], "Du har tagit" in page.text) == ("Kö", True)

    def test_both_sides_are_laid_beside_each_other_and_the_tick_follows_the_choice(self, eva, bo):
        eva.get(address("N", "ny"))
        bo.get(address("N", "ny"))
        bo.submit({"skal": "Bos skäl", "gor": "spara"}, form="sand_den")
        page = eva.submit({"skal": "Evas skäl", "sand_den": "2022-01-20", "gor": "sand"}, form="sand_den", status=409)
        assert "Någon annan har sparat sedan du öppnade sidan" in page.text
        assert "Bo Berg" in page.text
        assert "Du skrev: Evas skäl" in page.text
        assert "Nu står: Bos skäl" in page.text
        page = eva.submit({}, form="valj-skal", status=422)
        assert "Välj vilket som ska gälla" in page.text
        eva.submit({"valj-skal": "mitt"})
        (row,) = kept("N")
        assert open_fields(row.texts, row.id, TEXTS)["skal"] == "Evas skäl"
        assert (row.sent_on, row.version) == (date(2022, 1, 20), 2)

    def test_what_the_other_wrote_can_be_chosen(self, eva, bo):
        eva.get(address("N", "ny"))
        bo.get(address("N", "ny"))
        bo.submit({"skal": "Bos skäl", "gor": "spara"}, form="sand_den")
        eva.submit({"skal": "Evas skäl", "atgarder": "Ringt", "gor": "spara"}, form="sand_den", status=409)
        eva.submit({"valj-skal": "nu", "valj-atgarder": "mitt"})
        (row,) = kept("N")
        words = open_fields(row.texts, row.id, TEXTS)
        assert (words["skal"], words["atgarder"]) == ("Bos skäl", "Ringt")

    def test_words_for_one_that_has_been_sent_meanwhile_are_shown_and_not_saved(self, eva, bo):
        eva.get(address("N", "ny"))
        bo.get(address("N", "ny"))
        bo.submit({"skal": "Bos skäl", "gor": "sand"}, form="sand_den")
        page = eva.submit({"skal": "Evas skäl", "gor": "sand"}, form="sand_den", status=409)
        assert "redan markerad som sänd" in page.text
        assert "Evas skäl" in page.text
        (row,) = kept("N")
        assert open_fields(row.texts, row.id, TEXTS)["skal"] == "Bos skäl"

    def test_an_old_page_undoes_nothing(self, eva, bo):
        for visitor in (eva, bo):
            visitor.get(address("N", "ny"))
        eva.submit({"gor": "sand"}, form="sand_den")
        for visitor in (eva, bo):
            visitor.get(f"{address('N', 'ny')}/angra")
        eva.submit({"reason": "Fel"})
        eva.get(address("N", "ny"))
        eva.submit({"gor": "sand"}, form="sand_den")
        page = bo.submit({"reason": "Fel"}, status=409)
        assert "Någon annan har ändrat" in page.text
        assert kept("N")[0].sent_on == TODAY


def test_the_password_is_asked_for_and_what_was_written_comes_back(eva):
    eva.get(address("N", "ny"))
    db.session.execute(text("UPDATE user_session SET confirmed_at = '2020-01-01 00:00:00+00:00'"))
    db.session.commit()
    page = eva.submit({"skal": "Kö hos utföraren", "gor": "spara"}, form="sand_den")
    assert page.heading == "Skriv ditt lösenord igen"
    page = eva.submit({"present": PASSWORD})
    assert written(page)["skal"] == "Kö hos utföraren"
    eva.submit({"gor": "spara"}, form="sand_den")
    assert len(kept("N")) == 1


def test_a_person_that_is_forgotten_takes_the_words_along(eva):
    from tests.decisions.test_forgetting import forget

    make_decisions([{"ref": "E", "beslutsdatum": "2021-03-01", "person": WOMAN}], today=TODAY)
    eva.get(address("E", "verkstalld"))
    eva.submit({"upplysning": "Bodil fick plats", "gor": "sand"}, form="sand_den")
    record_id = decision("E").record_id
    forget(record_id)
    page = eva.get(WORK + f"/{clock(f'GLÖMD-{record_id}').id}/verkstalld")
    assert "Bodil" not in page.response.text
    assert WOMAN not in page.response.text
    assert "Sänd 15 februari 2022" in page.text
    (row,) = kept(f"GLÖMD-{record_id}")
    assert (row.texts, row.sent_as) == (None, None)


def test_a_new_key_takes_the_words_over(eva):
    from tests.audit.test_keys import NEW_KEY, NOW
    from tests.support import databases
    from tracker.audit.rotation import rotate
    from tracker.settings import decode_keys
    from tracker.vault import vault

    eva.get(address("N", "ny"))
    eva.submit({"skal": "Kö", "gor": "sand"}, form="sand_den")
    try:
        vault.configure(decode_keys(f"{NEW_KEY},{databases.TEST_KEY}"))
        rotate(NOW)
        vault.configure(decode_keys(NEW_KEY))
        (row,) = kept("N")
        assert open_fields(row.texts, row.id, TEXTS)["skal"] == "Kö"
        assert open_fields(row.sent_as, row.id, SENT_AS)["ord.skal"] == "Kö"
    finally:
        vault.configure(decode_keys(databases.TEST_KEY))


def test_a_decision_moved_out_of_reach_is_not_found(eva, app):
    visitor = PageClient(app)
    visitor.sign_in(make_user("vux@kommun.example", Role.CASE_OFFICER, unit="Vuxen").email, PASSWORD)
    assert visitor.get(address("N", "ny")).heading == "Individrapport om beslut N"
    make_decisions([{"ref": "N", "beslutsdatum": "2021-08-02", "enhet": "Barn"}], today=TODAY)
    visitor.get(address("N", "ny"), status=404)
