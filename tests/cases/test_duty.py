"""Information to staff of the duty to report: who is informed, due again, missing; several at once; voided; a file."""

import io
from datetime import date, timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from tests.accounts.forms import field_value
from tests.cases.duty_making import note, without_account
from tests.cases.making import unit_id_of
from tests.factories import PASSWORD, make_user
from tests.support.pages import PageClient
from tracker.accounts.models import Unit
from tracker.accounts.queries import find_unit
from tracker.accounts.services import give_role
from tracker.audit.models import AuditEntry
from tracker.cases.duty_models import DutyInformation
from tracker.clock import now
from tracker.database import db, writer
from tracker.rules.permissions import Role

DAY = date(2026, 3, 2)
CHEF = "chef@kommun.example"


@pytest.fixture
def house(app, frozen_day):
    """Monday 2 March 2026 in Vuxen. Anna was informed a year ago to the day, Bo a day earlier, Cia yesterday; the chef
    began today; a timvikarie began long ago. In Barn there is one who was never told.
    """
    frozen_day(DAY)
    found = {}
    for name in ("Anna", "Bo", "Cia"):
        found[name] = make_user(f"{name.lower()}@kommun.example", "medarbetare", unit="Vuxen", name=name).id
    make_user("dan@kommun.example", "medarbetare", unit="Barn", name="Dan")
    chef = make_user(CHEF, name="Eva")
    with writer():
        give_role(chef, Role.MANAGER, find_unit("Vuxen") or Unit(), now(), DAY)
        db.session.commit()
    vuxen = unit_id_of("Vuxen")
    for name, day in (("Anna", date(2025, 3, 2)), ("Bo", date(2025, 3, 1)), ("Cia", date(2026, 3, 1))):
        note([f"u{found[name]}"], vuxen, day, chef.id)
    without_account("Vuxen", "Timvikarie 3", chef.id)
    return found | {"chef": chef.id, "vuxen": vuxen}


def visitor(app, mail=CHEF):
    """Somebody signed in."""
    client = PageClient(app)
    client.sign_in(mail, PASSWORD)
    return client


def entries():
    """(user or label, day, whether it stands) of all that is noted, read anew."""
    db.session.rollback()
    rows = db.session.scalars(select(DutyInformation).order_by(DutyInformation.id))
    return [(row.user_id or f"s{row.staff_id}", row.informed_on, row.voided_at is None) for row in rows]


def test_a_unit_is_counted_by_how_each_stands_and_each_number_leads_to_just_those(app, house):
    client = visitor(app)
    page = client.get("/lex-sarah/information")
    assert page.table("Information").rows == [["Vuxen", "5", *_counts(page)]]
    assert page.table("Information").dicts()[0] == {
        "Enhet": "Vuxen", "Personer": "5", "Informerad": "1 Informerad, Vuxen",
        "Snart dags igen": "1 Snart dags igen, Vuxen",
        "Ny, inte informerad än": "1 Ny, inte informerad än, Vuxen", "Saknas": "2 Saknas, Vuxen",
    }  # fmt: skip
    assert "5 personer · 2 saknas" in page.text
    unit = f"/lex-sarah/information/{house['vuxen']}"
    who = {
        status: client.get(f"{unit}?visa={status}").table("Personalen").column("Vem")
        for status in ("informerad", "snart", "ny", "saknas")
    }
    assert who == {
        "informerad": ["Cia"], "snart": ["Anna"], "ny": ["Eva"], "saknas": ["Bo", "Timvikarie 3 (utan konto)"],
    }  # fmt: skip


def _counts(page):
    return page.table("Information").rows[0][2:]


def test_each_line_tells_the_last_day(app, house):
    rows = visitor(app).get(f"/lex-sarah/information/{house['vuxen']}").table("Personalen").dicts()
    assert {row["Vem"]: (row["Informerad"], row["Senast"]) for row in rows} == {
        "Anna": ("2025-03-02", "2026-03-02"), "Bo": ("2025-03-01", "2026-03-01"), "Cia": ("2026-03-01", "2027-03-01"),
        "Eva": ("–", "2026-03-16"), "Timvikarie 3 (utan konto)": ("–", "2015-01-15"),
    }  # fmt: skip


def test_several_are_noted_at_once_and_once_a_day(app, house):
    client, path = visitor(app), f"/lex-sarah/information/{house['vuxen']}"
    keys = [f"u{house['Bo']}", f"u{house['Anna']}"]
    page = client.get(path)
    assert field_value(page, "av") == "Eva"
    fields = {"person": keys, "dag": "2026-03-02", "hur": "apt", "av": "Eva"}
    assert "2 personer är noterade som informerade." in client.post(path, fields).text
    assert entries()[3:] == [(house["Anna"], DAY, True), (house["Bo"], DAY, True)]
    page = client.post(path, fields)
    assert "2 var redan noterade den dagen." in page.text
    assert len(entries()) == 5
    noted = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "duty.informed")).all()
    assert [(row.target_kind, row.target_id) for row in noted[-2:]] == [
        ("user", house["Anna"]), ("user", house["Bo"]),
    ]  # fmt: skip


def test_a_day_in_the_future_and_nobody_ticked_are_refused_with_what_was_typed(app, house):
    client, path = visitor(app), f"/lex-sarah/information/{house['vuxen']}"
    client.get(path)
    fields = {"person": [f"u{house['Bo']}"], "dag": "2026-03-03", "hur": "skriftligt", "av": "Stina"}
    page = client.post(path, fields, status=422)
    assert "Dagen ligger i framtiden." in page.text
    assert field_value(page, "av") == "Stina"
    assert [box.get("value") for box in page.tree.iter("input") if box.get("checked") is not None] == fields["person"]
    page = client.post(path, fields | {"person": [], "dag": "2026-03-02"}, status=422)
    assert "Kryssa för minst en person i listan." in page.text
    assert len(entries()) == 3


def test_somebody_of_another_unit_cannot_be_noted(app, house):
    client, path = visitor(app), f"/lex-sarah/information/{house['vuxen']}"
    client.get(path)
    outside = [f"u{house['chef'] + 900}", "x", "s999"]
    fields = {"person": outside, "dag": "2026-03-02", "hur": "apt", "av": "Eva"}
    client.post(path, fields, status=422)
    assert len(entries()) == 3
    client.get(f"/lex-sarah/information/{unit_id_of('Barn')}", status=404)


def test_an_entry_by_mistake_is_voided_with_a_reason_and_the_one_before_counts_again(app, house):
    client = visitor(app)
    path = f"/lex-sarah/information/{house['vuxen']}/u{house['Cia']}"
    client.get(path)
    client.click("Makulera 1 mars 2026")
    client.submit({"reason": ""}, status=422)
    page = client.submit({"reason": "Fel person"})
    assert "Uppgiften är makulerad." in page.text
    assert "Fel person" in page.text
    assert entries()[2] == (house["Cia"], date(2026, 3, 1), False)
    rows = client.get(f"/lex-sarah/information/{house['vuxen']}").table("Personalen").dicts()
    assert next(row for row in rows if row["Vem"] == "Cia")["Läge"] == "■ Saknas"
    entry = db.session.scalars(select(DutyInformation.id).where(DutyInformation.user_id == house["Cia"])).one()
    client.get(f"{path}/{entry}/makulera", status=404)


def test_those_without_an_account_are_listed_once_and_leave_with_their_last_day(app, house, frozen_day):
    client, path = visitor(app), f"/lex-sarah/information/{house['vuxen']}"
    client.get(f"{path}/anstallda")
    page = client.submit({"vilka": "Timvikarie 4\ntimvikarie 3", "fran": "2026-03-01"}, status=422)
    assert "timvikarie 3 finns redan i listan." in page.text
    page = client.submit({"vilka": "Timvikarie 4\n19121212-1212", "fran": "2026-03-01"}, status=422)
    assert "personnummer" in page.text
    client.submit({"vilka": "Timvikarie 4\n\n Timvikarie 5 ", "fran": "2026-03-01"})
    page = client.click("Timvikarie 4")
    page = client.submit({"slutar": "2026-02-28"}, status=422)
    assert "Sista dagen ligger före första dagen." in page.text
    client.submit({"slutar": "2026-03-02"})
    names = client.get(path).table("Personalen").column("Vem")
    assert [name for name in names if "utan konto" in name] == [
        "Timvikarie 3 (utan konto)", "Timvikarie 4 (utan konto)", "Timvikarie 5 (utan konto)",
    ]  # fmt: skip
    frozen_day(DAY + timedelta(days=1))
    client = visitor(app)
    names = client.get(path).table("Personalen").column("Vem")
    assert "Timvikarie 4 (utan konto)" not in names


def test_the_interval_is_set_for_all_units_by_those_who_have_them_all(app, house):
    visitor(app).get("/lex-sarah/information/installning", status=403)
    make_user("ansvarig@kommun.example", "ansvarig")
    make_user("del@kommun.example", "ansvarig", unit="Vuxen")
    visitor(app, "del@kommun.example").get("/lex-sarah/information/installning", status=404)
    client, other = (visitor(app, "ansvarig@kommun.example") for _ in range(2))
    client.get("/lex-sarah/information/installning")
    other.get("/lex-sarah/information/installning")
    client.submit({"manader": "37"}, status=422)
    client.submit({"manader": "24", "dagar": "0"})
    page = other.submit({"manader": "6", "dagar": "14"}, status=422)
    assert "Någon annan har ändrat inställningen" in page.text
    rows = client.get(f"/lex-sarah/information/{house['vuxen']}").table("Personalen").dicts()
    due = {row["Vem"]: row["Senast"] for row in rows}
    assert (due["Bo"], due["Eva"]) == ("2027-03-01", "2026-03-02")


def test_the_files_hold_everybody_within_reach(app, house):
    client = visitor(app)
    lines = client.get("/lex-sarah/information/export.csv").data.decode("utf-8-sig").splitlines()
    assert lines[0] == "enhet;vem;konto;forsta_dag;informerad;hur;av;senast;lage"
    assert lines[2] == "Vuxen;Bo;ja;2015-01-01;2025-03-01;APT eller annat möte;Enhetschefen;2026-03-01;Saknas"
    assert [line.split(";")[1] for line in lines[1:]] == ["Anna", "Bo", "Cia", "Eva", "Timvikarie 3"]
    book = load_workbook(io.BytesIO(client.get("/lex-sarah/information/export.xlsx").data))
    assert [row[1] for row in book.active.values][1:6] == ["Anna", "Bo", "Cia", "Eva", "Timvikarie 3"]
    make_user("kvalitet@kommun.example", "kvalitet", name="Fia")
    lines = visitor(app, "kvalitet@kommun.example").get("/lex-sarah/information/export.csv").data.decode("utf-8-sig")
    assert sorted(line.split(";")[1] for line in lines.splitlines()[1:]) == [
        "Anna", "Bo", "Cia", "Dan", "Eva", "Fia", "Timvikarie 3",
    ]  # fmt: skip
