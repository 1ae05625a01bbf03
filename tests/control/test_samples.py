"""A file of stickprov in figures: what it makes of a kontrollmoment, and which figures cannot be."""

import json

import pytest
from sqlalchemy import func, select

from tests.audit.trails import parts, verdict
from tests.control.office import SAMPLE_HEAD, hide, import_entries, moment, sample
from tests.decisions.running import snapshot
from tests.factories import make_unit, make_user
from tracker.control.models import ControlMoment, ControlSample
from tracker.control.queries import list_moments, list_samples
from tracker.database import db
from tracker.records.scope import EVERY_RECORD
from tracker.rules.control_grading import Outcome

BO, EVA = "bo@kommun.example", "eva@kommun.example"
CONTROLS = "ar;ref;kontrollmoment\n2021;K1;Återläsning\n2021;K2;Avtal\n2020;K9;Äldre\n"
SHORT = "ar;kontroll_ref;ref;utvalda;avvikelser"
FIRST = f"{SAMPLE_HEAD}\n2021;K1;P1;2021-K2;400;40;2;3;Slumpat\n2021;K1;P2;;;10;;1;\n"


@pytest.fixture
def filled(office):
    """An office with two kontrollmoment of 2021, one of 2020, and two stickprov of the first."""
    office.imports("controls", CONTROLS)
    assert office.imports("samples", FIRST) == "2 nya, 0 ändrade, 0 oförändrade"
    return office


def outcome(ref: str, year: int = 2021) -> Outcome:
    db.session.rollback()
    (found,) = (row.outcome for row in list_moments(year, EVERY_RECORD) if row.ref == ref)
    return found


def test_every_cell_has_its_place(filled):
    found = sample("K1", "P1")
    assert (found.period, found.population, found.selected, found.dropouts, found.deviations, found.comment) == (
        "2021-K2", 400, 40, 2, 3, "Slumpat",
    )  # fmt: skip
    bare = sample("K1", "P2")
    assert (bare.period, bare.population, bare.selected, bare.dropouts, bare.deviations, bare.comment) == (
        None, None, 10, 0, 1, None,
    )  # fmt: skip


def test_the_samples_of_a_kontrollmoment_are_summed(filled):
    # 40 − 2 = 38 and 10 were checked; 38 − 3 = 35 and 10 − 1 = 9 approved.
    assert outcome("K1") == Outcome(48, 44)
    assert outcome("K2") == Outcome(0, 0)


def test_samples_stand_in_natural_order(filled):
    filled.imports("samples", f"{SHORT}\n2021;K1;P10;1;0\n2021;K1;P3;1;0\n")
    assert [row.ref for row in list_samples(moment("K1").record_id)] == ["P1", "P2", "P3", "P10"]


def test_the_same_file_again_and_again_changes_nothing(filled):
    before = snapshot()
    for _ in range(2):
        assert filled.imports("samples", FIRST) == "0 nya, 0 ändrade, 2 oförändrade"
        assert snapshot() == before


def test_the_same_ref_of_another_kontrollmoment_is_another_sample(filled):
    assert filled.imports("samples", f"{SHORT}\n2021;K2;P1;5;0\n2020;K9;P1;6;1\n") == (
        "2 nya, 0 ändrade, 0 oförändrade"
    )
    assert (outcome("K2"), outcome("K9", 2020)) == (Outcome(5, 5), Outcome(6, 5))
    assert outcome("K1") == Outcome(48, 44)


def test_a_later_file_tells_new_changed_and_unchanged_apart(filled):
    later = f"{SHORT}\n2021;K1;P1;40;3\n2021;K1;P2;10;2\n2021;K2;P1;7;7\n"
    assert filled.imports("samples", later) == "1 nya, 1 ändrade, 1 oförändrade"
    assert (outcome("K1"), outcome("K2")) == (Outcome(48, 43), Outcome(7, 0))
    assert db.session.scalar(select(func.count()).select_from(ControlSample)) == 3


def test_an_empty_cell_and_a_missing_column_leave_what_is_there(filled):
    before = snapshot()
    assert filled.imports("samples", f"{SAMPLE_HEAD}\n2021;K1;P1;;;;;;\n") == "0 nya, 0 ändrade, 1 oförändrade"
    assert filled.imports("samples", f"{SHORT}\n2021;K1;P1;;\n") == "0 nya, 0 ändrade, 1 oförändrade"
    assert snapshot() == before


def test_a_hyphen_clears_what_may_be_empty_and_no_dropout_is_zero(filled):
    assert filled.imports("samples", f"{SAMPLE_HEAD}\n2021;K1;P1;-;-;;-;;-\n") == "0 nya, 1 ändrade, 0 oförändrade"
    found = sample("K1", "P1")
    assert (found.period, found.population, found.dropouts, found.comment) == (None, None, 0, None)
    assert (found.selected, found.deviations) == (40, 3)
    assert outcome("K1") == Outcome(50, 46)


@pytest.mark.parametrize("period", ["2021", "2021-K1", "2021-K4", "2021-01", "2021-05", "2021-12"])
def test_periods_that_can_be_read(filled, period):
    assert filled.imports("samples", f"{SHORT};period\n2021;K2;P1;1;0;{period}\n").startswith("1 nya")
    assert sample("K2", "P1").period == period


def test_the_outermost_figures_will_do(filled):
    rows = "2021;K2;P1;;10;10;10;0;\n2021;K2;P2;;0;0;0;0;\n2021;K2;P3;;10;10;0;10;\n2021;K2;P4;;10;10;4;6;\n"
    assert filled.imports("samples", f"{SAMPLE_HEAD}\n{rows}") == "4 nya, 0 ändrade, 0 oförändrade"
    assert outcome("K2") == Outcome(0 + 0 + 10 + 6, 0)
    most = 1_000_000_000
    filled.imports("samples", f"{SAMPLE_HEAD}\n2020;K9;P1;;{most};{most};;1;\n2020;K9;P2;;{most};{most};;0;\n")
    filled.imports("samples", f"{SAMPLE_HEAD}\n2020;K9;P3;;{most};{most};;0;\n")
    assert outcome("K9", 2020) == Outcome(3 * most, 3 * most - 1)


def test_a_workbook_is_read_as_a_text_file_is(filled):
    rows = [["ar", "kontroll_ref", "ref", "period", "utvalda", "avvikelser"], [2021, "K2", "P1", 2021, 20, 4]]
    assert filled.imports("samples", rows) == "1 nya, 0 ändrade, 0 oförändrade"
    assert (sample("K2", "P1").period, outcome("K2")) == ("2021", Outcome(20, 16))


def test_a_dry_run_counts_and_saves_nothing(filled):
    before = snapshot()
    said = filled.imports("samples", f"{SHORT}\n2021;K1;P1;41;\n2021;K1;P2;;\n2021;K2;P1;1;0\n", "--dry-run")
    assert said == "Provkörning, inget sparat: 1 nya, 1 ändrade, 1 oförändrade"
    assert snapshot() == before


REF = "saknas. Skriv en beteckning, som R1."
NO_MOMENT = "Läs in kontrollmomenten först, eller rätta beteckningen."
PERIOD = "kolumn period: går inte att läsa. Skriv som 2021, 2021-K2 eller 2021-05."
WHOLE = "är inget heltal. Skriv bara siffror, till exempel 12."
RIGHT = "Rätta ett av talen."


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (";K1;P9;;;1;;0;", "kolumn ar: saknas. Skriv året med fyra siffror, som 2026."),
        ("2021;;P9;;;1;;0;", f"kolumn kontroll_ref: {REF}"),
        ("2021;K1;;;;1;;0;", f"kolumn ref: {REF}"),
        ("2021;K3;P9;;;1;;0;", f"kolumn kontroll_ref: kontrollmomentet K3 finns inte 2021. {NO_MOMENT}"),
        ("2021;K9;P9;;;1;;0;", f"kolumn kontroll_ref: kontrollmomentet K9 finns inte 2021. {NO_MOMENT}"),
        ("2022;K1;P9;;;1;;0;", f"kolumn kontroll_ref: kontrollmomentet K1 finns inte 2022. {NO_MOMENT}"),
        ("2021;K1;P9;våren;;1;;0;", PERIOD),
        ("2021;K1;P9;2021-K5;;1;;0;", PERIOD),
        ("2021;K1;P9;2021-K0;;1;;0;", PERIOD),
        ("2021;K1;P9;2021-13;;1;;0;", PERIOD),
        ("2021;K1;P9;2021-00;;1;;0;", PERIOD),
        ("2021;K1;P9;2021-5;;1;;0;", PERIOD),
        ("2021;K1;P9;2021 K2;;1;;0;", PERIOD),
        ("2021;K1;P9;2020-K2;;1;;0;", "kolumn period: ligger inte i 2021. Rätta perioden eller året."),
        ("2021;K1;P9;;många;1;;0;", f'kolumn population: "många" {WHOLE}'),
        ("2021;K1;P9;;1000000001;1;;0;",
         "kolumn population: 1000000001 är för stort. Skriv ett tal som är högst 1000000000."),
        ("2021;K1;P9;;;;;0;", "kolumn utvalda: saknas. Den måste finnas."),
        ("2021;K1;P9;;;-;;0;", "kolumn utvalda: kan inte tömmas. Skriv vad som gäller."),
        ("2021;K1;P9;;;-1;;0;", "kolumn utvalda: -1 är för litet. Skriv ett tal som är minst 0."),
        ("2021;K1;P9;;;1,5;;0;", f'kolumn utvalda: "1,5" {WHOLE}'),
        ("2021;K1;P9;;9;10;;0;", f"kolumn utvalda: 10 är fler än populationen (9). {RIGHT}"),
        ("2021;K1;P9;;;10;11;0;", f"kolumn bortfall: Bortfallet (11) är större än antalet utvalda (10). {RIGHT}"),
        ("2021;K1;P9;;;10;x;0;", f'kolumn bortfall: "x" {WHOLE}'),
        ("2021;K1;P9;;;10;;;", "kolumn avvikelser: saknas. Den måste finnas."),
        ("2021;K1;P1;;;;;-;", "kolumn avvikelser: kan inte tömmas. Skriv vad som gäller."),
        ("2021;K1;P9;;;10;;11;", f"kolumn avvikelser: Avvikelserna (11) är fler än de granskade (10). {RIGHT}"),
        ("2021;K1;P9;;;10;5;6;", f"kolumn avvikelser: Avvikelserna (6) är fler än de granskade (5). {RIGHT}"),
        ("2021;K1;P1;;;4;;;", f"kolumn avvikelser: Avvikelserna (3) är fler än de granskade (2). {RIGHT}"),
        ("2021;K1;P1;;39;;;;", f"kolumn utvalda: 40 är fler än populationen (39). {RIGHT}"),
        (f"2021;K1;P9;;;1;;0;{'x' * 2001}", "kolumn kommentar: texten är för lång. Skriv högst 2000 tecken."),
        ("2021;K1;P9;;;1;;0;Gäller 19121212-1212",
         "kolumn kommentar: ser ut att innehålla ett personnummer. Skriv utan personnummer."),
        ("2021;K1;P2;;;;;;", "kolumn ref: P2 av 2021/K1 står redan på rad 2. Ta bort en av dem."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place_and_nothing_is_imported(filled, row, told):
    good = "2021;K1;P2;;;10;;9;"
    assert filled.refused("samples", f"{SAMPLE_HEAD}\n{good}\n{row}\n") == [f"rad 3, {told}"]


def places(lines: list[str]) -> list[str]:
    return [line.partition(": ")[0] for line in lines]


def test_every_bad_cell_of_every_row_is_told(filled):
    rows = "x;;;;;;;;\n2021;K1;P8;vår;många;få;;x;\n2021;K1;P9;;5;6;7;;\n2021;K3;P1;;;1;;0;\n"
    assert places(filled.refused("samples", f"{SAMPLE_HEAD}\n{rows}"))[:7] == [
        "rad 2, kolumn ar",
        "rad 2, kolumn kontroll_ref",
        "rad 2, kolumn ref",
        "rad 3, kolumn period",
        "rad 3, kolumn population",
        "rad 3, kolumn utvalda",
        "rad 3, kolumn avvikelser",
    ]


def test_both_figures_that_lack_are_told(filled):
    assert filled.refused("samples", f"{SAMPLE_HEAD}\n2021;K2;P1;;;;;;\n") == [
        "rad 2, kolumn utvalda: saknas. Den måste finnas.",
        "rad 2, kolumn avvikelser: saknas. Den måste finnas.",
    ]


def test_figures_that_cannot_be_are_told_beside_an_unknown_kontrollmoment(filled):
    assert places(filled.refused("samples", f"{SAMPLE_HEAD}\n2021;K3;P1;;;5;;6;\n")) == [
        "rad 2, kolumn kontroll_ref",
        "rad 2, kolumn avvikelser",
    ]


def test_too_large_a_sample_and_too_many_deviations_are_both_told(filled):
    assert places(filled.refused("samples", f"{SAMPLE_HEAD}\n2021;K2;P1;;9;10;;11;\n")) == [
        "rad 2, kolumn utvalda",
        "rad 2, kolumn avvikelser",
    ]


@pytest.mark.parametrize("lacking", ["ar", "kontroll_ref", "ref", "utvalda", "avvikelser"])
def test_a_column_that_lacks_is_told(filled, lacking):
    head = ";".join(name for name in SHORT.split(";") if name != lacking)
    assert filled.refused("samples", f"{head}\n") == [
        f"rad 1, kolumn {lacking}: kolumnen saknas. Lägg till den, den måste finnas."
    ]


class TestInWhoseName:
    """Whose kontrollmoment may be given stickprov."""

    def test_without_a_role_that_manages_nothing_is_imported(self, filled):
        make_user(EVA, "chef", "revisor")
        ran = filled.run_import("samples", FIRST, "--by", EVA)
        assert (ran.code, ran.out, ran.err) == (1, "", f"{EVA} har ingen roll som får göra det.\n")

    def test_one_of_another_part_is_as_if_it_were_not_there(self, filled):
        make_unit("Barn")
        make_user(BO, "internkontroll", unit="Vuxen")
        said = filled.refused("samples", f"{SHORT}\n2021;K1;P1;40;4\n", "--by", BO)
        assert said == [f"rad 2, kolumn kontroll_ref: kontrollmomentet K1 finns inte 2021. {NO_MOMENT}"]

    @pytest.mark.parametrize("way", ["closed", "protected"])
    def test_one_that_is_hidden_from_them_is_as_if_it_were_not_there(self, filled, way):
        make_user(BO, "internkontroll")
        make_user(EVA, "internkontroll")
        hide(moment("K1"), way, seer=EVA, other=BO)
        said = filled.refused("samples", f"{SHORT}\n2021;K1;P1;40;4\n", "--by", BO)
        assert said == [f"rad 2, kolumn kontroll_ref: kontrollmomentet K1 finns inte 2021. {NO_MOMENT}"]
        assert sample("K1", "P1").deviations == 3


class TestTrail:
    """What an import leaves behind."""

    def test_a_file_is_one_entry_with_a_part_for_each_kontrollmoment(self, office):
        office.publish()
        *_, entry = import_entries()
        told = [part.record_id for part in parts(entry.id)]
        sampled = select(ControlSample.moment_id).distinct()
        assert len(set(told)) == len(db.session.scalars(sampled).all()) == 14  # 15 kontrollmoment, K3 has no sample
        assert (len(told), entry.parts) == (14, 14)
        assert verdict().whole

    def test_what_is_new_and_what_has_changed_is_told_by_the_samples_ref(self, filled):
        filled.imports("samples", f"{SHORT}\n2021;K1;P1;40;2\n2021;K1;P2;10;1\n")
        *_, entry = import_entries()
        (part,) = parts(entry.id)
        assert part.record_id == moment("K1").record_id
        assert json.loads(part.open_values) == {"stickprov P1 deviations": [3, 2]}
        assert json.loads(entry.fields) == ["deviations"]
        assert verdict().whole

    def test_unchanged_rows_leave_nothing(self, filled):
        before = len(import_entries())
        filled.imports("samples", FIRST)
        assert len(import_entries()) == before

    def test_a_refusal_leaves_nothing(self, filled):
        before = len(import_entries())
        filled.refused("samples", f"{SHORT}\n2021;K2;P1;1;0\n2021;K2;P2;1;2\n")
        assert len(import_entries()) == before
        assert db.session.scalar(select(func.count()).select_from(ControlMoment)) == 3
