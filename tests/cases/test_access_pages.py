"""Who may see a case although others may not: on its page, in the lists, the files and the counts."""

from datetime import date

import pytest

from tests.audit.trails import entries, verdict
from tests.cases.making import reported, stands, step, unit_id_of
from tests.factories import PASSWORD, make_user
from tests.support.pages import PageClient
from tracker import clock
from tracker.cases.case_access import change_access
from tracker.cases.models import Deviation, LexSarahReport
from tracker.cases.registers import LEX_SARAH
from tracker.database import db, writer
from tracker.records.access_steps import Act, Step

DAY = date(2026, 3, 2)
BOSS, CHEF, QUALITY, OTHER = (f"{name}@kommun.example" for name in ("ansvarig", "chef", "kvalitet", "annan"))
WHY = "Rapporten handlar om chefen"


@pytest.fixture(autouse=True)
def people(app, frozen_day):
    """It is Monday 2 March 2026, in a house of one unit with its people: user numbers by address."""
    frozen_day(DAY)
    unit_id_of("Vuxen")
    db.session.commit()
    roles = {BOSS: "ansvarig", QUALITY: "kvalitet", OTHER: "ansvarig"}
    found = {mail: make_user(mail, role).id for mail, role in roles.items()}
    return found | {CHEF: make_user(CHEF, "chef", unit="Vuxen").id}


def visitor(app, mail):
    """Somebody signed in."""
    client = PageClient(app)
    client.sign_in(mail, PASSWORD)
    return client


def changed(client, path, **fields):
    """Fills in the page of access and sends it."""
    client.get(f"{path}/atkomst")
    return client.submit({"reason": WHY} | fields, form="reason", status=None)


@pytest.mark.parametrize(("kind", "path"), [("deviations", "/avvikelser"), ("lex-sarah", "/lex-sarah")])
def test_what_is_closed_to_a_manager_is_nowhere_for_them(app, people, kind, path):
    record_id, kept = reported(kind, "Vuxen"), reported(kind, "Vuxen")
    ref = {"deviations": "A-2026-000", "lex-sarah": "LS-2026-000"}[kind]
    page = changed(visitor(app, BOSS if kind == "lex-sarah" else QUALITY), f"{path}/{record_id}", step="stang",
                   person=str(people[CHEF]))  # fmt: skip
    assert "Åtkomsten är ändrad." in page.text
    assert page.table("Namngivna och utestängda").rows[0][1] == "Utestängd"
    chef = visitor(app, CHEF)
    page = chef.get(path)
    assert f"{ref}2" in page.text
    assert f"{ref}1" not in page.text
    assert "1 avvikelse" in page.text or "1 rapport" in page.text
    chef.get(f"{path}/{record_id}", status=404)
    assert chef.get(f"{path}/{kept}").status == 200
    if kind == "deviations":
        chef.get(f"{path}/{record_id}/steg/ta-emot", status=404)
        exported = chef.get("/avvikelser/export.csv").data.decode()
        assert (f"{ref}1" in exported, f"{ref}2" in exported) == (False, True)
    assert f"{ref}1" in visitor(app, QUALITY).get(path).text


def test_a_protected_case_is_seen_by_those_named_alone(app, people):
    record_id = reported("lex-sarah", "Vuxen")
    boss = visitor(app, BOSS)
    page = changed(boss, f"/lex-sarah/{record_id}", step="skydda")
    assert "Skyddat: bara namngivna ser ärendet" in page.text
    db.session.rollback()
    assert db.session.get_one(LexSarahReport, record_id).mark == 1
    assert "LS-2026-0001" in boss.get("/lex-sarah").text
    for mail in (OTHER, QUALITY, CHEF):
        client = visitor(app, mail)
        client.get(f"/lex-sarah/{record_id}", status=404)
        assert "Registret är tomt" in client.get("/lex-sarah").text
    assert "LS-2026-0001" not in visitor(app, QUALITY).get("/lex-sarah/export.csv").data.decode()
    changed(boss, f"/lex-sarah/{record_id}", step="namnge", person=str(people[OTHER]))
    assert "LS-2026-0001" in visitor(app, OTHER).get("/lex-sarah").text
    changed(boss, f"/lex-sarah/{record_id}", step="hav")
    assert stands(LEX_SARAH, record_id)["mark"] == 0
    assert "LS-2026-0001" in visitor(app, QUALITY).get("/lex-sarah").text


def test_what_became_lex_sarah_has_the_same_mark_in_both_registers(people):
    record_id = reported("deviations", "Vuxen")
    step("deviations", record_id, "make_lex_sarah", people[CHEF], comment="Svår skada")
    version = stands(LEX_SARAH, record_id)["version"]
    with writer():
        change_access(Act(record_id, version, people[BOSS], True, WHY, clock.now()), Step.PROTECT, None)
        db.session.commit()
    assert [db.session.get_one(model, record_id).mark for model in (Deviation, LexSarahReport)] == [1, 1]


def test_a_manager_and_an_utredare_change_no_access_and_a_reason_is_needed(app, people):
    record_id = reported("lex-sarah", "Vuxen")
    visitor(app, CHEF).get(f"/lex-sarah/{record_id}/atkomst", status=403)
    page = changed(visitor(app, BOSS), f"/lex-sarah/{record_id}", step="stang", person=str(people[CHEF]), reason="")
    assert page.status == 422
    assert "Skriv varför." in page.text
    assert stands(LEX_SARAH, record_id)["version"] == 1


def test_the_trail_tells_of_it(app, people):
    record_id = reported("lex-sarah", "Vuxen")
    changed(visitor(app, BOSS), f"/lex-sarah/{record_id}", step="stang", person=str(people[CHEF]))
    found = [entry.action for entry in entries() if entry.record_id == record_id]
    assert found == ["record.created", "record.access_changed"]
    assert verdict().whole
