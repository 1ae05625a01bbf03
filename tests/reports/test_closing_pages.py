"""A quarter is closed on the pages: compared, marked ready, locked by another, reviewed, and read by its readers."""

import csv
import io
import json
from datetime import date, time

import pytest

from tests.decisions.running import run
from tests.factories import PASSWORD, make_decisions, make_unit, make_user
from tests.frozen.locking import lock
from tests.reports.reviewing import taken_out
from tests.reports.test_published_figures import PUBLISHED
from tests.support.pages import PageClient
from tracker.audit.models import AuditRead
from tracker.database import db
from tracker.frozen.queries import get_file, list_versions
from tracker.reports.locking import key_of
from tracker.rules.quarters import Quarter

pytestmark = pytest.mark.usefixtures("quick_papers")

TODAY = date(2022, 2, 15)
QUARTER = "/rapporter/kvartal/2021/4"
DAYS = {"avstamning": "2022-01-31", "foregaende": "2021-10-31"}
PERSON = "191212121212"


@pytest.fixture
def today(app, frozen_day):
    frozen_day(TODAY)
    return app


@pytest.fixture
def published(today):
    assert run(today, "import", "decisions", PUBLISHED).code == 0
    return today


def person(app, role, unit=None):
    visitor = PageClient(app)
    visitor.sign_in(make_user(f"{role}{unit or ''}@kommun.example", role, unit=unit).email, PASSWORD)
    return visitor


def make_ready(visitor, title="Kvartal 1 2022", **days):
    visitor.get(f"{QUARTER}/klar")
    return visitor.submit({**DAYS, **days, "rubrik": title}, form="avstamning")


def lock_it(visitor, **fields):
    visitor.get(f"{QUARTER}/las")
    return visitor.submit(fields, form="digest")


def newest():
    return list_versions(key_of(Quarter(2021, 4)))[0]


class TestReadyAndLocked:
    def test_one_marks_it_ready_another_locks_it_and_it_stands_on_the_page(self, published):
        eva, lead = person(published, "handlaggare"), person(published, "kvalitet")
        assert "Rapporten är markerad som klar" in make_ready(eva).text
        assert "Handlaggare markerade rapporten klar" in lead.get(f"{QUARTER}?utkast=1").text
        page = lock_it(lead)
        assert "Rapporten är låst, version 1." in page.text
        assert "Låst version 1" in page.text
        assert "Kvartal 1 2022" in page.text
        assert [text.split()[0] for text in page.links if text.endswith("sedan förra rapporten")] == ["10"]
        assert len(page.table("Nya att rapportera").rows) == 5
        assert "Låst, version 1" in lead.get("/rapporter").text
        assert newest().local_title == "Kvartal 1 2022"

    def test_who_marked_it_ready_is_told_to_ask_somebody_else(self, published):
        lead = person(published, "kvalitet")
        make_ready(lead)
        assert "Du har själv markerat rapporten klar" in lead.get(f"{QUARTER}/las").text

    def test_what_is_not_ready_says_what_to_do_first(self, published):
        assert "Rapporten är inte markerad som klar" in person(published, "kvalitet").get(f"{QUARTER}/las").text

    def test_a_register_that_changes_meanwhile_is_marked_anew(self, published):
        eva, lead = person(published, "handlaggare"), person(published, "kvalitet")
        make_ready(eva)
        lead.get(f"{QUARTER}/las")
        token = lead.token()
        make_decisions([{"ref": "B-13", "beslutsdatum": "2020-10-26", "kon": "man"}])
        assert "Registret har ändrats sedan Handlaggare markerade" in lead.get(f"{QUARTER}/las").text
        page = lead.post(f"{QUARTER}/las", {"csrf_token": token, "digest": "x"}, status=422)
        assert "markera den klar på nytt" in page.text
        assert list_versions(key_of(Quarter(2021, 4))) == []

    def test_what_was_seen_is_what_is_marked(self, published):
        eva = person(published, "handlaggare")
        make_ready(eva)
        eva.get(f"{QUARTER}/klar")
        make_decisions([{"ref": "B-13", "beslutsdatum": "2020-10-26", "kon": "man"}])
        page = eva.submit({"rubrik": "annan"}, form="avstamning", status=409)
        assert "Registret har ändrats sedan du öppnade sidan" in page.text

    def test_it_can_be_taken_back(self, published):
        eva = person(published, "handlaggare")
        make_ready(eva)
        eva.get(f"{QUARTER}/klar")
        page = eva.submit({}, form="Ta tillbaka: inte klar")
        assert "inte längre markerad som klar" in page.text

    def test_what_somebody_else_has_marked_anew_is_not_taken_back(self, published):
        eva, lead = person(published, "handlaggare"), person(published, "kvalitet")
        make_ready(eva)
        eva.get(f"{QUARTER}/klar")
        make_ready(lead, "Kvartal 4")
        page = eva.submit({}, form="Ta tillbaka: inte klar")
        assert "Någon annan har ändrat under tiden" in page.text
        assert "Kvalitet markerade rapporten klar" in page.text

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"avstamning": "2022-13-01"}, "Datumet går inte att läsa"),
            ({"foregaende": "2022-02-01"}, "måste ligga före avstämningsdatum"),
            ({"rubrik": f"Om {PERSON}"}, "personnummer"),
            ({"rubrik": "Kvartal 4, utom B-13"}, "Rubriken nämner beslutet B-13"),
        ],
    )
    def test_wrong_days_and_titles_are_told_beside_their_fields(self, published, fields, said):
        eva = person(published, "handlaggare")
        eva.get(f"{QUARTER}/klar")
        assert said in eva.submit(DAYS | fields, form="avstamning", status=422).text

    def test_a_part_of_the_house_closes_nothing(self, today):
        make_unit("Vuxen")
        eva = person(today, "handlaggare", "Vuxen")
        for step in ("klar", "jamforelse", "sekretess"):
            eva.get(f"{QUARTER}/{step}", status=403)
        assert "Markera klar" not in eva.get(QUARTER).text

    def test_a_correction_asks_why_and_both_versions_can_be_read(self, published):
        eva, lead = person(published, "handlaggare"), person(published, "kvalitet")
        make_ready(eva)
        lock_it(lead)
        make_decisions([{"ref": "B-13", "beslutsdatum": "2020-10-26", "verkstalld": "2022-01-15"}])
        page = lead.get(QUARTER)
        assert "Registret och den låsta rapporten skiljer sig nu." in page.text
        make_ready(eva)
        lead.get(f"{QUARTER}/las")
        assert "Skriv varför den låsta rapporten rättas" in lead.submit({"reason": ""}, form="digest", status=422).text
        page = lead.submit({"reason": "B-13 var verkställt"}, form="digest")
        assert "Låst version 2" in page.text
        assert "Rapporten rättades: B-13 var verkställt" in page.text
        earlier = lead.get(f"{QUARTER}?version=1")
        assert "Den här versionen är ersatt" in earlier.text
        assert "Låst version 1" in earlier.text
        lead.get(f"{QUARTER}?version=3", status=404)


class TestComparison:
    def test_it_tells_what_has_come_gone_and_changed(self, published, frozen_day):
        lead = person(published, "kvalitet")
        lock(make_user("las@kommun.example", "kvalitet").id, 2021, 4, date(2022, 1, 31), date(2021, 10, 31))
        make_decisions(
            [
                {"ref": "B-13", "beslutsdatum": "2020-10-26", "verkstalld": "2022-01-15"},
                {"ref": "B-14", "beslutsdatum": "2020-12-10", "kon": "man"},
                {"ref": "NY-1", "beslutsdatum": "2021-09-01"},
                {"ref": "B-29", "beslutsdatum": "2021-08-26", "verkstalld": "2021-11-01"},
            ]
        )
        page = lead.get(f"{QUARTER}/jamforelse")
        moved = page.table("Har bytt klass").rows
        assert [row[0] for row in moved] == ["B-13"]
        assert moved[0][1:3] == ["Återrapportering, ännu inte verkställda", "Återrapportering, verkställda"]
        assert page.table("Har kommit till").column("Beslut") == ["NY-1"]
        gone = page.table("Har försvunnit").rows
        assert [row[0] for row in gone] == ["B-29"]
        assert "inom tre månader" in gone[0][3]
        assert page.table("Står i samma klass").column("Beslut") == ["B-14"]
        assert "30 klockor står som i den låsta rapporten" in page.text

    def test_before_anything_is_locked_it_says_so(self, published):
        assert "Inget att jämföra med än" in person(published, "kvalitet").get(f"{QUARTER}/jamforelse").text

    def test_the_next_quarter_is_laid_beside_the_locked_one(self, published):
        lock(make_user("las@kommun.example", "kvalitet").id, 2021, 4, date(2022, 1, 31), date(2021, 10, 31))
        page = person(published, "handlaggare").get("/rapporter/kvartal/2022/1/jamforelse")
        assert "mot kvartal 4 2021, version 1" in page.text
        assert len(page.table("Har bytt klass").rows) == 5  # the new ones
        assert len(page.table("Har försvunnit").rows) == 12  # ten executed and two closed
        assert "Står i samma klass med andra uppgifter, 0" in page.text  # that they have waited longer is nothing new
        assert "16 klockor står som i den låsta rapporten" in page.text


class TestReaders:
    @pytest.fixture
    def locked(self, published):
        return lock(make_user("las@kommun.example", "kvalitet").id, 2021, 4, date(2022, 1, 31), date(2021, 10, 31))

    @pytest.mark.parametrize(
        ("role", "audience"), [("namnd", "namnd"), ("revisor", "revisor"), ("sekreterare", "namnd")]
    )
    def test_the_committee_and_the_auditors_read_theirs_once_it_has_been_reviewed(
        self, published, locked, role, audience
    ):
        reader = person(published, role)
        assert "sekretessprövningen är inte klar" in reader.get(QUARTER).text
        address = f"{QUARTER}/version/1/export.json?mottagare={audience}"
        reader.get(address, status=403)
        taken_out(person(published, "kvalitet"), address)
        page = reader.get(QUARTER)
        assert len(page.table("Nya att rapportera").rows) == 5
        assert "B-01" not in page.text
        assert reader.get(address).data == get_file(locked.id, audience, "json")
        for other in {"intern", "ivo", "namnd", "revisor"} - {audience}:
            reader.get(f"{QUARTER}/version/1/export.json?mottagare={other}", status=403)

    def test_what_may_not_leave_stays(self, published, locked):
        lead = person(published, "kvalitet")
        address = f"{QUARTER}/version/1/export.csv?mottagare=namnd"
        assert lead.get(address).heading == "Sekretessprövning"
        lead.submit({"result": "nej", "note": "En rad pekar ut någon."}, form="note")
        assert lead.get(address).heading == "Sekretessprövning"
        assert "sekretessprövningen är inte klar" in person(published, "namnd").get(QUARTER).text
        assert "En rad pekar ut någon." in lead.get(f"{QUARTER}/sekretess?mottagare=namnd&version=1").text

    def test_a_review_is_of_exactly_what_leaves(self, published):
        lead = person(published, "kvalitet")
        address = f"{QUARTER}/export.csv?mottagare=namnd"
        assert taken_out(lead, address).response.mimetype == "text/csv"
        make_decisions([{"ref": "NY-1", "beslutsdatum": "2021-09-01"}])
        assert lead.get(address).heading == "Sekretessprövning"

    def test_a_review_of_what_has_changed_meanwhile_is_not_kept(self, published):
        lead = person(published, "kvalitet")
        lead.get(f"{QUARTER}/sekretess?mottagare=namnd")
        make_decisions([{"ref": "NY-1", "beslutsdatum": "2021-09-01"}])
        page = lead.submit({"result": "ja", "note": "Prövat."}, form="note", status=409)
        assert "Registret har ändrats" in page.text

    @pytest.mark.parametrize(
        ("fields", "said"),
        [({"note": "Prövat."}, "Välj vad prövningen"), ({"result": "ja", "note": ""}, "Skriv vad du har prövat"),
         ({"result": "ja", "note": f"om {PERSON}"}, "personnummer")],
    )  # fmt: skip
    def test_a_review_without_its_parts_is_refused(self, published, fields, said):
        lead = person(published, "kvalitet")
        lead.get(f"{QUARTER}/sekretess?mottagare=namnd")
        assert said in lead.submit(fields, form="note", status=422).text

    def test_ivos_file_asks_for_the_password_and_is_noted_person_by_person(self, today, frozen_day):
        make_decisions([{"ref": "B-01", "beslutsdatum": "2021-09-01", "person": PERSON}])
        lock(make_user("las@kommun.example", "kvalitet").id, 2021, 4)
        eva, lead = person(today, "handlaggare"), person(today, "kvalitet")
        address = f"{QUARTER}/version/1/export.csv?mottagare=ivo"
        lead.get(address, status=403)
        rows = list(csv.DictReader(io.StringIO(eva.get(address).data.decode("utf-8-sig")), delimiter=";"))
        assert [row["person"] for row in rows] == [PERSON]
        db.session.rollback()
        noted = [read for read in db.session.query(AuditRead) if read.kind == "identity"]
        assert len(noted) == 1
        frozen_day(TODAY, time(11, 16))
        assert eva.get(address).path.startswith("/bekrafta")

    def test_ivos_draft_holds_persons_for_those_who_may_know_them_alone(self, today):
        make_decisions([{"ref": "B-01", "beslutsdatum": "2021-09-01", "person": PERSON}])
        eva, lead = person(today, "handlaggare"), person(today, "kvalitet")
        found = json.loads(eva.get(f"{QUARTER}/export.json?mottagare=ivo").data)
        assert [row["person"] for row in found["rows"]] == [PERSON]
        lead.get(f"{QUARTER}/export.json?mottagare=ivo", status=403)
        assert "IVO, med identiteter" not in lead.get(QUARTER).text
