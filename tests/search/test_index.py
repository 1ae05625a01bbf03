"""The index holds what lies open in the registers, and follows them whatever way they are written."""

import subprocess
from datetime import date

from sqlalchemy import select, text, update

from tests.actions.making import make_action
from tests.activity.making import make_activity
from tests.cases.clearing import action_of_closed, clear, closed_deviation, keep
from tests.cases.making import assessed, reported, step
from tests.cases.provider_making import told_by_provider
from tests.decisions.lists import number_of
from tests.decisions.running import run
from tests.factories import make_decisions, make_unit, make_user
from tests.guarantees.making import started
from tests.records.granting import protect, version_of, void
from tests.search.conftest import LEAD
from tests.search.making import found, held, in_step, numbers, risk
from tracker import clock
from tracker.accounts.queries import find_unit
from tracker.accounts.units import rename_unit
from tracker.actions.services import change_action
from tracker.cases.registers import DEVIATIONS
from tracker.control.voiding import void_risk
from tracker.database import db, scrub, writer
from tracker.records import codes
from tracker.records.models import CodeItem, CodeList, Record
from tracker.records.scope import EVERY_RECORD


def _words() -> dict[str, str]:
    return {str(row[6]): str(row[8]) for row in held()}


def test_each_register_stands_there_with_its_open_words(house):
    told_by_provider("Vuxen 2", provider="Solgården AB")
    assert {(row[2], row[6]) for row in held()} == {
        ("risk", "2021/R1"), ("control", "2021/K1"), ("activity", "2021/A1"), ("deviation", "A-1"),
        ("lex_sarah", "1948"), ("complaint", "S-1"), ("decision", "B-17"), ("decision", "B-18"),
        ("action", "Å-2022-1"), ("provider_report", "U-2022-0001"),
    }  # fmt: skip
    words = _words()
    assert words["2021/R1"] == "Sen handläggning av älg\n"
    assert (words["1948"], words["A-1"], words["S-1"]) == ("", "", "beröm\n")
    assert in_step()


def test_keys_go_by_day_and_number(house):
    first, second = (row for row in held() if row[2] == "decision")
    assert first[0] == (2_459_279 * 16 * 2**31) + number_of("B-17")  # 5 March 2021 is the Julian day 2 459 279
    assert second[0] == (2_459_280 * 16 * 2**31) + number_of("B-18")


def test_an_avvikelse_that_became_a_lex_sarah_rapport_stands_as_both(house):
    by = make_user("handl@kommun.example", "kvalitet").id
    record_id = reported("deviations")
    step("deviations", record_id, "receive", by)
    step("deviations", record_id, "make_lex_sarah", by, comment="Ett missförhållande")
    assert [(row[2], row[6]) for row in held() if row[1] == record_id] == [
        ("deviation", "A-2022-0001"), ("lex_sarah", "A-2022-0001"),
    ]  # fmt: skip
    assert [hit.kind for hit in found("A-2022-0001", LEAD).rows] == ["lex_sarah", "deviation"]
    make_user("utredare@kommun.example", "utredare")
    assert numbers("A-2022-0001", "utredare@kommun.example") == []
    assert in_step()


def test_nothing_that_is_sealed_stands_there(house):
    record_id = reported("deviations", what="Hemligheten om larmet")
    by = make_user("handl@kommun.example", "kvalitet").id
    closed_deviation(by, None, assessed(), "Ännu en hemlighet")
    assert [row[8] for row in held() if row[1] == record_id] == [""]
    assert "emlig" not in str(held())
    assert "Batteriet" not in str(held())
    assert numbers("hemligheten", LEAD) == []
    assert in_step()


def test_it_follows_a_page_a_second_import_and_a_bulk_change(house):
    make_activity(ref="A2", text="Ny checklista")
    assert numbers("checklista", LEAD) == ["2021/A2"]
    house.imports("risks", "ar;ref;risk;sannolikhet;konsekvens\n2021;R1;För sent beslut;3;4\n")
    assert numbers("handläggning", LEAD) == []
    assert numbers("sent beslut", LEAD) == ["2021/R1"]
    with writer():
        for number in ("B-17", "1948"):
            db.session.execute(update(Record).where(Record.number == number).values(case_number="SN-2022/5"))
        db.session.commit()
    assert (numbers("SN-2021/77", LEAD), numbers("SN-2022/5", LEAD)) == ([], ["B-17"])
    assert in_step()


def test_it_follows_voiding_and_protecting(house):
    void("B-17")
    protect("B-18", LEAD)
    with writer():
        void_risk(risk(), version_of(risk()), "dubblett", EVERY_RECORD, clock.now())
        db.session.commit()
    assert {"B-17", "B-18", "2021/R1"} & {str(row[6]) for row in held()} == set()
    assert [numbers(words, LEAD) for words in ("B-17", "ledsagning", "handläggning")] == [[], [], []]
    assert in_step()


def test_it_follows_a_record_to_another_unit(house):
    unit_id = make_unit("Barn").id
    with writer():
        db.session.execute(update(Record).where(Record.number == "B-17").values(unit_id=unit_id))
        db.session.commit()
    assert [row[3] for row in held() if row[6] == "B-17"] == [unit_id]
    assert numbers("barn kontaktperson", LEAD) == ["B-17"]
    assert in_step()


def test_new_names_of_units_and_codes_need_nothing_done(house):
    before = held()
    with writer():
        rename_unit(find_unit("Vuxen 3"), "Vuxna tre", date(2022, 2, 15))
        codes.change_code(_item("Ledsagning"), "Ledsagarservice", None, None)
        db.session.commit()
    from tracker.kept import forget_everything

    forget_everything()
    assert numbers("vuxna tre kontaktperson", LEAD) == ["Å-2022-1", "B-17"]
    assert numbers("ledsagars", LEAD) == ["B-18"]
    assert [row[:8] for row in held()] == [row[:8] for row in before]
    assert in_step()


def test_merged_codes_lead_to_what_they_count_as(house):
    with writer():
        codes.merge_codes(_item("Ledsagning"), _item("Kontaktperson"))
        db.session.commit()
    assert numbers("kontaktperson", LEAD) == ["Å-2022-1", "B-18", "B-17"]
    assert in_step()


def _item(label: str) -> CodeItem:
    of = select(CodeItem).where(CodeItem.list == CodeList.INTERVENTION.value, CodeItem.label == label)
    return db.session.scalars(of).one()


def test_a_guarantee_is_found_by_its_name(house):
    started("kontakt", date(2022, 2, 1), ref="UTR-5")
    (name,) = db.session.execute(text("SELECT name FROM guarantee WHERE slug = 'kontakt'")).one()
    assert numbers(name, LEAD) == numbers("UTR-5", LEAD) == ["G-2022-0001"]
    assert in_step()


def test_a_forgotten_person_leaves_no_word(house):
    make_decisions([{"ref": "B-19", "diarienummer": "SN-2021/78", "verkstalld": "2021-02-01"}])
    assert numbers("SN-2021/78", LEAD) == ["B-19"]
    assert run(house.app, "decisions", "forget", "B-19", "--reason", "SN 2022/1").code == 0
    assert numbers("SN-2021/78", LEAD) == []
    assert "B-19" not in str(held())
    assert in_step()


def test_what_was_gallrat_leaves_no_word_in_the_files(house, frozen_day):
    by = make_user("handl@kommun.example", "kvalitet").id
    case = closed_deviation(by, None, assessed(), "Larmet")
    action_of_closed(case, text="Xylofonkursen hålls", done_on=date(2022, 2, 10))
    keep(deviation=12)
    frozen_day(date(2023, 6, 1))
    assert numbers("xylofonkursen", LEAD) == ["Å-2022-2"]
    assert clear(DEVIATIONS, by) == 1
    assert "Xylofon" not in str(held())
    assert in_step()
    scrub()
    if db.engine.dialect.name == "sqlite":
        path = db.engine.url.database
        told = subprocess.run(["grep", "-aic", "xylofon", path], capture_output=True, text=True, check=False)
        assert told.stdout == "0\n"
        return
    with db.engine.connect() as connection:
        terms = connection.execute(text("SELECT word FROM ts_stat('SELECT vector FROM search_text')")).scalars().all()
    assert not [term for term in terms if term.startswith("xylofon")]


def test_an_action_is_found_by_its_new_words(house):
    record_id = make_action(number_of("B-18"), text="Rutinen")
    with writer():
        change_action(record_id, version_of(record_id), {"text": "Mallen ändras", "decided_on": date(2022, 2, 3)},
                      date(2022, 2, 15))  # fmt: skip
        db.session.commit()
    assert numbers("mallen", LEAD) == ["Å-2022-2"]
    assert in_step()


def test_the_command_makes_it_anew(house):
    with writer():
        db.session.execute(text("DELETE FROM search_text WHERE number = 'B-17'"))
        db.session.commit()
    assert numbers("B-17", LEAD) == []
    ran = run(house.app, "search", "rebuild")
    assert (ran.code, ran.last) == (0, "Sökregistret är ombyggt: 9 poster")
    assert numbers("B-17", LEAD) == ["B-17"]


def test_a_word_of_any_length_is_taken(house):
    long = "ä" * 5_000
    make_action(number_of("B-18"), text=f"{long} kortord")
    assert numbers("kortord", LEAD) == ["Å-2022-2"]
    assert in_step()
