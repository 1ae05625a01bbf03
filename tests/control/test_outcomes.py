"""What is told of a kontrollmoment beside its figures: not carried out, and graded by hand."""

import csv
import io
from datetime import date

import pytest
from sqlalchemy import update

from tests.audit.trails import entries, verdict
from tests.control.office import give, hide, moment, sample, tell_next, versions
from tests.control.test_moment_pages import signed_in
from tests.control.test_plan import step
from tests.decisions.running import run
from tests.factories import make_unit, make_user
from tests.reports.test_control_command import by_ref
from tests.support.checks import text_of
from tracker.control.models import ControlSample
from tracker.control.queries import find_override
from tracker.database import db, writer
from tracker.records.scope import EVERY_RECORD
from tracker.reports.control_year import follow_up
from tracker.reports.rendering.control import Cover, control_paper
from tracker.rules.plan_workflow import PlanStep

EVA, BO = "eva@kommun.example", "bo@kommun.example"
WHY, NEXT = "Omfattningen var för bred", "Kommer omarbetad nästa år"
MOTIVATION = "Avvikelserna rör en enda felkonterad dag"
CONTROLS = "ar;ref;kontrollmoment;ej_genomford\n"


@pytest.fixture
def eva(office):
    """The coordinator in 2021: K1 33 of 38 (86.8 %, godtagbar), K2 19 of 20 (god), K3 without a result; 2020 K1 god."""
    office.imports("controls", f"{CONTROLS}2021;K1;Nyanställda;\n2021;K2;Avtal;\n2021;K3;Webb;\n2020;K1;Nyanställda;\n")
    rows = "2021;K1;P1;38;5\n2021;K2;P1;20;1\n2020;K1;P1;10;0\n"
    office.imports("samples", f"ar;kontroll_ref;ref;utvalda;avvikelser\n{rows}")
    make_user(EVA, "internkontroll")
    return signed_in(office, EVA)


def at(ref: str, what: str = "") -> str:
    return f"/internkontroll/moment/{moment(ref).record_id}{what}"


def override(eva, ref: str = "K1", grade: str = "god", motivation: str = MOTIVATION, status: int = 200):
    eva.get(at(ref, "/bedomning"))
    return eva.submit({"bedomning": grade, "motivering": motivation}, status=status)


class TestByHand:
    """A grade in place of the computed one."""

    def test_it_stands_everywhere_with_the_computed_one_beside_it(self, eva, office):
        page = override(eva)
        both = f"Beräknad: Godtagbar 87 %; ändrad till God: {MOTIVATION}"
        assert "Bedömningen är ändrad till God." in page.text
        assert f"Ändrad bedömning{both}" in page.text
        year = eva.get("/internkontroll/2021")
        assert "God följsamhet i 2 av 3 kontrollmoment" in year.text
        assert "Godtagbar i 0, ej godkänd i 0, ej genomförd 1." in year.text
        assert both in year.text
        row = by_ref(office.report(2021))["K1"]
        assert (row["grade"], row["flags"], row["percent"], row["compliance"]) == ("god", ["overridden"], 87, 0.868421)
        assert row["history"] == {"2019": None, "2020": "god", "2021": "god"}
        assert office.report(2021)["grades"] == {"god": 2, "godtagbar": 0, "ej_godkand": 0, "ej_genomford": 1}
        assert verdict().whole

    def test_files_and_paper_show_both(self, eva, office):
        override(eva)
        said = run(office.app, "report", "control", 2021, "--format", "csv").out
        row = next(csv.DictReader(io.StringIO(said.lstrip("\ufeff")), delimiter=";"))
        assert (row["bedömning"], row["beräknad bedömning"], row["varför den är ändrad"]) == (
            "God", "Godtagbar", MOTIVATION,
        )  # fmt: skip
        found = follow_up(2021, EVERY_RECORD)
        paper = control_paper(
            found.plan, found.moments, found.risks, found.matrix, {}, title="", cover=Cover("", "", date(2022, 2, 15))
        )
        assert paper["moment"][0]["bedomning"] == "● God"
        assert paper["moment"][0]["noter"] == f"Beräknad: Godtagbar 87 %; ändrad till God: {MOTIVATION}"
        assert paper["analys"][0]["moment"][0].endswith(MOTIVATION)

    def test_it_is_undone_and_the_trail_keeps_both(self, eva, office):
        override(eva)
        eva.get(at("K1", "/bedomning"))
        page = eva.submit({}, form="Ta tillbaka ändringen")
        assert "Den beräknade bedömningen gäller igen." in page.text
        row = by_ref(office.report(2021))["K1"]
        assert (row["grade"], row["flags"]) == ("godtagbar", [])
        told = [entry for entry in entries() if "grade_by_hand" in (entry.fields or "")]
        assert len(told) == 2
        assert versions()["2021/K1"] == 4

    def test_it_can_be_set_anew(self, eva, office):
        override(eva)
        override(eva, grade="ej_godkand", motivation="Ett belopp var mycket stort")
        assert by_ref(office.report(2021))["K1"]["grade"] == "ej_godkand"

    @pytest.mark.parametrize(
        ("grade", "motivation", "told"),
        [
            ("", MOTIVATION, "Välj den bedömning som ska gälla."),
            ("ej_genomford", MOTIVATION, "Välj ett av alternativen i listan."),
            ("godtagbar", MOTIVATION, "Det är den bedömning som är beräknad."),
            ("god", " ", "Skriv varför bedömningen ändras."),
            ("god", "Gäller 20000101-2384", "Skriv utan det."),
        ],
    )
    def test_what_is_wrong_is_told_and_nothing_is_saved(self, eva, grade, motivation, told):
        page = override(eva, grade=grade, motivation=motivation, status=422)
        assert told in page.text
        assert versions()["2021/K1"] == 2  # its stickprov was read in

    def test_of_what_is_not_done_there_is_nothing_to_change(self, eva):
        page = eva.get(at("K3", "/bedomning"))
        assert "Det finns ingen bedömning att ändra." in page.text
        page = eva.post(at("K3", "/bedomning"), {"version": 1, "bedomning": "god", "motivering": "Skäl"}, status=422)
        assert "Det finns ingen bedömning att ändra." in page.text

    def test_a_reason_given_afterwards_wins(self, eva, office):
        override(eva)
        office.imports("controls", f"{CONTROLS}2021;K1;;Hanns inte\n")
        row = by_ref(office.report(2021))["K1"]
        assert (row["grade"], row["flags"]) == ("ej_genomford", [])
        assert "gäller inte nu, för momentet är ej genomfört" in eva.get(at("K1")).text

    def test_figures_that_come_to_the_same_need_it_no_more_and_other_ones_are_told(self, eva, office):
        override(eva)
        office.imports("samples", "ar;kontroll_ref;ref;utvalda;avvikelser\n2021;K1;P2;100;0\n")  # 133 of 138
        assert by_ref(office.report(2021))["K1"]["flags"] == []
        assert "gäller inte nu, för det är den beräknade" in eva.get(at("K1")).text
        office.imports("samples", "ar;kontroll_ref;ref;utvalda;avvikelser\n2021;K1;P2;100;90\n")  # 43 of 138, 31 %
        assert "då var den beräknade Godtagbar" in eva.get(at("K1")).text

    def test_figures_that_changed_meanwhile_are_told_before_it_is_saved(self, eva, office):
        eva.get(at("K1", "/bedomning"))
        # As when a stickprov is accepted: the figures change, and the version of the record does not.
        with writer():
            db.session.execute(
                update(ControlSample).where(ControlSample.id == sample("K1", "P1").id).values(deviations=6)
            )
            db.session.commit()
        page = eva.submit({"bedomning": "ej_godkand", "motivering": "Min text"}, status=422)
        told = "Siffrorna har ändrats sedan du öppnade sidan: nu är 32 av 38 godkända (84 %)."
        assert told in page.text
        assert "Min text" in page.response.text
        assert find_override(moment("K1").record_id) is None
        db.session.rollback()
        assert "Bedömningen är ändrad till Ej godkänd." in eva.submit({}, form="motivering").text

    def test_not_after_the_year_is_followed_up(self, eva, office):
        override(eva)
        office.imports("controls", f"{CONTROLS}2021;K3;;Hanns inte\n")
        tell_next("K3")
        for one in (PlanStep.PROPOSE, PlanStep.ADOPT):
            step(one)
        eva.get(at("K1", "/bedomning"))
        sent = eva.page
        step(PlanStep.FOLLOW_UP)
        page = eva.submit({"bedomning": "ej_godkand", "motivering": "Skäl"}, status=422)
        assert "Planen är uppföljd" in page.text
        eva.page = sent
        page = eva.submit({}, form="Ta tillbaka ändringen")
        assert "Planen är uppföljd" in page.text
        assert find_override(moment("K1").record_id).grade == "god"
        assert "Ändra bedömning" not in eva.get(at("K1")).links

    def test_of_two_at_once_the_second_is_told(self, eva):
        eva.get(at("K1", "/bedomning"))
        sent = eva.page
        override(eva)
        eva.page = sent
        page = eva.submit({"bedomning": "ej_godkand", "motivering": "Min text"}, status=422)
        assert "Bedömningen är nu God." in page.text
        assert "Min text" in page.response.text


class TestNotDone:
    """Why a kontrollmoment was not carried out, and what happens next."""

    def test_both_are_saved_and_shown(self, eva, office):
        eva.get(at("K3"))
        eva.click("Resultat")
        page = eva.submit({"ej_genomford": WHY, "harnast": NEXT, "kommentar": "Se även K1"})
        assert "Resultatet är sparat." in page.text
        found = moment("K3")
        assert (found.not_done, found.not_done_next, found.comment) == (WHY, NEXT, "Se även K1")
        assert f"Vad som händer nu{NEXT}" in page.text
        assert f"{WHY}. {NEXT}" in eva.get("/internkontroll/2021").text
        assert by_ref(office.report(2021))["K3"]["flags"] == []
        assert verdict().whole

    def test_they_are_emptied_again(self, eva):
        eva.get(at("K3", "/resultat"))
        eva.submit({"ej_genomford": WHY, "harnast": NEXT})
        eva.get(at("K3", "/resultat"))
        eva.submit({"ej_genomford": "", "harnast": ""})
        assert (moment("K3").not_done, moment("K3").not_done_next) == (None, None)

    @pytest.mark.parametrize(
        ("why", "what_next", "told"),
        [
            (WHY, "", "Skriv vad som händer nu, som: Görs om under våren."),
            ("", NEXT, "Skriv varför kontrollmomentet inte är genomfört."),
            ("Gäller 20000101-2384", NEXT, "Skriv utan det."),
            ("x" * 2001, NEXT, "Skriv högst 2000 tecken."),
        ],
    )
    def test_one_needs_the_other(self, eva, why, what_next, told):
        eva.get(at("K3", "/resultat"))
        page = eva.submit({"ej_genomford": why, "harnast": what_next, "kommentar": "Min text"}, status=422)
        assert told in page.text
        assert "Min text" in page.response.text
        assert moment("K3").not_done is None

    def test_a_file_may_give_the_reason_alone_and_the_step_waits_for_the_rest(self, eva, office):
        office.imports("controls", f"{CONTROLS}2021;K3;;{WHY}\n")
        for one in (PlanStep.PROPOSE, PlanStep.ADOPT):
            step(one)
        page = eva.get("/internkontroll/2021/plan/steg/folj-upp")
        assert "Ej genomförda utan vad som händer nu: K3." in page.text
        page = eva.submit({}, form="version", status=422)
        assert "Ej genomförda utan vad som händer nu: K3. Skriv det under Resultat" in page.text
        eva.get(at("K3", "/resultat"))
        eva.submit({"harnast": NEXT})
        assert "utan vad som händer nu" not in eva.get("/internkontroll/2021/plan/steg/folj-upp").text
        step(PlanStep.FOLLOW_UP)
        assert "Planen för 2021 är uppföljd" in eva.get(at("K3", "/resultat")).text

    def test_a_file_that_clears_the_reason_clears_what_happens_next(self, eva, office):
        eva.get(at("K3", "/resultat"))
        eva.submit({"ej_genomford": WHY, "harnast": NEXT})
        office.imports("controls", f"{CONTROLS}2021;K3;;-\n")
        assert (moment("K3").not_done, moment("K3").not_done_next) == (None, None)

    def test_after_the_year_is_followed_up_it_is_refused(self, eva, office):
        office.imports("controls", f"{CONTROLS}2021;K3;;{WHY}\n")
        for one in (PlanStep.PROPOSE, PlanStep.ADOPT):
            step(one)
        tell_next("K3")
        eva.get(at("K3", "/resultat"))
        step(PlanStep.FOLLOW_UP)
        page = eva.submit({"harnast": NEXT}, status=422)
        assert "Planen är uppföljd" in page.text
        assert moment("K3").not_done_next == "Görs om i vår"

    def test_who_saves_on_top_of_another_is_told_what_stands(self, eva, office):
        eva.get(at("K3", "/resultat"))
        office.imports("controls", f"{CONTROLS}2021;K3;;Sjukdom\n")
        page = eva.submit({"ej_genomford": WHY, "harnast": NEXT}, status=422)
        assert "Så här står det nu: Sjukdom." in page.text
        eva.submit({}, form="version")
        assert moment("K3").not_done == WHY


@pytest.mark.parametrize("what", ["/resultat", "/bedomning"])
def test_what_is_not_theirs_is_not_there(eva, office, what):
    make_user(BO, "internkontroll")
    hide(moment("K1"), "closed", seer=EVA, other=BO)
    signed_in(office, BO).get(at("K1", what), status=404)
    make_unit("Barn")
    make_user("cia@kommun.example", "internkontroll", unit="Barn")
    cia = signed_in(office, "cia@kommun.example")
    cia.get(at("K2", what), status=404)
    give(moment("K2"), "cia@kommun.example")  # to read, as /andra has it too
    page = signed_in(office, "cia@kommun.example").get(at("K2"))
    assert not {"Ändra", "Resultat", "Ändra bedömning"} & {*page.links}
    for path in (what, "/andra", "/makulera", "/foljd"):
        cia.get(at("K2", path), status=404)
    assert find_override(moment("K1").record_id) is None
    db.session.rollback()


def test_what_was_sampled_before_it_was_given_up_is_told_without_a_percentage(eva, office):
    office.imports("controls", f"{CONTROLS}2021;K1;Nyanställda;{WHY}\n")
    office.imports("samples", "ar;kontroll_ref;ref;utvalda;avvikelser\n2021;K1;P2;2;0\n")
    page = eva.get(at("K1"))
    (foot,) = page.tree.iter("tfoot")
    assert [text_of(cell) for cell in foot.iter("td")] == ["40", "5", "–", ""]
    assert "88 %" not in page.text
    rows = eva.get("/rapporter/internkontroll/2021").table("Kontrollmoment utan angiven risk").rows
    assert [row[1:] for row in rows] == [
        ["— Ej genomförd", "40", "35", "–", WHY], ["● God", "20", "19", "95 %", "–"],
        ["— Ej genomförd", "0", "0", "–", "Inget är granskat än"],
    ]  # fmt: skip
