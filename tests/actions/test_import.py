"""A file of actions becomes a register, points at what is there, and can be brought in again."""

from datetime import date

import pytest

from tests.actions.stored import HEAD, action, record_id, sources
from tests.audit.trails import entries, parts, verdict
from tests.factories import LONG_AGO, make_user
from tracker import clock
from tracker.accounts.queries import find_unit, find_user
from tracker.accounts.services import ensure_top_unit, give_role
from tracker.actions.models import ActionItem, ActionSource
from tracker.database import db, writer
from tracker.records.models import Access, Mark, Record
from tracker.rules.permissions import Role

EVA, BO = "eva@kommun.example", "bo@kommun.example"
LINE = "Å-1;avvikelse;A-1;Ny rutin för larm;Enhetschefen;2021-04-01;2021-06-01;2021-05-20;uppnådd"
SHORT = "ref;kalla;kalla_ref;beskrivning"


def test_every_cell_has_its_place(office):
    assert office.imports("actions", f"{HEAD}\n{LINE}\n") == "1 nya, 0 ändrade, 0 oförändrade"
    found = action("Å-1")
    assert (found.text, found.responsible_name, found.responsible_id) == ("Ny rutin för larm", "Enhetschefen", None)
    assert (found.decided_on, found.due_on, found.done_on) == (
        date(2021, 4, 1), date(2021, 6, 1), date(2021, 5, 20),
    )  # fmt: skip
    assert (found.effect, found.checked_on, found.stage, found.listed_on) == ("uppnådd", None, 2, date(2021, 6, 1))
    assert sources("Å-1") == [("deviation", "A-1")]
    record = db.session.get_one(Record, found.record_id)
    assert (record.kind, record.number, record.title, record.version) == ("action", "Å-1", "Åtgärd Å-1", 1)


@pytest.mark.parametrize(
    ("word", "number", "kind", "unit"),
    [
        ("risk", "2021/R1", "risk", "Socialförvaltningen"), ("kontroll", "2021/K1", "control", "Socialförvaltningen"),
        ("avvikelse", "A-1", "deviation", "Vuxen 2"), ("lex-sarah", "1948", "lex_sarah", "Vuxen 2"),
        ("beslut", "B-01", "decision", "Vuxen 3"), ("synpunkt", "S-1", "complaint", "Vuxen 3"),
    ],
)  # fmt: skip
def test_an_action_belongs_to_a_record_of_any_kind_and_goes_to_its_unit(office, word, number, kind, unit):
    office.imports("actions", f"{SHORT}\nÅ-1;{word};{number};Utbilda\n")
    assert sources("Å-1") == [(kind, number)]
    assert action("Å-1").unit_id == find_unit(unit).id
    assert (action("Å-1").stage, action("Å-1").listed_on) == (0, date(9999, 12, 31))


def test_a_name_that_one_user_bears_is_that_user_and_any_other_stays_as_text(office):
    make_user(EVA, "medarbetare", name="Eva Ek")
    office.imports("actions", f"{HEAD}\nÅ-1;avvikelse;A-1;Utbilda;Eva Ek;;;;\nÅ-2;avvikelse;A-1;Utbilda;Bo Ask;;;;\n")
    assert action("Å-1").responsible_id == find_user(EVA).id
    assert (action("Å-2").responsible_id, action("Å-2").responsible_name) == (None, "Bo Ask")


def test_the_same_file_again_changes_nothing(office):
    office.imports("actions", f"{HEAD}\n{LINE}\n")
    noted = len(entries())
    assert office.imports("actions", f"{HEAD}\n{LINE}\n") == "0 nya, 0 ändrade, 1 oförändrade"
    assert len(entries()) == noted


def test_an_empty_cell_leaves_and_a_dash_clears(office):
    office.imports("actions", f"{HEAD}\n{LINE}\n")
    assert office.imports("actions", f"{HEAD}\nÅ-1;;;;-;;-;-;-\n") == "0 nya, 1 ändrade, 0 oförändrade"
    found = action("Å-1")
    assert (found.responsible_name, found.due_on, found.done_on, found.effect) == (None, None, None, None)
    assert (found.text, found.decided_on) == ("Ny rutin för larm", date(2021, 4, 1))
    assert (found.stage, found.listed_on) == (0, date(9999, 12, 31))
    assert sources("Å-1") == [("deviation", "A-1")]
    assert db.session.get_one(Record, found.record_id).version == 2


def test_another_source_takes_the_place_of_the_only_one(office):
    office.imports("actions", f"{SHORT}\nÅ-1;avvikelse;A-1;Utbilda\n")
    assert office.imports("actions", f"{SHORT}\nÅ-1;lex-sarah;1948;\n") == "0 nya, 1 ändrade, 0 oförändrade"
    assert sources("Å-1") == [("lex_sarah", "1948")]
    assert action("Å-1").unit_id == find_unit("Vuxen 2").id


def test_a_source_of_several_stays_and_another_joins_them(office):
    office.imports("actions", f"{SHORT}\nÅ-1;avvikelse;A-1;Utbilda\n")
    with writer():
        db.session.add(ActionSource(action_id=action("Å-1").record_id, record_id=record_id("complaint", "S-1")))
        db.session.commit()
    assert office.imports("actions", f"{SHORT}\nÅ-1;synpunkt;S-1;\n") == "0 nya, 0 ändrade, 1 oförändrade"
    assert office.imports("actions", f"{SHORT}\nÅ-1;lex-sarah;1948;\n") == "0 nya, 1 ändrade, 0 oförändrade"
    assert sorted(sources("Å-1")) == [("complaint", "S-1"), ("deviation", "A-1"), ("lex_sarah", "1948")]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Å-1;avvikelse;A-9;Utbilda;;;;;", "kolumn kalla_ref: avvikelse A-9 finns inte, eller ligger utanför det du "
         "har tillgång till. Läs in det som raden pekar på."),
        ("Å-1;risk;R1;Utbilda;;;;;", "kolumn kalla_ref: risk R1 finns inte, eller ligger utanför det du har tillgång "
         "till. Läs in det som raden pekar på."),
        ("Å-1;synpunkt;A-1;Utbilda;;;;;", "kolumn kalla_ref: synpunkt A-1 finns inte, eller ligger utanför det du har "
         "tillgång till. Läs in det som raden pekar på."),
        ("Å-1;;A-1;Utbilda;;;;;",
         "kolumn kalla: saknas. Skriv risk, kontroll, avvikelse, lex-sarah, beslut eller synpunkt."),
        ("Å-1;avvikelse;;Utbilda;;;;;", "kolumn kalla_ref: saknas. Skriv numret på det som åtgärden hör till, för risk "
         "och kontroll som 2026/R1."),
        ("Å-1;avvikelse;A-1;;;;;;", "kolumn beskrivning: saknas. Skriv vad som ska göras."),
        (";avvikelse;A-1;Utbilda;;;;;", "kolumn ref: saknas. Skriv åtgärdens eget nummer, som Å-17."),
        ("Å-1;avvikelse;A-1;Ring 19121212-1212;;;;;",
         "kolumn beskrivning: ser ut att innehålla ett personnummer. Skriv utan personnummer."),
        ("Å-1;avvikelse;A-1;Utbilda;;2022-02-16;;;", "kolumn beslutad: 2022-02-16 ligger i framtiden. Rätta dagen."),
        ("Å-1;avvikelse;A-1;Utbilda;;2021-03-02;;2021-03-01;",
         "kolumn genomford: genomförandet (2021-03-01) ligger före beslutet (2021-03-02). Rätta dagen."),
        ("Å-1;avvikelse;A-1;Utbilda;;2021-03-02;;;ej",
         "kolumn effekt: kräver dagen då åtgärden genomfördes. Skriv den också."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place_and_nothing_is_saved(office, line, said):
    assert office.refused("actions", f"{HEAD}\nÅ-0;avvikelse;A-1;Utbilda;;;;;\n{line}\n") == [f"rad 3, {said}"]


@pytest.mark.parametrize("column", ["kalla", "kalla_ref", "beskrivning"])
def test_what_must_be_there_cannot_be_cleared(office, column):
    office.imports("actions", f"{HEAD}\n{LINE}\n")
    line = ";".join("Å-1" if name == "ref" else "-" if name == column else "" for name in HEAD.split(";"))
    said = office.refused("actions", f"{HEAD}\n{line}\n")
    assert said == [f"rad 2, kolumn {column}: kan inte tömmas. Skriv vad som gäller."]


def test_a_ref_that_stands_twice_is_told(office):
    said = office.refused("actions", f"{SHORT}\nÅ-1;avvikelse;A-1;Utbilda\nÅ-1;avvikelse;A-1;Utbilda\n")
    assert said == ["rad 3, kolumn ref: Å-1 står redan på rad 2. Ta bort en av dem."]


def test_a_voided_action_and_a_voided_source_are_not_pointed_at(office):
    office.imports("actions", f"{SHORT}\nÅ-1;avvikelse;A-1;Utbilda\n")
    with writer():
        found = db.session.get_one(ActionItem, action("Å-1").record_id)
        found.mark = Mark.VOIDED
        db.session.get_one(Record, found.record_id).voided_at = db.session.get_one(Record, found.record_id).created_at
        source = db.session.get_one(Record, record_id("complaint", "S-1"))
        source.voided_at = source.created_at
        db.session.commit()
    said = office.refused("actions", f"{SHORT}\nÅ-1;avvikelse;A-1;Utbilda\nÅ-2;synpunkt;S-1;Utbilda\n")
    assert said == [
        "rad 2, kolumn ref: är makulerad. Skriv en annan ref.",
        "rad 3, kolumn kalla_ref: synpunkt S-1 finns inte, eller ligger utanför det du har tillgång till. Läs in det "
        "som raden pekar på.",
    ]


UNKNOWN = "finns inte, eller ligger utanför det du har tillgång till. Läs in det som raden pekar på."


@pytest.mark.parametrize(
    ("role", "unit", "word", "number", "may"),
    [
        ("kvalitet", "Vuxen 2", "lex-sarah", "1948", True), ("ansvarig", "Vuxen 2", "lex-sarah", "1948", True),
        ("chef", "Vuxen 2", "lex-sarah", "1948", False), ("chef", "Vuxen 2", "avvikelse", "A-1", True),
        ("chef", "Vuxen 3", "avvikelse", "A-1", False), ("internkontroll", "Vuxen 2", "avvikelse", "A-1", False),
        ("ansvarig", "Vuxen 3", "synpunkt", "S-1", False),
    ],
)  # fmt: skip
def test_a_source_that_the_importer_may_not_see_is_unknown(office, role, unit, word, number, may):
    make_user(BO, role, unit=unit)
    content = f"{SHORT}\nÅ-1;{word};{number};Utbilda\n"
    if may:
        assert office.imports("actions", content, "--by", BO) == "1 nya, 0 ändrade, 0 oförändrade"
    else:
        said = office.refused("actions", content, "--by", BO)
        assert said == [f"rad 2, kolumn kalla_ref: {word} {number} {UNKNOWN}"]


def test_a_protected_source_is_unknown_to_whom_it_is_not_given(office):
    make_user(BO, "kvalitet", unit="Vuxen 2")
    with writer():
        db.session.get_one(Record, record_id("deviation", "A-1")).access = Access.PROTECTED
        db.session.commit()
    said = office.refused("actions", f"{SHORT}\nÅ-1;avvikelse;A-1;Utbilda\n", "--by", BO)
    assert said == [f"rad 2, kolumn kalla_ref: avvikelse A-1 {UNKNOWN}"]


def test_an_action_outside_the_reach_is_used_already_and_nothing_is_shown_of_it(office):
    office.imports("actions", f"{SHORT}\nÅ-1;avvikelse;A-1;Hemligt\n")
    make_user(BO, "kvalitet", unit="Vuxen 3")
    said = office.refused("actions", f"{SHORT}\nÅ-1;synpunkt;S-1;Hemligt\n", "--by", BO)
    assert said == ["rad 2, kolumn ref: används redan. Skriv en annan ref."]


def test_where_the_unit_of_the_source_is_out_of_reach_the_action_is_the_importers(office):
    make_user(EVA, "internkontroll", unit="Barn")
    said = office.refused("actions", f"{SHORT}\nÅ-1;risk;2021/R1;Utbilda\n", "--by", EVA)
    assert said == [f"rad 2, kolumn kalla_ref: risk 2021/R1 {UNKNOWN}"]
    with writer():  # who reads all of internal control, and works with the actions of one unit
        give_role(find_user(EVA), Role.AUDITOR, ensure_top_unit(), clock.now(), LONG_AGO)
        db.session.commit()
    office.imports("actions", f"{SHORT}\nÅ-1;risk;2021/R1;Utbilda\n", "--by", EVA)
    assert action("Å-1").unit_id == find_unit("Barn").id


def test_who_is_responsible_does_not_bring_in_its_effect(office):
    make_user(EVA, "chef", name="Eva Ek", unit="Vuxen 2")
    line = "Å-1;avvikelse;A-1;Utbilda;Eva Ek;2021-04-01;;2021-05-01;"
    office.imports("actions", f"{HEAD}\n{line}\n", "--by", EVA)
    assert office.refused("actions", f"{HEAD}\n{line}delvis\n", "--by", EVA) == [
        "rad 2, kolumn effekt: du ansvarar för åtgärden. Någon annan behöver bedöma vad den gav."
    ]
    assert office.imports("actions", f"{HEAD}\n{line}delvis\n") == "0 nya, 1 ändrade, 0 oförändrade"


@pytest.mark.parametrize(
    ("role", "may"),
    [("chef", True), ("kvalitet", True), ("ansvarig", True), ("medarbetare", False), ("utredare", False),
     ("handlaggare", False), ("admin", False)],
)  # fmt: skip
def test_who_may_bring_in_actions(office, role, may):
    make_user(BO, role)
    word, number = ("avvikelse", "A-1")
    assert (office.run_import("actions", f"{SHORT}\nÅ-1;{word};{number};Utbilda\n", "--by", BO).code == 0) is may


def test_a_trial_saves_nothing(office):
    ran = office.run_import("actions", f"{HEAD}\n{LINE}\n", "--dry-run")
    assert ran.last == "Provkörning, inget sparat: 1 nya, 0 ändrade, 0 oförändrade"
    assert db.session.query(ActionItem).count() == 0


def test_the_trail_tells_of_a_change_with_the_words_sealed(office):
    office.imports("actions", f"{HEAD}\n{LINE}\n")
    office.imports("actions", f"{HEAD}\nÅ-1;lex-sarah;1948;Annan rutin;Chefen;;2021-07-01;;delvis\n")
    last = entries()[-1]
    assert last.action == "records.imported"
    assert last.fields == '["due_on","effect","responsible_name","source","text"]'
    [part] = parts(last.id)
    assert part.open_values == '{"due_on":["2021-06-01","2021-07-01"],"effect":["uppnådd","delvis"]}'
    assert not any(word in part.sealed_values for word in (b"rutin", b"Chefen", b"1948"))
    assert verdict().whole
