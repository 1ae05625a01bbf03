"""Activities on pages: decided, changed, told of, voided; what stops it, and where they show."""

from datetime import date

import pytest
from sqlalchemy import select

from tests.activity.making import make_activity
from tests.audit.trails import entries, verdict
from tests.control.office import hide, moment, risk, tell_next, versions
from tests.control.test_plan import DECISION
from tests.control.test_scale import follow, signed_in
from tests.factories import make_unit, make_user
from tracker.activity.models import Activity
from tracker.activity.queries import list_activities
from tracker.database import db
from tracker.records.scope import EVERY_RECORD

EVA, BO, SVEN = "eva@kommun.example", "bo@kommun.example", "sven@kommun.example"
LIST = "/internkontroll/2021/aktiviteter"
NEW = {
    "beskrivning": "Utbilda alla nya chefer i jäv", "risk": "R1", "kontroll": "K1", "ansvarig": "HR-chef",
    "senast": "2021-10-31",
}  # fmt: skip
STALE = "Någon annan har ändrat aktiviteten sedan du öppnade sidan. Så här står den nu: "


@pytest.fixture
def eva(office):
    """The coordinator, in a year with a risk and a kontrollmoment without result."""
    office.imports("risks", "ar;ref;risk;sannolikhet;konsekvens\n2021;R1;Avtal saknas;3;4\n")
    office.imports("controls", "ar;ref;risk_ref;kontrollmoment;ej_genomford\n2021;K1;R1;Avtal;Hanns inte\n")
    make_user(EVA, "internkontroll")
    return signed_in(office, EVA)


def activity(ref: str = "A1", year: int = 2021) -> Activity:
    """The stored activity, read anew."""
    db.session.rollback()
    return db.session.scalars(select(Activity).where(Activity.year == year, Activity.ref == ref)).one()


def page_of(ref: str = "A1") -> str:
    return f"/internkontroll/aktivitet/{activity(ref).record_id}"


def write(visitor, fields: dict[str, str] | None = None, *, query: str = "", status: int = 200):
    """Writes a new activity."""
    visitor.get(f"{LIST}/ny{query}")
    return visitor.submit(NEW | (fields or {}), form="beskrivning", status=status)


def tell(visitor, fields: dict[str, str], *, status: int = 200):
    """Tells how the activity goes."""
    visitor.get(f"{page_of()}/status")
    return visitor.submit(fields, form="analys", status=status)


class TestWriting:
    """A new one, and one that is changed."""

    def test_a_new_one_is_saved_with_all_that_was_written(self, eva):
        page = write(eva)
        assert page.heading == "Aktivitet A1, 2021"
        found = activity()
        assert (found.text, found.responsible, found.due_on) == (
            "Utbilda alla nya chefer i jäv", "HR-chef", date(2021, 10, 31),
        )  # fmt: skip
        assert (found.risk_id, found.moment_id) == (risk("R1").record_id, moment("K1").record_id)
        assert (found.status, found.done_on, found.analysis, found.in_plan) == ("ej_paborjad", None, None, False)
        assert versions()["2021/A1"] == 1
        assert verdict().whole

    def test_it_is_begun_from_a_risk_and_from_a_moment_and_numbered(self, eva):
        make_activity(ref="A9")
        eva.get(f"/risker/{risk('R1').record_id}")
        page = eva.click("Ny aktivitet")
        assert [page.form("risk").find(f".//input[@name='{n}']").get("value") for n in ("ref", "risk", "kontroll")] == [
            "A10", "R1", "",
        ]  # fmt: skip
        eva.get(f"/internkontroll/moment/{moment('K1').record_id}")
        page = eva.click("Ny aktivitet")
        assert page.form("risk").find(".//input[@name='kontroll']").get("value") == "K1"

    def test_it_shows_on_the_year_the_risk_and_the_moment(self, eva):
        write(eva)
        for path in (
            LIST, "/internkontroll/2021", f"/risker/{risk('R1').record_id}",
            f"/internkontroll/moment/{moment('K1').record_id}",
        ):  # fmt: skip
            (row,) = eva.get(path).table("Aktiviteter").dicts()
            assert row["Aktivitet"] == "Utbilda alla nya chefer i jäv A1", path
            assert row["Status"] == "■ Ej påbörjad, försenad", path
        assert "1 aktivitet · 1 försenad" in eva.get(LIST).text

    def test_a_change_keeps_the_rest(self, eva):
        write(eva)
        eva.click("Ändra")
        page = eva.submit({"senast": "2022-03-31", "kontroll": ""}, form="beskrivning")
        assert "Aktiviteten är ändrad." in page.text
        found = activity()
        assert (found.due_on, found.moment_id, found.risk_id) == (date(2022, 3, 31), None, risk("R1").record_id)
        assert eva.get(LIST).table("Aktiviteter").dicts()[0]["Status"] == "○ Ej påbörjad"
        assert versions()["2021/A1"] == 2

    @pytest.mark.parametrize(
        ("typed", "says"),
        [
            ({"ref": ""}, "Skriv en beteckning, som A1."),
            ({"ref": "A/1"}, "Skriv beteckningen utan snedstreck, som A1."),
            ({"beskrivning": " "}, "Skriv vad som ska göras."),
            ({"ansvarig": ""}, "Skriv vem som ansvarar, helst en roll."),
            ({"ansvarig": "20000101-2384"}, "Texten ser ut att innehålla ett personnummer. Skriv utan det."),
            ({"senast": ""}, "Skriv dagen då aktiviteten senast ska återrapporteras."),
            ({"senast": "31/10"}, "Datumet går inte att läsa. Skriv det som 2026-03-31."),
            ({"senast": "2012-10-31"}, "Dagen ligger utanför 2021–2022. Rätta året."),
            ({"risk": "R9"}, "Risken R9 finns inte 2021. Rätta beteckningen, eller lämna fältet tomt."),
            ({"kontroll": "R1"}, "Kontrollmomentet R1 finns inte 2021. Rätta beteckningen, eller lämna fältet tomt."),
            ({"beskrivning": "x" * 2001}, "Skriv högst 2000 tecken."),
        ],
    )
    def test_what_is_wrong_is_told_beside_its_field_and_nothing_is_lost(self, eva, typed, says):
        page = write(eva, {"ansvarig": "Min roll"} | typed, status=422)
        assert says in page.text
        assert "Min roll" in page.response.text or "ansvarig" in typed
        assert not db.session.scalars(select(Activity)).all()

    def test_a_ref_is_not_used_twice_in_a_year(self, eva):
        write(eva)
        assert "Beteckningen används redan det här året." in write(eva, {"ref": "A1"}, status=422).text
        make_activity(2022, due_on=date(2022, 10, 31))
        assert versions()["2022/A1"] == 1

    def test_who_saves_on_top_of_another_is_told_what_stands(self, eva, office):
        write(eva)
        eva.get(f"{page_of()}/status")
        other = signed_in(office, EVA)
        tell(other, {"status": "pagar", "analys": "Hälften har gått"})
        page = eva.submit({"status": "avbruten", "analys": "Min text"}, form="analys", status=422)
        assert f"{STALE}pågår; Utbilda alla nya chefer i jäv; Hälften har gått." in page.text
        assert "Min text" in page.text
        assert activity().status == "pagar"
        eva.submit({}, form="analys")
        assert (activity().status, activity().analysis) == ("avbruten", "Min text")


class TestProgress:
    """How it goes."""

    @pytest.mark.parametrize(
        ("typed", "says"),
        [
            ({"status": "genomford"}, "Skriv dagen då aktiviteten genomfördes."),
            ({"status": "genomford", "genomford": "2022-02-16"}, "Dagen kan inte ligga i framtiden. Rätta den."),
            ({"status": "avbruten"}, "Skriv varför aktiviteten avbröts."),
            ({"status": "pagar", "genomford": "2022-02-15"}, "Dagen hör till en genomförd aktivitet."),
            ({"status": "klar"}, "Välj ett av alternativen i listan."),
        ],
    )
    def test_what_is_wrong_is_told_and_nothing_is_saved(self, eva, typed, says):
        write(eva)
        assert says in tell(eva, typed, status=422).text
        assert activity().status == "ej_paborjad"

    def test_what_was_done_today_is_done_and_no_longer_late(self, eva):
        write(eva)
        page = tell(eva, {"status": "genomford", "genomford": "2022-02-15", "analys": "Alla har gått"})
        assert "Status och analys är sparade." in page.text
        assert (activity().status, activity().done_on) == ("genomford", date(2022, 2, 15))
        (row,) = list_activities(2021, EVERY_RECORD, date(2022, 2, 15))
        assert (row.late, row.unreported) == (False, False)

    def test_a_manager_tells_of_the_unit_and_plans_nothing(self, eva, office):
        write(eva)
        make_user(BO, "chef")
        bo = signed_in(office, BO)
        tell(bo, {"status": "pagar"})
        assert activity().status == "pagar"
        assert "Ändra" not in bo.get(page_of()).links
        assert "Ny aktivitet" not in bo.get(LIST).links

    def test_another_units_activity_is_not_there(self, eva, office):
        write(eva)
        make_unit("Barn")
        make_user(BO, "chef", unit="Barn")
        bo = signed_in(office, BO)
        for what in ("", "/status"):
            bo.get(f"{page_of()}{what}", status=404)
        assert "Inga aktiviteter för 2021 än" in bo.get(LIST).text

    @pytest.mark.parametrize("way", ["closed", "protected"])
    def test_what_is_hidden_is_not_there_and_a_hidden_risk_is_not_told(self, eva, office, way):
        write(eva)
        make_user(BO, "internkontroll")
        hide(risk("R1"), way, seer=EVA, other=BO)
        bo = signed_in(office, BO)
        assert bo.get(LIST).table("Aktiviteter").dicts()[0]["Risk"] == "–"
        bo.get(f"{page_of()}/andra")
        bo.submit({"ansvarig": "Ekonomichef"}, form="beskrivning")
        assert (activity().responsible, activity().risk_id) == ("Ekonomichef", risk("R1").record_id)
        hide(activity(), way, seer=EVA, other=BO)
        bo.get(page_of(), status=404)
        assert "Inga aktiviteter för 2021 än" in bo.get(LIST).text


class TestThePlan:
    """Activities with the plan that the committee adopts."""

    @pytest.fixture
    def adopted(self, eva, office):
        """A year that the committee has adopted, with A1."""
        write(eva)
        make_user(SVEN, "sekreterare")
        follow(eva, "steg/foresla")
        follow(signed_in(office, SVEN), "beslut/faststall")
        return eva

    def test_what_stands_in_the_plan_changes_only_when_it_is_opened(self, adopted):
        assert "Ändra" not in adopted.get(page_of()).links
        page = adopted.get(f"{page_of()}/andra")
        assert "Aktiviteten står i planen som nämnden har fått." in page.text
        token = adopted.get(f"{page_of()}/status").form("analys").find(".//input[@name='csrf_token']").get("value")
        sent = NEW | {"ref": "A1", "beskrivning": "Annat", "version": "1", "csrf_token": token}
        page = adopted.post(f"{page_of()}/andra", sent, status=422)
        assert "Öppna planen för ändring först" in page.text
        assert activity().text == "Utbilda alla nya chefer i jäv"
        follow(adopted, "steg/andra")
        adopted.get(f"{page_of()}/andra")
        adopted.submit({"beskrivning": "Annat"}, form="beskrivning")
        assert activity().text == "Annat"

    def test_how_it_goes_is_told_all_the_same(self, adopted):
        tell(adopted, {"status": "pagar"})
        assert activity().status == "pagar"

    def test_one_that_came_later_changes_until_the_plan_is_given_again(self, adopted):
        write(adopted, {"kontroll": "K1"})
        adopted.get(f"{page_of('A2')}/andra")
        adopted.submit({"beskrivning": "Ny text"}, form="beskrivning")
        assert (activity("A2").text, activity("A2").in_plan, activity("A1").in_plan) == ("Ny text", False, True)

    def test_one_that_came_later_does_not_stop_the_plan_from_being_kept(self, adopted):
        write(adopted)
        follow(adopted, "steg/andra")
        assert "Behåll det fastställda" in adopted.get("/internkontroll/2021/plan").links
        adopted.get(f"{page_of()}/andra")
        adopted.submit({"ansvarig": "Annan"}, form="beskrivning")
        assert "Behåll det fastställda" not in adopted.get("/internkontroll/2021/plan").links

    def test_versions_tell_of_new_changed_and_removed(self, adopted):
        make_activity(ref="A2")
        follow(adopted, "steg/andra")
        adopted.get(f"{page_of()}/andra")
        adopted.submit({"senast": "2021-11-30"}, form="beskrivning")
        follow(adopted, "steg/foresla")
        page = adopted.get("/internkontroll/2021/plan/version/2?mot=1")
        assert page.table("Skillnader i aktiviteter").rows == [
            ["A1", "Ändrad", "Återrapporteras senast", "2021-10-31", "2021-11-30"], ["A2", "Ny", "hela raden", "", ""],
        ]  # fmt: skip
        assert [row[0] for row in page.table("Versionens aktiviteter").rows] == ["A1", "A2"]
        other = adopted.get("/internkontroll/2021/plan/version/1?mot=2").table("Skillnader i aktiviteter")
        assert ["A2", "Borttagen", "hela raden", "", ""] in other.rows

    def test_a_version_leaves_out_what_is_hidden(self, adopted, office):
        make_user(BO, "internkontroll")
        hide(activity(), "closed", seer=EVA, other=BO)
        page = signed_in(office, BO).get("/internkontroll/2021/plan/version/1")
        assert "1 rader visas inte för dig" in page.text
        assert "Utbilda" not in page.text

    def test_the_follow_up_warns_and_then_nothing_changes(self, adopted):
        page = adopted.get("/internkontroll/2021/plan/steg/folj-upp")
        assert "1 aktivitet är inte avslutad eller saknar analys." in page.text
        assert "A1" in page.links
        tell_next("K1")
        follow(adopted, "steg/folj-upp")
        assert "Status och analys" not in adopted.get(page_of()).links
        assert "Planen för 2021 är uppföljd." in adopted.get(f"{page_of()}/status").text
        assert "Planen för 2021 är uppföljd." in adopted.get(f"{LIST}/ny").text
        assert "Ny aktivitet" not in adopted.get(LIST).links

    def test_nothing_is_warned_of_when_all_is_told(self, adopted):
        tell(adopted, {"status": "avbruten", "analys": "Uppgick i annat"})
        assert "saknar analys" not in adopted.get("/internkontroll/2021/plan/steg/folj-upp").text

    def test_one_is_voided_in_a_draft_with_a_reason(self, eva):
        write(eva)
        eva.click("Makulera")
        assert "Skriv varför." in eva.submit({"reason": ""}, status=422).text
        page = eva.submit({"reason": "Dubbelt upplagd"})
        assert "Aktiviteten A1 är makulerad." in page.text
        assert "Inga aktiviteter för 2021 än" in page.text
        eva.get(page_of(), status=404)
        assert entries()[-1].action == "record.voided"
        assert "Beteckningen används redan" in write(eva, {"ref": "A1"}, status=422).text

    def test_one_that_was_changed_meanwhile_is_not_voided(self, eva, office):
        write(eva)
        eva.get(f"{page_of()}/makulera")
        tell(signed_in(office, EVA), {"status": "pagar"})
        assert f"{STALE}pågår; Utbilda" in eva.submit({"reason": "Dubbelt"}, status=422).text
        assert activity().mark == 0

    def test_one_of_an_adopted_plan_is_not_voided(self, adopted):
        assert "Makulera" not in adopted.get(page_of()).links
        assert "Det går bara i ett utkast." in adopted.get(f"{page_of()}/makulera").text
        assert DECISION["paragraph"] in adopted.get("/internkontroll/2021/plan").text


def test_a_year_out_of_reach_is_not_there(eva):
    eva.get("/internkontroll/1989/aktiviteter", status=404)
    eva.get("/internkontroll/2101/aktiviteter/ny", status=404)
    assert eva.get("/internkontroll/2030/aktiviteter").heading == "Aktiviteter 2030"
