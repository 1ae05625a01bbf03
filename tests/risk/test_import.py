"""A file of risks becomes the register, and can be brought in again as an update."""

import json

import pytest
from sqlalchemy import select

from tests.audit.trails import entries, parts, verdict
from tests.control.office import RISK_HEAD, hide, import_entries, risk, versions
from tests.decisions.running import run, snapshot
from tests.factories import make_unit, make_user
from tracker.accounts.queries import find_unit
from tracker.database import db
from tracker.records.models import Record
from tracker.risk.models import ControlPlan

BO, EVA = "bo@kommun.example", "eva@kommun.example"
SHORT = "ar;ref;risk;sannolikhet;konsekvens"
FULL = "2021;R1;IT;nämnd;Data går förlorade;3;4;Gamla servrar;kontrollera"
FIRST = f"{RISK_HEAD}\n{FULL}\n2021;R2;;;Avtal följs inte;1;3;;\n"


def test_a_first_import_makes_every_row_new(office):
    assert office.imports("risks", FIRST) == "2 nya, 0 ändrade, 0 oförändrade"
    found = risk("R1")
    assert (found.area, found.level, found.text) == ("IT", "nämnd", "Data går förlorade")
    assert (found.likelihood, found.consequence, found.score) == (3, 4, 12)
    assert (found.motivation, found.handling, found.mark) == ("Gamla servrar", "kontrollera", 0)
    bare = risk("R2")
    assert (bare.area, bare.level, bare.motivation, bare.handling, bare.score) == (None, None, None, None, 3)


def test_a_risk_is_a_numbered_record_of_the_top_unit(office):
    office.imports("risks", FIRST)
    record = db.session.get_one(Record, risk("R1").record_id)
    assert (record.kind, record.number, record.title) == ("risk", "2021/R1", "Risk 2021/R1")
    assert (record.unit_id, record.access, record.version) == (find_unit("Socialförvaltningen").id, "ordinary", 1)


def test_a_year_gets_a_draft_of_a_plan_once(office):
    office.imports("risks", f"{SHORT}\n2021;R1;A;1;1\n2020;R1;A;1;1\n2021;R2;A;1;1\n")
    office.imports("risks", f"{SHORT}\n2021;R3;A;1;1\n")
    db.session.rollback()
    plans = db.session.scalars(select(ControlPlan).order_by(ControlPlan.year)).all()
    assert [(plan.year, plan.state, plan.good_limit, plan.acceptable_limit) for plan in plans] == [
        (2020, "draft", 90, 60),
        (2021, "draft", 90, 60),
    ]
    assert [entry.target_id for entry in entries() if entry.action == "plan.begun"] == [2020, 2021]


def test_the_same_file_again_and_again_changes_nothing(office):
    office.imports("risks", FIRST)
    before = snapshot()
    for _ in range(2):
        assert office.imports("risks", FIRST) == "0 nya, 0 ändrade, 2 oförändrade"
        assert snapshot() == before


def test_a_later_file_tells_new_changed_and_unchanged_apart(office):
    office.imports("risks", FIRST)
    later = FIRST.replace("inte;1;3", "inte;2;3") + "2021;R10;;;Ny risk;4;4;;\n"
    assert office.imports("risks", later) == "1 nya, 1 ändrade, 1 oförändrade"
    assert versions() == {"2021/R1": 1, "2021/R2": 2, "2021/R10": 1}
    assert (risk("R2").likelihood, risk("R2").score) == (2, 6)


def test_the_same_ref_in_another_year_is_another_risk(office):
    office.imports("risks", FIRST)
    assert office.imports("risks", f"{SHORT}\n2022;R1;Annat;1;2\n") == "1 nya, 0 ändrade, 0 oförändrade"
    assert (risk("R1").score, risk("R1", 2022).score) == (12, 2)


def test_an_empty_cell_and_a_missing_column_leave_what_is_there(office):
    office.imports("risks", FIRST)
    before = snapshot()
    assert office.imports("risks", f"{RISK_HEAD}\n2021;R1;;;;;;;\n") == "0 nya, 0 ändrade, 1 oförändrade"
    assert office.imports("risks", f"{SHORT}\n2021;R1;;;\n") == "0 nya, 0 ändrade, 1 oförändrade"
    assert snapshot() == before


def test_a_hyphen_clears_what_may_be_empty(office):
    office.imports("risks", FIRST)
    assert office.imports("risks", f"{RISK_HEAD}\n2021;R1;-;-;;;;-;-\n") == "0 nya, 1 ändrade, 0 oförändrade"
    found = risk("R1")
    assert (found.area, found.level, found.motivation, found.handling) == (None, None, None, None)
    assert (found.text, found.score) == ("Data går förlorade", 12)


def test_a_workbook_is_read_as_a_text_file_is(office):
    rows = [SHORT.split(";"), [2021, "R1", "Data går förlorade", 3, 4]]
    assert office.imports("risks", rows) == "1 nya, 0 ändrade, 0 oförändrade"
    assert (risk("R1").text, risk("R1").score) == ("Data går förlorade", 12)


def test_a_dry_run_counts_and_saves_nothing(office):
    office.imports("risks", FIRST)
    before = snapshot()
    later = f"{SHORT}\n2021;R1;;4;\n2023;R1;Ny;1;1\n2021;R2;;;\n"
    said = office.imports("risks", later, "--dry-run")
    assert said == "Provkörning, inget sparat: 1 nya, 1 ändrade, 1 oförändrade"
    assert snapshot() == before


YEAR = "saknas. Skriv året med fyra siffror, som 2026."
REF = "saknas. Skriv en beteckning, som R1."
WHOLE = "är inget heltal. Skriv bara siffror, till exempel 12."


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (";R9;;;A;1;1;;", f"kolumn ar: {YEAR}"),
        ("-;R9;;;A;1;1;;", "kolumn ar: kan inte tömmas. Skriv vad som gäller."),
        ("i år;R9;;;A;1;1;;", f'kolumn ar: "i år" {WHOLE}'),
        ("1989;R9;;;A;1;1;;", "kolumn ar: 1989 är för litet. Skriv ett tal som är minst 1990."),
        ("2101;R9;;;A;1;1;;", "kolumn ar: 2101 är för stort. Skriv ett tal som är högst 2100."),
        ("2021;;;;A;1;1;;", f"kolumn ref: {REF}"),
        ("2021;-;;;A;1;1;;", f"kolumn ref: {REF}"),
        ("2021;R/9;;;A;1;1;;", "kolumn ref: kan inte innehålla snedstreck. Skriv utan, som R1."),
        (f"2021;{'R' * 41};;;A;1;1;;", "kolumn ref: texten är för lång. Skriv högst 40 tecken."),
        (f"2021;R9;{'x' * 121};;A;1;1;;", "kolumn omrade: texten är för lång. Skriv högst 120 tecken."),
        ("2021;R9;;kommun;A;1;1;;",
         'kolumn niva: "kommun" går inte att välja. Välj bland kommunövergripande, nämnd, enhet.'),
        ("2021;R9;;enheter;A;1;1;;", 'kolumn niva: "enheter" går inte att välja. Menade du enhet?'),
        ("2021;R9;;;;1;1;;", "kolumn risk: saknas. Den måste finnas."),
        ("2021;R9;;;-;1;1;;", "kolumn risk: kan inte tömmas. Skriv vad som gäller."),
        (f"2021;R9;;;{'x' * 2001};1;1;;", "kolumn risk: texten är för lång. Skriv högst 2000 tecken."),
        ("2021;R9;;;Om 19121212-1212;1;1;;",
         "kolumn risk: ser ut att innehålla ett personnummer. Skriv utan personnummer."),
        ("2021;R9;;;A;;1;;", "kolumn sannolikhet: saknas. Den måste finnas."),
        ("2021;R9;;;A;-;1;;", "kolumn sannolikhet: kan inte tömmas. Skriv vad som gäller."),
        ("2021;R9;;;A;1,5;1;;", f'kolumn sannolikhet: "1,5" {WHOLE}'),
        ("2021;R9;;;A;0;1;;", "kolumn sannolikhet: 0 är för litet. Skriv ett tal som är minst 1."),
        ("2021;R9;;;A;5;1;;", "kolumn sannolikhet: 5 finns inte i planens skala. Skriv 1–4."),
        ("2021;R9;;;A;1;;;", "kolumn konsekvens: saknas. Den måste finnas."),
        ("2021;R9;;;A;1;5;;", "kolumn konsekvens: 5 finns inte i planens skala. Skriv 1–4."),
        ("2021;R9;;;A;1;999999999999;;",
         "kolumn konsekvens: 999999999999 finns inte i planens skala. Skriv 1–4."),
        (f"2021;R9;;;A;1;1;{'x' * 2001};", "kolumn motivering: texten är för lång. Skriv högst 2000 tecken."),
        ("2021;R9;;;A;1;1;;strunta i",
         'kolumn hantering: "strunta i" går inte att välja. Välj bland acceptera, bevaka, kontrollera, åtgärda, '
         "överföra, undvika."),
        ("2021;R1;;;;5;;;", "kolumn sannolikhet: 5 finns inte i planens skala. Skriv 1–4."),
        ("2021;R1;;;-;;;;", "kolumn risk: kan inte tömmas. Skriv vad som gäller."),
        ("2021;R2;;;;2;;;", "kolumn ref: 2021/R2 står redan på rad 2. Ta bort en av dem."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place_and_nothing_is_imported(office, row, told):
    office.imports("risks", FIRST)
    good = "2021;R2;;;Ändrad;4;4;;"
    assert office.refused("risks", f"{RISK_HEAD}\n{good}\n{row}\n") == [f"rad 3, {told}"]


def test_every_bad_cell_of_every_row_is_told(office):
    rows = "år;;;;;;;;\n2021;R1;;;A;0;x;;glöm\n2021;R2;;stad;;1;1;;\n"
    assert [line.partition(": ")[0] for line in office.refused("risks", f"{RISK_HEAD}\n{rows}")] == [
        "rad 2, kolumn ar",
        "rad 2, kolumn ref",
        "rad 3, kolumn sannolikhet",
        "rad 3, kolumn konsekvens",
        "rad 3, kolumn hantering",
        "rad 4, kolumn niva",
        "rad 4, kolumn risk",
    ]


def test_two_steps_outside_the_scale_are_both_told(office):
    assert office.refused("risks", f"{SHORT}\n2021;R1;A;5;6\n") == [
        "rad 2, kolumn sannolikhet: 5 finns inte i planens skala. Skriv 1–4.",
        "rad 2, kolumn konsekvens: 6 finns inte i planens skala. Skriv 1–4.",
    ]


@pytest.mark.parametrize(
    ("head", "told"),
    [
        ("ar;ref;sannolikhet;konsekvens", "rad 1, kolumn risk: kolumnen saknas. Lägg till den, den måste finnas."),
        (f"{SHORT};farg", "rad 1, kolumn farg: kolumnen är okänd. Ta bort kolumnen eller rätta namnet."),
        (f"{SHORT};hanterng", "rad 1, kolumn hanterng: kolumnen är okänd. Menade du hantering?"),
        (f"{SHORT};År", "rad 1, kolumn År: betyder samma sak som kolumnen ar. Ta bort en av dem."),
    ],
)
def test_columns_that_are_wrong_are_told(office, head, told):
    assert office.refused("risks", f"{head}\n") == [told]


class TestInWhoseName:
    """Who may bring in risks, where they end up, and what they may not touch."""

    def test_without_a_role_that_manages_nothing_is_imported(self, office):
        make_user(EVA, "chef", "revisor")
        ran = office.run_import("risks", FIRST, "--by", EVA)
        assert (ran.code, ran.out, ran.err) == (1, "", f"{EVA} har ingen roll som får göra det.\n")

    @pytest.mark.parametrize("role", ["internkontroll", "kvalitet"])
    def test_new_risks_belong_to_the_unit_of_the_role(self, office, role):
        make_user(BO, role, unit="Vuxen")
        office.imports("risks", FIRST, "--by", BO)
        assert risk("R1").unit_id == find_unit("Vuxen").id

    def test_a_risk_of_another_part_is_taken(self, office):
        make_unit("Barn")
        make_user(BO, "internkontroll", unit="Vuxen")
        make_user(EVA, "internkontroll", unit="Barn")
        office.imports("risks", FIRST, "--by", BO)
        said = office.refused("risks", f"{SHORT}\n2021;R1;;1;\n", "--by", EVA)
        assert said == ["rad 2, kolumn ref: används redan. Skriv en annan ref."]

    @pytest.mark.parametrize("way", ["closed", "protected"])
    def test_a_risk_that_is_hidden_from_them_is_taken_and_not_changed(self, office, way):
        make_user(BO, "internkontroll")
        make_user(EVA, "internkontroll")
        office.imports("risks", FIRST)
        hide(risk("R1"), way, seer=EVA, other=BO)
        said = office.refused("risks", f"{SHORT}\n2021;R1;Utbytt;1;1\n", "--by", BO)
        assert said == ["rad 2, kolumn ref: används redan. Skriv en annan ref."]
        assert risk("R1").text == "Data går förlorade"

    def test_in_production_a_name_is_needed(self, office, monkeypatch):
        monkeypatch.setitem(office.app.config, "PRODUCTION", True)
        ran = office.run_import("risks", FIRST)
        assert (ran.code, ran.out, ran.err) == (1, "", "Ange i vems namn det görs: --by E-POST.\n")


class TestTrail:
    """What an import leaves behind."""

    def test_a_file_is_one_entry_with_a_part_for_each_risk(self, office):
        office.imports("risks", FIRST)
        (entry,) = import_entries()
        assert (entry.parts, entry.actor_kind) == (2, "command")
        assert [part.record_id for part in parts(entry.id)] == [risk("R1").record_id, risk("R2").record_id]
        assert verdict().whole

    def test_a_change_keeps_old_and_new_and_an_unchanged_row_leaves_nothing(self, office):
        office.imports("risks", FIRST)
        office.imports("risks", f"{SHORT}\n2021;R1;;;\n2021;R2;;2;\n")
        office.imports("risks", f"{SHORT}\n2021;R1;;;\n2021;R2;;2;\n")
        _, entry = import_entries()
        (part,) = parts(entry.id)
        assert part.record_id == risk("R2").record_id
        assert json.loads(part.open_values) == {"likelihood": [1, 2], "score": [3, 6]}
        assert verdict().whole

    def test_a_user_stands_as_the_actor(self, office):
        bo = make_user(BO, "internkontroll").id
        office.imports("risks", FIRST, "--by", BO)
        (entry,) = import_entries()
        assert (entry.actor_kind, entry.actor_id) == ("user", bo)

    def test_a_refusal_leaves_nothing_in_it(self, office):
        office.refused("risks", f"{SHORT}\n2021;R1;A;1;1\n2021;R2;A;1;9\n")
        assert import_entries() == []
        assert run(office.app, "report", "control", 2021).code == 0
