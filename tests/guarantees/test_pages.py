"""Guarantees on pages: who sees what, what is written, and what is refused beside its field."""

from datetime import date

import pytest

from tests.guarantees.making import cause, done, started, stored
from tracker.database import db
from tracker.guarantees.queries import find_guarantee

LATE = "Sista dagen har passerat. Välj varför garantin inte hölls."


def rows(page):
    """The cells of a page's table, row by row."""
    return [["".join(cell.itertext()).strip() for cell in line if cell.tag in {"td", "th"}]
            for line in page.tree.iter("tr")]  # fmt: skip


def unit_value(page, name):
    return next(o.get("value") for o in page.tree.iter("option") if (o.text or "").strip() == name)


def test_all_guarantees_with_this_year_in_figures(person, officer):
    done("forhandsbedomning", date(2026, 3, 2), date(2026, 3, 16), officer)
    done("forhandsbedomning", date(2026, 3, 3), date(2026, 3, 9), officer)
    done("forhandsbedomning", date(2026, 3, 2), date(2026, 3, 17), officer, ref="SN-2", cause_id=cause())
    done("forhandsbedomning", date(2025, 3, 2), date(2025, 3, 3), officer)  # last year's
    started("forhandsbedomning", date(2026, 5, 18), ref="SN-3")  # its last day is today
    started("forhandsbedomning", date(2026, 5, 17), ref="SN-3")
    page = person("kvalitet").get("/garantier")
    found = {row[0]: row[1:] for row in rows(page)[1:]}
    assert found["Förhandsbedömning"] == ["14 dagar", "3", "2", "66,7 %", "100 % ■ Målet inte nått", "2", "1", "0"]
    assert found["Barnutredning"] == ["4 månader", "0", "0", "–", "100 % ○ Inget avslutat i år", "0", "0", "0"]
    assert "Överskriden, inte registrerad: 1" in page.text
    assert "Svar på synpunkt eller klagomål" in found
    assert "Svar på synpunkt" not in person("handlaggare").get("/garantier").text


def test_a_reader_of_one_unit_sees_and_counts_that_unit(person, officer):
    mine = done("kontakt", date(2026, 5, 4), date(2026, 5, 5), officer, unit="Vuxen")
    other = done("kontakt", date(2026, 5, 4), date(2026, 5, 5), officer, unit="Barn", ref="SN-2")
    chef = person("chef", "Vuxen")
    page = chef.get("/garantier/kontakt")
    assert [row[1] for row in rows(page)[1:]] == ["SN-1"]
    assert "1 tillfälle" in page.text
    assert rows(chef.get("/garantier"))[2][2] == "1"
    chef.get(f"/garantier/tillfallen/{mine}")
    for what in ("", "/klart", "/ratta", "/avbryt", "/avvikelse"):
        chef.get(f"/garantier/tillfallen/{other}{what}", status=404)
    sent = chef.get("/garantier/kontakt/export.csv").response.text
    assert "SN-1" in sent
    assert "SN-2" not in sent


@pytest.mark.parametrize(
    ("query", "refs"),
    [
        ("", ["D", "C", "B", "A"]),
        ("?lage=pagar", ["D"]),
        ("?lage=forsenade", ["C"]),
        ("?lage=i-tid", ["A"]),
        ("?lage=missade", ["B"]),
        ("?lage=avbrutna", []),
        ("?manad=2026-03", ["B", "A"]),
        ("?manad=2026-13&lage=nonsens", ["D", "C", "B", "A"]),
        ("?manad=9999-12", ["D", "C", "B", "A"]),
        ("?manad=0000-01", ["D", "C", "B", "A"]),
    ],
)
def test_the_list_by_state_and_month(person, officer, query, refs):
    done("forhandsbedomning", date(2026, 3, 2), date(2026, 3, 16), officer, ref="A")
    done("forhandsbedomning", date(2026, 3, 3), date(2026, 3, 18), officer, ref="B", cause_id=cause())
    started("forhandsbedomning", date(2026, 5, 15), ref="C")
    started("forhandsbedomning", date(2026, 5, 28), ref="D")
    page = person("kvalitet").get(f"/garantier/forhandsbedomning{query}")
    assert [row[1] for row in rows(page)[1:]] == refs


def test_twenty_five_a_page_and_a_way_on_and_back(person, day):
    for number in range(30):
        started("kontakt", date(2026, 5, 4), ref=f"SN-{number:02}")
    visitor = person("kvalitet")
    page = visitor.get("/garantier/kontakt")
    assert [row[1] for row in rows(page)[1:]] == [f"SN-{number:02}" for number in range(29, 4, -1)]
    onward = next(link.get("href") for link in page.tree.iter("a") if link.get("rel") == "next")
    second = visitor.get(onward)
    assert [row[1] for row in rows(second)[1:]] == [f"SN-{number:02}" for number in range(4, -1, -1)]
    back = next(link.get("href") for link in second.tree.iter("a") if link.get("rel") == "prev")
    assert rows(visitor.get(back)) == rows(page)


class TestWriting:
    @pytest.mark.parametrize(
        ("start", "told"),
        [
            ("0001-01-01", "Skriv en dag från 1990-01-01. Tidigare tillfällen hör inte hit."),
            ("1989-12-31", "Skriv en dag från 1990-01-01. Tidigare tillfällen hör inte hit."),
            ("9999-12-31", "31 december 9999 ligger i framtiden. Rätta dagen."),
        ],
    )
    def test_a_start_long_ago_or_to_come_is_refused_beside_its_field(self, person, officer, start, told):
        visitor = person("handlaggare")
        page = visitor.get("/garantier/barnutredning/ny")
        wish = {"referens": "BoU 7", "enhet": unit_value(page, "Barn"), "startdatum": start}
        assert told in visitor.submit(wish, form="referens", status=422).text
        record_id = started("barnutredning", date(2026, 2, 1))
        visitor.get(f"/garantier/tillfallen/{record_id}/ratta")
        wish = {"startdatum": start, "reason": "Skrevs fel"}
        assert told in visitor.submit(wish, form="reason", status=422).text

    def test_a_prolonging_reaches_ten_years_ahead_at_most(self, person, officer):
        record_id = started("barnutredning", date(2026, 2, 1))
        visitor = person("handlaggare")
        wish = {"beslutad": "2026-06-01", "skal": "Utlåtande väntas"}
        for day in ("9999-12-31", "2036-06-02"):
            visitor.get(f"/garantier/tillfallen/{record_id}/forlang")
            page = visitor.submit(wish | {"forlangd_till": day}, form="skal", status=422)
            assert "Skriv en dag till och med 1 juni 2036." in page.text
        page = visitor.submit(wish | {"forlangd_till": "2036-06-01"}, form="skal")
        assert stored(record_id).due_on == date(2036, 6, 1)

    def test_begun_prolonged_and_ended_by_a_handlaggare(self, person):
        visitor = person("handlaggare")
        page = visitor.get("/garantier/barnutredning/ny")
        page = visitor.submit(
            {"referens": "BoU 7", "enhet": unit_value(page, "Barn"), "startdatum": "2026-02-01"}, form="referens"
        )
        assert page.heading == "Barnutredning G-2026-0001"
        assert "Sista dag1 juni 2026 (4 månader, 20 kap. 3 § SoL)" in page.text.replace("\n", "").replace("  ", "")
        record_id = int(page.path.rsplit("/", 1)[1])
        visitor.get(f"/garantier/tillfallen/{record_id}/forlang")
        page = visitor.submit(
            {"forlangd_till": "2026-06-15", "beslutad": "2026-06-01", "skal": "Utlåtande väntas"}, form="skal"
        )
        assert "Särskilda skäl: Utlåtande väntas" in page.text
        visitor.get(f"/garantier/tillfallen/{record_id}/klart")
        page = visitor.submit({"slutdatum": "2026-06-01"}, form="slutdatum")
        assert "Klart i tid" in page.text
        assert stored(record_id).excess == 0

    def test_what_is_wrong_is_told_beside_its_field_and_nothing_typed_is_lost(self, person):
        visitor = person("handlaggare")
        visitor.get("/garantier/kontakt/ny")
        page = visitor.submit({"referens": "19121212-1212", "startdatum": "i går"}, form="referens", status=422)
        for said in ("Texten ser ut att innehålla ett personnummer. Skriv utan det.", "Välj en enhet.",
                     "Skriv dagen som 2026-03-31."):  # fmt: skip
            assert said in page.text
        assert page.form("referens").find(".//input[@name='startdatum']").get("value") == "i går"

    def test_a_late_end_asks_for_the_cause_and_keeps_what_was_typed(self, person):
        record_id = started("forhandsbedomning", date(2026, 5, 4))
        visitor = person("handlaggare")
        visitor.get(f"/garantier/tillfallen/{record_id}/klart")
        page = visitor.submit({"slutdatum": "2026-05-19"}, form="slutdatum", status=422)
        assert LATE in page.text
        assert stored(record_id).ended_on is None
        page = visitor.submit({"cause": str(cause())}, form="slutdatum")
        assert "Det är registrerat som avvikelse A-2026-0001." in page.text
        assert "Klart för sent, 1 dag" in page.text
        assert stored(record_id).ended_on == date(2026, 5, 19)

    def test_cancelled_and_corrected_with_why(self, person):
        record_id = started("kontakt", date(2026, 5, 4))
        visitor = person("chef", "Vuxen")
        visitor.get(f"/garantier/tillfallen/{record_id}/avbryt")
        page = visitor.submit({"avbruten": "2026-05-05", "reason": "Ansökan togs tillbaka"}, form="reason")
        assert "Ansökan togs tillbaka" in page.text
        visitor.get(f"/garantier/tillfallen/{record_id}/ratta")
        page = visitor.submit({"slutdatum": "2026-05-05", "reason": "Fel ärende"}, form="referens")
        assert "Klart i tid" in page.text
        row = stored(record_id)
        assert (row.cancelled_on, row.cancelled_for, row.ended_on) == (None, None, date(2026, 5, 5))

    def test_of_two_at_once_the_second_is_told_what_stands_now(self, person):
        record_id = started("kontakt", date(2026, 5, 4))
        eva, bo = person("handlaggare", name="eva"), person("handlaggare", name="bo")
        eva.get(f"/garantier/tillfallen/{record_id}/ratta")
        bo.get(f"/garantier/tillfallen/{record_id}/klart")
        bo.submit({"slutdatum": "2026-05-05"}, form="slutdatum")
        page = eva.submit({"startdatum": "2026-05-03", "reason": "Fel dag"}, form="referens", status=422)
        assert "Någon annan har ändrat det sedan du öppnade sidan. Så här står det nu: SN-1, klart i tid" in page.text
        assert stored(record_id).started_on == date(2026, 5, 4)
        eva.submit({}, form="referens")
        assert stored(record_id).started_on == date(2026, 5, 3)


class TestSettings:
    def test_one_of_our_own_is_laid_up_and_changed(self, person):
        visitor = person("kvalitet")
        visitor.get("/garantier/ny")
        page = visitor.submit(
            {"name": "Besökstid", "starts_with": "Begäran kom", "ends_with": "Besöket", "number": "2",
             "unit": "veckor", "target": "95"}, form="name",
        )  # fmt: skip
        assert page.heading == "Besökstid"
        assert "2 veckor, mål 95 %" in page.text
        visitor.get("/garantier/besokstid/andra")
        page = visitor.submit({"number": "0", "active_from": "2026-02-01", "active_to": "2026-01-01"}, form="name",
                              status=422)  # fmt: skip
        assert "Skriv ett tal från 1 till 999." in page.text
        page = visitor.submit({"number": "3"}, form="name", status=422)
        assert "Skriv samma dag som den första, eller en senare." in page.text
        visitor.submit({"active_to": ""}, form="name")
        db.session.rollback()
        found = find_guarantee("besokstid")
        assert (found.limit.number, found.limit.target, found.active_from) == (3, 95, date(2026, 2, 1))

    def test_the_limit_of_the_law_is_not_offered(self, person):
        visitor = person("kvalitet")
        page = visitor.get("/garantier/barnutredning/andra")
        names = {field.get("name") for field in page.form("target").iter("input")}
        assert names == {"csrf_token", "version", "target", "roll", "active_from", "active_to"}
        visitor.submit({"target": "90"}, form="target")
        db.session.rollback()
        assert (find_guarantee("barnutredning").limit.number, find_guarantee("barnutredning").limit.target) == (4, 90)
