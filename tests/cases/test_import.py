"""Files of avvikelser, lex Sarah-rapporter and synpunkter become registers, and can be brought in again."""

from datetime import date

import pytest

from tests.audit.trails import entries, parts, verdict
from tests.cases.office import COMPLAINT_HEAD, DEVIATION_HEAD, LEX_SARAH_HEAD, case, said_of, sealed_words
from tests.factories import make_unit, make_user
from tracker.accounts.queries import find_unit
from tracker.database import db
from tracker.records.models import CodeItem, Record

EVA, BO, SARA = "eva@kommun.example", "bo@kommun.example", "sara@kommun.example"
DEVIATION = "A-1;Vuxen 2;SoL;tillbud;2021-03-01;2021-03-02;Dokumentation;Journalen saknades;3;2021-04-01"
LEX_SARAH = (
    "1948;Vuxen 2;SoL;2020-12-30;2020-12-31;2020-12-31;Larmet svarade inte;allvarligt;2021-02-28;2021-01-04;"
    "2021-03-01;2021-03-20;Avslutat utan åtgärd;2021-03-31"
)


def test_every_cell_of_an_avvikelse_has_its_place(office):
    office.run_import("deviations", f"{DEVIATION_HEAD}\n{DEVIATION}\n")
    found = case("deviations", "A-1")
    assert (found.law_area, found.kind, found.severity) == ("SoL", "tillbud", 3)
    assert (found.happened_on, found.reported_on, found.closed_on) == (
        date(2021, 3, 1), date(2021, 3, 2), date(2021, 4, 1),
    )  # fmt: skip
    assert (found.state, found.is_open, found.listed_on) == ("closed", False, date(2021, 3, 2))
    assert db.session.get_one(CodeItem, found.category_id).label == "Dokumentation"
    assert found.unit_id == find_unit("Vuxen 2").id
    assert said_of("deviations", "A-1") == [("what", 1, "Journalen saknades")]


def test_every_cell_of_a_lex_sarah_report_has_its_place(office):
    office.run_import("lex-sarah", f"{LEX_SARAH_HEAD}\n{LEX_SARAH}\n")
    found = case("lex-sarah", "1948")
    assert (found.law, found.assessment, found.ivo_outcome) == ("SoL", "allvarligt", "Avslutat utan åtgärd")
    assert (found.happened_on, found.reported_on, found.received_on) == (
        date(2020, 12, 30), date(2020, 12, 31), date(2020, 12, 31),
    )  # fmt: skip
    assert (found.decided_on, found.ivo_notified_on, found.ivo_investigation_sent_on) == (
        date(2021, 2, 28), date(2021, 1, 4), date(2021, 3, 1),
    )  # fmt: skip
    assert (found.ivo_decided_on, found.closed_on) == (date(2021, 3, 20), date(2021, 3, 31))
    # 31 December and two months: February has no 31st.
    assert (found.target_on, found.state, found.is_open) == (date(2021, 2, 28), "closed", False)


def test_every_cell_of_a_synpunkt_has_its_place(office):
    line = "S-1;Vuxen 2;klagomål;2021-12-22;Ingen ringde;2022-01-03"
    office.run_import("complaints", f"{COMPLAINT_HEAD}\n{line}\n")
    found = case("complaints", "S-1")
    assert (found.kind, found.received_on, found.answered_on) == ("klagomål", date(2021, 12, 22), date(2022, 1, 3))
    assert (found.due_on, found.state, found.is_open) == (date(2022, 1, 1), "answered", False)


def test_what_is_left_out_is_open_and_received(office):
    office.imports("deviations", "ref;rapporterad\nA-1;2021-03-02\n")
    office.imports("lex-sarah", "ref;mottagen\n1948;2021-03-02\n")
    office.imports("complaints", "ref;mottagen\nS-1;2021-03-02\n")
    for kind, ref in (("deviations", "A-1"), ("lex-sarah", "1948"), ("complaints", "S-1")):
        found = case(kind, ref)
        assert (found.state, found.is_open, said_of(kind, ref)) == ("received", True, [])
    assert case("complaints", "S-1").kind == "synpunkt"


def test_a_case_is_a_numbered_record(office):
    office.imports("lex-sarah", "ref;mottagen\n1948;2021-03-02\n")
    record = db.session.get_one(Record, case("lex-sarah", "1948").record_id)
    assert (record.kind, record.number, record.title) == ("lex_sarah", "1948", "Lex Sarah 1948")
    assert (record.unit_id, record.access, record.version) == (find_unit("Socialförvaltningen").id, "ordinary", 1)


def test_what_is_said_lies_sealed(office):
    office.imports("deviations", f"{DEVIATION_HEAD}\nA-1;;;;;2021-03-02;;Larmet svarade inte;;\n")
    assert len(sealed_words()) == 1
    assert not any(b"Larmet" in body for body in sealed_words())


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("deviations", f"{DEVIATION_HEAD}\n{DEVIATION}\n"),
        ("lex-sarah", f"{LEX_SARAH_HEAD}\n{LEX_SARAH}\n"),
        ("complaints", f"{COMPLAINT_HEAD}\nS-1;;beröm;2021-12-22;Tack;2022-01-03\n"),
    ],
)
def test_the_same_file_again_changes_nothing(office, kind, content):
    assert office.run_import(kind, content).last == "1 nya, 0 ändrade, 0 oförändrade"
    noted = len(entries())
    assert office.imports(kind, content) == "0 nya, 0 ändrade, 1 oförändrade"
    assert len(entries()) == noted


def test_an_empty_cell_leaves_and_a_dash_clears(office):
    office.run_import("deviations", f"{DEVIATION_HEAD}\n{DEVIATION}\n")
    again = "A-1;;;-;;;-;;-;-"
    assert office.imports("deviations", f"{DEVIATION_HEAD}\n{again}\n") == "0 nya, 1 ändrade, 0 oförändrade"
    found = case("deviations", "A-1")
    assert (found.kind, found.category_id, found.severity, found.closed_on) == (None, None, None, None)
    assert (found.law_area, found.happened_on, found.state) == ("SoL", date(2021, 3, 1), "received")
    assert found.unit_id == find_unit("Vuxen 2").id
    record = db.session.get_one(Record, found.record_id)
    assert record.version == 2


def test_a_case_that_moves_takes_its_record_along(office):
    office.run_import("deviations", f"{DEVIATION_HEAD}\n{DEVIATION}\n")
    office.run_import("deviations", "ref;rapporterad;enhet\nA-1;;Vuxen 3\n")
    found = case("deviations", "A-1")
    new = find_unit("Vuxen 3").id
    assert (found.unit_id, db.session.get_one(Record, found.record_id).unit_id) == (new, new)


def test_other_words_lie_beside_the_first(office):
    first = "ref;mottagen;beskrivning\n1948;2021-03-02;Larmet svarade inte\n"
    office.imports("lex-sarah", first)
    office.imports("lex-sarah", first.replace("inte", "sent"))
    assert said_of("lex-sarah", "1948") == [("what", 1, "Larmet svarade inte"), ("what", 2, "Larmet svarade sent")]


def test_the_words_of_a_lex_sarah_report_cannot_be_cleared(office):
    office.imports("lex-sarah", "ref;mottagen;beskrivning\n1948;2021-03-02;Larmet\n")
    assert office.refused("lex-sarah", "ref;mottagen;beskrivning\n1948;;-\n") == [
        "rad 2, kolumn beskrivning: en lex Sarah-rapports egna ord kan inte tömmas. Ta bort - ur cellen."
    ]


@pytest.mark.parametrize(
    ("kind", "head", "line", "said"),
    [
        ("deviations", "ref;handelsedatum;rapporterad", "A-1;2021-03-03;2021-03-02",
         "kolumn rapporterad: rapporten (2021-03-02) ligger före händelsen (2021-03-03). Rätta dagen."),
        ("deviations", "ref;rapporterad", "A-1;2022-02-16",
         "kolumn rapporterad: 2022-02-16 ligger i framtiden. Rätta dagen."),
        ("deviations", "ref;rapporterad;avslutad", "A-1;2021-03-02;2021-03-01",
         "kolumn avslutad: avslutet (2021-03-01) ligger före rapporten (2021-03-02). Rätta dagen."),
        ("deviations", "ref;rapporterad;avslutad", "A-1;2021-03-02;2022-02-16",
         "kolumn avslutad: 2022-02-16 ligger i framtiden. Rätta dagen."),
        ("deviations", "ref;rapporterad", "A-1;", "kolumn rapporterad: saknas. Skriv datumet som 2026-03-31."),
        ("deviations", "ref;rapporterad;allvarlighet", "A-1;2021-03-02;5",
         "kolumn allvarlighet: 5 är för stort. Skriv ett tal som är högst 4."),
        ("deviations", "ref;rapporterad;beskrivning", "A-1;2021-03-02;Gäller 19121212-1212",
         "kolumn beskrivning: ser ut att innehålla ett personnummer. Skriv utan personnummer."),
        ("lex-sarah", "ref;mottagen;beslutad", "1948;2021-03-02;2021-03-01",
         "kolumn beslutad: beslutet (2021-03-01) ligger före mottagandet (2021-03-02). Rätta dagen."),
        ("lex-sarah", "ref;mottagen;ivo_utredning_sand", "1948;2021-03-02;2021-03-03",
         "kolumn ivo_utredning_sand: kräver dagen för anmälan till IVO. Skriv den också."),
        ("complaints", "ref;mottagen;besvarad", "S-1;2021-03-02;2021-03-01",
         "kolumn besvarad: svaret (2021-03-01) ligger före mottagandet (2021-03-02). Rätta dagen."),
        ("complaints", "ref;mottagen;typ", "S-1;2021-03-02;-", "kolumn typ: kan inte tömmas. Skriv vad som gäller."),
    ],
)  # fmt: skip
def test_a_wrong_cell_is_told_at_its_place_and_nothing_is_saved(office, kind, head, line, said):
    assert office.refused(kind, f"{head}\n{line}\n") == [f"rad 2, {said}"]


def test_a_fact_on_its_first_possible_day_and_on_today_will_do(office):
    office.imports("deviations", "ref;handelsedatum;rapporterad;avslutad\nA-1;2022-02-15;2022-02-15;2022-02-15\n")
    assert case("deviations", "A-1").state == "closed"


def test_a_ref_that_stands_twice_is_told(office):
    said = office.refused("deviations", "ref;rapporterad\nA-1;2021-03-02\nA-1;2021-03-03\n")
    assert said == ["rad 3, kolumn ref: A-1 står redan på rad 2. Ta bort en av dem."]


def test_three_registers_may_use_the_same_number(office):
    for kind, head in (("deviations", "rapporterad"), ("lex-sarah", "mottagen"), ("complaints", "mottagen")):
        assert office.imports(kind, f"ref;{head}\n17;2021-03-02\n") == "1 nya, 0 ändrade, 0 oförändrade"
    assert len({case(kind, "17").record_id for kind in ("deviations", "lex-sarah", "complaints")}) == 3


def test_a_case_outside_the_reach_is_used_already_and_nothing_is_shown_of_it(office):
    make_unit("Vuxen")
    make_unit("Barn")
    make_user(BO, "kvalitet", unit="Barn")
    office.imports("deviations", "ref;rapporterad;enhet;beskrivning\nA-1;2021-03-02;Vuxen;Hemligt\n")
    said = office.refused("deviations", "ref;rapporterad;beskrivning\nA-1;2021-03-02;Hemligt\n", "--by", BO)
    assert said == ["rad 2, kolumn ref: används redan. Skriv en annan ref."]


def test_a_unit_outside_the_reach_is_unknown(office):
    make_unit("Vuxen")
    make_unit("Barn")
    make_user(BO, "kvalitet", unit="Barn")
    said = office.refused("deviations", "ref;rapporterad;enhet\nA-1;2021-03-02;Vuxen\n", "--by", BO)
    assert said == [
        "rad 2, kolumn enhet: enheten är okänd eller utanför det du har tillgång till. Skriv en enhet som du arbetar "
        "med."
    ]


def test_an_empty_unit_is_the_importers(office):
    make_unit("Barn")
    make_user(BO, "kvalitet", unit="Barn")
    office.imports("deviations", "ref;rapporterad\nA-1;2021-03-02\n", "--by", BO)
    assert case("deviations", "A-1").unit_id == find_unit("Barn").id


@pytest.mark.parametrize(
    ("role", "kind", "may"),
    [
        ("ansvarig", "lex-sarah", True), ("ansvarig", "deviations", True), ("ansvarig", "complaints", False),
        ("kvalitet", "complaints", True), ("chef", "deviations", False), ("medarbetare", "complaints", False),
        ("utredare", "lex-sarah", False), ("admin", "deviations", False),
    ],
)  # fmt: skip
def test_who_may_bring_in_which_register(office, role, kind, may):
    make_user(SARA, role)
    column = "rapporterad" if kind == "deviations" else "mottagen"
    ran = office.run_import(kind, f"ref;{column}\n17;2021-03-02\n", "--by", SARA)
    assert (ran.code == 0) is may


def test_a_trial_saves_nothing(office):
    ran = office.run_import("deviations", f"{DEVIATION_HEAD}\n{DEVIATION}\n", "--dry-run")
    assert ran.last == "Provkörning, inget sparat: 1 nya, 0 ändrade, 0 oförändrade"
    assert sealed_words() == []


def test_the_trail_tells_of_a_change_with_the_words_sealed(office):
    office.imports("deviations", "ref;rapporterad;beskrivning;allvarlighet\nA-1;2021-03-02;Larmet;2\n")
    office.imports("deviations", "ref;rapporterad;beskrivning;allvarlighet\nA-1;;Larmet och dörren;4\n")
    last = entries()[-1]
    assert (last.action, last.fields) == ("records.imported", '["severity","what"]')
    [part] = parts(last.id)
    assert part.record_id == case("deviations", "A-1").record_id
    assert part.open_values == '{"severity":[2,4]}'
    assert b"Larmet" not in part.sealed_values
    assert verdict().whole
