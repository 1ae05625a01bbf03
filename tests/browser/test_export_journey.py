"""A list of more than 5 000 clocks becomes a file, with the page's script and without it."""

import io
import shutil
import zipfile

import pytest
from flask_migrate import upgrade
from sqlalchemy import select

from tests.browser.conftest import Site, serving
from tests.browser.person import Person
from tests.factories import make_decisions, make_user
from tests.support import databases
from tracker.audit.models import AuditHead
from tracker.database import db
from tracker.exports.making import LONG
from tracker.factory import create_app
from tracker.rules.permissions import Role

ANNA, BO = "anna@kommun.example", "bo@kommun.example"
ROWS = LONG + 1
SECONDS = 60_000  # milliseconds, at most


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """The program with one clock more than is given at once, and two who read them."""
    url = databases.empty_database("sqlite")
    app = create_app(databases.settings(url, APP_ENV="development"))
    with app.app_context():
        upgrade()
        make_user(ANNA, Role.CASE_OFFICER)
        make_user(BO, Role.CASE_OFFICER)
        make_decisions([{"ref": f"B-{number:05}"} for number in range(ROWS)])
        chain = db.session.scalar(select(AuditHead.chain))
        db.session.remove()
        db.engine.dispose()
    with serving(url, tmp_path_factory.mktemp("server") / "log.txt") as address:
        yield Site(address, "", url.removeprefix("sqlite:///"))
    shutil.rmtree(app.config["EXPORT_FOLDER"] / chain, ignore_errors=True)


@pytest.mark.parametrize("width", [1280, 320])
def test_from_list_to_file_with_the_script(house, page, check_accessible, width):
    page.set_viewport_size({"width": width, "height": 800})
    anna = Person(house, page, ANNA)
    anna.opens("/beslut")
    check_accessible("the list")
    anna.presses("CSV")
    anna.page.get_by_role("heading", name="Exporten är klar").wait_for(timeout=SECONDS)  # no press of ours
    assert "Rader 5 001" in anna.text.replace("\N{NO-BREAK SPACE}", " ")
    check_accessible("the file's page")
    assert len(anna.downloads("Hämta filen").decode("utf-8-sig").splitlines()) == 1 + ROWS
    assert "Dina exporter" in anna.follows("Dina exporter")
    assert "hämtad" in anna.text
    check_accessible("the list of exports")
    assert anna.faults == []


def test_from_list_to_file_without_a_script(house, new_context):
    bo = Person(house, new_context(java_script_enabled=False).new_page(), BO)
    bo.opens("/beslut")
    text = bo.presses("Exportera till Excel")
    for _ in range(60):
        if "Hämta filen" in text:
            break
        bo.page.wait_for_timeout(1_000)
        text = bo.follows("Visa hur långt den har kommit")
    with zipfile.ZipFile(io.BytesIO(bo.downloads("Hämta filen"))) as workbook:
        sheet = workbook.read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<row ") == 1 + ROWS
    assert bo.faults == []
