"""The list of a year's kontrollmoment: filters, pages, columns, order and files."""

from datetime import date

import pytest
from sqlalchemy import select

from tests.control.office import CONTROL_HEAD, hide, moment, risk, tell_next
from tests.control.test_moment_pages import signed_in
from tests.control.test_plan import step
from tests.decisions.lists import count_line, csv_rows, xlsx_rows
from tests.factories import make_unit, make_user
from tracker import clock
from tracker.accounts.queries import find_unit
from tracker.accounts.reader import EVERYTHING
from tracker.accounts.services import ensure_top_unit
from tracker.audit.models import AuditRead
from tracker.control.bringing_in import import_controls, import_samples
from tracker.control.importing import SampleLine
from tracker.control.pages import CAME_LABELS
from tracker.control.register import Came, page_of, read_year
from tracker.database import db, writer
from tracker.exchange.errors import Collector
from tracker.records.natural import natural_key
from tracker.records.scope import Scope
from tracker.records.yearly import Importer, Line
from tracker.risk.queries import plan_of
from tracker.risk.services import import_risks
from tracker.rules.control_grading import Grade
from tracker.rules.plan_workflow import PlanStep
from tracker.web.pagination import Order, TextKey

LIST, EVA, BO = "/internkontroll/2021/moment", "eva@kommun.example", "bo@kommun.example"
CAPTION = "Kontrollmoment 2021"
WHY = "Vakant"


def bring(moments, samples, year=2021):
    """Kontrollmoment as (ref, what is said, unit) and stickprov as (moment, deviations of ten), saved."""
    with writer():
        importer = Importer(ensure_top_unit().id)
        lines = [
            Line(
                2, year, ref, {"risk_ref": None, "name": f"Kontroll {ref}"} | said, find_unit(unit).id if unit else None
            )
            for ref, said, unit in moments
        ]
        import_controls(lines, importer, Collector(), clock.now())
        import_samples(
            [SampleLine(2, year, ref, "P1", {"selected": 10, "deviations": wrong}) for ref, wrong in samples], importer,
            Collector(),
        )  # fmt: skip
        db.session.commit()
    db.session.rollback()


@pytest.fixture
def year(office, frozen_day):
    """It is 1 June 2021. K1 and K2 god, K3 godtagbar, K4 ej godkänd, K5 with a reason, K6 and K10 without a result; of
    K1 and K6 January to May are late, of K10 the first quarter. K2, K4 and K10 belong to Söder below Vuxen, K3 to
    Vuxen itself.
    """
    frozen_day(date(2021, 6, 1))
    make_unit("Söder", "Vuxen")
    with writer():
        one = Line(2, 2021, "R1", {"text": "Något brister", "likelihood": 3, "consequence": 4})
        import_risks([one], Importer(ensure_top_unit().id), Collector(), clock.now())
        db.session.commit()
    moments = [
        ("K10", {"frequency": "Varje kvartal", "responsible": "Enhetschef"}, "Söder"),
        ("K1", {"risk_ref": "R1", "method": "Stickprov", "frequency": "Varje månad"}, None),
        ("K2", {}, "Söder"), ("K3", {}, "Vuxen"),
        ("K4", {}, "Söder"), ("K5", {"not_done": WHY}, None), ("K6", {"frequency": "Varje månad"}, None),
    ]  # fmt: skip
    bring(moments, [("K1", 1), ("K2", 0), ("K3", 2), ("K4", 5), ("K5", 0)])
    bring([("K1", {}, None)], [("K1", 5)], year=2020)
    make_user(EVA, "internkontroll")
    return office


@pytest.fixture
def eva(year):
    """The coordinator of the whole house."""
    return signed_in(year, EVA)


def refs(page) -> list[str]:
    return page.table(CAPTION).column("Ref") if CAPTION + ", en rad" in page.text else []


BY_OUTCOME = {
    "": ["K1", "K2", "K3", "K4", "K5", "K6", "K10"], "god": ["K1", "K2"], "godtagbar": ["K3"], "ej_godkand": ["K4"],
    "ej_genomford": ["K5"], "inget-resultat": ["K6", "K10"], "forsenat": ["K1", "K6", "K10"],
}  # fmt: skip


@pytest.mark.parametrize(("outcome", "expected"), BY_OUTCOME.items())
def test_each_outcome_has_its_list_on_the_page_and_in_both_files(eva, outcome, expected):
    page = eva.get(f"{LIST}?utfall={outcome}")
    assert refs(page) == expected
    told = f", utfall: {CAME_LABELS[Came(outcome)].lower()}" if outcome else ""
    assert count_line(page) == f"{len(expected)} kontrollmoment{told} · god från 90 procent, godtagbar från 60"
    for ending, rows in (("csv", csv_rows), ("xlsx", xlsx_rows)):
        assert [row["ref"] for row in rows(eva.get(f"{LIST}/export.{ending}?utfall={outcome}"))] == expected
        read = db.session.scalars(select(AuditRead).order_by(AuditRead.id.desc()).limit(1)).one()
        assert read.row_count == len(expected)
        db.session.rollback()


def test_every_grade_can_be_asked_for_and_each_moment_is_of_one_outcome(eva):
    assert {grade.value for grade in Grade} < {came.value for came in Came}
    found = read_year(plan_of(2021), Scope(EVERYTHING), date(2021, 6, 1))
    assert found.outcomes == {
        Came.GOOD: 2, Came.ACCEPTABLE: 1, Came.FAILED: 1, Came.NOT_DONE: 1, Came.NO_RESULT: 2,
    }  # fmt: skip
    assert sorted(found.late.values()) == [1, 5, 5]
    db.session.rollback()


def test_the_form_narrows_by_outcome_and_unit_with_what_lies_below_it(eva):
    eva.get(f"{LIST}?kolumner=ref,enhet&ordning=-ref")
    vuxen, soder = (find_unit(name).id for name in ("Vuxen", "Söder"))
    db.session.rollback()
    page = eva.submit({"enhet": str(vuxen)}, form="Filtrera")
    assert page.path == f"{LIST}?utfall=&enhet={vuxen}&kolumner=ref%2Cenhet&ordning=-ref".replace("%2C", ",")
    assert page.table(CAPTION).rows == [["K10", "Söder"], ["K4", "Söder"], ["K3", "Vuxen"], ["K2", "Söder"]]
    page = eva.submit({"enhet": str(soder), "utfall": "god"}, form="Filtrera")
    assert page.table(CAPTION).rows == [["K2", "Söder"]]
    page = eva.submit({"utfall": "ej_genomford"}, form="Filtrera")
    assert "Inget passar filtret" in page.text
    assert refs(eva.click("Visa alla")) == ["K10", "K6", "K5", "K4", "K3", "K2", "K1"]


@pytest.mark.parametrize("unit", ["999999", "abc", "0", "²"])
def test_a_unit_that_is_none_or_out_of_reach_lists_nothing_and_says_so(eva, unit):
    page = eva.get(f"{LIST}?enhet={unit}")
    assert count_line(page) == "Enheten finns inte, eller ligger utanför det du har tillgång till."
    assert "K1" not in page.text
    assert csv_rows(eva.get(f"{LIST}/export.csv?enhet={unit}")) == []


def test_an_outcome_that_is_none_is_told_of(eva):
    page = eva.get(f"{LIST}?utfall=bra")
    assert "Listan visas utan en del av filtret, som inte finns: utfall." in page.text
    assert refs(page) == BY_OUTCOME[""]


def test_the_usual_columns_tell_how_each_came_out(eva):
    table = eva.get(LIST).table(CAPTION)
    assert table.head == [
        "Ref", "Moment", "Risk", "Enhet", "Granskade", "Följsamhet, %", "Bedömning", "Försenade tillfällen",
    ]  # fmt: skip
    top = ensure_top_unit().name
    db.session.rollback()
    assert table.rows[0] == ["K1", "Kontroll K1", "R1", top, "10", "90", "● God", "5"]
    assert table.rows[4] == ["K5", f"Kontroll K5{WHY}", "–", top, "10", "–", "— Ej genomförd", "–"]
    assert table.rows[5] == ["K6", "Kontroll K6", "–", top, "0", "–", "○ Inget resultat än", "5"]


def test_a_chosen_file_is_exactly_the_list_and_the_whole_one_can_be_read_in_again(eva, year):
    names = "ref,metod,frekvens,ansvarig,god-grans,godtagbar-grans,godkanda,aret-fore,tva-ar-fore,skal,kommentar"
    page = eva.get(f"{LIST}?kolumner={names}&ordning=-ref")
    table = page.table(CAPTION)
    assert table.head[-5:] == ["Godkända", "Bedömning 2020", "Bedömning 2019", "Varför ej genomförd", "Kommentar"]
    assert table.rows[0] == ["K10", "–", "Varje kvartal", "Enhetschef", "90", "60", "0", "–", "–", "–", "–"]
    assert table.rows[-1] == ["K1", "Stickprov", "Varje månad", "–", "90", "60", "9", "■ Ej godkänd", "–", "–", "–"]
    told = csv_rows(eva.get(page.links["CSV"]))
    assert [row["Ref"] for row in told] == BY_OUTCOME[""][::-1]
    assert list(told[0]) == table.head
    assert (told[-1]["Bedömning 2020"], told[2]["Varför ej genomförd"]) == ("Ej godkänd", WHY)
    whole = eva.get(f"{LIST}/export.csv?ordning=-ref").text.lstrip("\ufeff")
    assert whole.splitlines()[:2] == [CONTROL_HEAD, "2021;K1;R1;Kontroll K1;Stickprov;Varje månad;;;;;"]
    assert year.imports("controls", whole).startswith("0 nya")


def test_a_name_of_no_column_and_an_order_without_an_index_are_told_of(eva):
    page = eva.get(f"{LIST}?kolumner=ref,namn&ordning=bedomning")
    assert "Kolumnen namn finns inte i listan." in page.text
    assert "Listan kan inte ordnas efter bedomning" in page.text
    assert refs(page) == BY_OUTCOME[""]


@pytest.mark.parametrize("order", ["", "-ref"])
def test_turning_the_pages_shows_each_row_once_though_one_of_them_has_gone(eva, year, order):
    bring([(f"M{n}", {}, None) for n in range(59)] + [("M07", {}, None)], [])  # M7 and M07 stand on one place
    expected = [ref for one in (BY_OUTCOME[""], sorted((f"M{n}" for n in range(59)), key=natural_key)) for ref in one]
    expected.insert(expected.index("M7") + 1, "M07")
    if order:
        expected.reverse()
    page = eva.get(f"{LIST}?ordning={order}")
    found = [refs(page)]
    while "Nästa sida" in page.links:
        page = eva.click("Nästa sida")
        found.append(refs(page))
    assert [len(one) for one in found] == [25, 25, 17]
    assert [ref for one in found for ref in one] == expected
    back = [refs(page)]
    while "Föregående sida" in page.links:
        page = eva.click("Föregående sida")
        back.insert(0, refs(page))
    assert back == found
    following = page.links["Nästa sida"]
    make_user(BO, "internkontroll")
    hide(moment(found[0][-1]), "protected", seer=BO, other=EVA)  # the row that the key tells of
    assert refs(eva.get(following)) == found[1]


def test_a_place_past_the_end_leads_to_the_top_and_one_of_another_list_is_none(eva):
    past = TextKey(natural_key("Z99"), 1)
    assert eva.get(f"{LIST}?efter={past}&utfall=god").path == f"{LIST}?utfall=god"
    assert refs(eva.get(f"{LIST}?efter=rappakalja")) == BY_OUTCOME[""]
    assert refs(eva.get(f"{LIST}?fore={TextKey('A', 1)}")) == BY_OUTCOME[""]


def test_pages_are_walked_in_memory_as_the_address_says(eva):
    found = read_year(plan_of(2021), Scope(EVERYTHING), date(2021, 6, 1)).standings
    db.session.rollback()
    for falling in (False, True):
        page = page_of(found, None, None, Order("ref_key", falling))
        assert [one.ref for one in page.standings] == BY_OUTCOME[""][:: -1 if falling else 1]
        assert (page.after, page.before) == (None, None)


def test_what_is_protected_or_voided_or_of_another_unit_is_neither_shown_nor_counted(year):
    make_user(BO, "internkontroll", unit="Vuxen")
    hide(moment("K2"), "protected", seer=EVA, other=BO)
    bo = signed_in(year, BO)
    page = bo.get(LIST)
    assert (refs(page), count_line(page)[:16]) == (["K3", "K4", "K10"], "3 kontrollmoment")
    assert csv_rows(bo.get(f"{LIST}/export.csv?utfall=god")) == []
    assert refs(bo.get(f"{LIST}?utfall=forsenat")) == ["K10"]
    eva = signed_in(year, EVA)
    eva.get(f"/internkontroll/moment/{moment('K10').record_id}/makulera")
    eva.submit({"reason": "Skrevs in två gånger"})
    assert refs(bo.get(LIST)) == ["K3", "K4"]
    assert refs(eva.get(f"{LIST}?utfall=inget-resultat")) == ["K6"]


def test_a_risk_that_is_hidden_is_told_of_in_no_file(year):
    make_user(BO, "internkontroll")
    hide(risk("R1"), "closed", seer=BO, other=EVA)
    eva = signed_in(year, EVA)
    assert eva.get(LIST).table(CAPTION).column("Risk")[0] == "–"
    for query in ("", "?kolumner=ref,risk"):
        assert "R1" not in eva.get(f"{LIST}/export.csv{query}").text


def test_nothing_is_late_once_the_year_has_been_followed_up(eva):
    bring([], [("K6", 0), ("K10", 0)])
    tell_next("K5")
    assert refs(eva.get(f"{LIST}?utfall=forsenat")) == ["K1", "K6", "K10"]
    for one in (PlanStep.PROPOSE, PlanStep.ADOPT, PlanStep.FOLLOW_UP):
        step(one)
    assert refs(eva.get(f"{LIST}?utfall=forsenat")) == []
    assert refs(eva.get(f"{LIST}?utfall=god")) == ["K1", "K2", "K6", "K10"]


def test_a_year_leads_to_its_list_and_the_list_to_the_other_years(eva):
    eva.get("/internkontroll/2021")
    page = eva.click("Lista och filter")
    assert (page.heading, page.links["Internkontroll 2021"]) == ("Kontrollmoment 2021", "/internkontroll/2021")
    page = eva.get(f"{LIST}?utfall=ej_godkand&kolumner=ref,risk")
    page = eva.get(page.links["2020"])
    assert page.path == "/internkontroll/2020/moment?utfall=ej_godkand&kolumner=ref%2Crisk"
    assert page.table("Kontrollmoment 2020").rows == [["K1", "–"]]
    eva.get("/internkontroll/2030/moment?utfall=god")
    assert "Inga kontrollmoment för 2030 än" in eva.get("/internkontroll/2030/moment").text
    for path in ("/internkontroll/1989/moment", "/internkontroll/2101/moment/export.csv"):
        eva.get(path, status=404)
