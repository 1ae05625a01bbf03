"""A file of kontrollmoment becomes the plan, points at its risks, and can be brought in again as an update."""

import json

import pytest

from tests.audit.trails import parts, verdict
from tests.control.office import CONTROL_HEAD, EXAMPLES, hide, import_entries, moment, risk, versions
from tests.decisions.running import snapshot
from tests.factories import make_unit, make_user
from tracker.accounts.queries import find_unit
from tracker.database import db
from tracker.records.models import Record

BO, EVA = "bo@kommun.example", "eva@kommun.example"
SHORT = "ar;ref;kontrollmoment"
RISKS = "ar;ref;risk;sannolikhet;konsekvens\n2021;R1;IT;3;4\n2021;R2;Avtal;1;1\n2020;R9;Äldre;1;1\n"
FULL = "2021;K1;R1;Återläsning;stickprov;kvartal;IT-chefen;95;80;Hann inte;Prövas 2022"
FIRST = f"{CONTROL_HEAD}\n{FULL}\n2021;K2;;Avtalstrohet;;;;;;;\n"


@pytest.fixture
def filled(office):
    """An office with two risks of 2021, one of 2020, and two kontrollmoment."""
    office.imports("risks", RISKS)
    assert office.imports("controls", FIRST) == "2 nya, 0 ändrade, 0 oförändrade"
    return office


def test_every_cell_has_its_place(filled):
    found = moment("K1")
    assert found.risk_id == risk("R1").record_id
    found = moment("K1")
    assert (found.name, found.method, found.frequency) == ("Återläsning", "stickprov", "kvartal")
    assert (found.responsible, found.good_limit, found.acceptable_limit) == ("IT-chefen", 95, 80)
    assert (found.not_done, found.comment, found.mark) == ("Hann inte", "Prövas 2022", 0)
    bare = moment("K2")
    assert (bare.name, bare.risk_id, bare.method, bare.frequency) == ("Avtalstrohet", None, None, None)
    assert (bare.responsible, bare.good_limit, bare.acceptable_limit) == (None, None, None)
    assert (bare.not_done, bare.comment) == (None, None)


def test_a_kontrollmoment_is_a_numbered_record_of_the_top_unit(filled):
    record = db.session.get_one(Record, moment("K1").record_id)
    assert (record.kind, record.number, record.title) == ("control", "2021/K1", "Kontrollmoment 2021/K1")
    assert (record.unit_id, record.access, record.version) == (find_unit("Socialförvaltningen").id, "ordinary", 1)


def test_kontrollmoment_of_a_year_without_risks_will_do(office):
    assert office.imports("controls", f"{SHORT}\n2019;K1;Avtal\n") == "1 nya, 0 ändrade, 0 oförändrade"
    assert moment("K1", 2019).risk_id is None


def test_a_risk_and_a_kontrollmoment_of_the_same_ref_are_two_records(office):
    office.imports("risks", "ar;ref;risk;sannolikhet;konsekvens\n2021;1;A;1;1\n")
    assert office.imports("controls", "ar;ref;risk_ref;kontrollmoment\n2021;1;1;B\n") == (
        "1 nya, 0 ändrade, 0 oförändrade"
    )
    assert moment("1").record_id != risk("1").record_id


def test_the_published_files_twice_more_change_nothing(office):
    assert office.publish() == [f"{n} nya, 0 ändrade, 0 oförändrade" for n in (7, 15, 19)]
    before = snapshot()
    for _ in range(2):
        assert office.publish() == [f"0 nya, 0 ändrade, {n} oförändrade" for n in (7, 15, 19)]
        assert snapshot() == before
    for kind, number in (("risks", 7), ("controls", 15), ("samples", 19)):
        assert len((EXAMPLES / f"{kind}-2021.csv").read_text().splitlines()) == number + 1


def test_a_later_file_tells_new_changed_and_unchanged_apart(filled):
    later = FIRST.replace("Avtalstrohet", "Trohet mot avtal") + "2021;K10;R2;Nytt;;;;;;;\n"
    assert filled.imports("controls", later) == "1 nya, 1 ändrade, 1 oförändrade"
    numbers = {number: version for number, version in versions().items() if "K" in number}
    assert numbers == {"2021/K1": 1, "2021/K2": 2, "2021/K10": 1}
    assert moment("K2").name == "Trohet mot avtal"


def test_an_empty_cell_and_a_missing_column_leave_what_is_there(filled):
    before = snapshot()
    assert filled.imports("controls", f"{CONTROL_HEAD}\n2021;K1;;;;;;;;;\n") == "0 nya, 0 ändrade, 1 oförändrade"
    assert filled.imports("controls", f"{SHORT}\n2021;K1;\n") == "0 nya, 0 ändrade, 1 oförändrade"
    assert snapshot() == before


def test_a_hyphen_clears_what_may_be_empty(filled):
    assert filled.imports("controls", f"{CONTROL_HEAD}\n2021;K1;-;;-;-;-;-;-;-;-\n") == (
        "0 nya, 1 ändrade, 0 oförändrade"
    )
    found = moment("K1")
    assert (found.name, found.risk_id, found.method, found.frequency) == ("Återläsning", None, None, None)
    assert (found.responsible, found.good_limit, found.acceptable_limit) == (None, None, None)
    assert (found.not_done, found.comment) == (None, None)


def test_a_kontrollmoment_can_be_pointed_at_another_risk(filled):
    assert filled.imports("controls", "ar;ref;risk_ref;kontrollmoment\n2021;K1;R2;\n") == (
        "0 nya, 1 ändrade, 0 oförändrade"
    )
    assert moment("K1").risk_id == risk("R2").record_id


def test_a_workbook_is_read_as_a_text_file_is(filled):
    rows = [["ar", "ref", "kontrollmoment", "god_grans", "godtagbar_grans"], [2021, "K3", "Ur arbetsbok", 80, 50]]
    assert filled.imports("controls", rows) == "1 nya, 0 ändrade, 0 oförändrade"
    assert (moment("K3").good_limit, moment("K3").acceptable_limit) == (80, 50)


def test_a_dry_run_counts_and_saves_nothing(filled):
    before = snapshot()
    said = filled.imports("controls", f"{SHORT}\n2021;K1;Nytt namn\n2021;K3;Ny\n2021;K2;\n", "--dry-run")
    assert said == "Provkörning, inget sparat: 1 nya, 1 ändrade, 1 oförändrade"
    assert snapshot() == before


NO_RISK = "Läs in riskerna först, eller rätta beteckningen."
WHOLE = "är inget heltal. Skriv bara siffror, till exempel 12."
CROSSED = "Byt plats på dem."


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (";K9;;A;;;;;;;", "kolumn ar: saknas. Skriv året med fyra siffror, som 2026."),
        ("21;K9;;A;;;;;;;", "kolumn ar: 21 är för litet. Skriv ett tal som är minst 1990."),
        ("2021;;;A;;;;;;;", "kolumn ref: saknas. Skriv en beteckning, som R1."),
        ("2021;2021/K9;;A;;;;;;;", "kolumn ref: kan inte innehålla snedstreck. Skriv utan, som R1."),
        ("2021;K9;R3;A;;;;;;;", f"kolumn risk_ref: risken R3 finns inte 2021. {NO_RISK}"),
        ("2021;K9;R9;A;;;;;;;", f"kolumn risk_ref: risken R9 finns inte 2021. {NO_RISK}"),  # it is of 2020
        ("2021;K9;r1;A;;;;;;;", f"kolumn risk_ref: risken r1 finns inte 2021. {NO_RISK}"),
        ("2021;K1;K2;;;;;;;;", f"kolumn risk_ref: risken K2 finns inte 2021. {NO_RISK}"),
        ("2021;K9;;;;;;;;;", "kolumn kontrollmoment: saknas. Den måste finnas."),
        ("2021;K1;;-;;;;;;;", "kolumn kontrollmoment: kan inte tömmas. Skriv vad som gäller."),
        (f"2021;K9;;{'x' * 301};;;;;;;", "kolumn kontrollmoment: texten är för lång. Skriv högst 300 tecken."),
        (f"2021;K9;;A;{'x' * 61};;;;;;", "kolumn metod: texten är för lång. Skriv högst 60 tecken."),
        (f"2021;K9;;A;;{'x' * 61};;;;;", "kolumn frekvens: texten är för lång. Skriv högst 60 tecken."),
        (f"2021;K9;;A;;;{'x' * 121};;;;", "kolumn ansvarig: texten är för lång. Skriv högst 120 tecken."),
        ("2021;K9;;A;;;Eva 19121212-1212;;;;",
         "kolumn ansvarig: ser ut att innehålla ett personnummer. Skriv utan personnummer."),
        ("2021;K9;;A;;;;101;;;", "kolumn god_grans: 101 är för stort. Skriv ett tal som är högst 100."),
        ("2021;K9;;A;;;;-1;;;", "kolumn god_grans: -1 är för litet. Skriv ett tal som är minst 0."),
        ("2021;K9;;A;;;;90 %;;;", f'kolumn god_grans: "90 %" {WHOLE}'),
        ("2021;K9;;A;;;;;0,6;;", f'kolumn godtagbar_grans: "0,6" {WHOLE}'),
        ("2021;K9;;A;;;;;101;;", "kolumn godtagbar_grans: 101 är för stort. Skriv ett tal som är högst 100."),
        ("2021;K9;;A;;;;70;71;;",
         f"kolumn godtagbar_grans: Gränsen för godtagbar (71) ligger över den för god (70). {CROSSED}"),
        ("2021;K9;;A;;;;;91;;",  # the plan's 90
         f"kolumn godtagbar_grans: Gränsen för godtagbar (91) ligger över den för god (90). {CROSSED}"),
        ("2021;K1;;;;;;79;;;",  # the 80 that the moment has
         f"kolumn godtagbar_grans: Gränsen för godtagbar (80) ligger över den för god (79). {CROSSED}"),
        (f"2021;K9;;A;;;;;;{'x' * 2001};", "kolumn ej_genomford: texten är för lång. Skriv högst 2000 tecken."),
        (f"2021;K9;;A;;;;;;;{'x' * 2001}", "kolumn kommentar: texten är för lång. Skriv högst 2000 tecken."),
        ("2021;K2;;;;;;;;;", "kolumn ref: 2021/K2 står redan på rad 2. Ta bort en av dem."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place_and_nothing_is_imported(filled, row, told):
    good = "2021;K2;R2;Ändrad;;;;;;;"
    assert filled.refused("controls", f"{CONTROL_HEAD}\n{good}\n{row}\n") == [f"rad 3, {told}"]


def test_limits_of_its_own_may_be_equal_or_stand_alone_within_the_plans(filled):
    rows = "2021;K3;;A;;;;70;70;;\n2021;K4;;A;;;;60;;;\n2021;K5;;A;;;;;90;;\n2021;K6;;A;;;;0;0;;\n"
    assert filled.imports("controls", f"{CONTROL_HEAD}\n{rows}") == "4 nya, 0 ändrade, 0 oförändrade"
    assert (moment("K4").good_limit, moment("K4").acceptable_limit) == (60, None)
    assert (moment("K6").good_limit, moment("K6").acceptable_limit) == (0, 0)


def test_every_bad_cell_of_every_row_is_told(filled):
    rows = "nu;;;;;;;;;;\n2021;K8;R3;;;;;x;;;\n2021;K9;R4;A;;;;70;80;;\n"
    assert [line.partition(": ")[0] for line in filled.refused("controls", f"{CONTROL_HEAD}\n{rows}")] == [
        "rad 2, kolumn ar",
        "rad 2, kolumn ref",
        "rad 3, kolumn god_grans",
        "rad 3, kolumn risk_ref",
        "rad 3, kolumn kontrollmoment",
        "rad 4, kolumn risk_ref",
        "rad 4, kolumn godtagbar_grans",
    ]


@pytest.mark.parametrize(
    ("head", "told"),
    [
        ("ar;ref", "rad 1, kolumn kontrollmoment: kolumnen saknas. Lägg till den, den måste finnas."),
        (f"{SHORT};risk", "rad 1, kolumn risk: kolumnen är okänd. Ta bort kolumnen eller rätta namnet."),
        (f"{SHORT};riskref", "rad 1, kolumn riskref: kolumnen är okänd. Menade du risk_ref?"),
    ],
)
def test_columns_that_are_wrong_are_told(office, head, told):
    assert office.refused("controls", f"{head}\n") == [told]


class TestInWhoseName:
    """Who may bring in kontrollmoment, where they end up, and what they may not touch."""

    def test_without_a_role_that_manages_nothing_is_imported(self, filled):
        make_user(EVA, "chef", "revisor")
        ran = filled.run_import("controls", FIRST, "--by", EVA)
        assert (ran.code, ran.out, ran.err) == (1, "", f"{EVA} har ingen roll som får göra det.\n")

    def test_new_ones_belong_to_the_unit_of_the_role_and_others_parts_are_taken(self, office):
        make_unit("Barn")
        make_user(BO, "internkontroll", unit="Vuxen")
        make_user(EVA, "internkontroll", unit="Barn")
        office.imports("controls", f"{SHORT}\n2021;K1;A\n", "--by", BO)
        assert moment("K1").unit_id == find_unit("Vuxen").id
        said = office.refused("controls", f"{SHORT}\n2021;K1;B\n", "--by", EVA)
        assert said == ["rad 2, kolumn ref: används redan. Skriv en annan ref."]

    @pytest.mark.parametrize("way", ["closed", "protected"])
    def test_one_that_is_hidden_from_them_is_taken_and_not_changed(self, filled, way):
        make_user(BO, "internkontroll")
        make_user(EVA, "internkontroll")
        hide(moment("K1"), way, seer=EVA, other=BO)
        said = filled.refused("controls", f"{SHORT}\n2021;K1;Utbytt\n", "--by", BO)
        assert said == ["rad 2, kolumn ref: används redan. Skriv en annan ref."]
        assert moment("K1").name == "Återläsning"

    @pytest.mark.parametrize("way", ["closed", "protected"])
    def test_a_risk_that_is_hidden_from_them_cannot_be_pointed_at(self, filled, way):
        make_user(BO, "internkontroll")
        make_user(EVA, "internkontroll")
        hide(risk("R2"), way, seer=EVA, other=BO)
        said = filled.refused("controls", "ar;ref;risk_ref;kontrollmoment\n2021;K3;R2;A\n", "--by", BO)
        assert said == [f"rad 2, kolumn risk_ref: risken R2 finns inte 2021. {NO_RISK}"]

    def test_in_production_a_name_is_needed(self, filled, monkeypatch):
        monkeypatch.setitem(filled.app.config, "PRODUCTION", True)
        ran = filled.run_import("controls", FIRST)
        assert (ran.code, ran.out, ran.err) == (1, "", "Ange i vems namn det görs: --by E-POST.\n")


class TestTrail:
    """What an import leaves behind."""

    def test_a_file_is_one_entry_with_a_part_for_each_kontrollmoment(self, filled):
        _, entry = import_entries()
        assert (entry.parts, entry.actor_kind) == (2, "command")
        assert [part.record_id for part in parts(entry.id)] == [moment("K1").record_id, moment("K2").record_id]
        assert verdict().whole

    def test_a_change_keeps_old_and_new_and_an_unchanged_row_leaves_nothing(self, filled):
        rows = f"{CONTROL_HEAD}\n2021;K1;R2;;;månad;;;;;\n2021;K2;;;;;;;;;\n"
        filled.imports("controls", rows)
        filled.imports("controls", rows)
        *_, entry = import_entries()
        assert len(import_entries()) == 3
        (part,) = parts(entry.id)
        pointed = [risk("R1").record_id, risk("R2").record_id]
        assert part.record_id == moment("K1").record_id
        assert json.loads(part.open_values) == {"risk_id": pointed, "frequency": ["kvartal", "månad"]}
        assert verdict().whole

    def test_the_name_of_a_person_lies_sealed(self, filled):
        """As a decision's handläggare does: whoever reviews the log never sees values that point at a person."""
        filled.imports("controls", f"{CONTROL_HEAD}\n2021;K1;;;;;Eva Ek;;;;\n")
        *_, entry = import_entries()
        (part,) = parts(entry.id)
        assert "Eva Ek" not in (part.open_values or "")
        assert part.sealed_values is not None
