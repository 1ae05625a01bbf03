"""Who sees which part of the log: by unit; protected records by their id; never who reported."""

import pytest

from tests.decisions.lists import csv_rows, xlsx_rows
from tests.log_review.events import at, entry, make_record, read
from tests.log_review.test_search import rows, what
from tracker.log_review import queries

REPORTER = "Rapportören (visas enligt regeln för rapportörer)"
PERIOD = "fran=2026-11-01&till=2026-11-23"


@pytest.fixture
def units(people):
    """One reading of a record at each of three units, a sign-in and an export without a record."""
    v, v1, b = make_record("V-0", "Vuxen"), make_record("V-1", "Vuxen natt"), make_record("B-0", "Barn")
    for number, name in ((v, "anna"), (v1, "bo"), (b, "carin")):
        read(at("2026-11-10"), people[name], record_id=number)
    entry(at("2026-11-11"), people["anna"], "sign_in.done", names=[])
    read(at("2026-11-12"), people["carin"], "export", what="beslut")
    return {"V-0": v, "V-1": v1, "B-0": b} | people


class TestReach:
    """The role is held for a unit and below."""

    def test_who_reviews_everything_sees_everything(self, units, sign_in):
        assert len(rows(sign_in().get("/logg"))) == 5

    def test_who_reviews_a_part_sees_what_is_about_its_records(self, units, sign_in):
        visitor = sign_in("Vuxen")
        assert what(visitor.get("/logg")) == [("Anna Ek", "Öppnade posten", "V-0")]
        assert [row["post"] for row in csv_rows(visitor.get("/logg/export.csv"))] == ["V-0"]
        assert [row["post"] for row in xlsx_rows(visitor.get("/logg/export.xlsx"))] == ["V-0"]
        for query in ("person=bo", "person=carin", "post=B-0", "vad=handelse:sign_in.done", "vad=lasning:export"):
            assert rows(visitor.get(f"/logg?{query}")) == []
            assert csv_rows(visitor.get(f"/logg/export.csv?{query}")) == []

    @pytest.mark.parametrize("query", ["", "&person=anna", "&flik=lasningar", "&vad=lasning:record"])
    @pytest.mark.parametrize("few", [0, 500])
    def test_a_long_period_lists_the_same_whichever_way_it_is_found(self, units, sign_in, monkeypatch, query, few):
        monkeypatch.setattr(queries, "FEW", few)
        visitor = sign_in("Vuxen")
        address = f"/logg?fran=2020-01-01&till=2026-12-31{query}"
        assert what(visitor.get(address)) == [("Anna Ek", "Öppnade posten", "V-0")]
        assert len(csv_rows(visitor.get(address.replace("/logg?", "/logg/export.csv?")))) == 1

    def test_a_unit_outside_lists_nothing(self, units, sign_in):
        visitor = sign_in("Vuxen")
        for number in (1, 999_999):
            assert rows(visitor.get(f"/logg?enhet={number}")) == []
            assert csv_rows(visitor.get(f"/logg/export.csv?enhet={number}")) == []

    def test_records_and_people_outside_are_not_found(self, units, sign_in):
        visitor = sign_in("Vuxen")
        assert visitor.get(f"/logg/post/{units['V-0']}").heading == "V-0 i loggen"
        assert visitor.get(f"/logg/person/{units['anna']}").heading == "Anna Ek i loggen"
        for path in (
            f"/logg/post/{units['B-0']}",
            f"/logg/person/{units['carin']}",
            f"/logg/person/{units['bo']}",
            "/logg/post/999999",
            "/logg/person/999999",
        ):
            assert visitor.get(path, status=404).heading == "Sidan finns inte"

    def test_a_person_page_of_a_part_shows_that_part(self, units, sign_in):
        page = sign_in("Vuxen").get(f"/logg/person/{units['anna']}")
        assert [row[1] for row in page.table("Vad personen").rows] == ["Öppnade posten"]

    def test_files_that_may_have_held_a_record_are_for_who_sees_them_all(self, units, sign_in):
        one = sign_in()
        page = one.get(f"/logg/post/{units['V-0']}?flik=exporter")
        assert [row[1:3] for row in page.table("Vem").rows] == [["Carin Örn", "Exporterade en lista"]]
        part = sign_in("Vuxen", "del@kommun.example")
        page = part.get(f"/logg/post/{units['V-0']}?flik=exporter")
        assert "Exporterade" not in page.text
        assert "Exporter som kan ha innehållit posten" not in page.links

    def test_an_import_stands_on_the_page_of_each_record_it_changed(self, units, sign_in):
        entry(at("2026-11-15"), units["bo"], "records.imported", parts_of=[units["V-0"], units["B-0"]])
        page = sign_in("Vuxen").get(f"/logg/post/{units['V-0']}")
        assert [row[1:3] for row in page.table("Vem").rows] == [
            ["Bo Lind", "Fil inläst"],
            ["Anna Ek", "Öppnade posten"],
        ]


class TestProtected:
    """A protected record is its id: no number, no unit."""

    @pytest.fixture
    def protected(self, people):
        number = make_record("HEMLIG-REF-9", "Gömda enheten", protected=True)
        read(at("2026-11-10"), people["anna"], record_id=number)
        return number

    def test_it_is_shown_by_its_id_only(self, protected, sign_in):
        visitor = sign_in()
        for path in (f"/logg?{PERIOD}", f"/logg/post/{protected}?{PERIOD}", f"/logg/export.csv?{PERIOD}"):
            page = visitor.get(path)
            assert "HEMLIG-REF-9" not in page.response.text
        assert what(visitor.get("/logg")) == [("Anna Ek", "Öppnade posten", f"Skyddad post {protected}")]
        (row,) = csv_rows(visitor.get("/logg/export.csv"))
        assert (row["post"], row["enhet"]) == (f"Skyddad post {protected}", "")
        page = visitor.get(f"/logg/post/{protected}")
        assert page.heading == f"Skyddad post {protected} i loggen"
        assert "Gömda enheten" not in page.text

    def test_its_number_finds_nothing_and_its_id_does(self, protected, sign_in):
        visitor = sign_in()
        assert rows(visitor.get("/logg?post=HEMLIG-REF-9")) == []
        assert len(rows(visitor.get(f"/logg?post=skyddad+post+{protected}"))) == 1
        assert len(csv_rows(visitor.get(visitor.get(f"/logg/post/{protected}").links["CSV"]))) == 1

    def test_the_id_of_an_ordinary_record_does_not_answer_to_that(self, people, sign_in):
        number = make_record("B-1", "Barn")
        read(at("2026-11-10"), people["anna"], record_id=number)
        assert rows(sign_in().get(f"/logg?post=Skyddad+post+{number}")) == []


class TestReporters:
    """No page, no file and no search tells who reported, also if a number stands where none should."""

    @pytest.fixture
    def reported(self, people):
        number = make_record("L-1", "Vuxen")
        entry(at("2026-11-10"), people["anna"], "record.created", record_id=number, actor_kind="reporter")
        entry(at("2026-11-11"), None, "record.created", record_id=number, actor_kind="anonymous")
        read(at("2026-11-12"), people["anna"], record_id=number, actor_kind="reporter")
        return {"record": number} | people

    def test_the_reporter_is_not_named_and_not_linked(self, reported, sign_in):
        visitor = sign_in()
        for path in ("/logg", f"/logg/post/{reported['record']}", "/logg/export.csv"):
            page = visitor.get(path)
            assert "Anna" not in page.response.text
            assert "anna@" not in page.response.text
            assert f"/logg/person/{reported['anna']}" not in page.links.values()
        assert [row[1] for row in rows(visitor.get("/logg"))] == [REPORTER, "Anonym", REPORTER]
        assert [row["vem"] for row in csv_rows(visitor.get("/logg/export.csv"))] == [REPORTER, "Anonym", REPORTER]

    def test_no_search_by_person_finds_what_they_reported(self, reported, sign_in):
        visitor = sign_in()
        for query in ("person=anna", "person=anna@kommun.example", "person=anna&post=L-1", "person=rapport"):
            assert rows(visitor.get(f"/logg?{query}")) == []
            assert csv_rows(visitor.get(f"/logg/export.csv?{query}")) == []
        assert "Inget i loggen" in visitor.get(f"/logg/person/{reported['anna']}").text

    def test_for_a_reviewer_of_a_part_the_reporter_has_no_page_at_all(self, reported, sign_in):
        assert sign_in("Vuxen").get(f"/logg/person/{reported['anna']}", status=404).status == 404
