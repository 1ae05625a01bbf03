"""The plan's scale and limits, set on a page: what it shows afterwards, what is refused, and what stays as it was."""

import io
import json

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from tests.audit.trails import entries, verdict
from tests.control.office import hide, risk
from tests.control.test_plan import DECISION
from tests.factories import PASSWORD, make_unit, make_user
from tests.reports.reading import part, pdf_text, word_parts
from tests.support.pages import PageClient
from tracker.audit.models import AuditPart
from tracker.database import db, writer
from tracker.records.scope import EVERY_RECORD
from tracker.reports.control_year import follow_up, render_control
from tracker.risk.models import ControlPlan
from tracker.risk.queries import matrix_of, plan_of
from tracker.risk.services import ensure_plans
from tracker.rules.risk_scoring import FIVE, FOUR

EVA, BO, SVEN = "eva@kommun.example", "bo@kommun.example", "sven@kommun.example"
RISKS, CONTROLS = "ar;ref;risk;sannolikhet;konsekvens\n", "ar;ref;kontrollmoment;god_grans;godtagbar_grans\n"
PAGE = "/internkontroll/2021/skala"
OWN = {  # the worst consequence is never green or yellow, and a colour of its own
    "likelihood_4": "Mycket stor", "colour_5": "bla", "level_5": "Bevakas alltid", "cell_1_4": "5", "level_4": "Röd",
}  # fmt: skip


@pytest.fixture
def eva(office):
    """The coordinator, in a year with a risk 1 × 4, one 3 × 4 and a kontrollmoment."""
    office.imports("risks", f"{RISKS}2021;R1;Avtal saknas;1;4\n2021;R2;Jäv;3;4\n")
    office.imports("controls", f"{CONTROLS}2021;K1;Avtal;;\n")
    make_user(EVA, "internkontroll")
    return signed_in(office, EVA)


def signed_in(office, email: str) -> PageClient:
    """A client in this user's name."""
    visitor = PageClient(office.app)
    visitor.sign_in(email, PASSWORD)
    return visitor


def plan(year: int = 2021) -> ControlPlan:
    """The stored plan, read anew."""
    db.session.rollback()
    return db.session.get(ControlPlan, year)


def scale(year: int = 2021):
    """The scale that stands."""
    db.session.rollback()
    return plan_of(year).scale


def save(visitor: PageClient, fields: dict[str, str], *, status: int = 200, query: str = ""):
    """Opens the page and saves it with these fields."""
    visitor.get(f"{PAGE}{query}")
    return visitor.submit(fields, form="god_grans", status=status)


def told(action: str) -> dict[str, list[object]]:
    """The changes of the latest entry with this action."""
    entry = [one for one in entries() if one.action == action][-1]
    return json.loads(db.session.scalars(select(AuditPart.open_values).where(AuditPart.entry_id == entry.id)).one())


def follow(visitor: PageClient, *steps: str) -> None:
    """Takes steps with the plan."""
    for step in steps:
        visitor.get(f"/internkontroll/2021/plan/{step}")
        fields = {"reason": "Ny skala"} if step.endswith("andra") else {}
        visitor.submit(DECISION if "beslut" in step else fields, form="version")


class TestWhatIsSaved:
    """The scale as it was written, wherever it shows."""

    def test_labels_levels_and_cells_are_saved_and_the_rest_stays(self, eva):
        page = save(eva, OWN)
        assert "Skalan och gränserna är sparade." in page.text
        found = scale()
        assert found.likelihoods == ("Osannolik", "Mindre sannolik", "Möjlig", "Mycket stor")
        assert found.level(1, 4).key == "bla"
        assert [(level.key, level.label) for level in found.levels] == [
            ("gron", "Låg"), ("gul", "Måttlig"), ("orange", "Hög"), ("rod", "Röd"), ("bla", "Bevakas alltid"),
        ]  # fmt: skip
        assert [found.level(s, k).key for s, k in ((1, 1), (2, 2), (3, 4), (4, 4))] == ["gron", "gul", "orange", "rod"]
        assert found.consequences == FOUR.consequences

    def test_the_year_the_register_and_the_risk_show_it(self, eva):
        save(eva, OWN)
        for path in ("/internkontroll/2021", "/risker?ar=2021", f"/risker/{risk('R1').record_id}"):
            page = eva.get(path)
            assert "bevakas alltid" in page.text.lower(), path
            assert b"level-blue" in page.data, path
        assert "Mycket stor" in eva.get("/risker?ar=2021").text

    def test_the_follow_up_tells_of_it_in_every_file(self, eva):
        save(eva, OWN)
        found = follow_up(2021, EVERY_RECORD)
        document = json.loads(render_control(found, "json"))
        assert [(one["ref"], one["level"]) for one in document["risks"]] == [("R1", "bla"), ("R2", "orange")]
        rows = load_workbook(io.BytesIO(render_control(found, "xlsx")))["Risker"].values
        assert [row[4:6] for row in rows if row[0] in {"R1", "R2"}] == [("bla", "Bevakas alltid"), ("orange", "Hög")]
        (matrix,) = part(word_parts(render_control(found, "docx")), "Riskmatris").tables
        assert matrix[1][0] == "4 Mycket stor"
        assert [row[4] for row in matrix] == ["4 Allvarlig", "0 · Röd", "1 · Hög", "0 · Måttlig", "1 · Bevakas alltid"]
        assert "Bevakasalltid" in pdf_text(render_control(found, "pdf"))

    def test_the_keys_of_the_given_four_stay_when_only_words_change(self, eva):
        save(eva, {f"level_{row}": word for row, word in enumerate("ABCD", start=1)})
        document = json.loads(render_control(follow_up(2021, EVERY_RECORD), "json"))
        assert [one["level"] for one in document["risks"]] == ["gul", "orange"]

    def test_the_trail_tells_what_changed_in_words(self, eva):
        save(eva, OWN | {"god_grans": "95"})
        assert told("plan.scale_changed") == {
            "Sannolikhet 4": ["Sannolik", "Mycket stor"], "Nivån röd": ["Kritisk", "Röd"],
            "Nivån blå": [None, "Bevakas alltid"], "Sannolikhet 1, konsekvens 4": ["Måttlig", "Bevakas alltid"],
            "God från": [90, 95],
        }  # fmt: skip
        assert verdict().whole

    def test_what_is_saved_as_it_stood_is_no_change(self, eva):
        version = plan().version
        assert "Inget var ändrat." in save(eva, {}).text
        assert plan().version == version
        assert not [one for one in entries() if one.action == "plan.scale_changed"]

    def test_five_steps_are_begun_from_the_given_ones(self, eva):
        page = save(eva, {"likelihood_5": "Säker"}, query="?fran=5")
        assert "Skalan och gränserna är sparade." in page.text
        assert scale().size == 5
        assert (scale().likelihoods[4], scale().level(5, 5)) == ("Säker", FIVE.level(5, 5))

    def test_last_years_scale_is_offered_when_it_differs(self, eva, office):
        office.imports("risks", f"{RISKS}2020;R1;Avtal;2;2\n")
        assert "Börja från 2020 års skala" not in eva.get(PAGE).links
        eva.get("/internkontroll/2020/skala")
        eva.submit({"consequence_1": "Obetydlig"}, form="god_grans")
        eva.get(PAGE)
        page = eva.click("Börja från 2020 års skala")
        assert "Inget är sparat än." in page.text
        assert scale().consequences[0] == "Försumbar"
        eva.submit({}, form="god_grans")
        assert scale() == scale(2020)

    def test_a_year_without_a_plan_gets_one(self, eva):
        eva.get("/internkontroll/2022/skala")
        eva.submit({"god_grans": "80", "godtagbar_grans": "50"}, form="god_grans")
        assert (plan(2022).good_limit, plan(2022).acceptable_limit, plan(2022).state) == (80, 50, "draft")


class TestWhatIsRefused:
    """Each with its message beside the field, and nothing lost."""

    @pytest.mark.parametrize(
        ("typed", "says"),
        [
            ({"cell_3_2": ""}, "Rutan med sannolikhet 3 och konsekvens 2 saknar nivå. Välj en nivå för varje ruta."),
            ({"cell_3_2": "6"}, "Rutan med sannolikhet 3 och konsekvens 2 saknar nivå. Välj en nivå för varje ruta."),
            ({"cell_3_2": "7"}, "Välj ett av alternativen i listan."),
            ({"level_2": "låg"}, "Två nivåer heter låg. Ge dem olika namn."),
            ({"level_2": ""}, "Ge varje nivå ett namn på högst 40 tecken."),
            ({"colour_2": "gron"}, "Två nivåer har färgen grön. Ge dem olika färger."),
            ({"colour_2": "#f00"}, "Välj ett av alternativen i listan."),
            ({"level_6": "Ny"}, "Välj en färg för nivån, eller ta bort namnet."),
            ({"likelihood_2": ""}, "Ge varje steg ett ord på högst 40 tecken."),
            ({"consequence_2": "x" * 41}, "Ge varje steg ett ord på högst 40 tecken."),
            ({"consequence_2": "Försumbar"}, "Två steg heter Försumbar. Ge dem olika ord."),
            ({"consequence_2": "20000101-2384"}, "Texten ser ut att innehålla ett personnummer. Skriv utan det."),
            ({"god_grans": "50"}, "Gränsen för godtagbar (60) ligger över den för god (50). Byt plats på dem."),
            ({"god_grans": "101"}, "Gränsen 101 ligger utanför 0–100 procent."),
            ({"god_grans": ""}, "Skriv en gräns, som 90."),
            ({"god_grans": "nio"}, "Skriv ett helt tal med siffror."),
        ],
    )
    def test_what_is_wrong_is_told_and_nothing_is_lost(self, eva, typed, says):
        before = (plan().scale, plan().good_limit, plan().version)
        page = save(eva, {"likelihood_1": "Mitt ord"} | typed, status=422)
        assert says in page.text
        assert "Mitt ord" in page.text
        assert (plan().scale, plan().good_limit, plan().version) == before

    def test_a_level_that_is_taken_away_leaves_holes_that_are_told(self, eva):
        page = save(eva, {"colour_4": "", "level_4": ""}, status=422)
        assert "Rutan med sannolikhet 4 och konsekvens 4 saknar nivå." in page.text
        save(eva, {"colour_4": "", "level_4": "", "cell_4_4": "3"})
        assert [level.key for level in scale().levels] == ["gron", "gul", "orange"]

    def test_a_smaller_scale_is_refused_while_risks_stand_outside_it(self, eva, office):
        save(eva, {}, query="?fran=5")
        office.imports("risks", f"{RISKS}2021;R3;Brand;5;2\n2021;R10;Stöld;1;5\n")
        page = save(eva, {}, query="?fran=4", status=422)
        says = "Risker utanför en skala med 4 steg: R3, R10. Bedöm om dem först, eller behåll den större skalan."
        assert says in page.text
        assert scale().size == 5
        before = "ar;ref;risk;sannolikhet;konsekvens;sannolikhet_fore;konsekvens_fore\n"
        office.imports("risks", f"{before}2021;R3;;4;2;5;3\n2021;R10;;1;4;;\n")
        page = save(eva, {}, query="?fran=4", status=422)
        assert "Risker utanför en skala med 4 steg: R3. Bedöm om dem först" in page.text
        office.imports("risks", f"{before}2021;R3;;4;2;4;3\n")
        save(eva, {}, query="?fran=4")
        assert scale() == FOUR
        assert sum(map(sum, matrix_of(2021, 4, EVERY_RECORD))) == 4  # the emptied cells of five are in nobody's way
        assert eva.get("/internkontroll/2021").heading == "Internkontroll 2021"

    @pytest.mark.parametrize("way", ["closed", "protected"])
    def test_a_hidden_risk_counts_and_is_not_named(self, eva, office, way):
        save(eva, {}, query="?fran=5")
        office.imports("risks", f"{RISKS}2021;R3;Brand;5;2\n2021;R4;Stöld;5;5\n")
        make_user(BO, "internkontroll")
        hide(risk("R4"), way, seer=EVA, other=BO)
        page = save(signed_in(office, BO), {}, query="?fran=4", status=422)
        assert "Risker utanför en skala med 4 steg: R3 och 1 till." in page.text
        assert "R4" not in page.text

    def test_limits_that_cross_a_moments_own_are_refused_by_its_ref(self, eva, office):
        office.imports("controls", f"{CONTROLS}2021;K2;Jäv;;80\n2021;K3;Bisysslor;70;\n")
        says = "Gränserna korsar dem som står vid egna kontrollmoment: {}. Ändra momentens gränser först."
        assert says.format("K2") in save(eva, {"god_grans": "79"}, status=422).text
        assert says.format("K3") in save(eva, {"godtagbar_grans": "71"}, status=422).text
        save(eva, {"god_grans": "80", "godtagbar_grans": "70"})  # the limits themselves do not cross
        assert (plan().good_limit, plan().acceptable_limit) == (80, 70)

    def test_who_saves_on_top_of_another_is_told_what_differs(self, eva, office):
        eva.get(PAGE)
        other = signed_in(office, EVA)
        save(other, {"level_1": "Liten", "godtagbar_grans": "55"})
        page = eva.submit({"likelihood_1": "Mitt ord"}, form="god_grans", status=409)
        assert "Nivån grön: nu står Liten, du skrev Låg" in page.text
        assert "Godtagbar från: nu står 55, du skrev 60" in page.text
        assert "Mitt ord" in page.text
        assert scale().likelihoods[0] == "Osannolik"
        eva.submit({}, form="god_grans")
        assert (scale().likelihoods[0], scale().levels[0].label) == ("Mitt ord", "Låg")

    def test_who_begins_a_plan_on_top_of_another_is_told(self, eva):
        eva.get("/internkontroll/2022/skala")
        with writer():
            ensure_plans({2022})
            db.session.commit()
        page = eva.submit({}, form="god_grans", status=409)
        assert "Det du skrev står redan så." in page.text
        assert plan(2022).version == 1

    def test_a_plan_before_the_committee_keeps_its_scale(self, eva, office):
        eva.get(PAGE)
        follow(signed_in(office, EVA), "steg/foresla")
        page = eva.submit({"likelihood_1": "Mitt ord"}, form="god_grans", status=409)
        assert "så skalan går inte att ändra" in page.text
        assert scale() == FOUR
        assert "Öppna planen för ändring" in eva.get(PAGE).links

    def test_only_who_manages_the_whole_house_sets_the_scale(self, eva, office):
        make_unit("Barn")
        make_user(BO, "internkontroll", unit="Barn")
        bo = signed_in(office, BO)
        bo.get(PAGE, status=403)
        assert "Skala och gränser" not in bo.get("/internkontroll/2021").links
        assert eva.get("/internkontroll/2021").links["Skala och gränser"] == PAGE

    def test_a_year_out_of_reach_is_not_there(self, eva):
        eva.get("/internkontroll/1989/skala", status=404)
        assert plan(1989) is None


def test_an_adopted_version_keeps_the_scale_it_was_adopted_with(eva, office):
    make_user(SVEN, "sekreterare")
    sven = signed_in(office, SVEN)
    follow(eva, "steg/foresla")
    follow(sven, "beslut/faststall")
    follow(eva, "steg/andra")
    save(eva, OWN | {"godtagbar_grans": "65"})
    follow(eva, "steg/foresla")
    first, second = (eva.get(f"/internkontroll/2021/plan/version/{number}") for number in (1, 2))
    assert "Bevakas alltid" not in first.text
    assert "godtagbar från 60" in first.text
    assert "Bevakas alltid" in second.text
    assert [row["Nivå"] for row in first.table("Versionens risker").dicts()] == ["Måttlig", "Hög"]
    assert [row["Nivå"] for row in second.table("Versionens risker").dicts()] == ["Bevakas alltid", "Hög"]
    beside = eva.get("/internkontroll/2021/plan/version/2?mot=1")
    rows = beside.table("Skillnader i skala och gränser").dicts()
    assert [(row["Fält"], row["Version 1"], row["Version 2"]) for row in rows] == [
        ("Sannolikhet 4", "Sannolik", "Mycket stor"), ("Nivån röd", "Kritisk", "Röd"),
        ("Nivån blå", "–", "Bevakas alltid"), ("Sannolikhet 1, konsekvens 4", "Måttlig", "Bevakas alltid"),
        ("Godtagbar från", "60 procent", "65 procent"),
    ]  # fmt: skip
