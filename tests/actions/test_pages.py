"""Actions on pages: added, decided, told of, carried out, followed up by another; who sees what."""

from datetime import date

import pytest
from sqlalchemy import select

from tests.actions.making import make_action
from tests.actions.stored import HEAD, action, record_id, sources
from tests.audit.trails import entries, verdict
from tests.control.test_scale import signed_in
from tests.factories import make_unit, make_user
from tracker.accounts.queries import find_unit, find_user
from tracker.actions.models import ActionNote
from tracker.database import db
from tracker.records.models import Record

EVA, BO, ADA = "eva@kommun.example", "bo@kommun.example", "ada@kommun.example"
NEW = {"beskrivning": "Utbilda alla om larm", "ansvarig": "Ada Alm", "beslutad": "2022-02-15", "senast": "2022-03-01"}
STALE = "Någon annan har ändrat åtgärden sedan du öppnade sidan. Så här står den nu: "


@pytest.fixture
def eva(office):
    """The manager of Vuxen 2, whose unit has an avvikelse and a lex Sarah-rapport; Ada works there."""
    make_user(EVA, "chef", unit="Vuxen 2", name="Eva Ek")
    make_user(ADA, "medarbetare", unit="Vuxen 2", name="Ada Alm")
    return signed_in(office, EVA)


def add(visitor, fields=None, *, to=("deviation", "A-1"), status=200):
    """Adds an action to a record."""
    visitor.get(f"/atgarder/till/{record_id(*to)}/ny")
    return visitor.submit(NEW | (fields or {}), form="beskrivning", status=status)


def path(ref="Å-2022-1", what=""):
    return f"/atgarder/{action(ref).record_id}{what}"


class TestAdding:
    def test_a_new_one_is_saved_with_all_that_was_written(self, eva):
        page = add(eva)
        assert page.heading == "Åtgärd Å-2022-1"
        found = action("Å-2022-1")
        assert (found.text, found.responsible_name, found.responsible_id) == (
            "Utbilda alla om larm", "Ada Alm", find_user(ADA).id,
        )  # fmt: skip
        assert (found.decided_on, found.due_on, found.done_on) == (date(2022, 2, 15), date(2022, 3, 1), None)
        assert (found.stage, found.listed_on, found.unit_id) == (0, date(2022, 3, 1), find_unit("Vuxen 2").id)
        assert sources("Å-2022-1") == [("deviation", "A-1")]
        assert "Avvikelse A-1" in page.text
        assert entries()[-1].action == "record.created"
        assert verdict().whole

    def test_they_are_numbered_by_year_after_the_highest(self, eva, office):
        office.imports(
            "actions", f"{HEAD}\nÅ-2022-9;avvikelse;A-1;Utbilda;;;;;\nÅ-2022-9b;avvikelse;A-1;Utbilda;;;;;\n"
        )
        add(eva)
        assert action("Å-2022-10").text == "Utbilda alla om larm"

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"beskrivning": ""}, "Skriv vad som ska göras."),
            ({"beskrivning": "Ring 19121212-1212"}, "Texten ser ut att innehålla ett personnummer. Skriv utan det."),
            ({"beslutad": "2022-02-16"}, "2022-02-16 ligger i framtiden. Rätta dagen."),
            ({"senast": "2022-02-14"}, "2022-02-14 har redan varit. Skriv en dag som kommer."),
            ({"senast": "i mars"}, "Datumet går inte att läsa. Skriv det som 2026-03-31."),
        ],
    )
    def test_what_is_wrong_is_told_and_nothing_typed_is_lost(self, eva, fields, said):
        page = add(eva, fields, status=422)
        assert said in page.text
        assert page.form("beskrivning").find(".//input[@name='ansvarig']").get("value") == "Ada Alm"
        assert db.session.scalars(select(Record).where(Record.kind == "action")).all() == []

    def test_nothing_is_added_to_what_the_writer_may_not_see(self, eva):
        for kind, number in (("complaint", "S-1"), ("lex_sarah", "1948")):  # another unit's, and seen in short only
            page = eva.get(f"/atgarder/till/{record_id(kind, number)}/ny", status=404)
            assert page.heading == "Sidan finns inte"

    def test_it_shows_on_the_page_of_what_it_belongs_to(self, office):
        make_user(BO, "internkontroll")
        visitor = signed_in(office, BO)
        visitor.get(f"/risker/{record_id('risk', '2021/R1')}")
        visitor.click("Ny åtgärd")
        visitor.submit(NEW, form="beskrivning")
        page = visitor.get(f"/risker/{record_id('risk', '2021/R1')}")
        assert page.table("Åtgärder").column("Nummer") == ["Å-2022-1"]


class TestTheWay:
    def test_one_does_it_and_another_tells_what_it_gave(self, eva, office):
        add(eva)
        ada = signed_in(office, ADA)
        ada.get(path())
        ada.click("Skriv hur det går")
        page = ada.submit({"anteckning": "Halva gruppen är klar", "genomford": ""}, form="anteckning")
        assert "Halva gruppen är klar" in page.text
        ada.get(path(what="/lage"))
        ada.submit({"anteckning": "", "genomford": "2022-02-15"}, form="anteckning")
        assert (action("Å-2022-1").done_on, action("Å-2022-1").stage) == (date(2022, 2, 15), 1)
        page = eva.get(path())
        eva.click("Följ upp")
        page = eva.submit({"effekt": "delvis", "ord": "Natten är kvar"}, form="effekt")
        assert "Uppföljd: delvis uppnådd" in page.text
        found = action("Å-2022-1")
        assert (found.effect, found.checked_on, found.checked_by, found.stage) == (
            "delvis", date(2022, 2, 15), find_user(EVA).id, 2,
        )  # fmt: skip
        notes = db.session.scalars(select(ActionNote).order_by(ActionNote.id)).all()
        assert [(note.text, note.written_by) for note in notes] == [
            ("Halva gruppen är klar", find_user(ADA).id), ("Natten är kvar", find_user(EVA).id),
        ]  # fmt: skip
        assert verdict().whole

    def test_who_is_responsible_does_not_tell_the_effect(self, eva):
        add(eva, {"ansvarig": "Eva Ek"})
        eva.get(path(what="/lage"))
        page = eva.submit({"anteckning": "", "genomford": "2022-02-15"}, form="anteckning")
        assert "Följ upp" not in page.links
        assert "någon annan behöver följa upp" in page.text
        eva.get(path(what="/effekt"))
        page = eva.submit({"effekt": "uppnådd"}, form="effekt", status=422)
        assert "Du ansvarar för åtgärden. Någon annan behöver bedöma vad den gav." in page.text
        assert action("Å-2022-1").effect is None

    def test_what_is_not_carried_out_has_no_effect_yet(self, eva):
        add(eva)
        eva.get(path(what="/effekt"))
        page = eva.submit({"effekt": "uppnådd"}, form="effekt", status=422)
        assert "Åtgärden är inte genomförd än. Skriv först när den genomfördes." in page.text

    def test_without_effect_another_is_asked_for(self, eva, office):
        office.imports("actions", f"{HEAD}\nÅ-1;avvikelse;A-1;Utbilda;;2021-04-01;;2021-05-01;ej\n")
        page = eva.get(path("Å-1"))
        assert "Åtgärden gav ingen effekt." in page.text
        assert page.links["Lägg upp en ny åtgärd"] == f"/atgarder/till/{record_id('deviation', 'A-1')}/ny"

    def test_a_last_day_that_has_passed_may_stand_when_something_else_is_changed(self, eva, office):
        office.imports("actions", f"{HEAD}\nÅ-1;avvikelse;A-1;Utbilda;;2021-04-01;2021-05-01;;\n")
        eva.get(path("Å-1", "/andra"))
        page = eva.submit({"beskrivning": "Utbilda alla"}, form="beskrivning")
        assert "Försenad" in page.text
        assert (action("Å-1").text, action("Å-1").due_on) == ("Utbilda alla", date(2021, 5, 1))

    def test_who_comes_second_sees_what_stands_now(self, eva, office):
        add(eva)
        make_user(BO, "kvalitet")
        other = signed_in(office, BO)
        eva.get(path(what="/andra"))
        other.get(path(what="/andra"))
        other.submit({"beskrivning": "Utbilda nattpersonalen"}, form="beskrivning")
        page = eva.submit({"beskrivning": "Utbilda dagpersonalen"}, form="beskrivning", status=422)
        assert f"{STALE}beslutad; Utbilda nattpersonalen; Ada Alm; senast 2022-03-01." in page.text
        assert action("Å-2022-1").text == "Utbilda nattpersonalen"
        eva.submit({}, form="beskrivning")
        assert action("Å-2022-1").text == "Utbilda dagpersonalen"

    def test_telling_nothing_is_not_saved(self, eva):
        add(eva)
        eva.get(path(what="/lage"))
        page = eva.submit({"anteckning": "", "genomford": ""}, form="anteckning", status=422)
        assert "Skriv hur det går, eller när åtgärden genomfördes." in page.text


class TestWhoSees:
    def test_an_employee_sees_and_does_those_they_are_responsible_for_alone(self, eva, office):
        add(eva)
        other = make_action(record_id("deviation", "A-1"))
        ada = signed_in(office, ADA)
        page = ada.get("/atgarder")
        assert page.table("Åtgärder").column("Nummer") == ["Å-2022-1"]
        ada.get(path(what="/lage"))
        ada.get(path(what="/andra"), status=403)
        ada.get(f"/atgarder/{other}", status=404)
        ada.get(f"/atgarder/{other}/lage", status=404)

    def test_a_manager_sees_the_action_of_a_lex_sarah_case_and_not_the_case(self, eva, office):
        office.imports("actions", f"{HEAD}\nÅ-1;lex-sarah;1948;Byt larm;;2021-04-01;;;\n")
        page = eva.get(path("Å-1"))
        assert "Byt larm" in page.text
        assert "Något som du inte har tillgång till" in page.text
        assert "1948" not in page.text
        assert "1948" not in eva.get("/atgarder").text
        assert "1948" not in eva.get("/atgarder/export.csv").text
        make_user(BO, "kvalitet")
        assert "Lex Sarah 1948" in signed_in(office, BO).get(path("Å-1")).text

    def test_another_units_action_is_not_there(self, eva, office):
        office.imports("actions", f"{HEAD}\nÅ-1;synpunkt;S-1;Ring upp;;2021-04-01;;;\n")
        eva.get(path("Å-1"), status=404)
        assert "Ring upp" not in eva.get("/atgarder?lista=alla").text


LISTED = """
Å-1;avvikelse;A-1;Sen;;2021-04-01;2022-02-14;;
Å-2;avvikelse;A-1;Idag;;2021-04-01;2022-02-15;;
Å-3;avvikelse;A-1;Förslag;;;2022-02-01;;
Å-4;avvikelse;A-1;Utan dag;Eva Ek;2021-04-01;;;
Å-5;avvikelse;A-1;Gjord;;2021-04-01;2021-06-01;2021-05-01;
Å-6;avvikelse;A-1;Uppföljd;Eva Ek;2021-04-01;2021-06-01;2021-05-01;uppnådd
Å-7;synpunkt;S-1;Annan enhet;Eva Ek;2021-04-01;2022-03-01;;
""".strip()


class TestTheRegister:
    @pytest.mark.parametrize(
        ("query", "shown"),
        [
            ("", ["Å-3", "Å-1", "Å-2", "Å-4"]),
            ("?lista=forsenade", ["Å-1"]),
            ("?lista=att-folja-upp", ["Å-5"]),
            ("?lista=klara", ["Å-6"]),
            ("?lista=alla", ["Å-3", "Å-1", "Å-2", "Å-4", "Å-5", "Å-6"]),
            ("?lista=nonsens", ["Å-3", "Å-1", "Å-2", "Å-4"]),
            ("?vems=mina", ["Å-7", "Å-4"]),
            ("?vems=mina&lista=alla", ["Å-7", "Å-4", "Å-6"]),
        ],
    )
    def test_each_list_holds_what_it_says(self, eva, office, query, shown):
        office.imports("actions", f"{HEAD}\n{LISTED}\n")
        assert eva.get(f"/atgarder{query}").table("Åtgärder").column("Nummer") == shown

    def test_of_one_unit(self, eva, office):
        office.imports("actions", f"{HEAD}\n{LISTED}\n")
        make_user(BO, "kvalitet")
        bo = signed_in(office, BO)
        assert bo.get("/atgarder").table("Åtgärder").column("Nummer") == ["Å-3", "Å-1", "Å-2", "Å-7", "Å-4"]
        page = bo.get(f"/atgarder?enhet={find_unit('Vuxen 3').id}")
        assert page.table("Åtgärder").column("Nummer") == ["Å-7"]
        make_unit("Barn")
        assert "Inga åtgärder här" in bo.get(f"/atgarder?enhet={find_unit('Barn').id}").text
        for visitor, outside in ((bo, 987_654), (eva, find_unit("Barn").id)):
            page = visitor.get(f"/atgarder?enhet={outside}")
            assert "Enheten finns inte, eller ligger utanför det du har tillgång till." in page.text
            assert "Å-" not in page.text
            told = visitor.get(f"/atgarder/export.csv?enhet={outside}").text
            assert ("ref" in told, "Å-" in told) == (True, False)

    @pytest.mark.parametrize("query", ["?lista=pagar", "?lista=alla"])
    def test_twenty_five_a_page_forth_and_back(self, eva, office, query):
        lines = "\n".join(f"Å-{n:02};avvikelse;A-1;Utbilda;;2021-04-01;2022-03-{n:02};;" for n in range(1, 31))
        office.imports("actions", f"{HEAD}\n{lines}\n")
        first = [f"Å-{n:02}" for n in range(1, 26)]
        assert eva.get(f"/atgarder{query}").table("Åtgärder").column("Nummer") == first
        page = eva.click("Nästa sida")
        assert page.table("Åtgärder").column("Nummer") == [f"Å-{n}" for n in range(26, 31)]
        assert "Nästa sida" not in page.links
        assert eva.click("Föregående sida").table("Åtgärder").column("Nummer") == first

    def test_a_place_that_is_none_begins_at_the_top(self, eva, office):
        office.imports("actions", f"{HEAD}\n{LISTED}\n")
        for place in ("x", "9abc", "0", "%00"):
            assert eva.get(f"/atgarder?efter={place}").table("Åtgärder").column("Nummer")[0] == "Å-3"

    @pytest.mark.parametrize("ending", ["csv", "xlsx"])
    def test_what_is_exported_comes_in_again_unchanged(self, office, ending):
        office.imports("actions", f"{HEAD}\n{LISTED}\n")
        make_user(BO, "kvalitet")
        bo = signed_in(office, BO)
        file = office.folder / f"again.{ending}"
        file.write_bytes(bo.get(f"/atgarder/export.{ending}?lista=alla").response.data)
        assert office.imports("actions", file) == "0 nya, 0 ändrade, 7 oförändrade"

    def test_an_export_holds_what_the_list_does(self, eva, office):
        office.imports("actions", f"{HEAD}\n{LISTED}\n")
        text = eva.get("/atgarder/export.csv?lista=klara").text.strip().splitlines()
        assert text[1:] == ["Å-6;avvikelse;A-1;Uppföljd;Eva Ek;2021-04-01;2021-06-01;2021-05-01;uppnådd"]
