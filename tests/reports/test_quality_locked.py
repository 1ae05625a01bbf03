"""A year of quality that is locked: its bytes, its corrections, who reads which of them, what is told of it."""

import json
from datetime import date

import pytest

from tests.audit.trails import entries, parts, verdict
from tests.cases.office import CaseOffice
from tests.cases.published_year import lines
from tests.decisions.running import run
from tests.factories import PASSWORD, make_unit, make_user
from tests.reports.locked_quality import lock_quality_year, write
from tests.support.pages import PageClient
from tests.support.papers import quick_papers
from tracker.accounts.queries import find_user
from tracker.frozen.queries import get_file, list_checksums, list_reviews, list_versions
from tracker.frozen.years import quality_key

EVA = "eva@kommun.example"
PAGE = "/rapporter/kvalitet/2021"
LEX_SARAH = "ref;enhet;mottagen;bedomning;beslutad"
FORMATS = ("json", "csv", "xlsx", "docx", "pdf")


@pytest.fixture
def office(app, tmp_path, frozen_day):
    """On 15 February 2022: 20 reports of Vuxen, 9 of Barn, 3 of Liten; a text; and who locks."""
    frozen_day(date(2022, 2, 15))
    for name in ("Vuxen", "Barn", "Liten"):
        make_unit(name)
    made = CaseOffice(app, tmp_path)
    rows = [
        (f"L{n}", "Vuxen" if n < 20 else "Barn" if n < 29 else "Liten", "2021-03-01", "inget" if n < 30 else "risk",
         "2021-04-01") for n in range(32)
    ]  # fmt: skip
    made.imports("lex-sarah", lines(LEX_SARAH, *rows))
    write(goals=("Målen nåddes.", 0))
    make_user(EVA, "kvalitet", name="Eva Ek")
    return made


@pytest.fixture
def lead():
    return find_user(EVA).id


def change(office: CaseOffice) -> None:
    """Another report, and another text."""
    office.imports("lex-sarah", lines(LEX_SARAH, ("L99", "Barn", "2021-05-01", "", "")))
    write(goals=("Målen nåddes inte.", 1))


def files(audience: str, number: int = 1) -> dict[str, bytes]:
    """Every file of an audience."""
    version = next(one for one in list_versions(quality_key(2021)) if one.version == number)
    shapes = [shape for of, shape in list_checksums(version.id) if of == audience]
    return {shape: get_file(version.id, audience, shape) for shape in shapes}


def reader(office: CaseOffice, *roles: str, name: str = "las", unit: str | None = None) -> PageClient:
    visitor = PageClient(office.app)
    visitor.sign_in(make_user(f"{name}-{roles[0]}@kommun.example", *roles, unit=unit).email, PASSWORD)
    return visitor


class TestTheBytes:
    """What was locked stays."""

    def test_every_audience_has_every_format_and_the_story_whatever_is_changed(self, office, lead, frozen_day):
        lock_quality_year(lead)
        before = {audience: files(audience) for audience in ("intern", "namnd", "revisor")}
        expected = {*FORMATS, "text.docx", "text.pdf", "underlag"}
        assert {audience: set(found) for audience, found in before.items()} == dict.fromkeys(before, expected)
        change(office)
        frozen_day(date(2022, 3, 1))
        visitor = reader(office, "kvalitet")
        for audience, found in before.items():
            for shape in FORMATS:
                path = f"{PAGE}/export.{shape}?mottagare={audience}"
                assert visitor.get(path).data == found[shape]
            for shape in ("docx", "pdf"):
                path = f"{PAGE}/berattelse.{shape}?mottagare={audience}"
                assert visitor.get(path).data == found[f"text.{shape}"]
        page = visitor.get(f"{PAGE}/berattelse")
        assert "Målen nåddes." in page.text
        assert "Låst version 1" in page.text
        assert "Register eller texter säger något annat nu" in page.text
        page = visitor.get(f"{PAGE}/berattelse?utkast=1")
        assert "Målen nåddes inte." in page.text
        assert json.loads(visitor.get(f"{PAGE}/export.json?utkast=1").data)["lex_sarah"]["received"] == 33

    def test_the_trail_holds_each_checksum(self, office, lead):
        version = lock_quality_year(lead)
        (entry,) = [one for one in entries() if one.action == "report.locked"]
        told = json.loads(parts(entry.id)[0].open_values)
        checksums = list_checksums(version.id)
        assert len(checksums) == 24
        for (audience, shape), checksum in checksums.items():
            assert told[f"{audience}.{shape}"] == [None, checksum]
        assert (entry.target_kind, entry.target_id, verdict().whole) == ("report", version.id, True)

    def test_the_papers_say_which_version_they_are(self, office, lead):
        lock_quality_year(lead)
        found = files("namnd")
        for shape in ("docx", "pdf", "text.docx", "text.pdf"):
            assert b"L\xc3\xa5st version 1" in found[shape]
            assert b"UTKAST" not in found[shape]

    def test_small_numbers_leave_the_house_together(self, office, lead):
        """Vuxen 20, Barn 9, Liten 3: 3 alone is the difference. Of the degrees 30 and 2, neither is told."""
        lock_quality_year(lead)
        inside, outside = (json.loads(files(audience)["json"]) for audience in ("intern", "namnd"))
        assert [row["received"] for row in inside["lex_sarah"]["by_unit"]] == [20, 9, 3]
        assert inside["lex_sarah"]["by_assessment"] == {
            "inget": 30, "risk": 2, "missforhallande": 0, "risk_allvarligt": 0, "allvarligt": 0,
        }  # fmt: skip
        assert outside["lex_sarah"]["by_unit"] == [
            {"unit": "Vuxen", "received": 20}, {"unit": "Övriga enheter", "received": 12},
        ]  # fmt: skip
        assert outside["lex_sarah"]["by_assessment"] == {
            "inget": None, "risk": None, "missforhallande": 0, "risk_allvarligt": 0, "allvarligt": 0,
        }  # fmt: skip
        assert (outside["audience"], outside["suppressed_below"]) == ("namnd", 5)
        assert outside["lex_sarah"]["received"] == 32
        for data in files("namnd").values():
            assert b"Liten" not in data
        page = reader(office, "namnd").get(PAGE)
        assert page.table("Lex Sarah, efter bedömning").column("Antal") == ["visas inte", "visas inte", "0", "0", "0"]


class TestReaders:
    """Who reads which of them."""

    def test_committee_secretary_and_auditors_read_theirs_and_no_draft(self, office, lead):
        for role in ("namnd", "sekreterare", "revisor"):
            visitor = reader(office, role)
            page = visitor.get(PAGE)
            assert page.heading == "Kvalitetsrapporten 2021 är inte låst än"
            visitor.get(f"{PAGE}/export.json", status=404)
            visitor.get(f"{PAGE}/berattelse.pdf", status=404)
        lock_quality_year(lead)
        for role, audience, other in (("namnd", "namnd", "revisor"), ("revisor", "revisor", "namnd")):
            visitor = reader(office, role, name="efter")
            assert visitor.get(f"{PAGE}/export.json").data == files(audience)["json"]
            assert visitor.get(f"{PAGE}/berattelse.pdf").data == files(audience)["text.pdf"]
            assert "Målen nåddes." in visitor.get(f"{PAGE}/berattelse").text
            for asked in (other, "intern", "ivo", "fullmaktige"):
                visitor.get(f"{PAGE}?mottagare={asked}", status=404)
                visitor.get(f"{PAGE}/export.json?mottagare={asked}", status=404)
            assert "Utkast" not in visitor.get(f"{PAGE}?utkast=1").text
            assert visitor.get("/rapporter").links["Kvalitet 2021"] == PAGE

    def test_who_reads_a_part_of_the_house_gets_the_draft_of_it(self, office, lead):
        lock_quality_year(lead)
        visitor = reader(office, "ansvarig", unit="Barn")
        assert json.loads(visitor.get(f"{PAGE}/export.json").data)["lex_sarah"]["received"] == 9
        visitor.get(f"{PAGE}?version=1", status=404)

    def test_an_unknown_version_is_not_found(self, office, lead):
        lock_quality_year(lead)
        visitor = reader(office, "kvalitet")
        asked = (f"{PAGE}?version=2", f"{PAGE}?version=x", "/rapporter/kvalitet/2020?version=1", f"{PAGE}?version=1")
        assert [visitor.get(path, status=None).status for path in asked] == [404, 404, 404, 200]


class TestLocking:
    """On the page and on the command line."""

    def test_the_page_tells_what_is_not_written_asks_for_the_review_and_locks(self, office):
        eva = PageClient(office.app)
        eva.sign_in(EVA, PASSWORD)
        page = eva.get(f"{PAGE}/las")
        assert "Inget är skrivet under: Ansvar och organisation, " in page.text
        page = eva.submit({}, form="digest", status=422)
        assert "Läs texterna och tabellerna och kryssa i att du har prövat dem." in page.text
        with quick_papers():
            page = eva.submit({"reviewed": "y"}, form="digest")
        assert "Kvalitetsrapporten är låst, version 1." in page.text
        reviews = {row.audience: (row.released, row.by) for row in list_reviews(quality_key(2021))}
        assert reviews == {"namnd": (True, "Eva Ek"), "revisor": (True, "Eva Ek")}

    def test_what_was_changed_since_the_page_was_opened_is_looked_at_again(self, office):
        eva = PageClient(office.app)
        eva.sign_in(EVA, PASSWORD)
        eva.get(f"{PAGE}/las")
        change(office)
        page = eva.submit({"reviewed": "y"}, form="digest", status=409)
        assert "har ändrats sedan du öppnade sidan" in page.text
        assert list_versions(quality_key(2021)) == []

    def test_a_correction_needs_a_reason_and_keeps_the_old_one(self, office, lead):
        lock_quality_year(lead)
        old = files("namnd")
        change(office)
        eva = PageClient(office.app)
        eva.sign_in(EVA, PASSWORD)
        eva.get(f"{PAGE}/las")
        page = eva.submit({"reviewed": "y"}, form="digest", status=422)
        assert "Skriv varför den låsta rapporten rättas." in page.text
        with quick_papers():
            page = eva.submit({"reviewed": "y", "reason": "En rapport saknades"}, form="digest")
        assert "version 2." in page.text
        assert "Rättad: En rapport saknades" in page.text
        assert "Rättad" not in reader(office, "namnd").get(PAGE).text
        assert files("namnd", 1) == old
        assert json.loads(files("intern", 2)["json"])["lex_sarah"]["received"] == 33
        visitor = reader(office, "revisor")
        page = visitor.get(f"{PAGE}/berattelse?version=1")
        assert "Den här versionen har ersatts." in page.text
        assert "Målen nåddes." in page.text
        assert "Målen nåddes inte." in visitor.get(f"{PAGE}/berattelse").text

    def test_a_year_that_is_not_over_is_locked_up_to_a_day_that_has_been(self, office, frozen_day):
        frozen_day(date(2021, 12, 30))
        eva = PageClient(office.app)
        eva.sign_in(EVA, PASSWORD)
        page = eva.get(f"{PAGE}/las")
        assert "Avstämningsdatum 2021-12-31 har inte varit än." in page.text
        eva.get(f"{PAGE}/las?avstamning=2021-12-30")
        with quick_papers():
            eva.submit({"reviewed": "y"}, form="digest")
        assert [one.cutoff_on for one in list_versions(quality_key(2021))] == [date(2021, 12, 30)]

    def test_the_command_locks_gives_the_locked_one_and_corrects(self, office, tmp_path):
        def report(*options: object):
            with quick_papers():
                return run(office.app, "report", "quality", 2021, *options)

        assert report("--lock").code != 0
        ran = report("--lock", "--by", EVA)
        assert (ran.code, ran.err.splitlines()[0]) == (0, "Låste kvalitetsrapporten som version 1")
        before = ran.out
        change(office)
        assert report().out == before
        assert json.loads(report("--cutoff", "2021-12-31").out)["lex_sarah"]["received"] == 33
        assert json.loads(report("--audience", "namnd").out)["audience"] == "namnd"
        again = report("--lock", "--by", EVA)
        assert again.code == 1
        assert "redan låst" in again.err
        assert report("--lock", "--by", EVA, "--reason", "Fel").code == 0
        assert json.loads(report().out)["lex_sarah"]["received"] == 33
        assert report("--version", "1").out == before
        assert report("--version", "3").code == 1
        bo = make_user("bo@kommun.example", "kvalitet", unit="Barn")
        assert report("--lock", "--by", bo.email, "--reason", "Fel").code == 1
        assert json.loads(report("--by", bo.email).out)["lex_sarah"]["received"] == 10
