"""Gallring: who is told of is gone for good, what is counted stays to the byte, and the trail is still whole."""

from datetime import date, time

import pytest
from sqlalchemy import insert, select

from tests.audit.trails import entries, verdict
from tests.cases.clearing import (
    BASIS,
    EVERY_CASE,
    action_of_closed,
    add_concerned,
    add_reporter,
    clear,
    closed_deviation,
    due,
    keep,
    rows_about,
)
from tests.cases.filing import attach
from tests.cases.making import assessed, reported, stands, step, unit_id_of
from tests.cases.office import LEX_SARAH_HEAD, case
from tests.decisions.running import run
from tests.factories import PASSWORD, make_user
from tests.records.granting import version_of
from tests.stickprov.making import PDF, refused
from tests.support.pages import PageClient
from tracker import clock
from tracker.accounts.drafts import Draft, autosave
from tracker.actions.models import ActionItem, ActionNote, ActionSource
from tracker.actions.services import tell_progress
from tracker.audit.history import list_history
from tracker.cases import attaching, clearing, retention
from tracker.cases.case_access import change_access
from tracker.cases.case_numbers import set_case_numbers
from tracker.cases.code_models import CaseCode
from tracker.cases.correcting import correct_case
from tracker.cases.registers import COMPLAINTS, DEVIATIONS, LEX_SARAH
from tracker.cases.services import Given, take_step
from tracker.cases.single import find_case, list_steps
from tracker.cases.texts import Section, list_words, write_words
from tracker.database import db, writer
from tracker.records.access_steps import Act, Step
from tracker.records.models import Record
from tracker.records.versions import StaleVersion
from tracker.rules.case_workflow import CaseStep

CLOSED, LAST_DAY, DUE = date(2022, 2, 15), date(2023, 2, 15), date(2023, 2, 16)
ANNA = "Larmet hos Anna svarade inte"


@pytest.fixture
def people(office):
    """User numbers by role, on 15 February 2022 in the house of the office."""
    unit_id_of("Vuxen")
    db.session.commit()
    return {role: make_user(f"{role}@kommun.example", role).id for role in ("kvalitet", "chef", "medarbetare", "admin")}


@pytest.fixture
def deviation(people):
    """An avvikelse that tells of Anna in every place there is, closed on 15 February 2022."""
    keep(deviation=12)
    return closed_deviation(people["chef"], people["medarbetare"], assessed(), ANNA)


def quality(office, *years):
    """The years' reports, as they come out in each shape that is text."""
    shapes = ("json", "csv")
    return [run(office.app, "report", "quality", year, "--format", shape).out for year in years for shape in shapes]


def visitor(office, role):
    """Somebody signed in."""
    client = PageClient(office.app)
    client.sign_in(f"{role}@kommun.example", PASSWORD)
    return client


def test_nothing_is_due_until_somebody_has_set_a_rule(people, frozen_day):
    closed_deviation(people["chef"], None, assessed(), ANNA)
    frozen_day(date(2090, 1, 1))
    assert (retention.kept_months(), due(DEVIATIONS)) == ({}, [])
    keep(deviation=12, lex_sarah=None)
    assert due(DEVIATIONS) == ["A-2022-0001"]
    keep(deviation=None)
    assert due(DEVIATIONS) == []


def test_a_case_is_due_from_the_day_after_its_last_one(deviation, frozen_day):
    frozen_day(LAST_DAY)
    assert due(DEVIATIONS) == []
    frozen_day(DUE)
    assert due(DEVIATIONS) == ["A-2022-0001"]


def test_who_is_told_of_is_gone_and_the_year_is_the_same_to_the_byte(office, people, deviation, frozen_day):
    with writer():
        autosave(people["chef"], f"/avvikelser/{deviation}/utredning", "", (("causes", ANNA),), None, clock.now())
        autosave(people["chef"], f"/avvikelser/{deviation}1/utredning", "", (("causes", "annat"),), None, clock.now())
        db.session.commit()
    add_concerned(deviation, people["kvalitet"])
    before = quality(office, 2022, 2023)
    had = rows_about(deviation)
    assert had == {
        "case_text": 3,
        "case_reporter": 1,
        "case_concerned": 1,
        "case_person": 1,
        "case_code": 0,
        "attachment": 0,
        "case_step": 1,
    }
    row = stands(DEVIATIONS, deviation)
    frozen_day(DUE)
    assert clear(DEVIATIONS, people["kvalitet"]) == 1
    assert set(rows_about(deviation).values()) == {0}
    assert list_words(deviation) == []
    assert quality(office, 2022, 2023) == before
    after = stands(DEVIATIONS, deviation)
    assert row["clearing_id"] is None
    assert after["clearing_id"] is not None
    assert {**after, "version": 0, "clearing_id": 0} == {**row, "version": 0, "clearing_id": 0}
    assert [(told.step, told.on_day) for told in list_steps(deviation)] == [
        (CaseStep.RECEIVE, CLOSED), (CaseStep.INVESTIGATE, CLOSED), (CaseStep.CLOSE, CLOSED),
    ]  # fmt: skip
    assert [draft.path for draft in db.session.scalars(select(Draft))] == [f"/avvikelser/{deviation}1/utredning"]
    told, *earlier = list_history(deviation, with_personal=True)
    assert (told.action, told.reason) == ("record.forgotten", BASIS.reason)
    assert [(change.field, change.new) for change in told.changes if change.new] == [
        ("decided_on", "2023-01-20"), ("decision", "§ 45, SN 2023/12"),
    ]  # fmt: skip
    assert len(earlier) == 5
    assert all(event.reason is None and not any(change.personal for change in event.changes) for event in earlier)
    assert any(event.forgotten for event in earlier)
    assert verdict().whole
    assert run(office.app, "audit", "verify").code == 0
    assert due(DEVIATIONS) == []


def test_the_page_tells_that_it_was_gallrat_and_nothing_more_can_be_done(office, people, deviation, frozen_day):
    frozen_day(DUE)
    clear(DEVIATIONS, people["kvalitet"])
    chef = visitor(office, "chef")
    page = chef.get(f"/avvikelser/{deviation}")
    assert "Ärendet gallrades 16 februari 2023, enligt beslut 20 januari 2023, § 45, SN 2023/12." in page.text
    assert "Anna" not in page.text
    assert "Rapporterad av" not in page.text
    assert not {"Öppna igen", "Gör till lex Sarah-rapport", "Ny åtgärd"} & {*page.links}
    assert "Filer" not in [e.text for e in page.tree.iter("h2")]
    assert "Fall" in page.text
    for what in ("steg/oppna-igen", "steg/gor-till-lex-sarah", "ratta"):
        chef.get(f"/avvikelser/{deviation}/{what}", status=404)
    row = find_case(DEVIATIONS, deviation, EVERY_CASE)
    today = (people["chef"], clock.now(), clock.today())
    for what in (CaseStep.REOPEN, CaseStep.MAKE_LEX_SARAH):
        given = Given(comment="Ny uppgift")
        assert refused(take_step, DEVIATIONS, row, row["version"], what, given, *today).code == "cleared"
    right = {"unit_id": row["unit_id"], "happened_on": None}
    assert refused(correct_case, DEVIATIONS, row, row["version"], right, "Fel dag", *today).code == "cleared"
    assert refused(attaching.attach, deviation, PDF, "a.pdf", people["chef"], clock.now()).code == "cleared"
    assert "A-2022-0001" not in visitor(office, "medarbetare").get("/rapportera").text
    visitor(office, "medarbetare").get(f"/rapportera/{deviation}", status=404)


def test_a_file_does_not_bring_back_what_was_gallrat(office, people, deviation, frozen_day):
    frozen_day(DUE)
    clear(DEVIATIONS, people["kvalitet"])
    said = office.refused("deviations", f"ref;rapporterad;beskrivning\nA-2022-0001;2022-02-15;{ANNA}\n")
    assert said == ["rad 2, kolumn ref: ärendet är gallrat och går inte att ändra. Ta bort raden."]


@pytest.fixture
def lex_sarah(office, people):
    """A lex Sarah case from a file, closed on 15 February 2022, with what the program adds to it."""
    keep(lex_sarah=12)
    row = (
        "L-1;Vuxen;SoL;2021-12-01;2021-12-02;2021-12-02;Anna föll;allvarligt;2022-02-01;2022-02-01;2022-02-01;{};{};"
        "2022-02-15"
    )
    office.imports("lex-sarah", f"{LEX_SARAH_HEAD}\n{row.format('2022-02-10', 'Anna fick rätt')}\n")
    office.imports("lex-sarah", f"{LEX_SARAH_HEAD}\n{row.format('', '').replace('L-1', 'L-2')}\n")
    record_id = case("lex-sarah", "L-1").record_id
    add_reporter(record_id, people["medarbetare"])
    with writer():
        write_words(record_id, Section.CAUSES, "Anna var ensam", people["chef"], clock.now())
        set_case_numbers(stands(LEX_SARAH, record_id), 1, "SN 2021/99", "8.1.2-1/2022")
        db.session.commit()
    attach(record_id, people["medarbetare"])
    return record_id


def test_of_a_lex_sarah_case_files_numbers_and_the_words_of_ivo_go_too(office, people, lex_sarah, frozen_day):
    before = quality(office, 2021, 2022)
    assert rows_about(lex_sarah)["attachment"] == 1
    frozen_day(DUE)
    assert due(LEX_SARAH) == ["L-1"]  # of L-2, IVO has not decided
    assert clear(LEX_SARAH, people["kvalitet"]) == 1
    assert set(rows_about(lex_sarah).values()) == {0}
    row = stands(LEX_SARAH, lex_sarah)
    assert (row["ivo_outcome"], row["ivo_case_number"], row["ivo_decided_on"]) == (None, None, date(2022, 2, 10))
    assert (row["assessment"], row["closed_on"]) == ("allvarligt", CLOSED)
    assert db.session.get_one(Record, lex_sarah).case_number is None
    assert quality(office, 2021, 2022) == before
    assert verdict().whole
    assert refused(set_case_numbers, row, row["version"], "SN 1", "").code == "cleared"
    assert refused(attaching.attach, lex_sarah, PDF, "a.pdf", people["chef"], clock.now()).code == "cleared"


def test_no_value_that_tells_of_a_person_stood_open_in_the_trail(lex_sarah):
    opened = [
        change.new
        for event in list_history(lex_sarah, with_personal=False)
        for change in event.changes
        if change.new is not None
    ]
    assert not {"SN 2021/99", "8.1.2-1/2022", "Anna fick rätt"} & set(map(str, opened))


def test_a_synpunkt_counts_from_its_answer_and_one_that_waits_is_never_due(people, frozen_day):
    keep(complaint=12)
    record_id, waits = reported("complaints"), reported("complaints")
    for one in (record_id, waits):
        step("complaints", one, "receive", people["chef"])
    step("complaints", record_id, "answer", people["chef"], comment="Vi beklagar, Anna")
    with writer():
        db.session.add(CaseCode(record_id=record_id, code_hash=bytes(32)))
        db.session.commit()
    assert rows_about(record_id)["case_code"] == 1
    frozen_day(LAST_DAY)
    assert due(COMPLAINTS) == []
    frozen_day(DUE)
    assert due(COMPLAINTS) == ["S-2022-0001"]
    assert clear(COMPLAINTS, people["kvalitet"]) == 1
    assert set(rows_about(record_id).values()) == {0}
    assert rows_about(waits)["case_text"] > 0


def test_what_became_a_lex_sarah_case_is_gallrat_as_that(people, deviation, frozen_day):
    step("deviations", deviation, "make_lex_sarah", people["chef"], comment="Kan vara ett missförhållande")
    keep(deviation=1, lex_sarah=1)
    frozen_day(date(2040, 1, 1))
    assert (due(DEVIATIONS), due(LEX_SARAH)) == ([], [])


def test_an_action_that_is_not_carried_out_keeps_the_case(people, deviation, frozen_day):
    action_id = action_of_closed(deviation)
    frozen_day(DUE)
    assert due(DEVIATIONS) == []
    with writer():
        tell_progress(action_id, 1, "Anna har fått ett nytt larm", CLOSED, people["chef"], DUE, clock.now())
        db.session.commit()
    assert due(DEVIATIONS) == ["A-2022-0001"]


def test_the_words_of_its_actions_go_and_their_days_stay(office, people, deviation, frozen_day):
    other = reported("deviations")
    alone, shared = (
        action_of_closed(deviation, text=f"Byt larm hos {name}", done_on=CLOSED) for name in ("Anna", "alla")
    )
    with writer():
        db.session.execute(insert(ActionSource).values(action_id=shared, record_id=other))
        db.session.add(ActionNote(action_id=alone, text="Anna är nöjd", written_at=clock.now()))
        db.session.commit()
    before = quality(office, 2022)
    frozen_day(DUE)
    clear(DEVIATIONS, people["kvalitet"])
    assert [db.session.get_one(ActionItem, one).text for one in (alone, shared)] == [
        "Texten är gallrad", "Byt larm hos alla",
    ]  # fmt: skip
    assert db.session.scalars(select(ActionNote)).all() == []
    assert db.session.get_one(ActionItem, alone).done_on == CLOSED
    assert quality(office, 2022) == before
    history = list_history(alone, with_personal=True)
    assert not any("Anna" in str(change.new) for event in history for change in event.changes)
    assert verdict().whole


def test_no_action_comes_back_to_what_was_gallrat(office, people, deviation, frozen_day, tmp_path):
    action_of_closed(deviation, ref="Å-1", text="Byt larm hos Anna", done_on=CLOSED)
    frozen_day(DUE)
    clear(DEVIATIONS, people["kvalitet"])
    chef = visitor(office, "chef")
    assert chef.get(f"/atgarder/till/{deviation}/ny", status=404).heading == "Sidan finns inte"
    file = tmp_path / "actions.csv"
    file.write_text(
        "ref;kalla;kalla_ref;beskrivning\nÅ-1;avvikelse;A-2022-0001;Hos Anna\nÅ-2;avvikelse;A-2022-0001;Hos Anna\n",
        encoding="utf-8",
    )
    result = run(office.app, "import", "actions", file)
    assert result.code == 1
    assert "rad 2, kolumn ref: åtgärdens ärende är gallrat" in result.err
    assert "rad 3, kolumn kalla_ref: ärendet är gallrat." in result.err
    assert [one.text for one in db.session.scalars(select(ActionItem))] == ["Texten är gallrad"]


def test_a_list_that_has_changed_since_it_was_seen_is_not_gallrad(people, deviation, frozen_day):
    frozen_day(DUE)
    seen = retention.seen_as(retention.list_due(DEVIATIONS, EVERY_CASE, DUE, 100))
    step("deviations", deviation, "reopen", people["chef"], comment="Ny uppgift")
    db.session.rollback()
    with pytest.raises(StaleVersion), writer():
        clearing.clear_cases(DEVIATIONS, EVERY_CASE, seen, BASIS, people["kvalitet"], clock.now(), DUE)
    db.session.rollback()
    assert rows_about(deviation)["case_text"] == 3


def test_only_what_the_reader_sees_in_their_units_is_due_for_them(office, people, deviation, frozen_day):
    make_user("barn@kommun.example", "kvalitet", unit="Barn")
    frozen_day(DUE)
    barn, kajsa = visitor(office, "barn"), visitor(office, "kvalitet")
    assert barn.get("/gallring").table("Hur länge varje slags ärende bevaras").rows[0][2] == "0"
    assert "Inget att gallra" in barn.get("/gallring/avvikelser").text
    assert kajsa.get("/gallring").table("Hur länge varje slags ärende bevaras").rows[0][2] == "1"
    hide(deviation, people["kvalitet"])
    assert kajsa.get("/gallring").table("Hur länge varje slags ärende bevaras").rows[0][2] == "0"


def hide(record_id, user_id):
    """Closes a case to somebody."""
    with writer():
        change_access(Act(record_id, version_of(record_id), user_id + 1, True, "Jäv", clock.now()), Step.CLOSE, user_id)
        db.session.commit()


def test_kvalitet_gallrar_on_the_page_after_the_password(office, people, deviation, frozen_day):
    frozen_day(DUE)
    kajsa = visitor(office, "kvalitet")
    assert kajsa.get("/avvikelser").links["Gallring"] == "/gallring"
    page = kajsa.get("/gallring")
    assert page.table("Hur länge varje slags ärende bevaras").rows == [
        ["Avvikelser", "12 månader efter sista anteckningen", "1"], ["Lex Sarah", "Bevaras alltid", "0"],
        ["Synpunkter", "Bevaras alltid", "0"],
    ]  # fmt: skip
    page = kajsa.get("/gallring/avvikelser")
    assert page.table("Ärenden som ska gallras").rows == [["A-2022-0001", "2022-02-15", "2022-02-15"]]
    page = kajsa.submit({"decision": "", "reason": ""}, status=422)
    for said in ("Skriv varför ärendena gallras.", "Kryssa i att du har kontrollerat listan."):
        assert said in page.text
    given = {"decided_on": "2023-02-17", "decision": "§ 45", "reason": "Enligt planen", "understood": "y"}
    assert "Beslutet kan inte vara fattat efter idag." in kajsa.submit(given, status=422).text
    frozen_day(DUE, time(11, 16))
    page = kajsa.submit(given | {"decided_on": "2023-01-20"})
    assert page.heading == "Skriv ditt lösenord igen"
    page = kajsa.submit({"present": PASSWORD})
    assert page.path.startswith("/gallring/avvikelser")
    page = kajsa.submit({}, form="reason")
    assert "1 ärende är gallrat." in page.text
    assert page.table("Vad som har gallrats").rows[0][:4] == ["2023-02-16", "Avvikelser", "1", "2023-01-20, § 45"]
    assert set(rows_about(deviation).values()) == {0}
    assert "Inget att gallra" in kajsa.get("/gallring/avvikelser").text
    kajsa.get("/gallring/risker", status=404)


def test_an_administrator_sets_the_rules_and_gallrar_nothing(office, people, deviation):
    admin = visitor(office, "admin")
    admin.get("/admin/gallring")
    page = admin.submit({"deviation": "60", "lex_sarah": "0", "complaint": "x"}, status=422)
    assert "Skriv ett helt tal med siffror." in page.text
    page = admin.submit({"deviation": "60", "lex_sarah": "0", "complaint": ""}, status=422)
    assert "Skriv ett antal månader mellan 1 och 1200, eller lämna tomt." in page.text
    assert retention.kept_months()["deviation"] == 12
    page = admin.submit({"deviation": "60", "lex_sarah": "120", "complaint": ""})
    assert "Reglerna är sparade." in page.text
    assert retention.kept_months() == {"deviation": 60, "lex_sarah": 120}
    assert entries()[-1].action == "installation.changed"
    admin.get("/gallring", status=403)


def test_a_personnummer_in_the_decision_is_refused(people, deviation, frozen_day):
    frozen_day(DUE)
    with_number = clearing.Basis(date(2023, 1, 20), "19121212-1212", "Enligt planen")
    violation = refused(clearing.clear_cases, DEVIATIONS, EVERY_CASE, "", with_number, 1, clock.now(), DUE)
    assert (violation.code, violation.field) == ("person_number", "decision")
