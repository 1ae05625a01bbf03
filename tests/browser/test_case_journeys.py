"""Three ways through a case in a browser: a report on a phone, a lex Sarah case as reporter, manager, utredare and
ansvarig from report to closed, and a klagomål from somebody outside to its answer.
"""

import io
import re

import pytest
from flask_migrate import upgrade
from openpyxl import load_workbook
from pypdf import PdfReader

from tests.browser.conftest import Site, listen, serving
from tests.browser.person import Person
from tests.cases.making import unit_id_of
from tests.factories import make_user
from tests.support import databases
from tracker import clock
from tracker.database import db
from tracker.factory import create_app
from tracker.rules.permissions import Role

REPORTER, MANAGER = "medarbetare@kommun.example", "chef@kommun.example"
INVESTIGATOR, OFFICER = "utredare@kommun.example", "ansvarig@kommun.example"
ANSWERER = "kvalitet@kommun.example"
HEADINGS = (
    "När och från vem rapporten kom", "Vad missförhållandet eller risken bestod i",
    "När, var och hur det uppmärksammades", "Konsekvenser för den enskilde", "Omedelbara åtgärder", "Orsaker",
    "Om liknande har hänt tidigare", "Om liknande kan hända igen", "Åtgärder för att det inte ska hända igen",
    "Den enskildes och närståendes syn", "Vilka som har hörts, och underlag", "Bedömning",
)  # fmt: skip
PHONE = {"width": 320, "height": 640}
NUMBER = re.compile(r"\b[A-Z]{1,2}-\d{4}-\d+\b")
CATEGORY, CAUSE = "Fall", "Samverkan"


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """The program with a unit, and one of each who has to do with a case."""
    url = databases.empty_database("sqlite")
    with create_app(databases.settings(url, APP_ENV="development")).app_context():
        upgrade()
        unit_id_of("Hemtjänst norr")
        db.session.commit()
        make_user(REPORTER, Role.EMPLOYEE, unit="Hemtjänst norr")
        make_user(MANAGER, Role.MANAGER, unit="Hemtjänst norr")
        make_user(INVESTIGATOR, Role.INVESTIGATOR)
        make_user(OFFICER, Role.LEX_SARAH_OFFICER)
        make_user(ANSWERER, Role.QUALITY_LEAD)
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    with serving(url, tmp_path_factory.mktemp("server") / "log.txt") as address:
        yield Site(address, "", url.removeprefix("sqlite:///"))


def test_a_report_is_written_on_a_phone_and_followed_to_what_came_of_it(house, new_context):
    rita = Person(house, new_context(viewport=PHONE).new_page(), REPORTER)
    rita.opens("/rapportera")
    rita.presses("Skicka rapporten")
    told = rita.page.locator("main .field-error").all_inner_texts()
    assert 0 < len(told) <= 6  # so many must be filled in, and each says so beside its field
    rita.faults.clear()  # the browser tells of the 422 that was asked for
    rita.writes("what", "Anna Svensson fick sin medicin två timmar för sent")
    rita.writes("happened_on", clock.today().isoformat())
    rita.writes("at_once", "Ringde sjuksköterskan")
    rita.selects("suspected", "nej")
    assert '"Anna Svensson" ser ut som ett namn.' in rita.presses("Skicka rapporten")
    rita.faults.clear()
    assert rita.page.locator("[name=at_once]").input_value() == "Ringde sjuksköterskan"
    rita.writes("what", "En person fick sin medicin två timmar för sent")
    told = rita.presses("Skicka rapporten")
    assert "Att ta emot" in told
    assert rita.page.evaluate("document.scrollingElement.scrollWidth") <= PHONE["width"]
    number = NUMBER.search(told)[0]

    chris = Person(house, new_context().new_page(), MANAGER)
    chris.finds("/avvikelser", number)
    chris.does("Ta emot")
    assert "Utreds" in chris.does("Börja utreda")
    chris.follows("Skriv vad utredningen visar")
    chris.selects("category", CATEGORY)
    chris.selects("cause", CAUSE)
    chris.writes("causes", "Larmet låg på ljudlöst")
    chris.presses("Spara utredningen")
    assert "Avslutad" in chris.does("Avsluta", comment="Larmen ljuder nu")

    rita.opens("/rapportera")
    assert "Larmen ljuder nu" in rita.follows(number)
    assert [rita.faults, chris.faults] == [[], []]


def test_a_lex_sarah_case_goes_to_its_end_with_ivo_told_before_the_investigation_is_done(house, new_context):
    everybody = [Person(house, new_context().new_page(), one) for one in (REPORTER, MANAGER, INVESTIGATOR, OFFICER)]
    rita, chris, uma, ava = everybody
    number = _reports(rita)
    _sees_in_short(chris, number)
    _gives_out(ava, number)
    _writes(uma, number, HEADINGS[:6])
    _notifies(ava, number)
    _writes(uma, number, HEADINGS[6:])
    uma.finds("/lex-sarah", number)
    assert "Utredning klar" in uma.does("Markera utredningen klar")
    _decides(ava, number)
    _carries_out(ava, chris, number)

    rita.opens("/rapportera")
    assert "Larmen byts ut i hela området" in rita.follows(number)
    seen = chris.finds("/lex-sarah?status=avslutade", number)
    assert "Rapporterad av" not in seen
    assert "utan hjälp" not in seen
    assert [one.faults for one in everybody] == [[], [], [], []]


def _reports(rita: Person) -> str:
    rita.opens("/rapportera")
    rita.writes("what", "En person blev utan hjälp en hel natt")
    rita.writes("happened_on", clock.today().isoformat())
    rita.writes("at_once", "Åkte dit och ringde läkare")
    rita.selects("suspected", "ja")
    told = rita.presses("Skicka rapporten")
    assert "Därför är det en lex Sarah-rapport: den utreds alltid" in told
    return NUMBER.search(told)[0]


def _sees_in_short(chris: Person, number: str) -> None:
    seen = chris.finds("/lex-sarah", number)
    assert "Du ser ärendet i korthet." in seen
    assert "utan hjälp" not in seen
    assert "Rapporterad av" not in seen
    chris.page.goto(f"{chris.page.url}/utredning")
    assert chris.heading == "Sidan finns inte"
    chris.faults.clear()  # the browser tells of the 404 that was asked for


def _gives_out(ava: Person, number: str) -> None:
    ava.finds("/lex-sarah", number)
    ava.does("Ta emot")
    ava.follows("Gör en första bedömning")
    ava.selects("assessment", "risk_allvarligt")
    ava.writes("motivation", "Natten kunde ha slutat illa")
    assert "Ska anmälas till IVO" in ava.presses("Gör en första bedömning")
    ava.follows("Ge till utredare")
    ava.page.locator("main select[name=investigator]").select_option(label="Utredare")
    assert "Utreds" in ava.presses("Ge till utredare")


def _writes(uma: Person, number: str, headings: tuple[str, ...]) -> None:
    for heading in headings:
        uma.finds("/lex-sarah", number)
        uma.follows("Utredningens rubriker")
        place = HEADINGS.index(heading) + 1
        uma.follows(f"{place}. {heading}")
        uma.writes("body", f"Under rubrik {place} står detta")
        uma.presses("Spara")
        assert f"{heading}: sparat." in uma.page.locator("body").inner_text()


def _notifies(ava: Person, number: str) -> None:
    """The anmälan is taken out while the investigation goes on: what lacks is told, and two months are given."""
    ava.finds("/lex-sarah", number)
    assert "Eget diarienummer: Skriv diarienumret nedan." in ava.follows("Anmälan till IVO")
    sheet = load_workbook(io.BytesIO(ava.downloads("Excel"))).active
    cells = " ".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell)
    paper = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(ava.downloads("PDF"))).pages)
    for found in (cells, paper):
        assert "Under rubrik 4 står detta" in found  # what happened to the person; the investigation itself is not done
        assert "Under rubrik 6" not in found
        assert "Nej, den pågår" in found
        assert "medarbetare" not in found.lower()
    ava.follows("Till ärendet")
    assert "Anmäld, utredning pågår" in ava.does("Skriv in anmälan till IVO", comment="IVO 2026-1234")


def _decides(ava: Person, number: str) -> None:
    ava.finds("/lex-sarah", number)
    ava.follows("Besluta")
    ava.selects("assessment", "allvarligt")
    ava.writes("motivation", "Personen kom till skada")
    assert "Beslutad" in ava.presses("Besluta")
    ava.does("Skriv in att utredningen är skickad till IVO")
    ava.does("Skriv in att den enskilde är informerad", comment="Ringde och skickade brev")
    ava.does("Skriv in återkopplingen till den som rapporterade", comment="Larmen byts ut i hela området")


def _carries_out(ava: Person, chris: Person, number: str) -> None:
    """An action holds the case open until it is carried out and somebody else than the responsible tells its effect."""
    today = clock.today().isoformat()
    ava.follows("Ny åtgärd")
    for name, text in {"beskrivning": "Byt larmen", "ansvarig": "Chef", "beslutad": today, "senast": today}.items():
        ava.writes(name, text)
    ava.presses("Spara åtgärden")
    ava.finds("/lex-sarah", number)
    assert "Uppföljd" in ava.does("Skriv uppföljningen", comment="Larmen svarar")
    assert "En åtgärd är inte genomförd." in ava.follows("Avsluta")
    chris.opens("/atgarder?vems=mina")
    chris.page.locator("main tbody a").first.click()
    chris.follows("Skriv hur det går")
    chris.writes("genomford", today)
    chris.presses("Spara")
    ava.finds("/lex-sarah", number)
    assert "En åtgärd är inte uppföljd." in ava.follows("Avsluta")
    ava.opens("/atgarder?lista=alla")
    ava.page.locator("main tbody a").first.click()
    ava.follows("Följ upp")
    ava.page.locator("main select[name=effekt]").select_option(index=1)
    ava.presses("Spara uppföljningen")
    ava.finds("/lex-sarah", number)
    assert "Avslutad" in ava.does("Avsluta")


def test_a_klagomal_from_somebody_outside_is_answered_and_read_with_its_code(house, new_context):
    context = new_context(viewport=PHONE)
    outside = context.new_page()
    faults = listen(outside)
    outside.goto(house.url("/synpunkt"))
    outside.locator("select[name=kind]").select_option("klagomål")
    outside.locator("textarea[name=what]").fill("Ingen svarar i telefonen på förmiddagarna")
    outside.wait_for_timeout(3_100)  # a person reads for three seconds
    outside.locator("main button").click()
    outside.wait_for_load_state()
    said = " ".join(outside.locator("main").inner_text().split())
    number, code = NUMBER.search(said)[0], re.search(r"\b(?:[A-Z2-7]{4}-){3}[A-Z2-7]{4}\b", said)[0]
    assert context.cookies() == []
    assert outside.evaluate("document.scrollingElement.scrollWidth") <= PHONE["width"]

    quinn = Person(house, new_context().new_page(), ANSWERER)
    quinn.finds("/synpunkter", number)
    quinn.does("Ta emot")
    assert "Besvarad" in quinn.does("Besvara", comment="Vi har satt in en till i växeln")

    outside.goto(house.url("/synpunkt/folj"))
    outside.locator("input[name=code]").fill(code)
    outside.locator("main button").click()
    outside.wait_for_load_state()
    said = outside.locator("main").inner_text()
    assert "Vi har satt in en till i växeln" in said
    assert "Den är besvarad." in said
    assert [faults, quinn.faults, context.cookies()] == [[], [], []]
