"""The page of eight quarters: what it shows whom, its pictures, and files that say the same."""

from datetime import date
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from tests.factories import PASSWORD, make_unit, make_user
from tests.pictures.making import QUALITY, put, reads_all
from tests.support.pages import PageClient
from tracker.accounts.queries import find_unit
from tracker.audit.models import AuditRead
from tracker.cases.models import Deviation, LexSarahReport
from tracker.database import db
from tracker.records.models import CodeList
from tracker.records.services import code_ids

PATH = "/trender"
CHEF, COORDINATOR = "chef@kommun.example", "internkontroll@kommun.example"
HEADS = ["K2 2024", "K3 2024", "K4 2024", "K1 2025", "K2 2025", "K3 2025", "K4 2025", "K1 2026 hittills"]


@pytest.fixture
def house(app, frozen_day):
    """15 February 2026. In Vuxen one avvikelse since 2023, one that came and went in the last quarter of 2025, one that
    came in this; in Barn one that came in 2025's third quarter and went in this. Of lex Sarah two months went out for
    three in the last quarter of 2025; two were decided in time.
    """
    frozen_day(date(2026, 2, 15))
    for name in ("Vuxen", "Barn"):
        make_unit(name)
    fall = code_ids(CodeList.DEVIATION_CATEGORY)["Fall"]
    put(Deviation, [
        {"reported_on": date(2023, 5, 1)},
        {"reported_on": date(2025, 10, 1), "closed_on": date(2025, 12, 31), "category_id": fall},
        {"reported_on": date(2026, 1, 1), "category_id": fall},
        {"reported_on": date(2025, 9, 30), "closed_on": date(2026, 1, 1), "unit": "Barn"},
    ])  # fmt: skip
    put(LexSarahReport, [
        {"received_on": date(2025, 10, 1), "target_on": date(2025, 12, 1), "decided_on": day}
        for day in (date(2025, 11, 1), date(2025, 12, 1), None)
    ])  # fmt: skip
    make_user(CHEF, "chef", unit="Vuxen")
    make_user(COORDINATOR, "internkontroll")
    return reads_all()


def visitor(app, mail=QUALITY):
    """Somebody signed in."""
    client = PageClient(app)
    client.sign_in(mail, PASSWORD)
    return client


def test_the_page_tells_each_quarter_in_words_numbers_and_bars(app, house):
    page = visitor(app).get(PATH)
    assert page.heading == "Trender"
    assert "Åtta kvartal, K2 2024 till K1 2026 hittills · alla dina enheter" in page.text
    assert "Kvartal 1 2026 pågår: det är räknat till och med 15 februari 2026." in page.text
    table = page.table("Avvikelser, kvartal för kvartal")
    assert table.head == [
        "Kvartal", "Öppna vid start", "Inkomna", "Avslutade", "Öppna vid slut",
    ]  # fmt: skip
    assert table.rows[0] == ["K2 2024", "1", "0", "0", "1"]
    assert table.rows[5:] == [
        ["K3 2025", "1", "1", "0", "2"], ["K4 2025", "2", "1", "1", "2"], ["K1 2026 hittills", "2", "1", "1", "2"],
    ]  # fmt: skip
    said = [element.text for element in page.tree.iter() if element.tag.endswith("desc")]
    assert "Kvartal 3 2025: 2. Kvartal 4 2025: 2. Kvartal 1 2026: 2. " in said[0]
    assert "Kvartal 4 2025: inkomna 1, avslutade 1. " in said[1]


def test_two_bars_are_told_apart_without_colour(app, house):
    page = visitor(app).get(PATH)
    second = [one for one in page.tree.iter() if (one.get("class") or "") == "pair-second"]
    assert len(second) == 9  # eight quarters, and the key
    assert all(one.get("fill") == "url(#hatch)" for one in second)


def test_per_unit_each_number_has_its_table_and_all_of_them_last(app, house):
    page = visitor(app).get(f"{PATH}?per=enhet")
    for title, rows in {
        "Öppna vid kvartalets slut": [["Barn", "1", "1", "0"], ["Vuxen", "1", "1", "2"], ["Alla", "2", "2", "2"]],
        "Inkomna": [["Barn", "1", "0", "0"], ["Vuxen", "0", "1", "1"], ["Alla", "1", "1", "1"]],
        "Avslutade": [["Barn", "0", "0", "1"], ["Vuxen", "0", "1", "0"], ["Alla", "0", "1", "1"]],
    }.items():
        table = page.table(f"{title} per enhet")
        assert table.head == ["Enhet", *HEADS]
        assert [[row[0], *row[-3:]] for row in table.rows] == rows, title
    assert [figure.find("figcaption").text for figure in page.tree.iter("figure")] == ["Barn", "Vuxen"]


def test_a_unit_leads_to_its_own_page(app, house):
    make_unit("Vuxen 1", under="Vuxen")
    put(Deviation, [{"reported_on": date(2026, 1, 2)}], "Vuxen 1")
    client = visitor(app)
    client.get(f"{PATH}?per=enhet&till=2026-K1")
    page = client.click("Vuxen")
    assert page.text.count("· Vuxen") == 1
    table = page.table("Öppna vid kvartalets slut per enhet")
    assert [[row[0], row[-1]] for row in table.rows] == [["Vuxen, direkt", "2"], ["Vuxen 1", "1"], ["Alla", "3"]]
    page = client.click("Vuxen 1")
    assert [[row[0], row[-1]] for row in page.table("Öppna vid kvartalets slut per enhet").rows] == [
        ["Vuxen 1", "1"], ["Alla", "1"],
    ]  # fmt: skip
    assert "Vuxen 1" not in page.links


def test_per_category_and_a_single_unit(app, house):
    client = visitor(app)
    table = client.get(f"{PATH}?per=kategori").table("Öppna vid kvartalets slut per kategori")
    assert [[row[0], *row[-3:]] for row in table.rows] == [
        ["Fall", "0", "0", "1"], ["Utan kategori", "2", "2", "1"], ["Alla", "2", "2", "2"],
    ]  # fmt: skip
    barn = find_unit("Barn").id
    page = client.get(f"{PATH}?enhet={barn}&till=2025-K4")
    assert "Åtta kvartal, K1 2024 till K4 2025 · Barn" in page.text
    assert page.table("Avvikelser").rows[-1] == ["K4 2025", "1", "0", "0", "1"]


def test_a_share_is_told_with_what_it_is_of_and_a_dash_where_there_is_none(app, house):
    page = visitor(app).get(f"{PATH}?matt=lex-sarah-mal&per=enhet")
    rows = page.table("Lex Sarah utredda").rows
    assert rows[-2:] == [["K4 2025", "3", "2", "67 %"], ["K1 2026 hittills", "0", "0", "–"]]
    assert page.table("Andel per enhet").rows[0][-2:] == ["67 % 2 av 3", "–"]
    assert "det är räknat till och med 14 februari 2026" in page.text
    page = visitor(app).get(f"{PATH}?matt=lex-sarah&per=kategori")
    assert "Lex Sarah-rapporter har ingen kategori att dela på." in page.text


def test_a_manager_sees_the_own_unit_and_no_other(app, house):
    client = visitor(app, CHEF)
    page = client.get(PATH)
    assert page.table("Avvikelser").rows[-1] == ["K1 2026 hittills", "1", "1", "0", "2"]
    barn = find_unit("Barn").id
    for address in (f"{PATH}?enhet={barn}", f"{PATH}?enhet=999999"):
        page = client.get(address)
        assert "Enheten finns inte, eller ligger utanför det du har tillgång till." in page.text
        assert not list(page.tree.iter("table"))
        lines = client.get(address.replace("?", "/export.csv?")).data.decode("utf-8-sig").splitlines()
        assert len(lines) == 1


def test_what_one_may_not_read_is_not_offered_and_not_given(app, house):
    client = visitor(app, COORDINATOR)
    page = client.get(PATH)
    options = [option.text for option in page.form("matt").iter("option")]
    assert "Åtgärder" in options
    assert not {"Avvikelser", "Lex Sarah-rapporter", "Synpunkter och klagomål"} & set(options)
    for measure in ("avvikelser", "lex-sarah", "lex-sarah-mal", "synpunkter", "synpunkter-svar", "beslut"):
        for path in (PATH, f"{PATH}/export.csv", f"{PATH}/export.xlsx"):
            client.get(f"{path}?matt={measure}", status=403)


def test_nonsense_in_the_address_is_left_out(app, house):
    client = visitor(app)
    plain = client.get(PATH).table("Avvikelser").rows
    for query in ("matt=nonsens", "per=dag", "till=9999-K9", "till=2031-K1", "enhet=x", "matt=%00&till=%3Cb%3E"):
        assert client.get(f"{PATH}?{query}").table("Avvikelser").rows == plain, query
    page = client.get(f"{PATH}?till=2000-K2")
    assert "Inget finns i registret under de åtta kvartalen." in page.text


@pytest.mark.parametrize("query", ["", "per=enhet", "per=kategori&till=2025-K4", "matt=lex-sarah-mal&per=enhet"])
def test_the_files_say_what_the_page_does(app, house, query):
    client = visitor(app)
    page = client.get(f"{PATH}?{query}")
    shown = [tuple(row[1:]) for row in next(iter_tables(page)).rows]
    data = client.get(f"{PATH}/export.csv?{query}").data.decode("utf-8-sig").splitlines()
    rows = [line.split(";") for line in data[1:]]
    told = [tuple(value or "–" for value in row[3:]) for row in rows if row[0] == "Alla"]
    assert told == [tuple(value.removesuffix(" %") for value in row) for row in shown]
    book = CalamineWorkbook.from_filelike(BytesIO(client.get(f"{PATH}/export.xlsx?{query}").data))
    cells = book.get_sheet_by_index(0).to_python()
    assert cells[0] == data[0].split(";")
    assert [[_text(cell) for cell in row] for row in cells[1:]] == rows


def iter_tables(page):
    """The tables of a page, in its order."""
    for table in page.tree.iter("table"):
        yield page.table("".join(table.find("caption").itertext()))


def _text(cell):
    return cell.isoformat() if isinstance(cell, date) else str(int(cell)) if isinstance(cell, float) else str(cell)


def test_a_file_has_each_quarter_of_each_line_with_the_day_up_to_which_it_is_counted(app, house):
    lines = visitor(app).get(f"{PATH}/export.csv?per=enhet").data.decode("utf-8-sig").splitlines()
    assert lines[0] == ("rad;kvartal;till och med;öppna vid start;inkomna;avslutade;öppna vid slut")
    assert lines[7:10] == [
        "Barn;2025-K4;2025-12-31;1;0;0;1", "Barn;2026-K1;2026-02-15;1;0;1;0", "Vuxen;2024-K2;2024-06-30;1;0;0;1",
    ]  # fmt: skip
    assert len(lines) == 1 + 3 * 8
    lines = visitor(app).get(f"{PATH}/export.csv?matt=lex-sarah-mal").data.decode("utf-8-sig").splitlines()
    assert lines[0] == "rad;kvartal;till och med;två månader gick ut;beslutade inom två månader;andel, procent"
    assert lines[-2:] == ["Alla;2025-K4;2025-12-31;3;2;67", "Alla;2026-K1;2026-02-14;0;0;"]


def test_no_program_takes_a_units_name_for_a_formula(app, house):
    make_unit("=1+1")
    put(Deviation, [{"reported_on": date(2026, 1, 1)}], "=1+1")
    client = visitor(app)
    lines = client.get(f"{PATH}/export.csv?per=enhet").data.decode("utf-8-sig").splitlines()
    assert any(line.startswith("'=1+1;") for line in lines)


def test_a_file_is_noted_with_what_was_asked_for(app, house):
    visitor(app, CHEF).get(f"{PATH}/export.csv?matt=avvikelser&per=enhet&till=2025-K4")
    db.session.rollback()
    note = db.session.scalars(select(AuditRead).order_by(AuditRead.id.desc())).first()
    assert (note.what, note.selection, note.row_count) == (
        "trender", "matt=avvikelser&per=enhet&till=2025-K4", 16,
    )  # fmt: skip


def test_the_pages_that_lead_here_are_those_of_who_may_come(app, house):
    client = visitor(app)
    for path in ("/", "/rapporter", "/avvikelser", "/lex-sarah", "/synpunkter", "/beslut", "/atgarder?vems=alla"):
        targets = [link for link in client.get(path).links.values() if link.startswith(PATH)]
        assert targets, path
        assert client.get(targets[0]).heading == "Trender"
    for role in ("utredare", "medarbetare", "revisor", "admin"):
        other = visitor(app, make_user(f"{role}@kommun.example", role).email)
        assert not any(link.startswith(PATH) for link in other.get("/").links.values()), role
        other.get(PATH, status=403)
