"""A year of internal control in a browser, as controller, unit and secretary: from last year's list to the report that
the committee approves, each of its files read back.
"""

import io
import json

import pytest
from docx import Document
from flask_migrate import upgrade
from openpyxl import load_workbook
from pypdf import PdfReader

from tests.browser.conftest import SECRETARY, Site, serving
from tests.browser.person import Person
from tests.factories import make_user
from tests.support import databases
from tracker import clock
from tracker.accounts.services import ensure_top_unit
from tracker.control.bringing_in import import_controls
from tracker.database import db, writer
from tracker.exchange.errors import Collector
from tracker.factory import create_app
from tracker.records.yearly import Importer, Line
from tracker.risk.services import import_risks
from tracker.rules.permissions import Role

CONTROLLER, UNIT = "internkontroll@kommun.example", "chef@kommun.example"
REFERENCES = [f"F-{number:03}" for number in range(1, 31)]
CHECKED, DEVIATING = 10, 6  # 4 of 10 approved: 40 %, below 60


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """The program with last year's list: two risks, a kontrollmoment against each."""
    url = databases.empty_database("sqlite")
    with create_app(databases.settings(url, APP_ENV="development")).app_context():
        upgrade()
        for email, role in (
            (CONTROLLER, Role.CONTROL_COORDINATOR), (UNIT, Role.MANAGER), (SECRETARY, Role.SECRETARY),
        ):  # fmt: skip
            make_user(email, role)
        db.session.commit()
        year = clock.today().year - 1
        risks = {"R1": ("Fel belopp betalas ut", 3, 4), "R2": ("Jäv i beslut", 2, 3)}
        with writer():
            importer = Importer(ensure_top_unit().id)
            lines = [
                Line(row, year, ref, {"text": text, "likelihood": s, "consequence": k})
                for row, (ref, (text, s, k)) in enumerate(risks.items(), start=2)
            ]
            import_risks(lines, importer, Collector(), clock.now())
            moments = [
                Line(2, year, "K1", {"risk_ref": "R1", "name": "Utbetalningar är attesterade", "frequency": "år"}),
                Line(3, year, "K2", {"risk_ref": "R2", "name": "Bisysslor är anmälda", "frequency": "år"}),
            ]
            import_controls(moments, importer, Collector(), clock.now())
            db.session.commit()
        db.session.remove()
        db.engine.dispose()
    with serving(url, tmp_path_factory.mktemp("server") / "log.txt") as address:
        yield Site(address, "", url.removeprefix("sqlite:///"))


def test_a_year_goes_from_last_years_list_to_the_report_that_is_approved(house, new_context):
    year = clock.today().year
    eva, una, sven = (Person(house, new_context().new_page(), email) for email in (CONTROLLER, UNIT, SECRETARY))

    _assesses(eva, year)
    _plans(eva, year)
    _decides(sven, year, "För in att nämnden fastställde", "§ 14")
    _samples(una, year)
    _accepts(eva, year)
    _acts(eva, year)
    files = _reports(eva, year)
    _decides(sven, year, "För in att nämnden godkände", "§ 21")

    assert "låst uppföljning version 1" in sven.text
    _says_the_same(files, year)
    assert [eva.faults, una.faults, sven.faults] == [[], [], []]


def _assesses(eva: Person, year: int) -> None:
    """Last year's list is copied, one risk weighed anew and one written."""
    eva.opens(f"/risker?ar={year}")
    eva.follows("Kopiera förra året")
    assert "2 risker och 2 kontrollmoment att kopiera" in eva.text
    eva.presses(f"Kopiera från {year - 1}")
    eva.opens(f"/risker?ar={year}")
    eva.follows("R1")
    eva.follows("Ändra")
    eva.page.locator("main select[name=sannolikhet]").select_option("4")
    eva.writes("motivering_sannolikhet", "Tre fel i fjol")
    assert "Riskvärde 16" in eva.presses("Spara risken")
    eva.opens(f"/risker?ar={year}")
    eva.follows("Ny risk")
    for name, text in {"ref": "R3", "risk": "Avtal löper ut"}.items():
        eva.writes(name, text)
    for name, step in {"sannolikhet": "1", "konsekvens": "2"}.items():
        eva.page.locator(f"main select[name={name}]").select_option(step)
    eva.page.locator("main select[name=nettolista]").select_option("nej")
    eva.writes("nettolista_skal", "Bevakas i avtalsdatabasen")
    eva.presses("Spara risken")
    eva.opens(f"/risker?ar={year}")
    compared = eva.follows("Jämför med förra året")
    assert "R1" in compared
    assert "Ändrad" in compared
    assert "Ny" in compared


def _plans(eva: Person, year: int) -> None:
    """A kontrollmoment gets criteria, and the plan goes to the committee."""
    eva.opens(f"/internkontroll/{year}")
    eva.follows("Utbetalningar är attesterade")
    eva.follows("Ändra")
    eva.writes("kriterier", "Attest\nSyfte")
    eva.writes("utforare", "Ekonom")
    eva.presses("Spara kontrollmomentet")
    eva.opens(f"/internkontroll/{year}/plan")
    eva.follows("Föreslå för nämnden")
    assert "Föreslagen" in eva.presses("Föreslå för nämnden")


def _decides(sven: Person, year: int, step: str, paragraph: str) -> None:
    """The secretary enters what the committee decided."""
    sven.opens(f"/internkontroll/{year}/plan")
    sven.follows(step)
    sven.writes("decided_on", clock.today().isoformat())
    sven.writes("paragraph", paragraph)
    sven.writes("case_number", f"SN {year}/7")
    assert paragraph in sven.presses(step)


def _samples(una: Person, year: int) -> None:
    """The unit locks a population, draws, notes each item, and hands over."""
    una.opens(f"/internkontroll/{year}")
    una.follows("Utbetalningar är attesterade")
    una.follows("Nytt stickprov")
    assert una.page.locator("main [name=criteria]").input_value().split() == ["Attest", "Syfte"]
    una.writes("period", str(year))
    una.writes("population", "\n".join(REFERENCES))
    una.presses("Lås populationen")
    una.writes("amount", str(CHECKED))
    assert "10 väntar på granskning" in una.presses("Dra stickprovet")
    una.follows("Granska")
    rows = una.page.locator("tbody tr")
    assert rows.count() == CHECKED
    for place in range(CHECKED):
        deviates = place < DEVIATING
        rows.nth(place).locator("select").select_option("deviating" if deviates else "approved")
        if deviates:
            rows.nth(place).get_by_label("Attest").check()
    una.presses("Spara resultaten")
    una.page.get_by_role("button", name="Lämna för granskning").wait_for()
    assert "Lämnat för granskning" in una.presses("Lämna för granskning")


def _accepts(eva: Person, year: int) -> None:
    """The controller accepts, and the kontrollmoment has failed."""
    eva.opens(f"/internkontroll/{year}")
    eva.follows("Utbetalningar är attesterade")
    eva.follows("S1")
    eva.follows("Godkänn eller lämna tillbaka")
    eva.presses("Godkänn")
    year_page = eva.opens(f"/internkontroll/{year}")
    assert "Attest 6 1" in year_page
    eva.follows("Utbetalningar är attesterade")
    assert "Ej godkänd 40 % av 10 granskade" in eva.text


def _acts(eva: Person, year: int) -> None:
    """A new assessment and an activity follow; the other kontrollmoment is told why it was not carried out."""
    eva.follows("Avvikelse eller ny riskbedömning")
    eva.page.locator("main select[name=kind]").select_option("assessment")
    eva.writes("words", "Sex av tio saknar attest")
    assert f"{year}/R1" in eva.presses("Anteckna")
    eva.follows("Ny aktivitet")
    for name, text in {"beskrivning": "Utbilda i attest", "ansvarig": "Ekonomichef"}.items():
        eva.writes(name, text)
    eva.writes("senast", f"{year}-12-31")
    eva.presses("Spara aktiviteten")
    eva.opens(f"/internkontroll/{year}")
    eva.follows("Bisysslor är anmälda")
    eva.follows("Resultat")
    eva.writes("ej_genomford", "Registret gick inte att läsa")
    eva.writes("harnast", "Görs om till våren")
    eva.presses("Spara resultatet")


def _reports(eva: Person, year: int) -> dict[str, bytes]:
    """The texts are written, the year followed up and locked; its files."""
    eva.opens(f"/rapporter/internkontroll/{year}/text")
    eva.page.locator("main textarea").first.fill("Året visar brister i attest.")
    eva.presses("Spara texterna")
    eva.opens(f"/internkontroll/{year}/plan")
    eva.follows("Markera som uppföljd")
    eva.presses("Markera som uppföljd")
    eva.opens(f"/rapporter/internkontroll/{year}")
    eva.follows("Lås uppföljningen")
    locked = eva.presses("Lås uppföljningen")
    assert "Låst version 1" in locked
    assert "God följsamhet i 0 av 2" in locked
    return {name: eva.downloads(name) for name in ("JSON", "Excel", "Word", "PDF")}


def _says_the_same(files: dict[str, bytes], year: int) -> None:
    """What was entered, in each of the four files."""
    document = json.loads(files["JSON"])
    assert document["grades"] == {"god": 0, "godtagbar": 0, "ej_godkand": 1, "ej_genomford": 1}
    found = {one["ref"]: (one["checked"], one["approved"], one["percent"], one["grade"]) for one in document["moments"]}
    assert found == {"K1": (10, 4, 40, "ej_godkand"), "K2": (0, 0, None, "ej_genomford")}
    assert [(one["ref"], one["score"]) for one in document["risks"]] == [("R1", 16), ("R2", 6), ("R3", 2)]
    book = load_workbook(io.BytesIO(files["Excel"]), read_only=True)
    cells = [str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell]
    paper = Document(io.BytesIO(files["Word"]))
    word = [one.text for one in paper.paragraphs]
    word += [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    pdf = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(files["PDF"])).pages)
    for text in ("Året visar brister i attest.", "Utbilda i attest"):
        assert any(text in one for one in word), text
        assert text in " ".join(pdf.split()), text
    assert "Utbilda i attest" in cells
    for text in ("Ej godkänd", "40 %"):
        assert any(text in one for one in word), text
        assert text in pdf, text
    assert f"Uppföljning av internkontrollplan {year}" in " ".join(pdf.split())
