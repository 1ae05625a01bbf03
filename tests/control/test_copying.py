"""A year begun from the one before: what is copied, what is left, what is refused, and what differs afterwards."""

import json

import pytest
from sqlalchemy import func, select

from tests.control.office import give, hide, import_entries, moment, risk
from tests.control.test_plan import step
from tests.decisions.running import snapshot
from tests.factories import make_unit, make_user
from tests.risk.signing import EVA, signed_in
from tests.risk.test_assessment import FULL, file_of
from tests.risk.test_tally import counted, kept, matrix
from tracker.control.models import ControlMoment
from tracker.database import db, writer
from tracker.records.models import Record
from tracker.records.scope import EVERY_RECORD
from tracker.risk.importing import REGISTER_NAMES
from tracker.risk.models import ControlPlan, Risk
from tracker.risk.queries import list_risks
from tracker.rules.plan_workflow import PlanStep
from tracker.rules.risk_scoring import FIVE

BO = "bo@kommun.example"
RISK = "ar;ref;risk;sannolikhet;konsekvens\n"
MOMENT = "ar;ref;risk_ref;kontrollmoment;metod;god_grans;ej_genomford;kommentar\n"


@pytest.fixture
def eva(office):
    """The coordinator, after a year of two risks and three kontrollmoment with results."""
    office.imports("risks", file_of(FULL, {"ar": "2021", "ref": "R2", "risk": "Jäv", "sannolikhet": "1",
                                           "konsekvens": "4"}))  # fmt: skip
    office.imports("controls", f"{MOMENT}2021;K1;R1;Kopior;Stickprov;95;;Bra\n2021;K2;R2;Bisysslor;;;Hanns inte;\n"
                               "2021;K3;;Attest;;;;\n")  # fmt: skip
    office.imports("samples", "ar;kontroll_ref;ref;utvalda;avvikelser\n2021;K1;P1;10;1\n")
    make_user(EVA, "internkontroll")
    return signed_in(office, EVA)


def copy(client, year: int = 2022, status: int = 200, **fields: str):
    client.get(f"/risker/kopiera?ar={year}")
    return client.submit(fields, status=status, form="moment")


def refs(model: type[Risk] | type[ControlMoment], year: int = 2022) -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(model.ref).where(model.year == year).order_by(model.ref_key)))


def told(row: Risk) -> dict[str, object]:
    return {name: getattr(row, name) for name in (*REGISTER_NAMES.values(), "ref", "unit_id", "score", "rank")}


def test_a_year_is_begun_with_the_risks_and_kontrollmoment_of_the_last(eva):
    before = {ref: told(risk(ref)) for ref in ("R1", "R2")}
    page = copy(eva)
    assert "2 risker och 3 kontrollmoment kopierade från 2021." in page.text
    assert {ref: told(risk(ref, 2022)) for ref in ("R1", "R2")} == before
    assert kept() == counted()
    assert matrix(EVERY_RECORD, 2022) == matrix(EVERY_RECORD)
    first = moment("K1", 2022)
    assert (first.risk_id, first.name, first.method, first.good_limit) == (
        risk("R1", 2022).record_id, "Kopior", "Stickprov", 95,
    )  # fmt: skip
    assert [(one.not_done, one.comment) for one in (first, moment("K2", 2022))] == [(None, None)] * 2
    assert moment("K3", 2022).risk_id is None
    numbers = set(db.session.scalars(select(Record.number)))
    assert {"2022/R1", "2022/K3"} <= numbers
    db.session.rollback()
    assert len(import_entries()) == 5  # the three files, the risks and the kontrollmoment


def test_copied_again_it_adds_what_lacks_and_writes_over_nothing(eva, office):
    copy(eva)
    office.imports("risks", f"{RISK}2022;R1;Ny text;4;4\n2021;R3;Tillkom sent;2;2\n")
    page = copy(eva)
    assert "1 risk och 0 kontrollmoment kopierade från 2021. 5 fanns redan och är som de var." in page.text
    assert (risk("R1", 2022).text, refs(Risk)) == ("Ny text", ["R1", "R2", "R3"])
    before = snapshot()
    assert "Allt från 2021 finns redan i 2022." in eva.get("/risker/kopiera?ar=2022").text
    assert snapshot() == before
    assert kept() == counted()


def test_risks_can_be_copied_alone(eva):
    eva.get("/risker/kopiera?ar=2022")
    eva.submit({"moment": None}, form="moment")
    assert (refs(Risk), refs(ControlMoment)) == (["R1", "R2"], [])


def test_the_latest_earlier_year_is_copied_and_a_later_one_never(eva, office):
    office.imports("risks", f"{RISK}2019;A1;Gammal;1;1\n2024;B1;Senare;1;1\n")
    copy(eva, 2023)
    assert refs(Risk, 2023) == ["R1", "R2"]
    assert "Det finns inget år före 2019 med risker att kopiera." in eva.get("/risker/kopiera?ar=2019").text


def test_a_new_year_gets_the_scale_and_limits_of_the_last(eva, office):
    scale_2021(FIVE, good=95)
    office.imports("risks", f"{RISK}2021;R5;Brand;5;5\n")
    copy(eva)
    plan = db.session.get_one(ControlPlan, 2022)
    assert (json.loads(plan.scale), plan.good_limit, plan.state) == (FIVE.written(), 95, "draft")
    db.session.rollback()
    assert risk("R5", 2022).score == 25


def scale_2021(scale, good: int = 90) -> None:
    with writer():
        plan = db.session.get_one(ControlPlan, 2021)
        plan.scale, plan.good_limit = json.dumps(scale.written()), good
        db.session.commit()


def test_steps_that_the_new_scale_has_not_are_refused_by_ref_and_nothing_is_copied(eva, office):
    office.imports("risks", f"{RISK}2022;X1;Annan;1;1\n")
    scale_2021(FIVE)
    office.imports("risks", f"{RISK}2021;R5;Brand;5;1\n")
    office.imports("risks", file_of({"ar": "2021", "ref": "R2", "sannolikhet_fore": "1", "konsekvens_fore": "5"}))
    before = snapshot()
    page = copy(eva, status=422)
    assert "Skalan för 2022 har 4 steg. Utanför den ligger R2, R5." in page.text
    assert snapshot() == before


def test_a_plan_that_is_decided_about_gets_nothing(eva, office):
    office.imports("risks", f"{RISK}2020;A1;Äldre;1;1\n")
    eva.get("/risker/kopiera?ar=2021")
    step(PlanStep.PROPOSE)
    before = snapshot()
    assert "Öppna den för ändring först" in eva.submit({}, status=422, form="moment").text
    assert snapshot() == before
    assert "inget kan läggas till" in eva.get("/risker/kopiera?ar=2021").text


@pytest.mark.parametrize("way", ["closed", "protected"])
def test_what_is_kept_from_somebody_is_not_copied_for_everybody(eva, office, way):
    make_user(BO, "internkontroll")
    hide(risk("R1"), way, seer=EVA, other=BO)
    page = copy(eva)
    assert "1 risk och 2 kontrollmoment kopierade från 2021." in page.text
    assert "2 kopierades inte" in page.text
    assert (refs(Risk), refs(ControlMoment)) == (["R2"], ["K2", "K3"])
    copy(signed_in(office, BO), 2023)
    assert (refs(Risk, 2023), refs(ControlMoment, 2023)) == (["R2"], ["K2", "K3"])


def test_a_unit_copies_its_own_and_what_is_copied_stays_in_its_unit(eva, office):
    make_unit("Barn")
    make_user(BO, "internkontroll", unit="Barn")
    office.imports("risks", f"{RISK}2021;B1;Barnets röst;2;2\n", "--by", BO)
    copy(signed_in(office, BO))
    assert refs(Risk) == ["B1"]
    copy(eva)
    assert risk("B1", 2022).unit_id == risk("B1").unit_id
    copy(eva, 2023)
    assert risk("B1", 2023).unit_id == risk("B1").unit_id != risk("R1", 2023).unit_id
    assert kept() == counted()


def test_limits_that_cross_in_the_new_year_are_told_by_ref(eva, office):
    office.imports("controls", "ar;ref;kontrollmoment;godtagbar_grans\n2021;K4;Nyckeltal;85\n")
    office.imports("risks", f"{RISK}2022;X1;Annan;1;1\n")
    with writer():
        plan = db.session.get_one(ControlPlan, 2022)
        plan.good_limit, plan.acceptable_limit = 80, 50
        db.session.commit()
    before = snapshot()
    assert "K4: Gränsen för godtagbar (85) ligger över" in copy(eva, status=422).text
    assert snapshot() == before


class TestComparison:
    """A year beside the one before."""

    def test_new_changed_and_removed_are_told_in_words(self, eva, office):
        copy(eva)
        office.imports("risks", f"{RISK}2022;R2;Jäv;3;4\n2022;R9;Brand;1;1\n2021;R7;Försvann;2;2\n")
        page = eva.get("/risker/jamfor?ar=2022")
        assert page.heading == "Risker 2022 mot 2021"
        assert "1 ny · 1 ändrad · 1 borttagen · 1 som förut" in page.text
        assert page.table("Risker som skiljer").rows == [
            ["R2", "Ändrad", "Sannolikhet", "1", "3"],
            ["R9", "Ny", "Risk", "–", "Brand"],
            ["R7", "Borttagen", "Risk", "Försvann", "–"],
        ]

    def test_equal_years_and_a_first_year_say_so(self, eva):
        copy(eva)
        assert "Inget skiljer." in eva.get("/risker/jamfor?ar=2022").text
        assert "Det finns inga risker före 2021" in eva.get("/risker/jamfor?ar=2021").text

    def test_what_is_closed_to_a_reader_is_on_neither_side(self, eva, office):
        copy(eva)
        make_user(BO, "internkontroll")
        hide(risk("R2"), "closed", seer=EVA, other=BO)
        page = signed_in(office, BO).get("/risker/jamfor?ar=2022")
        assert page.table("Risker som skiljer").rows == [["R2", "Ny", "Risk", "–", "Jäv"]]
        hide(risk("R2", 2022), "closed", seer=EVA, other=BO)
        assert "Inget skiljer." in signed_in(office, BO).get("/risker/jamfor?ar=2022").text
        assert len(list_risks(2022, EVERY_RECORD)) == 2
        assert db.session.scalar(select(func.count()).select_from(Risk)) == 4


def test_what_was_given_by_name_from_another_unit_is_left_behind_and_counted(eva, office):
    make_unit("Barn")
    make_user(BO, "internkontroll", unit="Barn")
    give(risk("R2"), BO)
    give(moment("K2"), BO)
    bo = signed_in(office, BO)
    page = bo.get("/risker/kopiera?ar=2022")
    assert "2 kopieras inte, för de är skyddade, stängda för någon eller givna till dig vid namn." in page.text
    assert "Inget annat från 2021 finns att kopiera till 2022." in page.text
    copy(eva)  # within her reach, nothing is left behind because another has it by name
    assert (refs(Risk), refs(ControlMoment)) == (["R1", "R2"], ["K1", "K2", "K3"])
