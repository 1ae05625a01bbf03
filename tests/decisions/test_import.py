"""A list of decisions becomes the register, and can be brought in again every week."""

from datetime import date

import pytest
from sqlalchemy import func, select

from tests.decisions.running import HEAD, clock, clocks, decision, snapshot
from tests.factories import make_unit, make_user
from tracker.accounts.models import Unit
from tracker.database import db
from tracker.decisions.models import Decision, DecisionClock
from tracker.decisions.notes import open_note
from tracker.records.models import CodeItem, Record

FIRST = f"{HEAD}\nB-01;Kontaktperson;2021-01-07;;;;;\nB-02;Boendestöd;2021-02-16;;2021-11-04;;2021-07-31;\n"


def count(model) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


def label(item_id: int) -> str:
    return db.session.get_one(CodeItem, item_id).label


def test_a_first_import_makes_every_row_new(office):
    assert office.imports(FIRST) == "2 nya, 0 ändrade, 0 oförändrade"
    stored = clock("B-02")
    assert (stored.kind, stored.state, stored.started_on) == ("beslut", "executed", date(2021, 2, 16))
    assert (stored.executed_on, stored.first_reported_on) == (date(2021, 11, 4), date(2021, 7, 31))
    assert (stored.due_on, stored.ended_on) == (date(2021, 5, 16), date(2021, 11, 4))
    assert label(decision("B-02").intervention_id) == "Boendestöd"


def test_the_same_file_again_changes_nothing(office):
    office.imports(FIRST)
    before = snapshot()
    assert office.imports(FIRST) == "0 nya, 0 ändrade, 2 oförändrade"
    assert snapshot() == before


def test_a_later_file_tells_new_changed_and_unchanged_apart(office):
    office.imports(FIRST)
    later = FIRST.replace("B-01;Kontaktperson;2021-01-07;;;;;", "B-01;Kontaktperson;2021-01-07;;2021-12-13;;;")
    assert office.imports(f"{later}B-03;Kontaktperson;2021-03-01;;;;;\n") == "1 nya, 1 ändrade, 1 oförändrade"
    assert clock("B-01").executed_on == date(2021, 12, 13)
    assert clock("B-01").state == "executed"


def test_a_change_raises_the_records_version_and_an_unchanged_row_does_not(office):
    office.imports(FIRST)
    office.imports("ref;insats;beslutsdatum;verkstalld\nB-01;;;2021-12-13\nB-02;;;\n")
    versions = dict(db.session.execute(select(Record.number, Record.version)).all())
    assert versions == {"B-01": 2, "B-02": 1}


def test_an_empty_cell_and_a_missing_column_leave_what_is_there(office):
    office.imports(
        "ref;insats;beslutsdatum;lagrum;grund;omrade;kon;handlaggare;utforare;diarienummer;verkstalld;skal\n"
        "B-01;Boendestöd;2021-01-07;SoL 4:1;dom;IFO;kvinna;Eva Ek;Alfa AB;SN 2021/7;2021-12-13;Personalbrist\n"
    )
    before = snapshot()
    assert office.imports("ref;insats;beslutsdatum;kon;verkstalld\nB-01;;;;\n") == "0 nya, 0 ändrade, 1 oförändrade"
    assert snapshot() == before


def test_a_hyphen_clears_what_may_be_empty(office):
    columns = "ref;insats;beslutsdatum;lagrum;grund;omrade;kon;person;handlaggare;utforare;diarienummer"
    more = ";verkstalld;skal;forst_rapporterad;slutrapporterad"
    office.imports(
        f"{columns}{more}\nB-01;Boendestöd;2021-01-07;SoL 4:1;dom;IFO;kvinna;20000101-2384;Eva Ek;Alfa AB;SN 2021/7;"
        "2021-12-13;Väntar på hiss;2021-07-31;2022-01-31\n"
    )
    assert office.imports(f"{columns}{more}\nB-01;;;{';'.join('-' * 12)}\n") == "0 nya, 1 ändrade, 0 oförändrade"
    found, stored = decision("B-01"), clock("B-01")
    assert (found.legal_basis, found.judgment, found.area, found.sex) == (None, False, None, None)
    assert (found.person_encrypted, found.person_hash) == (None, None)
    assert (found.handler_name, found.provider) == (None, None)
    assert db.session.get_one(Record, found.record_id).case_number is None
    assert (stored.executed_on, stored.delay_note, stored.sex, stored.state) == (None, None, None, "open")
    assert (stored.first_reported_on, stored.final_reported_on) == (None, None)


@pytest.mark.parametrize(
    ("column", "row"), [("insats", "B-01;-;"), ("beslutsdatum", "B-01;;-"), ("ref", "-;x;2021-01-07")]
)
def test_a_hyphen_cannot_clear_what_every_decision_has(office, column, row):
    office.imports(FIRST)
    (said,) = office.refused(f"ref;insats;beslutsdatum\n{row}\n")
    assert said.startswith(f"rad 2, kolumn {column}: ")


def test_an_execution_is_refused_on_a_clock_that_is_closed_in_the_register(office):
    office.imports(f"{HEAD}\nB-01;Boendestöd;2021-01-07;;;2021-06-01;;\n")
    (said,) = office.refused(f"{HEAD}\nB-01;;;;2021-07-01;;;\n")
    assert said.startswith("rad 2, kolumn avslutad: både verkställd och avslutad.")
    assert office.imports(f"{HEAD}\nB-01;;;;2021-07-01;-;;\n") == "0 nya, 1 ändrade, 0 oförändrade"
    assert (clock("B-01").closed_on, clock("B-01").state) == (None, "executed")


def test_a_fact_is_compared_with_the_start_that_the_register_has(office):
    office.imports(FIRST)
    (said,) = office.refused(f"{HEAD}\nB-01;;;;2021-01-06;;;\n")
    assert said.startswith("rad 2, kolumn verkstalld: 2021-01-06 ligger före beslutsdatum 2021-01-07.")


def test_a_new_decision_day_that_contradicts_a_stored_fact_is_refused(office):
    office.imports(FIRST)
    said = office.refused("ref;insats;beslutsdatum\nB-02;;2021-11-05\n")
    assert said[0].startswith("rad 2, kolumn verkstalld: 2021-11-04 ligger före beslutsdatum 2021-11-05.")


def test_a_new_decision_day_moves_the_due_day(office):
    office.imports(FIRST)
    assert office.imports("ref;insats;beslutsdatum\nB-01;;2020-11-30\n") == "0 nya, 1 ändrade, 0 oförändrade"
    assert (clock("B-01").started_on, clock("B-01").due_on) == (date(2020, 11, 30), date(2021, 2, 28))


def test_an_interruption_may_stand_before_its_decision_in_the_file(office):
    rows = "A-1;;;2021-06-01;;;;\nA-1;Boendestöd;2021-01-07;;2021-02-01;;;\n"
    assert office.imports(f"{HEAD}\n{rows}") == "2 nya, 0 ändrade, 0 oförändrade"
    own, interruption = clocks("A-1")
    assert (own.kind, own.state, own.executed_on) == ("beslut", "executed", date(2021, 2, 1))
    assert (interruption.kind, interruption.started_on, interruption.due_on) == (
        "avbrott",
        date(2021, 6, 1),
        date(2021, 9, 1),
    )
    assert (interruption.state, interruption.executed_on) == ("open", None)


def test_an_interruption_of_a_stored_decision_needs_no_more_than_its_key(office):
    office.imports(FIRST)
    later = "ref;insats;beslutsdatum;avbrottsdatum\nB-02;;;2021-12-01\n"
    assert office.imports(later) == "1 nya, 0 ändrade, 0 oförändrade"
    assert office.imports(later) == "0 nya, 0 ändrade, 1 oförändrade"
    assert [stored.kind for stored in clocks("B-02")] == ["beslut", "avbrott"]


def test_an_interruption_before_its_decision_day_is_refused(office):
    (said,) = office.refused(f"{HEAD}\nA-1;Boendestöd;2021-01-07;2021-01-06;;;;\n")
    assert said.startswith("rad 2, kolumn avbrottsdatum: 2021-01-06 ligger före beslutsdatum 2021-01-07.")


def test_an_interruption_alone_is_imported_and_pointed_out(office):
    ran = office.run_import(f"{HEAD}\nA-1;Boendestöd;2021-01-07;2021-06-01;;;;\n")
    assert (ran.code, ran.last) == (0, "1 nya, 0 ändrade, 0 oförändrade")
    assert "rad 2: avbrott utan eget beslut" in ran.err


def test_two_interruptions_of_one_decision_are_two_clocks(office):
    rows = "A-1;Boendestöd;2021-01-07;;2021-02-01;;;\nA-1;;;2021-03-01;2021-04-01;;;\nA-1;;;2021-06-01;;;;\n"
    assert office.imports(f"{HEAD}\n{rows}") == "3 nya, 0 ändrade, 0 oförändrade"
    assert [stored.state for stored in clocks("A-1")] == ["executed", "executed", "open"]
    assert len({stored.intervention_id for stored in clocks("A-1")}) == 1


def test_rows_of_one_ref_that_contradict_each_other_are_refused_with_both_rows(office):
    rows = "A-1;Boendestöd;2021-01-07;;2021-02-01;;;\nB-1;x;2021-01-07;;;;;\nA-1;Öppenvård;2021-01-08;2021-06-01;;;;\n"
    said = office.refused(f"{HEAD}\n{rows}")
    assert [line.partition(":")[0] for line in said] == ["rad 4, kolumn insats", "rad 4, kolumn beslutsdatum"]
    assert all("rad 2 säger något annat" in line for line in said)


def test_the_same_key_twice_is_refused_with_both_rows(office):
    rows = "A-1;Boendestöd;2021-01-07;;;;;\nA-1;Boendestöd;2021-01-07;;2021-02-01;;;\n"
    (said,) = office.refused(f"{HEAD}\n{rows}")
    assert said.startswith("rad 3, kolumn ref: ")
    assert "rad 2" in said


def test_the_same_interruption_twice_is_refused(office):
    rows = "A-1;Boendestöd;2021-01-07;2021-06-01;;;;\nA-1;;;2021-06-01;;;;\n"
    (said,) = office.refused(f"{HEAD}\n{rows}")
    assert said.startswith("rad 3, kolumn avbrottsdatum: ")


def test_a_new_decision_without_a_day_or_an_insats_is_refused(office):
    said = office.refused(f"{HEAD}\nA-1;;;;;;;\n")
    assert [line.partition(":")[0] for line in said] == ["rad 2, kolumn insats", "rad 2, kolumn beslutsdatum"]


def test_unknown_units_are_made_under_the_top_unit_on_the_command_line(office):
    office.imports(
        "ref;insats;beslutsdatum;enhet\nA-1;x;2021-01-07;Vuxen 2\nA-2;x;2021-01-07;Barn 1\nA-3;x;2021-01-07;\n"
    )
    units = {unit.name: unit for unit in db.session.scalars(select(Unit))}
    assert set(units) == {"Socialförvaltningen", "Vuxen 2", "Barn 1"}
    top = units["Socialförvaltningen"]
    assert units["Vuxen 2"].parent_id == units["Barn 1"].parent_id == top.id
    assert decision("A-1").unit_id == clock("A-1").unit_id == units["Vuxen 2"].id
    assert decision("A-3").unit_id == top.id


def test_a_decision_that_moves_to_another_unit_takes_its_clocks_and_record_along(office):
    office.imports("ref;insats;beslutsdatum;avbrottsdatum;enhet\nA-1;x;2021-01-07;;Vuxen 2\nA-1;;;2021-06-01;\n")
    office.imports("ref;insats;beslutsdatum;enhet\nA-1;;;Barn 1\n")
    unit_id = db.session.scalar(select(Unit.id).where(Unit.name == "Barn 1"))
    assert {decision("A-1").unit_id, *(stored.unit_id for stored in clocks("A-1"))} == {unit_id}
    assert db.session.get_one(Record, decision("A-1").record_id).unit_id == unit_id
    office.imports("ref;insats;beslutsdatum;enhet\nA-1;;;-\n")
    assert db.session.get_one(Unit, decision("A-1").unit_id).parent_id is None


def test_an_importer_of_one_unit_writes_there_and_makes_no_units(office):
    make_user("eva@kommun.example", "handlaggare", unit="Vuxen 2")
    office.imports("ref;insats;beslutsdatum\nA-1;x;2021-01-07\n", "--by", "eva@kommun.example")
    assert db.session.get_one(Unit, decision("A-1").unit_id).name == "Vuxen 2"
    rows = "A-2;x;2021-01-07;Barn 1\nA-3;x;2021-01-07;Socialförvaltningen\nA-4;x;2021-01-07;Barn 1\n"
    said = office.refused(f"ref;insats;beslutsdatum;enhet\n{rows}", "--by", "eva@kommun.example")
    assert [line.partition(":")[0] for line in said] == [f"rad {row}, kolumn enhet" for row in (2, 3, 4)]
    assert all("okänd eller utanför det du har tillgång till" in line for line in said)


def test_a_ref_of_another_unit_is_refused_as_taken_with_nothing_shown_of_it(office):
    office.imports(
        "ref;insats;beslutsdatum;enhet;utforare;diarienummer\n"
        "B-77;Skyddat boende;2021-03-03;Kvinnofrid;Alfa AB;SN 2021/9\n"
    )
    make_user("eva@kommun.example", "handlaggare", unit="Vuxen 2")
    rows = "ref;insats;beslutsdatum;verkstalld\nB-77;Boendestöd;2021-01-07;2021-01-01\n"
    said = office.refused(rows, "--by", "eva@kommun.example")
    assert said == ["rad 2, kolumn ref: referensen används redan. Skriv en som inget annat beslut har."]
    make_unit("Kvinnofrid")
    office.imports(rows.replace("2021-01-01", "2021-04-01"))
    assert clock("B-77").executed_on == date(2021, 4, 1)


@pytest.mark.parametrize("ref", ["19121212-1212", "191212121212", "1212121212", "Akt 121212-1212", "19800101-T123"])
def test_a_ref_that_is_a_personnummer_is_refused_and_not_repeated(office, ref):
    (said,) = office.refused(f"ref;insats;beslutsdatum\n{ref};Boendestöd;2021-01-07\n")
    assert said.startswith("rad 2, kolumn ref: ser ut som ett personnummer.")
    assert ref not in said


def test_an_insats_is_kept_as_written_and_an_unknown_one_joins_the_list(office):
    office.imports(
        "ref;insats;beslutsdatum\nA-1;Hundterapi  (försök);2021-01-07\nA-2;Hundterapi  (försök);2021-01-08\n"
    )
    labels = list(db.session.scalars(select(CodeItem.label).where(CodeItem.list == "intervention")))
    assert labels.count("Hundterapi  (försök)") == 1
    assert decision("A-1").intervention_id == decision("A-2").intervention_id == clock("A-1").intervention_id


def test_a_known_reason_becomes_its_code_and_any_other_text_is_kept(office):
    office.imports(
        "ref;insats;beslutsdatum;skal\nA-1;x;2021-01-07;Enskild har tackat nej\nA-2;x;2021-01-07;NEJ\n"
        "A-3;x;2021-01-07;Hunden åt beslutet\n"
    )
    by_code, by_name, other = clock("A-2"), clock("A-1"), clock("A-3")
    assert label(by_name.delay_reason_id) == label(by_code.delay_reason_id) == "Enskild har tackat nej"
    assert (by_name.delay_note, other.delay_reason_id) == (None, None)
    assert open_note(other.delay_note, other.id) == "Hunden åt beslutet"
    assert b"Hunden" not in other.delay_note, "it lies sealed"
    office.imports("ref;insats;beslutsdatum;skal\nA-3;;;Personalbrist\nA-1;;;Flytt\n")
    assert (label(clock("A-3").delay_reason_id), clock("A-3").delay_note) == ("Personalbrist", None)
    own = clock("A-1")
    assert (own.delay_reason_id, open_note(own.delay_note, own.id)) == (None, "Flytt")


def test_a_handler_is_linked_when_one_user_bears_the_name_and_kept_as_text_otherwise(office):
    eva = make_user("eva@kommun.example", "handlaggare", name="Eva Ek")
    make_user("bo1@kommun.example", "handlaggare", name="Bo Berg")
    make_user("bo2@kommun.example", "handlaggare", name="Bo Berg")
    rows = "A-1;x;2021-01-07;Eva Ek\nA-2;x;2021-01-07;Bo Berg\nA-3;x;2021-01-07;Ingen Alls\n"
    office.imports(f"ref;insats;beslutsdatum;handlaggare\n{rows}")
    found = [(decision(ref).handler_id, decision(ref).handler_name) for ref in ("A-1", "A-2", "A-3")]
    assert found == [(eva.id, "Eva Ek"), (None, "Bo Berg"), (None, "Ingen Alls")]


def test_a_dry_run_counts_and_saves_nothing(office):
    before = snapshot()
    assert office.imports(FIRST, "--dry-run") == "Provkörning, inget sparat: 2 nya, 0 ändrade, 0 oförändrade"
    assert snapshot() == before
    assert office.imports(FIRST) == "2 nya, 0 ändrade, 0 oförändrade"


def test_column_names_may_be_written_with_capitals_and_swedish_letters_in_any_order(office):
    office.imports("Kön;BESLUTSDATUM;Först rapporterad;Skäl;Insats;REF\nman;2021-01-07;2021-07-31;NEJ;Boendestöd;A-1\n")
    assert (decision("A-1").sex, clock("A-1").sex, clock("A-1").first_reported_on) == ("man", "man", date(2021, 7, 31))


@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_commas_and_tabs_separate_cells_as_well(office, delimiter):
    office.imports(FIRST.replace(";", delimiter))
    assert clock("B-02").executed_on == date(2021, 11, 4)


def test_a_file_in_cp1252_is_read_when_told_so(office):
    office.imports(
        "ref;insats;beslutsdatum\nA-1;Öppenvård för små barn;2021-01-07\n".encode("cp1252"), "--encoding", "cp1252"
    )
    assert label(decision("A-1").intervention_id) == "Öppenvård för små barn"


def test_a_utf8_file_may_begin_with_its_mark(office):
    office.imports(b"\xef\xbb\xbf" + FIRST.encode())
    assert count(Decision) == 2


def test_a_workbook_with_real_dates_is_read_as_the_csv_is(office):
    office.imports(
        [
            ["ref", "insats", "beslutsdatum", "verkstalld", "forst_rapporterad"],
            ["B-01", "Kontaktperson", date(2021, 1, 7), "", ""],
            ["B-02", "Boendestöd", date(2021, 2, 16), date(2021, 11, 4), "2021-07-31"],
        ]
    )
    assert office.imports(FIRST) == "0 nya, 0 ändrade, 2 oförändrade"


def test_a_text_that_looks_like_a_formula_is_kept_as_text_without_its_guard(office):
    office.imports("ref;insats;beslutsdatum;utforare\nA-1;'=1+1;2021-01-07;'@alfa\nA-2;- bastu;2021-01-07;\n")
    assert (label(decision("A-1").intervention_id), decision("A-1").provider) == ("=1+1", "@alfa")
    assert label(decision("A-2").intervention_id) == "- bastu"


def test_a_file_of_many_rows_is_saved_whole_across_its_batches(office):
    rows = [f"R-{number:04};Boendestöd;2021-01-07;;;;;" for number in range(2_300)]
    rows[2_200:2_200] = [f"R-{number:04};;;2021-06-01;;;;" for number in range(0, 2_300, 10)]
    content = "\n".join([HEAD, *rows])
    assert office.imports(content) == "2530 nya, 0 ändrade, 0 oförändrade"
    assert (count(Decision), count(DecisionClock), count(Record)) == (2_300, 2_530, 2_300)
    assert office.imports(content) == "0 nya, 0 ändrade, 2530 oförändrade"


def test_a_refusal_in_a_later_batch_takes_the_earlier_ones_back(office):
    rows = [f"R-{number:04};Boendestöd;2021-01-07;;;;;" for number in range(1_500)]
    rows[1_400] = "R-1400;Boendestöd;2021-01-07;;2021-01-06;;;"
    (said,) = office.refused("\n".join([HEAD, *rows]))
    assert said.startswith("rad 1402, kolumn verkstalld: ")


def test_a_unit_that_is_made_is_told(app, tmp_path):
    file = tmp_path / "f.csv"
    file.write_text("ref;insats;beslutsdatum;enhet\nA-1;Boendestöd;2021-01-07;Barn och ugna\n", encoding="utf-8")
    db.session.remove()
    result = app.test_cli_runner().invoke(args=["import", "decisions", str(file)])
    assert result.exit_code == 0
    assert "Obs, ny enhet: Barn och ugna" in result.stderr
    assert result.stdout == "1 nya, 0 ändrade, 0 oförändrade\n"
