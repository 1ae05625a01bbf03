"""What the log lists, in which order and by which filter; who looks is noted."""

from datetime import date, timedelta

import pytest
from sqlalchemy import insert

from tests.decisions.test_register import statements
from tests.factories import make_user
from tests.log_review.events import SECRET, at, entry, make_record, read, unit_id
from tracker.accounts.reader import EVERYTHING
from tracker.audit import reads
from tracker.audit.models import AuditRead
from tracker.database import db
from tracker.log_review.queries import LogFilter, Place, Tab, list_log
from tracker.rules.trail import ReadKind

CAPTION = "Loggen"


def rows(page):
    """(time, who, what, record) of the page's list."""
    if "Inget passar sökningen" in page.text:
        return []
    return [tuple(row[:4]) for row in page.table(CAPTION).rows]


def what(page):
    """(who, what, record)."""
    return [row[1:] for row in rows(page)]


@pytest.fixture
def story(people):
    """Six things that happened, told by hand; the last two lie before the thirty days."""
    b1, b2 = make_record("B-1", "Vuxen"), make_record("B-2", "Barn")
    entry(at("2026-10-20"), people["anna"], "record.created", record_id=b1)
    read(at("2026-10-23", "21:59"), people["bo"], record_id=b1)
    read(at("2026-10-23", "22:00"), people["bo"], record_id=b1)  # midnight in Sweden: the 24th
    entry(at("2026-11-02"), people["anna"], record_id=b2, names=["executed_on", "delay_note"])
    read(at("2026-11-03"), people["carin"], "export", what="beslut", row_count=12, selection="status=open")
    entry(at("2026-11-23", "09:00"), None, "records.imported", actor_kind="command", parts_of=[b1, b2])
    return {"B-1": b1, "B-2": b2} | people


class TestList:
    """The list as it opens, and by tab."""

    def test_it_opens_with_the_last_thirty_days_the_newest_first(self, story, sign_in):
        page = sign_in().get("/logg")
        assert rows(page) == [
            ("2026-11-23 10:00:00", "Kommandoraden", "Fil inläst", "–"),
            ("2026-11-03 13:00:00", "Carin Örn", "Exporterade en lista", "–"),
            ("2026-11-02 13:00:00", "Anna Ek", "Post rättad", "B-2"),
            ("2026-10-24 00:00:00", "Bo Lind", "Öppnade posten", "B-1"),
        ]
        assert "4 rader · 24 oktober 2026–23 november 2026" in page.text

    def test_it_says_which_fields_in_swedish_and_never_what_stood_there(self, story, sign_in):
        page = sign_in().get("/logg")
        assert "verkställd, skäl till dröjsmålet" in page.text
        assert "beslut · 12 rader · status=open" in page.text

    @pytest.mark.parametrize(
        ("tab", "expected"),
        [("handelser", ["Fil inläst", "Post rättad"]), ("lasningar", ["Exporterade en lista", "Öppnade posten"])],
    )
    def test_the_tabs_divide_it(self, story, sign_in, tab, expected):
        assert [row[2] for row in rows(sign_in().get(f"/logg?flik={tab}"))] == expected

    def test_no_page_and_no_file_holds_a_value(self, story, sign_in):
        visitor = sign_in()
        period = "fran=2020-01-01&till=2026-12-31"
        for path in (
            f"/logg?{period}",
            f"/logg/post/{story['B-2']}?{period}",
            f"/logg/person/{story['anna']}?{period}",
            f"/logg/export.csv?{period}",
            f"/logg/export.xlsx?{period}",
            "/logg?post=B-2",
            "/logg/kontroller",
        ):
            data = visitor.get(path).data
            assert SECRET not in data.decode("utf-8", "replace")
            assert "HEMLIGT" not in data.decode("utf-8", "replace")


class TestFilters:
    """Each filter by itself and together."""

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("fran=2026-10-01&till=2026-10-23", [("Bo Lind", "Öppnade posten", "B-1"),
                                                  ("Anna Ek", "Post upplagd", "B-1")]),
            ("fran=2026-10-23&till=2026-10-23", [("Bo Lind", "Öppnade posten", "B-1")]),
            ("till=2026-11-02", [("Anna Ek", "Post rättad", "B-2"), ("Bo Lind", "Öppnade posten", "B-1"),
                                 ("Bo Lind", "Öppnade posten", "B-1"), ("Anna Ek", "Post upplagd", "B-1")]),
            ("person=anna", [("Anna Ek", "Post rättad", "B-2")]),
            ("person=ANNA@kommun.example", [("Anna Ek", "Post rättad", "B-2")]),
            ("person=%C3%B6rn", [("Carin Örn", "Exporterade en lista", "–")]),
            ("person=ingen", []),
            ("post=B-1", [("Kommandoraden", "Fil inläst", "–"), ("Bo Lind", "Öppnade posten", "B-1")]),
            ("post=B", []),
            ("vad=handelse:record.corrected", [("Anna Ek", "Post rättad", "B-2")]),
            ("vad=lasning:export", [("Carin Örn", "Exporterade en lista", "–")]),
            ("vad=lasning:export&flik=handelser", []),
            ("post=B-1&person=bo", [("Bo Lind", "Öppnade posten", "B-1")]),
        ],
    )  # fmt: skip
    def test_a_filter_lists_what_it_says(self, story, sign_in, query, expected):
        assert what(sign_in().get(f"/logg?{query}")) == expected

    def test_a_unit_lists_what_is_about_its_records(self, story, sign_in):
        assert what(sign_in().get(f"/logg?enhet={unit_id('Barn')}")) == [("Anna Ek", "Post rättad", "B-2")]

    @pytest.mark.parametrize(
        "query",
        [
            "vad=handelse:nonsens",
            "vad=lasning",
            "enhet=x",
            "flik=exporter",
            "efter=nonsens",
            "fore=%00",
            "efter=LTEuLTE",
            "enhet=99999999999",
        ],
    )
    def test_what_means_nothing_is_left_out(self, story, sign_in, query):
        assert len(rows(sign_in().get(f"/logg?{query}"))) == 4

    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ("fran=igår", "fran"),
            ("till=2026-13-01", "till"),
            ("fran=2026-11-02&till=2026-11-01", "till"),
            ("fran=0001-01-01", "fran"),
        ],
    )
    def test_days_that_cannot_be_read_are_told_beside_their_field(self, story, sign_in, query, field):
        page = sign_in().get(f"/logg?{query}", status=422)
        (wrong,) = [element for element in page.tree.iter("input") if element.get("aria-invalid")]
        assert wrong.get("name") == field
        assert page.response.request.path == "/logg"

    def test_a_name_that_many_bear_is_refused(self, story, sign_in):
        for number in range(21):
            make_user(f"u{number}@kommun.example", name=f"Kim {number}")
        page = sign_in().get("/logg?person=kim", status=422)
        assert "Skriv hela namnet" in page.text


class TestPages:
    """25 a page, forwards and back, over both tables."""

    @pytest.fixture
    def many(self, people):
        """30 entries and 33 reads, one each minute in turn, and three at one moment."""
        start = at("2026-11-20", "08:00")
        for minute in range(60):
            (entry if minute % 2 else read)(start + timedelta(minutes=minute), people["anna"])
        for _ in range(3):
            read(start + timedelta(minutes=59), people["bo"])
        return people

    def test_a_walk_there_and_back_shows_every_row_once(self, many, sign_in):
        visitor = sign_in()
        page, pages = visitor.get("/logg"), []
        pages.append(rows(page))
        while "Nästa sida" in page.links:
            page = visitor.click("Nästa sida")
            pages.append(rows(page))
        assert [len(part) for part in pages] == [25, 25, 13]
        times = [row[0] for part in pages for row in part]
        assert times == sorted(times, reverse=True)
        back = [rows(page)]
        while "Föregående sida" in page.links:
            page = visitor.click("Föregående sida")
            back.insert(0, rows(page))
        assert back == pages

    def test_what_is_written_meanwhile_disturbs_no_later_page(self, many, sign_in):
        visitor = sign_in()
        first = rows(visitor.get("/logg"))
        entry(at("2026-11-23"), many["bo"])
        second = rows(visitor.click("Nästa sida"))
        assert not set(first) & set(second)
        assert len(second) == 25

    def test_rows_whose_clock_was_wrong_are_found_in_their_period(self, people):
        late, early = read(at("2027-05-01")), read(at("2020-05-01"))
        usual = read(at("2026-11-01"))
        for day, number in ((date(2027, 5, 1), late), (date(2020, 5, 1), early), (date(2026, 11, 1), usual)):
            page = list_log(LogFilter(day, day), EVERYTHING)
            assert [row.id for row in page.rows] == [number]
            assert page.count == 1

    def test_the_count_stops_at_a_thousand(self, people, sign_in):
        moment = at("2026-11-20")
        db.session.execute(insert(AuditRead), [{"at": moment, "kind": "record", "actor_kind": "user"}] * 1_001)
        db.session.commit()
        visitor = sign_in()
        assert "Fler än 1 000 rader" in visitor.get("/logg").text
        page = list_log(LogFilter(date(2026, 11, 1), date(2026, 11, 30), Tab.READS), EVERYTHING)
        assert (page.count, page.capped, len(page.rows)) == (1_000, True, 25)

    @pytest.mark.parametrize("rows", [3, 60])
    def test_a_page_costs_eleven_statements_whatever_the_number_of_rows(self, people, sign_in, noted, rows):
        record = make_record("B-1", "Vuxen")
        for minute in range(rows):
            entry(at("2026-11-20") + timedelta(minutes=minute), people["anna"], record_id=record)
            read(at("2026-11-20") + timedelta(minutes=minute), people["bo"], record_id=record)
        entry(at("2020-01-01")), read(at("2020-01-01"))
        visitor = sign_in()
        visitor.get("/logg")  # units and roles are asked for once and kept some seconds
        with statements() as said:
            visitor.get("/logg")
        assert len(said) == 11, said

    def test_a_place_past_the_end_leads_back_to_the_top(self, story, sign_in):
        visitor = sign_in()
        page = visitor.get(f"/logg?efter={Place(0, 0)}", follow=False, status=303)
        assert page.response.location.endswith("/logg")
        assert Place.parse(str(Place(3, 4))) == Place(3, 4)


class TestNoted:
    """Looking in the log is itself noted, without what was typed."""

    def test_a_search_is_noted_with_numbers_and_known_words(self, story, sign_in, noted):
        visitor = sign_in()
        visitor.get("/logg?person=anna&post=B-2&vad=handelse:record.corrected")
        assert noted == [
            {
                "kind": ReadKind.LOG, "what": "sok", "record_id": None, "row_count": 1,
                "selection": f"2026-10-24--2026-11-23 flik=alla person={story['anna']} post={story['B-2']} "
                "vad=record.corrected",
            }
        ]  # fmt: skip

    def test_record_person_and_files_are_noted_too(self, story, sign_in, noted):
        visitor = sign_in()
        visitor.get(f"/logg/post/{story['B-1']}")
        visitor.get(f"/logg/person/{story['bo']}")
        visitor.get("/logg/export.csv")
        visitor.get("/logg/export.xlsx?post=19121212-1212")
        assert [(call["what"], call["record_id"], call["row_count"]) for call in noted] == [
            ("post", story["B-1"], 2), ("person", None, 1), ("export", None, 4), ("export", None, 0)
        ]  # fmt: skip
        assert not [call for call in noted if "1912" in call["selection"]]

    def test_what_cannot_be_noted_is_not_shown(self, story, sign_in, monkeypatch):
        def refuse(*_, **__):
            raise RuntimeError("no log")

        visitor = sign_in()
        monkeypatch.setattr(reads, "note_read", refuse)
        for path in ("/logg", f"/logg/post/{story['B-1']}", "/logg/export.csv"):
            with pytest.raises(RuntimeError, match="no log"):
                visitor.get(path)
