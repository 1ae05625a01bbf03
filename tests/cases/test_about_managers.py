"""A report about the manager is closed to the unit's managers as it comes, and is received by who is left."""

import pytest

from tests.audit.trails import entries, verdict
from tests.cases.making import unit_id_of
from tests.cases.test_pages import send_report
from tests.factories import make_user
from tests.support.checks import text_of
from tracker import clock
from tracker.accounts.models import User
from tracker.audit.history import list_history
from tracker.cases.registers import COMPLAINTS, DEVIATIONS
from tracker.cases.services import Report, report_case
from tracker.cases.single import find_case
from tracker.cases.texts import Section
from tracker.database import db, writer
from tracker.records.grants import list_grants
from tracker.records.models import Record
from tracker.records.scope import EVERY_RECORD

TICK = {"about_managers": "y"}
CLOSED = "Rapporten är stängd för enhetens chefer: de ser varken den eller vem som rapporterade."
NUMBERS = {"nej": "A-2026-0001", "ja": "LS-2026-0001"}


@pytest.fixture
def house(two_units, person):
    """A reporter of Vuxen, its chef, a chef over all, a chef of Barn, and who is left."""
    return {
        "reporter": person("medarbetare", "Vuxen", name="rut")[0], "chef": person("chef", "Vuxen")[0],
        "over": person("chef", name="olle")[0], "other": person("chef", "Barn", name="bo")[0],
        "lead": person("kvalitet")[0], "officer": person("ansvarig")[0],
    }  # fmt: skip


def record_of(number):
    db.session.rollback()
    return db.session.query(Record).filter_by(number=number).one().id


def figures(page):
    """The texts of the work lists over a register, or on the start page."""
    return [text_of(e) for e in page.tree.iter("ul") if "figures" in (e.get("class") or "")]


@pytest.mark.parametrize("suspected", ["nej", "ja"])
def test_the_managers_see_nothing_of_it_anywhere(house, suspected):
    page = send_report(house["reporter"], suspected=suspected, **TICK)
    number = NUMBERS[suspected]
    assert (CLOSED in page.text, number in page.text) == (True, True)
    record_id, path = record_of(number), "/avvikelser" if suspected == "nej" else "/lex-sarah"
    for name in ("chef", "over", "other"):
        house[name].get(f"{path}/{record_id}", status=404)
        patterns = ("/avvikelser/monster", "/avvikelser/monster/export.csv")
        for address in ("/", path, f"{path}/export.csv", *patterns, "/atgarder"):
            answer = house[name].get(address, status=None).data.decode()
            assert (number in answer, "Larmet svarade inte" in answer) == (False, False)
        assert not [text for text in figures(house[name].get("/avvikelser")) if "1 " in text]
    for name in ("lead", "officer"):
        assert "Larmet svarade inte" in house[name].get(f"{path}/{record_id}").text
    assert CLOSED in house["reporter"].get(f"/rapportera/{record_id}").text


def test_without_the_tick_the_manager_receives_it_as_before(house):
    page = send_report(house["reporter"])
    assert "stängd" not in page.text
    seen = house["chef"].get(f"/avvikelser/{record_of('A-2026-0001')}")
    assert "Rapporterad avRut Medarbetare" in seen.text


def test_neither_the_closing_nor_the_trail_tells_who_reported(house):
    send_report(house["reporter"], **TICK)
    record_id = record_of("A-2026-0001")
    assert [(grant.name, grant.kind.value, grant.given_by) for grant in list_grants(record_id)] == [
        ("Anna Chef", "closed", None), ("Olle Chef", "closed", None),
    ]  # fmt: skip
    [entry] = [entry for entry in entries() if entry.record_id == record_id]
    assert (entry.action, entry.actor_kind, entry.actor_id) == ("record.created", "reporter", None)
    [event] = list_history(record_id, with_personal=True)
    chef = db.session.query(User.id).filter_by(email="anna.chef@kommun.example").scalar()
    assert {change.field: change.new for change in event.changes}[f"closed.{chef}"] is True
    assert verdict().whole
    page = house["officer"].get(f"/avvikelser/{record_id}/atkomst")
    assert ("Anna Chef" in page.text, "Rut" in page.text) == (True, False)


def test_when_nobody_else_would_be_left_it_is_told_beside_the_tick_and_nothing_is_lost(two_units, person):
    reporter = person("medarbetare", "Vuxen")[0]
    make_user("chef@kommun.example", "chef", "kvalitet")
    page = send_report(reporter, **TICK)
    assert "Ingen annan än de tar emot rapporter för enheten i programmet." in page.text
    assert "Larmet svarade inte" in page.text
    assert page.form("what").find(".//input[@name='about_managers']").get("checked") is not None
    assert db.session.query(Record).count() == 0


def test_who_is_left_takes_the_case_on(house):
    send_report(house["reporter"], **TICK)
    record_id = record_of("A-2026-0001")
    house["lead"].get(f"/avvikelser/{record_id}/steg/ta-emot")
    house["lead"].submit({}, form="version")
    assert find_case(DEVIATIONS, record_id, EVERY_RECORD)["state"] == "received"


def lifted(house, record_id, path="/avvikelser"):
    """The officer lifts what is closed to the chef, as somebody with the right to it may."""
    chef = db.session.query(User.id).filter_by(email="anna.chef@kommun.example").scalar()
    house["officer"].get(f"{path}/{record_id}/atkomst")
    return house["officer"].submit(
        {"step": "ta-bort", "person": str(chef), "reason": "Hon ska svara på det"}, form="reason"
    )


def test_a_manager_whom_it_concerns_never_sees_who_reported_also_when_the_closing_is_lifted(house):
    send_report(house["reporter"], **TICK)
    record_id = record_of("A-2026-0001")
    page = lifted(house, record_id)
    kept = "Vem som rapporterade visas inte för Anna Chef, Olle Chef: rapporten är eller har varit stängd för dem."
    assert kept in page.text
    seen = house["chef"].get(f"/avvikelser/{record_id}")
    assert ("Larmet svarade inte" in seen.text, "Rapporterad avVisas inte" in seen.text) == (True, True)
    for address in (f"/avvikelser/{record_id}", f"/avvikelser/{record_id}/steg/ta-emot", "/avvikelser/export.csv"):
        assert "Rut" not in house["chef"].get(address, status=None).data.decode()


def test_what_somebody_closed_and_lifted_again_keeps_the_reporter_from_that_person(house, person):
    send_report(house["reporter"])
    record_id = record_of("A-2026-0001")
    chef = db.session.query(User.id).filter_by(email="anna.chef@kommun.example").scalar()
    assert "Rapporterad avRut Medarbetare" in house["chef"].get(f"/avvikelser/{record_id}").text
    house["officer"].get(f"/avvikelser/{record_id}/atkomst")
    house["officer"].submit({"step": "stang", "person": str(chef), "reason": "Den rör henne"}, form="reason")
    lifted(house, record_id)
    assert "Rapporterad avVisas inte" in house["chef"].get(f"/avvikelser/{record_id}").text
    assert "Rapporterad avRut Medarbetare" in house["over"].get(f"/avvikelser/{record_id}").text


def test_who_left_a_klagomal_from_outside_is_kept_from_the_manager_whom_it_concerns(house):
    outside = Report(
        COMPLAINTS, unit_id_of("Vuxen"), None, {Section.WHAT: "Hon lyssnar inte"}, (), {"kind": "klagomål"}
    )
    with writer():
        record_id, _ = report_case(outside, None, "Berit Boende, 070-000 00 00", clock.now(), clock.today())
        db.session.commit()
    chef = db.session.query(User.id).filter_by(email="anna.chef@kommun.example").scalar()
    assert "Berit Boende" in house["chef"].get(f"/synpunkter/{record_id}").text
    lead = house["lead"]
    lead.get(f"/synpunkter/{record_id}/atkomst")
    lead.submit({"step": "stang", "person": str(chef), "reason": "Klagomålet rör henne"}, form="reason")
    lead.get(f"/synpunkter/{record_id}/atkomst")
    lead.submit({"step": "ta-bort", "person": str(chef), "reason": "Hon ska svara"}, form="reason")
    assert "Berit Boende" not in house["chef"].get(f"/synpunkter/{record_id}").text
    assert "Berit Boende" in house["over"].get(f"/synpunkter/{record_id}").text
