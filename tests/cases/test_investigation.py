"""An investigation on its pages: who writes what, two in one heading, and what came before."""

from datetime import date

import pytest
from sqlalchemy import select

from tests.audit.trails import entries, verdict
from tests.cases.making import reported, step, unit_id_of
from tests.factories import PASSWORD, make_user
from tests.support.pages import PageClient
from tracker import clock
from tracker.cases.investigating import save_heading
from tracker.cases.models import CaseText
from tracker.cases.texts import INVESTIGATION, Section, list_words, write_words
from tracker.database import db, writer
from tracker.records.versions import StaleVersion
from tracker.rules.case_workflow import Assessment
from tracker.rules.errors import RuleViolation

DAY = date(2026, 3, 2)
ONE, TWO, BOSS = "ett@kommun.example", "tva@kommun.example", "ansvarig@kommun.example"


@pytest.fixture(autouse=True)
def day(app, frozen_day):
    """It is Monday 2 March 2026."""
    frozen_day(DAY)
    for name in ("Vuxen", "Barn"):
        unit_id_of(name)
    db.session.commit()
    return frozen_day


@pytest.fixture
def given():
    """A case of Vuxen that two utredare have: (record, one, two, boss)."""
    boss = make_user(BOSS, "ansvarig").id
    people = [make_user(mail, "utredare", name=name).id for mail, name in ((ONE, "Ulla Ett"), (TWO, "Tage Två"))]
    record_id = reported("lex-sarah", "Vuxen", law="SoL")
    step("lex-sarah", record_id, "receive", boss)
    step("lex-sarah", record_id, "assess", boss, assessment=Assessment.SERIOUS, motivation="Fallet")
    for person in people:
        step("lex-sarah", record_id, "assign", boss, investigator_id=person)
    return record_id, *people, boss


def visitor(app, mail):
    """Somebody signed in."""
    client = PageClient(app)
    client.sign_in(mail, PASSWORD)
    return client


def said(record_id, section):
    """(edition, words) under a heading."""
    db.session.rollback()
    return [(one.edition, one.body) for one in list_words(record_id) if one.section is section]


def write(record_id, section, seen, body, by):
    """Saves a heading as its page does."""
    with writer():
        edition = save_heading(record_id, section, seen, body, by, clock.now())
        db.session.commit()
    return edition


def test_twelve_headings_stand_in_their_order_and_those_without_text_are_told(app, given):
    record_id, one, *_ = given
    write(record_id, Section.CAUSES, 0, "Larmet saknade batteri", one)
    page = visitor(app, ONE).get(f"/lex-sarah/{record_id}/utredning")
    assert page.heading == "Utredning LS-2026-0001"
    assert "11 rubriker av 12 saknar text" in page.text
    assert "Utreds av Tage Två, Ulla Ett." in page.text
    rows = page.table("Rubriker").rows
    assert [row[0] for row in rows][:2] == [
        "1. När och från vem rapporten kom", "2. Vad missförhållandet eller risken bestod i",
    ]  # fmt: skip
    assert len(rows) == 12
    assert [row[0] for row in rows if row[1] != "Saknas"] == ["6. Orsaker"]
    assert rows[5][1].startswith("Ulla Ett, 2 mars 2026 kl.")


def test_what_is_written_is_a_new_edition_and_what_stood_can_be_read(app, given):
    record_id, *_ = given
    client = visitor(app, ONE)
    for body in ("Batteriet var slut", "Batteriet var slut, och ingen provade larmet"):
        client.get(f"/lex-sarah/{record_id}/utredning/orsaker")
        page = client.submit({"body": body}, form="body")
        assert "Orsaker: sparat." in page.text
    assert said(record_id, Section.CAUSES) == [
        (1, "Batteriet var slut"), (2, "Batteriet var slut, och ingen provade larmet"),
    ]  # fmt: skip
    page = client.get(f"/lex-sarah/{record_id}")
    assert "Batteriet var slut, och ingen provade larmet" in page.text
    assert "Visa 1 tidigare lydelse" in page.text
    assert "Utredningens rubriker" in page.links
    client.get(f"/lex-sarah/{record_id}/utredning/orsaker")
    client.submit({"body": "Batteriet var slut, och ingen provade larmet"}, form="body")
    assert len(said(record_id, Section.CAUSES)) == 2


def test_two_write_different_headings_at_once(app, given):
    record_id, *_ = given
    first, second = visitor(app, ONE), visitor(app, TWO)
    first.get(f"/lex-sarah/{record_id}/utredning/orsaker")
    second.get(f"/lex-sarah/{record_id}/utredning/horda")
    first.submit({"body": "Batteriet"}, form="body")
    second.submit({"body": "Två ur personalen"}, form="body")
    assert said(record_id, Section.CAUSES) == [(1, "Batteriet")]
    assert said(record_id, Section.HEARD) == [(1, "Två ur personalen")]


def test_the_second_of_two_in_one_heading_sees_both_and_loses_nothing(app, given):
    record_id, *_ = given
    first, second = visitor(app, ONE), visitor(app, TWO)
    for client in (first, second):
        client.get(f"/lex-sarah/{record_id}/utredning/orsaker")
    first.submit({"body": "Batteriet var slut"}, form="body")
    page = second.submit({"body": "Larmet var gammalt"}, form="body", status=409)
    assert "Någon annan har skrivit här sedan du öppnade sidan." in page.text
    assert "Larmet var gammalt" in page.text
    assert "Batteriet var slut" in page.text
    assert "Ulla Ett, 2 mars 2026" in page.text
    assert said(record_id, Section.CAUSES) == [(1, "Batteriet var slut")]
    second.submit({"body": "Larmet var gammalt, och batteriet slut"}, form="body")
    assert said(record_id, Section.CAUSES)[1:] == [(2, "Larmet var gammalt, och batteriet slut")]


def test_the_service_refuses_an_edition_that_was_not_the_newest(given):
    record_id, one, two, _ = given
    assert write(record_id, Section.CAUSES, 0, "Ett", one) == 1
    with pytest.raises(StaleVersion):
        write(record_id, Section.CAUSES, 0, "Två", two)
    assert write(record_id, Section.CAUSES, 1, "Två", two) == 2


def test_a_heading_with_a_personnummer_or_without_a_word_is_told_beside_the_field(app, given):
    record_id, *_ = given
    client = visitor(app, ONE)
    client.get(f"/lex-sarah/{record_id}/utredning/den-enskilde")
    page = client.submit({"body": "Samtal med 19121212-1212"}, form="body", status=422)
    assert "Texten ser ut att innehålla ett personnummer. Skriv utan det." in page.text
    assert "Samtal med 19121212-1212" in page.text
    page = client.submit({"body": " "}, form="body", status=422)
    assert "Skriv något under rubriken." in page.text
    assert said(record_id, Section.PERSON) == []


def test_what_was_typed_stays_when_the_investigation_has_been_completed_meanwhile(app, given):
    record_id, one, *_ = given
    with writer():
        for section in INVESTIGATION:
            write_words(record_id, section, f"Om {section}", one, clock.now())
        db.session.commit()
    client = visitor(app, TWO)
    client.get(f"/lex-sarah/{record_id}/utredning/orsaker")
    step("lex-sarah", record_id, "complete", one)
    page = client.submit({"body": "Det jag skrev i en timme"}, form="body", status=422)
    assert "Utredningen är inte öppen längre." in page.text
    assert "Det jag skrev i en timme" in page.text
    assert said(record_id, Section.CAUSES) == [(1, "Om causes")]
    page = client.get(f"/lex-sarah/{record_id}/utredning/orsaker")
    assert "Om causes" in page.text
    with pytest.raises(AssertionError, match="no form"):
        page.form("body")


def test_only_its_investigators_write_and_only_who_reads_it_whole_reads(app, given):
    record_id, *_, boss = given
    with pytest.raises(RuleViolation, match="Du utreder inte ärendet"):
        write(record_id, Section.CAUSES, 0, "Ett", boss)
    ansvarig = visitor(app, BOSS)
    page = ansvarig.get(f"/lex-sarah/{record_id}/utredning/orsaker")
    assert "Inget är skrivet än." in page.text
    with pytest.raises(AssertionError, match="no form"):
        page.form("body")
    ansvarig.post(f"/lex-sarah/{record_id}/utredning/orsaker", {"body": "Ett", "version": "0"}, status=404)
    for role, unit in (("chef", "Vuxen"), ("utredare", None)):
        mail = f"annan.{role}@kommun.example"
        make_user(mail, role, **({"unit": unit} if unit else {}))
        other = visitor(app, mail)
        other.get(f"/lex-sarah/{record_id}/utredning", status=404)
        other.get(f"/lex-sarah/{record_id}/utredning/orsaker", status=404)
    ansvarig.get(f"/lex-sarah/{record_id}/utredning/what", status=404)
    ansvarig.get(f"/lex-sarah/{record_id}/utredning/nothing", status=404)


def test_the_trail_tells_of_it_and_the_words_are_sealed(given):
    record_id, one, *_ = given
    write(record_id, Section.CAUSES, 0, "Batteriet var slut", one)
    db.session.rollback()
    entry = entries()[-1]
    assert (entry.record_id, entry.action) == (record_id, "record.changed")
    assert b"Batteriet" not in b"".join(db.session.scalars(select(CaseText.body)))
    assert verdict().whole


def before(unit, boss, assessment, *, to=None):
    """A case that came earlier, received and assessed that day; given to somebody or nobody."""
    record_id = reported("lex-sarah", unit)
    step("lex-sarah", record_id, "receive", boss)
    step("lex-sarah", record_id, "assess", boss, assessment=assessment, motivation="Så")
    if to is not None:
        step("lex-sarah", record_id, "assign", boss, investigator_id=to)
    return record_id


def test_earlier_cases_are_those_of_the_unit_and_the_degree_that_the_reader_may_read(app, given, day):
    record_id, one, _, boss = given
    day(date(2024, 5, 2))
    before("Vuxen", boss, Assessment.RISK, to=one)  # LS-2024-0001: same unit
    before("Barn", boss, Assessment.SERIOUS)  # LS-2024-0002: same degree
    before("Barn", boss, Assessment.RISK, to=one)  # LS-2024-0003: nothing alike
    day(date(2023, 3, 1))
    before("Vuxen", boss, Assessment.SERIOUS, to=one)  # more than three years ago
    day(date(2023, 3, 2))
    before("Vuxen", boss, Assessment.SERIOUS, to=one)  # LS-2023-0002: three years ago to the day
    day(DAY)
    reported("deviations", "Vuxen")
    path = f"/lex-sarah/{record_id}/utredning/tidigare"
    assert visitor(app, ONE).get(path).table("Liknande").column("Nummer") == ["LS-2024-0001", "LS-2023-0002"]
    assert visitor(app, BOSS).get(path).table("Liknande").rows == [
        ["A-2026-0001", "2026-03-02", "–", "Samma enhet"],
        ["LS-2024-0001", "2024-05-02", "Påtaglig risk för missförhållande", "Samma enhet"],
        ["LS-2023-0002", "2023-03-02", "Allvarligt missförhållande", "Samma enhet"],
        ["LS-2024-0002", "2024-05-02", "Allvarligt missförhållande", "Annan enhet"],
    ]
