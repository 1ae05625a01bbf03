"""Steps of cases on the database: what each sets, what it leaves behind, and what it refuses."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from tests.audit.trails import entries, verdict
from tests.cases.making import assessed, reported, reporter_id, stands, step, unit_id_of
from tests.decisions.running import run
from tests.factories import make_user
from tests.records.granting import version_of
from tracker import clock
from tracker.accounts.queries import find_user
from tracker.cases.models import CaseReporter, CaseStepTaken, LexSarahReport
from tracker.cases.own import find_own
from tracker.cases.registers import COMPLAINTS, DEVIATIONS, LEX_SARAH
from tracker.cases.services import Given, take_step
from tracker.cases.single import find_case, find_reporter, list_investigators, list_steps
from tracker.cases.texts import INVESTIGATION, Section, list_words, write_words
from tracker.database import db, writer
from tracker.records.models import Record, RecordGrant
from tracker.records.scope import EVERY_RECORD
from tracker.records.versions import StaleVersion
from tracker.rules.case_workflow import Assessment, CaseState, CaseStep
from tracker.rules.errors import RuleViolation
from tracker.rules.trail import ActorKind

DAY = date(2026, 3, 2)
CHEF, ANSVARIG, UTREDARE = "chef@kommun.example", "ansvarig@kommun.example", "utredare@kommun.example"


@pytest.fixture(autouse=True)
def day(app, frozen_day):
    """It is Monday 2 March 2026."""
    frozen_day(DAY)
    return frozen_day


def write_all(record_id, by):
    """Something under every heading of the investigation."""
    with writer():
        for section in INVESTIGATION:
            write_words(record_id, section, f"Om {section}", by, clock.now())
        db.session.commit()


def test_numbers_follow_each_other_within_a_year_and_a_register(day):
    first, second = reported("deviations"), reported("deviations")
    other = reported("lex-sarah")
    day(date(2027, 1, 1))
    third = reported("deviations")
    numbers = [db.session.get_one(Record, one).number for one in (first, second, other, third)]
    assert numbers == ["A-2026-0001", "A-2026-0002", "LS-2026-0001", "A-2027-0001"]


def test_a_number_that_a_file_has_taken_is_passed_over(day):
    with writer():
        db.session.add(
            Record(
                kind="deviation", number="A-2026-0001", title="x", unit_id=unit_id_of("Vuxen"), created_at=clock.now()
            )
        )
        db.session.commit()
    assert db.session.get_one(Record, reported("deviations")).number == "A-2026-0002"


def test_what_is_reported_lies_in_its_register_with_its_words_and_its_reporter():
    by = reporter_id()
    record_id = reported("deviations", by=by, happened_on=date(2026, 3, 1), law_area="SoL", kind="tillbud")
    row = stands(DEVIATIONS, record_id)
    assert (row["happened_on"], row["reported_on"], row["listed_on"]) == (date(2026, 3, 1), DAY, DAY)
    assert (row["state"], row["is_open"], row["law_area"], row["kind"]) == ("reported", True, "SoL", "tillbud")
    assert [(one.section, one.body) for one in list_words(record_id)] == [
        (Section.WHAT, "Larmet svarade inte"), (Section.AT_ONCE, "Nytt larm sattes in"),
    ]  # fmt: skip
    assert find_reporter(record_id).user_id == by


def test_the_trail_does_not_say_who_reported():
    reported("deviations", by=reporter_id())
    entry = entries()[-1]
    assert (entry.action, entry.actor_kind, entry.actor_id) == ("record.created", ActorKind.REPORTER, None)
    assert verdict().whole


def test_an_event_tomorrow_is_refused():
    with pytest.raises(RuleViolation, match="2026-03-03 ligger i framtiden"):
        reported("deviations", happened_on=DAY + timedelta(days=1))


def test_a_personnummer_in_what_is_reported_is_refused():
    with pytest.raises(RuleViolation) as refused:
        reported("deviations", what="Gäller 19121212-1212")
    assert (refused.value.code, refused.value.field) == ("person_number", "what")


def test_a_step_moves_the_case_and_stands_in_its_timeline(day):
    chef, record_id = make_user(CHEF, "chef").id, reported("deviations")
    assert step("deviations", record_id, "receive", chef) is CaseState.RECEIVED
    day(date(2026, 3, 5))
    step("deviations", record_id, "investigate", chef)
    row = stands(DEVIATIONS, record_id)
    assert (row["state"], row["moved_on"], row["version"]) == ("investigating", date(2026, 3, 5), 3)
    assert [(one.step, one.on_day, one.taken_by) for one in list_steps(record_id)] == [
        (CaseStep.RECEIVE, DAY, find_user(CHEF).name), (CaseStep.INVESTIGATE, date(2026, 3, 5), find_user(CHEF).name),
    ]  # fmt: skip


def test_who_comes_second_is_told_and_nothing_is_written():
    chef, record_id = make_user(CHEF, "chef").id, reported("deviations")
    seen = stands(DEVIATIONS, record_id)
    step("deviations", record_id, "receive", chef)
    with writer(), pytest.raises(StaleVersion):
        take_step(DEVIATIONS, seen, seen["version"], CaseStep.RECEIVE, Given(), chef, clock.now(), DAY)
    db.session.rollback()
    assert len(list_steps(record_id)) == 1


@pytest.mark.parametrize("text", ["", "   "])
def test_sending_back_without_a_word_is_refused(text):
    chef, record_id = make_user(CHEF, "chef").id, reported("deviations")
    step("deviations", record_id, "receive", chef)
    with pytest.raises(RuleViolation) as refused:
        step("deviations", record_id, "send_back", chef, comment=text)
    assert refused.value.field == "comment"
    assert stands(DEVIATIONS, record_id)["state"] == "received"


def test_a_reason_lies_sealed():
    chef, record_id = make_user(CHEF, "chef").id, reported("deviations")
    step("deviations", record_id, "receive", chef)
    step("deviations", record_id, "send_back", chef, comment="Vilken dag gällde det?")
    sealed = db.session.scalars(select(CaseStepTaken.comment).where(CaseStepTaken.comment.is_not(None))).one()
    assert b"Vilken dag" not in sealed
    assert list_steps(record_id)[-1].comment == "Vilken dag gällde det?"


def test_an_avvikelse_becomes_a_lex_sarah_report_with_its_number_words_and_steps(day):
    chef = make_user(CHEF, "chef").id
    record_id = reported("deviations", by=reporter_id(), law_area="LSS", happened_on=date(2026, 2, 27))
    step("deviations", record_id, "receive", chef)
    day(date(2026, 3, 4))
    step("deviations", record_id, "make_lex_sarah", chef, comment="Den enskilde skadades")
    old, new, record = (
        stands(DEVIATIONS, record_id),
        stands(LEX_SARAH, record_id),
        db.session.get_one(Record, record_id),
    )
    assert (old["state"], old["is_open"], old["closed_on"]) == ("became_lex_sarah", False, date(2026, 3, 4))
    assert (new["state"], new["ref"], new["law"], new["reported_on"]) == (
        "reported", "A-2026-0001", "LSS", DAY,  # the day the employee reported it, whatever it was called
    )  # fmt: skip
    assert (record.kind, record.number, record.title) == ("lex_sarah", "A-2026-0001", "Lex Sarah A-2026-0001")
    assert [one.step for one in list_steps(record_id)] == [CaseStep.RECEIVE, CaseStep.MAKE_LEX_SARAH]
    assert list_words(record_id)[0].body == "Larmet svarade inte"


def test_a_closed_avvikelse_keeps_its_day_when_it_becomes_lex_sarah(day):
    chef, record_id = make_user(CHEF, "chef").id, reported("deviations", **assessed())
    for name in ("receive", "investigate", "close"):
        step("deviations", record_id, name, chef, comment="Larmet är bytt")
    day(date(2026, 4, 1))
    step("deviations", record_id, "make_lex_sarah", chef, comment="Det var värre")
    assert stands(DEVIATIONS, record_id)["closed_on"] == DAY


def test_a_number_that_lex_sarah_has_already_is_not_taken_twice():
    chef, record_id = make_user(CHEF, "chef").id, reported("deviations")
    reported("lex-sarah")
    with writer():
        db.session.execute(update(LexSarahReport).values(ref="A-2026-0001"))
        db.session.commit()
    with pytest.raises(RuleViolation) as refused:
        step("deviations", record_id, "make_lex_sarah", chef, comment="Skada")
    assert refused.value.code == "ref_taken"


def lex_sarah_until(state, day):
    """A lex Sarah-rapport that has come so far; gives its record, the ansvarig's and the utredare's numbers."""
    boss, one = make_user(ANSVARIG, "ansvarig").id, make_user(UTREDARE, "utredare").id
    record_id = reported("lex-sarah", by=reporter_id())
    step("lex-sarah", record_id, "receive", boss)
    if state == "received":
        return record_id, boss, one
    step("lex-sarah", record_id, "assign", boss, investigator_id=one)
    if state == "investigating":
        return record_id, boss, one
    write_all(record_id, one)
    step("lex-sarah", record_id, "complete", one)
    if state == "investigated":
        return record_id, boss, one
    step("lex-sarah", record_id, "decide", boss, assessment=Assessment.SERIOUS, motivation="Allvarliga följder")
    return record_id, boss, one


def test_receiving_starts_the_clock_of_the_target(day):
    record_id, _, _ = lex_sarah_until("received", day)
    row = stands(LEX_SARAH, record_id)
    assert (row["received_on"], row["target_on"], row["listed_on"]) == (DAY, date(2026, 5, 2), DAY)


def test_a_case_cannot_be_received_before_it_was_reported():
    boss, record_id = make_user(ANSVARIG, "ansvarig").id, reported("lex-sarah")
    with pytest.raises(RuleViolation, match="ligger före 2026-03-02, då ärendet kom") as refused:
        step("lex-sarah", record_id, "receive", boss, day=DAY - timedelta(days=1))
    assert refused.value.field == "day"


def test_the_utredare_is_given_the_case_by_name(day):
    record_id, _, one = lex_sarah_until("investigating", day)
    assert list(list_investigators(record_id)) == [one]
    assert db.session.scalars(select(RecordGrant.kind).filter_by(record_id=record_id, user_id=one)).one() == "named"


def test_an_investigation_is_complete_when_every_heading_has_words(day):
    record_id, _, one = lex_sarah_until("investigating", day)
    with pytest.raises(RuleViolation, match="Skriv först under När och från vem rapporten kom, ") as refused:
        step("lex-sarah", record_id, "complete", one)
    assert refused.value.code == "lacking"
    write_all(record_id, one)
    assert step("lex-sarah", record_id, "complete", one) is CaseState.INVESTIGATED
    assert stands(LEX_SARAH, record_id)["completed_on"] == DAY


def test_who_investigated_does_not_decide(day):
    record_id, boss, one = lex_sarah_until("investigated", day)
    given = {"assessment": Assessment.NONE, "motivation": "Ingen skada"}
    with pytest.raises(RuleViolation) as refused:
        step("lex-sarah", record_id, "decide", one, **given)
    assert refused.value.code == "own_investigation"
    assert step("lex-sarah", record_id, "decide", boss, **given) is CaseState.DECIDED
    assert stands(LEX_SARAH, record_id)["assessment"] == "inget"


def test_an_anmalan_before_the_investigation_waits_for_it_and_a_later_one_takes_it_along(day):
    record_id, boss, _ = lex_sarah_until("received", day)
    assert step("lex-sarah", record_id, "notify_ivo", boss) is CaseState.RECEIVED
    row = stands(LEX_SARAH, record_id)
    assert (row["ivo_notified_on"], row["ivo_investigation_sent_on"]) == (DAY, None)
    other, boss, _ = _second(day)
    step("lex-sarah", other, "notify_ivo", boss)
    assert stands(LEX_SARAH, other)["ivo_investigation_sent_on"] == DAY


def test_a_number_of_ivo_that_is_too_long_is_refused_whole(day):
    record_id, boss, _ = lex_sarah_until("received", day)
    with pytest.raises(RuleViolation) as refused:
        step("lex-sarah", record_id, "notify_ivo", boss, comment="3" * 61)
    assert (refused.value.code, refused.value.field) == ("number_long", "comment")
    step("lex-sarah", record_id, "notify_ivo", boss, comment=" " + "3" * 60)
    assert stands(LEX_SARAH, record_id)["ivo_case_number"] == "3" * 60


def _second(day):
    boss, one = make_user("a2@kommun.example", "ansvarig").id, make_user("u2@kommun.example", "utredare").id
    record_id = reported("lex-sarah")
    step("lex-sarah", record_id, "receive", boss)
    step("lex-sarah", record_id, "assign", boss, investigator_id=one)
    write_all(record_id, one)
    step("lex-sarah", record_id, "complete", one)
    step("lex-sarah", record_id, "decide", boss, assessment=Assessment.SERIOUS_RISK, motivation="Stor risk")
    return record_id, boss, one


def test_a_serious_case_is_closed_when_ivo_the_individual_and_the_reporter_know(day):
    record_id, boss, _ = lex_sarah_until("decided", day)
    step("lex-sarah", record_id, "follow_up", boss, comment="Larmen fungerar")
    for code, name in (("ivo", "notify_ivo"), ("person", "inform_person"), ("reporter", "tell_reporter")):
        with pytest.raises(RuleViolation) as refused:
            step("lex-sarah", record_id, "close", boss)
        assert refused.value.code == code
        step("lex-sarah", record_id, name, boss, comment="Berättat")
    assert step("lex-sarah", record_id, "close", boss) is CaseState.CLOSED
    row = stands(LEX_SARAH, record_id)
    assert (row["closed_on"], row["is_open"]) == (DAY, False)
    assert db.session.scalars(select(CaseReporter.told_on).filter_by(record_id=record_id)).one() == DAY


def test_opening_a_case_again_takes_its_decision_back_and_keeps_the_anmalan(day):
    record_id, boss, _ = lex_sarah_until("decided", day)
    for name in ("notify_ivo", "follow_up", "inform_person", "tell_reporter", "close"):
        step("lex-sarah", record_id, name, boss, comment="Så")
    step("lex-sarah", record_id, "reopen", boss, comment="Ny uppgift")
    row = stands(LEX_SARAH, record_id)
    assert (row["state"], row["is_open"], row["decided_on"], row["closed_on"]) == ("investigating", True, None, None)
    assert row["ivo_notified_on"] == DAY


def test_the_answer_to_a_synpunkt_is_its_words_and_the_first_one_kept_the_promise(day):
    chef, record_id = make_user(CHEF, "chef").id, reported("complaints")
    assert stands(COMPLAINTS, record_id)["due_on"] == date(2026, 3, 12)
    step("complaints", record_id, "receive", chef)
    step("complaints", record_id, "answer", chef, comment="Vi har bytt larmet", day=DAY)
    day(date(2026, 3, 20))
    step("complaints", record_id, "reopen", chef, comment="De hörde av sig igen")
    step("complaints", record_id, "answer", chef, comment="Och dörren", day=date(2026, 3, 20))
    row = stands(COMPLAINTS, record_id)
    assert (row["answered_on"], row["state"], row["is_open"]) == (DAY, "answered", False)
    answers = [one.body for one in list_words(record_id) if one.section is Section.ANSWER]
    assert answers == ["Vi har bytt larmet", "Och dörren"]


def test_a_step_never_moves_a_case_that_is_not_there():
    assert find_case(DEVIATIONS, 999_999, EVERY_RECORD) is None
    assert version_of(reported("deviations")) == 1


def test_an_avvikelse_is_not_closed_before_its_category_and_cause_are_known():
    chef, record_id = make_user(CHEF, "chef").id, reported("deviations")
    for name in ("receive", "investigate"):
        step("deviations", record_id, name, chef)
    for name in ("act", "close"):
        with pytest.raises(RuleViolation, match=r"^Skriv först under Kategori och Orsaksområde\.$"):
            step("deviations", record_id, name, chef)


def test_an_avvikelse_with_an_open_action_is_not_closed(app, tmp_path):
    chef, record_id = make_user(CHEF, "chef").id, reported("deviations", **assessed())
    for name in ("receive", "investigate"):
        step("deviations", record_id, name, chef)
    path = tmp_path / "actions.csv"
    head = "ref;kalla;kalla_ref;beskrivning;beslutad;senast;genomford;effekt\n"
    for line, code in (
        ("T-1;avvikelse;A-2026-0001;Ny rutin;;;;", "undecided"),
        ("T-1;avvikelse;A-2026-0001;;2026-03-02;;;", "open_actions"),
        ("T-1;avvikelse;A-2026-0001;;;;2026-03-02;", "unchecked"),
        ("T-1;avvikelse;A-2026-0001;;;;;uppnådd", None),
    ):
        path.write_text(f"{head}{line}\n", encoding="utf-8")
        assert run(app, "import", "actions", path).code == 0
        if code is None:
            closed = step("deviations", record_id, "close", chef, comment="Rutinen är ny")
            assert closed is CaseState.CLOSED
            continue
        with pytest.raises(RuleViolation) as refused:
            step("deviations", record_id, "close", chef)
        assert refused.value.code == code


@pytest.mark.parametrize(
    ("name", "days", "said"),
    [
        ("inform_person", 1, "2026-03-03 ligger i framtiden"),
        ("inform_person", -1, "2026-03-01 ligger före 2026-03-02, då ärendet kom"),
        ("notify_ivo", 1, "2026-03-03 ligger i framtiden"),
        ("notify_ivo", -1, "2026-03-01 ligger före 2026-03-02, då ärendet kom"),
    ],
)
def test_no_step_is_taken_in_the_future_or_before_the_case_came(day, name, days, said):
    record_id, boss, _ = lex_sarah_until("received", day)
    with pytest.raises(RuleViolation, match=said) as refused:
        step("lex-sarah", record_id, name, boss, day=DAY + timedelta(days=days), comment="Så")
    assert refused.value.field == "day"
    assert step("lex-sarah", record_id, name, boss, comment="Så") is CaseState.RECEIVED


def test_who_reported_an_avvikelse_is_told_what_came_of_it(day):
    chef, by = make_user(CHEF, "chef").id, reporter_id()
    record_id = reported("deviations", by=by, **assessed())
    for name in ("receive", "investigate"):
        step("deviations", record_id, name, chef)
    assert (find_own(record_id, by).told_on, find_own(record_id, by).told) == (None, "")
    with pytest.raises(RuleViolation) as refused:
        step("deviations", record_id, "close", chef)
    assert refused.value.field == "comment"
    day(date(2026, 3, 9))
    step("deviations", record_id, "close", chef, comment="Larmet är bytt")
    found = find_own(record_id, by)
    assert (found.state, found.told_on, found.told) == (CaseState.CLOSED, date(2026, 3, 9), "Larmet är bytt")
    assert find_own(record_id, chef) is None
