"""A quarter in a browser, as three people: from their own Excel to the files of every reader, each read back."""

import io
import json
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from flask_migrate import upgrade
from openpyxl import Workbook

from tests.browser.conftest import OFFICER, Site, serving
from tests.browser.person import Person
from tests.factories import make_user
from tests.reports.comparing import check_file
from tests.support import databases
from tracker import clock
from tracker.accounts import granting
from tracker.database import db
from tracker.factory import create_app
from tracker.rules.calendar import add_months
from tracker.rules.permissions import Role
from tracker.rules.quarters import Quarter
from tracker.rules.second_administrator import RequestKind

LEAD, MEMBER = "kvalitet@kommun.example", "ledamot@kommun.example"
WOMAN, MAN, UNNUMBERED_MAN = "189001019802", "191212121212", "19800101-T010"  # published test numbers, and IVO's own
FORMATS = {"json": "JSON", "csv": "CSV", "xlsx": "Hämta som Excel", "docx": "Word", "pdf": "PDF"}
READERS = ("ivo", "namnd", "revisor", "fullmaktige")
HEAD = ["Löpnr", "Pnr", "Kön", "Typ av bistånd", "Paragraf", "Målgrupp", "Besl.datum", "Avbrott", "Verkställt datum",
        "Avslut", "Orsak till avslut", "Anledning", "Först rapporterad till IVO", "Anteckning"]  # fmt: skip
NO_PROVIDER = "Resursbrist: utförare saknas"
DECLINED = "Enskild har tackat nej"
IN_FILE = 22
COUNTS = {"executed": 1, "closed": 1, "still_unexecuted": 1, "new": 13, "late_executed": 1, "late_closed": 1,
          "missed": 1}  # fmt: skip
# Waits in days: 240, 240, 200, 100, 110, 101 to 106 (621), 101 to 105 (515), 145 and 157. The ninth and the tenth of
# the eighteen are 104 and 105.
DAYS = {"sum": 2328, "median": 104.5, "max": 240}
# One individrapport of each clock in a class, and one more of each of the two that ended late.
REPORTS = 20


class Line(NamedTuple):
    """A line of their list; days as they are, None where the cell is empty."""

    ref: str
    person: str
    insats: str
    decided: date
    interrupted: date | None = None
    executed: date | None = None
    closed: date | None = None
    why_closed: str | None = None
    reason: str | None = NO_PROVIDER
    reported: date | None = None


def their_list(quarter: Quarter, today: date) -> list[Line]:
    """What stands in each class at the quarter's end, in none, and soon at three months."""
    before = quarter.before.last_day

    def ago(days: int) -> date:
        return quarter.last_day - timedelta(days=days)

    return [
        Line("EB-1", WOMAN, "Kontaktperson", ago(260), executed=ago(20), reported=before),
        Line("EB-2", MAN, "Kontaktperson", ago(250), closed=ago(10), why_closed="Flyttat", reported=before),
        Line("EB-3", MAN, "Daglig verksamhet", ago(200), reason=DECLINED, reported=before),
        Line("EB-4", WOMAN, "Daglig verksamhet", ago(100), reason=None),
        Line("EB-5", MAN, "Kontaktperson", ago(150), executed=ago(5)),
        Line("EB-6", WOMAN, "Kontaktperson", ago(160), closed=ago(3), why_closed="Behovet har upphört"),
        Line("EB-7", MAN, "Kontaktperson", ago(300), executed=ago(120)),
        Line("EB-8", UNNUMBERED_MAN, "Avlösarservice", ago(400), executed=ago(350)),
        Line("EB-8", UNNUMBERED_MAN, "Avlösarservice", ago(400), interrupted=ago(110)),
        *(Line(f"EB-{at}", WOMAN, "Ledsagning", ago(92 + at)) for at in range(9, 15)),
        *(Line(f"EB-{at}", MAN, "Ledsagning", ago(86 + at)) for at in range(15, 20)),
        Line("EB-20", WOMAN, "Ledsagning", add_months(today, -3) + timedelta(days=3)),
        Line("EB-21", MAN, "Ledsagning", add_months(today, -3) + timedelta(days=15)),
    ]


def their_workbook(lines: list[Line]) -> bytes:
    """The list as it is kept: decisions' days as 210803, those of what came later as real days, a title above."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Ej verkställda"
    sheet.append(["Ej verkställda beslut, förs av Eva"])
    sheet.append([])
    sheet.append(HEAD)
    for line in lines:
        sheet.append([
            line.ref, line.person, "K" if line.person == WOMAN else "M", line.insats, "LSS 9.4", "LSS",
            f"{line.decided:%y%m%d}", f"{line.interrupted:%y%m%d}" if line.interrupted else None, line.executed,
            line.closed, line.why_closed, line.reason, line.reported, "ringt",
        ])  # fmt: skip
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """The program before an empty register: a case officer, a quality lead, and a member of the committee."""
    url = databases.empty_database("sqlite")
    with create_app(databases.settings(url, APP_ENV="development")).app_context():
        upgrade()
        officer = make_user(OFFICER, Role.CASE_OFFICER)
        granting.ask(RequestKind.ONE_IS_ENOUGH, None, officer.id, clock.now())
        make_user(LEAD, Role.QUALITY_LEAD)
        make_user(MEMBER, Role.COMMITTEE_MEMBER)
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    with serving(url, tmp_path_factory.mktemp("server") / "log.txt") as address:
        yield Site(address, "", url.removeprefix("sqlite:///"))


class Reader(Person):
    """Who takes out files of a locked report."""

    def takes_out(self, audience: str, report_format: str) -> bytes:
        """A file of the locked report that is open, by the buttons of the page."""
        self.page.locator("form.export select[name=mottagare]").select_option(audience)
        with self.page.expect_download() as waiting:
            self.page.locator("form.export").get_by_role("button", name=FORMATS[report_format], exact=True).click()
        assert waiting.value.suggested_filename.endswith(f"-{audience}-version-1.{report_format}")
        return Path(waiting.value.path()).read_bytes()


def test_a_quarter_goes_from_their_own_list_to_every_readers_files(office, new_context):
    today = clock.today()
    quarter = Quarter.holding(today).before
    report = f"/rapporter/kvartal/{quarter.year}/{quarter.number}"
    eva, lead, member = (Reader(office, new_context().new_page(), email) for email in (OFFICER, LEAD, MEMBER))

    lines = their_list(quarter, today)
    assert len(lines) == IN_FILE
    _reads_in(eva, their_workbook(lines))
    said = eva.opens("/")
    assert "1 når tre månader inom 7 dagar" in said
    assert "1 når tre månader om 8–30 dagar" in said

    _mends(eva, f"{report}/granskning", quarter.last_day)
    assert "Inga låsta rapporter än" in member.opens("/rapporter")
    _closes(eva, lead, report)
    _sends(eva, report)

    assert "Rapporten visas inte än" in member.opens(report)
    for reader in ("nämnden", "revisorerna", "kommunfullmäktige"):
        _reviews(lead, report, reader)

    files = {}
    eva.opens(report)
    files |= {("ivo", report_format): eva.takes_out("ivo", report_format) for report_format in FORMATS}
    lead.opens(report)
    for audience in READERS[1:]:
        files |= {(audience, report_format): lead.takes_out(audience, report_format) for report_format in FORMATS}
    member.opens("/rapporter")
    member.follows(f"Kvartal {quarter.number} {quarter.year}, Vårt kvartal")
    assert {f: member.takes_out("namnd", f) for f in FORMATS} == {f: files["namnd", f] for f in FORMATS}

    for audience in READERS:
        document = json.loads(files[audience, "json"])
        _says_what_was_in_the_list(document, audience, quarter)
        for report_format in ("csv", "xlsx", "docx", "pdf"):
            check_file(document, report_format, files[audience, report_format])
    named = {(row["ref"], row["person"]) for row in json.loads(files["ivo", "json"])["rows"]}
    assert named == {(line.ref, line.person) for line in lines if line.ref not in {"EB-7", "EB-20", "EB-21"}}
    assert [eva.faults, lead.faults, member.faults] == [[], [], []]


def _reads_in(eva: Reader, workbook: bytes) -> None:
    """Their own file through every step, from the register's page."""
    eva.opens("/beslut")
    eva.follows("Läs in en egen fil")
    eva.page.locator("input[type=file]").set_input_files(
        {"name": "Vår lista.xlsx", "mimeType": "application/octet-stream", "buffer": workbook}
    )
    eva.presses("Fortsätt")
    assert eva.page.locator("input[name=head_row]:checked").get_attribute("value") == "3"
    eva.presses("Fortsätt")
    assert eva.heading == "Vad är kolumnerna?"
    chosen = [box.input_value() for box in eva.page.locator(".column-choices select").all()]
    assert chosen == [
        "ref", "person", "kon", "insats", "lagrum", "omrade", "beslutsdatum", "avbrottsdatum", "verkstalld",
        "avslutad", "avslutsorsak", "skal", "forst_rapporterad", "",
    ]  # fmt: skip
    eva.presses("Fortsätt")
    assert eva.heading == "Hur är datum och värden skrivna?"
    for name in ("datum_beslutsdatum", "datum_avbrottsdatum"):
        eva.chooses(name, "aammdd")
    eva.presses("Granska")
    assert eva.heading == "Granska och spara"
    assert f"{IN_FILE} nya" in eva.text
    assert f"Filen är inläst: {IN_FILE} nya, 0 ändrade, 0 oförändrade" in eva.presses("Spara")


def _mends(eva: Reader, check: str, cutoff_on: date) -> None:
    """What the preflight finds is mended through its own links: a reason, and an offer."""
    assert "2 individrapporter behöver kompletteras · 16 av 18 är hela" in eva.opens(check)
    eva.follows("Komplettera EB-4: skäl till dröjsmålet saknas")
    eva.page.locator("main select[name=skal]").select_option(NO_PROVIDER)
    eva.page.locator("main form button[type=submit]").click()
    eva.page.wait_for_load_state()
    assert "1 individrapport behöver kompletteras" in eva.opens(check)
    assert "Ingen kontakt på sex månader, 1" in eva.text
    eva.follows("Komplettera EB-3: tackat nej, men inget erbjudande är noterat")
    eva.writes("dag", f"{cutoff_on - timedelta(days=30)}")
    eva.writes("vad", "Plats på daglig verksamhet i Ekeby")
    eva.page.locator("main select[name=svar]").select_option(label="Tackat nej")
    eva.writes("svarsdag", f"{cutoff_on - timedelta(days=25)}")
    eva.page.locator("main form button[type=submit]").click()
    eva.page.wait_for_load_state()
    assert "Inget saknas · 18 av 18 är hela" in eva.opens(check)


def _closes(eva: Reader, lead: Reader, report: str) -> None:
    """One marks it ready, and may not lock it; another does."""
    eva.opens(report)
    eva.follows("Markera klar")
    eva.writes("rubrik", "Vårt kvartal")
    assert "Rapporten är markerad som klar. Nu kan någon annan låsa den." in eva.presses("Markera klar")
    assert eva.page.get_by_role("link", name="Lås rapporten").count() == 0
    lead.opens(report)
    lead.follows("Lås rapporten")
    assert "18 klockor räknas som rapporterade" in lead.text
    assert "Rapporten är låst, version 1." in lead.presses("Lås rapporten")


def _sends(eva: Reader, report: str) -> None:
    """One individrapport of each of IVO's types is marked as sent."""
    eva.opens(report)
    eva.follows("Individrapporter till IVO")
    assert f"0 av {REPORTS} sända" in eva.text
    for sent, link in enumerate(
        ("EB-4, ny", "EB-3, fortfarande ej verkställd", "EB-1, verkställd", "EB-2, avslutad"), start=1
    ):
        eva.opens(f"{report}/ivo")
        eva.follows(link)
        assert "Inget saknas" in eva.text, link
        eva.presses("Markera som sänd")
        assert f"{sent} av {REPORTS} sända" in eva.opens(f"{report}/ivo")


def _reviews(lead: Reader, report: str, reader: str) -> None:
    """The sekretessprövning of what a reader gets."""
    lead.opens(report)
    link = next(
        link for link in lead.page.locator("main a").all() if f"Pröva rapporten till {reader}" in link.inner_text()
    )
    link.click()
    lead.page.wait_for_load_state()
    lead.chooses("result", "ja")
    lead.writes("note", "Inga uppgifter pekar ut någon.")
    assert "Sekretessprövningen är sparad: rapporten får lämnas ut." in lead.presses("Spara prövningen")


def _says_what_was_in_the_list(document: dict, audience: str, quarter: Quarter) -> None:
    """The figures worked out by hand from the list; the council's rows are none, and its small numbers hidden."""
    said = {name: document[name] for name in ("audience", "year", "quarter", "cutoff", "previous_cutoff", "locked")}
    assert said == {
        "audience": audience, "year": quarter.year, "quarter": quarter.number, "locked": True,
        "cutoff": quarter.last_day.isoformat(), "previous_cutoff": quarter.before.last_day.isoformat(),
    }  # fmt: skip
    assert document["counts"] == COUNTS
    led = {group["kon"]: group["counts"]["new"] for group in document["groups"] if group["insats"] == "Ledsagning"}
    assert led == {"kvinna": 6, "man": 5}
    if audience == "fullmaktige":
        assert document["rows"] == []
        shown = [n for group in document["groups"] for n in (*group["counts"].values(), *group["bins"].values())]
        assert not {1, 2, 3, 4} & set(shown)
        return
    assert document["days"] == DAYS
    assert len(document["rows"]) == sum(COUNTS.values()) - COUNTS["missed"]
