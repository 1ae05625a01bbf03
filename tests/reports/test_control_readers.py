"""`flask report control --by`: whose follow-up it is, what they see of it, and that the reading is noted."""

from datetime import date

import pytest
from sqlalchemy import select

from tests.control.office import ControlOffice, hide, moment, risk
from tests.decisions.running import run
from tests.factories import make_unit, make_user
from tracker.audit.models import AuditRead
from tracker.database import db

BO, EVA = "bo@kommun.example", "eva@kommun.example"


@pytest.fixture
def office(app, tmp_path, frozen_day):
    """An office on 15 February 2022 that holds the published year."""
    frozen_day(date(2022, 2, 15))
    made = ControlOffice(app, tmp_path)
    made.publish()
    return made


@pytest.mark.parametrize("role", ["internkontroll", "kvalitet", "chef", "revisor"])
def test_a_role_that_reads_internal_control_gets_the_report(office, role):
    make_user(EVA, role)
    assert office.report(2021, "--by", EVA) == office.report(2021)


@pytest.mark.parametrize(
    "role", ["medarbetare", "utredare", "ansvarig", "handlaggare", "sekreterare", "namnd", "loggranskare", "admin"]
)
def test_a_role_that_does_not_is_refused(office, role):
    make_user(EVA, role)
    ran = run(office.app, "report", "control", 2021, "--by", EVA)
    assert (ran.code, ran.out, ran.err) == (1, "", f"{EVA} har ingen roll som får göra det.\n")


def test_an_unknown_user_is_refused(office):
    ran = run(office.app, "report", "control", 2021, "--by", "ingen@kommun.example")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == "Det finns ingen aktiv användare med adressen ingen@kommun.example.\n"


def test_in_production_a_name_is_needed(office, monkeypatch):
    monkeypatch.setitem(office.app.config, "PRODUCTION", True)
    ran = run(office.app, "report", "control", 2021)
    assert (ran.code, ran.out, ran.err) == (1, "", "Ange i vems namn det görs: --by E-POST.\n")
    make_user(EVA, "revisor")
    assert office.report(2021, "--by", EVA)["moments_total"] == 7


def test_the_reading_is_noted_with_how_much_was_taken_out(office):
    eva = make_user(EVA, "revisor").id
    before = len(db.session.scalars(select(AuditRead.id)).all())
    office.report(2021, "--by", EVA)
    db.session.rollback()
    *_, read = db.session.scalars(select(AuditRead).order_by(AuditRead.id))
    assert len(db.session.scalars(select(AuditRead.id)).all()) == before + 1
    assert (read.kind, read.actor_id, read.what, read.selection, read.row_count, read.purpose) == (
        "report", eva, "internkontroll", "2021 json", 7, "uppfoljning",
    )  # fmt: skip


def test_a_reader_of_one_unit_gets_the_figures_of_it_alone(office):
    make_unit("Barn")
    make_user(BO, "internkontroll", unit="Vuxen")
    office.imports("risks", "ar;ref;risk;sannolikhet;konsekvens\n2021;V1;A;1;2\n", "--by", BO)
    office.imports("controls", "ar;ref;risk_ref;kontrollmoment\n2021;V1;V1;B\n2020;V1;;B\n", "--by", BO)
    office.imports("samples", "ar;kontroll_ref;ref;utvalda;avvikelser\n2021;V1;P1;4;1\n", "--by", BO)
    make_user(EVA, "chef", unit="Vuxen")
    found = office.report(2021, "--by", EVA)
    assert [(row["ref"], row["risk_ref"], row["percent"], row["grade"]) for row in found["moments"]] == [
        ("V1", "V1", 75, "godtagbar")
    ]
    assert found["grades"] == {"god": 0, "godtagbar": 1, "ej_godkand": 0, "ej_genomford": 0}
    assert [row["ref"] for row in found["risks"]] == ["V1"]
    assert found["matrix"] == [[0, 1, 0, 0], [0] * 4, [0] * 4, [0] * 4]
    make_user("dan@kommun.example", "chef", unit="Barn")
    found = office.report(2021, "--by", "dan@kommun.example")
    assert (found["moments"], found["risks"], found["matrix"]) == ([], [], [[0] * 4] * 4)


@pytest.fixture
def readers(office):
    """Bo, to whom something gets hidden, and Eva, who sees it."""
    make_user(BO, "internkontroll")
    make_user(EVA, "internkontroll")
    return office


@pytest.mark.parametrize("way", ["closed", "protected"])
class TestHidden:
    """A record that is closed to the reader, or protected without their name, is nowhere in their report."""

    def test_a_kontrollmoment_is_left_out_and_does_not_count(self, readers, way):
        hide(moment("K7"), way, seer=EVA, other=BO)
        found = readers.report(2021, "--by", BO)
        assert [row["ref"] for row in found["moments"]] == ["K1", "K2", "K3", "K4", "K5", "K6"]
        assert (found["moments_total"], found["grades"]["godtagbar"]) == (6, 1)

    def test_a_kontrollmoment_of_an_earlier_year_is_no_history(self, readers, way):
        hide(moment("K7", 2019), way, seer=EVA, other=BO)
        (last,) = (row for row in readers.report(2021, "--by", BO)["moments"] if row["ref"] == "K7")
        assert last["history"] == {"2019": None, "2020": "godtagbar", "2021": "godtagbar"}

    def test_a_risk_is_left_out_of_the_list_and_the_matrix(self, readers, way):
        hide(risk("R1"), way, seer=EVA, other=BO)
        found = readers.report(2021, "--by", BO)
        assert [row["ref"] for row in found["risks"]] == ["R2", "R3", "R4", "R5", "R6", "R7"]
        assert len(readers.report(2021, "--by", EVA)["risks"]) == 7

    def test_a_risk_is_not_told_by_the_kontrollmoment_that_points_at_it(self, readers, way):
        hide(risk("R1"), way, seer=EVA, other=BO)
        (second,) = (row for row in readers.report(2021, "--by", BO)["moments"] if row["ref"] == "K2")
        assert second["risk_ref"] is None
        (second,) = (row for row in readers.report(2021, "--by", EVA)["moments"] if row["ref"] == "K2")
        assert second["risk_ref"] == "R1"


def test_the_matrix_leaves_out_what_is_closed_and_counts_it_for_others(readers):
    hide(risk("R1"), "closed", seer=EVA, other=BO)
    assert readers.report(2021, "--by", BO)["matrix"] == [[0] * 4, [0] * 4, [0, 0, 3, 0], [0, 0, 3, 0]]
    assert readers.report(2021, "--by", EVA)["matrix"] == [[0] * 4, [0] * 4, [0, 0, 3, 1], [0, 0, 3, 0]]
