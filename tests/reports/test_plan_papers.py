"""The internal control plan as Word and PDF: the draft, what was decided, a reader's part, the tags, the bytes."""

import io
import re
from datetime import date
from itertools import pairwise

import pytest
from docx import Document
from pypdf import PdfReader
from sqlalchemy import select

from tests.control.office import ControlOffice, hide, moment, risk
from tests.decisions.running import Ran, run
from tests.factories import PASSWORD, make_unit, make_user
from tests.reports.reading import Part, part, pdf_text, squeezed, tags, word_parts
from tests.reports.test_committee_name import name_it
from tests.support.pages import PageClient
from tracker import clock
from tracker.audit.models import AuditRead
from tracker.control.moment_services import save_moment
from tracker.control.services import Wish, step_plan
from tracker.database import db, writer
from tracker.records.yearly import Importer
from tracker.reports.rendering.plan import TEMPLATE
from tracker.risk.models import ControlPlan
from tracker.rules.plan_workflow import Decision, PlanStep

BO, EVA = "bo@kommun.example", "eva@kommun.example"
RISKS = """ar;ref;omrade;risk;sannolikhet;konsekvens;motivering;hantering
2022;R1;Ekonomi;Avtal saknas;3;4;Många nya;kontrollera
2022;R2;;Jäv;2;2;;
"""
CONTROLS = """ar;ref;risk_ref;kontrollmoment;metod;frekvens;ansvarig;god_grans;godtagbar_grans
2022;K1;R1;Avtal finns;stickprov;kvartal;ekonomichef;95;70
2022;K2;R1;Avtal följs;;;;;
2022;K3;;Öppet hus;;år;;;
"""
PAGE = "/internkontroll/2022/plan"


@pytest.fixture
def control_office(app, tmp_path, frozen_day):
    """An office on 15 February 2022, with an empty database."""
    frozen_day(date(2022, 2, 15))
    return ControlOffice(app, tmp_path)


@pytest.fixture
def office(control_office):
    """An office on 15 February 2022 that holds a plan for the year."""
    control_office.imports("risks", RISKS)
    control_office.imports("controls", CONTROLS)
    return control_office


def step(name: PlanStep, decided_on: date = date(2022, 2, 1)) -> None:
    """Takes a step on the version that stands."""
    with writer():
        seen = db.session.scalars(select(ControlPlan.version).where(ControlPlan.year == 2022)).one()
        decision = Decision(decided_on, "§ 14", "SN 2022/7")
        step_plan(2022, Wish(name, seen, decision, "Skäl"), None, clock.today(), clock.now())
        db.session.commit()


def plan(office, *options: object, year: int = 2022) -> Ran:
    return run(office.app, "report", "plan", year, *options)


def paper(office, shape: str, *options: object) -> bytes:
    """The file, as the command writes it."""
    path = office.folder / f"plan.{shape}"
    ran = plan(office, "--format", shape, "--output", path, *options)
    assert (ran.code, ran.err) == (0, ""), ran
    return path.read_bytes()


def word(office, *options: object) -> list[Part]:
    return word_parts(paper(office, "docx", *options))


class TestTheDraft:
    """What the paper of a plan holds while nobody has decided about it."""

    def test_it_is_marked_as_a_draft_of_today(self, office):
        found = word(office)
        assert [one.heading for one in found] == [
            "", "Internkontrollplan 2022", "Skalor och gränser", "Risker", "Riskmatris", "Kontrollmoment",
            "R1, riskvärde 12 (3 × 4), Hög", "Kontrollmoment utan angiven risk",
        ]  # fmt: skip
        assert found[1].texts == ["15 februari 2022 · UTKAST", "Planen har 2 risker och 3 kontrollmoment."]

    def test_the_risks_stand_with_value_level_and_motivation(self, office):
        assert part(word(office), "Risker").tables == [
            [
                ["Ref", "Risk", "Område", "S", "K", "Riskvärde", "Nivå", "Hantering", "Motivering"],
                ["R1", "Avtal saknas", "Ekonomi", "3", "4", "12", "Hög", "Kontrollera", "Många nya"],
                ["R2", "Jäv", "–", "2", "2", "4", "Måttlig", "–", "–"],
            ]
        ]

    def test_the_matrix_counts_them_with_each_level_in_words(self, office):
        head, *rows = part(word(office), "Riskmatris").tables[0]
        assert head == ["Sannolikhet \\ konsekvens", "1 Försumbar", "2 Lindrig", "3 Kännbar", "4 Allvarlig"]
        assert rows[1] == ["3 Möjlig", "0 · Låg", "0 · Måttlig", "0 · Hög", "1 · Hög"]
        assert rows[2] == ["2 Mindre sannolik", "0 · Låg", "1 · Måttlig", "0 · Måttlig", "0 · Måttlig"]

    def test_each_risk_stands_with_its_kontrollmoment(self, office):
        found = word(office)
        head = ["Ref", "Kontrollmoment", "Så går det till", "God / godtagbar från"]
        assert part(found, "R1,").texts == ["Avtal saknas"]
        assert part(found, "R1,").tables == [
            [head, ["K1", "Avtal finns", "Metod: stickprov. Frekvens: kvartal. Ansvarig: ekonomichef.", "95 / 70 %"],
             ["K2", "Avtal följs", "–", "90 / 60 %"]]
        ]  # fmt: skip
        assert part(found, "Kontrollmoment utan").tables == [[head, ["K3", "Öppet hus", "Frekvens: år.", "90 / 60 %"]]]

    def test_what_is_controlled_by_which_criteria_and_by_whom_stands_too(self, office):
        said = {
            "risk_ref": "R1", "name": "Avtal följs", "subject": "Fakturor över 5 000 kr",
            "criteria": "Attest\nRätt pris",
            "controlled_party": "Enhet Nord", "performer": "Controllern", "reported_to": "Nämnden",
        }  # fmt: skip
        with writer():
            known = (moment("K2", 2022).record_id, 1)
            importer = Importer(moment("K2", 2022).unit_id)
            save_moment(2022, "K2", said, known, importer, clock.now())
            db.session.commit()
        assert part(word(office), "R1,").tables[0][2][2] == (
            "Vad som kontrolleras: Fakturor över 5 000 kr. Kriterier: Attest, Rätt pris. Utförare: Controllern. "
            "Vem som kontrolleras: Enhet Nord. Rapporteras till: Nämnden."
        )

    def test_the_scale_and_the_limits_are_explained(self, office):
        found = part(word(office), "Skalor")
        assert found.texts == [
            "God följsamhet: från 90 procent. Godtagbar: från 60 procent. Det som är lägre är ej godkänt. "
            "Ett kontrollmoment kan ha egna gränser."
        ]
        assert found.tables[0][3] == ["3", "Möjlig", "Kännbar"]

    def test_pdf_says_what_word_says(self, office):
        text = re.sub(r"[-\xad]", "", pdf_text(paper(office, "pdf")))  # a hyphen may end a line
        for one in word(office):
            for said in (one.heading, *one.texts, *(cell for table in one.tables for row in table for cell in row)):
                assert re.sub(r"[-\xad]", "", squeezed(said)) in text, said

    def test_an_empty_plan_says_so(self, control_office):
        control_office.imports("risks", "ar;ref;risk;sannolikhet;konsekvens\n2022;R1;A;1;1\n")
        assert part(word(control_office), "Kontrollmoment").texts == ["Inga kontrollmoment."]
        assert "Ingakontrollmoment." in pdf_text(paper(control_office, "pdf"))


class TestVersions:
    """What was proposed and decided stays on paper as it stood."""

    def test_what_was_adopted_says_when_and_where(self, office):
        step(PlanStep.PROPOSE)
        assert word(office)[1].texts[0] == "15 februari 2022 · Föreslagen, version 1"
        step(PlanStep.ADOPT)
        assert word(office)[1].texts[:2] == [
            "1 februari 2022 · Fastställd, version 1", "Fastställd 1 februari 2022, § 14, diarienummer SN 2022/7.",
        ]  # fmt: skip
        assert squeezed("Fastställd 1 februari 2022, § 14, diarienummer SN 2022/7.") in pdf_text(paper(office, "pdf"))

    def test_a_version_stays_whatever_is_changed_since_and_on_whatever_day(self, office, frozen_day):
        for one in (PlanStep.PROPOSE, PlanStep.ADOPT):
            step(one)
        before = [paper(office, shape, "--version", 1) for shape in ("docx", "pdf")]
        step(PlanStep.CHANGE)
        office.imports("risks", "ar;ref;risk;sannolikhet;konsekvens\n2022;R1;Nytt;4;4\n")
        frozen_day(date(2022, 3, 1))
        assert [paper(office, shape, "--version", 1) for shape in ("docx", "pdf")] == before
        found = word(office)
        assert found[1].texts[0] == "1 mars 2022 · UTKAST"
        assert part(found, "R1, riskvärde 16").texts == ["Nytt"]

    def test_what_was_withdrawn_is_called_so_and_is_not_what_stands(self, office):
        for one in (PlanStep.PROPOSE, PlanStep.WITHDRAW):
            step(one)
        assert word(office, "--version", 1)[1].texts[0] == "15 februari 2022 · Tillbakadragen, version 1"
        step(PlanStep.PROPOSE)
        assert word(office)[1].texts[0] == "15 februari 2022 · Föreslagen, version 2"

    @pytest.mark.parametrize(
        ("year", "options", "why"),
        [(2023, (), "Det finns ingen plan för 2023.\n"),
         (2022, ("--version", 1), "Planen för 2022 har ingen version 1.\n"),
         (1800, (), "Året 1800 ligger utanför 1990–2100. Skriv ett år däremellan.\n")],
    )  # fmt: skip
    def test_what_there_is_not_is_refused(self, office, year, options, why):
        ran = plan(office, *options, year=year)
        assert (ran.code, ran.out, ran.err) == (1, "", why)


def test_who_it_is_from_stands_on_the_cover(office, monkeypatch):
    monkeypatch.setitem(office.app.config, "MUNICIPALITY_NAME", "Sundby kommun")
    name_it("Socialnämnden")
    assert word(office)[0].texts == ["Sundby kommun", "Socialnämnden"]
    assert "SundbykommunSocialnämndenInternkontrollplan2022" in pdf_text(paper(office, "pdf"))


def test_a_field_that_versions_hold_and_nobody_has_a_word_for_is_left_out(office):
    from tracker.reports.rendering.plan import _how

    row = {"ref": "K1", "name": "A", "method": "stickprov", "risk_ref": "R1", "novelty": "x", "frequency": None}
    assert _how(row) == "Metod: stickprov."


def test_the_pdf_is_tagged_in_swedish_with_heads_on_every_table(office):
    data = paper(office, "pdf")
    reader = PdfReader(io.BytesIO(data))
    root = reader.trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("sv-SE", True)
    assert b"pdfuaid:part>1<" in root["/Metadata"].get_object().get_data()
    assert reader.metadata.title == "Internkontrollplan 2022"
    kinds = [kind for kind, _ in tags(data)]
    assert kinds.count("/Table") == 5
    assert kinds.count("/TH") == 9 + 5 + 4 + 4 + 3
    levels = [int(kind[2:]) for kind in kinds if kind[:2] == "/H" and kind[2:].isdigit()]
    assert all(after - before <= 1 for before, after in pairwise(levels)), levels


def test_the_word_file_says_what_it_is(office):
    properties = Document(io.BytesIO(paper(office, "docx"))).core_properties
    assert (properties.title, properties.language) == ("Internkontrollplan 2022", "sv-SE")


def test_the_programs_template_is_what_its_script_makes():
    from scripts.plan_template import template

    assert TEMPLATE.read_bytes() == template()


def test_markup_in_a_plan_is_set_as_typed(office):
    typed = "#panic(1) {{ 7*7 }} {% for x in y %} <b>"
    office.imports("risks", f"ar;ref;risk;sannolikhet;konsekvens\n2022;R1;{typed};3;4\n")
    assert part(word(office), "R1,").texts == [typed]
    assert squeezed(typed) in pdf_text(paper(office, "pdf"))


class TestReaders:
    """A reader gets the part of the plan that they may see, and is told when it is a part."""

    @pytest.mark.parametrize("way", ["closed", "protected"])
    def test_what_is_hidden_is_left_out_of_draft_and_version(self, office, way):
        make_user(BO, "internkontroll")
        make_user(EVA, "internkontroll")
        step(PlanStep.PROPOSE)
        hide(risk("R1", 2022), way, seer=EVA, other=BO)
        hide(moment("K3", 2022), way, seer=EVA, other=BO)
        for options in ((), ("--version", 1)):
            found = word(office, "--by", BO, *options)
            assert "2 rader i planen visas inte för dig." in found[1].texts
            assert [row[0] for row in part(found, "Risker").tables[0][1:]] == ["R2"]
            assert [row[0] for row in part(found, "Kontrollmoment utan").tables[0][1:]] == ["K1", "K2"]
            assert "visas inte" not in str(word(office, "--by", EVA, *options)[1].texts)

    def test_a_unit_without_risks_gets_an_empty_plan(self, office):
        make_unit("Barn")
        make_user(BO, "chef", unit="Barn")
        assert part(word(office, "--by", BO), "Risker").texts == ["Inga risker."]

    def test_the_page_gives_the_same_files_and_notes_them(self, office):
        step(PlanStep.PROPOSE)
        make_user(EVA, "sekreterare")
        visitor = PageClient(office.app)
        visitor.sign_in(EVA, PASSWORD)
        page = visitor.get(PAGE)
        assert f'href="{PAGE}.docx?version=1"' in page.data.decode()
        for shape in ("docx", "pdf"):
            assert visitor.get(f"{PAGE}.{shape}?version=1").data == paper(office, shape)
        db.session.rollback()
        reads = db.session.scalars(select(AuditRead).where(AuditRead.what == "internkontrollplan")).all()
        assert (reads[0].selection, reads[0].row_count) == ("2022 version-1 docx", 5)
        for wrong in (f"{PAGE}.docx?version=2", f"{PAGE}.docx?version=x", "/internkontroll/2030/plan.pdf"):
            visitor.get(wrong, status=404)
